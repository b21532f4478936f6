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

impl Entry {
    /// Returns its certificates: the trusted one, or the chain of a private key, end entity first.
    pub fn certificates(&self) -> &[CertificateDer<'static>] {
        match &self.kind {
            EntryKind::TrustedCertificate(certificate) => std::slice::from_ref(certificate),
            EntryKind::PrivateKey(chain) => chain,
            EntryKind::SecretKey => &[],
        }
    }

    /// Returns the certificate that is trusted for itself, seen by Java or not; none for a key.
    pub fn trusted_certificate(&self) -> Option<&CertificateDer<'static>> {
        match &self.kind {
            EntryKind::TrustedCertificate(certificate) => Some(certificate),
            EntryKind::PrivateKey(_) | EntryKind::SecretKey => None,
        }
    }

    /// Returns whether it is the trusted certificate `certificate`, seen by Java or not.
    pub(crate) fn is_trust_in(&self, certificate: &CertificateDer<'_>) -> bool {
        self.trusted_certificate() == Some(certificate)
    }

    /// Says why Java does not take the entry as a trust anchor; none if it does.
    pub fn untrusted_because(&self) -> Option<Untrusted> {
        if self.trusted {
            return None;
        }
        Some(match &self.kind {
            EntryKind::SecretKey => Untrusted::NoCertificate,
            EntryKind::PrivateKey(chain) if chain.is_empty() => Untrusted::NoCertificate,
            EntryKind::TrustedCertificate(_) | EntryKind::PrivateKey(_) => {
                Untrusted::AliasNotLowerCase
            }
        })
    }
}

/// Why Java does not take an entry as a trust anchor.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Untrusted {
    /// The alias in a JKS or JCEKS file is not in lower case: Java lists it, but looks it up in lower case and finds nothing.
    AliasNotLowerCase,
    /// There is no certificate in it: a secret key, or a private key without chain.
    NoCertificate,
}

/// What of a store older runtimes cannot read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NewerJava {
    /// PBES2 encryption, or a MAC with another hash than SHA-1: what keytool writes since 11.0.12 and 17. The recorded
    /// 8u504 and 11.0.33 read it; updates before 8u301 and 11.0.12 are told to refuse it, which was not tried.
    Pbes2,
    /// PBMAC1 (RFC 9579): the recorded 25.0.5 and 26.0.2 read it, the recorded 8u504, 11.0.33, 17.0.15 and 21.0.13 refuse it.
    Pbmac1,
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
