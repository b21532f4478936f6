//! Java's names of algorithms by object identifier, and what each release can do with them.
//!
//! Printed by `AlgorithmId.getName()` and `Signature.getInstance()` of 8u504, 11.0.33, 17.0.19,
//! 21.0.13, 25.0.5 and 26.0.2.

use crate::profile::{Profile, SignatureSupport};
use crate::signature::Digest;

/// What an algorithm signs with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    Rsa(Digest),
    /// RSASSA-PSS; the digest stands in the parameters.
    RsaPss,
    /// ECDSA.
    Ecdsa(Digest),
    /// DSA.
    Dsa(Digest),
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
    /// ML-DSA with one of its parameter sets.
    MlDsa(MlDsa),
}

/// A parameter set of ML-DSA.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum MlDsa {
    /// ML-DSA-44.
    Set44,
    /// ML-DSA-65.
    Set65,
    /// ML-DSA-87.
    Set87,
}

impl MlDsa {
    /// Returns Java's name of the parameter set.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Set44 => "ML-DSA-44",
            Self::Set65 => "ML-DSA-65",
            Self::Set87 => "ML-DSA-87",
        }
    }

    /// Returns the parameter set with this Java name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Set44, Self::Set65, Self::Set87].into_iter().find(|set| set.name() == name)
    }
}

/// Since when something is so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Since {
    /// All recorded releases.
    Java8,
    /// 11 and later.
    Java11,
    /// 17 and later.
    Java17,
    /// The releases that know ML-DSA.
    MlDsa,
}

impl Since {
    fn holds(self, profile: &Profile) -> bool {
        match self {
            Self::Java8 => true,
            Self::Java11 => profile.signatures != SignatureSupport::Unknown,
            Self::Java17 => profile.signatures == SignatureSupport::Available,
            Self::MlDsa => profile.has_ml_dsa,
        }
    }
}

/// One algorithm.
#[derive(Debug)]
struct Known {
    oid: &'static str,
    name: &'static str,
    named: Since,
    scheme: Option<(Scheme, Since)>,
}

/// Returns Java's name of an algorithm, if it has one.
pub(crate) fn name_of(oid: &str, profile: &Profile) -> Option<&'static str> {
    find(oid, profile).map(|known| known.name)
}

/// Returns what an algorithm signs with, if the release can verify it.
pub(crate) fn scheme_of(oid: &str, profile: &Profile) -> Option<Scheme> {
    let (scheme, since) = find(oid, profile)?.scheme?;
    since.holds(profile).then_some(scheme)
}

fn find(oid: &str, profile: &Profile) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.oid == oid && known.named.holds(profile))
}

const fn row(
    oid: &'static str,
    name: &'static str,
    named: Since,
    scheme: Scheme,
    verified: Since,
) -> Known {
    Known { oid, name, named, scheme: Some((scheme, verified)) }
}

const fn bare(oid: &'static str, name: &'static str, named: Since) -> Known {
    Known { oid, name, named, scheme: None }
}

use Digest as D;
use Scheme::{Dsa, Ecdsa, Ed448, Ed25519, Rsa, RsaPss};
use Since::{Java8 as J8, Java11 as J11, Java17 as J17};

