//! Cipher suites: which Java knows, which it enables, which a hello can do something with.

use handshake_probe::ProtocolVersion;
use java_pkix::{Rules, SuiteNames};

use super::groups::Kind;
use super::release::Release;

/// A cipher suite that Java enables unless it is disabled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Suite {
    pub(super) code: u16,
    /// Java's name.
    pub(super) name: &'static str,
}

impl Suite {
    /// Returns the suite of a name in `jdk.tls.client.cipherSuites`; Java knows `SSL_` and `TLS_` as one for old suites.
    pub(super) fn named(name: &str) -> Option<Self> {
        let bare = |name: &str| name.get(4..).map(str::to_owned);
        let is_it = |suite: &&Self| {
            suite.name == name
                || (suite.is_old()
                    && (name.starts_with("SSL_") || name.starts_with("TLS_"))
                    && bare(name) == bare(suite.name))
        };
        SUITES.iter().find(is_it).copied()
    }

    /// Returns whether it is none, but tells that renegotiation would be safe.
    pub(super) fn is_signal(self) -> bool {
        self.code == 0x00ff
    }

    fn is_old(self) -> bool {
        self.name.ends_with("_3DES_EDE_CBC_SHA")
    }

    /// Returns how keys are agreed on, `DHE_RSA`; none in TLS 1.3, whose suites do not say.
    fn exchange(self) -> Option<&'static str> {
        self.name.get(4..)?.split_once("_WITH_").map(|(exchange, _)| exchange)
    }

    /// Returns the cipher and the hash: `AES_128_CBC` and `SHA`.
    fn cipher_and_hash(self) -> (&'static str, &'static str) {
        let name = self.name.split_once("_WITH_").map_or(self.name, |(_, rest)| rest);
        let name = name.strip_prefix("TLS_").unwrap_or(name);
        name.rsplit_once('_').unwrap_or((name, ""))
    }

    /// Returns whether a protocol version has the suite.
    pub(super) fn is_of(self, version: ProtocolVersion) -> bool {
        match self.exchange() {
            _ if self.is_signal() => version <= ProtocolVersion::Tls12,
            None => version == ProtocolVersion::Tls13,
            Some(_) if self.cipher_and_hash().1 == "SHA" => version <= ProtocolVersion::Tls12,
            Some(_) => version == ProtocolVersion::Tls12,
        }
    }

    /// Returns the kinds of groups that it agrees on keys with; none: without a group.
    pub(super) fn kinds(self) -> &'static [Kind] {
        match self.exchange() {
            None if self.is_signal() => &[],
            None => &[Kind::Hybrid, Kind::Curve, Kind::Montgomery, Kind::Field],
            Some(exchange) if exchange.starts_with("ECDH") => &[Kind::Curve, Kind::Montgomery],
            Some(exchange) if exchange.starts_with("DHE") => &[Kind::Field],
            Some(_) => &[],
        }
    }

    /// Returns whether elliptic curves have a part in it by its name.
    pub(super) fn is_elliptic(self) -> bool {
        self.exchange().is_some_and(|exchange| exchange.starts_with("ECDH"))
    }

    fn names(self) -> SuiteNames<'static> {
        if self.is_signal() {
            return SuiteNames { whole: self.name, exchange: Vec::new(), protection: Vec::new() };
        }
        let (cipher, hash) = self.cipher_and_hash();
        let is_block = cipher.ends_with("_CBC");
        let mut protection: Vec<&str> = CIPHER_PARTS
            .iter()
            .find(|(name, _)| *name == cipher)
            .map_or(&[][..], |(_, parts)| parts)
            .to_vec();
        // The suites of TLS 1.3 are not disabled by `AES_128_GCM`.
        protection
            .extend(self.exchange().filter(|_| !cipher.starts_with("CHACHA")).map(|_| cipher));
        if is_block {
            protection.extend(digest_parts(hash));
        }
        // The hash of the key derivation, even where it is not in the name.
        protection.extend(digest_parts(if hash == "SHA384" { hash } else { "SHA256" }));
        let exchange = self.exchange().map(exchange_parts).unwrap_or_default();
        SuiteNames { whole: self.name, exchange, protection }
    }
}

/// Returns the suites that a release enables, or those of `jdk.tls.client.cipherSuites`, most wanted first. The property cannot
/// enable what is disabled: such suites fall away later.
pub(super) fn enabled(property: Option<&str>, release: Release) -> Vec<Suite> {
    let mut chosen: Vec<Suite> = Vec::new();
    let named = property
        .into_iter()
        .flat_map(|list| list.trim_matches('"').split(','))
        .filter_map(|name| Suite::named(name.trim()))
        .filter(|suite| release.knows(*suite));
    for suite in named {
        if !chosen.contains(&suite) {
            chosen.push(suite);
        }
    }
    if !chosen.is_empty() {
        return chosen;
    }
    SUITES.iter().copied().filter(|suite| release.enables(*suite)).collect()
}

/// Returns whether the rules leave a suite.
pub(super) fn is_permitted(suite: Suite, rules: &Rules) -> bool {
    rules.permits_suite(&suite.names())
}

