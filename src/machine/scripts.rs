//! The line of a script in which a JVM is told a property, and what the scripts tell otherwise by now.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::change::Change;
use super::unit::Unit;
use super::{Started, install};
use crate::settings::{Source, TRUST_STORE, TRUST_STORE_PASSWORD, TRUST_STORE_TYPE};

/// No script is longer.
const LONGEST_SCRIPT: u64 = 1 << 20;

/// The properties that decide about a connection, and stand in scripts.
const DECIDING: [&str; 8] = [
    TRUST_STORE,
    TRUST_STORE_TYPE,
    TRUST_STORE_PASSWORD,
    "https.proxyHost",
    "https.proxyPort",
    "http.proxyHost",
    "http.proxyPort",
    "http.nonProxyHosts",
];

/// The line of a script that tells a property.
pub(crate) struct ScriptLine {
    pub(crate) file: PathBuf,
    pub(crate) number: usize,
    /// What the property is there.
    pub(crate) value: String,
    /// The line; it may hold secrets.
    text: String,
}

/// It has no derived `Debug`: the line may hold secrets.
impl std::fmt::Debug for ScriptLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.number)
    }
}

/// A property that the scripts, changed since the start, tell otherwise.
#[derive(Debug)]
pub(crate) struct ToldAnew {
    pub(crate) property: &'static str,
    /// What they tell; none: they leave it out.
    pub(crate) value: Option<String>,
    pub(crate) file: PathBuf,
    pub(crate) change: Change,
}

impl ScriptLine {
    /// Returns the command that puts another path into the line; none where the old one does not stand there once and plain.
    pub(crate) fn edit(&self, path: &str) -> Option<String> {
        let (file, value) = (self.file.display(), &self.value);
        let is_plain =
            |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        let all_plain = [value, path, &file.to_string()].into_iter().all(is_plain);
        (all_plain && self.is_once())
            .then(|| format!("sed -i '{}s|{value}|{path}|' {file}", self.number))
    }

    /// Whether the value stands in the line once, as sed sees it: a full stop is any character.
    fn is_once(&self) -> bool {
        let value = self.value.as_bytes();
        let is_match = |part: &&[u8]| part.iter().zip(value).all(|(c, v)| c == v || *v == b'.');
        let parts = self.text.as_bytes().windows(value.len().max(1));
        parts.filter(is_match).count() == 1
    }
}

impl Started {
    /// Returns the line of a script that tells a property, as it stands there now.
    pub(crate) fn script_line(&self, property: &str) -> Option<ScriptLine> {
        let next = self.next_start();
        let told = next.as_ref().unwrap_or(self).properties.sourced(property)?;
        let Source::Line(file, number) = told.source else { return None };
        let text = line_of(&self.seen.root.outside(&file), number)?;
        Some(ScriptLine { file, number, value: told.value.to_owned(), text })
    }

    /// Returns what a running JVM would be told otherwise if it were started now, by scripts that were changed since.
    pub(crate) fn told_anew(&self) -> Vec<ToldAnew> {
        let Some((next, folder)) = self.next_start().zip(self.folder()) else { return Vec::new() };
        let anew = DECIDING.into_iter().filter_map(|property| {
            let told = next.properties.sourced(property);
            if self.properties.value(property) == told.as_ref().map(|told| told.value) {
                return None;
            }
            let value = told.as_ref().map(|told| told.value.to_owned());
            let file = match told.map(|told| told.source) {
                Some(Source::Line(file, _) | Source::File(file)) => file,
                _ => folder.join("bin/setenv.sh"),
            };
            let change = self.change_since_start(&self.seen.root.outside(&file))?;
            Some(ToldAnew { property, value, file, change })
        });
        anew.collect()
    }

    /// Returns how the scripts of its product would start it now; none where it does not run.
    fn next_start(&self) -> Option<Self> {
        self.process.as_ref()?;
        let root = &self.seen.root;
        install::of_folder(root, self.folder()?, &Unit::all(root), self.seen.now).ok()
    }

    fn folder(&self) -> Option<&Path> {
        self.product.as_ref()?.folder.as_deref()
    }
}

fn line_of(file: &Path, number: usize) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(LONGEST_SCRIPT).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    text.lines().nth(number.checked_sub(1)?).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_replaced_where_it_stands_once_and_plain() {
        let edit = |text: &str, value: &str, path: &str| {
            let (file, text) = ("/opt/setenv.sh".into(), text.to_owned());
            ScriptLine { file, number: 3, value: value.to_owned(), text }.edit(path)
        };
        assert_eq!(
            edit("A=\"-Da=/x/c.jks\"", "/x/c.jks", "/x/ca.jks").as_deref(),
            Some("sed -i '3s|/x/c.jks|/x/ca.jks|' /opt/setenv.sh")
        );
        for (text, value, path) in [
            ("A=\"-Da=${DIR}c.jks\"", "/x/c.jks", "/x/ca.jks"),
            ("A=\"-Da=/x/c -Db=/x/c\"", "/x/c", "/x/ca"),
            ("A=\"-Db=/x/cajks -Da=/x/c.jks\"", "/x/c.jks", "/x/ca.jks"),
            ("A='/x/c c'", "/x/c c", "/x/c"),
            ("A=/x/c", "/x/c", "/x/a&b"),
            ("A=/x/c", "/x/c", "/x/a|e'"),
        ] {
            assert_eq!(edit(text, value, path), None, "{text}");
        }
    }
}
