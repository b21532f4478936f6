//! Certificates that could complete a path, and where each of them is to be had.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use pki_types::CertificateDer;

use super::store::quoted;
use crate::certificates::{self, fingerprint, printable};

/// A certificate that could complete a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) place: FoundIn,
}

/// Where a certificate was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum FoundIn {
    /// The operating system trusts it.
    System,
    /// A file that was named for this.
    File(PathBuf),
    /// Another truststore of this machine.
    Store(PathBuf),
    /// Where a certificate says that its issuer's is.
    Fetched(String),
    /// The server sent it.
    Sent,
}

/// All certificates that could complete a path; those of the system are read when somebody asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    named: Vec<Candidate>,
    system: OnceLock<Vec<Candidate>>,
}

impl Candidates {
    /// Takes what the system trusts.
    pub(crate) fn of_system() -> Self {
        Self::default()
    }

    /// Adds one that is asked before those of the system.
    pub(crate) fn add(&mut self, certificate: CertificateDer<'static>, place: FoundIn) {
        self.named.push(Candidate { certificate, place });
    }

    /// Adds what lies in a file, as far as it can be read without a password.
    pub(crate) fn add_file(&mut self, file: &Path, place: &FoundIn) {
        let found = certificates::load(file).map(|found| found.certificates).unwrap_or_default();
        found.into_iter().for_each(|certificate| self.add(certificate, place.clone()));
    }

    /// Returns all of them, those that were named first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Candidate> {
        self.named.iter().chain(self.system.get_or_init(system))
    }
}

impl Candidate {
    /// Returns the words by which `trust add` takes it; none where somebody has to get it first.
    pub(crate) fn to_add(&self, server: &str) -> Option<String> {
        let source = match &self.place {
            FoundIn::System => "--from-os".to_owned(),
            FoundIn::File(path) | FoundIn::Store(path) => quoted(&path.display().to_string()),
            FoundIn::Sent => format!("--from {}", quoted(server)),
            FoundIn::Fetched(_) => return None,
        };
        Some(format!("{source} --sha256 {}", fingerprint(&self.certificate)))
    }
}

/// A system may trust a certificate twice: in a file and in a folder.
fn system() -> Vec<Candidate> {
    let mut seen = HashSet::new();
    let loaded = rustls_native_certs::load_native_certs().certs.into_iter();
    loaded
        .filter(|held| seen.insert(held.to_vec()))
        .map(|certificate| Candidate { certificate, place: FoundIn::System })
        .collect()
}

impl std::fmt::Display for FoundIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.write_str("among those that the system trusts"),
            Self::File(path) => write!(f, "in {}", path.display()),
            Self::Store(path) => write!(f, "in the truststore {}", path.display()),
            Self::Fetched(url) => write!(f, "at {}", printable(url)),
            Self::Sent => f.write_str("sent by the server"),
        }
    }
}
