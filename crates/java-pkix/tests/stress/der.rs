//! A writer of DER, right or wrong: it writes what it is told, and bends what is written.

use crate::random::Random;

/// Writes a tag, the length and the content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    out.extend(length(content.len()));
    out.extend(content);
    out
}

/// Writes a length in the shortest form.
fn length(length: usize) -> Vec<u8> {
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        return vec![short];
    }
    let bytes = length.to_be_bytes();
    let bytes = &bytes[bytes.iter().position(|byte| *byte != 0).unwrap()..];
    let mut out = vec![0x80 | u8::try_from(bytes.len()).unwrap()];
    out.extend(bytes);
    out
}

/// Writes a SEQUENCE.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// Writes a SET, in the order given.
pub(crate) fn set(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x31, &parts.concat())
}

/// Writes an INTEGER of two's complement bytes.
pub(crate) fn integer(bytes: &[u8]) -> Vec<u8> {
    tlv(2, bytes)
}

/// Writes an OCTET STRING.
pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(4, bytes)
}

/// Writes a BIT STRING.
pub(crate) fn bits(unused: u8, bytes: &[u8]) -> Vec<u8> {
    tlv(3, &[&[unused], bytes].concat())
}

/// Writes an OBJECT IDENTIFIER from its dotted text.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = Vec::new();
    for arc in std::iter::once(arcs[0] * 40 + arcs[1]).chain(arcs[2..].iter().copied()) {
        let mut groups = vec![u8::try_from(arc & 0x7f).unwrap()];
        let mut rest = arc >> 7;
        while rest > 0 {
            groups.push(0x80 | u8::try_from(rest & 0x7f).unwrap());
            rest >>= 7;
        }
        content.extend(groups.iter().rev());
    }
    tlv(6, &content)
}

/// A value, taken apart so that it can be bent.
#[derive(Clone)]
struct Node {
    tag: u8,
    /// What stands before the parts: the count of unused bits of a BIT STRING.
    head: Vec<u8>,
    content: Content,
    form: Form,
}

#[derive(Clone)]
enum Content {
    Bytes(Vec<u8>),
    Parts(Vec<Node>),
}

/// How the length is written.
#[derive(Clone, Copy)]
enum Form {
    Shortest,
    Long(usize),
    Indefinite,
    /// Off by so much.
    Wrong(i8),
}

fn parse_all(mut bytes: &[u8]) -> Option<Vec<Node>> {
    let mut nodes = Vec::new();
    while !bytes.is_empty() {
        let (node, rest) = parse(bytes)?;
        nodes.push(node);
        bytes = rest;
    }
    Some(nodes)
}

fn parse(bytes: &[u8]) -> Option<(Node, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    let (body, rest) = rest.split_at_checked(length)?;
    // an OCTET STRING or a BIT STRING that holds DER is bent inside, too
    let (head, inner) = match (tag, body) {
        (3, [unused, inner @ ..]) => (vec![*unused], inner),
        _ => (Vec::new(), body),
    };
    let is_nested = tag & 0x20 != 0 || matches!(tag, 3 | 4) && inner.len() > 2;
    let content = match is_nested.then(|| parse_all(inner)).flatten() {
        Some(parts) => Content::Parts(parts),
        None => Content::Bytes(inner.to_vec()),
    };
    Some((Node { tag, head, content, form: Form::Shortest }, rest))
}

impl Node {
    fn write(&self) -> Vec<u8> {
        let mut body = self.head.clone();
        match &self.content {
            Content::Bytes(bytes) => body.extend(bytes),
            Content::Parts(parts) => body.extend(parts.iter().flat_map(Self::write)),
        }
        let mut out = vec![self.tag];
        match self.form {
            Form::Shortest => out.extend(length(body.len())),
            Form::Long(digits) => {
                out.push(0x80 | u8::try_from(digits).unwrap());
                let bytes = body.len().to_be_bytes();
                out.extend(&bytes[bytes.len() - digits..]);
            }
            Form::Indefinite => out.push(0x80),
            Form::Wrong(by) => out.extend(length(body.len().saturating_add_signed(by.into()))),
        }
        out.extend(body);
        if matches!(self.form, Form::Indefinite) {
            out.extend([0, 0]);
        }
        out
    }

    fn count(&self) -> usize {
        match &self.content {
            Content::Bytes(_) => 1,
            Content::Parts(parts) => 1 + parts.iter().map(Self::count).sum::<usize>(),
        }
    }

