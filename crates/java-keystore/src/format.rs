//! Which format bytes have, and what else they may be.

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
    /// Tells the format from the first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xfe, 0xed, 0xfe, 0xed, ..] => Some(Self::Jks),
            [0xce, 0xce, 0xce, 0xce, ..] => Some(Self::Jceks),
            [0x30, ..] => Some(Self::Pkcs12),
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
    /// A web page.
    Html,
    /// `BKS` or `UBER` of Bouncy Castle.
    BouncyCastle,
}

impl Lookalike {
    /// Tells what bytes are that belong to none of the formats.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match bytes {
            [] => Some(Self::Empty),
            [0, 0, 0, 1 | 2, 0, 0, 0, 20, ..] => Some(Self::BouncyCastle),
            _ if contains(text, b"-----BEGIN ") => Some(Self::Pem),
            _ if text.starts_with(b"<") => Some(Self::Html),
            _ => None,
        }
    }
}

fn contains(text: &[u8], wanted: &[u8]) -> bool {
    text.windows(wanted.len()).take(65_536).any(|window| window == wanted)
}
