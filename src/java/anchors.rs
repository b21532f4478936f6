//! From a store's bytes to trust anchors, or to why Java cannot read them.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use java_keystore::{
    Entry, Format, KeyError, KeyStore, Lookalike, NewerJava, Password, ReadError, ReadErrorKind,
};
use java_pkix::{JavaException, Rules, TrustAnchor, TrustAnchors, check_readable};
use memchr::memmem;
use pki_types::CertificateDer;

use super::mozilla;
use super::store_bytes::{Closed, Shape};
use crate::settings::{JavaHome, Settings, StoreFile, TrustStoreChoice};

/// How Java marks, in an alias of its own `cacerts`, the roots that came with it.
const JDK_MARK: &str = " [jdk";

/// A trust store as Java sees it.
#[derive(Debug)]
pub(crate) struct OpenedStore {
    /// The certificates that Java trusts by.
    pub(crate) anchors: TrustAnchors,
    /// The entries that Java sees, trusted or not.
    pub(crate) entries: usize,
    /// The format of the file, if there is a file.
    pub(crate) format: Option<Format>,
    /// How the file is protected, in a few words.
    pub(crate) protection: String,
    /// What stayed closed for want of a password.
    pub(crate) closed: Option<Closed>,
}

/// Why a store cannot be read.
#[derive(Debug)]
pub(crate) struct StoreFailure {
    /// The file, if there is one.
    pub(crate) path: Option<PathBuf>,
    /// What is wrong with it.
    pub(crate) trouble: StoreTrouble,
    /// The first bytes of the file, at most 16.
    pub(crate) first_bytes: Vec<u8>,
    /// The length of the file.
    pub(crate) length: usize,
    /// The format that the first bytes belong to.
    pub(crate) format: Option<Format>,
    /// What the file is that is no store.
    pub(crate) lookalike: Option<Lookalike>,
    /// What the store is like if only the password does not fit.
    pub(crate) shape: Option<Shape>,
    /// The type that Java was told, if it knows it.
    pub(crate) kind: Option<Kind>,
    /// The type that Java was told, as it was written.
    pub(crate) kind_name: String,
}

/// What is wrong with a store.
#[derive(Debug)]
pub(crate) enum StoreTrouble {
    /// No provider knows the type.
    UnknownType,
    /// There is no such provider.
    UnknownProvider(String),
    /// The operating system reported an error.
    Io(io::Error),
    /// The bytes are no store of the type that Java was told, nor one that it recognises.
    OtherFormat,
    /// The password does not fit; or, with JKS and JCEKS, the file was changed.
    WrongPassword,
    /// The MAC of a PKCS12 store does not fit what its password decrypts, or leaves plain.
    MacMismatch,
    /// There is no password, and Java wants one.
    PasswordMissing,
    /// The store's integrity is secured by PBMAC1, which the release does not know.
    TooNew,
    /// The bytes are damaged.
    Damaged(ReadError),
    /// A private key cannot be unsealed.
    Key {
        /// Its entry.
        alias: String,
        /// Why.
        error: KeyError,
    },
    /// The release has no keys of that algorithm.
    KeyAlgorithm {
        /// The entry of the key.
        alias: String,
        /// What the release calls the algorithm.
        name: &'static str,
    },
    /// Java cannot read the certificate of an entry, and then not the store.
    Certificate {
        /// The entry.
        alias: String,
        /// What it throws.
        fault: JavaException,
    },
}

/// The types of stores that the providers of a JRE on Linux know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Jks,
    Jceks,
    Pkcs12,
}

impl Kind {
    /// Reads a type's name, in any case as `KeyStore.getInstance` does.
    fn of(name: &str) -> Option<Self> {
        [("JKS", Self::Jks), ("JCEKS", Self::Jceks), ("PKCS12", Self::Pkcs12)]
            .into_iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, kind)| kind)
    }

    /// Whether the reader that Java asks first is the one for `format`.
    pub(super) fn is(self, format: Option<Format>) -> bool {
        let own = match self {
            Self::Jks => Format::Jks,
            Self::Jceks => Format::Jceks,
            Self::Pkcs12 => Format::Pkcs12,
        };
        format == Some(own)
    }

    /// Whether Java reads a file of `format` when it was told this type: JKS and, since 9, PKCS12 try each other.
    fn reads(self, format: Format, pkcs12_is_dual: bool) -> bool {
        match (self, format) {
            (Self::Jks | Self::Pkcs12, Format::Pkcs12)
            | (Self::Jks | Self::Jceks, Format::Jks)
            | (Self::Jceks, Format::Jceks) => true,
            (Self::Pkcs12, Format::Jks) => pkcs12_is_dual,
            (Self::Jks | Self::Pkcs12, Format::Jceks) | (Self::Jceks, Format::Pkcs12) => false,
        }
    }
}

