//! What Java decides, and why.

use crate::anchor::TrustAnchor;
use crate::exception::JavaException;

/// What Java decides about a chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The chain ends at an anchor and passed every check.
    Trusted(Trusted),
    /// The chain was rejected.
    Rejected(Rejection),
}

/// How a chain came to be trusted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trusted {
    /// The anchor at the top.
    pub anchor: TrustAnchor,
    /// Indices into the chain as sent, end entity first: the path under the anchor.
    pub path: Vec<usize>,
}

/// A rejection in Java's words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejection {
    /// Why, in this crate's terms; its `code` is stable.
    pub reason: Reason,
    /// What Java throws.
    pub exception: JavaException,
    /// The alert that Java sends, as RFC 8446, section 6, names it.
    pub alert: &'static str,
}

/// Why Java rejects a chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reason {
    /// The trust store holds no certificate.
    NoTrustAnchors,
    /// No path leads from the end entity to an anchor.
    NoPath,
}

impl Reason {
    /// Returns the stable name of the reason, for programs: `pkix-no-path`, say.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoTrustAnchors => "pkix-no-trust-anchors",
            Self::NoPath => "pkix-no-path",
        }
    }
}
