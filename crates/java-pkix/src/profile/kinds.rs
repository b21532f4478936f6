//! What a switch says that is more than on or off.

/// How `sun.security.provider.certpath.AlgorithmChecker` walks a path, and its words.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AlgorithmChecker {
    /// 8, 11, 17: the signature's name first, then the own key; the anchor's key with the first signature.
    SignatureFirst,
    /// 21, 25: the anchor's key for itself; the TLS list does not know the anchor.
    /// The blank before `signature and` is missing.
    AnchorFirst,
    /// 26: as 21, but the TLS list knows the anchor; the blank is there.
    AnchorKnown,
}

/// Which signature algorithms beyond RSA, DSA and ECDSA with SHA-2 the runtime knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignatureSupport {
    /// 8: Ed25519, Ed448 and SHA-3 are mere object identifiers.
    Unknown,
    /// 11: they have names, but no implementation.
    Named,
    /// 17 and later.
    Available,
}

/// How a `*` right under a public suffix is found in certificates below Java's own anchors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PublicSuffixRule {
    /// 8: by the suffix of a host below a registered name, which only `www.*.com` and the like meet.
    OfHost,
    /// 11 and later: by the presented name.
    OfPresented,
}

/// What an empty dNSName constraint does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EmptyDnsConstraint {
    /// 8, 11: nothing lies under it.
    MatchesNothing,
    /// 17: `String index out of range: 0`.
    StringIndexCrash,
    /// 21 and later: `Index 0 out of bounds for length 0`.
    BoundsCrash,
}

/// The words of the DER reader.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DerWords {
    /// 8 and 11: `Short read of DER length`, `insufficient data`.
    Legacy,
    /// 17 and later: `Too short`, `not enough content`.
    Current,
}

/// What `sun.security.x509.DNSName` asks of a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DnsNameWords {
    /// Components that begin with a letter or digit: 8u504, 11.0.33, 17.0.19, 25.0.3, 26.0.2.
    Components,
    /// Labels as long as they may be, that do not begin or end with a hyphen: 21.0.13, 25.0.5.
    Labels,
}

/// Where `DerInputStream.getDerValue` goes on behind a value of indefinite length, which it rewrites first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BehindIndefinite {
    /// 8 and 11: as far on as the rewritten value is long, which is too short where others of indefinite length are inside.
    Short,
    /// 17 and 21: as far from the end of the buffer as it should be from the end of the enclosing value.
    FromBufferEnd,
    /// 25 and later: behind it.
    Right,
}

/// How `jdk.security.caDistrustPolicies` judges below a distrusted root.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DistrustGeneration {
    /// End entities issued after a date are rejected.
    Dated,
    /// Symantec, Entrust and Camerfirma roots are rejected always: 17.0.21, 21.0.13, 25.0.5.
    Total,
}
