//! Where certificates are looked for that could complete a path: what was named, and the stores beside the one in use.

use std::path::{Path, PathBuf};

use crate::certificates::{self, Folder};
use crate::cli::DoctorArgs;
use crate::commands::client::Client;
use crate::commands::stores::{Stores, is_same};
use crate::diagnosis::{Candidates, Finding, FoundIn};
use crate::machine::Inventory;
use crate::report::StoreBeside;
use crate::settings::{JavaHome, SettingsError, Surroundings};

/// More files than this are not read: it is no folder of CA certificates.
const MOST_FILES: usize = 10_000;

/// Gathers what `--candidates` names.
pub(super) fn gather(
    args: &DoctorArgs,
    stores: &Stores,
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
            candidates.add_file(&file, &FoundIn::File(file.clone()));
        }
    }
    for store in &stores.paths {
        candidates.add_file(store, &FoundIn::Store(store.clone()));
    }
    Ok(candidates)
}

/// Returns the stores of the machine, and those of the installations beside the one that is meant.
pub(super) fn stores(client: &Client<'_>, surroundings: &Surroundings) -> Stores {
    let seen = &client.settings.seen;
    let mut stores = Stores::of(&Inventory::of(&seen.root, surroundings), surroundings);
    let own = client.settings.runtime.home.as_ref().map(|home| &home.value);
    let beside = own.and_then(|home| home.path().parent()).map(|folder| inside(folder, seen));
    let beside = beside.unwrap_or_default().into_iter();
    let homes = beside.filter_map(|folder| JavaHome::in_root(&seen.root, &folder));
    own.cloned()
        .into_iter()
        .chain(homes)
        .flat_map(|home| STORES.map(|name| home.outside(&home.security_folder().join(name))))
        .filter(|path| path.is_file())
        .take(MOST_STORES)
        .for_each(|path| stores.add(path));
    stores
}

/// Returns what lies in a folder, by name.
fn inside(place: &Path, seen: &Surroundings) -> Vec<PathBuf> {
    let held = std::fs::read_dir(seen.root.outside(place)).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        held.take(MOST_FILES).map(|entry| place.join(entry.file_name())).collect();
    folders.sort();
    folders
}

const STORES: [&str; 2] = ["jssecacerts", "cacerts"];

/// So many stores are looked into beside the installation.
const MOST_STORES: usize = 32;

/// Returns the store that is used, and those that have the root which is missing there, if some have it.
pub(super) fn beside(
    client: &Client<'_>,
    stores: &Stores,
    findings: &[Finding],
) -> Vec<StoreBeside> {
    let missing = findings.iter().find(|finding| finding.code == "root-in-other-store");
    let wanted = missing.and_then(|finding| finding.sha256.as_deref());
    let (Some(wanted), Some(used)) = (wanted, &client.trust_store.found_at) else {
        return Vec::new();
    };
    let is_used = |path: &Path| is_same(path, used);
    let own = StoreBeside { is_meant: true, store: stores.found(used, Some(wanted)) };
    let others = stores
        .paths
        .iter()
        .filter(|path| !is_used(path))
        .map(|path| StoreBeside { is_meant: false, store: stores.found(path, Some(wanted)) });
    [own].into_iter().chain(others.filter(|beside| beside.store.holds == Some(true))).collect()
}