/// Opens the trust store as Java does when it makes its default `SSLContext`.
///
/// # Errors
///
/// Says why Java could not read the store.
pub(crate) fn open_trust_store(
    choice: &TrustStoreChoice,
    settings: &Settings,
    rules: &Rules,
) -> Result<OpenedStore, Box<StoreFailure>> {
    let path = match &choice.store.value {
        StoreFile::Mozilla => return Ok(OpenedStore::of_anchors(mozilla::anchors())),
        StoreFile::Absent => return Ok(OpenedStore::of_anchors(TrustAnchors::default())),
        StoreFile::Empty => None,
        StoreFile::File(path) => Some(path.as_path()),
    };
    let opening = Opening {
        path,
        found_at: choice.found_at.as_deref(),
        kind_name: &choice.kind.value,
        provider: choice.provider.as_deref(),
        password: choice.password.as_ref().map(|password| &password.value),
    };
    let Some((store, bytes)) = opening.open(settings, rules)? else {
        return Ok(OpenedStore::of_anchors(TrustAnchors::default()));
    };
    Ok(OpenedStore {
        anchors: path.map(|path| trusted_by(&store, path, settings)).unwrap_or_default(),
        entries: store.entries().len(),
        format: Some(store.format()),
        protection: store.protection(),
        closed: Closed::of(&store, &bytes),
    })
}

/// Returns what Java trusts by a store that lies at `path`, or will.
pub(crate) fn trusted_by(store: &KeyStore, path: &Path, settings: &Settings) -> TrustAnchors {
    let home = settings.runtime.home.as_ref();
    let jdk_roots = home.map(|home| jdk_roots(&home.value, path, store)).unwrap_or_default();
    anchors(store, &jdk_roots)
}

/// A store about to be opened.
pub(super) struct Opening<'a> {
    /// As Java names it.
    pub(super) path: Option<&'a Path>,
    /// Where this process finds it.
    pub(super) found_at: Option<&'a Path>,
    pub(super) kind_name: &'a str,
    pub(super) provider: Option<&'a str>,
    pub(super) password: Option<&'a Password>,
}

impl Opening<'_> {
    /// Looks for the type first, then for the provider, then at the file, as `KeyStore` does. None if there is no file.
    pub(super) fn open(
        &self,
        settings: &Settings,
        rules: &Rules,
    ) -> Result<Option<(KeyStore, Vec<u8>)>, Box<StoreFailure>> {
        let failed = |bytes: &[u8], trouble| Err(self.failure(bytes, trouble));
        let Some(kind) = Kind::of(self.kind_name) else {
            return failed(&[], StoreTrouble::UnknownType);
        };
        if let Some(name) = self.provider.filter(|name| !is_provider(name)) {
            return failed(&[], StoreTrouble::UnknownProvider(name.to_owned()));
        }
        let Some(file) = self.found_at else {
            return Ok(None);
        };
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => return failed(&[], StoreTrouble::Io(error)),
        };
        match read(kind, &bytes, self.password, settings.runtime.is_modular()) {
            Ok(store) if self.password.is_some() && is_too_new(&store, rules) => {
                failed(&bytes, StoreTrouble::TooNew)
            }
            Ok(store) => match unreadable(&store, rules) {
                None => Ok(Some((store, bytes))),
                Some(trouble) => failed(&bytes, trouble),
            },
            Err(trouble) => failed(&bytes, trouble),
        }
    }

    pub(super) fn failure(&self, bytes: &[u8], trouble: StoreTrouble) -> Box<StoreFailure> {
        Box::new(StoreFailure {
            path: self.path.map(Path::to_owned),
            trouble,
            first_bytes: bytes.iter().copied().take(16).collect(),
            length: bytes.len(),
            format: Format::of(bytes),
            lookalike: Lookalike::of(bytes),
            shape: Shape::of(bytes),
            kind: Kind::of(self.kind_name),
            kind_name: self.kind_name.to_owned(),
        })
    }
}

impl OpenedStore {
    fn of_anchors(anchors: TrustAnchors) -> Self {
        let entries = anchors.iter().count();
        Self { anchors, entries, format: None, protection: String::new(), closed: None }
    }
}

/// The providers of a JRE that offer key stores.
fn is_provider(name: &str) -> bool {
    ["SUN", "SunJCE", "SunJSSE", "SunRsaSign", "SunEC"].contains(&name)
}

