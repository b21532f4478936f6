//! A bounded big-endian reader.

/// The bytes that are still to be read; every method returns none when there are not enough.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a>(pub(crate) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u16::from_be_bytes(*bytes))
    }

    pub(crate) fn u24(&mut self) -> Option<u32> {
        let high = self.u8()?;
        let low = self.u16()?;
        Some(u32::from(high) << 16 | u32::from(low))
    }

    /// Reads a field that begins with its own length in one byte.
    pub(crate) fn vector8(&mut self) -> Option<&'a [u8]> {
        let length = self.u8()?;
        self.take(length.into())
    }

    /// Reads a field that begins with its own length in two bytes.
    pub(crate) fn vector16(&mut self) -> Option<&'a [u8]> {
        let length = self.u16()?;
        self.take(length.into())
    }

    /// Reads a list of numbers behind its length in two bytes.
    pub(crate) fn numbers16(&mut self) -> Option<Vec<u16>> {
        let mut list = Self(self.vector16()?);
        let mut numbers = Vec::new();
        while !list.is_empty() {
            numbers.push(list.u16()?);
        }
        Some(numbers)
    }

    /// Reads a field that begins with its own length in three bytes.
    pub(crate) fn vector24(&mut self) -> Option<&'a [u8]> {
        let length = self.u24()?;
        self.take(usize::try_from(length).ok()?)
    }
}
