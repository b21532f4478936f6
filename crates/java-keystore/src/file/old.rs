//! A store as it was found.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::Path;

use super::{FileError, FileErrorKind, LARGEST, Writing, lock};

/// A store's file and what was in it.
pub(super) struct Old {
    pub(super) file: File,
    pub(super) metadata: Metadata,
    pub(super) bytes: Vec<u8>,
}

impl Old {
    /// Reads the store, if there is one; what is to be overwritten is locked itself, since other directories may lead to it.
    pub(super) fn find(path: &Path, writing: &Writing) -> Result<Option<Self>, FileError> {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Ok(_) | Err(_) => {}
        }
        let opened = Self::open(path)?;
        if writing.in_place {
            lock::file(&opened.file, path, writing)?;
        }
        opened.read(path).map(Some)
    }

    /// Opens a regular file; anything else (a pipe would make us wait for ever) is not opened.
    pub(super) fn open(path: &Path) -> Result<Self, FileError> {
        let looked = |error| FileError::io(path, "look at", error);
        check_regular(
            path,
            fs::metadata(path).map_err(|error| FileError::io(path, "open", error))?.file_type(),
        )?;
        let file = File::open(path).map_err(|error| FileError::io(path, "open", error))?;
        let metadata = file.metadata().map_err(looked)?;
        check_regular(path, metadata.file_type())?;
        Ok(Self { file, metadata, bytes: Vec::new() })
    }

    /// Reads the file whole.
    pub(super) fn read(mut self, path: &Path) -> Result<Self, FileError> {
        self.metadata =
            self.file.metadata().map_err(|error| FileError::io(path, "look at", error))?;
        // Room for what the file has now; a length is only a hint.
        let hint = usize::try_from(self.metadata.len().min(LARGEST)).unwrap_or_default();
        self.bytes.reserve_exact(hint.saturating_add(1));
        (&self.file)
            .take(LARGEST + 1)
            .read_to_end(&mut self.bytes)
            .map_err(|error| FileError::io(path, "read", error))?;
        if u64::try_from(self.bytes.len()).is_ok_and(|length| length > LARGEST) {
            return Err(FileError::new(path, FileErrorKind::TooLarge));
        }
        Ok(self)
    }

    /// Checks that the path still leads to the file that was read, and that nobody wrote to it.
    pub(super) fn check_unchanged(&self, path: &Path) -> Result<(), FileError> {
        if self.is_at(path) {
            return Ok(());
        }
        Err(FileError::new(path, FileErrorKind::ChangedMeanwhile))
    }

    /// Returns whether the path leads to the very file that was read, and that it has not changed since.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|now| identity(&now) == identity(&self.metadata))
    }

    /// Looks at the file again after a name of it came or went, which changes its times but not what was written when.
    pub(super) fn look_again(&mut self, path: &Path) -> Result<(), FileError> {
        let now = self.file.metadata().map_err(|error| FileError::io(path, "look at", error))?;
        let written = |metadata: &Metadata| (metadata.len(), metadata.modified().ok());
        if written(&now) != written(&self.metadata) {
            return Err(FileError::new(path, FileErrorKind::ChangedMeanwhile));
        }
        self.metadata = now;
        Ok(())
    }

    /// Returns how many names the file has.
    #[cfg(unix)]
    pub(super) fn links(&self) -> u64 {
        std::os::unix::fs::MetadataExt::nlink(&self.metadata)
    }

    #[cfg(not(unix))]
    pub(super) fn links(&self) -> u64 {
        1
    }
}

fn check_regular(path: &Path, kind: FileType) -> Result<(), FileError> {
    if kind.is_file() {
        return Ok(());
    }
    Err(FileError::new(path, FileErrorKind::NotRegular(name_of(kind))))
}

#[cfg(unix)]
fn name_of(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_dir() {
        "a directory"
    } else if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn name_of(kind: FileType) -> &'static str {
    if kind.is_dir() { "a directory" } else { "a device" }
}

/// What differs as soon as a file was replaced or written.
#[cfg(unix)]
fn identity(metadata: &Metadata) -> impl Eq + use<> {
    use std::os::unix::fs::MetadataExt;
    let modified = (metadata.mtime(), metadata.mtime_nsec());
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    (metadata.dev(), metadata.ino(), metadata.size(), modified, changed)
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> impl Eq + use<> {
    (metadata.len(), metadata.modified().ok())
}
