//! A minimal reader of DER values inside keys and signatures: tag, definite length, content.

use crate::profile::{DerWords, Profile};

/// One value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Tlv<'a> {
    /// The identifier octet.
    pub(crate) tag: u8,
    /// What stands inside.
    pub(crate) content: &'a [u8],
    /// The value with its header.
    pub(crate) whole: &'a [u8],
}

/// Why a value can't be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TlvFault {
    /// The header is not complete, or there is none.
    NoHeader,
    /// The length is longer than what is left.
    ContentTooShort,
    /// The length is indefinite or not in its shortest form.
    BadLength,
}

/// Identifier octets in use.
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const SEQUENCE: u8 = 0x30;
}

/// Reads the first value, its length in the shortest form as DER wants it; returns it and what follows.
///
/// # Errors
/// What is wrong with its header.
pub(crate) fn read(input: &[u8]) -> Result<(Tlv<'_>, &[u8]), TlvFault> {
    let [tag, first, rest @ ..] = input else { return Err(TlvFault::NoHeader) };
    let (length, body) = match *first {
        short if short < 0x80 => (usize::from(short), rest),
        0x80 => return Err(TlvFault::BadLength),
        long => {
            let count = usize::from(long & 0x7f);
            let (octets, body) = rest.split_at_checked(count).ok_or(TlvFault::NoHeader)?;
            if count > 4 || octets.first() == Some(&0) {
                return Err(TlvFault::BadLength);
            }
            let length =
                octets.iter().fold(0, |length: usize, octet| length << 8 | usize::from(*octet));
            if length < 0x80 {
                return Err(TlvFault::BadLength);
            }
            (length, body)
        }
    };
    let (content, after) = body.split_at_checked(length).ok_or(TlvFault::ContentTooShort)?;
    let whole = input.strip_suffix(after).unwrap_or(input);
    Ok((Tlv { tag: *tag, content, whole }, after))
}

/// Reads one value and nothing after it.
pub(crate) fn read_only(input: &[u8]) -> Option<Tlv<'_>> {
    match read(input) {
        Ok((value, [])) => Some(value),
        Ok(_) | Err(_) => None,
    }
}

/// Returns a number without leading zeros.
pub(crate) fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// Returns what a release says of a value that can't be read.
pub(crate) fn words(fault: TlvFault, profile: &Profile) -> &'static str {
    match (profile.der_words, fault) {
        (DerWords::Current, TlvFault::NoHeader) => "Too short",
        (DerWords::Current, TlvFault::ContentTooShort) => "not enough content",
        (DerWords::Legacy, TlvFault::NoHeader) => "Short read of DER length",
        (DerWords::Legacy, TlvFault::ContentTooShort) => "insufficient data",
        (DerWords::Current | DerWords::Legacy, TlvFault::BadLength) => {
            "Indefinite length encoding not supported"
        }
    }
}

/// Returns the class of what a release throws where the content is not all there.
pub(crate) fn end_class(profile: &Profile) -> &'static str {
    match profile.der_words {
        DerWords::Legacy => "java.io.IOException",
        DerWords::Current => "java.io.EOFException",
    }
}

/// Returns what a release says of a value that should be a sequence.
pub(crate) fn not_a_sequence(profile: &Profile) -> &'static str {
    match profile.der_words {
        DerWords::Legacy => "Sequence tag error",
        DerWords::Current => "Not the correct tag",
    }
}

/// Returns what a release says of a value that should be an object identifier; Java's octets have a sign.
pub(crate) fn not_an_identifier(tag: u8, profile: &Profile) -> String {
    let tag = i8::from_be_bytes([tag]);
    match profile.der_words {
        DerWords::Legacy => format!("ObjectIdentifier() -- data isn't an object ID (tag = {tag})"),
        DerWords::Current => format!("DerValue.getOID, not an OID {tag}"),
    }
}

/// Returns what a release says of a value that should be an integer.
pub(crate) fn not_an_integer(tag: u8, profile: &Profile) -> String {
    match profile.der_words {
        DerWords::Legacy => format!("DerValue.getBigInteger, not an int {tag}"),
        DerWords::Current => format!("DerValue.getBigIntegerInternal, not expected {tag}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_and_what_follows_are_told_apart() {
        let (value, rest) = read(&[0x30, 2, 5, 0, 9]).unwrap();
        assert_eq!(value, Tlv { tag: 0x30, content: &[5, 0], whole: &[0x30, 2, 5, 0] });
        assert_eq!(rest, [9]);
    }

    #[test]
    fn a_length_is_never_believed() {
        for (input, fault) in [
            (&[][..], TlvFault::NoHeader),
            (&[0x30], TlvFault::NoHeader),
            (&[0x30, 0x82, 1], TlvFault::NoHeader),
            (&[0x30, 3, 5, 0], TlvFault::ContentTooShort),
            (&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0], TlvFault::ContentTooShort),
            (&[0x30, 0x81, 0x7f], TlvFault::BadLength),
            (&[0x30, 0x80, 0, 0], TlvFault::BadLength),
        ] {
            assert_eq!(read(input), Err(fault), "{input:02x?}");
        }
    }
}
