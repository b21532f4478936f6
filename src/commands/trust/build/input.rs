//! The files whose certificates go into the new store.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use pki_types::CertificateDer;

use crate::certificates::{self, Folder};
use crate::cli::TrustBuildArgs;
use crate::commands::trust::sieve::Sifted;
use crate::settings::Surroundings;

/// What was handed over.
#[derive(Debug, Default)]
pub(super) struct Input {
    /// Each file with its certificates.
    files: Vec<(PathBuf, Vec<CertificateDer<'static>>)>,
    /// Files without certificates, and why.
    unusable: Vec<String>,
    /// What else is in the files.
    pub(super) notes: Vec<String>,
}

impl Input {
    /// Reads all files that the arguments name.
    pub(super) fn gather(args: &TrustBuildArgs, surroundings: &Surroundings) -> Self {
        let mut input = Self::default();
        for file in &args.add {
            input.load(surroundings.absolute(Path::new(file)));
        }
        for folder in &args.add_dir {
            let folder = Folder::of(&surroundings.absolute(Path::new(folder)));
            folder.files.into_iter().for_each(|file| input.load(file));
            let unreadable = folder.unreadable.into_iter();
            input
                .unusable
                .extend(unreadable.map(|(path, error)| format!("{}: {error}", path.display())));
        }
        input
    }

    fn load(&mut self, path: PathBuf) {
        match certificates::load(&path) {
            Ok(found) => {
                let others = found.others.iter();
                self.notes.extend(
                    others.map(|other| format!("{}: {other} is left alone", path.display())),
                );
                self.files.push((path, found.certificates));
            }
            Err(error) => self.unusable.push(format!("{}: {error}", path.display())),
        }
    }

    pub(super) fn certificates(&self) -> Vec<CertificateDer<'static>> {
        self.files.iter().flat_map(|(_, held)| held).cloned().collect()
    }

    /// Returns what is wrong with each file that gives no anchor.
    pub(super) fn unusable(&self, sifted: &Sifted) -> Vec<String> {
        let usable: HashSet<&CertificateDer<'_>> =
            sifted.wanted.iter().map(|wanted| &wanted.certificate).collect();
        let mut unusable = self.unusable.clone();
        for (path, held) in &self.files {
            if !held.iter().any(|certificate| usable.contains(certificate)) {
                unusable.push(format!("{}: {}", path.display(), why(held, sifted)));
            }
        }
        unusable
    }
}

fn why(held: &[CertificateDer<'static>], sifted: &Sifted) -> String {
    let held: HashSet<String> =
        held.iter().map(|certificate| certificates::fingerprint(certificate)).collect();
    let skipped = sifted.skipped.iter().filter(|skipped| held.contains(&skipped.sha256));
    let why: Vec<String> =
        skipped.map(|skipped| format!("{}: {}", skipped.subject, skipped.why)).collect();
    why.join("; ")
}