fn read(
    kind: Kind,
    bytes: &[u8],
    password: Option<&Password>,
    pkcs12_is_dual: bool,
) -> Result<KeyStore, StoreTrouble> {
    let format = Format::of(bytes).ok_or(StoreTrouble::OtherFormat)?;
    if !kind.reads(format, pkcs12_is_dual) {
        return Err(StoreTrouble::OtherFormat);
    }
    KeyStore::read_as(format, bytes, password).map_err(|error| match error.kind {
        ReadErrorKind::UnknownFormat | ReadErrorKind::UnknownVersion(_) => {
            StoreTrouble::OtherFormat
        }
        ReadErrorKind::DigestMismatch if format == Format::Pkcs12 => StoreTrouble::MacMismatch,
        ReadErrorKind::DigestMismatch | ReadErrorKind::DecryptionFailed => {
            StoreTrouble::WrongPassword
        }
        ReadErrorKind::UnexpectedEnd { .. }
        | ReadErrorKind::UnknownEntry(_)
        | ReadErrorKind::MalformedAlias
        | ReadErrorKind::NoCertificate
        | ReadErrorKind::MalformedSecretKey
        | ReadErrorKind::Malformed(_)
        | ReadErrorKind::UnsupportedAlgorithm(_)
        | ReadErrorKind::TooManyIterations(_)
        | ReadErrorKind::TooMuchWork(_) => StoreTrouble::Damaged(error),
    })
}

/// Without a password Java looks at no MAC.
fn is_too_new(store: &KeyStore, rules: &Rules) -> bool {
    store.needs_newer_java() == Some(NewerJava::Pbmac1) && !rules.profile().reads_pbmac1
}

/// Looks for a certificate that Java cannot read. It reads all that are in the file, listed or not.
fn unreadable(store: &KeyStore, rules: &Rules) -> Option<StoreTrouble> {
    let listed = store.entries().iter().flat_map(|entry| {
        entry.certificates().iter().map(|certificate| (Some(&entry.alias), certificate))
    });
    let unseen = store.unseen().iter().map(|held| (held.alias.as_ref(), &held.certificate));
    listed.chain(unseen).find_map(|(alias, certificate)| {
        let fault = check_readable(certificate, rules).err()?;
        Some(StoreTrouble::Certificate { alias: alias.cloned().unwrap_or_default(), fault })
    })
}

fn anchors(store: &KeyStore, jdk_roots: &HashSet<Vec<u8>>) -> TrustAnchors {
    let trusted = store.entries().iter().filter(|entry| entry.trusted);
    trusted
        .filter_map(|entry| certificate(entry).map(|certificate| (entry, certificate)))
        .map(|(entry, certificate)| TrustAnchor {
            name: entry.alias.clone(),
            certificate: certificate.clone(),
            jdk_ca: jdk_roots.contains(certificate.as_ref()),
        })
        .collect()
}

/// Returns the certificate that Java trusts an entry for: the trusted one, or the first of a key's chain.
fn certificate(entry: &Entry) -> Option<&CertificateDer<'static>> {
    entry.certificates().first()
}

/// Returns the certificates that Java counts as its own: those whose alias in the runtime's own `cacerts` says so,
/// whatever store they are trusted by now.
fn jdk_roots(home: &JavaHome, path: &Path, opened: &KeyStore) -> HashSet<Vec<u8>> {
    let cacerts = home.security_folder().join("cacerts");
    if path == cacerts {
        return marked(opened);
    }
    let Ok(bytes) = fs::read(home.outside(&cacerts)) else {
        return HashSet::new();
    };
    if !mentions_mark(&bytes) {
        return HashSet::new();
    }
    KeyStore::read(&bytes, None).map_or_else(|_| HashSet::new(), |store| marked(&store))
}

fn marked(store: &KeyStore) -> HashSet<Vec<u8>> {
    let entries = store.entries().iter().filter(|entry| entry.alias.contains(JDK_MARK));
    entries.filter_map(certificate).map(|certificate| certificate.to_vec()).collect()
}

/// Returns whether the mark stands in the bytes at all, as JKS or as PKCS12 writes it: else nothing need be parsed.
fn mentions_mark(bytes: &[u8]) -> bool {
    let utf16: Vec<u8> = JDK_MARK.encode_utf16().flat_map(u16::to_be_bytes).collect();
    [JDK_MARK.as_bytes(), &utf16].into_iter().any(|mark| memmem::find(bytes, mark).is_some())
}
