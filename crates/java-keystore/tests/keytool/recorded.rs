//! The stores that real keytools wrote, and what is taken of them.

use std::fs;
use std::path::{Path, PathBuf};

use java_keystore::{Entry, EntryKind, KeyStore, Password};
use serde_json::Value;

/// The folder of recorded stores: all of them, or else the smaller ones of `fixtures`.
fn folder() -> PathBuf {
    if let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") {
        return Path::new(&data).join("keystores/generated");
    }
    assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set, and this is CI");
    eprintln!("SSLPOKE_TESTDATA is not set: only the stores in fixtures/ are read");
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keystores")
}

/// A store that Java read.
pub(crate) struct Recorded {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
    /// What Java listed.
    pub(crate) listed: Value,
    pub(crate) password: Password,
    password_text: &'static str,
}

impl Recorded {
    /// Opens the store with its password.
    pub(crate) fn open(&self) -> KeyStore {
        let read = KeyStore::read(&self.bytes, Some(&self.password));
        assert!(read.is_ok(), "{}: {}", self.path.display(), read.unwrap_err());
        read.unwrap()
    }

    /// The password, for those who want it as text.
    pub(crate) fn password_text(&self) -> &'static str {
        self.password_text
    }

    /// The name of the file.
    pub(crate) fn name(&self) -> &str {
        self.path.file_name().unwrap().to_str().unwrap()
    }
}

/// Reads all stores that Java read; what it listed is in a `.json` beside each.
pub(crate) fn stores() -> Vec<Recorded> {
    let mut all = Vec::new();
    for jdk in ["jdk8", "jdk17", "jdk25"] {
        for entry in fs::read_dir(folder().join(jdk)).unwrap() {
            let path = entry.unwrap().path();
            let listing = PathBuf::from(format!("{}.json", path.display()));
            if !listing.exists() || path.extension().is_some_and(|extension| extension == "json") {
                continue;
            }
            let listed: Value = serde_json::from_slice(&fs::read(listing).unwrap()).unwrap();
            if listed.get("size").is_none() {
                continue; // Java could not read it either
            }
            let is_unicode = path.file_name().unwrap().to_string_lossy().starts_with("unipass");
            let password_text = if is_unicode { "pässwörd€字" } else { "changeit" };
            let (bytes, password) = (fs::read(&path).unwrap(), Password::new(password_text));
            all.push(Recorded { path, bytes, listed, password, password_text });
        }
    }
    assert!(all.len() >= 70, "only {} stores", all.len());
    all
}

/// Returns an entry's first certificate.
pub(crate) fn first(entry: &Entry) -> Option<&[u8]> {
    match &entry.kind {
        EntryKind::TrustedCertificate(certificate) => Some(certificate),
        EntryKind::PrivateKey(chain) => chain.first().map(AsRef::as_ref),
        EntryKind::SecretKey => None,
    }
}

/// A certificate to add.
pub(crate) fn some_certificate() -> pki_types::CertificateDer<'static> {
    let password = Password::new("changeit");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keystores");
    let path = own.join("jdk17/one.jks");
    let store = KeyStore::read(&fs::read(path).unwrap(), Some(&password)).unwrap();
    first(&store.entries()[0]).unwrap().to_vec().into()
}
