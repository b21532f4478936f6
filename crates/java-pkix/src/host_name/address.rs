//! Address literals as `sun.net.util.IPAddressUtil` takes them: more than `std::net` does.

/// An address; an IPv4 address mapped to IPv6 is an IPv4 address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Address {
    octets: Vec<u8>,
    /// Whether a zone is named that only the machine with that interface knows.
    has_named_zone: bool,
}

impl Address {
    /// Returns the octets: 4 or 16.
    pub(super) fn into_octets(self) -> Vec<u8> {
        self.octets
    }

    /// Returns whether the address equals the octets of an iPAddress.
    pub(super) fn is(&self, presented: &[u8]) -> bool {
        !self.has_named_zone && self.octets == unmapped(presented)
    }
}

/// Reads a literal: IPv4 also in its short forms (`127.1`), IPv6 also with a zone.
pub(super) fn parse(text: &str) -> Option<Address> {
    if let Some(octets) = parse_v4(text) {
        return Some(Address { octets: octets.to_vec(), has_named_zone: false });
    }
    parse_v6(text)
}

/// Reads IPv4: one to four decimal numbers, the last of which fills what is left.
fn parse_v4(text: &str) -> Option<[u8; 4]> {
    if text.chars().count() > 15 {
        return None;
    }
    let numbers: Vec<u64> = text.split('.').map(decimal).collect::<Option<_>>()?;
    let (last, first) = numbers.split_last()?;
    let left = 4_usize.checked_sub(first.len()).filter(|left| *left > 0)?;
    if *last >= 1 << (left * 8) {
        return None;
    }
    let mut octets: Vec<u8> =
        first.iter().map(|number| u8::try_from(*number).ok()).collect::<Option<_>>()?;
    let tail = last.to_be_bytes();
    octets.extend_from_slice(tail.get(8 - left..)?);
    octets.try_into().ok()
}

/// Reads decimal digits of any script, as `Character.digit` does; other scripts than ASCII are not expected.
fn decimal(text: &str) -> Option<u64> {
    text.bytes().all(|digit| digit.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Reads IPv6.
fn parse_v6(text: &str) -> Option<Address> {
    let (literal, zone) = match text.split_once('%') {
        Some((_, "")) => return None,
        Some((literal, zone)) => (literal, Some(zone)),
        None => (text, None),
    };
    let octets = groups(literal)?;
    let is_named = |zone: &str| !zone.bytes().all(|digit| digit.is_ascii_digit());
    let octets = unmapped(&octets).to_vec();
    Some(Address { octets, has_named_zone: zone.is_some_and(is_named) })
}

/// Reads the groups of an IPv6 address: sixteen octets.
fn groups(literal: &str) -> Option<[u8; 16]> {
    let Some((before, after)) = literal.split_once("::") else {
        return sequence(literal, true)?.try_into().ok();
    };
    let (before, after) = (sequence(before, false)?, sequence(after, true)?);
    let zeros = 16_usize.checked_sub(before.len() + after.len()).filter(|zeros| *zeros > 0)?;
    let mut octets = before;
    octets.resize(octets.len() + zeros, 0);
    octets.extend(after);
    octets.try_into().ok()
}

/// Reads groups between colons; an IPv4 address may be the last one.
fn sequence(text: &str, may_end_in_v4: bool) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    if text.is_empty() {
        return Some(octets);
    }
    let mut parts = text.split(':').peekable();
    while let Some(part) = parts.next() {
        if part.contains('.') {
            let is_last = may_end_in_v4 && parts.peek().is_none();
            let is_full = part.matches('.').count() == 3;
            octets.extend_from_slice(&parse_v4(part).filter(|_| is_last && is_full)?);
        } else {
            octets.extend_from_slice(&hexadecimal(part)?.to_be_bytes());
        }
        if octets.len() > 16 {
            return None;
        }
    }
    Some(octets)
}

/// Reads a group: Java takes more than four digits as long as they are leading zeros.
fn hexadecimal(text: &str) -> Option<u16> {
    let is_hexadecimal = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_hexdigit());
    let digits = text.trim_start_matches('0');
    match digits {
        _ if !is_hexadecimal => None,
        "" => Some(0),
        digits => u16::from_str_radix(digits, 16).ok(),
    }
}

/// Returns the IPv4 address in an IPv6 address that maps one.
fn unmapped(octets: &[u8]) -> &[u8] {
    match octets {
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, mapped @ ..] if mapped.len() == 4 => mapped,
        octets => octets,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_has_many_forms() {
        for (text, expected) in [
            ("10.1.2.3", Some(&[10, 1, 2, 3][..])),
            ("010.1.2.3", Some(&[10, 1, 2, 3])),
            ("127.1", Some(&[127, 0, 0, 1])),
            ("2130706433", Some(&[127, 0, 0, 1])),
            ("1.2.65535", Some(&[1, 2, 255, 255])),
            ("1.2.65536", None),
            ("4294967296", None),
            ("256.1.1.1", None),
            ("1.2.3.4.5", None),
            ("1..2", None),
            ("1.2.3.4.", None),
            ("0x7f.0.0.1", None),
            ("::ffff:10.1.2.3", Some(&[10, 1, 2, 3])),
            ("::1", Some(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
            ("1:2:3:4:5:6:7:8", Some(&[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8])),
            ("0001::00001", Some(&[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
            ("1:2:3:4:5:6:7", None),
            ("1:2:3:4:5:6:7:8:9", None),
            ("1::2::3", None),
            (":1", None),
            ("1:2:3:4:5:6:1.2.3.4", Some(&[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4])),
            ("::1.2.3", None),
            ("fe80::1%", None),
            ("localhost", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(|address| address.octets).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_named_zone_matches_nothing_here() {
        let presented = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        assert!(parse("fe80::1").unwrap().is(&presented));
        assert!(parse("fe80::1%1").unwrap().is(&presented));
        assert!(!parse("fe80::1%lo").unwrap().is(&presented));
    }
}
