//! Java's modified UTF-8, the form of `DataOutputStream.writeUTF`.

/// Reads modified UTF-8 as UTF-16 code units.
///
/// # Errors
/// The offset of what `DataInputStream.readUTF` calls malformed.
pub(crate) fn decode(bytes: &[u8]) -> Result<Vec<u16>, usize> {
    if bytes.is_ascii() {
        return Ok(bytes.iter().map(|byte| u16::from(*byte)).collect());
    }
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let at = bytes.len() - rest.len();
        let (unit, after) = match *rest {
            [] => return Ok(units),
            [one @ ..0x80, ref after @ ..] => (u16::from(one), after),
            [first @ 0xc0..=0xdf, second @ 0x80..=0xbf, ref after @ ..] => {
                (u16::from(first & 0x1f) << 6 | u16::from(second & 0x3f), after)
            }
            [first @ 0xe0..=0xef, second @ 0x80..=0xbf, third @ 0x80..=0xbf, ref after @ ..] => {
                let high = u16::from(first & 0x0f) << 12;
                (high | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f), after)
            }
            _ => return Err(at),
        };
        units.push(unit);
        rest = after;
    }
}

/// Writes UTF-16 code units as modified UTF-8.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        let [high, low] = unit.to_be_bytes();
        match unit {
            1..=0x7f => bytes.push(low),
            0 | 0x80..=0x7ff => {
                bytes.extend([0xc0 | high << 2 | low >> 6, 0x80 | low & 0x3f]);
            }
            0x800.. => bytes.extend([
                0xe0 | high >> 4,
                0x80 | (high & 0x0f) << 2 | low >> 6,
                0x80 | low & 0x3f,
            ]),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for text in ["", "corp-root", "a\0b", "pässwörd€字", "emoji \u{1f600}"] {
            let units = decode(&encode(text)).unwrap();
            assert_eq!(String::from_utf16(&units).unwrap(), text);
        }
    }

    #[test]
    fn four_byte_sequences_are_malformed() {
        assert_eq!(decode("ab\u{1f600}".as_bytes()), Err(2));
    }
}
