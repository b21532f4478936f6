//! Writing values, and rewriting BER of indefinite length.

use std::sync::OnceLock;

/// What Java says where the end of a value of indefinite length is missing.
pub(crate) const UNRESOLVED: &str = "not enough data to resolve indef len BER";

/// The values of indefinite length that were rewritten while a certificate was read. They live as long as its bytes, and
/// a value that is read again is not rewritten again.
#[derive(Debug, Default)]
pub(crate) struct Conversions {
    first: OnceLock<Box<Conversion>>,
}

/// A value that was rewritten, and the next.
#[derive(Debug)]
struct Conversion {
    /// Where the bytes stand, which are alive as long as this is.
    source: (usize, usize),
    outcome: Result<Definite, &'static str>,
    next: OnceLock<Box<Self>>,
}

/// A value of definite length that was of indefinite length.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Definite {
    /// The value with its header.
    pub(crate) octets: Vec<u8>,
    /// How many octets it had.
    pub(crate) consumed: usize,
}

/// A copy of what the conversions belong to lies elsewhere: it begins with none.
impl Clone for Conversions {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Conversions {
    /// Rewrites the value at the beginning of `source`.
    ///
    /// # Errors
    /// What `DerIndefLenConverter` says; the same of more values than any honest certificate has.
    pub(crate) fn of(&self, source: &[u8]) -> Result<&Definite, &'static str> {
        let place = (source.as_ptr().addr(), source.len());
        let mut link = &self.first;
        for _ in 0..MOST_CONVERSIONS {
            let conversion = link.get_or_init(|| {
                let next = OnceLock::new();
                Box::new(Conversion { source: place, outcome: definite(source), next })
            });
            if conversion.source == place {
                return conversion.outcome.as_ref().map_err(|fault| *fault);
            }
            link = &conversion.next;
        }
        Err(UNRESOLVED)
    }
}

/// Java has no limit. Each conversion costs a copy and a step of every later search.
const MOST_CONVERSIONS: usize = 256;

/// What the next octets of a value of indefinite length are.
enum Part<'a> {
    /// The header of another one: its tag.
    Begin(u8),
    End,
    /// A value of definite length: its tag, its content, its size with the header that it has.
    Value(u8, &'a [u8], usize),
}

/// Rewrites BER of indefinite length, and what is so inside it, as `DerIndefLenConverter` does.
///
/// # Errors
/// What Java says.
pub(crate) fn definite(encoded: &[u8]) -> Result<Definite, &'static str> {
    let (lengths, consumed) = lengths(encoded)?;
    let mut octets = Vec::with_capacity(consumed);
    let mut lengths = lengths.into_iter();
    let mut total = 0;
    let mut rest = encoded.get(..consumed).unwrap_or_default();
    while !rest.is_empty() {
        let (part, after) = part(rest)?;
        rest = after;
        match part {
            Part::Begin(tag) => {
                let length = lengths.next().unwrap_or_default();
                octets.push(tag);
                octets.extend(encoded_length(length));
                if total == 0 {
                    total = octets.len() + length;
                }
            }
            Part::End => {}
            Part::Value(tag, content, _) => {
                octets.push(tag);
                octets.extend(encoded_length(content.len()));
                octets.extend(content);
            }
        }
    }
    // Java counts the long form of a length and then writes the short one: what it made room for stays zero.
    octets.resize(total, 0);
    Ok(Definite { octets, consumed })
}

/// Returns the content lengths of the values of indefinite length in the order they begin, and where the first ends.
fn lengths(encoded: &[u8]) -> Result<(Vec<usize>, usize), &'static str> {
    let mut lengths = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = encoded;
    loop {
        let (part, after) = part(rest)?;
        rest = after;
        let size = match part {
            Part::Begin(_) => {
                open.push(lengths.len());
                lengths.push(0);
                continue;
            }
            Part::Value(_, _, size) => size,
            Part::End => {
                let length = open.pop().and_then(|number| lengths.get(number).copied());
                let length = length.unwrap_or_default();
                if open.is_empty() {
                    return Ok((lengths, encoded.len() - rest.len()));
                }
                1 + encoded_length(length).len() + length
            }
        };
        if let Some(length) = open.last().and_then(|number| lengths.get_mut(*number)) {
            *length += size;
        }
    }
}

