//! Units of systemd: which service starts a program, as whom, and with which environment.

use std::fs;
use std::path::{Path, PathBuf};

use crate::settings::{Account, Root};

/// Where units lie, what counts most first.
const FOLDERS: [&str; 4] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
];

/// A longer file is not read.
const LONGEST_FILE: u64 = 1 << 20;
/// So many units are looked at.
const MOST_UNITS: usize = 4000;

/// What a unit says of a service.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Unit {
    /// Its file.
    pub(crate) path: PathBuf,
    /// The words of the command that it starts.
    pub(crate) command: Vec<String>,
    /// The environment, and the file that says so.
    pub(crate) variables: Vec<(String, String, PathBuf)>,
    pub(crate) user: Option<String>,
    pub(crate) directory: Option<PathBuf>,
}

impl Unit {
    /// Reads all services of a root that start something.
    pub(crate) fn all(root: &Root) -> Vec<Self> {
        let mut names: Vec<String> = Vec::new();
        for folder in FOLDERS {
            let entries = fs::read_dir(root.outside(Path::new(folder))).into_iter().flatten();
            let found = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
            names.extend(found.filter(|name| name.ends_with(".service")).take(MOST_UNITS));
        }
        names.sort_unstable();
        names.dedup();
        names.iter().filter_map(|name| Self::named(root, name)).collect()
    }

    /// Reads a unit and what is dropped in beside it.
    fn named(root: &Root, name: &str) -> Option<Self> {
        let path = FOLDERS
            .iter()
            .map(|folder| Path::new(folder).join(name))
            .find(|path| root.outside(path).is_file())?;
        let mut unit = Self { path: path.clone(), ..Self::default() };
        unit.read(root, &path);
        let mut dropped: Vec<PathBuf> = Vec::new();
        for folder in FOLDERS.iter().rev() {
            let folder = Path::new(folder).join(format!("{name}.d"));
            let entries = fs::read_dir(root.outside(&folder)).into_iter().flatten().flatten();
            dropped.extend(entries.map(|entry| folder.join(entry.file_name())));
        }
        dropped.retain(|file| file.extension().is_some_and(|extension| extension == "conf"));
        dropped.sort_by(|one, other| one.file_name().cmp(&other.file_name()));
        for file in dropped {
            unit.read(root, &file);
        }
        (!unit.command.is_empty()).then_some(unit)
    }

    fn read(&mut self, root: &Root, path: &Path) {
        let text = text(root, path).unwrap_or_default();
        let mut is_service = false;
        for line in joined_lines(&text) {
            let line = line.trim();
            if let Some(section) = line.strip_prefix('[') {
                is_service = section == "Service]";
            } else if let Some((name, value)) = line.split_once('=').filter(|_| is_service) {
                self.set(root, path, name.trim(), value.trim());
            }
        }
    }

    fn set(&mut self, root: &Root, path: &Path, name: &str, value: &str) {
        match (name, value) {
            ("Environment" | "EnvironmentFile", "") => self.variables.clear(),
            ("Environment", value) => {
                for word in words(value) {
                    self.define(&word, path);
                }
            }
            ("EnvironmentFile", file) => {
                let file = Path::new(file.trim_start_matches('-'));
                for line in of_environment_file(&text(root, file).unwrap_or_default()) {
                    self.define(&line, file);
                }
            }
            ("ExecStart", "") => self.command.clear(),
            ("ExecStart", value) if self.command.is_empty() => {
                self.command = words(value.trim_start_matches(['@', '-', ':', '+', '!']));
            }
            ("User", user) => self.user = Some(user.to_owned()).filter(|user| !user.is_empty()),
            ("WorkingDirectory", folder) => {
                let folder = folder.trim_start_matches('-');
                self.directory = folder.starts_with('/').then(|| folder.into());
            }
            _ => {}
        }
    }

    fn define(&mut self, text: &str, path: &Path) {
        if let Some((name, value)) = text.split_once('=') {
            self.variables.retain(|(held, ..)| held != name);
            self.variables.push((name.to_owned(), value.to_owned(), path.to_owned()));
        }
    }

