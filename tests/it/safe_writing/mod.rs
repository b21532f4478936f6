//! Stores are written whole or not at all: the program is killed, starved, crowded and led astray, and the store looked at.

#![expect(clippy::panic, clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a skipped test says so, and a long one what it did")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use java_keystore::{EntryKind, KeyStore, Password};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair};

mod attributes; // owner, mode, access control lists, extended attributes
mod backups; //    listed, restored, and named by a time
mod crashes; //    killed at every system call and at random moments, failing disks, crowds
mod places; //     mounts, hard links, pipes, loops, full and read-only file systems, other users

/// A store of 150 roots in a folder of its own, a symbolic link that leads to it, and roots to add.
struct Shelf {
    folder: tempfile::TempDir,
}

impl Shelf {
    /// Makes a shelf with so many roots beside it; as root the store belongs to somebody else.
    fn new(roots: usize) -> Self {
        let folder = tempfile::Builder::new().prefix("shelf").tempdir().unwrap();
        let shelf = Self { folder };
        fs::set_permissions(shelf.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(shelf.path("real")).unwrap();
        fs::copy(fixture(), shelf.store()).unwrap();
        fs::set_permissions(shelf.store(), fs::Permissions::from_mode(0o640)).unwrap();
        if is_root() {
            chown(shelf.store(), Some(1234), Some(5678)).unwrap();
        }
        xattr::set(shelf.store(), "user.note", b"kept by hand").unwrap();
        xattr::set(shelf.store(), ACCESS_CONTROL_LIST, &NOBODY_READS).unwrap();
        symlink("real/store.jks", shelf.path("link")).unwrap();
        symlink("link", shelf.link()).unwrap();
        let key = KeyPair::generate().unwrap();
        for number in 0..roots {
            let mut params = CertificateParams::new(Vec::new()).unwrap();
            params.distinguished_name.push(DnType::CommonName, format!("Root {number}"));
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            fs::write(shelf.root(number), params.self_signed(&key).unwrap().pem()).unwrap();
        }
        shelf
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The file itself.
    fn store(&self) -> PathBuf {
        self.path("real/store.jks")
    }

    /// The way there over two links.
    fn link(&self) -> PathBuf {
        self.path("cacerts")
    }

    fn root(&self, number: usize) -> PathBuf {
        self.path(&format!("root-{number}.pem"))
    }

    /// Prepares `trust add` of a root.
    fn adding(&self, number: usize) -> Command {
        adding(&self.root(number), &self.link())
    }

    /// Names what is in the store's folder beside the store and its backups.
    fn strays(&self) -> Vec<PathBuf> {
        let held = fs::read_dir(self.path("real")).unwrap().map(|held| held.unwrap().path());
        held.filter(|path| !path.to_str().unwrap().contains("store.jks")).collect()
    }

    fn backups(&self) -> Vec<PathBuf> {
        let held = fs::read_dir(self.path("real")).unwrap().map(|held| held.unwrap().path());
        held.filter(|path| path.to_str().unwrap().contains("store.jks.bak-")).collect()
    }
}

const ACCESS_CONTROL_LIST: &str = "system.posix_acl_access";

/// `user::rw-,user:65534:r--,group::---,mask::r--,other::---` as the kernel keeps it: tag, rights, id.
const NOBODY_READS: [u8; 44] = [
    2, 0, 0, 0, // version
    0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, // the owner
    0x02, 0, 4, 0, 0xfe, 0xff, 0, 0, // nobody
    0x04, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, // the group
    0x10, 0, 4, 0, 0xff, 0xff, 0xff,
    0xff, // the mask, which shows as the group's rights in the mode
    0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, // everybody else
];

fn adding(root: &Path, store: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sslpoke"));
    command.args(["trust", "add"]).arg(root).arg("--to").arg(store);
    command
}

/// A store of 150 roots that keytool wrote.
fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keystores/jdk17/many.jks")
}

/// Returns the store's entries; it must be whole, its digest right.
fn entries(store: &Path) -> BTreeMap<String, EntryKind> {
    let bytes = fs::read(store).unwrap();
    let read = KeyStore::read(&bytes, Some(&Password::new("changeit")));
    let read = read.unwrap_or_else(|error| panic!("{}: {error}", store.display()));
    read.entries().iter().map(|entry| (entry.alias.clone(), entry.kind.clone())).collect()
}

/// Returns what must outlive every change: owner, group, mode, extended attributes.
fn marks(path: &Path) -> (u32, u32, u32, BTreeMap<String, Vec<u8>>) {
    let metadata = fs::symlink_metadata(path).unwrap();
    let attributes = xattr::list(path).unwrap().map(|name| {
        let value = xattr::get(path, &name).unwrap().unwrap();
        (name.to_str().unwrap().to_owned(), value)
    });
    (metadata.uid(), metadata.gid(), metadata.mode(), attributes.collect())
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Says why a test does not run here; in CI that is a failure.
fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "{why}, and this is CI");
    eprintln!("skipped: {why}");
}

/// Runs a shell script whose mounts nobody else sees; `$SSLPOKE`, `$SHELF` and `$STORE` are set. None: not permitted here.
fn in_own_mounts(shelf: &Shelf, script: &str) -> Option<String> {
    let allowed = Command::new("unshare").args(["-m", "true"]).status();
    if !allowed.is_ok_and(|status| status.success()) {
        skip("mounts need root");
        return None;
    }
    let output = Command::new("unshare")
        .args(["-m", "sh", "-euc", script])
        .env("SSLPOKE", env!("CARGO_BIN_EXE_sslpoke"))
        .env("SHELF", shelf.folder.path())
        .env("STORE", shelf.store())
        .output()
        .unwrap();
    let told = told(&output);
    assert!(output.status.success(), "{told}");
    Some(told)
}

/// Returns all that a run said.
fn told(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(all).unwrap()
}