fn exchange_parts(exchange: &'static str) -> Vec<&'static str> {
    let mut parts = vec![exchange];
    let (agreement, signature) = exchange.split_once('_').unwrap_or((exchange, exchange));
    match agreement {
        "DHE" => parts.extend(["DHE", "DH", "DiffieHellman"]),
        "RSA" => {}
        other => parts.push(other),
    }
    match signature {
        "DSS" => parts.extend(["DSS", "DSA"]),
        "RSA" if agreement == "RSA" => {}
        other => parts.push(other),
    }
    parts
}

fn digest_parts(hash: &str) -> [&'static str; 3] {
    match hash {
        "SHA384" => ["SHA384", "SHA-384", "HmacSHA384"],
        "SHA256" => ["SHA256", "SHA-256", "HmacSHA256"],
        _ => ["SHA1", "SHA-1", "HmacSHA1"],
    }
}

/// What a cipher's name in a suite stands for in Java: the parts of its transformation.
const CIPHER_PARTS: [(&str, &[&str]); 6] = [
    ("AES_128_CBC", &["AES", "CBC", "NoPadding"]),
    ("AES_256_CBC", &["AES", "CBC", "NoPadding"]),
    ("AES_128_GCM", &["AES", "GCM", "NoPadding"]),
    ("AES_256_GCM", &["AES", "GCM", "NoPadding"]),
    ("3DES_EDE_CBC", &["DESede", "CBC", "NoPadding"]),
    ("CHACHA20_POLY1305", &["ChaCha20-Poly1305"]),
];

const fn of(code: u16, name: &'static str) -> Suite {
    Suite { code, name }
}

/// In Java's order, as captured with nothing disabled.
const SUITES: [Suite; 56] = [
    of(0x1302, "TLS_AES_256_GCM_SHA384"),
    of(0x1301, "TLS_AES_128_GCM_SHA256"),
    of(0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
    of(0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    of(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    of(0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    of(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    of(0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    of(0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    of(0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384"),
    of(0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    of(0x00a3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384"),
    of(0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
    of(0x00a2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256"),
    of(0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"),
    of(0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
    of(0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
    of(0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    of(0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"),
    of(0x006a, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256"),
    of(0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256"),
    of(0x0040, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256"),
    of(0xc02e, "TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384"),
    of(0xc032, "TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384"),
    of(0xc02d, "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256"),
    of(0xc031, "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256"),
    of(0xc026, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384"),
    of(0xc02a, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384"),
    of(0xc025, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256"),
    of(0xc029, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256"),
    of(0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
    of(0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    of(0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
    of(0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    of(0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA"),
    of(0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA"),
    of(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA"),
    of(0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA"),
    of(0xc005, "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA"),
    of(0xc00f, "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA"),
    of(0xc004, "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA"),
    of(0xc00e, "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA"),
    of(0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384"),
    of(0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256"),
    of(0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256"),
    of(0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256"),
    of(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA"),
    of(0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA"),
    of(0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"),
    of(0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    of(0x0016, "SSL_DHE_RSA_WITH_3DES_EDE_CBC_SHA"),
    of(0x0013, "SSL_DHE_DSS_WITH_3DES_EDE_CBC_SHA"),
    of(0xc003, "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA"),
    of(0xc00d, "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA"),
    of(0x000a, "SSL_RSA_WITH_3DES_EDE_CBC_SHA"),
    // Stands for the extension `renegotiation_info` (RFC 5746).
    of(0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_falls_apart_as_java_decomposes_it() {
        for (name, exchange, protection) in [
            (
                "TLS_DHE_DSS_WITH_AES_128_CBC_SHA",
                "DHE_DSS DHE DH DiffieHellman DSS DSA",
                "AES CBC NoPadding AES_128_CBC SHA1 SHA-1 HmacSHA1 SHA256 SHA-256 HmacSHA256",
            ),
            (
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "ECDHE_RSA ECDHE RSA",
                "AES GCM NoPadding AES_256_GCM SHA384 SHA-384 HmacSHA384",
            ),
            (
                "TLS_RSA_WITH_AES_128_GCM_SHA256",
                "RSA",
                "AES GCM NoPadding AES_128_GCM SHA256 SHA-256 HmacSHA256",
            ),
            ("TLS_AES_128_GCM_SHA256", "", "AES GCM NoPadding SHA256 SHA-256 HmacSHA256"),
            (
                "SSL_RSA_WITH_3DES_EDE_CBC_SHA",
                "RSA",
                "DESede CBC NoPadding 3DES_EDE_CBC SHA1 SHA-1 HmacSHA1 SHA256 SHA-256 HmacSHA256",
            ),
        ] {
            let names = Suite::named(name).unwrap().names();
            assert_eq!(
                (names.exchange.join(" ").as_str(), names.protection.join(" ").as_str()),
                (exchange, protection),
                "{name}"
            );
        }
        assert_eq!(
            Suite::named("TLS_RSA_WITH_3DES_EDE_CBC_SHA").map(|suite| suite.code),
            Some(0x000a)
        );
        assert_eq!(Suite::named("SSL_RSA_WITH_AES_128_CBC_SHA"), None);
    }
}
