//! The only look at the disk: a store is read whole, and replaced whole or not at all.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A store larger than this is none.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Why a file could not be read or replaced.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {kind}", path = path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// What went wrong.
    pub kind: FileErrorKind,
}

/// What went wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum FileErrorKind {
    /// The operating system refused to do something.
    #[error("{operation}: {error}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// It is no regular file.
    #[error("no regular file")]
    NotRegular,
    /// It is too large to be a store.
    #[error("more than 256 MiB, so no store")]
    TooLarge,
    /// It has several names (hard links): replacing one would leave the others behind.
    #[error("{0} hard links lead to it; replacing it would leave the others with the old store")]
    HardLinks(u64),
    /// It is mounted over another file, so it cannot be replaced as one step.
    #[error("it is a mount point of its own, so it cannot be replaced in one step")]
    Mounted,
    /// The new file would belong to somebody else.
    #[error("the new file could not be given to its owner ({owner}) and group ({group})")]
    Owner {
        /// User id.
        owner: u32,
        /// Group id.
        group: u32,
    },
    /// The new file did not read back as it was written.
    #[error("the new file does not read back as it was written")]
    NotWritten,
}

/// What became of an update.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Updated {
    /// The file that was looked at, symbolic links followed.
    pub path: PathBuf,
    /// Whether it was replaced.
    pub changed: bool,
    /// Where the old bytes are kept.
    pub backup: Option<PathBuf>,
}

/// Reads a file whole.
///
/// # Errors
///
/// Names the file and what was tried.
pub fn load(path: &Path) -> Result<Vec<u8>, FileError> {
    let at = |kind| FileError { path: path.to_owned(), kind };
    let io = |operation| move |error| FileErrorKind::Io { operation, error };
    let file = File::open(path).map_err(io("open")).map_err(at)?;
    let metadata = file.metadata().map_err(io("look at")).map_err(at)?;
    if !metadata.is_file() {
        return Err(at(FileErrorKind::NotRegular));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(io("read")).map_err(at)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(at(FileErrorKind::TooLarge));
    }
    Ok(bytes)
}

/// Changes a file under a lock: `change` gets its bytes, or none if it does not exist, and returns the new ones, or none to
/// leave it as it is.
///
/// The file is replaced in one step by a new one in the same directory, with mode, owner and extended attributes of the old
/// one; symbolic links are followed. Programs that go through this function never lose each other's changes. With a
/// `backup_suffix` the old bytes are kept beside it under that suffix.
///
/// # Errors
///
/// Nothing was changed, whatever the error; errors of `change` pass through.
pub fn update<E: From<FileError>>(
    path: &Path,
    backup_suffix: Option<&str>,
    change: impl FnOnce(Option<&[u8]>) -> Result<Option<Vec<u8>>, E>,
) -> Result<Updated, E> {
    let path = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => new_path(path)?,
        Err(error) => return Err(failure(path, "resolve", error).into()),
    };
    let directory = directory_of(&path);
    // Locked is the directory: the file itself is replaced.
    let lock = File::open(directory).map_err(|error| failure(directory, "open", error))?;
    lock.lock().map_err(|error| failure(directory, "lock", error))?;
    let existing = match fs::metadata(&path) {
        Ok(metadata) => Some((metadata, load(&path)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failure(&path, "look at", error).into()),
    };
    let old = existing.as_ref().map(|(_, bytes)| bytes.as_slice());
    let Some(new) = change(old)? else {
        return Ok(Updated { path, changed: false, backup: None });
    };
    if old == Some(new.as_slice()) {
        return Ok(Updated { path, changed: false, backup: None });
    }
    let backup = replace(&path, existing.as_ref(), &new, backup_suffix)?;
    Ok(Updated { path, changed: true, backup })
}

/// A path that does not exist yet, or a symbolic link that leads nowhere: its directory must exist.
fn new_path(path: &Path) -> Result<PathBuf, FileError> {
    let target = fs::read_link(path)
        .map_or_else(|_no_link| path.to_owned(), |target| directory_of(path).join(target));
    let directory = directory_of(&target);
    let real = fs::canonicalize(directory).map_err(|error| failure(directory, "open", error))?;
    Ok(real.join(target.file_name().unwrap_or_default()))
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        Some(_) | None => Path::new("."),
    }
}

