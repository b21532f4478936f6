//! Which format bytes have, and what else they may be.

use crate::der::{self, INTEGER, OBJECT_IDENTIFIER, SEQUENCE};

/// The file formats.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// `sun.security.provider.JavaKeyStore`, Java's default up to 8.
    Jks,
    /// `com.sun.crypto.provider.JceKeyStore`.
    Jceks,
    /// RFC 7292, Java's default since 9.
    Pkcs12,
}

impl Format {
    /// Tells the format from the first bytes. PKCS12 begins with a sequence that begins with its version; versions 0 and 1
    /// are those of private keys.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xfe, 0xed, 0xfe, 0xed, ..] => Some(Self::Jks),
            [0xce, 0xce, 0xce, 0xce, ..] => Some(Self::Jceks),
            [SEQUENCE] => Some(Self::Pkcs12),
            [SEQUENCE, length, rest @ ..] => {
                let octets = usize::from(length.checked_sub(0x80).unwrap_or_default());
                match rest.get(octets..).unwrap_or_default() {
                    [2, 1, 0 | 1, ..] => None,
                    [] | [2, ..] => Some(Self::Pkcs12),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Returns Java's name for the format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jks => "JKS",
            Self::Jceks => "JCEKS",
            Self::Pkcs12 => "PKCS12",
        }
    }
}

/// What a file is that is no store a JRE reads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Lookalike {
    /// Nothing at all.
    Empty,
    /// PEM text: a certificate or a key.
    Pem,
    /// Text in UTF-16, as Windows saves it: PEM in it is not seen as such by anybody.
    Utf16,
    /// A web page.
    Html,
    /// `BKS`, `UBER` or `BCFKS` of Bouncy Castle.
    BouncyCastle,
    /// One X.509 certificate in DER.
    Certificate,
    /// PKCS #7 in DER: certificates without a store around them.
    Pkcs7,
    /// A private key in DER.
    PrivateKey,
    /// A ZIP archive, as JAR files are.
    Zip,
    /// Something compressed with gzip.
    Gzip,
    /// A compiled Java class.
    JavaClass,
}

impl Lookalike {
    /// Tells what bytes are that belong to none of the formats.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match bytes {
            [] => Some(Self::Empty),
            [0, 0, 0, 1 | 2, 0, 0, 0, 20, ..] => Some(Self::BouncyCastle),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(Self::Utf16),
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Self::Zip),
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0xca, 0xfe, 0xba, 0xbe, ..] => Some(Self::JavaClass),
            [SEQUENCE, ..] => Self::of_der(bytes),
            _ if contains(text, b"-----BEGIN ") => Some(Self::Pem),
            _ if text.starts_with(b"<") => Some(Self::Html),
            _ => None,
        }
    }

    /// Tells what a sequence is by the tags in it.
    fn of_der(bytes: &[u8]) -> Option<Self> {
        let mut values = der::read(bytes)?.0.values();
        let first = values.any("").ok()?;
        let mut tags = vec![first.tag];
        while tags.len() < 4
            && let Ok(value) = values.any("")
        {
            tags.push(value.tag);
        }
        match (tags.as_slice(), first.content) {
            ([INTEGER, ..], [0 | 1]) => Some(Self::PrivateKey),
            ([OBJECT_IDENTIFIER, 0xa0], oid) if oid.starts_with(PKCS7) => Some(Self::Pkcs7),
            // What is signed, how, and the signature.
            ([SEQUENCE, SEQUENCE, BIT_STRING], _) => Some(Self::Certificate),
            // What is encrypted (how, and the octets), and how its integrity is told.
            ([SEQUENCE, SEQUENCE], [SEQUENCE, ..]) => Some(Self::BouncyCastle),
            _ => None,
        }
    }

    /// Says what it is, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "an empty file",
            Self::Pem => "PEM text",
            Self::Utf16 => "text in UTF-16",
            Self::Html => "a page of HTML",
            Self::BouncyCastle => "a store of Bouncy Castle",
            Self::Certificate => "a certificate in DER",
            Self::Pkcs7 => "PKCS #7",
            Self::PrivateKey => "a private key in DER",
            Self::Zip => "a ZIP archive",
            Self::Gzip => "compressed with gzip",
            Self::JavaClass => "a compiled Java class",
        }
    }
}

const BIT_STRING: u8 = 3;
/// 1.2.840.113549.1.7, under which the kinds of PKCS #7 are.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7];

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).take(65_536).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_store_is_named() {
        let sequence = |content: &[u8]| der::write(SEQUENCE, content);
        let (empty, bits) = (sequence(&[]), [3, 1, 0]);
        let identifier = der::write(OBJECT_IDENTIFIER, &[PKCS7, &[2]].concat());
        for (bytes, expected) in [
            (vec![], Lookalike::Empty),
            (b"\xef\xbb\xbf-----BEGIN CERTIFICATE-----".to_vec(), Lookalike::Pem),
            (b"Bag Attributes\n-----BEGIN CERTIFICATE-----".to_vec(), Lookalike::Pem),
            (b"\xff\xfe-\0-\0".to_vec(), Lookalike::Utf16),
            (b"\n <!DOCTYPE html>".to_vec(), Lookalike::Html),
            (vec![0, 0, 0, 2, 0, 0, 0, 20, 1], Lookalike::BouncyCastle),
            (
                sequence(&[sequence(&[&empty[..], &[4, 0]].concat()), empty.clone()].concat()),
                Lookalike::BouncyCastle,
            ),
            (
                sequence(&[&sequence(&[2, 1, 5])[..], &empty, &bits].concat()),
                Lookalike::Certificate,
            ),
            (sequence(&[&identifier[..], &[0xa0, 0]].concat()), Lookalike::Pkcs7),
            (sequence(&[&[2, 1, 0][..], &empty, &[4, 0]].concat()), Lookalike::PrivateKey),
            (b"PK\x03\x04".to_vec(), Lookalike::Zip),
            (vec![0x1f, 0x8b, 8], Lookalike::Gzip),
            (vec![0xca, 0xfe, 0xba, 0xbe, 0, 0], Lookalike::JavaClass),
        ] {
            assert_eq!(Lookalike::of(&bytes), Some(expected), "{bytes:02x?}");
            assert_eq!(Format::of(&bytes), None, "{expected:?}");
        }
    }

    #[test]
    fn pkcs12_is_told_by_its_version() {
        for bytes in [
            &[0x30][..],
            &[0x30, 0x82],
            &[0x30, 0x82, 1],
            &[0x30, 0x82, 1, 0, 2, 1, 3],
            &[0x30, 0x80, 2, 1, 3],
            &[0x30, 0x58, 2, 1, 3],
            &[0x30, 0x58, 2, 1, 4],
        ] {
            assert_eq!(Format::of(bytes), Some(Format::Pkcs12), "{bytes:02x?}");
            assert_eq!(Lookalike::of(bytes), None, "{bytes:02x?}");
        }
    }
}
