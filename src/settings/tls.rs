//! What Java's `ClientHello` would offer: versions, suites, groups, and the server name.

use std::net::IpAddr;

use handshake_probe::{Offer, ProtocolVersion};
use java_pkix::{Protocol, Rules};

use super::system_properties::SystemProperties;

/// The property that lists the protocol versions of a client.
pub(crate) const CLIENT_PROTOCOLS: &str = "jdk.tls.client.protocols";
/// The property that switches the `server_name` extension off.
const SERVER_NAME_SWITCH: &str = "jsse.enableSNIExtension";

/// A name in `jdk.tls.client.protocols` that Java does not know: then it makes no default context at all.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct UnknownProtocol(pub(crate) String);

/// Returns what Java offers to `host`. Without a version there is nothing to offer.
///
/// # Errors
///
/// Names the protocol that `jdk.tls.client.protocols` lists and Java does not know.
pub(crate) fn offer(
    host: &str,
    properties: &SystemProperties,
    rules: &Rules,
) -> Result<Offer, UnknownProtocol> {
    let versions = versions(properties, rules)?;
    let release = rules.recorded_as().feature;
    let has_tls_13 = versions.contains(&ProtocolVersion::Tls13);
    let has_older = versions.iter().any(|version| *version < ProtocolVersion::Tls13);
    let cipher_suites = CIPHER_SUITES
        .iter()
        .copied()
        .filter(|suite| if is_tls_13(*suite) { has_tls_13 } else { has_older })
        .filter(|suite| release > 8 || !CHACHA20_SUITES.contains(suite))
        .filter(|suite| matches!(release, 8 | 17) || !STATIC_RSA_SUITES.contains(suite))
        .collect();
    let hybrid = release == 25 && has_tls_13;
    let groups: Vec<u16> = hybrid
        .then_some(X25519_ML_KEM_768)
        .into_iter()
        .chain(GROUPS.iter().copied().filter(|group| release > 8 || !is_montgomery(*group)))
        .collect();
    let shares = match release {
        8 => &[SECP256R1][..],
        11 => &[X25519],
        25 => &[X25519_ML_KEM_768, X25519],
        _ => &[X25519, SECP256R1],
    };
    let certificate_signature_schemes: Vec<u16> = SIGNATURE_SCHEMES
        .iter()
        .copied()
        .filter(|scheme| release >= 17 || !EDWARDS_SCHEMES.contains(scheme))
        .collect();
    let signature_schemes = certificate_signature_schemes
        .iter()
        .copied()
        .filter(|scheme| matches!(release, 8 | 17) || !SHA_1_SCHEMES.contains(scheme))
        .collect();
    let extensions = match release {
        8 => &[0, 10, 11, 13, 50, 23, 43, 45, 51][..],
        11 => &[0, 5, 10, 11, 13, 50, 17, 23, 43, 45, 51],
        _ => &[0, 5, 10, 11, 17, 23, 35, 13, 43, 45, 50, 51],
    };
    Ok(Offer {
        versions,
        cipher_suites,
        groups,
        key_shares: if has_tls_13 { shares.to_vec() } else { Vec::new() },
        signature_schemes,
        certificate_signature_schemes,
        extensions: extensions.to_vec(),
        server_name: server_name(host, properties),
    })
}

/// Returns the versions that are listed and not disabled, newest first.
fn versions(
    properties: &SystemProperties,
    rules: &Rules,
) -> Result<Vec<ProtocolVersion>, UnknownProtocol> {
    let mut listed = None;
    if let Some(list) = properties.value(CLIENT_PROTOCOLS).map(unquoted).filter(|l| !l.is_empty()) {
        let names: Vec<&str> = list.split(',').map(str::trim).collect();
        if let Some(unknown) = names.iter().find(|name| !is_protocol(name)) {
            return Err(UnknownProtocol((*unknown).to_owned()));
        }
        listed = Some(names);
    }
    let is_listed = |name: &str| listed.as_ref().is_none_or(|names| names.contains(&name));
    let mut versions: Vec<ProtocolVersion> = rules
        .enabled_protocols()
        .map(version)
        .filter(|(_, name)| is_listed(name))
        .map(|(version, _)| version)
        .collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    Ok(versions)
}

fn version(protocol: Protocol) -> (ProtocolVersion, &'static str) {
    match protocol {
        Protocol::Tls10 => (ProtocolVersion::Tls10, "TLSv1"),
        Protocol::Tls11 => (ProtocolVersion::Tls11, "TLSv1.1"),
        Protocol::Tls12 => (ProtocolVersion::Tls12, "TLSv1.2"),
        Protocol::Tls13 => (ProtocolVersion::Tls13, "TLSv1.3"),
    }
}