    /// Returns the value of a variable.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.variables.iter().find(|(held, ..)| held == name).map(|(_, value, _)| value.as_str())
    }

    /// Returns the words of the command with variables put in: `${NAME}` whole, a lone `$NAME` split at blanks.
    pub(crate) fn command(&self) -> Vec<String> {
        let value = |name: &str| self.value(name).unwrap_or_default();
        let mut words = Vec::new();
        for word in &self.command {
            let name = word.strip_prefix('$').filter(|name| !name.starts_with(['{', '$']));
            if let Some(name) = name {
                words.extend(value(name).split_whitespace().map(str::to_owned));
                continue;
            }
            let (mut done, mut rest) = (String::new(), word.as_str());
            while let Some((before, after)) = rest.split_once("${") {
                let Some((name, after)) = after.split_once('}') else { break };
                done.push_str(before);
                done.push_str(value(name));
                rest = after;
            }
            done.push_str(rest);
            words.push(done);
        }
        words
    }

    /// Returns the user that the service runs as; none where it is root, or not known.
    pub(crate) fn account(&self, root: &Root) -> Option<Account> {
        self.user.as_deref().and_then(|name| Account::find_in(root, name))
    }

    /// Returns whether the service starts something in a folder.
    pub(crate) fn starts_in(&self, folder: &Path) -> bool {
        let names = |path: &Path| path.starts_with(folder);
        self.command().iter().any(|word| names(Path::new(word.as_str())))
            || self.directory.as_deref().is_some_and(names)
    }
}

fn text(root: &Root, path: &Path) -> Option<String> {
    let file = root.outside(path);
    let length = fs::metadata(&file).ok().filter(fs::Metadata::is_file)?.len();
    let bytes = (length <= LONGEST_FILE).then(|| fs::read(file).ok())??;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Joins lines that a backslash continues; comments between them are left out.
fn joined_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut is_continued = false;
    for line in text.lines() {
        if line.trim_start().starts_with(['#', ';']) {
            continue;
        }
        let (held, continues) = match line.strip_suffix('\\') {
            Some(held) => (held, true),
            None => (line, false),
        };
        match lines.last_mut().filter(|_| is_continued) {
            Some(last) => {
                last.push(' ');
                last.push_str(held);
            }
            None => lines.push(held.to_owned()),
        }
        is_continued = continues;
    }
    lines
}

/// Splits a value as systemd does: quotes hold together, a backslash escapes, `%%` is a per cent sign.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (_, '\\') => word.get_or_insert_default().extend(characters.next().map(|c| match c {
                'n' => '\n',
                't' => '\t',
                's' => ' ',
                other => other,
            })),
            (None, ' ' | '\t') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words.into_iter().map(|word| word.replace("%%", "%")).collect()
}

/// Reads an environment file: an assignment a line; quotes around the value, or parts of it, are taken off.
fn of_environment_file(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in joined_lines(text) {
        let Some((name, value)) = line.split_once('=') else { continue };
        let value = match value.trim() {
            bare if !bare.contains(['"', '\'', '\\']) => bare.to_owned(),
            quoted => words(&quoted.replace(' ', "\\s").replace('\t', "\\t")).concat(),
        };
        lines.push(format!("{}={value}", name.trim()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_read_with_what_is_dropped_in() {
        let scratch = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = scratch.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "usr/lib/systemd/system/jira.service",
            "[Unit]\nUser=no\n[Service]\n# User=no\nUser=jira\nType=forking\n\
             Environment=\"JVM_SUPPORT_RECOMMENDED_ARGS=-Da=1 \\\n  -Db=2\" PLAIN=x ODD='y z'\n\
             EnvironmentFile=-/etc/default/jira\nEnvironmentFile=/missing\n\
             ExecStart=-/opt/jira/bin/start-jira.sh -fg ${PLAIN} $SPLIT\n",
        );
        write("etc/default/jira", "# c\nSPLIT=\"a b\"\nQ='c' \n; d\nE=\n");
        write("etc/systemd/system/jira.service.d/b.conf", "[Service]\nEnvironment=PLAIN=w\n");
        let root = Root::at(scratch.path());
        let [unit] = <[Unit; 1]>::try_from(Unit::all(&root)).unwrap();
        assert_eq!(unit.user.as_deref(), Some("jira"));
        assert_eq!(unit.value("JVM_SUPPORT_RECOMMENDED_ARGS"), Some("-Da=1    -Db=2"));
        let found = ["ODD", "SPLIT", "Q", "E", "PLAIN"].map(|name| unit.value(name).unwrap());
        assert_eq!(found, ["y z", "a b", "c", "", "w"]);
        assert_eq!(unit.command(), ["/opt/jira/bin/start-jira.sh", "-fg", "w", "a", "b"]);
        assert!(unit.starts_in(Path::new("/opt/jira")) && !unit.starts_in(Path::new("/opt/j")));
    }
}