const KNOWN: [Known; 66] = [
    row("1.2.840.113549.1.1.11", "SHA256withRSA", J8, Rsa(D::Sha256), J8),
    row("1.2.840.113549.1.1.12", "SHA384withRSA", J8, Rsa(D::Sha384), J8),
    row("1.2.840.113549.1.1.13", "SHA512withRSA", J8, Rsa(D::Sha512), J8),
    row("1.2.840.10045.4.3.2", "SHA256withECDSA", J8, Ecdsa(D::Sha256), J8),
    row("1.2.840.10045.4.3.3", "SHA384withECDSA", J8, Ecdsa(D::Sha384), J8),
    row("1.2.840.113549.1.1.5", "SHA1withRSA", J8, Rsa(D::Sha1), J8),
    row("1.2.840.113549.1.1.2", "MD2withRSA", J8, Rsa(D::Md2), J8),
    row("1.2.840.113549.1.1.4", "MD5withRSA", J8, Rsa(D::Md5), J8),
    row("1.2.840.113549.1.1.10", "RSASSA-PSS", J8, RsaPss, J8),
    row("1.2.840.113549.1.1.14", "SHA224withRSA", J8, Rsa(D::Sha224), J8),
    row("1.2.840.113549.1.1.15", "SHA512/224withRSA", J8, Rsa(D::Sha512_224), J8),
    row("1.2.840.113549.1.1.16", "SHA512/256withRSA", J8, Rsa(D::Sha512_256), J8),
    row("1.3.14.3.2.15", "SHA1withRSA", J11, Rsa(D::Sha1), J11),
    row("1.3.14.3.2.29", "SHA1withRSA", J8, Rsa(D::Sha1), J8),
    row("1.2.840.10045.4.1", "SHA1withECDSA", J8, Ecdsa(D::Sha1), J8),
    row("1.2.840.10045.4.3.1", "SHA224withECDSA", J8, Ecdsa(D::Sha224), J8),
    row("1.2.840.10045.4.3.4", "SHA512withECDSA", J8, Ecdsa(D::Sha512), J8),
    row("1.2.840.10040.4.1", "DSA", J8, Dsa(D::Sha1), J8),
    row("1.3.14.3.2.12", "DSA", J8, Dsa(D::Sha1), J8),
    row("1.2.840.10040.4.3", "SHA1withDSA", J8, Dsa(D::Sha1), J8),
    row("1.3.14.3.2.13", "SHA1withDSA", J8, Dsa(D::Sha1), J8),
    row("1.3.14.3.2.27", "SHA1withDSA", J8, Dsa(D::Sha1), J8),
    row("2.16.840.1.101.3.4.3.1", "SHA224withDSA", J8, Dsa(D::Sha224), J8),
    row("2.16.840.1.101.3.4.3.2", "SHA256withDSA", J8, Dsa(D::Sha256), J8),
    row("2.16.840.1.101.3.4.3.3", "SHA384withDSA", J11, Dsa(D::Sha384), J17),
    row("2.16.840.1.101.3.4.3.4", "SHA512withDSA", J11, Dsa(D::Sha512), J17),
    row("2.16.840.1.101.3.4.3.5", "SHA3-224withDSA", J17, Dsa(D::Sha3_224), J17),
    row("2.16.840.1.101.3.4.3.6", "SHA3-256withDSA", J17, Dsa(D::Sha3_256), J17),
    row("2.16.840.1.101.3.4.3.7", "SHA3-384withDSA", J17, Dsa(D::Sha3_384), J17),
    row("2.16.840.1.101.3.4.3.8", "SHA3-512withDSA", J17, Dsa(D::Sha3_512), J17),
    row("2.16.840.1.101.3.4.3.9", "SHA3-224withECDSA", J17, Ecdsa(D::Sha3_224), J17),
    row("2.16.840.1.101.3.4.3.10", "SHA3-256withECDSA", J17, Ecdsa(D::Sha3_256), J17),
    row("2.16.840.1.101.3.4.3.11", "SHA3-384withECDSA", J17, Ecdsa(D::Sha3_384), J17),
    row("2.16.840.1.101.3.4.3.12", "SHA3-512withECDSA", J17, Ecdsa(D::Sha3_512), J17),
    row("2.16.840.1.101.3.4.3.13", "SHA3-224withRSA", J11, Rsa(D::Sha3_224), J17),
    row("2.16.840.1.101.3.4.3.14", "SHA3-256withRSA", J11, Rsa(D::Sha3_256), J17),
    row("2.16.840.1.101.3.4.3.15", "SHA3-384withRSA", J11, Rsa(D::Sha3_384), J17),
    row("2.16.840.1.101.3.4.3.16", "SHA3-512withRSA", J11, Rsa(D::Sha3_512), J17),
    row("1.3.101.112", "Ed25519", J11, Ed25519, J17),
    row("1.3.101.113", "Ed448", J11, Ed448, J17),
    ml_dsa("2.16.840.1.101.3.4.3.17", "ML-DSA-44", MlDsa::Set44),
    ml_dsa("2.16.840.1.101.3.4.3.18", "ML-DSA-65", MlDsa::Set65),
    ml_dsa("2.16.840.1.101.3.4.3.19", "ML-DSA-87", MlDsa::Set87),
    // No signatures: keys, digests and the rest, for the names in messages.
    bare("1.2.840.113549.1.1.1", "RSA", J8),
    bare("2.5.8.1.1", "RSA", J8),
    bare("1.2.840.113549.1.1.7", "OAEP", J11),
    bare("1.2.840.113549.1.1.8", "MGF1", J11),
    bare("1.2.840.10045.2.1", "EC", J8),
    bare("1.3.132.1.12", "ECDH", J8),
    bare("1.3.101.110", "X25519", J11),
    bare("1.3.101.111", "X448", J11),
    bare("1.2.840.113549.1.3.1", "DiffieHellman", J11),
    bare("1.2.840.113549.1.3.1", "Diffie-Hellman", J8),
    bare("1.3.14.3.2.26", "SHA-1", J8),
    bare("1.2.840.113549.2.2", "MD2", J8),
    bare("1.2.840.113549.2.5", "MD5", J8),
    bare("2.16.840.1.101.3.4.2.1", "SHA-256", J8),
    bare("2.16.840.1.101.3.4.2.2", "SHA-384", J8),
    bare("2.16.840.1.101.3.4.2.3", "SHA-512", J8),
    bare("2.16.840.1.101.3.4.2.4", "SHA-224", J8),
    bare("2.16.840.1.101.3.4.2.5", "SHA-512/224", J8),
    bare("2.16.840.1.101.3.4.2.6", "SHA-512/256", J8),
    bare("2.16.840.1.101.3.4.2.7", "SHA3-224", J11),
    bare("2.16.840.1.101.3.4.2.8", "SHA3-256", J11),
    bare("2.16.840.1.101.3.4.2.9", "SHA3-384", J11),
    bare("2.16.840.1.101.3.4.2.10", "SHA3-512", J11),
];

const fn ml_dsa(oid: &'static str, name: &'static str, set: MlDsa) -> Known {
    row(oid, name, Since::MlDsa, Scheme::MlDsa(set), Since::MlDsa)
}
