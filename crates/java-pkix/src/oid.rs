//! Object identifiers.

use std::fmt::{self, Write as _};

/// The content of an encoded object identifier.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Oid<'a>(pub(crate) &'a [u8]);

/// Writes the identifier with dots, as `ObjectIdentifier.toString()` does.
impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc: u128 = 0;
        let mut is_first = true;
        for octet in self.0 {
            arc = arc.checked_shl(7).unwrap_or(0) | u128::from(octet & 0x7f);
            if octet & 0x80 != 0 {
                continue;
            }
            if is_first {
                let root = (arc / 40).min(2);
                write_arc(root, f)?;
                f.write_char('.')?;
                write_arc(arc - 40 * root, f)?;
            } else {
                f.write_char('.')?;
                write_arc(arc, f)?;
            }
            is_first = false;
            arc = 0;
        }
        Ok(())
    }
}

/// Writes an arc; most fit 64 bits, and every certificate has many.
fn write_arc(arc: u128, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match u64::try_from(arc) {
        Ok(small) => write_small(small, f),
        Err(_large) => write!(f, "{arc}"),
    }
}

fn write_small(number: u64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if number >= 10 {
        write_small(number / 10, f)?;
    }
    let digit = u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10));
    f.write_char(digit.unwrap_or('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_written_with_dots() {
        for (octets, text) in [
            (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11][..], "1.2.840.113549.1.1.11"),
            (&[0x2b, 0x65, 0x70], "1.3.101.112"),
            (&[0x88, 0x37, 1], "2.999.1"),
            (&[0x60, 0x86, 0x48], "2.16.840"),
        ] {
            assert_eq!(Oid(octets).to_string(), text);
        }
    }
}
