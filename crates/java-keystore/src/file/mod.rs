//! The only look at the disk: a store is read whole, and replaced whole or not at all.
//!
//! ```text
//! resolve links ─▶ lock ─▶ read ─▶ change ─▶ write beside ─▶ back up ─▶ unchanged since? ─▶ rename ─▶ sync
//!                                     └────────▶ back up ─▶ unchanged since? ─▶ overwrite (in place) ─▶ sync
//! ```

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Timestamp;

mod attributes;
mod backup;
mod error;
mod in_place;
mod lock;
mod old;
mod replace;
mod stamp;

pub use backup::{Backup, backups};
pub use error::{FileError, FileErrorKind};
use old::Old;

/// A store larger than this is none.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// How a store is to be written.
#[derive(Clone, Debug)]
pub struct Writing {
    /// Keep the old bytes beside the store, under a name made of this time: `cacerts.bak-20261124T102400Z`.
    pub backup: Option<Timestamp>,
    /// Overwrite the file itself instead of putting a new one in its place: for bind mounts, hard links and directories in
    /// which no file can be made. Should the machine stop meanwhile, the store is torn and the backup holds the old one.
    pub in_place: bool,
    /// How long to wait for another process that is changing a store in the same directory.
    pub patience: Duration,
}

impl Default for Writing {
    fn default() -> Self {
        Self { backup: None, in_place: false, patience: Duration::from_secs(30) }
    }
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
/// Names the file and what was tried; what is no regular file is not even opened.
pub fn load(path: &Path) -> Result<Vec<u8>, FileError> {
    Old::open(path)?.read(path).map(|old| old.bytes)
}

/// Changes a file under a lock: `change` gets its bytes, or none if it does not exist, and returns the new ones, or none to
/// leave it as it is.
///
/// The file is replaced in one step by a new one in the same directory, with mode, owner, access control list and extended
/// attributes of the old one, or of its newest backup if it is gone; symbolic links are followed. Programs that go through this function never lose each other's
/// changes, and a change by one that does not is noticed up to the moment of replacing.
///
/// # Errors
///
/// The store is as it was, unless [`FileError::is_store_changed`] says otherwise; errors of `change` pass through.
pub fn update<E: From<FileError>>(
    path: &Path,
    writing: &Writing,
    change: impl FnOnce(Option<&[u8]>) -> Result<Option<Vec<u8>>, E>,
) -> Result<Updated, E> {
    let path = resolve(path)?;
    let _directory = lock::directory(&path, writing)?;
    let mut old = Old::find(&path, writing)?;
    let bytes = old.as_ref().map(|old| old.bytes.as_slice());
    let new = change(bytes)?.filter(|new| bytes != Some(new.as_slice()));
    let Some(new) = new else {
        return Ok(Updated { path, changed: false, backup: None });
    };
    if let Some(old) = &mut old {
        backup::clear(&path, old)?;
    }
    let backup = match old {
        Some(old) if writing.in_place => in_place::write(&path, &old, &new, writing)?,
        old => replace::write(&path, old, &new, writing)?,
    };
    Ok(Updated { path, changed: true, backup })
}

/// Puts the bytes of a backup into the store's place, as [`update`] would.
///
/// With [`Writing::backup`] the present store becomes a backup itself, so that this can be undone, too.
///
/// # Errors
///
/// As those of [`update`]; or the backup could not be read.
pub fn restore(path: &Path, backup: &Path, writing: &Writing) -> Result<Updated, FileError> {
    update(path, writing, |_present| load(backup).map(Some))
}

/// Follows symbolic links, also those that lead to a file which is still to be made: its directory must exist.
fn resolve(path: &Path) -> Result<PathBuf, FileError> {
    let mut target = path.to_owned();
    // `canonicalize` finds loops; the bound is for links that change under our feet.
    for _link in 0..MOST_LINKS {
        match fs::canonicalize(&target) {
            Ok(real) => return Ok(real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error::is_circle(&error) => break,
            Err(error) => return Err(FileError::io(path, "resolve", error)),
        }
        match fs::read_link(&target) {
            Ok(next) => target = directory_of(&target).join(next),
            Err(_no_link) => {
                let directory = directory_of(&target);
                let real = fs::canonicalize(directory)
                    .map_err(|error| FileError::io(directory, "open", error))?;
                return Ok(real.join(target.file_name().unwrap_or_default()));
            }
        }
    }
    Err(FileError::new(path, FileErrorKind::LinksInCircle))
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        Some(_) | None => Path::new("."),
    }
}

/// Syncs the names in the store's directory to the disk; a file system that has no such operation says "invalid".
fn sync_directory(path: &Path) -> io::Result<()> {
    match File::open(directory_of(path)).and_then(|directory| directory.sync_all()) {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

/// As many as Linux follows.
const MOST_LINKS: usize = 40;
