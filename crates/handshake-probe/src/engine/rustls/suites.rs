//! What this engine can offer, with the names of the IANA registry.

use rustls::crypto::{SupportedKxGroup, ring};
use rustls::{NamedGroup, SupportedCipherSuite};

/// Returns the cipher suite that has this number.
pub(crate) fn suite(code: u16) -> Option<SupportedCipherSuite> {
    ring::ALL_CIPHER_SUITES.iter().find(|suite| u16::from(suite.suite()) == code).copied()
}

/// Returns the key exchange group that has this number.
pub(crate) fn group(code: u16) -> Option<&'static dyn SupportedKxGroup> {
    [ring::kx_group::X25519, ring::kx_group::SECP256R1, ring::kx_group::SECP384R1]
        .into_iter()
        .find(|group| group.name() == NamedGroup::from(code))
}

/// Returns the cipher suite's name in the IANA registry.
pub(crate) fn suite_name(code: u16) -> Option<&'static str> {
    SUITES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

/// Returns the group's name in the IANA registry.
pub(crate) fn group_name(code: u16) -> Option<&'static str> {
    GROUPS.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

const SUITES: &[(u16, &str)] = &[
    (0x1301, "TLS_AES_128_GCM_SHA256"),
    (0x1302, "TLS_AES_256_GCM_SHA384"),
    (0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
    (0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    (0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    (0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    (0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    (0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    (0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
];

const GROUPS: &[(u16, &str)] = &[(0x0017, "secp256r1"), (0x0018, "secp384r1"), (0x001d, "x25519")];
