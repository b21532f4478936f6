//! A small reader of BER and writer of DER.
//!
//! Lengths may be indefinite and octet strings in pieces wherever they stand, as Java takes them; positions are those in the file.

use std::borrow::Cow;

use crate::error::{ReadError, ReadErrorKind};

/// One value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
    /// Where the content stands.
    at: Position,
}

/// Where bytes stand in the file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Position {
    /// They stand there as they are.
    At(usize),
    /// They were made of what stands there: decrypted, or put together.
    From(usize),
}

impl Position {
    pub(crate) fn offset(self) -> usize {
        match self {
            Self::At(offset) | Self::From(offset) => offset,
        }
    }

    fn after(self, length: usize) -> Self {
        match self {
            Self::At(offset) => Self::At(offset.saturating_add(length)),
            Self::From(offset) => Self::From(offset),
        }
    }
}

/// The octets of an octet string, put together if it is in pieces.
#[derive(Clone, Debug)]
pub(crate) struct Octets<'a> {
    pub(crate) bytes: Cow<'a, [u8]>,
    pub(crate) at: Position,
}

impl Octets<'_> {
    /// Reads the values in it.
    pub(crate) fn values(&self) -> Sequence<'_> {
        Sequence::new(&self.bytes, self.at)
    }
}

/// A value's first octets: its tag, how many they are, and the length of the content, if it is definite.
fn header(bytes: &[u8]) -> Option<(u8, usize, Option<usize>)> {
    let [tag, first, rest @ ..] = bytes else { return None };
    match *first {
        short @ ..0x80 => Some((*tag, 2, Some(usize::from(short)))),
        0x80 => (tag & CONSTRUCTED != 0).then_some((*tag, 2, None)),
        long => {
            let count = usize::from(long & 0x7f);
            let octets = rest.get(..count).filter(|octets| octets.len() <= 4)?;
            let length =
                octets.iter().fold(0, |length: usize, octet| length << 8 | usize::from(*octet));
            Some((*tag, 2 + count, Some(length)))
        }
    }
}

/// Reads the first value; returns it and what follows.
pub(crate) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    read_at(bytes, Position::From(0), MAX_DEPTH)
}

fn read_at(bytes: &[u8], at: Position, depth: u8) -> Option<(Value<'_>, &[u8])> {
    let (tag, start, length) = header(bytes)?;
    let body = bytes.get(start..)?;
    let (content, after) = match length {
        Some(length) => body.split_at_checked(length)?,
        None => {
            let (content, end) = body.split_at_checked(end_of_contents(body, depth)?)?;
            (content, end.get(2..)?)
        }
    };
    let whole = bytes.get(..bytes.len() - after.len())?;
    Some((Value { tag, content, whole, at: at.after(start) }, after))
}

/// Finds where the values end that are in an indefinite length.
fn end_of_contents(bytes: &[u8], depth: u8) -> Option<usize> {
    let depth = depth.checked_sub(1)?;
    let mut rest = bytes;
    while !rest.starts_with(&[0, 0]) {
        (_, rest) = read_at(rest, Position::From(0), depth)?;
    }
    Some(bytes.len() - rest.len())
}

/// Returns the first value with its header.
pub(crate) fn first(bytes: &[u8]) -> Option<&[u8]> {
    read(bytes).map(|(value, _)| value.whole)
}

impl<'a> Value<'a> {
    /// Reads the values in it.
    pub(crate) fn values(self) -> Sequence<'a> {
        Sequence::new(self.content, self.at)
    }

    /// Puts its octets together: those of an octet string, or of one that is implicitly tagged.
    pub(crate) fn octets(self) -> Option<Octets<'a>> {
        if self.tag & CONSTRUCTED == 0 {
            return Some(Octets { bytes: Cow::Borrowed(self.content), at: self.at });
        }
        let mut joined = Vec::new();
        join(self.content, MAX_DEPTH, &mut joined)?;
        Some(Octets { bytes: Cow::Owned(joined), at: Position::From(self.at.offset()) })
    }

    pub(crate) fn error(self, what: &'static str) -> ReadError {
        self.error_of(ReadErrorKind::Malformed(what))
    }

    /// Says that something is wrong with its content.
    pub(crate) fn error_of(self, kind: ReadErrorKind) -> ReadError {
        ReadError { offset: self.at.offset(), kind }
    }
}

