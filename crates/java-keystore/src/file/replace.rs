//! A new file in the place of the old one, in one step.

use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::lock::UNFINISHED;
use super::{
    FileError, FileErrorKind, Old, Writing, attributes, backup, directory_of, sync_directory,
};

/// Replaces the store, or makes it, and returns where the old one is kept.
pub(super) fn write(
    path: &Path,
    old: Option<&Old>,
    new: &[u8],
    writing: &Writing,
) -> Result<Option<PathBuf>, FileError> {
    if let Some(old) = old {
        check_links(path, &old.metadata)?;
    }
    let fresh = write_beside(path, old, new)?;
    // Whatever fails from here on takes the backup away again.
    let backup = backup::keep(path, old, writing)?;
    match old {
        Some(old) => take_place(path, old, fresh)?,
        None => take_free_place(path, fresh)?,
    }
    let backup = backup::settle(backup)?;
    match sync_directory(path) {
        Ok(()) => Ok(backup),
        Err(error) => Err(FileError::new(path, FileErrorKind::Unsynced { error, backup })),
    }
}

/// Writes bytes beside the store, into a file like the store's, and reads them back.
pub(super) fn write_beside(
    path: &Path,
    like: Option<&Old>,
    bytes: &[u8],
) -> Result<NamedTempFile, FileError> {
    let directory = directory_of(path);
    // Nobody else may read it before it has got its own mode: it is made with 0600.
    let mut fresh = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(directory)
        .map_err(|error| FileError::unwritten(directory, "create a file in", error))?;
    let beside = |operation| move |error| FileError::unwritten(path, operation, error);
    fresh.write_all(bytes).map_err(beside("write beside"))?;
    match like {
        Some(old) => attributes::take_after(path, old, fresh.as_file())?,
        None => attributes::set_mode(fresh.as_file(), NEW_MODE)
            .map_err(beside("set the mode beside"))?,
    }
    fresh.as_file().sync_all().map_err(beside("write beside"))?;
    if fs::read(fresh.path()).map_err(beside("read back beside"))? != bytes {
        return Err(FileError::new(path, FileErrorKind::NotWritten));
    }
    Ok(fresh)
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

#[cfg(unix)]
fn check_links(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    use std::os::unix::fs::MetadataExt;
    match metadata.nlink() {
        0 | 1 => Ok(()),
        links => Err(FileError::new(path, FileErrorKind::HardLinks(links))),
    }
}

#[cfg(not(unix))]
fn check_links(_path: &Path, _metadata: &Metadata) -> Result<(), FileError> {
    Ok(())
}

/// A new store is for everybody to read: Java runs as another user than the one who makes it.
const NEW_MODE: u32 = 0o644;
