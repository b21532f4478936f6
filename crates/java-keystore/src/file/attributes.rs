//! What a new file has in common with the old one: owner, mode, access control list, extended attributes.

#[cfg(unix)]
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(unix)]
use rustix::io::Errno;
#[cfg(unix)]
use xattr::FileExt;

#[cfg(unix)]
use super::FileErrorKind;
use super::{FileError, Old};

/// Gives the new file the owner, extended attributes and mode of the old one, in this order: a new owner takes marks off, and
/// who has given away a right cannot set more.
#[cfg(unix)]
pub(super) fn take_after(path: &Path, old: &Old, fresh: &File) -> Result<(), FileError> {
    take_owner(path, old, fresh)?;
    take_extended(path, &old.file, fresh)?;
    fresh
        .set_permissions(old.metadata.permissions())
        .map_err(|error| FileError::unwritten(path, "set the mode beside", error))
}

#[cfg(unix)]
fn take_owner(path: &Path, old: &Old, fresh: &File) -> Result<(), FileError> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (owner, group) = (old.metadata.uid(), old.metadata.gid());
    let own = fresh.metadata().map_err(|error| FileError::io(path, "look at", error))?;
    if (own.uid(), own.gid()) == (owner, group) {
        return Ok(());
    }
    fchown(fresh, Some(owner), Some(group))
        .map_err(|error| FileError::new(path, FileErrorKind::Owner { owner, group, error }))
}

/// Copies extended attributes; POSIX access control lists are among them, as are labels and capabilities.
#[cfg(unix)]
fn take_extended(path: &Path, old: &File, fresh: &File) -> Result<(), FileError> {
    let listed = |error| FileError::io(path, "list extended attributes of", error);
    let mut names = extended_attributes(old).map_err(listed)?;
    names.retain(|name| OF_THE_CONTENT.iter().all(|held| name != held));
    // It decides the mode, and with it what its owner may still do: it comes last.
    names.sort_by_key(|name| name == ACCESS_CONTROL_LIST);
    for name in &names {
        copy_attribute(old, fresh, name).map_err(|error| of_attribute(path, name, error))?;
    }
    // The directory may have given the new file a list (its default list) that the old file does not have.
    let list = OsStr::new(ACCESS_CONTROL_LIST);
    let inherited = extended_attributes(fresh).map_err(listed)?.iter().any(|name| name == list);
    if inherited && !names.iter().any(|name| name == list) {
        fresh.remove_xattr(list).map_err(|error| of_attribute(path, list, error))?;
    }
    Ok(())
}

/// Sets what is not so already: a label that the new file got by itself need not be allowed.
#[cfg(unix)]
fn copy_attribute(old: &File, fresh: &File, name: &OsStr) -> io::Result<()> {
    match old.get_xattr(name)? {
        Some(value) if fresh.get_xattr(name)?.as_ref() != Some(&value) => {
            fresh.set_xattr(name, &value)
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(unix)]
fn of_attribute(path: &Path, name: &OsStr, error: io::Error) -> FileError {
    let name = name.to_string_lossy().into_owned();
    FileError::new(path, FileErrorKind::Attribute { name, error })
}

/// Lists the names; a file system that knows no extended attributes has none to keep.
#[cfg(unix)]
fn extended_attributes(file: &File) -> io::Result<Vec<OsString>> {
    match file.list_xattr() {
        Ok(names) => Ok(names.collect()),
        Err(error)
            if matches!(Errno::from_io_error(&error), Some(Errno::NOTSUP | Errno::NOSYS)) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// Makes a file that only its owner may read.
#[cfg(unix)]
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().read(true).write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(unix)]
pub(super) fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(super) fn take_after(path: &Path, old: &Old, fresh: &File) -> Result<(), FileError> {
    fresh
        .set_permissions(old.metadata.permissions())
        .map_err(|error| FileError::unwritten(path, "set the mode beside", error))
}

#[cfg(not(unix))]
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create_new(true).open(path)
}

#[cfg(not(unix))]
pub(super) fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
const ACCESS_CONTROL_LIST: &str = "system.posix_acl_access";

/// Hashes and signatures over the old bytes: the kernel makes new ones where it wants them.
#[cfg(unix)]
const OF_THE_CONTENT: [&str; 2] = ["security.ima", "security.evm"];
