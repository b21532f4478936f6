//! Object identifiers.

use std::fmt;

/// The content of an encoded object identifier.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Oid<'a>(pub(crate) &'a [u8]);

impl Oid<'_> {
    /// Returns the identifier with dots, as `ObjectIdentifier.toString()` does.
    pub(crate) fn text(self) -> String {
        let mut text = String::with_capacity(self.0.len().saturating_mul(4));
        // A string takes whatever is written to it.
        self.write(&mut text).unwrap_or_default();
        text
    }

    fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        let mut arc: u128 = 0;
        let mut is_first = true;
        for octet in self.0 {
            arc = arc.checked_shl(7).unwrap_or(0) | u128::from(octet & 0x7f);
            if octet & 0x80 != 0 {
                continue;
            }
            if is_first {
                let root = (arc / 40).min(2);
                write_arc(root, out)?;
                out.write_char('.')?;
                write_arc(arc - 40 * root, out)?;
            } else {
                out.write_char('.')?;
                write_arc(arc, out)?;
            }
            is_first = false;
            arc = 0;
        }
        Ok(())
    }
}

impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// Writes an arc; most fit 64 bits, and every certificate has many.
fn write_arc(arc: u128, out: &mut impl fmt::Write) -> fmt::Result {
    match u64::try_from(arc) {
        Ok(small) => write_small(small, out),
        Err(_large) => write!(out, "{arc}"),
    }
}

fn write_small(number: u64, out: &mut impl fmt::Write) -> fmt::Result {
    if number >= 10 {
        write_small(number / 10, out)?;
    }
    let digit = u32::try_from(number % 10).ok().and_then(|digit| char::from_digit(digit, 10));
    out.write_char(digit.unwrap_or('0'))
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
            assert_eq!(Oid(octets).text(), text);
            assert_eq!(Oid(octets).to_string(), text);
        }
    }
}
