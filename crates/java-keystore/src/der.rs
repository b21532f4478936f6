//! A small reader and writer of DER, and the way from BER to it.

use crate::error::{ReadError, ReadErrorKind};

/// One value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// Reads the first value of definite length; returns it and what follows.
pub(crate) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let [tag, first, rest @ ..] = bytes else { return None };
    let (length, body) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (octets, body) = rest.split_at_checked(usize::from(first & 0x7f))?;
        if octets.is_empty() || octets.len() > 4 {
            return None;
        }
        let length =
            octets.iter().fold(0, |length: usize, octet| length << 8 | usize::from(*octet));
        (length, body)
    };
    let (content, after) = body.split_at_checked(length)?;
    let whole = bytes.get(..bytes.len() - after.len())?;
    Some((Value { tag: *tag, content, whole }, after))
}

/// Returns the first value with its header.
pub(crate) fn first(bytes: &[u8]) -> Option<&[u8]> {
    read(bytes).map(|(value, _)| value.whole)
}

/// Reads one value after the other; `origin` is where the file begins, so that errors can say where they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Sequence<'a> {
    /// Begins inside `value`, which must have `tag`; `offset` is where its content stands.
    pub(crate) fn new(content: &'a [u8]) -> Self {
        Self { rest: content, offset: 0 }
    }

    /// Reads the next value, which must have `tag`.
    pub(crate) fn next(&mut self, tag: u8, what: &'static str) -> Result<Value<'a>, ReadError> {
        match read(self.rest) {
            Some((value, rest)) if value.tag == tag => {
                self.offset += value.whole.len();
                self.rest = rest;
                Ok(value)
            }
            Some(_) | None => Err(self.error(what)),
        }
    }

    /// Reads the next value if it has `tag`.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Value<'a>> {
        self.next(tag, "").ok()
    }

    /// Reads the next value, whatever it is.
    pub(crate) fn any(&mut self, what: &'static str) -> Result<Value<'a>, ReadError> {
        let tag = self.rest.first().copied().unwrap_or_default();
        self.next(tag, what)
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn error(&self, what: &'static str) -> ReadError {
        ReadError { offset: self.offset, kind: ReadErrorKind::Malformed(what) }
    }
}

/// Writes a value.
pub(crate) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let octets = content.len().to_be_bytes();
    let significant: Vec<u8> = octets.iter().copied().skip_while(|octet| *octet == 0).collect();
    let mut whole = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => whole.push(short),
        Ok(_) | Err(_) => {
            whole.push(0x80 | u8::try_from(significant.len()).unwrap_or_default());
            whole.extend(significant);
        }
    }
    whole.extend(content);
    whole
}

/// Writes a sequence of values.
pub(crate) fn sequence(values: &[&[u8]]) -> Vec<u8> {
    write(SEQUENCE, &values.concat())
}

/// Writes an unsigned number.
pub(crate) fn integer(number: u64) -> Vec<u8> {
    let octets = number.to_be_bytes();
    let mut content: Vec<u8> = octets.iter().copied().skip_while(|octet| *octet == 0).collect();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    write(INTEGER, &content)
}

/// Reads an unsigned number of at most eight octets.
pub(crate) fn number(value: Value<'_>) -> Option<u64> {
    let octets = value.content;
    let octets = octets.strip_prefix(&[0]).unwrap_or(octets);
    (octets.len() <= 8 && !value.content.is_empty())
        .then(|| octets.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
}

/// Brings a file with indefinite lengths to definite ones, and octet strings in pieces to whole ones; none if it can't be read.
pub(crate) fn definite(bytes: &[u8]) -> Option<Vec<u8>> {
    convert(bytes, MAX_DEPTH).map(|(whole, _)| whole)
}

fn convert(bytes: &[u8], depth: u8) -> Option<(Vec<u8>, &[u8])> {
    let depth = depth.checked_sub(1)?;
    let (tag, mut rest, after) = match bytes {
        [tag, 0x80, rest @ ..] if tag & 0x20 != 0 => (*tag, rest, None),
        _ => {
            let (value, after) = read(bytes)?;
            if value.tag & 0x20 == 0 {
                return Some((value.whole.to_vec(), after));
            }
            (value.tag, value.content, Some(after))
        }
    };
    let mut content = Vec::new();
    loop {
        match (after, rest) {
            (Some(after), []) => return Some((finish(tag, &content), after)),
            (None, [0, 0, after @ ..]) => return Some((finish(tag, &content), after)),
            _ => {}
        }
        let (value, following) = convert(rest, depth)?;
        content.extend(value);
        rest = following;
    }
}

/// Puts the pieces of an octet string together.
fn finish(tag: u8, content: &[u8]) -> Vec<u8> {
    let pieces = match tag {
        CONSTRUCTED_OCTET_STRING => Some(OCTET_STRING),
        // encryptedContent, implicitly tagged
        0xa0 if is_all_pieces(content) => Some(0x80),
        _ => None,
    };
    let Some(whole) = pieces else { return write(tag, content) };
    let mut joined = Vec::new();
    let mut rest = content;
    while let Some((value, after)) = read(rest) {
        joined.extend(value.content);
        rest = after;
    }
    write(whole, &joined)
}

/// Returns whether there are several octet strings and nothing else: one alone is the explicitly tagged content of data.
fn is_all_pieces(content: &[u8]) -> bool {
    let (mut rest, mut count) = (content, 0);
    while let Some((value, after)) = read(rest) {
        if value.tag != OCTET_STRING {
            return false;
        }
        count += 1;
        rest = after;
    }
    count > 1 && rest.is_empty()
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
const CONSTRUCTED_OCTET_STRING: u8 = 0x24;

/// How deep values may be nested where they have to be converted.
const MAX_DEPTH: u8 = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_length_is_never_believed() {
        for bytes in [&[0x30, 5, 1][..], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30], &[]] {
            assert!(read(bytes).is_none(), "{bytes:02x?}");
        }
    }

    #[test]
    fn indefinite_lengths_become_definite() {
        let input = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 1, 8, 0, 0, 0, 0];
        assert_eq!(definite(&input).unwrap(), [0x30, 4, 4, 2, 7, 8]);
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for number_ in [0, 127, 128, 10_000, 5_000_000] {
            let written = integer(number_);
            assert_eq!(number(read(&written).unwrap().0), Some(number_));
        }
    }
}
