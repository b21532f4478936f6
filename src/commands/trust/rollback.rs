//! `trust rollback`: a store put back as it was, and what it is now kept in its turn.

use std::path::{Path, PathBuf};

use java_keystore::file::backups;
use java_keystore::{KeyStore, Password};

use super::diff::only_in;
use super::editing::put;
use super::opening::{StoreError, TrustError, load_bytes, open, password, read};
use crate::certificates::time;
use crate::cli::TrustRollbackArgs;
use crate::report::{BackupListed, Report, SCHEMA, TrustBackups, TrustChange};
use crate::settings::Surroundings;

pub(super) fn run(
    args: &TrustRollbackArgs,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    let path = surroundings.absolute(Path::new(&args.store));
    let named = password(&args.access, surroundings)?;
    if args.list {
        return list(&path, named.as_ref()).map(Report::TrustBackups);
    }
    let backup = match &args.backup {
        Some(backup) => surroundings.absolute(Path::new(backup)),
        None => newest(&path)?,
    };
    let mut told = TrustChange::new(SCHEMA, "trust-rollback", &path, args.writing.dry_run);
    let updated = put(&path, &args.writing, surroundings, |there| {
        let bytes = load_bytes(&backup)?;
        let then = restorable(&bytes, named.as_ref(), &mut told)
            .map_err(|error| TrustError::Store { path: backup.clone(), error })?;
        compare(there, &then, named.as_ref(), &mut told);
        told.changed = there != Some(bytes.as_slice());
        Ok(Some(bytes))
    })?;
    told.restored = Some(backup.display().to_string());
    told.backup = updated.backup.map(|at| at.display().to_string());
    Ok(Report::TrustChange(told))
}

fn newest(path: &Path) -> Result<PathBuf, TrustError> {
    let newest = backups(path).map_err(TrustError::Unreadable)?.into_iter().next();
    newest.map(|backup| backup.path).ok_or_else(|| {
        TrustError::Refused(format!(
            "{}: there is no backup of it; looked for {}",
            path.display(),
            place(path)
        ))
    })
}

/// Returns where backups of a store are looked for: links lead to where it really is.
fn place(path: &Path) -> String {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    format!("{}.bak-*", real.display())
}

/// Reads a backup, with whatever password fits: a store that nobody can read is not put into the place of another.
fn restorable(
    bytes: &[u8],
    named: Option<&Password>,
    told: &mut TrustChange,
) -> Result<KeyStore, StoreError> {
    let (store, is_checked) = opened(bytes, named)?;
    told.format = store.format().name();
    if !is_checked {
        told.notes.push(
            "the backup has another password, so it could not be checked whether it is whole"
                .to_owned(),
        );
    }
    Ok(store)
}

/// Opens a store: with the password that was named, or the usual one, or else without, when nothing is checked.
fn opened(bytes: &[u8], named: Option<&Password>) -> Result<(KeyStore, bool), StoreError> {
    let tries = [named.cloned(), None];
    for password in tries.into_iter().skip(usize::from(named.is_none())) {
        match open(bytes, password) {
            Ok(opened) => return Ok((opened.store, true)),
            Err(StoreError::Password(_) | StoreError::PasswordWanted) => {}
            Err(error) => return Err(error),
        }
    }
    read(bytes, None).map(|store| (store, false))
}

/// Tells what Java will trust again, and no longer.
fn compare(
    there: Option<&[u8]>,
    then: &KeyStore,
    named: Option<&Password>,
    told: &mut TrustChange,
) {
    let now = match there.map(|bytes| opened(bytes, named)) {
        Some(Ok((now, _))) => now,
        Some(Err(error)) => {
            told.notes.push(format!("what is there now cannot be read: {error}"));
            KeyStore::new(then.format())
        }
        None => KeyStore::new(then.format()),
    };
    told.added = only_in(then, &now, |held| (held.alias(), held.certificate()));
    told.removed = only_in(&now, then, |held| (held.alias(), held.certificate()));
}

fn list(path: &Path, named: Option<&Password>) -> Result<TrustBackups, TrustError> {
    let there = load_bytes(path).ok();
    let found = backups(path).map_err(TrustError::Unreadable)?;
    let described = found.into_iter().map(|backup| {
        let bytes = load_bytes(&backup.path);
        let store = bytes.as_ref().ok().map(|bytes| opened(bytes, named));
        let (entries, why) = match (&bytes, store) {
            (Err(error), _) => (None, Some(error.to_string())),
            (Ok(_), Some(Err(error))) => (None, Some(error.to_string())),
            (Ok(_), Some(Ok((store, _)))) => (Some(store.entries().len()), None),
            (Ok(_), None) => (None, None),
        };
        BackupListed {
            path: backup.path.display().to_string(),
            time: time(backup.time.0.div_euclid(1000)),
            entries,
            why,
            same: bytes.is_ok() && bytes.ok() == there,
        }
    });
    Ok(TrustBackups {
        schema: SCHEMA,
        verb: "trust-rollback",
        store: path.display().to_string(),
        backups: described.collect(),
        place: place(path),
    })
}
