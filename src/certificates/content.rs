//! What a file is that should have held certificates.

use std::fmt;

/// What a file is, or a part of it, that is no certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Content {
    /// A private key, sealed or not.
    PrivateKey,
    /// A public key.
    PublicKey,
    /// A certificate signing request (PKCS #10).
    Request,
    /// A list of revoked certificates.
    RevocationList,
    /// A JKS or JCEKS store.
    KeyStore,
    /// A PKCS #12 file.
    Pkcs12,
    /// A page of HTML: what a login page or a proxy answers with.
    Html,
    /// A PKCS #7 file without certificates.
    EmptyPkcs7,
    /// A PEM block with a label that means none of these.
    Pem(String),
    /// None of these.
    Unknown,
}

impl Content {
    /// Tells a PEM block from its label; none if it holds certificates.
    pub(super) fn of_label(label: &str) -> Option<Self> {
        match label {
            "CERTIFICATE"
            | "X509 CERTIFICATE"
            | "TRUSTED CERTIFICATE"
            | "PKCS7"
            | "CMS"
            | "PKCS #7 SIGNED DATA"
            | "CERTIFICATE CHAIN" => None,
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(Self::Request),
            "PUBLIC KEY" | "RSA PUBLIC KEY" => Some(Self::PublicKey),
            "X509 CRL" => Some(Self::RevocationList),
            key if key.ends_with("PRIVATE KEY") => Some(Self::PrivateKey),
            other => Some(Self::Pem(other.chars().take(40).collect())),
        }
    }

    /// Tells what bytes are that are neither DER nor text.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        match bytes {
            [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => Self::KeyStore,
            _ => Self::Unknown,
        }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::PrivateKey => {
                "this is a private key; a certificate is wanted, and the key should stay where it is"
            }
            Self::PublicKey => "this is a public key without a certificate",
            Self::Request => {
                "this is a certificate signing request (CSR); the certificate that the CA made of it is wanted"
            }
            Self::RevocationList => "this is a certificate revocation list (CRL)",
            Self::KeyStore => {
                "this is a Java key store (JKS or JCEKS), not a file with certificates"
            }
            Self::Pkcs12 => "this is a PKCS #12 store, not a file with certificates",
            Self::Html => {
                "this is a page of HTML, not a certificate: a login page, or the answer of a proxy"
            }
            Self::EmptyPkcs7 => "this is a PKCS #7 file without certificates",
            Self::Pem(label) => {
                return write!(f, "this is a PEM file with {label:?}, not with a certificate");
            }
            Self::Unknown => "no certificate in it: neither PEM nor DER nor PKCS #7",
        };
        f.write_str(text)
    }
}
