//! Where a store cannot simply be replaced: each place has its own answer, and the store is as it was.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use crate::stage::copy_program;

use super::{Shelf, adding, entries, fixture, in_own_mounts, is_root, marks, skip, told};

/// Runs a command that must not wait for anything.
fn at_once(command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for _look in 0..3000 {
        if child.try_wait().unwrap().is_some() {
            return child.wait_with_output().unwrap();
        }
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("it still waits after 60 s");
}

fn is_as_it_was(shelf: &Shelf) -> bool {
    fs::read(shelf.store()).unwrap() == fs::read(fixture()).unwrap()
        && shelf.strays().is_empty()
        && shelf.backups().is_empty()
}

#[test]
fn what_is_no_store_is_named_and_never_waited_for() {
    let shelf = Shelf::new(1);
    let made = Command::new("mkfifo").arg(shelf.path("pipe")).status().unwrap();
    assert!(made.success());
    symlink("b", shelf.path("a")).unwrap();
    symlink("a", shelf.path("b")).unwrap();
    symlink("pipe", shelf.path("to-pipe")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(shelf.path("socket")).unwrap();
    for (name, expected) in [
        ("pipe", "a named pipe"),
        ("to-pipe", "a named pipe"),
        ("socket", "a socket"),
        ("real", "a directory"),
        ("/dev/null", "a device"),
        ("/dev/zero", "a device"),
        ("a", "links lead in a circle"),
        ("absent", "--create makes one"),
        ("absent/store.jks", "absent: open: No such file"),
        ("link/store.jks", "Not a directory"),
    ] {
        let place = shelf.path(name);
        for more in [&[][..], &["--in-place"]] {
            let output = at_once(adding(&shelf.root(0), &place).args(more));
            let told = told(&output);
            assert!(told.contains(expected), "{name}: {told}");
            assert!(matches!(output.status.code(), Some(4 | 5)), "{name}: {told}");
        }
    }
    assert!(is_as_it_was(&shelf));
}

#[test]
fn a_dangling_link_gets_its_target_only_when_that_is_wanted() {
    let shelf = Shelf::new(1);
    symlink("real/new.jks", shelf.path("second")).unwrap();
    symlink("second", shelf.path("first")).unwrap();
    let first = shelf.path("first");
    let output = adding(&shelf.root(0), &first).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", told(&output));
    assert!(!shelf.path("real/new.jks").exists());
    let output = adding(&shelf.root(0), &first).arg("--create").output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(entries(&shelf.path("real/new.jks")).len(), 1);
    assert!(first.is_symlink() && shelf.path("second").is_symlink());
}

#[test]
fn hard_links_are_refused_and_kept_in_place() {
    let shelf = Shelf::new(1);
    let other = shelf.path("other.jks");
    fs::hard_link(shelf.store(), &other).unwrap();
    let output = shelf.adding(0).output().unwrap();
    let told = told(&output);
    assert_eq!(output.status.code(), Some(5), "{told}");
    assert!(told.contains("2 hard links") && told.contains("--in-place"), "{told}");
    assert!(is_as_it_was(&shelf));
    let before = marks(&shelf.store());
    assert!(shelf.adding(0).arg("--in-place").output().unwrap().status.success());
    assert_eq!(fs::read(&other).unwrap(), fs::read(shelf.store()).unwrap());
    assert_eq!(entries(&other).len(), entries(&fixture()).len() + 1);
    assert_eq!(marks(&shelf.store()), before);
    assert_eq!(fs::read(&shelf.backups()[0]).unwrap(), fs::read(fixture()).unwrap());
}

#[test]
fn a_mounted_store_is_refused_and_overwritten_in_place() {
    let shelf = Shelf::new(1);
    let script = r#"
        mkdir "$SHELF/container"
        touch "$SHELF/container/cacerts"
        mount --bind "$STORE" "$SHELF/container/cacerts"
        "$SSLPOKE" trust add "$SHELF/root-0.pem" --to "$SHELF/container/cacerts" || echo "exit $?"
        ls -A "$SHELF/container"
        cmp "$STORE" "$SHELF/container/cacerts"
        "$SSLPOKE" trust add "$SHELF/root-0.pem" --to "$SHELF/container/cacerts" --in-place
    "#;
    let before = marks(&shelf.store());
    let Some(told) = in_own_mounts(&shelf, script) else { return };
    assert!(
        told.contains("a mount point of its own") && told.contains("exit 5\ncacerts\n"),
        "{told}"
    );
    assert!(entries(&shelf.store()).contains_key("root-0"), "{told}");
    assert_eq!(marks(&shelf.store()), before);
    let mut kept = fs::read_dir(shelf.path("container")).unwrap().map(|held| held.unwrap().path());
    let kept = kept.find(|path| path.to_str().unwrap().contains(".bak-")).unwrap();
    assert_eq!(fs::read(&kept).unwrap(), fs::read(fixture()).unwrap());
}

#[test]
fn a_store_that_the_distribution_makes_anew_is_refused_and_the_way_that_lasts_is_told() {
    let shelf = Shelf::new(1);
    let script = r#"
        mount -t tmpfs none /mnt
        cp -a /etc /mnt
        mount --bind /mnt/etc /etc
        mkdir -p /etc/pki/java /etc/pki/ca-trust/extracted/java
        cp "$STORE" /etc/pki/ca-trust/extracted/java/cacerts
        ln -s /etc/pki/ca-trust/extracted/java/cacerts /etc/pki/java/cacerts
        add() { "$SSLPOKE" trust add "$SHELF/root-0.pem" --to /etc/pki/java/cacerts "$@"; }
        add || echo "exit $?"
        cmp "$STORE" /etc/pki/ca-trust/extracted/java/cacerts
        add --even-if-managed
        "$SSLPOKE" trust list /etc/pki/java/cacerts | grep root-0
        add && echo "there already"
    "#;
    let Some(told) = in_own_mounts(&shelf, script) else { return };
    assert!(told.contains("`update-ca-trust`") && told.contains("exit 5\n"), "{told}");
    assert!(told.contains("there already"), "{told}");
}

#[test]
fn a_store_that_debian_keeps_is_written_and_what_lasts_is_told() {
    let shelf = Shelf::new(1);
    let script = r#"
        mount -t tmpfs none /mnt
        cp -a /etc /mnt
        mount --bind /mnt/etc /etc
        mkdir -p /etc/ca-certificates/update.d /etc/ssl/certs/java
        touch /etc/ca-certificates/update.d/jks-keystore
        cp "$STORE" /etc/ssl/certs/java/cacerts
        ln -sfn /etc/ssl/certs/java/cacerts "$SHELF/jre-cacerts"
        "$SSLPOKE" trust add "$SHELF/root-0.pem" --to "$SHELF/jre-cacerts" --no-backup
        "$SSLPOKE" trust list /etc/ssl/certs/java/cacerts | grep root-0
        "$SSLPOKE" trust remove "$SHELF/jre-cacerts" root-0 --no-backup
    "#;
    let Some(told) = in_own_mounts(&shelf, script) else { return };
    assert_eq!(told.matches("/usr/local/share/ca-certificates/ROOT.crt").count(), 1, "{told}");
}

#[test]
fn a_read_only_file_system_is_named() {
    let shelf = Shelf::new(1);
    let script = r#"
        mount --bind "$SHELF/real" "$SHELF/real"
        mount -o remount,bind,ro "$SHELF/real"
        "$SSLPOKE" trust add "$SHELF/root-0.pem" --to "$STORE" || echo "exit $?"
        "$SSLPOKE" trust add "$SHELF/root-0.pem" --to "$STORE" --in-place --no-backup || echo "exit $?"
    "#;
    let Some(told) = in_own_mounts(&shelf, script) else { return };
    assert_eq!(told.matches("exit 5").count(), 2, "{told}");
    assert_eq!(told.matches("the file system is read-only").count(), 2, "{told}");
    assert!(is_as_it_was(&shelf));
}

#[test]
fn a_store_on_a_layer_of_a_container_is_replaced() {
    let shelf = Shelf::new(1);
    let script = r#"
        mount -t tmpfs none /mnt
        mkdir /mnt/upper /mnt/work /mnt/merged
        mount -t overlay none -o "lowerdir=$SHELF/real,upperdir=/mnt/upper,workdir=/mnt/work" /mnt/merged
        "$SSLPOKE" trust add "$SHELF/root-0.pem" --to /mnt/merged/store.jks
        "$SSLPOKE" trust list /mnt/merged/store.jks | grep root-0
        stat -c '%u %g %a' /mnt/merged/store.jks
        ls -A /mnt/merged
    "#;
    let Some(told) = in_own_mounts(&shelf, script) else { return };
    assert!(told.contains("1234 5678 640"), "{told}");
    assert!(!told.contains(".sslpoke-"), "{told}");
    assert!(is_as_it_was(&shelf));
}

/// From room for the store alone to room for all that an add writes.
#[test]
fn a_full_disk_leaves_the_store_as_it_was() {
    let shelf = Shelf::new(1);
    let script = r#"
        for more in "" --no-backup --in-place "--in-place --no-backup"; do
        for kib in 72 76 80 96 120 140 144 148 160 200 208 212 216 220 240; do
            mount -t tmpfs -o size=${kib}k none /mnt
            cp "$STORE" /mnt/store.jks
            if "$SSLPOKE" trust add "$SHELF/root-0.pem" --to /mnt/store.jks $more >"$SHELF/said" 2>&1; then
                "$SSLPOKE" trust list /mnt/store.jks | grep -q root-0 || echo "LOST at $kib $more"
                echo "enough: $kib $more"
            else
                echo "exit $? at $kib $more"
                cmp "$STORE" /mnt/store.jks || echo "CHANGED at $kib $more"
                [ "$(ls -A /mnt)" = store.jks ] || echo "STRAYS at $kib $more"
                grep -q "make room there" "$SHELF/said" || cat "$SHELF/said"
            fi
            umount /mnt
        done; done
    "#;
    let Some(told) = in_own_mounts(&shelf, script) else { return };
    for wrong in ["LOST", "CHANGED", "STRAYS", "sslpoke:"] {
        assert!(!told.contains(wrong), "{told}");
    }
    for more in ["", "--no-backup", "--in-place"] {
        assert!(told.contains(&format!("exit 5 at 72 {more}\n")), "{more}: {told}");
        assert!(told.contains(&format!("enough: 240 {more}\n")), "{more}: {told}");
    }
}

#[test]
fn an_immutable_store_is_named_as_such() {
    let shelf = Shelf::new(1);
    for (flag, place) in [("+i", shelf.store()), ("+a", shelf.store()), ("+i", shelf.path("real"))]
    {
        let set = |flag: &str| Command::new("chattr").arg(flag).arg(&place).output().unwrap();
        if !set(flag).status.success() {
            return skip("immutable files need root and a file system that has them");
        }
        let outputs =
            [&[][..], &["--in-place"]].map(|more| shelf.adding(0).args(more).output().unwrap());
        assert!(set(&flag.replace('+', "-")).status.success());
        for output in outputs {
            let told = told(&output);
            assert_eq!(output.status.code(), Some(5), "{told}");
            assert!(told.contains("chattr -i"), "{told}");
        }
        assert!(is_as_it_was(&shelf), "{flag} {place:?}");
    }
}

/// The folder's mode, the store's owner and mode, what is added to the command; what is told, whether it is written.
const AS_NOBODY: [(u32, u32, u32, &str, &str, bool); 13] = [
    (0o755, 0, 0o666, "", "owner of the directory", false),
    (0o755, 0, 0o666, "--in-place", "owner of the directory", false),
    (0o755, 0, 0o666, "--in-place --no-backup", "added", true),
    (0o755, 0, 0o644, "--in-place --no-backup", "open for writing: Permission denied", false),
    (0o755, NOBODY, 0o644, "", "owner of the directory", false),
    (0o777, 0, 0o644, "", "could not be given to its owner (0)", false),
    (0o777, 0, 0o666, "--in-place", "added", true),
    (0o1777, 0, 0o666, "", "could not be given to its owner (0)", false),
    (0o777, 0, 0o600, "", "open: Permission denied", false),
    (0o711, 0, 0o666, "", "open: Permission denied", false),
    (0o711, 0, 0o666, "--in-place --no-backup", "added", true),
    (0o700, 0, 0o666, "", "resolve: Permission denied", false),
    (0o777, NOBODY, 0o644, "", "added", true),
];

const NOBODY: u32 = 65534;

#[test]
fn another_user_is_told_what_he_may_not_do_and_the_way_there_is() {
    if !is_root() {
        return skip("to be another user needs root");
    }
    let shelf = Shelf::new(1);
    let program = shelf.path("sslpoke");
    copy_program(&program);
    for (number, (folder_mode, owner, mode, more, expected, written)) in
        AS_NOBODY.iter().enumerate()
    {
        let folder = shelf.path(&format!("folder-{number}"));
        let store = folder.join("store.jks");
        fs::create_dir(&folder).unwrap();
        fs::copy(fixture(), &store).unwrap();
        fs::set_permissions(&store, fs::Permissions::from_mode(*mode)).unwrap();
        std::os::unix::fs::chown(&store, Some(*owner), Some(*owner)).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(*folder_mode)).unwrap();
        let before = marks(&store);
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(&program);
        command.args(["trust", "add"]).arg(shelf.root(0)).arg("--to").arg(&store);
        let output = command.args(more.split_whitespace()).output().unwrap();
        let what = format!("{folder_mode:o} {owner} {mode:o} {more}: {}", told(&output));
        assert!(what.contains(expected), "{what}");
        assert_eq!(output.status.success(), *written, "{what}");
        assert_eq!(marks(&store), before, "{what}");
        assert_eq!(fs::read(&store).unwrap() != fs::read(fixture()).unwrap(), *written, "{what}");
        check_folder(&folder, *written && !more.contains("--no-backup"), &what);
    }
}

/// Checks that a folder has the store and at most a backup that others cannot read if they could not read the store.
fn check_folder(folder: &Path, has_backup: bool, what: &str) {
    let names = fs::read_dir(folder).unwrap().map(|held| held.unwrap().path());
    let others: Vec<_> = names.filter(|path| !path.ends_with("store.jks")).collect();
    assert_eq!(others.len(), usize::from(has_backup), "{what}: {others:?}");
    for backup in others {
        assert_eq!(fs::read(&backup).unwrap(), fs::read(fixture()).unwrap(), "{what}");
        let (kept, store) =
            (fs::metadata(&backup).unwrap(), fs::metadata(folder.join("store.jks")).unwrap());
        assert!(kept.uid() == store.uid() || kept.mode() & 0o077 == 0, "{what}");
    }
}

#[test]
fn a_lock_is_waited_for() {
    let shelf = Shelf::new(1);
    let lock = fs::File::open(shelf.path("real")).unwrap();
    lock.lock().unwrap();
    let mut child = shelf.adding(0).stdout(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_millis(300));
    assert_eq!(child.try_wait().unwrap(), None, "it did not wait");
    assert!(is_as_it_was(&shelf));
    drop(lock);
    assert!(child.wait().unwrap().success());
    assert!(entries(&shelf.store()).contains_key("root-0"));
}

#[test]
fn what_a_killed_process_left_behind_goes_and_nothing_else() {
    let shelf = Shelf::new(1);
    let folder = shelf.path("real");
    fs::File::create(folder.join(".sslpoke-left")).unwrap().write_all(b"half a st").unwrap();
    fs::create_dir(folder.join(".sslpoke-folder")).unwrap();
    fs::write(folder.join("sslpoke-notes"), "mine").unwrap();
    assert!(shelf.adding(0).output().unwrap().status.success());
    let mut left = shelf.strays();
    left.sort();
    assert_eq!(left, [folder.join(".sslpoke-folder"), folder.join("sslpoke-notes")]);
}
