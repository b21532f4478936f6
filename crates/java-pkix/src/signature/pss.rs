//! The parameters of RSASSA-PSS (RFC 4055, section 3.1).

use crate::signature::Digest;

/// The parameters of RSASSA-PSS (RFC 4055, section 3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct PssParameters {
    /// The digest of the message.
    pub(crate) digest: Digest,
    /// The digest of the mask generation function.
    pub(crate) mask_digest: Digest,
    /// The length of the salt.
    pub(crate) salt: usize,
}
