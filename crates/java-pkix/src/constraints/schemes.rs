//! The signature schemes that a Java client offers, as far as certificates are concerned.

use std::sync::OnceLock;

use crate::parameters::Protocol;
use crate::profile::SignatureSupport;
use crate::rules::Rules;
use crate::signature::Digest;

/// A signature scheme of `sun.security.ssl.SignatureScheme`.
#[derive(Debug)]
struct Scheme {
    /// Its name in RFC 8446, section 4.2.3.
    name: &'static str,
    /// Java's name of the signature.
    algorithm: &'static str,
    /// The algorithm of the key that makes it.
    key: &'static str,
    /// The curve of that key and its size, where the scheme binds one.
    curve: Option<(&'static str, u32)>,
    /// The digest, where the scheme is RSASSA-PSS.
    pss: Option<Digest>,
    /// Whether certificates may be signed with it under TLS 1.3.
    in_tls13: bool,
}

/// The schemes that a runtime's rules leave, once somebody asked: in TLS 1.3, and in what is older.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfferedSchemes {
    tls13: OnceLock<Vec<&'static Scheme>>,
    older: OnceLock<Vec<&'static Scheme>>,
}

/// Returns the schemes that a comma list names, in any letter case; others are passed over.
pub(crate) fn known_schemes(list: &str) -> Vec<String> {
    let known = |name: &str| {
        SCHEMES.iter().map(|scheme| scheme.name).find(|known| known.eq_ignore_ascii_case(name))
    };
    let names = list.trim_matches('"').split(',').filter_map(|name| known(name.trim()));
    names.map(str::to_owned).collect()
}

/// Returns whether a signature `algorithm` is one of those the session's hello offered.
///
/// Below TLS 1.2 nothing was offered and nothing is checked.
pub(super) fn offers(algorithm: &str, protocol: Protocol, rules: &Rules) -> bool {
    if protocol < Protocol::Tls12 {
        return true;
    }
    // 25 and older drop the mask generation function of `<digest>with<encryption>and<mgf>`.
    let algorithm = match algorithm.find("and") {
        Some(at) if at > 0 => algorithm.split_at(at).0,
        Some(_) | None => algorithm,
    };
    offered(protocol, rules).iter().any(|scheme| scheme.algorithm.eq_ignore_ascii_case(algorithm))
}

/// Returns whether RSASSA-PSS with `digest` by a key of `key_algorithm` is one of those the session's hello offered.
pub(super) fn offers_pss(
    digest: &str,
    key_algorithm: &str,
    protocol: Protocol,
    rules: &Rules,
) -> bool {
    protocol < Protocol::Tls12
        || offered(protocol, rules).iter().any(|scheme| {
            scheme.pss.is_some_and(|offered| offered.name() == digest)
                && scheme.key.eq_ignore_ascii_case(key_algorithm)
        })
}

/// Returns the schemes that stood in the hello of a session with `protocol`.
fn offered(protocol: Protocol, rules: &Rules) -> &[&'static Scheme] {
    let OfferedSchemes { tls13, older } = rules.offered_schemes();
    let list = if protocol < Protocol::Tls13 { older } else { tls13 };
    list.get_or_init(|| permitted(protocol, rules).collect())
}

/// Picks the schemes that the rules permit.
///
/// Both properties bar schemes by the algorithm; but for 8 also by the name, the key, or the size of the curve.
fn permitted(protocol: Protocol, rules: &Rules) -> impl Iterator<Item = &'static Scheme> {
    let profile = rules.profile();
    let every = !profile.session_list_follows_protocol || protocol < Protocol::Tls13;
    let edwards = profile.signatures == SignatureSupport::Available;
    let permits = move |name: &str| {
        let barred = profile.knows_tls_usages && rules.tls().bars_certificates_signed_with(name);
        !barred && rules.tls().permits_name(name) && rules.certpath().permits_name(name)
    };
    let permits_curve = move |(name, bits)| {
        permits(name)
            && rules.tls().permits_curve_size(bits)
            && rules.certpath().permits_curve_size(bits)
    };
    SCHEMES.iter().filter(move |scheme| {
        let permits_rest = || {
            permits(scheme.name) && permits(scheme.key) && scheme.curve.is_none_or(permits_curve)
        };
        (every || scheme.in_tls13)
            && (edwards || scheme.key != "EdDSA")
            && rules.offers_scheme(scheme.name)
            && permits(scheme.algorithm)
            && (!profile.filters_schemes_fully || permits_rest())
    })
}

const fn ecdsa(name: &'static str, algorithm: &'static str, curve: (&'static str, u32)) -> Scheme {
    Scheme { name, algorithm, key: "EC", curve: Some(curve), pss: None, in_tls13: true }
}

const fn plain(
    name: &'static str,
    algorithm: &'static str,
    key: &'static str,
    in_tls13: bool,
) -> Scheme {
    Scheme { name, algorithm, key, curve: None, pss: None, in_tls13 }
}

const fn pss(name: &'static str, key: &'static str, digest: Digest) -> Scheme {
    Scheme { name, algorithm: "RSASSA-PSS", key, curve: None, pss: Some(digest), in_tls13: true }
}

const SCHEMES: [Scheme; 22] = [
    ecdsa("ecdsa_secp256r1_sha256", "SHA256withECDSA", ("secp256r1", 256)),
    ecdsa("ecdsa_secp384r1_sha384", "SHA384withECDSA", ("secp384r1", 384)),
    ecdsa("ecdsa_secp521r1_sha512", "SHA512withECDSA", ("secp521r1", 521)),
    plain("ed25519", "Ed25519", "EdDSA", true),
    plain("ed448", "Ed448", "EdDSA", true),
    pss("rsa_pss_rsae_sha256", "RSA", Digest::Sha256),
    pss("rsa_pss_rsae_sha384", "RSA", Digest::Sha384),
    pss("rsa_pss_rsae_sha512", "RSA", Digest::Sha512),
    pss("rsa_pss_pss_sha256", "RSASSA-PSS", Digest::Sha256),
    pss("rsa_pss_pss_sha384", "RSASSA-PSS", Digest::Sha384),
    pss("rsa_pss_pss_sha512", "RSASSA-PSS", Digest::Sha512),
    plain("rsa_pkcs1_sha256", "SHA256withRSA", "RSA", true),
    plain("rsa_pkcs1_sha384", "SHA384withRSA", "RSA", true),
    plain("rsa_pkcs1_sha512", "SHA512withRSA", "RSA", true),
    plain("dsa_sha256", "SHA256withDSA", "DSA", false),
    plain("ecdsa_sha224", "SHA224withECDSA", "EC", false),
    plain("rsa_sha224", "SHA224withRSA", "RSA", false),
    plain("dsa_sha224", "SHA224withDSA", "DSA", false),
    plain("ecdsa_sha1", "SHA1withECDSA", "EC", true),
    plain("rsa_pkcs1_sha1", "SHA1withRSA", "RSA", true),
    plain("dsa_sha1", "SHA1withDSA", "DSA", false),
    plain("rsa_md5", "MD5withRSA", "RSA", false),
];
