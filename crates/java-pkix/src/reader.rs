//! A reader of the values inside a constructed DER value, with Java's words for what is wrong.

use crate::exception::JavaException;
use crate::oid::Oid;
use crate::profile::{DerWords, Profile};
use crate::tlv::{self, Tlv, TlvFault, tag};

/// A position inside the content of a constructed value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a, 'p> {
    rest: &'a [u8],
    profile: &'p Profile,
}

impl<'a, 'p> Reader<'a, 'p> {
    /// Begins at the start of `content`.
    pub(crate) fn new(content: &'a [u8], profile: &'p Profile) -> Self {
        Self { rest: content, profile }
    }

    /// Begins inside `value`, which must have `tag`.
    ///
    /// # Errors
    /// The `java.io.IOException` of a sequence that is none.
    pub(crate) fn of(value: Tlv<'a>, tag: u8, profile: &'p Profile) -> Result<Self, JavaException> {
        if value.tag != tag {
            return Err(io(tlv::not_a_sequence(profile)));
        }
        Ok(Self::new(value.content, profile))
    }

    /// Reads the next value.
    ///
    /// # Errors
    /// What `DerInputStream.getDerValue` throws.
    pub(crate) fn value(&mut self) -> Result<Tlv<'a>, JavaException> {
        let (value, rest) =
            lax(self.rest, self.profile).map_err(|fault| unreadable(fault, self.profile))?;
        self.rest = rest;
        Ok(value)
    }

    /// Reads the next value, which must be an object identifier.
    ///
    /// # Errors
    /// What `DerInputStream.getOID` throws.
    pub(crate) fn oid(&mut self) -> Result<Oid<'a>, JavaException> {
        let value = self.value()?;
        if value.tag != tag::OBJECT_IDENTIFIER && self.profile.der_words == DerWords::Legacy {
            let tag = value.tag;
            return Err(io(format!("ObjectIdentifier() -- data isn't an object ID (tag = {tag})")));
        }
        oid(value)
    }

    /// Returns whether nothing is left.
    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Returns how many octets are left.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }
}

/// Reads a value as an object identifier.
///
/// # Errors
/// What `ObjectIdentifier` throws.
pub(crate) fn oid(value: Tlv<'_>) -> Result<Oid<'_>, JavaException> {
    if value.tag != tag::OBJECT_IDENTIFIER {
        return Err(io(format!("DerValue.getOID, not an OID {}", value.tag)));
    }
    match value.content.last() {
        Some(last) if last & 0x80 == 0 => Ok(Oid(value.content)),
        Some(_) | None => Err(io("ObjectIdentifier() -- Invalid DER encoding, not ended")),
    }
}

/// Reads a value as an `int`, whatever its tag was.
///
/// # Errors
/// What `DerInputBuffer.getInteger` throws.
pub(crate) fn int(value: Tlv<'_>) -> Result<i32, JavaException> {
    let [first, ..] = value.content else {
        return Err(io("Invalid encoding: zero length Int value"));
    };
    let negative = first & 0x80 != 0;
    let sign = if negative { 0xff } else { 0 };
    let digits = value.content.iter().copied().skip_while(|octet| *octet == sign);
    let number = digits
        .clone()
        .take(9)
        .fold(if negative { -1 } else { 0 }, |number: i128, octet| number << 8 | i128::from(octet));
    let fits = digits.count() <= 8;
    match i32::try_from(number) {
        Ok(number) if fits => Ok(number),
        Ok(_) | Err(_) if negative => Err(io("Integer below minimum valid value")),
        Ok(_) | Err(_) => Err(io("Integer exceeds maximum valid value")),
    }
}

/// Reads the first value as a release does: 8 and 11 want the shortest length, 17 and later take longer ones.
///
/// # Errors
/// What is wrong with its header.
pub(crate) fn lax<'a>(input: &'a [u8], profile: &Profile) -> Result<(Tlv<'a>, &'a [u8]), TlvFault> {
    match profile.der_words {
        DerWords::Legacy => tlv::read(input),
        DerWords::Current => tlv::read_ber(input),
    }
}

/// Makes a `java.io.IOException`.
pub(crate) fn io(text: impl Into<String>) -> JavaException {
    JavaException::new("java.io.IOException", text)
}

/// Returns what Java throws where a value can't be read.
pub(crate) fn unreadable(fault: TlvFault, profile: &Profile) -> JavaException {
    let text = tlv::words(fault, profile);
    match fault {
        TlvFault::NoHeader if profile.der_words == DerWords::Legacy => {
            io("Short read of DER length")
        }
        TlvFault::BadLength if profile.der_words == DerWords::Legacy => {
            io("DerInputStream.getLength(): Redundant length bytes found")
        }
        TlvFault::ContentTooShort => JavaException::new(tlv::end_class(profile), text),
        TlvFault::NoHeader | TlvFault::BadLength => io(text),
    }
}