fn replace(
    path: &Path,
    existing: Option<&(Metadata, Vec<u8>)>,
    new: &[u8],
    backup_suffix: Option<&str>,
) -> Result<Option<PathBuf>, FileError> {
    let metadata = existing.map(|(metadata, _)| metadata);
    if let Some(metadata) = metadata {
        check_links(path, metadata)?;
    }
    let fresh = write_beside(path, metadata, new)?;
    let backup = match (existing, backup_suffix) {
        (Some((metadata, old)), Some(suffix)) => Some(back_up(path, metadata, old, suffix)?),
        _ => None,
    };
    fresh.persist(path).map_err(|error| {
        if error.error.kind() == io::ErrorKind::ResourceBusy {
            return FileError { path: path.to_owned(), kind: FileErrorKind::Mounted };
        }
        failure(path, "replace", error.error)
    })?;
    sync_directory(path)?;
    Ok(backup)
}

/// Writes the new bytes beside the file and reads them back.
fn write_beside(
    path: &Path,
    like: Option<&Metadata>,
    bytes: &[u8],
) -> Result<NamedTempFile, FileError> {
    let directory = directory_of(path);
    let mut fresh = tempfile::Builder::new()
        .prefix(".sslpoke-")
        .tempfile_in(directory)
        .map_err(|error| failure(directory, "create a file in", error))?;
    let io = |operation| move |error| failure(path, operation, error);
    fresh.write_all(bytes).map_err(io("write beside"))?;
    match like {
        Some(metadata) => take_after(path, metadata, fresh.as_file())?,
        None => set_mode(fresh.as_file(), NEW_MODE).map_err(io("set the mode beside"))?,
    }
    fresh.as_file().sync_all().map_err(io("write beside"))?;
    if fs::read(fresh.path()).map_err(io("read back beside"))? != bytes {
        return Err(FileError { path: path.to_owned(), kind: FileErrorKind::NotWritten });
    }
    Ok(fresh)
}

/// Keeps the old bytes under `NAME.SUFFIX`, or `NAME.SUFFIX.1` and so on where that is taken.
fn back_up(
    path: &Path,
    metadata: &Metadata,
    old: &[u8],
    suffix: &str,
) -> Result<PathBuf, FileError> {
    for attempt in 0..1000 {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{suffix}"));
        if attempt > 0 {
            name.push(format!(".{attempt}"));
        }
        let place = path.with_file_name(name);
        let copy = write_beside(path, Some(metadata), old)?;
        match copy.persist_noclobber(&place) {
            Ok(_) => return Ok(place),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failure(&place, "create", error.error)),
        }
    }
    let error = io::Error::from(io::ErrorKind::AlreadyExists);
    Err(failure(path, "back up", error))
}

fn sync_directory(path: &Path) -> Result<(), FileError> {
    let directory = directory_of(path);
    File::open(directory)
        .and_then(|opened| opened.sync_all())
        .map_err(|error| failure(directory, "sync", error))
}

#[cfg(unix)]
fn check_links(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    use std::os::unix::fs::MetadataExt;
    if metadata.nlink() > 1 {
        let kind = FileErrorKind::HardLinks(metadata.nlink());
        return Err(FileError { path: path.to_owned(), kind });
    }
    Ok(())
}

/// Gives the new file the owner, mode and extended attributes of the old one.
#[cfg(unix)]
fn take_after(path: &Path, metadata: &Metadata, file: &File) -> Result<(), FileError> {
    use std::os::unix::fs::{MetadataExt, fchown};
    use xattr::FileExt;
    let (owner, group) = (metadata.uid(), metadata.gid());
    let own = file.metadata().map_err(|error| failure(path, "look at", error))?;
    if (own.uid(), own.gid()) != (owner, group) && fchown(file, Some(owner), Some(group)).is_err() {
        let kind = FileErrorKind::Owner { owner, group };
        return Err(FileError { path: path.to_owned(), kind });
    }
    file.set_permissions(metadata.permissions())
        .map_err(|error| failure(path, "set the mode beside", error))?;
    // A file system without extended attributes has none to keep.
    let Ok(names) = xattr::list(path) else { return Ok(()) };
    for name in names {
        let value =
            xattr::get(path, &name).map_err(|error| failure(path, "read attributes of", error))?;
        if let Some(value) = value
            && file.get_xattr(&name).ok().flatten().as_ref() != Some(&value)
        {
            file.set_xattr(&name, &value)
                .map_err(|error| failure(path, "set attributes beside", error))?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn check_links(_path: &Path, _metadata: &Metadata) -> Result<(), FileError> {
    Ok(())
}

#[cfg(not(unix))]
fn take_after(path: &Path, metadata: &Metadata, file: &File) -> Result<(), FileError> {
    file.set_permissions(metadata.permissions())
        .map_err(|error| failure(path, "set the mode beside", error))
}

#[cfg(not(unix))]
fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

fn failure(path: &Path, operation: &'static str, error: io::Error) -> FileError {
    FileError { path: path.to_owned(), kind: FileErrorKind::Io { operation, error } }
}

/// A new store is for everybody to read, as keytool makes it.
const NEW_MODE: u32 = 0o644;
