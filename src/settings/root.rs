//! The root of a file system: this process's own, that of another process, or an image's.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// As many symbolic links as Linux follows on one way.
const MOST_LINKS: usize = 40;

/// What stands for a path that Linux gives up on; there is no such file.
const NOWHERE: &str = "(too many levels of symbolic links)";

/// The root against which absolute paths and absolute symbolic links are resolved.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Root(Option<PathBuf>);

impl Root {
    /// Takes a folder for the root; `/` is this process's own.
    pub(crate) fn at(folder: &Path) -> Self {
        Self((folder != Path::new("/")).then(|| folder.to_owned()))
    }

    /// Returns whether it is this process's own root.
    pub(crate) fn is_own(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the folder that it is; none for this process's own.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.0.as_deref()
    }

    /// Returns where this process finds what is called `path` in this root: no symbolic link leads out of it.
    pub(crate) fn outside(&self, path: &Path) -> PathBuf {
        match &self.0 {
            None => path.to_owned(),
            Some(root) => root.join(relative(&resolved(root, path))),
        }
    }

    /// Returns the path in this root that `path` leads to, symbolic links followed as far as it exists.
    pub(crate) fn real(&self, path: &Path) -> PathBuf {
        match &self.0 {
            None => fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
            Some(root) => resolved(root, path),
        }
    }
}

fn relative(path: &Path) -> &Path {
    path.strip_prefix("/").unwrap_or(path)
}

/// Follows symbolic links as a process does whose root is `root`.
fn resolved(root: &Path, path: &Path) -> PathBuf {
    let mut done = PathBuf::from("/");
    let mut waiting = VecDeque::from_iter(names(path));
    let mut links = 0;
    while let Some(name) = waiting.pop_front() {
        if name == ".." {
            done.pop();
            continue;
        }
        let next = done.join(&name);
        let Ok(target) = fs::read_link(root.join(relative(&next))) else {
            done = next;
            continue;
        };
        links += 1;
        if links > MOST_LINKS {
            return done.join(NOWHERE);
        }
        if target.is_absolute() {
            done = PathBuf::from("/");
        }
        for name in names(&target).rev() {
            waiting.push_front(name);
        }
    }
    done
}

/// The names in a path, `..` among them.
fn names(path: &Path) -> impl DoubleEndedIterator<Item = OsString> {
    let names: Vec<OsString> = path
        .components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::Prefix(_) | Component::RootDir | Component::CurDir => None,
        })
        .collect();
    names.into_iter()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn no_link_leads_out_of_the_root() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path();
        fs::create_dir_all(root.join("etc/ssl")).unwrap();
        fs::write(root.join("etc/ssl/cacerts"), "x").unwrap();
        for (link, target) in [
            ("absolute", "/etc/ssl/cacerts"),
            ("relative", "etc/ssl/../ssl/cacerts"),
            ("out", "../../../../etc/ssl/cacerts"),
            ("folder", "/etc"),
            ("one", "/two"),
            ("two", "one"),
        ] {
            symlink(target, root.join(link)).unwrap();
        }
        let file = "/etc/ssl/cacerts";
        for (path, real) in [
            ("/etc/ssl/cacerts", file),
            ("/absolute", file),
            ("/relative", file),
            ("/out", file),
            ("/folder/ssl/./cacerts", file),
            ("/folder/../folder/ssl/cacerts", file),
            ("/../..", "/"),
            ("/missing/x", "/missing/x"),
        ] {
            assert_eq!(Root::at(root).real(Path::new(path)), Path::new(real), "{path}");
            let outside = root.join(real.trim_start_matches('/'));
            assert_eq!(Root::at(root).outside(Path::new(path)), outside, "{path}");
        }
        assert!(!Root::at(root).outside(Path::new("/one")).exists());
        assert_eq!(Root::at(Path::new("/")), Root::default());
    }
}
