//! What Java makes of a certificate in a trust store, before there is a chain to judge.

use pki_types::CertificateDer;

use crate::block::Block;
use crate::checks::{Misdated, may_sign_certificates, misdated};
use crate::constraints::Examined;
use crate::constraints::{AnchorKey, PathAlgorithms, PathOrigin, SessionAlgorithms};
use crate::distinguished_name::DistinguishedName;
use crate::distrust::Distrust;
use crate::exception::JavaException;
use crate::parameters::Protocol;
use crate::public_key::{Material, PublicKey};
use crate::rules::Rules;
use crate::signature::{MlDsa, SignatureAlgorithm};

/// What Java makes of a certificate in a trust store. Its own signature does not count: nobody verifies it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Fitness {
    /// `X509Certificate.getVersion()`: 1 to 3. Before 3 a certificate cannot say that it is a CA's, and Java takes it for one.
    pub version: i32,
    /// Whether it says that it is a certification authority's (basicConstraints).
    pub is_authority: bool,
    /// Whether keyUsage, if there is one, lets it sign certificates.
    pub may_sign_certificates: bool,
    /// Whether subject and issuer are the same name.
    pub is_self_issued: bool,
    /// Whether it may stand at the end of a path: `TrustAnchor with subject … is not a CA certificate` if not.
    pub may_anchor: bool,
    /// Whether its dates have passed or are still to come.
    pub misdated: Option<OutOfDate>,
    /// The key's algorithm and its size: `RSA`, 2048.
    pub key: (String, Option<u32>),
    /// Java's words where a path under it fails for its key: a property forbids it, or no provider computes with it.
    pub key_fault: Option<String>,
    /// Whether it is on the block list.
    pub is_blocked: bool,
    /// The policy that distrusts it by name.
    pub distrust: Option<Distrust>,
    /// The subject's DER.
    pub subject: Vec<u8>,
    /// The key's DER (`SubjectPublicKeyInfo`).
    pub public_key: Vec<u8>,
}

/// On which side of its validity a certificate stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OutOfDate {
    /// It is not valid yet.
    NotYetValid,
    /// It has expired.
    Expired,
}

impl Fitness {
    /// Examines a certificate that stands in a trust store, for a runtime with `rules` at `now` (milliseconds since 1970).
    ///
    /// `jdk_ca` is whether Java counts it as one of its own.
    ///
    /// # Errors
    ///
    /// What Java's certificate factory throws: it then reads nothing of the whole store.
    pub fn of(
        certificate: &CertificateDer<'_>,
        jdk_ca: bool,
        rules: &Rules,
        now: i64,
    ) -> Result<Self, JavaException> {
        let block = Block::first(certificate)?;
        let read = block.certificate(rules.profile())?;
        let is_authority = read.path_length() != -1;
        let may_sign = may_sign_certificates(&read);
        let may_anchor = rules.allows_non_ca_anchor() || read.version < 3;
        Ok(Self {
            version: read.version,
            is_authority,
            may_sign_certificates: may_sign,
            is_self_issued: read.is_self_issued(),
            may_anchor: may_anchor || (is_authority && may_sign),
            misdated: misdated(&read, now).map(|side| match side {
                Misdated::NotYetValid => OutOfDate::NotYetValid,
                Misdated::Expired => OutOfDate::Expired,
            }),
            key: (read.key.algorithm().to_owned(), read.key.bits()),
            key_fault: key_fault(&read.key, jdk_ca, rules, now),
            is_blocked: rules.blocked().contains(read.sha256()),
            distrust: rules.distrust().of_root(read.sha256(), rules.profile().distrust, now),
            subject: read.subject.encoded().to_vec(),
            public_key: read.key_encoded.to_vec(),
        })
    }
}

/// Lets the key sign a certificate that nothing else is wrong with, and returns what Java says to that.
///
/// In validator mode the session's rules are asked for the anchor only since 26; in builder mode by every release.
fn key_fault(key: &PublicKey, jdk_ca: bool, rules: &Rules, now: i64) -> Option<String> {
    let Some(encoded) = usual_algorithm(key.material()) else {
        let class = key.java_class();
        return Some(format!("No installed provider supports this key: {class}"));
    };
    let signature = SignatureAlgorithm::parse(encoded, rules.profile()).ok()?;
    let anchor = AnchorKey { key, jdk_ca };
    // The certificate under the anchor has a key of its own, but the anchor's is judged by the same rules.
    let subject = &DistinguishedName::default();
    let examined = Examined { signature: &signature, key, key_usage: None, subject };
    let path = PathAlgorithms::new(rules, anchor, now).check(&examined).err();
    let session = || {
        let origin = PathOrigin::Built;
        SessionAlgorithms::new(rules, anchor, origin, Protocol::Tls12, now).check(&examined).err()
    };
    path.or_else(session).map(|fault| fault.text).or_else(|| unsupported_curve(key, rules))
}

fn unsupported_curve(key: &PublicKey, rules: &Rules) -> Option<String> {
    let Material::Ec { curve, .. } = key.material() else { return None };
    let usual = ["secp256r1", "secp384r1", "secp521r1"];
    let is_usual = usual.iter().any(|usual| curve.names.contains(usual));
    (!is_usual && !rules.profile().verifies_legacy_curves)
        .then(|| format!("Curve not supported: {}", curve.text()))
}

/// Returns the `AlgorithmIdentifier` of what a CA with such a key signs with; none where a key cannot sign.
fn usual_algorithm(material: &Material) -> Option<&'static [u8]> {
    match material {
        Material::Rsa(key) if key.is_pss => Some(PSS_WITH_SHA256),
        Material::Rsa(_) => Some(b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"),
        Material::Ec { .. } => Some(b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"),
        Material::Dsa(_) => Some(b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x02"),
        Material::Edwards { name: "Ed25519", .. } => Some(b"\x30\x05\x06\x03\x2b\x65\x70"),
        Material::Edwards { .. } => Some(b"\x30\x05\x06\x03\x2b\x65\x71"),
        Material::MlDsa { set, .. } => Some(match set {
            MlDsa::Set44 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x11",
            MlDsa::Set65 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x12",
            MlDsa::Set87 => b"\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x13",
        }),
        Material::Montgomery { .. } | Material::DiffieHellman { .. } | Material::Opaque(_) => None,
    }
}

/// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes (RFC 4055, section 3.1).
const PSS_WITH_SHA256: &[u8] = b"\x30\x41\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x34\
      \xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\
      \xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08\
      \x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\
      \xa2\x03\x02\x01\x20";
