//! `Integer.parseInt`, by which SSLPoke reads its port.

/// The digits zero of the decimal digits in the Basic Multilingual Plane, which `Character.digit` takes.
const ZEROS: [u32; 36] = [
    0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
    0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80,
    0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xaa50, 0xabf0, 0xff10,
];

/// Reads a number as `Integer.parseInt` does: a sign, then decimal digits of any script, within 32 bits.
pub(crate) fn parse_int(text: &str) -> Option<i32> {
    let (negative, digits) = match (text.strip_prefix('-'), text.strip_prefix('+')) {
        (Some(digits), _) => (true, digits),
        (None, Some(digits)) => (false, digits),
        (None, None) => (false, text),
    };
    let first = i64::from(digits.is_empty()) * i64::MAX;
    let value = digits.chars().try_fold(first, |value, character| {
        value.checked_mul(10)?.checked_add(digit(character)?)
    })?;
    i32::try_from(if negative { -value } else { value }).ok()
}

fn digit(character: char) -> Option<i64> {
    let code = u32::from(character);
    let zero = ZEROS.into_iter().find(|zero| (*zero..*zero + 10).contains(&code))?;
    Some(i64::from(code - zero))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_read_as_java_reads_it() {
        for (text, expected) in [
            ("443", Some(443)),
            ("+1", Some(1)),
            ("-1", Some(-1)),
            ("0443", Some(443)),
            ("٤٤٣", Some(443)),
            ("４４３", Some(443)),
            ("2147483647", Some(i32::MAX)),
            ("-2147483648", Some(i32::MIN)),
            ("2147483648", None),
            ("99999999999999999999999", None),
            ("", None),
            ("+", None),
            ("+-1", None),
            (" 443", None),
            ("https", None),
            ("𝟘", None),
        ] {
            assert_eq!(parse_int(text), expected, "{text:?}");
        }
    }
}
