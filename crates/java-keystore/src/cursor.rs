//! A reader over bytes that knows where it is and never reads past the end.

use crate::error::{ReadError, ReadErrorKind};

/// A position in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// Takes the next `n` bytes. Nothing is allocated for a length that the input only claims.
    pub(crate) fn take(&mut self, n: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) = self.bytes.split_at_checked(n).ok_or_else(|| self.end(n))?;
        self.bytes = rest;
        self.offset = self.offset.saturating_add(n);
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    /// Reads an octet.
    pub(crate) fn u8(&mut self) -> Result<u8, ReadError> {
        self.array().map(u8::from_be_bytes)
    }

    /// Reads a big-endian `u16`.
    pub(crate) fn u16(&mut self) -> Result<u16, ReadError> {
        self.array().map(u16::from_be_bytes)
    }

    /// Reads a big-endian `u32`.
    pub(crate) fn u32(&mut self) -> Result<u32, ReadError> {
        self.array().map(u32::from_be_bytes)
    }

    /// Reads a big-endian `i64`.
    pub(crate) fn i64(&mut self) -> Result<i64, ReadError> {
        self.array().map(i64::from_be_bytes)
    }

    /// Takes as many bytes as a `u32` in front of them says.
    pub(crate) fn block(&mut self) -> Result<&'a [u8], ReadError> {
        let length = self.u32()?;
        self.take(usize::try_from(length).unwrap_or(usize::MAX))
    }

    /// Takes a `writeUTF` string: as many bytes as a `u16` in front of them says.
    pub(crate) fn string(&mut self) -> Result<&'a [u8], ReadError> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// Says that the file ends before the next `n` bytes do.
    fn end(&self, n: usize) -> ReadError {
        let left = self.bytes.len();
        let kind = ReadErrorKind::UnexpectedEnd { wanted: n - left, from: self.offset };
        ReadError { offset: self.offset + left, kind }
    }

    pub(crate) fn error(&self, kind: ReadErrorKind) -> ReadError {
        ReadError { offset: self.offset, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_length_past_the_end_is_an_error_where_the_file_ends() {
        let mut cursor = Cursor::new(&[0, 0, 0, 9, 1]);
        let kind = ReadErrorKind::UnexpectedEnd { wanted: 8, from: 4 };
        assert_eq!(cursor.block().unwrap_err(), ReadError { offset: 5, kind });
    }
}
