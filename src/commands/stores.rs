//! The truststores of a machine, and which JVMs use each.

use std::path::{Path, PathBuf};

use super::trust::opening::load;
use crate::certificates;
use crate::cli::{RuntimeOptions, StoreOptions};
use crate::machine::{Inventory, Started};
use crate::report::StoreFound;
use crate::settings::{Settings, SettingsError, Surroundings, TrustStoreChoice};

/// The truststores of a machine, or of an image.
pub(super) struct Stores {
    /// Where this process finds them, each once.
    pub(super) paths: Vec<PathBuf>,
    /// Which of them are used, by whom, and whether that one runs.
    used: Vec<(PathBuf, String, bool)>,
}

impl Stores {
    /// Looks where stores are usually, and which the JVMs use that run or would be started.
    pub(super) fn of(inventory: &Inventory, surroundings: &Surroundings) -> Self {
        let used = inventory.started.iter().filter_map(|started| {
            let (_, choice) = choice(started, surroundings).ok()?;
            Some((choice.found_at?, started.name(), started.process.is_some()))
        });
        let mut stores = Self { paths: inventory.stores(), used: used.collect() };
        for (path, ..) in stores.used.clone() {
            stores.add(path);
        }
        stores
    }

    /// Adds a store, unless it is there under whatever name.
    pub(super) fn add(&mut self, path: PathBuf) {
        if !self.paths.iter().any(|held| is_same(held, &path)) {
            self.paths.push(path);
        }
    }

    /// Says what a store is, who uses it, and whether a certificate is in it.
    pub(super) fn found(&self, path: &Path, wanted: Option<&str>) -> StoreFound {
        let used = self.used.iter().filter(|(held, ..)| is_same(held, path));
        let (used_by, runs): (Vec<String>, Vec<bool>) =
            used.map(|(_, name, runs)| (name.clone(), *runs)).unzip();
        let opened = load(path, None);
        let link = path.canonicalize().ok().filter(|real| real != path);
        StoreFound {
            path: path.display().to_string(),
            is: link.map(|real| real.display().to_string()),
            kind: opened.as_ref().ok().map(|store| store.format().name()),
            entries: opened.as_ref().ok().map(|store| store.entries().len()),
            used_by,
            in_use: runs.contains(&true),
            holds: wanted.map(|wanted| holds(path, wanted)),
            trouble: opened.err().map(|error| error.to_string()),
        }
    }
}

/// Returns what a JVM is told, and the store that it uses.
pub(super) fn choice(
    started: &Started,
    surroundings: &Surroundings,
) -> Result<(Settings, TrustStoreChoice), SettingsError> {
    let settings = started.settings(&RuntimeOptions::default())?;
    let choice = settings.trust_store(&StoreOptions::default(), None, surroundings);
    Ok((settings, choice))
}

fn holds(path: &Path, wanted: &str) -> bool {
    let found = certificates::load(path).map(|found| found.certificates).unwrap_or_default();
    found.iter().any(|held| certificates::fingerprint(held) == wanted)
}

/// Whether two paths lead to one file.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    one == other
        || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|it| it == one))
}
