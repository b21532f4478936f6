//! A new file in the place of the old one, in one step.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::lock::UNFINISHED;
use super::{
    FileError, FileErrorKind, Old, Writing, attributes, backup, directory_of, sync_directory,
};

/// Replaces the store, or makes it, and returns where the old one is kept.
pub(super) fn write(
    path: &Path,
    old: Option<Old>,
    new: &[u8],
    writing: &Writing,
) -> Result<Option<PathBuf>, FileError> {
    let backup = match old {
        Some(old) => replace(path, old, new, writing)?,
        None => {
            let gone = backup::newest(path)?;
            let like = gone.as_ref().map_or(Like::Fresh(NEW_MODE), Like::Old);
            take_free_place(path, write_beside(path, like, new)?)?;
            None
        }
    };
    match sync_directory(path) {
        Ok(()) => Ok(backup),
        Err(error) => Err(FileError::new(path, FileErrorKind::Unsynced { error, backup })),
    }
}

fn replace(
    path: &Path,
    mut old: Old,
    new: &[u8],
    writing: &Writing,
) -> Result<Option<PathBuf>, FileError> {
    if old.links() > 1 {
        return Err(FileError::new(path, FileErrorKind::HardLinks(old.links())));
    }
    let fresh = write_beside(path, Like::Old(&old), new)?;
    // Whatever fails from here on takes the backup away again.
    let backup = writing.backup.map(|time| backup::keep(path, &mut old, time)).transpose()?;
    take_place(path, &old, fresh)?;
    backup::settle(backup)
}

/// What a file that is written beside the store is to be like.
#[derive(Clone, Copy)]
pub(super) enum Like<'a> {
    /// As the store, in all but its bytes.
    Old(&'a Old),
    /// A file of our own with this mode.
    Fresh(u32),
}

/// Writes bytes beside the store, and reads them back.
pub(super) fn write_beside(
    path: &Path,
    like: Like<'_>,
    bytes: &[u8],
) -> Result<NamedTempFile, FileError> {
    let directory = directory_of(path);
    let mut fresh = make_in(directory)?;
    let beside = |operation| move |error| FileError::unwritten(path, operation, error);
    fresh.write_all(bytes).map_err(beside("write beside"))?;
    match like {
        Like::Old(old) => attributes::take_after(path, old, fresh.as_file())?,
        Like::Fresh(mode) => {
            attributes::set_mode(fresh.as_file(), mode).map_err(beside("set the mode beside"))?
        }
    }
    fresh.as_file().sync_all().map_err(beside("write beside"))?;
    if !holds(fresh.path(), bytes).map_err(beside("read back beside"))? {
        return Err(FileError::new(path, FileErrorKind::NotWritten));
    }
    Ok(fresh)
}

/// Returns whether a file holds these bytes and no others.
fn holds(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let (mut buffer, mut rest) = ([0; 16_384], bytes);
    loop {
        let length = file.read(&mut buffer)?;
        let read = buffer.get(..length).unwrap_or_default();
        match rest.strip_prefix(read) {
            Some([]) if read.is_empty() => return Ok(true),
            Some(_) if read.is_empty() => return Ok(false),
            Some(left) => rest = left,
            None => return Ok(false),
        }
    }
}

/// Makes an empty file that nobody else may read.
fn make_in(directory: &Path) -> Result<NamedTempFile<File>, FileError> {
    // tempfile wraps the error and with it the number by which the remedy is found.
    let mut refused = None;
    let made = tempfile::Builder::new().prefix(UNFINISHED).make_in(directory, |path| {
        attributes::create_private(path).inspect_err(|error| refused = error.raw_os_error())
    });
    made.map_err(|error| {
        let error = refused.map_or(error, io::Error::from_raw_os_error);
        FileError::unwritten(directory, "create a file in", error)
    })
}

fn take_place(path: &Path, old: &Old, fresh: NamedTempFile) -> Result<(), FileError> {
    old.check_unchanged(path)?;
    let Err(error) = fresh.persist(path) else { return Ok(()) };
    if error.error.kind() == io::ErrorKind::ResourceBusy {
        return Err(FileError::new(path, FileErrorKind::Mounted));
    }
    Err(FileError::unwritten(path, "replace", error.error))
}

/// Takes the place only if nobody else has meanwhile.
fn take_free_place(path: &Path, fresh: NamedTempFile) -> Result<(), FileError> {
    let Err(error) = fresh.persist_noclobber(path) else { return Ok(()) };
    if error.error.kind() == io::ErrorKind::AlreadyExists {
        return Err(FileError::new(path, FileErrorKind::ChangedMeanwhile));
    }
    Err(FileError::unwritten(path, "create", error.error))
}

/// A new store is for everybody to read: Java runs as another user than the one who makes it.
const NEW_MODE: u32 = 0o644;
