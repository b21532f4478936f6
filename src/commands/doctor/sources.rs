//! Where certificates are looked for that could complete a path: what was named, and the stores beside the one in use.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::certificates::{self, Folder};
use crate::cli::DoctorArgs;
use crate::commands::client::Client;
use crate::diagnosis::{Candidates, FoundIn};
use crate::settings::{SettingsError, Surroundings};

/// More files than this are not read: it is no folder of CA certificates.
const MOST_FILES: usize = 10_000;

/// Gathers what `--candidates` names, and what the stores hold that Java could have been meant to use.
pub(super) fn gather(
    args: &DoctorArgs,
    client: &Client<'_>,
    surroundings: &Surroundings,
) -> Result<Candidates, SettingsError> {
    let mut candidates = Candidates::of_system();
    for named in &args.candidates {
        let path = surroundings.absolute(Path::new(named));
        let files = if path.is_dir() { Folder::of(&path).files } else { vec![path.clone()] };
        if let [only] = files.as_slice()
            && let Err(certificates::CertificatesError::Io(error)) = certificates::load(only)
        {
            return Err(SettingsError::Unreadable { path: only.clone(), error });
        }
        for file in files.into_iter().take(MOST_FILES) {
            add(&file, &FoundIn::File(file.clone()), &mut candidates);
        }
    }
    for store in beside(client) {
        add(&store, &FoundIn::Store(store.clone()), &mut candidates);
    }
    Ok(candidates)
}

fn add(file: &Path, place: &FoundIn, candidates: &mut Candidates) {
    let found = certificates::load(file).map(|found| found.certificates).unwrap_or_default();
    found.into_iter().for_each(|certificate| candidates.add(certificate, place.clone()));
}

/// Returns the stores of the runtime that it does not use: each once, and only those that are there.
fn beside(client: &Client<'_>) -> Vec<PathBuf> {
    let choice = &client.trust_store;
    let used = choice.found_at.as_ref().and_then(|path| path.canonicalize().ok());
    let settings = &client.settings;
    let home = settings.runtime.home.as_ref();
    let folder = home.map(|home| settings.seen.absolute(&home.value.security_folder()));
    let usual = ["jssecacerts", "cacerts"].into_iter();
    let mut seen: HashSet<PathBuf> = used.into_iter().collect();
    usual
        .filter_map(|name| Some(folder.as_ref()?.join(name)))
        .filter(|path| path.canonicalize().is_ok_and(|real| seen.insert(real)))
        .collect()
}
