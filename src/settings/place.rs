//! Where a store lies: who may read and change it, and what lies beside it.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use super::passwd::Passwd;
use super::root::Root;

/// What is known of a store's place.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// The `jssecacerts` that Java reads instead of this `cacerts`.
    pub(crate) hidden_by: Option<PathBuf>,
    /// The `cacerts` that Java does not read because of this `jssecacerts`.
    pub(crate) hides: Option<PathBuf>,
    /// What keeps the user of the service, or others, from reading the store.
    pub(crate) barrier: Option<Barrier>,
    /// The file, or the folder it lies in, where any user may change it.
    pub(crate) writable_by_all: Option<PathBuf>,
}

/// What keeps a user from a file.
#[derive(Debug)]
pub(crate) struct Barrier {
    /// The user; none: some user.
    pub(crate) user: Option<String>,
    /// The file or folder, its owner and mode.
    pub(crate) what: String,
    /// The file or folder.
    pub(crate) path: PathBuf,
    is_folder: bool,
}

impl Barrier {
    /// Follows the way to the file, as it was named and as it really is; the mode bits decide.
    pub(super) fn to(path: &Path, root: &Root, user: Option<&Account>) -> Option<Self> {
        let real = root.real(path);
        let folders = path.ancestors().skip(1).chain(real.ancestors().skip(1));
        let mut folders: Vec<(&Path, bool)> = folders.map(|folder| (folder, true)).collect();
        folders.reverse();
        folders.push((&real, false));
        folders.into_iter().find_map(|(at, is_folder)| {
            let metadata = fs::metadata(root.outside(at)).ok()?;
            let wanted = if is_folder { 0o1 } else { 0o4 };
            if permits(&metadata, wanted, user) {
                return None;
            }
            let what = format!("{} {}", at.display(), owner_and_mode(&metadata));
            let user = user.map(|user| user.name.clone());
            Some(Self { user, what, path: at.to_owned(), is_folder })
        })
    }

    /// Returns the command that takes it away; `path` is quoted for a shell.
    pub(crate) fn remedy(&self, path: &str) -> String {
        let right = if self.is_folder { "x" } else { "r" };
        format!("chmod o+{right} {path}, or give it to a group of that user")
    }
}

/// A user of this machine, with the groups that count for files.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Account {
    name: String,
    number: u32,
    groups: Vec<u32>,
}

impl Account {
    /// Finds a user of a root by name or number.
    pub(crate) fn find_in(root: &Root, named: &str) -> Option<Self> {
        if root.is_own() {
            return Self::find(named);
        }
        let user = Passwd::of(root).user(named)?;
        Some(Self { name: user.name, number: user.number, groups: user.groups })
    }

    /// Returns the user that a file or folder belongs to.
    #[cfg(unix)]
    pub(crate) fn of_owner(root: &Root, path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;

        let owner = fs::metadata(root.outside(path)).ok()?.uid();
        Self::find_in(root, &owner.to_string())
    }

    #[cfg(not(unix))]
    pub(crate) fn of_owner(_root: &Root, _path: &Path) -> Option<Self> {
        None
    }

    /// Returns whether it is root, who may read every file.
    pub(crate) fn is_root(&self) -> bool {
        self.number == 0
    }

    /// Puts together an account whose rights are known; its name stands in `/etc/passwd` of the root.
    pub(crate) fn in_root(root: &Root, number: u32, groups: Vec<u32>) -> Self {
        let name = match root.is_own() {
            true => name_of(number),
            false => Passwd::of(root).name(number),
        };
        Self { name: name.unwrap_or_else(|| number.to_string()), number, groups }
    }

    /// Returns its name, or its number where it has none.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Finds a user by name or number; a number that nobody has is a user without groups.
    #[cfg(unix)]
    pub(crate) fn find(named: &str) -> Option<Self> {
        use nix::unistd::{Uid, User, getgrouplist};

        let number = named.parse::<u32>().ok();
        let by_name = || User::from_name(named).ok().flatten();
        let user = match number {
            Some(number) => User::from_uid(Uid::from_raw(number)).ok().flatten(),
            None => by_name(),
        };
        let Some(user) = user else {
            return number.map(|number| Self {
                name: named.to_owned(),
                number,
                groups: Vec::new(),
            });
        };
        let name = std::ffi::CString::new(user.name.as_str()).ok()?;
        let groups = getgrouplist(&name, user.gid).unwrap_or_else(|_| vec![user.gid]);
        let groups = groups.into_iter().map(nix::unistd::Gid::as_raw).collect();
        Some(Self { name: user.name, number: user.uid.as_raw(), groups })
    }

    #[cfg(not(unix))]
    pub(crate) fn find(_named: &str) -> Option<Self> {
        None
    }
}

