//! Killed at every system call and at random moments, with failing disks, in a crowd: the store is the old one or the new one.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use java_keystore::EntryKind;

use super::{Shelf, entries, fixture, marks, skip, told};

/// How many adds are killed.
const KILLED: usize = 500;

/// What the store may hold after an add was killed or failed, and what it must.
struct Watched<'a> {
    shelf: &'a Shelf,
    held: BTreeMap<String, EntryKind>,
    marks: (u32, u32, u32, BTreeMap<String, Vec<u8>>),
}

impl<'a> Watched<'a> {
    fn new(shelf: &'a Shelf) -> Self {
        Self { shelf, held: entries(&shelf.store()), marks: marks(&shelf.store()) }
    }

    /// Checks that the store is the one before or the one with the root, and returns whether it has the root.
    fn check(&mut self, number: usize) -> bool {
        let now = entries(&self.shelf.store());
        let alias = format!("root-{number}");
        let has_it = now.contains_key(&alias);
        let mut expected = self.held.clone();
        if let Some(added) = now.get(&alias) {
            expected.insert(alias, added.clone());
        }
        assert!(now == expected, "an entry was lost or changed at add {number}");
        assert_eq!(marks(&self.shelf.store()), self.marks, "add {number}");
        assert!(self.shelf.link().is_symlink() && self.shelf.path("link").is_symlink());
        self.held = now;
        has_it
    }

    /// Checks that what was left behind can be read by nobody who may not read the store.
    fn check_strays(&self) -> usize {
        let strays = self.shelf.strays();
        assert!(strays.len() <= 2, "{strays:?}");
        for stray in &strays {
            let metadata = fs::metadata(stray).unwrap();
            let (owner, group, mode, _) = self.marks;
            let is_ours_alone = metadata.mode() & 0o077 == 0;
            let is_like_the_store =
                (metadata.uid(), metadata.gid(), metadata.mode()) == (owner, group, mode);
            assert!(is_ours_alone || is_like_the_store, "{stray:?}: {:o}", metadata.mode());
        }
        strays.len()
    }
}

#[test]
fn s34_an_add_killed_at_a_random_moment_leaves_the_old_store_or_the_new() {
    let shelf = Shelf::new(KILLED + 1);
    let mut watched = Watched::new(&shelf);
    let usual = typical_time(&shelf);
    let (mut done, mut undone, mut left_behind) = (0, 0, 0);
    for number in 0..KILLED {
        let mut command = shelf.adding(number);
        if number % 4 < 2 {
            command.arg("--no-backup");
        }
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The golden ratio's multiples fill the interval evenly.
        let share = (f64::from(u32::try_from(number).unwrap()) * 0.618_033_988_749_895).fract();
        if number % 2 == 0 {
            thread::sleep(usual.mul_f64(1.1 * share));
        } else {
            wait_for_unfinished(&shelf, &mut child);
            thread::sleep(usual.mul_f64(0.5 * share));
        }
        child.kill().unwrap();
        let succeeded = child.wait().unwrap().success();
        left_behind += usize::from(watched.check_strays() > 0);
        let has_it = watched.check(number);
        assert!(has_it || !succeeded, "add {number} said that it was done");
        if has_it {
            done += 1
        } else {
            undone += 1
        }
        for backup in shelf.backups() {
            assert_eq!(marks(&backup), watched.marks);
            entries(&backup);
            fs::remove_file(backup).unwrap();
        }
    }
    eprintln!(
        "{done} done, {undone} not done, {left_behind} left an unfinished file; an add takes {usual:?}"
    );
    assert!(done > 0 && undone > 0 && left_behind > 0, "the moments were not random enough");
    assert!(shelf.adding(KILLED).output().unwrap().status.success());
    assert!(watched.check(KILLED));
    assert_eq!(shelf.strays(), Vec::<PathBuf>::new());
}

