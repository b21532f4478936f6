//! The files of a folder, as Kubernetes mounts them.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files of a folder, and what in it cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) unreadable: Vec<(PathBuf, io::Error)>,
    /// Folders that were looked into: links can make a folder hold itself.
    seen: HashSet<PathBuf>,
}

impl Folder {
    /// Lists the files of a folder and of the folders in it, by name; links are followed, and what begins with a dot is
    /// passed over: a secret is mounted as `ca.crt`, a link into `..data`, which is a link to `..2026_11_24_…`.
    pub(crate) fn of(path: &Path) -> Self {
        let mut folder = Self::default();
        folder.list(path);
        folder
    }

    fn list(&mut self, path: &Path) {
        if let Err(error) = self.try_list(path) {
            self.unreadable.push((path.to_owned(), error));
        }
    }

    fn try_list(&mut self, path: &Path) -> io::Result<()> {
        if !self.seen.insert(fs::canonicalize(path)?) {
            return Ok(());
        }
        let mut names = Vec::new();
        for held in fs::read_dir(path)? {
            names.push(held?.file_name());
        }
        names.sort();
        for name in names.iter().filter(|name| !name.as_encoded_bytes().starts_with(b".")) {
            let path = path.join(name);
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => self.list(&path),
                Ok(metadata) if metadata.is_file() => self.files.push(path),
                Ok(_) => self.unreadable.push((path, io::Error::other("no regular file"))),
                Err(error) => self.unreadable.push((path, error)),
            }
        }
        Ok(())
    }
}
