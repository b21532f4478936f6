//! Java's reader of DER: as strict and as lax as `DerValue` and `DerInputStream` of each release.

use std::ops::Range;

use crate::exception::JavaException;
use crate::oid::Oid;
use crate::profile::{DerWords, Profile};

/// A value inside a buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    /// The identifier octet.
    pub(crate) tag: u8,
    buffer: &'a [u8],
    header: usize,
    start: usize,
    end: usize,
}

/// Reads one value after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a, 'p> {
    buffer: &'a [u8],
    position: usize,
    end: usize,
    profile: &'p Profile,
}

/// Identifier octets in use.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
}

/// Makes the `java.io.IOException` that readers throw.
pub(crate) fn fault(text: impl Into<String>) -> JavaException {
    JavaException::new("java.io.IOException", text)
}

/// Writes a tag as Java does: a signed byte.
pub(crate) fn signed(tag: u8) -> i8 {
    i8::from_be_bytes([tag])
}

/// Reads a buffer that is one value and nothing else, as `new DerValue(byte[])` does.
///
/// # Errors
/// What Java throws.
pub(crate) fn whole<'a>(buffer: &'a [u8], profile: &Profile) -> Result<Value<'a>, JavaException> {
    let mut reader = Reader::new(buffer, profile);
    let (tag, length) = reader.header()?;
    let left = reader.end - reader.position;
    if left != length {
        return Err(match profile.der_words {
            DerWords::Legacy => fault("extra data given to DerValue constructor"),
            DerWords::Current if left < length => not_enough(),
            DerWords::Current => fault("extra data at the end"),
        });
    }
    Ok(Value { tag, buffer, header: 0, start: reader.position, end: reader.end })
}

fn not_enough() -> JavaException {
    JavaException::new("java.io.EOFException", "not enough content")
}

impl<'a, 'p> Reader<'a, 'p> {
    /// Reads the values of `buffer`.
    pub(crate) fn new(buffer: &'a [u8], profile: &'p Profile) -> Self {
        Self { buffer, position: 0, end: buffer.len(), profile }
    }

    /// Begins inside `value`, which must have `tag`.
    ///
    /// # Errors
    /// What Java throws where the tag is another.
    pub(crate) fn of(
        value: Value<'a>,
        tag: u8,
        profile: &'p Profile,
    ) -> Result<Self, JavaException> {
        if value.tag == tag {
            return Ok(value.reader(profile));
        }
        Err(fault(match (profile.der_words, tag) {
            (DerWords::Current, _) => "Not the correct tag",
            (DerWords::Legacy, tag::SET) => "Set tag error",
            (DerWords::Legacy, _) => "Sequence tag error",
        }))
    }

    /// Returns how many octets are left.
    pub(crate) fn left(&self) -> usize {
        self.end.saturating_sub(self.position)
    }

    /// Returns whether nothing is left.
    pub(crate) fn is_at_end(&self) -> bool {
        self.left() == 0
    }

    /// Reads the next value, which must be an object identifier (`getOID`); 8 and 11 look at the tag before all else.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn oid(&mut self) -> Result<Oid<'a>, JavaException> {
        let next = self.buffer.get(self.position).filter(|_| !self.is_at_end());
        let tag = next.copied().unwrap_or(0xff);
        if self.profile.der_words == DerWords::Legacy && tag != tag::OBJECT_IDENTIFIER {
            let tag = signed(tag);
            return Err(fault(format!(
                "ObjectIdentifier() -- data isn't an object ID (tag = {tag})"
            )));
        }
        self.value()?.oid()
    }

    /// Reads the next value (`getDerValue`).
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn value(&mut self) -> Result<Value<'a>, JavaException> {
        let header = self.position;
        let (tag, length) = self.header()?;
        if self.left() < length {
            return Err(match self.profile.der_words {
                DerWords::Legacy => fault("insufficient data"),
                DerWords::Current => not_enough(),
            });
        }
        let (start, end) = (self.position, self.position + length);
        self.position = end;
        Ok(Value { tag, buffer: self.buffer, header, start, end })
    }

    fn octet(&mut self) -> Option<u8> {
        let octet = self.buffer.get(self.position).filter(|_| self.position < self.end)?;
        self.position += 1;
        Some(*octet)
    }

    fn header(&mut self) -> Result<(u8, usize), JavaException> {
        let at = self.position;
        let left = self.left();
        if self.profile.der_words == DerWords::Current && left < 2 {
            return Err(fault("Too short"));
        }
        let tag = self.octet().unwrap_or(0xff);
        if self.profile.der_words == DerWords::Current && tag & 0x1f == 0x1f {
            return Err(fault(format!("Tag number over 30 at {at} is not supported")));
        }
        let Some(first) = self.octet() else { return Err(fault("Short read of DER length")) };
        let length = match (first, self.profile.der_words) {
            (..0x80, _) => usize::from(first),
            (0x80, _) if tag & 0x20 == 0 => {
                return Err(fault(
                    "Indefinite length encoding not supported with non-constructed data",
                ));
            }
            (0x80, _) => return Err(fault("not enough data to resolve indef len BER")),
            (_, DerWords::Current) => self.long_length(first & 0x7f, left)?,
            (_, DerWords::Legacy) => self.legacy_long_length(first & 0x7f)?,
        };
        Ok((tag, length))
    }

    fn long_length(&mut self, count: u8, left: usize) -> Result<usize, JavaException> {
        if count > 4 {
            return Err(fault("Invalid lenByte"));
        }
        if left < 2 + usize::from(count) {
            return Err(fault("Not enough length bytes"));
        }
        self.octets(count).ok_or_else(|| fault("Invalid length bytes"))
    }

    fn legacy_long_length(&mut self, count: u8) -> Result<usize, JavaException> {
        let error = |text: &str| fault(format!("DerInputStream.getLength(): {text}"));
        if count > 4 {
            return Err(error(&format!("lengthTag={count}, too big.")));
        }
        if self.buffer.get(self.position) == Some(&0) {
            return Err(error("Redundant length bytes found"));
        }
        match self.octets(count) {
            None => Err(error("Invalid length bytes")),
            Some(..0x80) => Err(error("Should use short form for length")),
            Some(length) => Ok(length),
        }
    }

    /// Reads a big-endian number that fits Java's `int`; where octets are missing, Java reads 255.
    fn octets(&mut self, count: u8) -> Option<usize> {
        let mut number: u32 = 0;
        for _ in 0..count {
            number = number << 8 | u32::from(self.octet().unwrap_or(0xff));
        }
        i32::try_from(number).ok().and_then(|number| usize::try_from(number).ok())
    }
}

impl<'a> Value<'a> {
    /// Returns what stands inside.
    pub(crate) fn content(&self) -> &'a [u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the value with its header.
    pub(crate) fn encoded(&self) -> &'a [u8] {
        self.buffer.get(self.header..self.end).unwrap_or_default()
    }

    /// Returns where the value stands in its buffer.
    pub(crate) fn range(&self) -> Range<usize> {
        self.header..self.end
    }

    /// Reads the values inside.
    pub(crate) fn reader<'p>(&self, profile: &'p Profile) -> Reader<'a, 'p> {
        Reader { buffer: self.buffer, position: self.start, end: self.end, profile }
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