fn part(rest: &[u8]) -> Result<(Part<'_>, &[u8]), &'static str> {
    let [tag, first, after @ ..] = rest else { return Err(UNRESOLVED) };
    let (length, body) = match (*tag, *first) {
        (0, 0) => return Ok((Part::End, after)),
        (tag, 0x80) => return Ok((Part::Begin(tag), after)),
        (_, short @ ..0x80) => (usize::from(short), after),
        (_, long) => {
            let count = usize::from(long & 0x7f);
            if count > 4 {
                return Err("Too much data");
            }
            // Java wants an octet behind the length.
            if after.len() <= count {
                return Err(UNRESOLVED);
            }
            let (octets, body) = after.split_at_checked(count).ok_or(UNRESOLVED)?;
            let length =
                octets.iter().fold(0_usize, |length, octet| length << 8 | usize::from(*octet));
            if i32::try_from(length).is_err() {
                return Err("Invalid length bytes");
            }
            (length, body)
        }
    };
    let (content, after) = body.split_at_checked(length).ok_or(UNRESOLVED)?;
    Ok((Part::Value(*tag, content, rest.len() - after.len()), after))
}

/// Writes a value.
pub(crate) fn encode(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut value = vec![tag];
    value.extend(encoded_length(content.len()));
    value.extend(content);
    value
}

/// Returns how many octets tag and length take before a content of `length` octets, which is at most Java's `int`.
pub(crate) fn header_size(length: usize) -> usize {
    match length {
        ..0x80 => 2,
        0x80..0x100 => 3,
        0x100..0x1_0000 => 4,
        0x1_0000..0x100_0000 => 5,
        0x100_0000.. => 6,
    }
}

fn encoded_length(length: usize) -> Vec<u8> {
    if let Ok(short @ ..0x80) = u8::try_from(length) {
        return vec![short];
    }
    let octets = length.to_be_bytes();
    let significant: Vec<u8> = octets.into_iter().skip_while(|octet| *octet == 0).collect();
    let count = u8::try_from(significant.len()).unwrap_or(u8::MAX);
    std::iter::once(0x80 | count).chain(significant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_become_definite_and_what_follows_is_left() {
        for (encoded, octets, consumed) in [
            (&[0x30, 0x80, 5, 0, 0, 0, 9][..], &[0x30, 2, 5, 0][..], 6),
            // one inside another, and one inside a definite value, which is left alone
            (&[0x30, 0x80, 0x31, 0x80, 5, 0, 0, 0, 0, 0], &[0x30, 4, 0x31, 2, 5, 0], 10),
            (
                &[0x30, 0x80, 0x31, 4, 0x30, 0x80, 0, 0, 0, 0],
                &[0x30, 6, 0x31, 4, 0x30, 0x80, 0, 0],
                10,
            ),
            // the long form is counted and the short one written
            (&[0x30, 0x80, 4, 0x81, 1, 7, 0, 0], &[0x30, 4, 4, 1, 7, 0], 8),
        ] {
            let expected = Definite { octets: octets.to_vec(), consumed };
            assert_eq!(definite(encoded), Ok(expected), "{encoded:02x?}");
        }
    }

    #[test]
    fn a_missing_end_or_a_false_length_is_told() {
        for (encoded, fault) in [
            (&[0x30, 0x80][..], UNRESOLVED),
            (&[0x30, 0x80, 0], UNRESOLVED),
            (&[0x30, 0x80, 4, 9, 0, 0], UNRESOLVED),
            (&[0x30, 0x80, 4, 0x85, 0, 0, 0, 0, 0, 0, 0], "Too much data"),
            (&[0x30, 0x80, 4, 0x84, 0xff, 0xff, 0xff, 0xff, 0, 0], "Invalid length bytes"),
        ] {
            assert_eq!(definite(encoded), Err(fault), "{encoded:02x?}");
        }
    }

    #[test]
    fn the_size_of_a_header_is_told_before_it_is_written() {
        for length in [0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000, 0xff_ffff, 0x100_0000] {
            assert_eq!(header_size(length), 1 + encoded_length(length).len(), "{length:#x}");
        }
    }

    #[test]
    fn nesting_without_end_takes_neither_stack_nor_time() {
        let deep = [[0x30, 0x80].repeat(500_000), [0, 0].repeat(500_000)].concat();
        let definite = definite(&deep).unwrap();
        assert_eq!(definite.consumed, deep.len());
        assert_eq!(definite.octets.get(..2), Some(&[0x30, 0x83][..]));
    }

    #[test]
    fn a_value_is_rewritten_once_and_not_too_many_are() {
        let conversions = Conversions::default();
        let encoded = [0x30, 0x80, 0, 0].repeat(MOST_CONVERSIONS + 1);
        let read = |number: usize| conversions.of(encoded.get(4 * number..).unwrap());
        for number in 0..MOST_CONVERSIONS {
            assert!(std::ptr::eq(read(number).unwrap(), read(number).unwrap()));
        }
        assert_eq!(read(MOST_CONVERSIONS), Err(UNRESOLVED));
    }
}
