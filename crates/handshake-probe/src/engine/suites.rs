//! Cipher suites and groups by their numbers, with the names of the IANA registry.

use KeyExchange::{Dhe, Ecdhe, Rsa};
use Protection::{Aead, Cbc};

/// A cipher suite of TLS 1.2 or below, taken apart.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Suite {
    pub(crate) code: u16,
    pub(crate) name: &'static str,
    pub(crate) exchange: KeyExchange,
    pub(crate) protection: Protection,
    /// The hash of the pseudo-random function of TLS 1.2 is SHA-384, not SHA-256.
    pub(crate) is_sha384: bool,
}

/// How the premaster secret is agreed on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum KeyExchange {
    Rsa,
    Dhe,
    Ecdhe,
}

/// How records are protected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Protection {
    Aead(AeadCipher),
    Cbc(BlockCipher, Mac),
}

/// A cipher that authenticates by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum AeadCipher {
    Aes128Gcm,
    Aes256Gcm,
    ChaCha20Poly1305,
}

/// A block cipher in CBC mode.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BlockCipher {
    Aes128,
    Aes256,
    TripleDes,
}

/// The hash function of an HMAC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mac {
    Sha1,
    Sha256,
    Sha384,
}

/// Returns the suite of TLS 1.2 or below that has this number.
pub(crate) fn suite(code: u16) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.code == code)
}

/// Returns a cipher suite's name in the IANA registry.
pub(crate) fn suite_name(code: u16) -> Option<&'static str> {
    let tls13 = TLS13.iter().find(|(known, _)| *known == code).map(|(_, name)| *name);
    tls13.or_else(|| suite(code).map(|suite| suite.name))
}

/// Returns a group's name in the IANA registry.
pub(crate) fn group_name(code: u16) -> Option<&'static str> {
    GROUPS.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

const fn of(
    code: u16,
    name: &'static str,
    exchange: KeyExchange,
    protection: Protection,
    is_sha384: bool,
) -> Suite {
    Suite { code, name, exchange, protection, is_sha384 }
}

const TLS13: &[(u16, &str)] = &[
    (0x1301, "TLS_AES_128_GCM_SHA256"),
    (0x1302, "TLS_AES_256_GCM_SHA384"),
    (0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
];

const GCM128: Protection = Aead(AeadCipher::Aes128Gcm);
const GCM256: Protection = Aead(AeadCipher::Aes256Gcm);
const CHACHA: Protection = Aead(AeadCipher::ChaCha20Poly1305);
const AES128_SHA: Protection = Cbc(BlockCipher::Aes128, Mac::Sha1);
const AES256_SHA: Protection = Cbc(BlockCipher::Aes256, Mac::Sha1);
const AES128_SHA256: Protection = Cbc(BlockCipher::Aes128, Mac::Sha256);
const AES256_SHA256: Protection = Cbc(BlockCipher::Aes256, Mac::Sha256);
const AES256_SHA384: Protection = Cbc(BlockCipher::Aes256, Mac::Sha384);
const TRIPLE_DES_SHA: Protection = Cbc(BlockCipher::TripleDes, Mac::Sha1);

const SUITES: &[Suite] = &[
    of(0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", Rsa, TRIPLE_DES_SHA, false),
    of(0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA", Dhe, TRIPLE_DES_SHA, false),
    of(0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", Dhe, TRIPLE_DES_SHA, false),
    of(0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", Rsa, AES128_SHA, false),
    of(0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA", Dhe, AES128_SHA, false),
    of(0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", Dhe, AES128_SHA, false),
    of(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", Rsa, AES256_SHA, false),
    of(0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA", Dhe, AES256_SHA, false),
    of(0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", Dhe, AES256_SHA, false),
    of(0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256", Rsa, AES128_SHA256, false),
    of(0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256", Rsa, AES256_SHA256, false),
    of(0x0040, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256", Dhe, AES128_SHA256, false),
    of(0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", Dhe, AES128_SHA256, false),
    of(0x006a, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256", Dhe, AES256_SHA256, false),
    of(0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", Dhe, AES256_SHA256, false),
    of(0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", Rsa, GCM128, false),
    of(0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", Rsa, GCM256, true),
    of(0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", Dhe, GCM128, false),
    of(0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", Dhe, GCM256, true),
    of(0x00a2, "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", Dhe, GCM128, false),
    of(0x00a3, "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384", Dhe, GCM256, true),
    of(0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", Ecdhe, TRIPLE_DES_SHA, false),
    of(0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", Ecdhe, AES128_SHA, false),
    of(0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", Ecdhe, AES256_SHA, false),
    of(0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", Ecdhe, TRIPLE_DES_SHA, false),
    of(0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", Ecdhe, AES128_SHA, false),
    of(0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", Ecdhe, AES256_SHA, false),
    of(0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", Ecdhe, AES128_SHA256, false),
    of(0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", Ecdhe, AES256_SHA384, true),
    of(0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", Ecdhe, AES128_SHA256, false),
    of(0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", Ecdhe, AES256_SHA384, true),
    of(0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", Ecdhe, GCM128, false),
    of(0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", Ecdhe, GCM256, true),
    of(0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Ecdhe, GCM128, false),
    of(0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", Ecdhe, GCM256, true),
    of(0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", Ecdhe, CHACHA, false),
    of(0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", Ecdhe, CHACHA, false),
    of(0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", Dhe, CHACHA, false),
];

const GROUPS: &[(u16, &str)] = &[
    (0x0017, "secp256r1"),
    (0x0018, "secp384r1"),
    (0x0019, "secp521r1"),
    (0x001d, "x25519"),
    (0x001e, "x448"),
    (0x0100, "ffdhe2048"),
    (0x0101, "ffdhe3072"),
    (0x0102, "ffdhe4096"),
    (0x0103, "ffdhe6144"),
    (0x0104, "ffdhe8192"),
    (0x11ec, "X25519MLKEM768"),
];

/// Returns the name of a signature scheme in the IANA registry; those of SHA-224 and DSA, which it has no names for, are Java's.
pub fn scheme_name(code: u16) -> Option<&'static str> {
    SCHEMES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}

const SCHEMES: [(u16, &str); 22] = [
    (0x0101, "rsa_md5"),
    (0x0201, "rsa_pkcs1_sha1"),
    (0x0202, "dsa_sha1"),
    (0x0203, "ecdsa_sha1"),
    (0x0301, "rsa_sha224"),
    (0x0302, "dsa_sha224"),
    (0x0303, "ecdsa_sha224"),
    (0x0401, "rsa_pkcs1_sha256"),
    (0x0402, "dsa_sha256"),
    (0x0403, "ecdsa_secp256r1_sha256"),
    (0x0501, "rsa_pkcs1_sha384"),
    (0x0503, "ecdsa_secp384r1_sha384"),
    (0x0601, "rsa_pkcs1_sha512"),
    (0x0603, "ecdsa_secp521r1_sha512"),
    (0x0804, "rsa_pss_rsae_sha256"),
    (0x0805, "rsa_pss_rsae_sha384"),
    (0x0806, "rsa_pss_rsae_sha512"),
    (0x0807, "ed25519"),
    (0x0808, "ed448"),
    (0x0809, "rsa_pss_pss_sha256"),
    (0x080a, "rsa_pss_pss_sha384"),
    (0x080b, "rsa_pss_pss_sha512"),
];