/// Returns the name of the user that this process runs as.
#[cfg(unix)]
pub(super) fn name_of_this_user() -> Option<String> {
    name_of(nix::unistd::Uid::current().as_raw())
}

#[cfg(unix)]
fn name_of(number: u32) -> Option<String> {
    use nix::unistd::{Uid, User};

    User::from_uid(Uid::from_raw(number)).ok().flatten().map(|user| user.name)
}

#[cfg(not(unix))]
fn name_of(_number: u32) -> Option<String> {
    None
}

#[cfg(not(unix))]
pub(super) fn name_of_this_user() -> Option<String> {
    None
}

impl Place {
    /// Looks at the store's file and all folders that lead to it, for a user or for all.
    pub(crate) fn of(path: &Path, user: Option<&Account>) -> Self {
        let beside = |own: &str, other: &str| {
            let other = path.with_file_name(other);
            let is_own = path.file_name().is_some_and(|name| name == own);
            (is_own && other.is_file()).then_some(other)
        };
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Self {
            hidden_by: beside("cacerts", "jssecacerts"),
            hides: beside("jssecacerts", "cacerts"),
            barrier: Barrier::to(path, &Root::default(), user),
            writable_by_all: writable_by_all(&real),
        }
    }
}

#[cfg(unix)]
fn permits(metadata: &Metadata, wanted: u32, user: Option<&Account>) -> bool {
    use std::os::unix::fs::MetadataExt;

    let mode = metadata.mode();
    let Some(user) = user else { return mode & wanted != 0 };
    let shift = match user {
        Account { number: 0, .. } => return true,
        Account { number, .. } if *number == metadata.uid() => 6,
        Account { groups, .. } if groups.contains(&metadata.gid()) => 3,
        Account { .. } => 0,
    };
    mode & (wanted << shift) != 0
}

#[cfg(unix)]
fn owner_and_mode(metadata: &Metadata) -> String {
    use nix::unistd::{Gid, Group, Uid, User};
    use std::os::unix::fs::MetadataExt;

    let (user, group, mode) = (metadata.uid(), metadata.gid(), metadata.mode() & 0o7777);
    let owner = User::from_uid(Uid::from_raw(user)).ok().flatten();
    let owner = owner.map_or_else(|| user.to_string(), |owner| owner.name);
    let held = Group::from_gid(Gid::from_raw(group)).ok().flatten();
    let held = held.map_or_else(|| group.to_string(), |group| group.name);
    format!("is of {owner}:{held} with mode {mode:03o}")
}

/// Returns the file, or the folder it lies in, where any user may put another in its place.
#[cfg(unix)]
fn writable_by_all(real: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt;

    const STICKY: u32 = 0o1000;
    let mode = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.mode());
    let folder = real.parent().filter(|folder| mode(folder) & (STICKY | 0o2) == 0o2);
    let file = Some(real).filter(|file| mode(file) & 0o2 != 0);
    file.or(folder).map(Path::to_owned)
}

#[cfg(not(unix))]
fn permits(_metadata: &Metadata, _wanted: u32, _user: Option<&Account>) -> bool {
    true
}

#[cfg(not(unix))]
fn owner_and_mode(_metadata: &Metadata) -> String {
    String::new()
}

#[cfg(not(unix))]
fn writable_by_all(_real: &Path) -> Option<PathBuf> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    #[test]
    fn the_class_that_a_user_belongs_to_decides_alone() {
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("cacerts");
        fs::write(&file, "x").unwrap();
        let held = fs::metadata(&file).unwrap();
        let account = |number: u32, groups: &[u32]| Account {
            name: "x".to_owned(),
            number,
            groups: groups.to_vec(),
        };
        let (owner, group) = (held.uid(), held.gid());
        let other = account(4_000_000, &[]);
        let member = account(4_000_000, &[group]);
        for (mode, own, of_group, of_others) in [
            (0o644, true, true, true),
            (0o600, true, false, false),
            (0o640, true, true, false),
            (0o604, true, false, true),
        ] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let held = fs::metadata(&file).unwrap();
            assert_eq!(permits(&held, 0o4, Some(&account(owner, &[]))), own, "{mode:o}");
            assert_eq!(permits(&held, 0o4, Some(&member)), of_group, "{mode:o}");
            assert_eq!(permits(&held, 0o4, Some(&other)), of_others, "{mode:o}");
            assert_eq!(permits(&held, 0o4, None), of_others, "{mode:o}");
        }
    }

    #[test]
    fn a_user_is_found_by_name_and_by_number() {
        let root = Account::find("root").unwrap();
        assert_eq!(Account::find("0"), Some(root));
        assert_eq!(Account::find("no-such-user"), None);
        assert_eq!(Account::find("4000000").unwrap().groups, Vec::<u32>::new());
    }
}
