//! A private key of the key store, as JSSE's key managers see it.

use std::sync::Arc;

use handshake_probe::SigningKey;
use java_keystore::PrivateKey;
use java_pkix::{Profile, canonical_name};
use pki_types::CertificateDer;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

/// A key with its certificates.
#[derive(Clone, Debug)]
pub(crate) struct ClientKey {
    pub(crate) alias: String,
    pub(crate) chain: Vec<CertificateDer<'static>>,
    /// None if there are no means to sign with it.
    pub(super) signing: Option<Arc<SigningKey>>,
    /// Whether it could be unsealed.
    pub(super) is_unsealed: bool,
    /// Java's name of the key's algorithm: that of its certificate.
    pub(super) algorithm: &'static str,
    /// The named group of an elliptic curve.
    pub(super) group: Option<u16>,
    /// The scheme of an Edwards curve.
    edwards: Option<u16>,
    /// The length of an RSA modulus.
    pub(super) rsa_bits: Option<usize>,
    /// The issuers of all its certificates, in the form in which Java compares them.
    issuers: Vec<String>,
    /// The algorithms of the signatures on its certificates, by their identifiers.
    signed_with: Vec<String>,
    check: Fitness,
}

/// What the certificate itself says about being a client's.
#[derive(Clone, Copy, Debug)]
struct Fitness {
    /// Whether its extensions admit it as a client's.
    extensions: bool,
    /// Seconds since 1970-01-01T00:00:00Z.
    valid: (i64, i64),
}

/// How well a certificate suits, best first (`X509KeyManagerImpl.CheckResult`).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Suits {
    Well,
    Expired,
    ExtensionMismatch,
}

impl ClientKey {
    /// Takes a key and its chain; none if the certificate cannot be read.
    pub(super) fn new(
        alias: &str,
        chain: &[CertificateDer<'static>],
        key: Option<&PrivateKey>,
        profile: &Profile,
    ) -> Option<Self> {
        let own = chain.first()?;
        let (_, parsed) = X509Certificate::from_der(own).ok()?;
        let info = parsed.public_key();
        let algorithm = algorithm(&info.algorithm.algorithm.to_id_string());
        let group = info
            .algorithm
            .parameters
            .as_ref()
            .and_then(|parameters| group(&parameters.as_oid().ok()?.to_id_string()));
        let rsa_bits = match info.parsed() {
            Ok(PublicKey::RSA(key)) => Some(key.key_size()),
            _ => None,
        };
        let all: Vec<X509Certificate<'_>> =
            chain.iter().filter_map(|held| Some(X509Certificate::from_der(held).ok()?.1)).collect();
        let issuers = all.iter().filter_map(|held| canonical_name(held.issuer().as_raw(), profile));
        let signed_with = all.iter().map(|held| held.signature_algorithm.algorithm.to_id_string());
        Some(Self {
            alias: alias.to_owned(),
            chain: chain.to_vec(),
            signing: key.and_then(|key| SigningKey::new(&key.pkcs8(), own)).map(Arc::new),
            is_unsealed: key.is_some(),
            algorithm,
            group,
            edwards: edwards(&info.algorithm.algorithm.to_id_string()),
            rsa_bits,
            issuers: issuers.collect(),
            signed_with: signed_with.collect(),
            check: Fitness {
                extensions: suits_client(&parsed, algorithm),
                valid: (
                    parsed.validity().not_before.timestamp(),
                    parsed.validity().not_after.timestamp(),
                ),
            },
        })
    }

    /// Whether one of the authorities issued a certificate of the chain; without authorities all are welcome.
    pub(super) fn is_issued_by(&self, authorities: &[String]) -> bool {
        authorities.is_empty() || self.issuers.iter().any(|issuer| authorities.contains(issuer))
    }

    /// Whether every certificate is signed with one of these schemes.
    pub(super) fn is_signed_with(&self, schemes: &[u16]) -> bool {
        self.signed_with
            .iter()
            .all(|signature| schemes.iter().any(|scheme| makes(*scheme, signature)))
    }

    /// Whether it is a key of the curve that the scheme names.
    pub(super) fn signs_with_edwards(&self, scheme: u16) -> bool {
        self.edwards == Some(scheme)
    }

    pub(super) fn suits(&self, now: i64) -> Suits {
        let (from, until) = self.check.valid;
        if !self.check.extensions {
            Suits::ExtensionMismatch
        } else if now < from || now > until {
            Suits::Expired
        } else {
            Suits::Well
        }
    }
}

/// Extended key usage first, then key usage, as the key managers look at them.
fn suits_client(certificate: &X509Certificate<'_>, algorithm: &str) -> bool {
    let extended = certificate.extended_key_usage();
    let usage = certificate.key_usage();
    let (Ok(extended), Ok(usage)) = (extended, usage) else { return false };
    let admits = extended.is_none_or(|usage| usage.value.any || usage.value.client_auth);
    let signs = usage.is_none_or(|usage| usage.value.digital_signature());
    admits && (signs || !matches!(algorithm, "RSA" | "DSA" | "EC"))
}

/// Returns Java's name of a key's algorithm.
fn algorithm(identifier: &str) -> &'static str {
    match identifier {
        "1.2.840.113549.1.1.1" => "RSA",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.10045.2.1" => "EC",
        "1.3.101.112" | "1.3.101.113" => "EdDSA",
        _ => "unknown",
    }
}

/// Returns the number of a named curve.
fn group(identifier: &str) -> Option<u16> {
    match identifier {
        "1.2.840.10045.3.1.7" => Some(0x0017),
        "1.3.132.0.34" => Some(0x0018),
        "1.3.132.0.35" => Some(0x0019),
        "1.3.132.0.10" => Some(0x0016),
        _ => None,
    }
}

/// Returns the scheme of an Edwards curve.
fn edwards(identifier: &str) -> Option<u16> {
    match identifier {
        "1.3.101.112" => Some(0x0807),
        "1.3.101.113" => Some(0x0808),
        _ => None,
    }
}

/// Whether a scheme is the one of a certificate's signature.
fn makes(scheme: u16, signature: &str) -> bool {
    let expected = match scheme {
        0x0401 => "1.2.840.113549.1.1.11",
        0x0501 => "1.2.840.113549.1.1.12",
        0x0601 => "1.2.840.113549.1.1.13",
        0x0301 => "1.2.840.113549.1.1.14",
        0x0201 => "1.2.840.113549.1.1.5",
        0x0804..=0x0806 | 0x0809..=0x080b => "1.2.840.113549.1.1.10",
        0x0403 => "1.2.840.10045.4.3.2",
        0x0503 => "1.2.840.10045.4.3.3",
        0x0603 => "1.2.840.10045.4.3.4",
        0x0303 => "1.2.840.10045.4.3.1",
        0x0203 => "1.2.840.10045.4.1",
        0x0807 => "1.3.101.112",
        0x0808 => "1.3.101.113",
        0x0402 => "2.16.840.1.101.3.4.3.2",
        0x0302 => "2.16.840.1.101.3.4.3.1",
        0x0202 => "1.2.840.10040.4.3",
        _ => return false,
    };
    signature == expected
}
