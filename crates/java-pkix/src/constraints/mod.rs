//! What a runtime forbids to sign with: `jdk.certpath.disabledAlgorithms`, `jdk.tls.disabledAlgorithms`, the session.

mod condition;
mod decompose;
mod disabled;
mod path;
mod schemes;
mod session;

pub(crate) use disabled::DisabledAlgorithms;
#[expect(unused_imports, reason = "the validator is still to come")]
pub(crate) use path::PathAlgorithms;
#[expect(unused_imports, reason = "the validator is still to come")]
pub(crate) use session::{PathOrigin, SessionAlgorithms};

use crate::public_key::PublicKey;
use crate::signature::SignatureAlgorithm;

/// The side of a path certificate that algorithm constraints look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Examined<'a> {
    /// How the certificate is signed.
    pub(crate) signature: &'a SignatureAlgorithm,
    /// Its own key.
    pub(crate) key: &'a PublicKey<'a>,
    /// `X509Certificate.getKeyUsage()`, digitalSignature first.
    pub(crate) key_usage: Option<[bool; 9]>,
    /// Its subject as `X500Principal.toString()` writes it.
    pub(crate) subject: &'a str,
}

/// The side of an anchor that algorithm constraints look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnchorKey<'a> {
    /// Its key.
    pub(crate) key: &'a PublicKey<'a>,
    /// Whether Java counts it as one of its own.
    pub(crate) jdk_ca: bool,
}

/// Why a certificate may not stand on a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ConstraintFault {
    /// The message of the `CertPathValidatorException`.
    pub(crate) text: String,
    /// Whether its reason is `ALGORITHM_CONSTRAINED`: the alert depends on it.
    pub(crate) algorithm_constrained: bool,
}

impl ConstraintFault {
    fn constrained(text: impl Into<String>) -> Self {
        Self { text: text.into(), algorithm_constrained: true }
    }

    fn signature_algorithm(name: &str) -> Self {
        Self::constrained(format!(
            "Algorithm constraints check failed on signature algorithm: {name}"
        ))
    }
}

/// Checks that a keyUsage allows anything at all; encipherOnly and decipherOnly alone do not count.
fn check_key_usage(key_usage: Option<[bool; 9]>) -> Result<(), ConstraintFault> {
    match key_usage {
        Some([false, false, false, false, false, false, false, _, _]) => Err(ConstraintFault {
            text: "incorrect KeyUsage extension bits".to_owned(),
            algorithm_constrained: false,
        }),
        Some(_) | None => Ok(()),
    }
}

/// Writes the size of a key as Java does: -1 where it has none.
fn size_text(key: &PublicKey<'_>) -> String {
    key.bits().map_or_else(|| "-1".to_owned(), |bits| bits.to_string())
}
