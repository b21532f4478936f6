//! Mutations that keep DER readable: an element inside changes, and the lengths around it follow.

use libfuzzer_sys::fuzzer_mutate;

/// Mutates an element of one of the certificates that `input` has behind its first octet (see [`split`]), or one time in
/// eight any bytes.
pub fn mutate_certificates(input: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) << 1 | 1);
    let mut certificates: Vec<Vec<u8>> =
        split(input[..size].get(1..).unwrap_or_default()).into_iter().map(<[u8]>::to_vec).collect();
    if certificates.is_empty() || random.below(8) == 0 {
        return fuzzer_mutate(input, size, max_size);
    }
    let chosen = random.below(certificates.len());
    match random.below(32) {
        0 => drop(certificates.remove(chosen)),
        1 => certificates.push(certificates[chosen].clone()),
        2 => certificates.swap(chosen, 0),
        _ => certificates[chosen] = mutated(&certificates[chosen], &mut random),
    }
    let mut joined = vec![input[0]];
    for certificate in &certificates {
        let Ok(length) = u16::try_from(certificate.len()) else { return size };
        joined.extend([&length.to_be_bytes()[..], certificate].concat());
    }
    kept(&joined, input, max_size).unwrap_or(size)
}

/// Mutates an element of DER, or one time in eight any bytes.
pub fn mutate(input: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed) << 1 | 1);
    if random.below(8) == 0 {
        return fuzzer_mutate(input, size, max_size);
    }
    let mutated = mutated(&input[..size], &mut random);
    kept(&mutated, input, max_size).unwrap_or(size)
}

/// Cuts an input into certificates: each has its length in two octets before it.
pub fn split(mut input: &[u8]) -> Vec<&[u8]> {
    let mut certificates = Vec::new();
    while let [high, low, rest @ ..] = input {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (certificate, after) = rest.split_at(length);
        certificates.push(certificate);
        input = after;
    }
    certificates
}

fn kept(mutated: &[u8], input: &mut [u8], max_size: usize) -> Option<usize> {
    let room = input.get_mut(..mutated.len()).filter(|room| room.len() <= max_size)?;
    room.copy_from_slice(mutated);
    Some(mutated.len())
}

/// An element: where it begins, where its content begins, and where it ends.
#[derive(Clone, Copy)]
struct Element {
    start: usize,
    content: usize,
    end: usize,
    /// The place of the element around it.
    parent: Option<usize>,
}

fn mutated(der: &[u8], random: &mut Random) -> Vec<u8> {
    let mut elements = Vec::new();
    collect(der, 0, der.len(), None, &mut elements);
    if elements.is_empty() {
        return der.to_vec();
    }
    let chosen = elements[random.below(elements.len())];
    let other = elements[random.below(elements.len())];
    let own = &der[chosen.start..chosen.end];
    let other = &der[other.start..other.end];
    let tag = der[chosen.start];
    let content = &der[chosen.content..chosen.end];
    let mut new = match random.below(8) {
        0 => Vec::new(),
        1 => [own, own].concat(),
        2 => other.to_vec(),
        3 => [own, other].concat(),
        4 => element(
            if random.below(2) == 0 { tag ^ 1 << random.below(8) } else { random.below(256) as u8 },
            content,
        ),
        5 => element(tag, other),
        _ => {
            let mut room = content.to_vec();
            room.resize(content.len() + 32, 0);
            let most = room.len();
            let length = fuzzer_mutate(&mut room, content.len(), most);
            element(tag, &room[..length])
        }
    };
    let (mut start, mut end, mut parent) = (chosen.start, chosen.end, chosen.parent);
    while let Some(around) = parent.map(|at| elements[at]) {
        let content = [&der[around.content..start], &new, &der[end..around.end]].concat();
        new = element(der[around.start], &content);
        (start, end, parent) = (around.start, around.end, around.parent);
    }
    [&der[..start], &new, &der[end..]].concat()
}

/// Lists the elements in `der[start..end]`, each after the one around it; returns whether there was nothing else.
fn collect(
    der: &[u8],
    mut start: usize,
    end: usize,
    parent: Option<usize>,
    found: &mut Vec<Element>,
) -> bool {
    let before = found.len();
    while start < end {
        let Some(element) = header(der, start, end, parent).filter(|_| found.len() < 1_000) else {
            found.truncate(before);
            return false;
        };
        let own = found.len();
        found.push(element);
        let (tag, content) = (der[start], element.content);
        match tag {
            _ if tag & 0x20 != 0 => drop(collect(der, content, element.end, Some(own), found)),
            // What an extension or a key holds.
            4 => drop(collect(der, content, element.end, Some(own), found)),
            _ => {}
        }
        start = element.end;
    }
    true
}

fn header(der: &[u8], start: usize, end: usize, parent: Option<usize>) -> Option<Element> {
    let (first, mut content) = (usize::from(*der[..end].get(start + 1)?), start + 2);
    let mut length = first;
    if first >= 0x80 {
        length = 0;
        for _ in 0..(first & 0x7f).min(4) {
            length = length << 8 | usize::from(*der[..end].get(content)?);
            content += 1;
        }
    }
    let last = content.checked_add(length)?;
    (last <= end).then_some(Element { start, content, end: last, parent })
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let header = match length {
        0..0x80 => vec![tag, length as u8],
        0x80..0x100 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [&header[..], content].concat()
}

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }
}
