//! Whom Java trusts to begin with.

use pki_types::CertificateDer;

/// A certificate that is trusted for itself, and the name it goes by (an alias, say).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustAnchor {
    /// What the caller calls it.
    pub name: String,
    /// The certificate.
    pub certificate: CertificateDer<'static>,
    /// Whether Java counts it as one of its own: an entry of the runtime's own `cacerts` whose alias contains ` [jdk`.
    pub jdk_ca: bool,
}

/// A set of trust anchors, in the order of the store; parsed only as far as a verdict needs.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors(Vec<TrustAnchor>);

impl TrustAnchors {
    /// Returns whether there is no anchor at all: Java then throws before it looks at the chain.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the anchors in the order of the store.
    pub fn iter(&self) -> impl Iterator<Item = &TrustAnchor> {
        self.0.iter()
    }
}

impl FromIterator<TrustAnchor> for TrustAnchors {
    fn from_iter<I: IntoIterator<Item = TrustAnchor>>(anchors: I) -> Self {
        Self(anchors.into_iter().collect())
    }
}
