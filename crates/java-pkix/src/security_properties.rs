//! Security properties as real runtimes ship them in `java.security`, and their block lists.

/// Security properties as a runtime ships them in `java.security`, and the text of its block list.
///
/// The values were read from the files of the builds named at each table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SecurityProperties {
    /// `jdk.certpath.disabledAlgorithms`.
    pub certpath_disabled: &'static str,
    /// `jdk.tls.disabledAlgorithms`.
    pub tls_disabled: &'static str,
    /// `jdk.disabled.namedCurves`; empty where the runtime has no such property.
    pub named_curves: &'static str,
    /// `jdk.security.caDistrustPolicies`.
    pub distrust_policies: &'static str,
    /// `blocked.certs` (8: `blacklisted.certs`).
    pub blocked: &'static str,
}

/// 8u504 (Debian).
pub(crate) const JAVA_8: SecurityProperties = SecurityProperties {
    certpath_disabled: CERTPATH_WITH_CURVES,
    tls_disabled: "SSLv3, TLSv1, TLSv1.1, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, \
                   3DES_EDE_CBC, anon, NULL, ECDH, include jdk.disabled.namedCurves",
    named_curves: NAMED_CURVES,
    distrust_policies: FOUR_POLICIES,
    blocked: BLOCKED_38,
};

/// 11.0.33 (Debian).
pub(crate) const JAVA_11: SecurityProperties = SecurityProperties {
    tls_disabled: "SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, MD5withRSA, DH keySize < 1024, \
                   EC keySize < 224, 3DES_EDE_CBC, anon, NULL, ECDH, TLS_RSA_*, \
                   rsa_pkcs1_sha1 usage HandshakeSignature, ecdsa_sha1 usage HandshakeSignature, \
                   dsa_sha1 usage HandshakeSignature, include jdk.disabled.namedCurves",
    ..JAVA_8
};

/// 17.0.9 (Temurin).
pub(crate) const JAVA_17_0_9: SecurityProperties = SecurityProperties {
    certpath_disabled: CERTPATH,
    tls_disabled: "SSLv3, TLSv1, TLSv1.1, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, \
                   3DES_EDE_CBC, anon, NULL",
    named_curves: "",
    distrust_policies: "SYMANTEC_TLS",
    blocked: BLOCKED_38,
};

/// 17.0.15 (Debian) and 21.0.8 (Temurin).
pub(crate) const JAVA_17_0_15: SecurityProperties = SecurityProperties {
    tls_disabled: "SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, MD5withRSA, DH keySize < 1024, \
                   EC keySize < 224, 3DES_EDE_CBC, anon, NULL, ECDH",
    distrust_policies: "SYMANTEC_TLS,ENTRUST_TLS,CAMERFIRMA_TLS",
    ..JAVA_17_0_9
};

/// 17.0.19 (Debian), 25.0.3 (Temurin), 26.0.2 (Debian).
pub(crate) const WITHOUT_STATIC_RSA: SecurityProperties = SecurityProperties {
    tls_disabled: "SSLv3, TLSv1, TLSv1.1, DTLSv1.0, RC4, DES, MD5withRSA, DH keySize < 1024, \
                   EC keySize < 224, 3DES_EDE_CBC, anon, NULL, ECDH, TLS_RSA_*, \
                   rsa_pkcs1_sha1 usage HandshakeSignature, ecdsa_sha1 usage HandshakeSignature, \
                   dsa_sha1 usage HandshakeSignature",
    distrust_policies: FOUR_POLICIES,
    ..JAVA_17_0_15
};

/// 25.0.2 (Temurin).
pub(crate) const JAVA_25_0_2: SecurityProperties = SecurityProperties {
    distrust_policies: "SYMANTEC_TLS,ENTRUST_TLS,CAMERFIRMA_TLS",
    ..WITHOUT_STATIC_RSA
};

/// 17.0.21, 21.0.13 and 25.0.5 (Debian).
pub(crate) const LONG_BLOCK_LIST: SecurityProperties =
    SecurityProperties { blocked: BLOCKED_86, ..WITHOUT_STATIC_RSA };

const CERTPATH: &str = "MD2, MD5, SHA1 jdkCA & usage TLSServer, RSA keySize < 1024, DSA keySize < 1024, \
                        EC keySize < 224, SHA1 usage SignedJAR & denyAfter 2019-01-01";

const CERTPATH_WITH_CURVES: &str = "MD2, MD5, SHA1 jdkCA & usage TLSServer, RSA keySize < 1024, DSA keySize < 1024, EC keySize < 224, \
     SHA1 usage SignedJAR & denyAfter 2019-01-01, include jdk.disabled.namedCurves";

const NAMED_CURVES: &str = "secp112r1, secp112r2, secp128r1, secp128r2, secp160k1, secp160r1, secp160r2, secp192k1, secp192r1, \
     secp224k1, secp224r1, secp256k1, sect113r1, sect113r2, sect131r1, sect131r2, sect163k1, sect163r1, \
     sect163r2, sect193r1, sect193r2, sect233k1, sect233r1, sect239k1, sect283k1, sect283r1, sect409k1, \
     sect409r1, sect571k1, sect571r1, X9.62 c2tnb191v1, X9.62 c2tnb191v2, X9.62 c2tnb191v3, \
     X9.62 c2tnb239v1, X9.62 c2tnb239v2, X9.62 c2tnb239v3, X9.62 c2tnb359v1, X9.62 c2tnb431r1, \
     X9.62 prime192v2, X9.62 prime192v3, X9.62 prime239v1, X9.62 prime239v2, X9.62 prime239v3, \
     brainpoolP256r1, brainpoolP320r1, brainpoolP384r1, brainpoolP512r1";

const FOUR_POLICIES: &str = "SYMANTEC_TLS,ENTRUST_TLS,CAMERFIRMA_TLS,CHUNGHWA_TLS";

const BLOCKED_38: &str = include_str!("../data/blocked-38.certs");
const BLOCKED_86: &str = include_str!("../data/blocked-86.certs");
