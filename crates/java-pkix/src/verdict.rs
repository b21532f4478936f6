//! What Java decides, and why.

use crate::anchor::TrustAnchor;
use crate::exception::JavaException;
use crate::trace::Trace;

/// What Java decides about a chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The chain ends at an anchor and passed every check.
    Trusted(Trusted),
    /// The chain was rejected.
    Rejected(Rejection),
}

impl Verdict {
    /// Returns whether Java says the same: both trust, or both reject with the same exceptions.
    pub(crate) fn is_same_answer(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Trusted(_), Self::Trusted(_)) => true,
            (Self::Rejected(one), Self::Rejected(other)) => one.exception == other.exception,
            (Self::Trusted(_), Self::Rejected(_)) | (Self::Rejected(_), Self::Trusted(_)) => false,
        }
    }
}

/// How a chain came to be trusted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trusted {
    /// The anchor at the top.
    pub anchor: TrustAnchor,
    /// Indices into the chain as sent, end entity first: the path under the anchor; empty where the end entity itself is the anchor.
    pub path: Vec<usize>,
    /// The candidates that were tried before and why they were dropped.
    pub trace: Trace,
}

/// A rejection in Java's words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejection {
    /// Why, in this crate's terms; its `code` is stable.
    pub reason: Reason,
    /// Index into the chain as sent of the certificate concerned, where it is one.
    pub certificate: Option<usize>,
    /// What Java throws.
    pub exception: JavaException,
    /// The alert that Java sends, as RFC 8446, section 6, names it.
    pub alert: &'static str,
    /// The candidates that were tried and why they were dropped: Java's path building hides it.
    pub trace: Trace,
}

/// Why Java rejects a chain.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reason {
    /// The trust store holds no certificate.
    NoTrustAnchors,
    /// The peer sent no certificate.
    NoCertificates,
    /// More certificates than Java takes (`jdk.tls.maxCertificateChainLength`).
    TooManyCertificates,
    /// A larger handshake message than Java takes (`jdk.tls.maxHandshakeMessageSize`).
    MessageTooLarge,
    /// A certificate that Java can't read.
    Unreadable,
    /// No path leads from the end entity to an anchor.
    NoPath,
    /// The anchors of that name do not fit the topmost certificate's authorityKeyIdentifier.
    NotChained,
    /// A certificate is on the block list.
    Blocked,
    /// An algorithm or key size is disabled.
    AlgorithmDisabled,
    /// An intermediate may not sign certificates.
    CaKeyUsage,
    /// A keyUsage without a usable bit.
    EmptyKeyUsage,
    /// An intermediate is not a CA.
    NotCa,
    /// More CAs than a pathLenConstraint allows.
    PathTooLong,
    /// A name outside the name constraints.
    NameConstraints,
    /// A policy was demanded and none is left.
    Policy,
    /// After notAfter.
    Expired,
    /// Before notBefore.
    NotYetValid,
    /// The signature does not match.
    SignatureMismatch,
    /// The signature can't be verified: unknown algorithm or curve, or a key of another kind.
    SignatureUnsupported,
    /// A critical extension that Java does not know.
    CriticalExtension,
    /// The anchor is not a CA.
    AnchorNotCa,
    /// The anchor may not sign certificates.
    AnchorKeyUsage,
    /// The end entity's keyUsage does not fit the key exchange.
    KeyUsage,
    /// The end entity is not for TLS servers.
    ExtendedKeyUsage,
    /// The end entity's Netscape type is not for TLS servers.
    NetscapeType,
    /// Java distrusts the CA.
    Distrusted,
    /// The certificate does not stand for the host.
    HostName,
    /// Java fails over the certificate with a runtime exception.
    Crash,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 28] = [
        Self::NoTrustAnchors,
        Self::NoCertificates,
        Self::TooManyCertificates,
        Self::MessageTooLarge,
        Self::Unreadable,
        Self::NoPath,
        Self::NotChained,
        Self::Blocked,
        Self::AlgorithmDisabled,
        Self::CaKeyUsage,
        Self::EmptyKeyUsage,
        Self::NotCa,
        Self::PathTooLong,
        Self::NameConstraints,
        Self::Policy,
        Self::Expired,
        Self::NotYetValid,
        Self::SignatureMismatch,
        Self::SignatureUnsupported,
        Self::CriticalExtension,
        Self::AnchorNotCa,
        Self::AnchorKeyUsage,
        Self::KeyUsage,
        Self::ExtendedKeyUsage,
        Self::NetscapeType,
        Self::Distrusted,
        Self::HostName,
        Self::Crash,
    ];

    /// Returns the stable name of the reason, for programs: `pkix-no-path`, say.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoTrustAnchors => "pkix-no-trust-anchors",
            Self::NoCertificates => "pkix-no-certificates",
            Self::TooManyCertificates => "pkix-too-many-certificates",
            Self::MessageTooLarge => "pkix-message-too-large",
            Self::Unreadable => "pkix-unreadable-certificate",
            Self::NoPath => "pkix-no-path",
            Self::NotChained => "pkix-anchor-does-not-fit",
            Self::Blocked => "pkix-blocked",
            Self::AlgorithmDisabled => "pkix-algorithm-disabled",
            Self::CaKeyUsage => "pkix-ca-key-usage",
            Self::EmptyKeyUsage => "pkix-empty-key-usage",
            Self::NotCa => "pkix-not-a-ca",
            Self::PathTooLong => "pkix-path-too-long",
            Self::NameConstraints => "pkix-name-constraints",
            Self::Policy => "pkix-policy",
            Self::Expired => "pkix-expired",
            Self::NotYetValid => "pkix-not-yet-valid",
            Self::SignatureMismatch => "pkix-signature-mismatch",
            Self::SignatureUnsupported => "pkix-signature-unsupported",
            Self::CriticalExtension => "pkix-critical-extension",
            Self::AnchorNotCa => "pkix-anchor-not-a-ca",
            Self::AnchorKeyUsage => "pkix-anchor-key-usage",
            Self::KeyUsage => "pkix-key-usage",
            Self::ExtendedKeyUsage => "pkix-extended-key-usage",
            Self::NetscapeType => "pkix-netscape-type",
            Self::Distrusted => "pkix-distrusted-ca",
            Self::HostName => "host-name-mismatch",
            Self::Crash => "pkix-java-fails",
        }
    }
}
