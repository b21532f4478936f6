//! All that a certificate says, as an admin reads it.

use pki_types::CertificateDer;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde::Serialize;
use x509_parser::prelude::{ParsedExtension, X509Extension};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::shown::{Shown, general_name, hex};

/// What a certificate says beside its names and dates.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Details {
    pub(crate) serial: String,
    pub(crate) sha1: String,
    pub(crate) version: u32,
    pub(crate) key: KeyKind,
    pub(crate) signature_algorithm: String,
    /// Whether subject and issuer are the same, and the key identifiers do not say otherwise.
    pub(crate) self_signed: bool,
    /// Whether it says that it is a certification authority's.
    pub(crate) ca: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path_length: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) key_usage: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) extended_key_usage: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) alternative_names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject_key_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authority_key_identifier: Option<String>,
}

/// A public key, named as Java names it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct KeyKind {
    pub(crate) algorithm: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bits: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) curve: Option<String>,
}

impl Details {
    /// Reads a certificate, if it can be parsed.
    pub(crate) fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let shown = Shown::of(certificate)?;
        let parsed = &shown.0;
        let sha1 = digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate);
        let mut details = Self {
            serial: hex(match parsed.raw_serial() {
                [0, rest @ ..] if !rest.is_empty() => rest,
                all => all,
            }),
            sha1: hex(sha1.as_ref()),
            version: parsed.version().0.saturating_add(1),
            key: KeyKind::of(parsed.public_key()),
            signature_algorithm: algorithm(&parsed.signature_algorithm.algorithm.to_id_string()),
            self_signed: false,
            ca: false,
            path_length: None,
            key_usage: Vec::new(),
            extended_key_usage: Vec::new(),
            alternative_names: Vec::new(),
            subject_key_identifier: None,
            authority_key_identifier: None,
        };
        parsed.extensions().iter().for_each(|extension| details.read(extension));
        let (own, issuers) = (&details.subject_key_identifier, &details.authority_key_identifier);
        let is_of_other_key = matches!((own, issuers), (Some(own), Some(other)) if own != other);
        details.self_signed = shown.is_self_issued() && !is_of_other_key;
        Some(details)
    }

    fn read(&mut self, extension: &X509Extension<'_>) {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "there are more extensions than are shown"
        )]
        match extension.parsed_extension() {
            ParsedExtension::BasicConstraints(held) => {
                (self.ca, self.path_length) = (held.ca, held.path_len_constraint);
            }
            ParsedExtension::KeyUsage(held) => {
                let flags = KEY_USAGES.iter().enumerate();
                let set = flags.filter(|(bit, _)| held.flags >> bit & 1 == 1);
                self.key_usage = set.map(|(_, name)| *name).collect();
            }
            ParsedExtension::ExtendedKeyUsage(held) => {
                let known = [
                    (held.any, "any"),
                    (held.server_auth, "serverAuth"),
                    (held.client_auth, "clientAuth"),
                    (held.code_signing, "codeSigning"),
                    (held.email_protection, "emailProtection"),
                    (held.time_stamping, "timeStamping"),
                    (held.ocsp_signing, "OCSPSigning"),
                ];
                let known = known.iter().filter(|(is_set, _)| *is_set);
                let known = known.map(|(_, name)| (*name).to_owned());
                let other = held.other.iter().map(|oid| oid.to_id_string());
                self.extended_key_usage = known.chain(other).collect();
            }
            ParsedExtension::SubjectAlternativeName(held) => {
                self.alternative_names =
                    held.general_names.iter().filter_map(general_name).collect();
            }
            ParsedExtension::SubjectKeyIdentifier(held) => {
                self.subject_key_identifier = Some(hex(held.0));
            }
            ParsedExtension::AuthorityKeyIdentifier(held) => {
                self.authority_key_identifier = held.key_identifier.as_ref().map(|id| hex(id.0));
            }
            _ => {}
        }
    }
}

impl KeyKind {
    fn of(key: &SubjectPublicKeyInfo<'_>) -> Self {
        let mut kind = Self {
            algorithm: algorithm(&key.algorithm.algorithm.to_id_string()),
            bits: None,
            curve: None,
        };
        if let Ok(PublicKey::RSA(rsa)) = key.parsed() {
            kind.bits = Some(bits(rsa.modulus));
        }
        let curve = key.algorithm.parameters.as_ref().and_then(|held| held.as_oid().ok());
        if let Some(curve) = curve.filter(|_| kind.algorithm == "EC") {
            let id = curve.to_id_string();
            let known = CURVES.iter().find(|(oid, ..)| *oid == id);
            kind.bits = known.map(|(_, _, bits)| *bits);
            kind.curve = Some(known.map_or(id, |(_, name, _)| (*name).to_owned()));
        }
        kind
    }
}

/// `RSA, 2048 bits`, `EC, 256 bits (secp256r1)`, `Ed25519`.
impl std::fmt::Display for KeyKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.algorithm)?;
        if let Some(bits) = self.bits {
            write!(f, ", {bits} bits")?;
        }
        self.curve.iter().try_for_each(|curve| write!(f, " ({curve})"))
    }
}

/// The length of a number without its leading zeros.
fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let leading = number.get(zeros).map_or(0, |byte| byte.leading_zeros());
    (number.len() - zeros) * 8 - usize::try_from(leading).unwrap_or_default()
}

fn algorithm(oid: &str) -> String {
    let known = ALGORITHMS.iter().find(|(held, _)| *held == oid);
    known.map_or(oid, |(_, name)| name).to_owned()
}

/// RFC 5280, section 4.2.1.3, first bit first.
const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// Java's names of keys and signatures.
const ALGORITHMS: [(&str, &str); 28] = [
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.2", "MD2withRSA"),
    ("1.2.840.113549.1.1.4", "MD5withRSA"),
    ("1.2.840.113549.1.1.5", "SHA1withRSA"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.113549.1.1.11", "SHA256withRSA"),
    ("1.2.840.113549.1.1.12", "SHA384withRSA"),
    ("1.2.840.113549.1.1.13", "SHA512withRSA"),
    ("1.2.840.113549.1.1.14", "SHA224withRSA"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.10040.4.3", "SHA1withDSA"),
    ("2.16.840.1.101.3.4.3.1", "SHA224withDSA"),
    ("2.16.840.1.101.3.4.3.2", "SHA256withDSA"),
    ("2.16.840.1.101.3.4.3.3", "SHA384withDSA"),
    ("2.16.840.1.101.3.4.3.4", "SHA512withDSA"),
    ("1.2.840.10045.2.1", "EC"),
    ("1.2.840.10045.4.1", "SHA1withECDSA"),
    ("1.2.840.10045.4.3.1", "SHA224withECDSA"),
    ("1.2.840.10045.4.3.2", "SHA256withECDSA"),
    ("1.2.840.10045.4.3.3", "SHA384withECDSA"),
    ("1.2.840.10045.4.3.4", "SHA512withECDSA"),
    ("1.3.101.110", "X25519"),
    ("1.3.101.111", "X448"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
    ("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
    ("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
];

/// Curves: identifier, name, size.
const CURVES: [(&str, &str, usize); 8] = [
    ("1.2.840.10045.3.1.1", "secp192r1", 192),
    ("1.3.132.0.33", "secp224r1", 224),
    ("1.2.840.10045.3.1.7", "secp256r1", 256),
    ("1.3.132.0.34", "secp384r1", 384),
    ("1.3.132.0.35", "secp521r1", 521),
    ("1.3.132.0.10", "secp256k1", 256),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384),
];
