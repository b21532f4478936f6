//! The signature schemes that a Java client offers, as far as certificates are concerned.

use std::sync::OnceLock;

use crate::parameters::Protocol;
use crate::profile::SignatureSupport;
use crate::rules::Rules;
use crate::signature::Digest;

/// A signature scheme of `sun.security.ssl.SignatureScheme`.
#[derive(Debug)]
struct Scheme {
    /// Its number in the IANA registry.
    code: u16,
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
    /// Whether the handshake itself may be signed with it under TLS 1.3, in releases that tell the two apart.
    in_tls13_handshake: bool,
}

/// Whether a runtime's rules leave each scheme, once somebody asked: in TLS 1.3, and in what is older.
#[derive(Clone, Debug, Default)]
pub(crate) struct OfferedSchemes {
    tls13: [OnceLock<bool>; SCHEMES.len()],
    older: [OnceLock<bool>; SCHEMES.len()],
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
    is_offered(protocol, rules, |scheme| scheme.algorithm.eq_ignore_ascii_case(algorithm))
}

/// Returns whether RSASSA-PSS with `digest` by a key of `key_algorithm` is one of those the session's hello offered.
pub(super) fn offers_pss(
    digest: &str,
    key_algorithm: &str,
    protocol: Protocol,
    rules: &Rules,
) -> bool {
    protocol < Protocol::Tls12
        || is_offered(protocol, rules, |scheme| {
            scheme.pss.is_some_and(|offered| offered.name() == digest)
                && scheme.key.eq_ignore_ascii_case(key_algorithm)
        })
}

/// Returns whether such a scheme stood in the hello of a session with `protocol`.
fn is_offered(protocol: Protocol, rules: &Rules, is_such: impl Fn(&Scheme) -> bool) -> bool {
    let OfferedSchemes { tls13, older } = rules.offered_schemes();
    let known = if protocol < Protocol::Tls13 { older } else { tls13 };
    SCHEMES.iter().zip(known).any(|(scheme, known)| {
        is_such(scheme) && *known.get_or_init(|| is_permitted(scheme, protocol, rules))
    })
}

/// What a scheme signs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Signed {
    Certificate,
    Handshake,
}

impl Signed {
    /// Names the usage as `jdk.tls.disabledAlgorithms` does.
    fn usage(self) -> &'static str {
        match self {
            Self::Certificate => "CertificateSignature",
            Self::Handshake => "HandshakeSignature",
        }
    }
}

/// Returns the numbers of the schemes that a hello of these protocols offers, most wanted first.
pub(super) fn numbers(protocols: &[Protocol], signed: Signed, rules: &Rules) -> Vec<u16> {
    let speaks = |scheme: &Scheme| {
        protocols.iter().any(|protocol| match signed {
            _ if *protocol < Protocol::Tls13 => true,
            Signed::Handshake if rules.profile().knows_tls_usages => scheme.in_tls13_handshake,
            Signed::Certificate | Signed::Handshake => scheme.in_tls13,
        })
    };
    let schemes = SCHEMES.iter().filter(|scheme| speaks(scheme) && permits(scheme, signed, rules));
    let mut schemes: Vec<&Scheme> = schemes.collect();
    if rules.profile().orders_schemes_by_property {
        schemes.sort_by_key(|scheme| rules.place_of_scheme(scheme.name));
    }
    schemes.iter().map(|scheme| scheme.code).collect()
}

/// Returns whether the rules permit a scheme for certificates.
fn is_permitted(scheme: &Scheme, protocol: Protocol, rules: &Rules) -> bool {
    let every = !rules.profile().session_list_follows_protocol || protocol < Protocol::Tls13;
    (every || scheme.in_tls13) && permits(scheme, Signed::Certificate, rules)
}

