//! Java's reader of DER: as strict and as lax as `DerValue` and `DerInputStream` of each release.

mod shortest;
mod value;

use crate::ber::{Conversions, UNRESOLVED};
use crate::exception::JavaException;
use crate::oid::Oid;
use crate::profile::{BehindIndefinite, DerWords, Profile};

pub(crate) use self::shortest::shortest;

/// A value inside a buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    /// The identifier octet.
    pub(crate) tag: u8,
    buffer: &'a [u8],
    header: usize,
    start: usize,
    end: usize,
    tail: usize,
    conversions: Option<&'a Conversions>,
}

/// Reads one value after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a, 'p> {
    buffer: &'a [u8],
    position: usize,
    end: usize,
    /// How many octets Java holds behind the buffer: what followed a value that was rewritten.
    tail: usize,
    conversions: Option<&'a Conversions>,
    /// Whether the values stand in what Java reads at once (`getSequence`): in 8 and 11, one of indefinite length there
    /// takes all that follows.
    is_vector: bool,
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
    Reader::new(buffer, profile).only()
}

fn not_enough() -> JavaException {
    JavaException::new("java.io.EOFException", "not enough content")
}

impl<'a, 'p> Reader<'a, 'p> {
    /// Reads the values of `buffer`.
    pub(crate) fn new(buffer: &'a [u8], profile: &'p Profile) -> Self {
        let end = buffer.len();
        let (tail, conversions, is_vector) = (0, None, false);
        Self { buffer, position: 0, end, tail, conversions, is_vector, profile }
    }