fn typical_time(shelf: &Shelf) -> Duration {
    let copy = shelf.path("copy.jks");
    fs::copy(fixture(), &copy).unwrap();
    let mut times: Vec<Duration> = (0..5)
        .map(|number| {
            let begun = Instant::now();
            super::adding(&shelf.root(number), &copy).output().unwrap();
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[2]
}

/// Waits until the add writes, or is done.
fn wait_for_unfinished(shelf: &Shelf, child: &mut std::process::Child) {
    let before = shelf.strays();
    while shelf.strays().iter().all(|stray| before.contains(stray)) {
        if child.try_wait().unwrap().is_some() {
            return;
        }
    }
}

#[test]
fn eight_processes_lose_none_of_a_hundred_roots() {
    let shelf = Shelf::new(100);
    let (before, marks_before) = (entries(&shelf.store()), marks(&shelf.store()));
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for process in 0..8 {
            let (shelf, next) = (&shelf, &next);
            scope.spawn(move || {
                let way = if process % 2 == 0 { shelf.link() } else { shelf.store() };
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= 100 {
                        break;
                    }
                    let output = super::adding(&shelf.root(number), &way).output().unwrap();
                    assert!(output.status.success(), "{}", told(&output));
                }
            });
        }
    });
    let mut after = entries(&shelf.store());
    for number in 0..100 {
        assert!(after.remove(&format!("root-{number}")).is_some(), "root {number} was lost");
    }
    assert!(after == before, "another entry was lost or changed");
    assert_eq!(marks(&shelf.store()), marks_before);
    assert_eq!((shelf.backups().len(), shelf.strays().len()), (100, 0));
    // Every state that the store was ever in is there once.
    let sizes: std::collections::BTreeSet<usize> =
        shelf.backups().iter().map(|backup| entries(backup).len()).collect();
    assert_eq!(sizes, (before.len()..before.len() + 100).collect());
}

/// A system call of an add: its name, and the how manieth of that name.
struct Call {
    name: String,
    number: usize,
}

impl Call {
    /// Lists what an add calls from the moment it has the lock.
    fn all(shelf: &Shelf, options: &[&str]) -> Option<Vec<Self>> {
        let log = shelf.path("calls");
        let traced = strace(&["-o", log.to_str().unwrap()], &shelf.adding(0), options);
        if traced.is_none() {
            skip("strace is missing, or may not trace here");
        }
        traced?;
        let (mut counts, mut has_lock, mut calls) = (BTreeMap::new(), false, Vec::new());
        for line in fs::read_to_string(log).unwrap().lines() {
            let Some((name, arguments)) = line.split_once('(') else { continue };
            let number = *counts.entry(name.to_owned()).and_modify(|held| *held += 1).or_insert(1);
            has_lock |= name == "flock";
            let is_about_files =
                !["brk", "mmap", "munmap", "sigaltstack", "exit_group"].contains(&name);
            let is_the_report = name == "write" && arguments.starts_with("1,");
            if has_lock && is_about_files && !is_the_report {
                calls.push(Self { name: name.to_owned(), number });
            }
        }
        Some(calls)
    }

    /// Runs an add to which something happens at this call.
    fn meddled(&self, shelf: &Shelf, options: &[&str], what: &str) -> std::process::Output {
        let Self { name, number } = self;
        let inject = format!("inject={name}:{what}:when={number}");
        strace(&["-o", "/dev/null", "-e", &inject], &shelf.adding(0), options).unwrap()
    }
}

fn strace(words: &[&str], program: &Command, options: &[&str]) -> Option<std::process::Output> {
    let mut command = Command::new("strace");
    command.args(words).arg(program.get_program()).args(program.get_args()).args(options);
    let output = command.output().ok()?;
    (output.status.code() != Some(1)).then_some(output)
}

fn names_of(path: &Path) -> u64 {
    fs::metadata(path).unwrap().nlink()
}

fn afresh() -> Shelf {
    Shelf::new(1)
}

#[test]
fn s34_an_add_killed_at_any_system_call_leaves_the_old_store_or_the_new() {
    let Some(calls) = Call::all(&afresh(), &[]) else { return };
    let (mut added, mut linked) = (0, 0);
    for call in &calls {
        let shelf = afresh();
        let mut watched = Watched::new(&shelf);
        let output = call.meddled(&shelf, &[], "signal=SIGKILL");
        assert!(!output.status.success(), "{} {} was not reached", call.name, call.number);
        watched.check_strays();
        added += usize::from(watched.check(0));
        for backup in shelf.backups() {
            assert_eq!(marks(&backup), watched.marks);
            assert_eq!(fs::read(&backup).unwrap(), fs::read(fixture()).unwrap());
        }
        linked += usize::from(names_of(&shelf.store()) > 1);
        assert!(shelf.adding(0).output().unwrap().status.success());
        assert!(watched.check(0));
        assert_eq!(shelf.strays(), Vec::<PathBuf>::new());
        let [backup] = &shelf.backups()[..] else { panic!("{:?}", shelf.backups()) };
        assert_eq!(fs::read(backup).unwrap(), fs::read(fixture()).unwrap());
        assert_eq!((names_of(backup), names_of(&shelf.store())), (1, 1));
    }
    assert!(linked > 0, "never killed between the backup and the new store");
    eprintln!("killed at each of {} system calls: {added} times the root was in", calls.len());
    assert!(added > 0 && added < calls.len());
}

