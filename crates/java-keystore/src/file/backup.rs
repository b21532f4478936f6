//! Old stores, kept beside the new one as `NAME.bak-YYYYMMDDTHHMMSSZ`, with `.1` and so on where that is taken.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::replace::{Like, write_beside};
use super::{FileError, FileErrorKind, Old, directory_of, resolve, stamp};
use crate::Timestamp;

/// An old store.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Backup {
    /// Where it is.
    pub path: PathBuf,
    /// When it was put aside, to the second.
    pub time: Timestamp,
    /// Which one of that second.
    number: u32,
}

/// Finds the backups of a store, the newest first; the store itself may be gone.
///
/// # Errors
///
/// Names the directory and what was tried.
pub fn backups(path: &Path) -> Result<Vec<Backup>, FileError> {
    let path = resolve(path)?;
    let directory = directory_of(&path);
    let failed = |error| FileError::io(directory, "list", error);
    let mut found = Vec::new();
    for held in fs::read_dir(directory).map_err(failed)? {
        let name = held.map_err(failed)?.file_name();
        if let Some((time, number)) = taken_apart(&name, path.file_name().unwrap_or_default()) {
            found.push(Backup { path: directory.join(name), time, number });
        }
    }
    found.sort_by_key(|backup| std::cmp::Reverse((backup.time, backup.number)));
    Ok(found)
}

/// Opens the newest backup of a store that is gone: what is made in its place is like the store was, not for more people to
/// read.
pub(super) fn newest(path: &Path) -> Result<Option<Old>, FileError> {
    Ok(backups(path)?.first().and_then(|backup| Old::open(&backup.path).ok()))
}

/// Takes away the backups that are other names of the store itself: who made them was killed before a new store took its
/// place, and what writes to the store would write to them.
pub(super) fn clear(path: &Path, old: &mut Old) -> Result<(), FileError> {
    if old.links() < 2 {
        return Ok(());
    }
    old.check_unchanged(path)?;
    let mut same = backups(path)?;
    same.retain(|backup| old.is_at(&backup.path));
    for backup in same {
        fs::remove_file(&backup.path)
            .map_err(|error| FileError::unwritten(&backup.path, "remove", error))?;
    }
    old.look_again(path)
}

/// Keeps the old store; it goes again when the returned path is dropped.
pub(super) fn keep(path: &Path, old: &mut Old, time: Timestamp) -> Result<TempPath, FileError> {
    match link(path, old, time)? {
        Some(linked) => Ok(linked),
        None => copy(path, old, time),
    }
}

/// Gives the old store's file a second name, which it keeps when a new one takes the first. None: the file system has no such
/// thing, or this user may not.
#[cfg(unix)]
fn link(path: &Path, old: &mut Old, time: Timestamp) -> Result<Option<TempPath>, FileError> {
    // Who wrote it need not have done that.
    if old.file.sync_data().is_err() {
        return Ok(None);
    }
    old.check_unchanged(path)?;
    for place in places(path, time) {
        match fs::hard_link(path, &place) {
            Ok(()) => {
                let linked = passing(&place)?;
                old.look_again(path)?;
                return Ok(Some(linked));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_impossible) => return Ok(None),
        }
    }
    Ok(None)
}

#[cfg(not(unix))]
fn link(_path: &Path, _old: &mut Old, _time: Timestamp) -> Result<Option<TempPath>, FileError> {
    Ok(None)
}

/// Writes the old store's bytes to a file of their own; it goes again when the returned path is dropped.
pub(super) fn copy(path: &Path, old: &Old, time: Timestamp) -> Result<TempPath, FileError> {
    let mut copy = match write_beside(path, Like::Old(old), &old.bytes) {
        // Who overwrites a file of somebody else's keeps its old bytes for himself.
        Err(FileError {
            kind: FileErrorKind::Owner { .. } | FileErrorKind::Attribute { .. },
            ..
        }) => write_beside(path, Like::Fresh(PRIVATE), &old.bytes)?,
        copied => copied?,
    };
    for place in places(path, time) {
        match copy.persist_noclobber(&place) {
            Ok(_file) => return passing(&place),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => copy = error.file,
            Err(error) => return Err(FileError::unwritten(&place, "create", error.error)),
        }
    }
    Err(FileError::unwritten(path, "back up", io::ErrorKind::AlreadyExists.into()))
}

/// Lists where a backup of this time may be put.
fn places(path: &Path, time: Timestamp) -> impl Iterator<Item = PathBuf> {
    let store = path.file_name().unwrap_or_default();
    (0..MOST_IN_A_SECOND).map(move |number| path.with_file_name(put_together(store, time, number)))
}

/// Makes a file go when the returned path is dropped.
fn passing(place: &Path) -> Result<TempPath, FileError> {
    TempPath::try_from_path(place).map_err(|error| FileError::io(place, "name", error))
}

/// Makes a backup stay.
pub(super) fn settle(backup: Option<TempPath>) -> Result<Option<PathBuf>, FileError> {
    backup
        .map(|backup| {
            backup.keep().map_err(|error| FileError::io(&error.path, "keep", error.error))
        })
        .transpose()
}

fn put_together(store: &OsStr, time: Timestamp, number: u32) -> OsString {
    let mut name = store.to_owned();
    name.push(MARK);
    name.push(stamp::write(time));
    if number > 0 {
        name.push(format!(".{number}"));
    }
    name
}

fn taken_apart(name: &OsStr, store: &OsStr) -> Option<(Timestamp, u32)> {
    let rest = name.as_encoded_bytes().strip_prefix(store.as_encoded_bytes())?;
    let rest = str::from_utf8(rest).ok()?.strip_prefix(MARK)?;
    let (time, number) =
        rest.split_once('.').map_or((rest, Ok(0)), |(time, number)| (time, number.parse()));
    Some((stamp::parse(time)?, number.ok()?))
}

const PRIVATE: u32 = 0o600;

const MARK: &str = ".bak-";

/// So that a loop ends.
const MOST_IN_A_SECOND: u32 = 1000;
