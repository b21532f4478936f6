//! What is wrong with what should be certificates, and where.

use std::fmt;

use java_keystore::ReadError;

use super::CertificatesError;

/// What is wrong, and in which part of the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Damage {
    /// The line where the PEM block begins, if it is in one.
    block: Option<usize>,
    kind: DamageKind,
}

/// What is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum DamageKind {
    /// A PEM block has no end.
    NoEnd,
    /// There is something in a line that is no base64.
    NotBase64 {
        /// The line.
        line: usize,
    },
    /// The base64 as a whole does not come out even.
    UnevenBase64,
    /// The bytes end before the certificate does.
    CutShort {
        /// Where it begins.
        offset: usize,
        /// How long it says that it is.
        length: u64,
        /// How much of it is there.
        there: usize,
    },
    /// The bytes are no certificate.
    NotDer {
        /// Where they begin.
        offset: usize,
    },
    /// A key store is damaged.
    KeyStore(ReadError),
}

impl Damage {
    pub(super) fn of_file(kind: DamageKind) -> Self {
        Self { block: None, kind }
    }

    pub(super) fn of_block(line: usize, kind: DamageKind) -> Self {
        Self { block: Some(line), kind }
    }
}

impl From<Damage> for CertificatesError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.block {
            write!(f, "the PEM block that begins in line {line} is damaged: ")?;
        }
        match &self.kind {
            DamageKind::NoEnd => f.write_str("it has no end, so the file is cut short"),
            DamageKind::NotBase64 { line } => write!(f, "line {line} is no base64"),
            DamageKind::UnevenBase64 => f.write_str("some of its base64 is missing"),
            DamageKind::CutShort { offset, length, there } => write!(
                f,
                "it is cut short: what begins at byte {offset} is {length} bytes long, \
                 and {there} are there"
            ),
            DamageKind::NotDer { offset } => {
                write!(f, "at byte {offset}: no certificate, or not all of one")
            }
            DamageKind::KeyStore(error) => write!(f, "this is a key store, damaged {error}"),
        }
    }
}