    /// Lets values of indefinite length be rewritten.
    #[must_use]
    pub(crate) fn converting(self, conversions: &'a Conversions) -> Self {
        Self { conversions: Some(conversions), ..self }
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
            return Ok(value.reader(profile).as_vector());
        }
        Err(fault(match (profile.der_words, tag) {
            (DerWords::Current, _) => "Not the correct tag",
            (DerWords::Legacy, tag::SET) => "Set tag error",
            (DerWords::Legacy, _) => "Sequence tag error",
        }))
    }

    /// Reads the values all at once, as `getSequence` does.
    #[must_use]
    pub(crate) fn as_vector(self) -> Self {
        Self { is_vector: true, ..self }
    }

    /// Returns how many octets are left.
    pub(crate) fn left(&self) -> usize {
        self.end.saturating_sub(self.position)
    }

    /// Returns whether the end is reached; behind an indefinite length, Java may find itself beyond it, which only ends a
    /// vector.
    pub(crate) fn is_at_end(&self) -> bool {
        if self.is_vector { self.left() == 0 } else { self.position == self.end }
    }

    /// Reads the next value, which must be an object identifier (`getOID`); 8 and 11 look at the tag before all else.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn oid(&mut self) -> Result<Oid<'a>, JavaException> {
        let next = self.buffer.get(self.position).filter(|_| self.left() > 0);
        let tag = next.copied().unwrap_or(0xff);
        if self.profile.der_words == DerWords::Legacy && tag != tag::OBJECT_IDENTIFIER {
            let tag = signed(tag);
            return Err(fault(format!(
                "ObjectIdentifier() -- data isn't an object ID (tag = {tag})"
            )));
        }
        if self.profile.der_words == DerWords::Legacy && self.is_indefinite() {
            return Err(fault("Indefinite length encoding not supported"));
        }
        self.value()?.oid()
    }

    /// Reads the bit string that a key is (`getUnalignedBitString`); 8 and 11 pass over what follows it.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn key_bits(&mut self) -> Result<(u8, &'a [u8]), JavaException> {
        if self.profile.der_words == DerWords::Current {
            return self.value()?.bit_string();
        }
        let next = self.buffer.get(self.position).filter(|_| self.left() > 0);
        if next != Some(&tag::BIT_STRING) {
            return Err(fault("DER input not a bit string"));
        }
        if self.is_indefinite() {
            return Err(fault("Indefinite length encoding not supported"));
        }
        let value = self.value()?;
        self.position = self.end;
        value.bit_string()
    }

    /// Reads the next value (`getDerValue`).
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn value(&mut self) -> Result<Value<'a>, JavaException> {
        if let Some(value) = self.plain_value() {
            return Ok(value);
        }
        if self.is_indefinite() {
            return self.indefinite_value();
        }
        let header = self.position;
        let (tag, length) = self.header()?;
        if self.left() < length {
            return Err(match self.profile.der_words {
                DerWords::Legacy if self.is_vector => JavaException::bare("java.io.EOFException"),
                DerWords::Legacy => fault("insufficient data"),
                DerWords::Current => not_enough(),
            });
        }
        self.position += length;
        Ok(self.read_from(tag, header, self.position - length))
    }

    /// Reads the next value where more follows that Java takes from the same stream (`getSequence`).
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn vector(&mut self) -> Result<Value<'a>, JavaException> {
        let mut behind = *self;
        let value = behind.value()?;
        if self.is_indefinite() && self.profile.behind_indefinite == BehindIndefinite::Short {
            behind.position = self.end.saturating_sub(value.tail);
        }
        *self = behind;
        Ok(value)
    }

    /// Reads the next value, behind which there must be nothing.
    ///
    /// # Errors
    /// What Java throws.
    pub(crate) fn only(mut self) -> Result<Value<'a>, JavaException> {
        let extra = || match self.profile.der_words {
            DerWords::Legacy => fault("extra data given to DerValue constructor"),
            DerWords::Current => fault("extra data at the end"),
        };
        if self.is_indefinite() {
            let value = self.indefinite_value()?;
            return if value.tail == 0 { Ok(value) } else { Err(extra()) };
        }
        let header = self.position;
        let (tag, length) = self.header()?;
        let left = self.left();
        if left < length && self.profile.der_words == DerWords::Current {
            return Err(not_enough());
        }
        if left != length {
            return Err(extra());
        }
        let start = self.position;
        self.position = self.end;
        Ok(self.read_from(tag, header, start))
    }

    /// Returns the next value if every release reads it alike: a low tag, a length in its shortest form, and all is there.
    fn plain_value(&mut self) -> Option<Value<'a>> {
        let rest = self.buffer.get(self.position..self.end)?;
        let (tag, size, length) = match *rest {
            [tag, short, ..] if short < 0x80 => (tag, 2, usize::from(short)),
            [tag, 0x81, long, ..] if long >= 0x80 => (tag, 3, usize::from(long)),
            [tag, 0x82, high, low, ..] if high > 0 => {
                (tag, 4, usize::from(u16::from_be_bytes([high, low])))
            }
            _ => return None,
        };
        if tag & 0x1f == 0x1f || rest.len() < size + length {
            return None;
        }
        let header = self.position;
        self.position += size + length;
        Some(self.read_from(tag, header, header + size))
    }

    /// Returns the value that ends here.
    fn read_from(&self, tag: u8, header: usize, start: usize) -> Value<'a> {
        let Self { buffer, position: end, tail, conversions, .. } = *self;
        Value { tag, buffer, header, start, end, tail, conversions }
    }

    /// Returns whether the length of the next value is indefinite.
    pub(crate) fn is_indefinite(&self) -> bool {
        self.left() >= 2 && self.buffer.get(self.position + 1) == Some(&0x80)
    }

    /// Rewrites the next value and reads what comes of it.
    fn indefinite_value(&mut self) -> Result<Value<'a>, JavaException> {
        let rest = self.buffer.get(self.position..self.end).unwrap_or_default();
        let tag = rest.first().copied().unwrap_or_default();
        if self.profile.der_words == DerWords::Current {
            self.check_tag(tag)?;
            if tag & 0x20 == 0 {
                return Err(fault(
                    "Indefinite length encoding not supported with non-constructed data",
                ));
            }
        }
        let conversions = self.conversions.ok_or_else(|| fault(UNRESOLVED))?;
        let definite = conversions.of(rest).map_err(fault)?;
        // 8 and 11 compare a signed tag with an unsigned one.
        if self.profile.der_words == DerWords::Legacy && tag >= 0x80 {
            return Err(fault("Indefinite length encoding not supported"));
        }
        let unused = rest.len() - definite.consumed;
        let mut inner = Self {
            buffer: &definite.octets,
            position: 0,
            end: definite.octets.len(),
            tail: unused,
            ..*self
        };
        let (_, length) = inner.header()?;
        let start = inner.position;
        inner.position = inner.end;
        self.position = match self.profile.behind_indefinite {
            BehindIndefinite::Short if self.is_vector => self.end,
            BehindIndefinite::Short => self.end.min(self.position + 2 + length + 2),
            BehindIndefinite::FromBufferEnd => self.buffer.len() + self.tail - unused,
            BehindIndefinite::Right => self.end - unused,
        };
        Ok(inner.read_from(tag, 0, start))
    }

    fn check_tag(&self, tag: u8) -> Result<(), JavaException> {
        if tag & 0x1f == 0x1f {
            let at = self.position;
            return Err(fault(format!("Tag number over 30 at {at} is not supported")));
        }
        Ok(())
    }

    fn octet(&mut self) -> Option<u8> {
        let octet = self.buffer.get(self.position).filter(|_| self.position < self.end)?;
        self.position += 1;
        Some(*octet)
    }

    fn header(&mut self) -> Result<(u8, usize), JavaException> {
        let left = self.left();
        if self.profile.der_words == DerWords::Current && left < 2 {
            return Err(fault("Too short"));
        }
        let tag = self.buffer.get(self.position).filter(|_| left > 0).copied().unwrap_or(0xff);
        if self.profile.der_words == DerWords::Current {
            self.check_tag(tag)?;
        }
        self.position += 1;
        let Some(first) = self.octet() else { return Err(fault("Short read of DER length")) };
        let length = match (first, self.profile.der_words) {
            (..0x80, _) => usize::from(first),
            (0x80, _) => return Err(fault(UNRESOLVED)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::JavaRelease;

    #[test]
    fn reading_goes_on_behind_an_indefinite_length_where_the_release_does() {
        // a sequence of [a set of indefinite length, NULL], and six octets behind it
        let simple = [0x30, 6, 0x31, 0x80, 0, 0, 5, 0, 4, 4, 1, 2, 3, 4];
        // the set has another inside, whose end makes it two octets shorter
        let nested = [0x30, 10, 0x31, 0x80, 0x31, 0x80, 0, 0, 0, 0, 5, 0, 4, 4, 1, 2, 3, 4];
        for (feature, of_simple, of_nested) in [
            (8, "5", "0 5"),
            (11, "5", "0 5"),
            (17, "java.io.IOException: Too short", "java.io.IOException: Too short"),
            (21, "java.io.IOException: Too short", "java.io.IOException: Too short"),
            (25, "5", "5"),
            (26, "5", "5"),
        ] {
            let profile = Profile::nearest(JavaRelease { feature, update: u16::MAX });
            for (encoded, expected) in [(&simple[..], of_simple), (&nested[..], of_nested)] {
                let conversions = Conversions::default();
                let outer = Reader::new(encoded, profile).converting(&conversions).value();
                let mut reader = outer.unwrap().reader(profile);
                reader.value().unwrap();
                let mut tags = Vec::new();
                while !reader.is_at_end() {
                    match reader.value() {
                        Ok(value) => tags.push(value.tag.to_string()),
                        Err(fault) => {
                            tags.push(fault.to_string());
                            break;
                        }
                    }
                }
                assert_eq!(tags.join(" "), expected, "{feature} {encoded:02x?}");
            }
        }
    }
}
