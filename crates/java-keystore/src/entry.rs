//! What a store holds.

use pki_types::CertificateDer;

/// One entry of a store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its name as Java lists it.
    pub alias: String,
    /// When it was made, if the format says so.
    pub created: Option<Timestamp>,
    /// What it holds.
    pub kind: EntryKind,
    /// Whether Java takes the entry as a trust anchor: a trusted certificate that it can see, or the first
    /// certificate of a private key's chain.
    pub trusted: bool,
}

/// What an entry holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum EntryKind {
    /// A certificate that is trusted for itself.
    TrustedCertificate(CertificateDer<'static>),
    /// A private key with its chain, end entity first; the key stays sealed.
    PrivateKey(Vec<CertificateDer<'static>>),
    /// A secret key; it stays sealed.
    SecretKey,
}

/// A certificate in a PKCS12 store that Java does not list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unseen {
    /// Its friendly name, if it has one.
    pub alias: Option<String>,
    /// The certificate.
    pub certificate: CertificateDer<'static>,
}

/// Milliseconds since 1970-01-01T00:00:00Z, as Java counts them.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(pub i64);
