//! Why a file could not be read or replaced, and what helps.

use std::io;
use std::path::{Path, PathBuf};

/// Why a file could not be read or replaced.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {kind}", path = path.display())]
pub struct FileError {
    /// The file, or the directory that it is in.
    pub path: PathBuf,
    /// What went wrong.
    pub kind: FileErrorKind,
}

/// What went wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum FileErrorKind {
    /// The operating system refused to do something.
    #[error("{operation}: {error}{remedy}")]
    Io {
        /// What was tried.
        operation: &'static str,
        /// What the system said.
        error: io::Error,
        /// What helps, with a semicolon before it; empty where nothing is known to.
        remedy: &'static str,
    },
    /// It is something else than a file with bytes in it.
    #[error("it is {0}, no regular file")]
    NotRegular(&'static str),
    /// It is too large to be a store.
    #[error("more than 256 MiB, so no store")]
    TooLarge,
    /// Symbolic links lead to each other.
    #[error("its symbolic links lead in a circle (`namei` shows how); name the file itself")]
    LinksInCircle,
    /// Another process holds the lock.
    #[error(
        "another sslpoke has been changing a store here for more than {seconds} s; \
         `lslocks` names it: wait until it has ended, then run this again"
    )]
    Locked {
        /// How long it was waited for.
        seconds: u64,
    },
    /// A program that takes no lock, such as keytool, wrote the file meanwhile.
    #[error(
        "another program changed it meanwhile (keytool takes no lock); what that one wrote was left alone: run this again"
    )]
    ChangedMeanwhile,
    /// It has several names (hard links): replacing one would leave the others behind.
    #[error(
        "{0} hard links lead to it, and a new file would take the place of this one only; \
         --in-place overwrites what all of them lead to"
    )]
    HardLinks(u64),
    /// It is mounted over another file, so it cannot be replaced as one step.
    #[error(
        "it is a mount point of its own (docker -v FILE:FILE, a Kubernetes subPath), where no new file can take its place; \
         --in-place overwrites it, and better still is to change it where it is mounted from"
    )]
    Mounted,
    /// The new file would belong to somebody else.
    #[error(
        "the new file could not be given to its owner ({owner}) and group ({group}): {error}; \
         run this as that user or as root, or overwrite the file itself with --in-place"
    )]
    Owner {
        /// User id.
        owner: u32,
        /// Group id.
        group: u32,
        /// What the system said.
        error: io::Error,
    },
    /// The new file would lack a label, a list or a note that the old one has.
    #[error(
        "the new file could not be given the extended attribute {name}: {error}; \
         run this as root, or overwrite the file itself with --in-place"
    )]
    Attribute {
        /// Its name.
        name: String,
        /// What the system said.
        error: io::Error,
    },
    /// The new file did not read back as it was written.
    #[error("the new file does not read back as it was written: the disk may be failing")]
    NotWritten,
    /// The new store is in its place, but may not be on the disk yet.
    #[error(
        "the new store was written and is in its place, but its directory could not be synced to the disk: {error}; \
         run `sync`, for a power cut now may bring the old store back{backup}", backup = kept(backup.as_deref())
    )]
    Unsynced {
        /// What the system said.
        error: io::Error,
        /// Where the old bytes are kept.
        backup: Option<PathBuf>,
    },
    /// Writing in place was cut short, and the old bytes could not be put back.
    #[error(
        "overwriting it was cut short: {error}; the store may be damaged now{backup}", backup = kept(backup.as_deref())
    )]
    Torn {
        /// What the system said.
        error: io::Error,
        /// Where the old bytes are kept.
        backup: Option<PathBuf>,
    },
}

impl FileError {
    /// Returns whether the store is no longer what it was: after all other errors nothing has changed.
    #[must_use]
    pub fn is_store_changed(&self) -> bool {
        matches!(self.kind, FileErrorKind::Unsynced { .. } | FileErrorKind::Torn { .. })
    }

    pub(super) fn new(path: &Path, kind: FileErrorKind) -> Self {
        Self { path: path.to_owned(), kind }
    }

    /// Something that has no remedy of its own.
    pub(super) fn io(path: &Path, operation: &'static str, error: io::Error) -> Self {
        Self::new(path, FileErrorKind::Io { operation, error, remedy: "" })
    }

    /// A step of writing that failed before anything was changed.
    pub(super) fn unwritten(path: &Path, operation: &'static str, error: io::Error) -> Self {
        let remedy = remedy(&error);
        Self::new(path, FileErrorKind::Io { operation, error, remedy })
    }
}

/// Returns what helps against an error of writing.
fn remedy(error: &io::Error) -> &'static str {
    if is_forbidden(error) {
        return "; it may be immutable (`lsattr -d` shows an i or a, `chattr -i` takes it away), \
                or the directory keeps the files of other users from being replaced (mode +t)";
    }
    let kind = error.kind();
    REMEDIES.iter().find(|(held, _)| *held == kind).map_or("", |(_, remedy)| remedy)
}

/// Returns whether it is the kind of refusal that root gets, too.
#[cfg(unix)]
fn is_forbidden(error: &io::Error) -> bool {
    rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::PERM)
}

/// Returns whether symbolic links lead to each other.
#[cfg(unix)]
pub(super) fn is_circle(error: &io::Error) -> bool {
    rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::LOOP)
}

#[cfg(not(unix))]
fn is_forbidden(_error: &io::Error) -> bool {
    false
}

#[cfg(not(unix))]
pub(super) fn is_circle(_error: &io::Error) -> bool {
    false
}

fn kept(backup: Option<&Path>) -> String {
    backup.map_or_else(String::new, |at| format!("; the old one is kept in {}", at.display()))
}

const REMEDIES: [(io::ErrorKind, &str); 4] = [
    (
        io::ErrorKind::PermissionDenied,
        "; run this as the owner of the directory or as root; \
         where only the file itself may be written, --in-place --no-backup overwrites it",
    ),
    (
        io::ErrorKind::ReadOnlyFilesystem,
        "; the file system is read-only: change the store where it comes from (image, ConfigMap, volume), \
         or change a copy and name that with -Djavax.net.ssl.trustStore",
    ),
    (io::ErrorKind::StorageFull, "; the store is as it was: make room there, then run this again"),
    (
        io::ErrorKind::QuotaExceeded,
        "; the store is as it was: make room within the quota, then run this again",
    ),
];