    /// Returns the node of a number, the root being 0.
    fn at(&mut self, mut number: usize) -> Option<&mut Self> {
        if number == 0 {
            return Some(self);
        }
        number -= 1;
        let Content::Parts(parts) = &mut self.content else { return None };
        for part in parts {
            let count = part.count();
            if number < count {
                return part.at(number);
            }
            number -= count;
        }
        None
    }
}

/// Tags that a bent value gets.
const TAGS: [u8; 22] = [
    0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c, 0x1e,
    0x30, 0x31, 0x80, 0x82, 0xa0, 0xa1,
];

/// Bends one value somewhere inside `der`, and says how.
pub(crate) fn bend(der: &[u8], random: &mut Random) -> (Vec<u8>, String) {
    let Some((mut root, rest)) = parse(der) else {
        return (der.to_vec(), "unbendable".to_owned());
    };
    let number = random.below(root.count());
    let how = bend_node(root.at(number).unwrap(), random);
    let mut out = root.write();
    out.extend(rest);
    (out, format!("{how}@{number}"))
}

fn bend_node(node: &mut Node, random: &mut Random) -> &'static str {
    match random.below(13) {
        0 => {
            node.tag = random.pick(&TAGS);
            "tag"
        }
        1 => {
            node.tag ^= random.pick(&[0x20, 0x40, 0x80, 0x1f, 1]);
            "tag-bit"
        }
        2 => {
            node.form = Form::Long(1 + random.below(5));
            "long-length"
        }
        3 => {
            node.form = Form::Indefinite;
            "indefinite"
        }
        4 => {
            node.form = Form::Wrong(random.pick(&[-1, 1, 2]));
            "wrong-length"
        }
        5 => {
            node.content = Content::Bytes(Vec::new());
            "empty"
        }
        6 => {
            node.head = random.pick(&[vec![], vec![0], vec![7], vec![8], vec![0xff], vec![0, 0]]);
            "head"
        }
        _ => bend_content(node, random),
    }
}

fn bend_content(node: &mut Node, random: &mut Random) -> &'static str {
    match &mut node.content {
        Content::Parts(parts) if !parts.is_empty() => bend_parts(parts, random),
        Content::Parts(parts) => {
            parts.push(parse(&[5, 0]).unwrap().0);
            "null-inside"
        }
        Content::Bytes(bytes) => bend_bytes(bytes, random),
    }
}

fn bend_parts(parts: &mut Vec<Node>, random: &mut Random) -> &'static str {
    let number = random.below(parts.len());
    match random.below(5) {
        0 => {
            parts.remove(number);
            "drop"
        }
        1 => {
            parts.insert(number, parts[number].clone());
            "twice"
        }
        2 => {
            let other = random.below(parts.len());
            parts.swap(number, other);
            "swap"
        }
        3 => {
            let bytes: &[u8] = random.pick(&[&[5, 0], &[2, 1, 1], &[0x30, 0], &[1, 1, 0xff]]);
            parts.push(parse(bytes).unwrap().0);
            "trailing"
        }
        _ => {
            let bytes: &[u8] = random.pick(&[&[5, 0], &[2, 1, 1], &[0x30, 0], &[0x80, 0]]);
            parts.insert(number, parse(bytes).unwrap().0);
            "inserted"
        }
    }
}

fn bend_bytes(bytes: &mut Vec<u8>, random: &mut Random) -> &'static str {
    if bytes.is_empty() {
        bytes.push(random.byte());
        return "filled";
    }
    let number = random.below(bytes.len());
    match random.below(7) {
        0 => {
            bytes[number] = random.byte();
            "byte"
        }
        1 => {
            bytes[number] ^= 1 << random.below(8);
            "bit"
        }
        2 => {
            bytes.insert(0, random.pick(&[0, 0xff, 0x20, 0x80]));
            "front"
        }
        3 => {
            bytes.push(random.pick(&[0, 0xff, 0x20, 0x80, b'a']));
            "back"
        }
        4 => {
            bytes.truncate(number);
            "cut"
        }
        5 => {
            bytes[0] = random.pick(&[0, 1, 2, 0x7f, 0x80, 0xff]);
            "first"
        }
        _ => {
            bytes.extend(std::iter::repeat_n(bytes[number], random.pick(&[1, 20, 130])));
            "stretched"
        }
    }
}
