//! The block list: fingerprints of certificates that Java never follows (`blocked.certs`).

use std::collections::BTreeSet;

/// SHA-256 fingerprints of certificates that Java never follows.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockList(BTreeSet<[u8; 32]>);

impl BlockList {
    /// Reads the text of `blocked.certs` (8: `blacklisted.certs`).
    ///
    /// Only SHA-256 is in use (`Algorithm=SHA-256`); lines that are no fingerprint are passed over.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.lines().filter_map(|line| fingerprint(line.trim())).collect())
    }

    /// Returns whether the certificate with this SHA-256 is blocked.
    pub(crate) fn contains(&self, sha256: &[u8; 32]) -> bool {
        self.0.contains(sha256)
    }

    /// Returns how many certificates are blocked.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Reads 64 hexadecimal digits.
fn fingerprint(line: &str) -> Option<[u8; 32]> {
    let (pairs, []) = line.as_bytes().as_chunks::<2>() else { return None };
    if pairs.len() != 32 {
        return None;
    }
    let digit = |digit: u8| u8::try_from(char::from(digit).to_digit(16)?).ok();
    let mut octets = [0; 32];
    for (octet, [high, low]) in octets.iter_mut().zip(pairs) {
        *octet = digit(*high)? << 4 | digit(*low)?;
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;

    #[test]
    fn the_shipped_lists_are_read_to_the_end() {
        for profile in Profile::RECORDED {
            let fingerprints = profile.security.blocked.lines().count() - 1;
            assert_eq!(BlockList::parse(profile.security.blocked).len(), fingerprints);
            assert!([38, 86].contains(&fingerprints));
        }
    }

    #[test]
    fn only_fingerprints_count() {
        let text = "Algorithm=SHA-256\n\
                    00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff\r\n\
                    00112233445566778899AABBCCDDEEFF\n# comment\n\n";
        let blocked = BlockList::parse(text);
        assert_eq!(blocked.len(), 1);
        let octets: Vec<u8> = (0..16).map(|i| i * 0x11).collect();
        let sha256: [u8; 32] = [octets.clone(), octets].concat().try_into().unwrap();
        assert!(blocked.contains(&sha256));
    }
}
