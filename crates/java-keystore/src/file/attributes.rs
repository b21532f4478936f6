//! What a new file has in common with the old one: owner, mode, access control list, extended attributes.

use std::fs::File;
use std::io;
use std::path::Path;

use super::{FileError, Old};

/// Gives the new file the owner, extended attributes and mode of the old one, in this order: a new owner takes marks off, and
/// who has given away a right cannot set more.
#[cfg(unix)]
pub(super) fn take_after(path: &Path, old: &Old, fresh: &File) -> Result<(), FileError> {
    take_owner(path, old, fresh)?;
    take_extended(&old.file, fresh)
        .map_err(|error| FileError::unwritten(path, "set extended attributes beside", error))?;
    fresh
        .set_permissions(old.metadata.permissions())
        .map_err(|error| FileError::unwritten(path, "set the mode beside", error))
}

#[cfg(unix)]
fn take_owner(path: &Path, old: &Old, fresh: &File) -> Result<(), FileError> {
    use std::os::unix::fs::{MetadataExt, fchown};

    use super::FileErrorKind;
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
fn take_extended(old: &File, fresh: &File) -> io::Result<()> {
    use xattr::FileExt;
    let mut list = None;
    for name in extended_attributes(old)? {
        let Some(value) = old.get_xattr(&name)? else { continue };
        if name == ACCESS_CONTROL_LIST {
            list = Some(value);
        } else if !OF_THE_CONTENT.iter().any(|held| name == *held)
            && fresh.get_xattr(&name)?.as_ref() != Some(&value)
        {
            fresh.set_xattr(&name, &value)?;
        }
    }
    match list {
        Some(list) => fresh.set_xattr(ACCESS_CONTROL_LIST, &list),
        // The directory may have given it one (a default list) that the old file did not have.
        None if extended_attributes(fresh)?.iter().any(|name| name == ACCESS_CONTROL_LIST) => {
            fresh.remove_xattr(ACCESS_CONTROL_LIST)
        }
        None => Ok(()),
    }
}

/// Lists the names; a file system that knows no extended attributes has none to keep.
#[cfg(unix)]
fn extended_attributes(file: &File) -> io::Result<Vec<std::ffi::OsString>> {
    use rustix::io::Errno;
    use xattr::FileExt;
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
pub(super) fn set_mode(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// It decides the mode, so it comes last.
#[cfg(unix)]
const ACCESS_CONTROL_LIST: &str = "system.posix_acl_access";

/// Hashes and signatures over the old bytes: the kernel makes new ones where it wants them.
#[cfg(unix)]
const OF_THE_CONTENT: [&str; 2] = ["security.ima", "security.evm"];
