//! Owner, mode, access control lists and extended attributes are those of the old store, the time is not.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::stage::copy_program;

use super::{ACCESS_CONTROL_LIST, Shelf, fixture, is_root, marks, skip, told};

/// `default:user:65534:rwx` and what belongs to it: new files in such a folder get a list of their own.
const NOBODY_WRITES: [u8; 44] = [
    2, 0, 0, 0, // version
    0x01, 0, 7, 0, 0xff, 0xff, 0xff, 0xff, // the owner
    0x02, 0, 7, 0, 0xfe, 0xff, 0, 0, // nobody
    0x04, 0, 5, 0, 0xff, 0xff, 0xff, 0xff, // the group
    0x10, 0, 7, 0, 0xff, 0xff, 0xff, 0xff, // the mask
    0x20, 0, 5, 0, 0xff, 0xff, 0xff, 0xff, // everybody else
];

#[test]
fn lists_are_kept_and_none_is_inherited() {
    for in_place in [&[][..], &["--in-place"]] {
        for (folder_has, store_has) in [(true, true), (true, false), (false, true), (false, false)]
        {
            let shelf = Shelf::new(1);
            if folder_has {
                xattr::set(shelf.path("real"), "system.posix_acl_default", &NOBODY_WRITES).unwrap();
            }
            if !store_has {
                xattr::remove(shelf.store(), ACCESS_CONTROL_LIST).unwrap();
            }
            fs::set_permissions(shelf.store(), fs::Permissions::from_mode(0o640)).unwrap();
            let before = marks(&shelf.store());
            assert_eq!(before.3.contains_key(ACCESS_CONTROL_LIST), store_has);
            let output = shelf.adding(0).args(in_place).output().unwrap();
            assert!(output.status.success(), "{}", told(&output));
            assert_eq!(marks(&shelf.store()), before, "folder {folder_has}, store {store_has}");
            assert_eq!(
                marks(&shelf.backups()[0]),
                before,
                "folder {folder_has}, store {store_has}"
            );
        }
    }
}

#[test]
fn modes_and_labels_are_kept_but_not_signatures_over_the_old_bytes() {
    if !is_root() {
        return skip("labels need root");
    }
    let shelf = Shelf::new(1);
    let label: &[u8] = b"system_u:object_r:cert_t:s0\0";
    // Revision 2 of a capability set, with CAP_CHOWN permitted.
    let capability: &[u8] = &[0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (mode, owner) in
        [(0o400, 0), (0o600, 1), (0o644, 0), (0o664, 1000), (0o4755, 65534), (0o666, 0)]
    {
        fs::copy(fixture(), shelf.store()).unwrap();
        chown(shelf.store(), Some(owner), Some(7)).unwrap();
        fs::set_permissions(shelf.store(), fs::Permissions::from_mode(mode)).unwrap();
        for (name, value) in [
            ("security.selinux", label),
            ("security.capability", capability),
            ("trusted.note", b"for root"),
            ("user.empty", b""),
        ] {
            xattr::set(shelf.store(), name, value).unwrap();
        }
        let before = marks(&shelf.store());
        xattr::set(shelf.store(), "security.ima", b"\x01a hash of the old bytes").unwrap();
        let signed = marks(&shelf.store());
        let output = shelf.adding(0).output().unwrap();
        assert!(output.status.success(), "{}", told(&output));
        assert_eq!(marks(&shelf.store()), before, "{mode:o}");
        for backup in shelf.backups() {
            assert_eq!(marks(&backup), signed, "{mode:o}");
            fs::remove_file(backup).unwrap();
        }
    }
}

#[test]
fn a_label_that_cannot_be_kept_is_told_before_anything_is_changed() {
    if !is_root() {
        return skip("to be another user needs root");
    }
    let shelf = Shelf::new(1);
    let program = shelf.path("sslpoke");
    copy_program(&program);
    for place in [shelf.store(), shelf.path("real")] {
        chown(place, Some(65534), Some(65534)).unwrap();
    }
    xattr::set(shelf.store(), "security.note", b"by root").unwrap();
    let before = marks(&shelf.store());
    let add = |more: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(&program);
        command.args(["trust", "add"]).arg(shelf.root(0)).arg("--to").arg(shelf.store());
        command.args(more).output().unwrap()
    };
    let output = add(&[]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(5), "{told}");
    assert!(told.contains("security.note") && told.contains("--in-place"), "{told}");
    assert_eq!(fs::read(shelf.store()).unwrap(), fs::read(fixture()).unwrap());
    assert_eq!(shelf.backups().len() + shelf.strays().len(), 0);
    assert!(add(&["--in-place"]).status.success());
    assert_eq!(marks(&shelf.store()), before);
    assert_eq!(fs::metadata(&shelf.backups()[0]).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_new_store_is_as_young_as_it_is() {
    let shelf = Shelf::new(1);
    let long_ago = SystemTime::now() - Duration::from_secs(86_400);
    let age = |path: &Path| {
        let modified = fs::metadata(path).unwrap().modified().unwrap();
        SystemTime::now().duration_since(modified).unwrap_or_default()
    };
    for more in [&[][..], &["--in-place", "--replace", "--alias", "other"]] {
        fs::copy(fixture(), shelf.store()).unwrap();
        fs::File::open(shelf.store()).unwrap().set_modified(long_ago).unwrap();
        assert!(age(&shelf.store()) > Duration::from_secs(80_000));
        assert!(shelf.adding(0).args(more).output().unwrap().status.success());
        assert!(age(&shelf.store()) < Duration::from_secs(60), "{more:?}");
    }
}

#[test]
fn a_new_store_is_for_everybody_to_read() {
    let shelf = Shelf::new(1);
    let new = shelf.path("real/new.jks");
    let output = Command::new("sh")
        .args([
            "-c",
            "umask 077 && exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_sslpoke"),
            "trust",
            "add",
        ])
        .arg(shelf.root(0))
        .arg("--create")
        .arg("--to")
        .arg(&new)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(fs::metadata(&new).unwrap().permissions().mode() & 0o7777, 0o644);
}
