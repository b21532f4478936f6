//! Where certificates are looked for that could complete a path: what was named, and the stores beside the one in use.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::certificates::{self, Folder};
use crate::cli::DoctorArgs;
use crate::commands::client::Client;
use crate::diagnosis::{Candidates, FoundIn};
use crate::settings::{JavaHome, SettingsError, Surroundings};

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

/// Returns the stores that Java does not use: the runtime's others, and those of the other installations; each once.
fn beside(client: &Client<'_>) -> Vec<PathBuf> {
    let choice = &client.trust_store;
    let used = choice.found_at.as_ref().and_then(|path| path.canonicalize().ok());
    let settings = &client.settings;
    let own = settings.runtime.home.as_ref().map(|home| &home.value);
    let mut places: Vec<PathBuf> = PLACES.iter().map(PathBuf::from).collect();
    places.extend(own.and_then(|home| home.path().parent()).map(Path::to_owned));
    let folders = places.iter().flat_map(|place| inside(place, &settings.seen));
    let others = folders.filter_map(|folder| JavaHome::in_root(&settings.seen.root, &folder));
    let mut seen: HashSet<PathBuf> = used.into_iter().collect();
    own.cloned()
        .into_iter()
        .chain(others)
        .flat_map(|home| STORES.map(|name| home.outside(&home.security_folder().join(name))))
        .filter(|path| path.canonicalize().is_ok_and(|real| seen.insert(real)))
        .take(MOST_STORES)
        .collect()
}

/// Returns what lies in a folder, by name.
fn inside(place: &Path, seen: &Surroundings) -> Vec<PathBuf> {
    let held = std::fs::read_dir(seen.root.outside(place)).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        held.take(MOST_FILES).map(|entry| place.join(entry.file_name())).collect();
    folders.sort();
    folders
}

/// Where installations of Java, and of programs that bring one, lie side by side.
const PLACES: [&str; 6] = [
    "/usr/lib/jvm",
    "/usr/java",
    "/opt",
    "/opt/java",
    "/opt/atlassian",
    "/opt/atlassian/bitbucket",
];

const STORES: [&str; 2] = ["jssecacerts", "cacerts"];

/// So many stores are looked into.
const MOST_STORES: usize = 32;