#[test]
fn an_add_that_a_system_call_fails_says_what_became_of_the_store() {
    let Some(calls) = Call::all(&afresh(), &[]) else { return };
    for error in ["EIO", "ENOSPC", "EPERM", "EACCES", "EBUSY"] {
        // A file is closed after all was said and done.
        for call in calls.iter().filter(|call| call.name != "close") {
            let shelf = afresh();
            let mut watched = Watched::new(&shelf);
            let output = call.meddled(&shelf, &[], &format!("error={error}"));
            let (told, what) = (told(&output), format!("{} {} {error}", call.name, call.number));
            let has_it = watched.check(0);
            let says_so = output.status.success() || told.contains("the new store was written");
            assert_eq!(says_so, has_it, "{what}: {told}");
            assert!(matches!(output.status.code(), Some(0 | 4 | 5)), "{what}: {told}");
            assert_eq!(shelf.strays(), Vec::<PathBuf>::new(), "{what}: {told}");
            assert_eq!(shelf.backups().len(), usize::from(has_it), "{what}: {told}");
        }
    }
}

#[test]
fn an_add_in_place_that_is_cut_short_leaves_the_old_store_or_the_new() {
    let Some(calls) = Call::all(&afresh(), &["--in-place"]) else { return };
    for call in &calls {
        for what in ["signal=SIGKILL", "error=EIO", "error=ENOSPC"] {
            if call.name == "close" && what.starts_with("error") {
                continue;
            }
            let shelf = afresh();
            let inode = fs::metadata(shelf.store()).unwrap().ino();
            let mut watched = Watched::new(&shelf);
            let output = call.meddled(&shelf, &["--in-place"], what);
            let (told, what) = (told(&output), format!("{} {} {what}", call.name, call.number));
            let has_it = watched.check(0);
            assert_eq!(fs::metadata(shelf.store()).unwrap().ino(), inode, "{what}");
            let (now, old) = (fs::read(shelf.store()).unwrap(), fs::read(fixture()).unwrap());
            // New bytes behind the old ones are no harm: a store ends with its digest.
            let is_old = now.starts_with(&old);
            assert!(is_old || fs::read(&shelf.backups()[0]).unwrap() == old, "{what}: {told}");
            let is_killed = output.status.code().is_none();
            assert!(is_killed || has_it == output.status.success(), "{what}: {told}");
            assert!(is_killed || has_it || now == old, "{what}: {told}");
        }
    }
}

#[test]
fn a_store_that_can_neither_be_overwritten_nor_put_back_is_told_so_and_kept_in_the_backup() {
    let Some(calls) = Call::all(&afresh(), &["--in-place"]) else { return };
    let mut torn = 0;
    // Whoever overwrites goes to the beginning first.
    for call in calls.iter().filter(|call| call.name == "lseek") {
        let shelf = afresh();
        let inject = format!("inject=lseek:error=EIO:when={}+", call.number);
        let words = ["-o", "/dev/null", "-e", &inject];
        let output = strace(&words, &shelf.adding(0), &["--in-place"]).unwrap();
        let told = told(&output);
        assert_eq!(output.status.code(), Some(5), "{told}");
        if fs::read(shelf.store()).unwrap() != fs::read(fixture()).unwrap() {
            torn += 1;
            let backup = shelf.backups().remove(0);
            assert_eq!(fs::read(&backup).unwrap(), fs::read(fixture()).unwrap());
            assert!(told.contains("cut short"), "{told}");
            assert!(told.contains(backup.to_str().unwrap()), "{told}");
        }
    }
    assert_eq!(torn, 2, "before the new bytes are written over the old ones, and after");
}
