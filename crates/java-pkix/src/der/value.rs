//! What a value holds, as the getters of `DerValue` read it.

use std::ops::Range;

use super::{Reader, Value, fault, signed, tag};
use crate::exception::JavaException;
use crate::oid::Oid;
use crate::profile::{DerWords, Profile};

impl<'a> Value<'a> {
    /// Returns what stands inside.
    pub(crate) fn content(&self) -> &'a [u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the value with its header.
    pub(crate) fn encoded(&self) -> &'a [u8] {
        self.buffer.get(self.header..self.end).unwrap_or_default()
    }

    /// Returns where the value stands in `buffer`, unless it was rewritten.
    pub(crate) fn range_in(&self, buffer: &[u8]) -> Option<Range<usize>> {
        std::ptr::eq(self.buffer, buffer).then_some(self.header..self.end)
    }

    /// Reads the values inside.
    pub(crate) fn reader<'p>(&self, profile: &'p Profile) -> Reader<'a, 'p> {
        let Self { buffer, start: position, end, tail, conversions, .. } = *self;
        Reader { buffer, position, end, tail, conversions, is_vector: false, profile }
    }

    /// Reads the content, which is one value and nothing else.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn inside(&self, profile: &Profile) -> Result<Self, JavaException> {
        self.content_reader(profile).only()
    }

    /// Reads the content, copied to a buffer of its own.
    pub(crate) fn content_reader<'p>(&self, profile: &'p Profile) -> Reader<'a, 'p> {
        Reader { conversions: self.conversions, ..Reader::new(self.content(), profile) }
    }

    /// Begins inside the value, copied to a buffer of its own.
    pub(crate) fn copied<'p>(&self, profile: &'p Profile) -> Reader<'a, 'p> {
        let position = self.start.saturating_sub(self.header);
        Reader { position, conversions: self.conversions, ..Reader::new(self.encoded(), profile) }
    }

    /// Returns the value under another tag (`resetTag`).
    #[must_use]
    pub(crate) fn retagged(self, tag: u8) -> Self {
        Self { tag, ..self }
    }

    /// Reads a boolean.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn boolean(&self) -> Result<bool, JavaException> {
        if self.tag != tag::BOOLEAN {
            let text = format!("DerValue.getBoolean, not a BOOLEAN {}", signed(self.tag));
            return Err(fault(text));
        }
        match *self.content() {
            [octet] => Ok(octet != 0),
            ref octets => {
                Err(fault(format!("DerValue.getBoolean, invalid length {}", octets.len())))
            }
        }
    }

    /// Reads an object identifier.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn oid(&self) -> Result<Oid<'a>, JavaException> {
        if self.tag != tag::OBJECT_IDENTIFIER {
            return Err(fault(format!("DerValue.getOID, not an OID {}", signed(self.tag))));
        }
        let octets = self.content();
        if octets.last().is_none_or(|last| last & 0x80 != 0) {
            return Err(fault("ObjectIdentifier() -- Invalid DER encoding, not ended"));
        }
        let begins_with_filler = |arc: &[u8]| arc.first() == Some(&0x80);
        if octets.split_inclusive(|octet| octet & 0x80 == 0).any(begins_with_filler) {
            return Err(fault(
                "ObjectIdentifier() -- Invalid DER encoding, useless extra octet detected",
            ));
        }
        Ok(Oid(octets))
    }

    /// Reads an octet string of primitive form; Java also puts together constructed ones, which no corpus has.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn octet_string(&self) -> Result<&'a [u8], JavaException> {
        if self.tag != tag::OCTET_STRING {
            let text =
                format!("DerValue.getOctetString, not an Octet String: {}", signed(self.tag));
            return Err(fault(text));
        }
        Ok(self.content())
    }

    /// Reads an integer of any size: its two's complement octets.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn big_integer(&self, profile: &Profile) -> Result<&'a [u8], JavaException> {
        if self.tag != tag::INTEGER {
            let tag = signed(self.tag);
            return Err(fault(match profile.der_words {
                DerWords::Legacy => format!("DerValue.getBigInteger, not an int {tag}"),
                DerWords::Current => format!("DerValue.getBigIntegerInternal, not expected {tag}"),
            }));
        }
        if self.content().is_empty() {
            return Err(fault("Invalid encoding: zero length Int value"));
        }
        Ok(self.content())
    }

    /// Reads an `int` whatever the tag says.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn untagged_integer(&self, profile: &Profile) -> Result<i32, JavaException> {
        self.retagged(tag::INTEGER).integer(profile)
    }

    /// Reads an integer that fits Java's `int`.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn integer(&self, profile: &Profile) -> Result<i32, JavaException> {
        if self.tag != tag::INTEGER && profile.der_words == DerWords::Legacy {
            let text = format!("DerValue.getInteger, not an int {}", signed(self.tag));
            return Err(fault(text));
        }
        let octets = self.big_integer(profile)?;
        let is_negative = octets.first().is_some_and(|octet| octet & 0x80 != 0);
        let filler = if is_negative { 0xff } else { 0 };
        let excess = octets.len().saturating_sub(4);
        let (above, low) = octets.split_at_checked(excess).unwrap_or((&[], octets));
        let mut number = [filler; 4];
        for (to, from) in number.iter_mut().rev().zip(low.iter().rev()) {
            *to = *from;
        }
        let number = i32::from_be_bytes(number);
        if above.iter().all(|octet| *octet == filler) && (number < 0) == is_negative {
            return Ok(number);
        }
        Err(fault(if is_negative {
            "Integer below minimum valid value"
        } else {
            "Integer exceeds maximum valid value"
        }))
    }

    /// Reads a bit string: the number of unused bits and the octets.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn bit_string(&self) -> Result<(u8, &'a [u8]), JavaException> {
        if self.tag != tag::BIT_STRING {
            let text = format!("DerValue.getBitString, not a bit string {}", signed(self.tag));
            return Err(fault(text));
        }
        self.untagged_bit_string()
    }

    /// Reads a bit string under whatever tag.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn untagged_bit_string(&self) -> Result<(u8, &'a [u8]), JavaException> {
        match *self.content() {
            [] => Err(fault("Invalid encoding: zero length bit string")),
            [unused, ..] if unused > 7 => Err(fault("Invalid number of padding bits")),
            [unused] if unused != 0 => Err(fault("Not enough bytes in BitString")),
            [unused, ref octets @ ..] => Ok((unused, octets)),
        }
    }
}
