//! What a log is written in: UTF-16 is read, too; what is packed is named with what unpacks it.

use std::io::{self, Read};

/// What packed files begin with, the packer's name, and what writes their content to standard output.
const PACKED: [(&[u8], &str, &str); 5] = [
    (b"\x1f\x8b", "gzip", "zcat"),
    (b"PK\x03\x04", "zip", "unzip -p"),
    (b"BZh", "bzip2", "bzcat"),
    (b"\xfd7zXZ\0", "xz", "xzcat"),
    (b"\x28\xb5\x2f\xfd", "zstd", "zstdcat"),
];

/// No beginning that is looked for is longer.
const LONGEST_MARK: u64 = 6;

/// Reads a log as UTF-8, or whatever else has ASCII in it.
///
/// # Errors
///
/// Says how to unpack what is packed, and passes on what the reader says.
pub(super) fn decoded<'a>(input: &'a mut dyn Read) -> io::Result<Box<dyn Read + 'a>> {
    let mut start = Vec::new();
    input.take(LONGEST_MARK).read_to_end(&mut start)?;
    if let Some((_, packer, unpacker)) = PACKED.iter().find(|(mark, ..)| start.starts_with(mark)) {
        let why = format!(
            "packed with {packer}; hand over what is in it: {unpacker} FILE | sslpoke explain -"
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, why));
    }
    // a log begins with ASCII: a moment, a level
    let unit: fn([u8; 2]) -> u16 = match start.as_slice() {
        [0xff, 0xfe, first, 0, ..] if *first != 0 => u16::from_le_bytes,
        [0xfe, 0xff, 0, first, ..] if *first != 0 => u16::from_be_bytes,
        _ => return Ok(Box::new(io::Cursor::new(start).chain(input))),
    };
    let input = io::Cursor::new(start).chain(input);
    Ok(Box::new(Utf16 { input, unit, rest: Vec::new(), text: io::Cursor::default() }))
}

/// UTF-16 as UTF-8; what is none becomes a replacement character.
struct Utf16<R> {
    input: R,
    unit: fn([u8; 2]) -> u16,
    /// The bytes that were read and are no whole character yet: up to three.
    rest: Vec<u8>,
    text: io::Cursor<Vec<u8>>,
}

/// What is read at once.
const CHUNK: u64 = 64 << 10;

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.text.read(out)?;
            if count > 0 || out.is_empty() || !self.refill()? {
                return Ok(count);
            }
        }
    }
}

impl<R: Read> Utf16<R> {
    /// Decodes what comes next; returns whether something came.
    fn refill(&mut self) -> io::Result<bool> {
        let mut bytes = std::mem::take(&mut self.rest);
        let is_over = self.input.by_ref().take(CHUNK).read_to_end(&mut bytes)? == 0;
        let (pairs, odd) = bytes.as_chunks::<2>();
        let mut units: Vec<u16> = pairs.iter().map(|pair| (self.unit)(*pair)).collect();
        // half a character waits for its other half
        let half = units.pop_if(|last| !is_over && (0xd800..0xdc00).contains(last));
        let kept = if half.is_some() { pairs.last() } else { None };
        self.rest.extend(kept.into_iter().flatten().chain(odd.iter().filter(|_| !is_over)));
        let text: String = char::decode_utf16(units)
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .filter(|c| *c != '\u{feff}')
            .collect();
        self.text = io::Cursor::new(text.into_bytes());
        Ok(!is_over || !self.text.get_ref().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let (Some((first, rest)), Some(place)) = (self.0.split_first(), out.first_mut()) else {
                return Ok(0);
            };
            (*place, self.0) = (*first, rest);
            Ok(1)
        }
    }

    fn read(bytes: &[u8]) -> Result<String, String> {
        let mut text = Vec::new();
        let mut slow = Slow(bytes);
        let decoded = decoded(&mut slow).and_then(|mut reader| reader.read_to_end(&mut text));
        decoded.map_err(|error| error.to_string())?;
        Ok(String::from_utf8(text).unwrap())
    }

    #[test]
    fn utf_16_is_read_as_the_text_that_it_is() {
        let text = format!("{}äÖ 証明 😀\r\nend", "x".repeat(70_001));
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            let units = ['\u{feff}'].into_iter().chain(text.chars()).collect::<String>();
            let bytes: Vec<u8> = units.encode_utf16().flat_map(unit).collect();
            assert_eq!(read(&bytes).as_deref(), Ok(text.as_str()));
        }
        // cut in the middle of a character, and with a half of one that stays alone
        assert_eq!(read(b"\xff\xfea\0\x3d\xd8").as_deref(), Ok("a\u{fffd}"));
        assert_eq!(read(b"\xff\xfea\0b").as_deref(), Ok("a"));
        assert_eq!(read("täglich".as_bytes()).as_deref(), Ok("täglich"));
        assert_eq!(read(b"").as_deref(), Ok(""));
    }

    #[test]
    fn what_is_packed_is_named_with_what_unpacks_it() {
        for (bytes, said) in [
            (
                &b"\x1f\x8b\x08\0"[..],
                "gzip; hand over what is in it: zcat FILE | sslpoke explain -",
            ),
            (b"PK\x03\x04..", "unzip -p FILE"),
            (b"BZh91AY", "bzcat FILE"),
            (b"\xfd7zXZ\0\0", "xzcat FILE"),
            (b"\x28\xb5\x2f\xfd.", "zstdcat FILE"),
        ] {
            assert!(read(bytes).unwrap_err().contains(said), "{said}");
        }
    }
}
