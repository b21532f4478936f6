//! Backups are named by a time, listed and restored; what others write meanwhile is neither lost nor overwritten.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use java_keystore::Timestamp;
use java_keystore::file::{
    self, FileError, FileErrorKind, Updated, Writing, backups, restore, update,
};

use super::{Shelf, marks};

/// 2026-11-24T10:24:00Z.
const NOON: i64 = 1_795_515_840_000;

fn writing(after_noon: i64) -> Writing {
    Writing { backup: Some(Timestamp(NOON + after_noon * 1000)), ..Writing::default() }
}

fn put(path: &Path, bytes: &[u8], writing: &Writing) -> Result<Updated, FileError> {
    update(path, writing, |_old| Ok(Some(bytes.to_vec())))
}

#[test]
fn backups_are_listed_from_the_newest_on_and_restored() {
    let shelf = Shelf::new(0);
    fs::write(shelf.store(), "zero").unwrap();
    let before = marks(&shelf.store());
    for (text, after_noon) in [("one", 5), ("two", 0), ("three", 0), ("four", 0), ("four", 9)] {
        put(&shelf.link(), text.as_bytes(), &writing(after_noon)).unwrap();
    }
    for name in
        ["store.jks.bak-", "store.jks.bak-20261124T102400Z.x", "other.jks.bak-20261124T102400Z"]
    {
        fs::write(shelf.path("real").join(name), "no backup of ours").unwrap();
    }
    let found = backups(&shelf.link()).unwrap();
    let names: Vec<(&str, String, i64)> = found
        .iter()
        .map(|backup| {
            let name = backup.path.file_name().unwrap().to_str().unwrap();
            (name, fs::read_to_string(&backup.path).unwrap(), backup.time.0 - NOON)
        })
        .collect();
    assert_eq!(
        names,
        [
            ("store.jks.bak-20261124T102405Z", "zero".to_owned(), 5000),
            ("store.jks.bak-20261124T102400Z.2", "three".to_owned(), 0),
            ("store.jks.bak-20261124T102400Z.1", "two".to_owned(), 0),
            ("store.jks.bak-20261124T102400Z", "one".to_owned(), 0),
        ]
    );
    let back = restore(&shelf.link(), &found[1].path, &writing(20)).unwrap();
    assert_eq!(fs::read_to_string(shelf.store()).unwrap(), "three");
    assert_eq!(fs::read_to_string(back.backup.unwrap()).unwrap(), "four");
    let undone = backups(&shelf.link()).unwrap();
    restore(&shelf.link(), &undone[0].path, &Writing::default()).unwrap();
    assert_eq!(fs::read_to_string(shelf.store()).unwrap(), "four");
    assert_eq!(marks(&shelf.store()), before);
    assert!(!restore(&shelf.link(), &undone[0].path, &writing(30)).unwrap().changed);
    fs::remove_file(shelf.store()).unwrap();
    let found = backups(&shelf.link()).unwrap();
    assert!(restore(&shelf.link(), &found[0].path, &writing(40)).unwrap().changed);
    assert_eq!(fs::read_to_string(shelf.store()).unwrap(), "four");
    assert_eq!(
        marks(&shelf.store()),
        before,
        "a store that is made again is like the one that is gone"
    );
    assert!(backups(&shelf.path("absent/store.jks")).is_err());
}

fn inode(path: &Path) -> u64 {
    fs::metadata(path).unwrap().ino()
}

#[test]
fn a_backup_is_the_old_file_itself_and_a_copy_where_that_is_overwritten() {
    let shelf = Shelf::new(0);
    for in_place in [false, true] {
        let (old, bytes) = (inode(&shelf.store()), fs::read(shelf.store()).unwrap());
        let writing = Writing { in_place, ..writing(0) };
        let backup = put(&shelf.link(), b"new", &writing).unwrap().backup.unwrap();
        assert_eq!(fs::read(&backup).unwrap(), bytes);
        assert_eq!(inode(&backup) == old, !in_place);
        assert_eq!(inode(&shelf.store()) == old, in_place);
        fs::write(shelf.store(), "old").unwrap();
    }
}

/// As an add leaves it that is killed after the backup.
#[test]
fn a_backup_that_is_still_the_store_is_no_hard_link_and_never_written_through() {
    for in_place in [false, true] {
        for keeps in [false, true] {
            let shelf = Shelf::new(0);
            fs::write(shelf.store(), "old").unwrap();
            let real = |name: &str| shelf.path("real").join(format!("store.jks.bak-{name}"));
            fs::hard_link(shelf.store(), real("20261124T102300Z")).unwrap();
            fs::copy(shelf.store(), real("20261124T102200Z")).unwrap();
            let backup = if keeps { Some(Timestamp(NOON)) } else { None };
            let writing = Writing { backup, in_place, ..Writing::default() };
            put(&shelf.link(), b"new", &writing).unwrap();
            assert_eq!(fs::read(shelf.store()).unwrap(), b"new");
            let mut left = shelf.backups();
            left.sort();
            let expected =
                [Some(real("20261124T102200Z")), keeps.then(|| real("20261124T102400Z"))];
            assert_eq!(left, expected.into_iter().flatten().collect::<Vec<_>>());
            for backup in left {
                assert_eq!(fs::read(backup).unwrap(), b"old");
            }
        }
    }
}