fn join(pieces: &[u8], depth: u8, joined: &mut Vec<u8>) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let mut rest = pieces;
    while !rest.is_empty() {
        let (piece, after) = read_at(rest, Position::From(0), depth)?;
        match piece.tag {
            OCTET_STRING => joined.extend(piece.content),
            CONSTRUCTED_OCTET_STRING => join(piece.content, depth, joined)?,
            _ => return None,
        }
        rest = after;
    }
    Some(())
}

/// Reads one value after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sequence<'a> {
    rest: &'a [u8],
    at: Position,
    /// Whether the file ends where this ends.
    is_file: bool,
}

impl<'a> Sequence<'a> {
    /// Reads the values in bytes that stand at `at`.
    pub(crate) fn new(bytes: &'a [u8], at: Position) -> Self {
        Self { rest: bytes, at, is_file: false }
    }

    /// Reads the values in a file.
    pub(crate) fn of_file(bytes: &'a [u8]) -> Self {
        Self { is_file: true, ..Self::new(bytes, Position::At(0)) }
    }

    /// Reads the next value, whatever it is.
    pub(crate) fn any(&mut self, what: &'static str) -> Result<Value<'a>, ReadError> {
        let (value, rest) =
            read_at(self.rest, self.at, MAX_DEPTH).ok_or_else(|| self.missing(what))?;
        self.at = self.at.after(value.whole.len());
        self.rest = rest;
        Ok(value)
    }

    /// Reads the next value, which must have `tag`.
    pub(crate) fn next(&mut self, tag: u8, what: &'static str) -> Result<Value<'a>, ReadError> {
        if self.rest.first().is_some_and(|first| *first != tag) {
            return Err(self.error(what));
        }
        self.any(what)
    }

    /// Reads the next value if it has `tag`.
    pub(crate) fn optional(&mut self, tag: u8) -> Option<Value<'a>> {
        self.next(tag, "").ok()
    }

    /// Reads a sequence and begins inside it.
    pub(crate) fn sequence(&mut self, what: &'static str) -> Result<Self, ReadError> {
        self.next(SEQUENCE, what).map(Value::values)
    }

    /// Reads an object identifier.
    pub(crate) fn identifier(&mut self, what: &'static str) -> Result<&'a [u8], ReadError> {
        self.next(OBJECT_IDENTIFIER, what).map(|value| value.content)
    }

    /// Reads an octet string, whole or in pieces.
    pub(crate) fn octets(&mut self, what: &'static str) -> Result<Octets<'a>, ReadError> {
        let value = self.any(what)?;
        Some(value)
            .filter(|value| [OCTET_STRING, CONSTRUCTED_OCTET_STRING].contains(&value.tag))
            .and_then(Value::octets)
            .ok_or_else(|| value.error(what))
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn offset(&self) -> usize {
        self.at.offset()
    }

    pub(crate) fn error(&self, what: &'static str) -> ReadError {
        ReadError { offset: self.offset(), kind: ReadErrorKind::Malformed(what) }
    }

    /// Says what is wrong where no value can be read: the file ends inside it, or it is none.
    fn missing(&self, what: &'static str) -> ReadError {
        if !self.is_file {
            return self.error(what);
        }
        let from = self.offset();
        let wanted = match header(self.rest) {
            Some((_, start, length)) => {
                (start + length.unwrap_or(2)).saturating_sub(self.rest.len()).max(1)
            }
            None if self.rest.len() < 6 => 1,
            None => return self.error(what),
        };
        let offset = from.saturating_add(self.rest.len());
        ReadError { offset, kind: ReadErrorKind::UnexpectedEnd { wanted, from } }
    }
}

/// What stands before a long content, made from the inside out: the content itself is copied once.
pub(crate) struct Head {
    octets: Vec<u8>,
    /// How many octets follow it.
    following: usize,
}

impl Head {
    /// Stands before `length` octets of content.
    pub(crate) fn of(length: usize) -> Self {
        Self { octets: Vec::new(), following: length }
    }

    /// Puts all of it into a value.
    pub(crate) fn within(self, tag: u8) -> Self {
        let length = self.len() + self.following;
        let octets = length.to_be_bytes();
        let significant = octets.iter().copied().skip_while(|octet| *octet == 0);
        let mut header = vec![tag];
        match u8::try_from(length) {
            Ok(short) if short < 0x80 => header.push(short),
            Ok(_) | Err(_) => {
                header.push(0x80 | u8::try_from(significant.clone().count()).unwrap_or_default());
                header.extend(significant);
            }
        }
        self.after(&header)
    }

    /// Puts octets before it.
    pub(crate) fn after(self, octets: &[u8]) -> Self {
        Self { octets: [octets, &self.octets].concat(), ..self }
    }

    /// Knows of as many octets behind the content.
    pub(crate) fn followed_by(self, length: usize) -> Self {
        Self { following: self.following + length, ..self }
    }

    pub(crate) fn len(&self) -> usize {
        self.octets.len()
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.octets);
    }

    /// Begins a buffer that has room for what follows.
    pub(crate) fn start(&self) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.len() + self.following);
        self.write(&mut whole);
        whole
    }
}

/// Writes a value.
pub(crate) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut whole = Head::of(content.len()).within(tag).start();
    whole.extend_from_slice(content);
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

/// Brings a value to definite lengths and whole octet strings, so that it can stand in DER; none if it can't be read.
pub(crate) fn definite(bytes: &[u8]) -> Option<Vec<u8>> {
    if is_definite(bytes, MAX_DEPTH) {
        return Some(bytes.to_vec());
    }
    convert(read(bytes)?.0, MAX_DEPTH)
}

/// Returns whether there is nothing to convert in the values.
fn is_definite(bytes: &[u8], depth: u8) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return true };
    let mut rest = bytes;
    while let Some((tag, start, length)) = header(rest) {
        let Some(length) = length.filter(|_| tag != CONSTRUCTED_OCTET_STRING) else { return false };
        let end = start.saturating_add(length);
        let content = rest.get(start..end).unwrap_or_default();
        if tag & CONSTRUCTED != 0 && !is_definite(content, depth) {
            return false;
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    true
}

fn convert(value: Value<'_>, depth: u8) -> Option<Vec<u8>> {
    let depth = depth.checked_sub(1)?;
    if value.tag & CONSTRUCTED == 0 {
        return Some(value.whole.to_vec());
    }
    if value.tag == CONSTRUCTED_OCTET_STRING {
        return value.octets().map(|octets| write(OCTET_STRING, &octets.bytes));
    }
    let (mut content, mut rest) = (Vec::new(), value.content);
    while !rest.is_empty() {
        let (inner, after) = read(rest)?;
        content.extend(convert(inner, depth)?);
        rest = after;
    }
    Some(write(value.tag, &content))
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
const CONSTRUCTED_OCTET_STRING: u8 = 0x24;
const CONSTRUCTED: u8 = 0x20;

/// How deep values may be nested where they have to be looked through.
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
    fn nesting_has_an_end() {
        let deep = [0x30, 0x80].repeat(100_000);
        assert!(read(&deep).is_none());
        assert!(definite(&deep).is_none());
    }

    #[test]
    fn indefinite_lengths_become_definite() {
        let input = [0x30, 0x80, 0x24, 0x80, 4, 1, 7, 4, 1, 8, 0, 0, 0, 0];
        assert_eq!(definite(&input).unwrap(), [0x30, 4, 4, 2, 7, 8]);
        let (value, rest) = read(&input).unwrap();
        assert!(rest.is_empty());
        assert_eq!(*value.values().octets("octets").unwrap().bytes, [7, 8]);
    }

    #[test]
    fn errors_stand_where_they_are_in_the_file() {
        let mut outer = Sequence::new(&[0x30, 5, 2, 1, 3, 4, 0], Position::At(10));
        let mut inner = outer.sequence("sequence").unwrap();
        inner.any("version").unwrap();
        let error = inner.next(SEQUENCE, "content").unwrap_err();
        assert_eq!(error.to_string(), "at byte 15: malformed PKCS12: content expected");
    }

    #[test]
    fn a_file_that_was_cut_says_where() {
        let mut outer = Sequence::of_file(&[0x30, 0x82, 1, 0, 2, 1]);
        let error = outer.sequence("sequence").unwrap_err();
        let kind = ReadErrorKind::UnexpectedEnd { wanted: 254, from: 0 };
        assert_eq!(error, ReadError { offset: 6, kind });
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for number_ in [0, 127, 128, 10_000, 5_000_000] {
            let written = integer(number_);
            assert_eq!(number(read(&written).unwrap().0), Some(number_));
        }
    }
}
