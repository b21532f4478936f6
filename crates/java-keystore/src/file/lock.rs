//! One writer at a time: a lock on the directory, for the files in it are replaced.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::{FileError, FileErrorKind, Writing, directory_of};

/// What the name of an unfinished file begins with.
pub(super) const UNFINISHED: &str = ".sslpoke-";

/// Locks the directory of a store until the returned file is dropped, and clears away what killed processes left in it.
///
/// A file that is overwritten has a lock of its own, so a directory that may not be read is no hindrance then.
pub(super) fn directory(path: &Path, writing: &Writing) -> Result<Option<File>, FileError> {
    let directory = directory_of(path);
    let opened = match File::open(directory) {
        Ok(opened) => opened,
        Err(error) if writing.in_place && error.kind() == io::ErrorKind::PermissionDenied => {
            return Ok(None);
        }
        Err(error) => return Err(FileError::unwritten(directory, "open", error)),
    };
    file(&opened, directory, writing)?;
    sweep(directory);
    Ok(Some(opened))
}

/// Locks a file, and waits for it no longer than `writing` says.
pub(super) fn file(file: &File, path: &Path, writing: &Writing) -> Result<(), FileError> {
    let mut left = writing.patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(FileError::io(path, "lock", error)),
            Err(TryLockError::WouldBlock) if left.is_zero() => {
                let seconds = writing.patience.as_secs();
                return Err(FileError::new(path, FileErrorKind::Locked { seconds }));
            }
            Err(TryLockError::WouldBlock) => {
                thread::sleep(PAUSE.min(left));
                left = left.saturating_sub(PAUSE);
            }
        }
    }
}

/// Removes unfinished files: whoever made them had the lock, and we have it now. They do no harm, so neither does failing.
fn sweep(directory: &Path) {
    let Ok(names) = fs::read_dir(directory) else { return };
    for held in names.flatten() {
        let is_ours = held.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes());
        if is_ours && held.file_type().is_ok_and(|kind| kind.is_file()) {
            let _is_left = fs::remove_file(held.path());
        }
    }
}

/// Between two looks at a lock that another one holds.
const PAUSE: Duration = Duration::from_millis(10);