#[test]
fn a_hard_link_of_somebody_else_is_refused_beside_one_of_ours() {
    let shelf = Shelf::new(0);
    fs::hard_link(shelf.store(), shelf.path("other.jks")).unwrap();
    fs::hard_link(shelf.store(), shelf.path("real/store.jks.bak-20261124T102300Z")).unwrap();
    let error = put(&shelf.link(), b"new", &writing(0)).unwrap_err();
    assert!(matches!(error.kind, FileErrorKind::HardLinks(2)), "{error}");
}

type Meddle = fn(&Path);

/// What another program may do to the store while we have it in hand.
const MEDDLING: [(&str, Meddle); 5] = [
    ("writes", |store| fs::write(store, "by another").unwrap()),
    ("writes as much", |store| fs::write(store, "OLD").unwrap()),
    ("replaces", |store| {
        fs::write(store.with_extension("new"), "by another").unwrap();
        fs::rename(store.with_extension("new"), store).unwrap();
    }),
    ("removes", |store| fs::remove_file(store).unwrap()),
    ("makes a folder", |store| {
        fs::remove_file(store).unwrap();
        fs::create_dir(store).unwrap();
    }),
];

#[test]
fn what_another_program_does_meanwhile_is_noticed_and_left_alone() {
    for in_place in [false, true] {
        for (what, meddle) in MEDDLING {
            let shelf = Shelf::new(0);
            let store = fs::canonicalize(shelf.store()).unwrap();
            fs::write(&store, "old").unwrap();
            let writing = Writing { in_place, ..writing(0) };
            let mut theirs = None;
            let error = update::<FileError>(&shelf.link(), &writing, |_old| {
                meddle(&store);
                theirs = Some(fs::read(&store).ok());
                Ok(Some(b"ours".to_vec()))
            });
            let error = error.unwrap_err();
            let is_named = matches!(error.kind, FileErrorKind::ChangedMeanwhile);
            // To overwrite what is no longer there cannot even begin.
            let cannot_begin = in_place && matches!(error.kind, FileErrorKind::Io { .. });
            assert!(is_named || cannot_begin, "{what}: {error}");
            assert!(!error.is_store_changed());
            assert_eq!(Some(fs::read(&store).ok()), theirs, "{what}");
            assert_eq!(shelf.backups(), Vec::<PathBuf>::new(), "{what}");
            assert_eq!(shelf.strays(), Vec::<PathBuf>::new(), "{what}");
        }
    }
}

#[test]
fn a_store_that_another_program_makes_meanwhile_is_left_alone() {
    let shelf = Shelf::new(0);
    let new = shelf.path("real/new");
    let error = update::<FileError>(&new, &writing(0), |old| {
        assert_eq!(old, None);
        fs::write(&new, "by another").unwrap();
        Ok(Some(b"ours".to_vec()))
    });
    assert!(matches!(error.unwrap_err().kind, FileErrorKind::ChangedMeanwhile));
    assert_eq!(fs::read_to_string(&new).unwrap(), "by another");
}

#[test]
fn a_lock_that_is_never_given_back_is_not_waited_for_for_ever() {
    let shelf = Shelf::new(0);
    let before = fs::read(shelf.store()).unwrap();
    for in_place in [false, true] {
        let held = if in_place { shelf.store() } else { shelf.path("real") };
        let lock = fs::File::open(held).unwrap();
        lock.lock().unwrap();
        let patience = Duration::from_millis(100);
        let writing = Writing { patience, in_place, ..Writing::default() };
        let error = put(&shelf.link(), b"new", &writing).unwrap_err();
        assert!(matches!(error.kind, FileErrorKind::Locked { .. }), "{error}");
    }
    assert_eq!(fs::read(shelf.store()).unwrap(), before);
}

#[test]
fn nothing_is_written_where_nothing_changes() {
    let shelf = Shelf::new(0);
    let before = fs::metadata(shelf.store()).unwrap().modified().unwrap();
    let bytes = file::load(&shelf.link()).unwrap();
    for new in [None, Some(bytes)] {
        let updated = update::<FileError>(&shelf.link(), &writing(0), |_old| Ok(new)).unwrap();
        assert_eq!((updated.changed, updated.backup), (false, None));
    }
    assert_eq!(fs::metadata(shelf.store()).unwrap().modified().unwrap(), before);
    assert_eq!(shelf.backups(), Vec::<PathBuf>::new());
}
