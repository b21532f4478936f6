//! The file itself overwritten, where no new one can take its place.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{FileError, FileErrorKind, Old, Writing, backup, sync_directory};

/// Overwrites the store and returns where the old one is kept.
pub(super) fn write(
    path: &Path,
    old: &Old,
    new: &[u8],
    writing: &Writing,
) -> Result<Option<PathBuf>, FileError> {
    let step = |operation| move |error| FileError::unwritten(path, operation, error);
    let file =
        OpenOptions::new().read(true).write(true).open(path).map_err(step("open for writing"))?;
    // Another name of the same file would be overwritten with it.
    let backup = writing.backup.map(|time| backup::copy(path, old, time)).transpose()?;
    if backup.is_some() {
        sync_directory(path).map_err(step("sync the directory of"))?;
    }
    old.check_unchanged(path)?;
    claim_room(&file, &old.bytes, new).map_err(step("write"))?;
    // The backup stays from here on, for it is all there is should the machine stop now.
    let backup = backup::settle(backup)?;
    let Err(error) = overwrite(&file, new) else { return Ok(backup) };
    match overwrite(&file, &old.bytes) {
        Ok(()) => Err(FileError::unwritten(path, "write", error)),
        Err(_second) => Err(FileError::new(path, FileErrorKind::Torn { error, backup })),
    }
}

/// Writes what is longer than the old store behind it, so that a full disk is noticed while the old one is still whole.
fn claim_room(mut file: &File, old: &[u8], new: &[u8]) -> io::Result<()> {
    let Some(tail) = new.get(old.len()..).filter(|tail| !tail.is_empty()) else { return Ok(()) };
    let claimed = file
        .seek(SeekFrom::End(0))
        .and_then(|_| file.write_all(tail))
        .and_then(|()| file.sync_all());
    claimed.or_else(|error| file.set_len(length_of(old)).and(Err(error)))
}

fn overwrite(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(bytes)?;
    file.set_len(length_of(bytes))?;
    file.sync_all()?;
    file.seek(SeekFrom::Start(0))?;
    let mut held = Vec::new();
    file.take(length_of(bytes) + 1).read_to_end(&mut held)?;
    if held == bytes {
        Ok(())
    } else {
        Err(io::Error::other("it does not read back as it was written"))
    }
}

fn length_of(bytes: &[u8]) -> u64 {
    bytes.len().try_into().unwrap_or(u64::MAX)
}
