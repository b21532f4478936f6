//! The form in which Java keeps and compares certificates: definite lengths, a minimal header, nothing behind.

use std::borrow::Cow;

/// Brings a certificate to the form that Java keeps: `X509Factory` reads one value, in BER if need be.
///
/// What can't be read stays as it is.
pub(crate) fn normalised(der: &[u8]) -> Cow<'_, [u8]> {
    match der {
        [_, 0x80, ..] => {
            definite(der, MAX_DEPTH).map_or(Cow::Borrowed(der), |(whole, _)| Cow::Owned(whole))
        }
        [tag, ..] => match crate::tlv::read_ber(der) {
            Ok((value, _)) => {
                let minimal = header(*tag, value.content.len());
                if value.whole.get(..minimal.len()) == Some(&minimal)
                    && value.whole.len() == minimal.len() + value.content.len()
                {
                    Cow::Borrowed(value.whole)
                } else {
                    Cow::Owned([minimal.as_slice(), value.content].concat())
                }
            }
            Err(_) => Cow::Borrowed(der),
        },
        [] => Cow::Borrowed(der),
    }
}

/// Writes the first value with definite lengths throughout; returns it and what follows.
fn definite(input: &[u8], depth: u8) -> Option<(Vec<u8>, &[u8])> {
    let [tag, 0x80, rest @ ..] = input else {
        let (value, after) = crate::tlv::read_ber(input).ok()?;
        if value.tag & 0x20 == 0 || !value.content.windows(2).any(|pair| pair == [0x30, 0x80]) {
            return Some((value.whole.to_vec(), after));
        }
        let content = all_definite(value.content, depth.checked_sub(1)?)?;
        return Some(([header(value.tag, content.len()), content].concat(), after));
    };
    let depth = depth.checked_sub(1)?;
    let mut content = Vec::new();
    let mut rest = rest;
    loop {
        if let [0, 0, after @ ..] = rest {
            return Some(([header(*tag, content.len()), content].concat(), after));
        }
        let (value, after) = definite(rest, depth)?;
        content.extend(value);
        rest = after;
    }
}

fn all_definite(content: &[u8], depth: u8) -> Option<Vec<u8>> {
    let (mut all, mut rest) = (Vec::new(), content);
    while !rest.is_empty() {
        let (value, after) = definite(rest, depth)?;
        all.extend(value);
        rest = after;
    }
    Some(all)
}

fn header(tag: u8, length: usize) -> Vec<u8> {
    let octets = length.to_be_bytes();
    let significant: Vec<u8> = octets.iter().copied().skip_while(|octet| *octet == 0).collect();
    match (significant.as_slice(), u8::try_from(length)) {
        (_, Ok(short)) if short < 0x80 => vec![tag, short],
        (significant, _) => {
            let count = u8::try_from(significant.len()).unwrap_or(u8::MAX);
            [&[tag, 0x80 | count], significant].concat()
        }
    }
}

/// How deep indefinite lengths may be nested.
const MAX_DEPTH: u8 = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_become_definite_and_minimal() {
        let kept: &[u8] = &[0x30, 2, 5, 0];
        for input in [
            kept,
            &[0x30, 2, 5, 0, 9],
            &[0x30, 0x81, 2, 5, 0],
            &[0x30, 0x84, 0, 0, 0, 2, 5, 0],
            &[0x30, 0x80, 5, 0, 0, 0],
        ] {
            assert_eq!(*normalised(input), *kept, "{input:02x?}");
        }
        assert_eq!(*normalised(&[0x30, 0x80, 0x30, 0x80, 0, 0, 0, 0]), [0x30, 2, 0x30, 0]);
        assert_eq!(*normalised(&[0x30, 0x80, 5]), [0x30, 0x80, 5]);
    }
}