fn is_protocol(name: &str) -> bool {
    ["SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].contains(&name)
}

/// Java strips one pair of double quotes.
fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

/// Returns the name that Java puts into the `server_name` extension: none for an address, a name without a dot, and a
/// name that is no host name by RFC 1123.
pub(crate) fn server_name(host: &str, properties: &SystemProperties) -> Option<String> {
    let switched_off = properties
        .value(SERVER_NAME_SWITCH)
        .is_some_and(|value| value.eq_ignore_ascii_case("false"));
    let name = host.strip_suffix('.').unwrap_or(host);
    let has_inner_dot = name.find('.').is_some_and(|at| at > 0);
    let is_name = has_inner_dot && !is_address(name) && name.split('.').all(is_label);
    (is_name && !switched_off).then(|| name.to_owned())
}

fn is_label(label: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(legal)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Recognises IPv6 addresses and IPv4 ones, short forms such as `127.1` among them.
pub(crate) fn is_address(name: &str) -> bool {
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let without_zone = bare.split_once('%').map_or(bare, |(address, _)| address);
    if without_zone.parse::<IpAddr>().is_ok() {
        return true;
    }
    let parts: Vec<&str> = name.split('.').collect();
    let Some((last, leading)) = parts.split_last() else {
        return false;
    };
    // The last part fills what the others leave.
    let room = match leading.len() {
        0 => 1 << 32,
        1 => 1 << 24,
        2 => 1 << 16,
        3 => 1 << 8,
        _ => 0,
    };
    let number = |text: &str| {
        text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten()
    };
    number(last).is_some_and(|value| value < room)
        && leading.iter().all(|part| number(part).is_some_and(|value| value < 256))
}

fn is_tls_13(suite: u16) -> bool {
    suite.to_be_bytes().first() == Some(&0x13)
}

const X25519_ML_KEM_768: u16 = 0x11ec;
const X25519: u16 = 0x001d;
const X448: u16 = 0x001e;
const SECP256R1: u16 = 0x0017;

fn is_montgomery(group: u16) -> bool {
    matches!(group, X25519 | X448)
}

/// As captured from 17.0.15, which offers the most; 8 lacks `ChaCha20`, all but 8 and 17 lack the static RSA exchange.
const CIPHER_SUITES: [u16; 36] = [
    0x1302, 0x1301, 0x1303, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xcca8, 0xc02f, 0x009f, 0xccaa, 0x00a3,
    0x009e, 0x00a2, 0xc024, 0xc028, 0xc023, 0xc027, 0x006b, 0x006a, 0x0067, 0x0040, 0xc00a, 0xc014,
    0xc009, 0xc013, 0x0039, 0x0038, 0x0033, 0x0032, 0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f,
];
const CHACHA20_SUITES: [u16; 4] = [0x1303, 0xcca9, 0xcca8, 0xccaa];
const STATIC_RSA_SUITES: [u16; 6] = [0x009d, 0x009c, 0x003d, 0x003c, 0x0035, 0x002f];

/// x25519, the NIST curves, x448, ffdhe2048 to ffdhe8192; 8 lacks the first and x448.
const GROUPS: [u16; 10] =
    [X25519, SECP256R1, 0x0018, 0x0019, X448, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104];

/// As captured from 17.0.15.
const SIGNATURE_SCHEMES: [u16; 21] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401,
    0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202,
];
const EDWARDS_SCHEMES: [u16; 2] = [0x0807, 0x0808];
const SHA_1_SCHEMES: [u16; 3] = [0x0203, 0x0201, 0x0202];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Source;

    fn properties(definition: &str) -> SystemProperties {
        let mut properties = SystemProperties::default();
        properties.define(definition, Source::CommandLine);
        properties
    }

    /// Captured from all six recorded releases, which agree.
    #[test]
    fn the_server_name_is_sent_only_where_java_sends_it() {
        for (host, expected) in [
            ("tls.example.test", Some("tls.example.test")),
            ("example.test", Some("example.test")),
            ("1numeric.test", Some("1numeric.test")),
            ("UPPER.example.test", Some("UPPER.example.test")),
            ("sp.example.test.", Some("sp.example.test")),
            ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("127.0.0.1", None),
            ("127.1", None),
            ("::1", None),
            ("[::1]", None),
            ("single", None),
            ("localhost", None),
            ("under_score.example.test", None),
            ("-a.example.test", None),
            ("a-.example.test", None),
            ("", None),
        ] {
            let found = server_name(host, &SystemProperties::default());
            assert_eq!(found.as_deref(), expected, "{host}");
        }
        assert_eq!(server_name("a.example", &properties("jsse.enableSNIExtension=false")), None);
    }

    #[test]
    fn the_property_lists_versions_and_the_disabled_ones_fall_away() {
        use ProtocolVersion::{Tls12, Tls13};
        let rules = Rules::built_in("17.0.15".parse().unwrap());
        for (value, expected) in [
            ("", Ok(vec![Tls13, Tls12])),
            ("TLSv1.2", Ok(vec![Tls12])),
            ("TLSv1.2, TLSv1.3", Ok(vec![Tls13, Tls12])),
            ("\"TLSv1.2\"", Ok(vec![Tls12])),
            ("TLSv1,TLSv1.1,TLSv1.2", Ok(vec![Tls12])),
            ("SSLv3", Ok(vec![])),
            ("TLSv9", Err("TLSv9")),
            ("tlsv1.2", Err("tlsv1.2")),
            ("TLSv1.2,TLSv9", Err("TLSv9")),
        ] {
            let found = versions(&properties(&format!("{CLIENT_PROTOCOLS}={value}")), &rules);
            let expected = expected.map_err(|name| UnknownProtocol(name.to_owned()));
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn each_release_offers_what_was_captured_from_it() {
        for (release, suites, groups, shares, schemes) in [
            ("8", 32, 8, 1, 19),
            ("11", 30, 10, 1, 16),
            ("17.0.15", 36, 10, 2, 21),
            ("21", 30, 10, 2, 18),
            ("25", 30, 11, 2, 18),
            ("26", 30, 10, 2, 18),
        ] {
            let rules = Rules::built_in(release.parse().unwrap());
            let offer = offer("h.example", &SystemProperties::default(), &rules).unwrap();
            let counts = (
                offer.cipher_suites.len(),
                offer.groups.len(),
                offer.key_shares.len(),
                offer.signature_schemes.len(),
            );
            assert_eq!(counts, (suites, groups, shares, schemes), "{release}");
        }
    }
}
