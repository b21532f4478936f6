//! `/proc`: what the kernel says of processes, read with a limit.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A larger file of a process is cut: Linux lets a command line and an environment have some 2 MiB each.
const LONGEST_FILE: u64 = 16 << 20;

/// Linux counts times of processes in hundredths of a second wherever Java runs.
const TICKS_PER_SECOND: u64 = 100;

/// What the kernel writes behind the path of a program that is not there any more.
const DELETED: &str = " (deleted)";

/// The folder in which the kernel tells of processes.
#[derive(Clone, Debug)]
pub(crate) struct Proc(PathBuf);

/// What the status of a process says of its rights.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Rights {
    pub(super) user: u32,
    pub(super) groups: Vec<u32>,
    /// Its number in its own container.
    pub(super) own_number: Option<u32>,
}

impl Proc {
    /// The one of this machine.
    pub(crate) fn of_this_machine() -> Self {
        Self("/proc".into())
    }

    /// Returns the numbers of all processes, in order.
    pub(super) fn numbers(&self) -> Vec<u32> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut numbers: Vec<u32> =
            entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        numbers.sort_unstable();
        numbers
    }

    pub(super) fn exists(&self, number: u32) -> bool {
        self.file(number, "stat").exists()
    }

    fn file(&self, number: u32, name: &str) -> PathBuf {
        self.0.join(number.to_string()).join(name)
    }

    /// Returns the words of the command line; none for threads of the kernel and for what has ended.
    pub(super) fn words(&self, number: u32) -> Vec<String> {
        let bytes = read(&self.file(number, "cmdline")).unwrap_or_default();
        let bytes = bytes.strip_suffix(&[0]).unwrap_or(&bytes);
        if bytes.is_empty() {
            return Vec::new();
        }
        bytes.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into()).collect()
    }

    /// Returns the environment that the process was started with.
    pub(super) fn variables(&self, number: u32) -> io::Result<Vec<(OsString, OsString)>> {
        let bytes = read(&self.file(number, "environ"))?;
        let pairs = bytes.split(|byte| *byte == 0).filter_map(|pair| {
            let equals = pair.iter().position(|byte| *byte == b'=')?;
            let (name, value) = pair.split_at_checked(equals)?;
            Some((os_text(name), os_text(value.get(1..)?)))
        });
        Ok(pairs.collect())
    }

    /// Returns the program, as this process calls it, and whether it is not there any more.
    pub(super) fn program(&self, number: u32) -> io::Result<(PathBuf, bool)> {
        let path = fs::read_link(self.file(number, "exe"))?;
        match path.to_str().and_then(|text| text.strip_suffix(DELETED)) {
            Some(text) => Ok((text.into(), true)),
            None => Ok((path, false)),
        }
    }

    /// Returns the working directory, as this process calls it.
    pub(super) fn directory(&self, number: u32) -> io::Result<PathBuf> {
        fs::read_link(self.file(number, "cwd"))
    }

    /// Returns the folder through which the root of the process can be looked into.
    pub(super) fn root(&self, number: u32) -> PathBuf {
        self.file(number, "root")
    }

    /// Returns whether the process sees the very files that this one sees; none where that may not be known.
    pub(super) fn shares_files(&self, number: u32) -> Option<bool> {
        let namespace = fs::read_link(self.file(number, "ns/mnt")).ok()?;
        let own = fs::read_link(self.0.join("self/ns/mnt")).ok()?;
        let root = fs::read_link(self.root(number)).ok()?;
        Some(namespace == own && root == Path::new("/"))
    }

    /// Returns whose rights the process has where it opens files.
    pub(super) fn rights(&self, number: u32) -> Option<Rights> {
        let text = read(&self.file(number, "status")).ok()?;
        let text = String::from_utf8_lossy(&text);
        let numbers = |name: &str| -> Vec<u32> {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            let words = line.unwrap_or_default().split_whitespace();
            words.filter_map(|word| word.parse().ok()).collect()
        };
        let [.., user] = *numbers("Uid") else { return None };
        let mut groups = numbers("Groups");
        groups.extend(numbers("Gid").last());
        Some(Rights { user, groups, own_number: numbers("NSpid").last().copied() })
    }

    /// Returns the shared library of the Java virtual machine that the process has loaded.
    pub(super) fn machine_library(&self, number: u32) -> Option<PathBuf> {
        let text = read(&self.file(number, "maps")).ok()?;
        let text = String::from_utf8_lossy(&text);
        let line = text.lines().find(|line| line.contains("/libjvm.so"))?;
        let path = line.get(line.find('/')?..)?;
        Some(path.strip_suffix(DELETED).unwrap_or(path).into())
    }

    /// Returns when the process was started: that long after the machine as field 22 of its `stat` says.
    pub(super) fn started(&self, number: u32, now: SystemTime) -> Option<SystemTime> {
        let text = read(&self.file(number, "stat")).ok()?;
        let text = String::from_utf8_lossy(&text);
        // the name of the program stands in parentheses, and may itself hold some
        let (_, fields) = text.rsplit_once(')')?;
        let ticks: u64 = fields.split_whitespace().nth(19)?.parse().ok()?;
        let after = Duration::from_millis(ticks.checked_mul(1000 / TICKS_PER_SECOND)?);
        self.booted(now)?.checked_add(after)
    }

    /// Returns when the machine was started: `uptime` says it to a hundredth of a second, `btime` to a second.
    fn booted(&self, now: SystemTime) -> Option<SystemTime> {
        let of_uptime = || {
            let text = read(&self.0.join("uptime")).ok()?;
            let seconds: f64 = String::from_utf8_lossy(&text).split(' ').next()?.parse().ok()?;
            now.checked_sub(Duration::try_from_secs_f64(seconds).ok()?)
        };
        let of_stat = || {
            let text = read(&self.0.join("stat")).ok()?;
            let text = String::from_utf8_lossy(&text).into_owned();
            let seconds = text.lines().find_map(|line| line.strip_prefix("btime "))?;
            UNIX_EPOCH.checked_add(Duration::from_secs(seconds.trim().parse().ok()?))
        };
        of_uptime().or_else(of_stat)
    }
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(LONGEST_FILE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(unix)]
fn os_text(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).to_owned()
}

#[cfg(not(unix))]
fn os_text(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
