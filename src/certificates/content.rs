//! What a file is that should have held certificates.

use std::fmt;

use java_keystore::Lookalike;

use super::Other;

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
    /// A public key for SSH.
    SshKey,
    /// Something of PGP.
    Pgp,
    /// A store without certificates.
    EmptyKeyStore,
    /// A store of Bouncy Castle.
    BouncyCastle,
    /// A page of HTML: what a login page or a proxy answers with.
    Html,
    /// A PKCS #7 file without certificates.
    EmptyPkcs7,
    /// A ZIP or gzip archive.
    Archive,
    /// A folder.
    Folder,
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
            "SSH2 PUBLIC KEY" => Some(Self::SshKey),
            pgp if pgp.starts_with("PGP ") => Some(Self::Pgp),
            key if key.ends_with("PRIVATE KEY") => Some(Self::PrivateKey),
            other => Some(Self::Pem(other.chars().take(40).collect())),
        }
    }

    /// Tells what bytes are that are neither DER nor text.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        match bytes {
            _ if Lookalike::of(bytes) == Some(Lookalike::BouncyCastle) => Self::BouncyCastle,
            [b'P', b'K', 3, 4, ..] | [0x1f, 0x8b, ..] => Self::Archive,
            // A packet of PGP with a public key (RFC 4880, section 4.2) in the old or the new form.
            [0x98 | 0x99 | 0xc6, ..] => Self::Pgp,
            _ => Self::Unknown,
        }
    }

    /// Tells what text is that has neither a PEM block nor base64.
    pub(super) fn of_text(text: &str) -> Self {
        let start: String = text.trim_start().chars().take(4096).collect();
        let lower = start.to_ascii_lowercase();
        if lower.contains("<html") || lower.contains("<!doctype html") {
            return Self::Html;
        }
        if start.starts_with("PuTTY-User-Key-File-") {
            return Self::PrivateKey;
        }
        let is_ssh = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];
        if is_ssh.iter().any(|kind| start.starts_with(kind)) { Self::SshKey } else { Self::Unknown }
    }

    /// Returns which of the things in a file says most about it.
    pub(super) fn most_telling(others: &[Other]) -> Self {
        let mut contents = others.iter().map(|other| &other.content);
        let tells = |content: &&Self| !matches!(content, Self::Pem(_) | Self::Unknown);
        let first = contents.clone().next();
        contents.find(tells).or(first).cloned().unwrap_or(Self::Unknown)
    }

    /// Names it with its article.
    fn name(&self) -> String {
        let name = match self {
            Self::PrivateKey => "a private key",
            Self::PublicKey => "a public key",
            Self::Request => "a certificate signing request (CSR)",
            Self::RevocationList => "a certificate revocation list (CRL)",
            Self::SshKey => "a public key for SSH",
            Self::Pgp => "something of PGP",
            Self::EmptyKeyStore => "a key store without certificates",
            Self::BouncyCastle => "a key store of Bouncy Castle",
            Self::Html => "a page of HTML",
            Self::EmptyPkcs7 => "a PKCS #7 file without certificates",
            Self::Archive => "an archive",
            Self::Folder => "a folder",
            Self::Pem(label) => return format!("a PEM block with {label:?}"),
            Self::Unknown => "something without a certificate",
        };
        name.to_owned()
    }

    /// Says what is wanted instead.
    fn remedy(&self) -> &'static str {
        match self {
            Self::PrivateKey => "a certificate is wanted, and the key should stay where it is",
            Self::PublicKey => "the certificate that holds it is wanted",
            Self::Request => "the certificate that the CA made of it is wanted",
            Self::Html => {
                "it is a login page or the answer of a proxy; fetch the certificate with a browser"
            }
            Self::Archive => "unpack it",
            Self::Folder => "name the files in it, or use `sslpoke trust build --add-dir`",
            Self::RevocationList
            | Self::SshKey
            | Self::Pgp
            | Self::EmptyKeyStore
            | Self::BouncyCastle
            | Self::EmptyPkcs7
            | Self::Pem(_) => "a certificate is wanted",
            Self::Unknown => "PEM, DER, PKCS #7 or a key store is wanted",
        }
    }
}

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.content.name())?;
        match self.line {
            Some(line) => write!(f, " in line {line}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is {}; {}", self.name(), self.remedy())
    }
}