/// Returns whether the rules leave a scheme: both properties bar schemes by the algorithm; but for 8 also by the name, the
/// key, or the size of the curve.
fn permits(scheme: &Scheme, signed: Signed, rules: &Rules) -> bool {
    let profile = rules.profile();
    let permits = |name: &str| {
        !rules.tls().bars_usage(name, signed.usage())
            && rules.tls().permits_name(name)
            && rules.certpath().permits_name(name)
    };
    let permits_curve = |(name, bits)| {
        permits(name)
            && rules.tls().permits_size("EC", bits)
            && rules.certpath().permits_size("EC", bits)
    };
    let permits_rest =
        || permits(scheme.name) && permits(scheme.key) && scheme.curve.is_none_or(permits_curve);
    (profile.signatures == SignatureSupport::Available || scheme.key != "EdDSA")
        && rules.offers_scheme(scheme.name)
        && permits(scheme.algorithm)
        && (!profile.filters_schemes_fully || permits_rest())
}

const fn ecdsa(
    code: u16,
    name: &'static str,
    algorithm: &'static str,
    curve: (&'static str, u32),
) -> Scheme {
    Scheme { curve: Some(curve), ..plain(code, name, algorithm, "EC", BOTH) }
}

const fn plain(
    code: u16,
    name: &'static str,
    algorithm: &'static str,
    key: &'static str,
    (in_tls13, in_tls13_handshake): (bool, bool),
) -> Scheme {
    Scheme { code, name, algorithm, key, curve: None, pss: None, in_tls13, in_tls13_handshake }
}

const fn pss(code: u16, name: &'static str, key: &'static str, digest: Digest) -> Scheme {
    Scheme { pss: Some(digest), ..plain(code, name, "RSASSA-PSS", key, BOTH) }
}

/// In TLS 1.3 for certificates and handshake, for certificates only, or not at all.
const BOTH: (bool, bool) = (true, true);
const CERTIFICATES: (bool, bool) = (true, false);
const OLDER: (bool, bool) = (false, false);

const SCHEMES: [Scheme; 22] = [
    ecdsa(0x0403, "ecdsa_secp256r1_sha256", "SHA256withECDSA", ("secp256r1", 256)),
    ecdsa(0x0503, "ecdsa_secp384r1_sha384", "SHA384withECDSA", ("secp384r1", 384)),
    ecdsa(0x0603, "ecdsa_secp521r1_sha512", "SHA512withECDSA", ("secp521r1", 521)),
    plain(0x0807, "ed25519", "Ed25519", "EdDSA", BOTH),
    plain(0x0808, "ed448", "Ed448", "EdDSA", BOTH),
    pss(0x0804, "rsa_pss_rsae_sha256", "RSA", Digest::Sha256),
    pss(0x0805, "rsa_pss_rsae_sha384", "RSA", Digest::Sha384),
    pss(0x0806, "rsa_pss_rsae_sha512", "RSA", Digest::Sha512),
    pss(0x0809, "rsa_pss_pss_sha256", "RSASSA-PSS", Digest::Sha256),
    pss(0x080a, "rsa_pss_pss_sha384", "RSASSA-PSS", Digest::Sha384),
    pss(0x080b, "rsa_pss_pss_sha512", "RSASSA-PSS", Digest::Sha512),
    plain(0x0401, "rsa_pkcs1_sha256", "SHA256withRSA", "RSA", CERTIFICATES),
    plain(0x0501, "rsa_pkcs1_sha384", "SHA384withRSA", "RSA", CERTIFICATES),
    plain(0x0601, "rsa_pkcs1_sha512", "SHA512withRSA", "RSA", CERTIFICATES),
    plain(0x0402, "dsa_sha256", "SHA256withDSA", "DSA", OLDER),
    plain(0x0303, "ecdsa_sha224", "SHA224withECDSA", "EC", OLDER),
    plain(0x0301, "rsa_sha224", "SHA224withRSA", "RSA", OLDER),
    plain(0x0302, "dsa_sha224", "SHA224withDSA", "DSA", OLDER),
    plain(0x0203, "ecdsa_sha1", "SHA1withECDSA", "EC", CERTIFICATES),
    plain(0x0201, "rsa_pkcs1_sha1", "SHA1withRSA", "RSA", CERTIFICATES),
    plain(0x0202, "dsa_sha1", "SHA1withDSA", "DSA", OLDER),
    plain(0x0101, "rsa_md5", "MD5withRSA", "RSA", OLDER),
];
