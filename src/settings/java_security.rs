//! The security properties: `java.security`, and what `-Djava.security.properties` puts over it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Surroundings;
use super::error::SettingsError;
use super::java_home::JavaHome;
use super::properties_file::definitions;
use super::root::Root;
use super::runtime::Runtime;
use super::system_properties::SystemProperties;

/// The property that names a file to be read after the runtime's own.
const EXTRA_FILE: &str = "java.security.properties";

/// The first release whose security files may include others.
const FIRST_WITH_INCLUDES: u16 = 24;

/// So many files are read for one, however they include one another; Java itself only refuses circles.
const MOST_INCLUDES: usize = 64;

/// A security file larger than this is not read: the ones that ship have some 60 KiB.
const LONGEST_FILE: u64 = 16 << 20;

/// Each property's value, and the file that it stands in.
type Values = HashMap<String, (String, PathBuf)>;

/// What a file includes and cannot be read: Java, which reads these files before all else, ends there.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum IncludeFault {
    /// The file is being read already.
    Circle(PathBuf),
    /// Nothing can be read at that place.
    Unreadable {
        /// What the line names.
        named: String,
        /// The place.
        path: PathBuf,
        /// Why.
        kind: io::ErrorKind,
    },
}

/// Security properties, as far as they are not the built-in ones of the release.
#[derive(Clone, Debug, Default)]
pub(crate) struct SecurityProperties {
    values: Values,
    complete: bool,
    fault: Option<IncludeFault>,
}

impl SecurityProperties {
    /// Reads the runtime's own file, if it decides, and the one that `-Djava.security.properties` names.
    ///
    /// # Errors
    ///
    /// Says that the runtime's own file could not be read, or that one is more than is read here; the other one is passed over
    /// in silence where it cannot be read, as Java does.
    pub(crate) fn load(
        runtime: &Runtime,
        properties: &SystemProperties,
        surroundings: &Surroundings,
    ) -> Result<Self, SettingsError> {
        let includes = runtime.release.value.feature >= FIRST_WITH_INCLUDES;
        let mut security = Self::default();
        if let Some(file) = runtime.own_home().map(JavaHome::java_security) {
            let mut including = Including::of(surroundings);
            match read_file(&file, includes, &mut including, &mut security.values) {
                Ok(()) => {}
                Err(Unread::Include(fault)) => security.fault = Some(fault),
                Err(Unread::File(error) | Unread::Beyond(error)) => {
                    return Err(SettingsError::Unreadable { path: file, error });
                }
            }
        }
        let extra = properties.non_empty(EXTRA_FILE).filter(|_| security.may_be_overridden());
        let Some(extra) = extra else {
            return Ok(security);
        };
        let (file, replaces) = match extra.strip_prefix('=') {
            Some(file) => (file, true),
            None => (extra, false),
        };
        let file = surroundings.absolute(Path::new(file.strip_prefix("file:").unwrap_or(file)));
        let mut values = HashMap::new();
        let mut including = Including::of(surroundings);
        match read_file(&file, includes, &mut including, &mut values) {
            Ok(()) if replaces => security = Self { values, complete: true, fault: None },
            Ok(()) => security.values.extend(values),
            Err(Unread::Include(fault)) => security.fault = security.fault.or(Some(fault)),
            Err(Unread::File(_)) => {}
            Err(Unread::Beyond(error)) => {
                return Err(SettingsError::Unreadable { path: file, error });
            }
        }
        Ok(security)
    }

    /// Returns whether anything here is not built in.
    pub(crate) fn differ_from_built_in(&self) -> bool {
        self.complete || !self.values.is_empty()
    }

    /// Returns the value of a property; none where the built-in one of the release holds.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let held = self.values.get(name).map(|(value, _)| value.clone());
        if self.complete { Some(held.unwrap_or_default()) } else { held }
    }

    /// Returns the file in which a word stands in a property's value, and the line.
    pub(super) fn place(&self, name: &str, word: &str) -> Option<(PathBuf, usize)> {
        let (_, file) = self.values.get(name)?;
        let is_short = fs::metadata(file).ok()?.len() <= LONGEST_FILE;
        let bytes = is_short.then(|| fs::read(file).ok())??;
        let text = String::from_utf8_lossy(&bytes);
        Some((file.clone(), line_of(&text, name, word)?))
    }

    /// Returns whether the properties name no security provider at all: then there is no TLS.
    pub(crate) fn name_no_provider(&self) -> bool {
        self.complete && !self.values.contains_key("security.provider.1")
    }

    /// Returns what keeps Java from reading the properties, if anything does.
    pub(crate) fn fault(&self) -> Option<&IncludeFault> {
        self.fault.as_ref()
    }

    fn may_be_overridden(&self) -> bool {
        let switch = self.values.get("security.overridePropertiesFile");
        switch.is_none_or(|(value, _)| value.eq_ignore_ascii_case("true"))
    }
}

/// Returns the number of the line in which a word of a property's value stands; the last definition counts.
fn line_of(text: &str, name: &str, word: &str) -> Option<usize> {
    let (mut found, mut is_inside, mut continues) = (None, false, false);
    for (number, line) in text.lines().enumerate() {
        let start = line.trim_start();
        let is_comment = !continues && start.starts_with(['#', '!']);
        let mut value = start;
        if !continues {
            let rest = start.strip_prefix(name).map(str::trim_start);
            let rest = rest.and_then(|rest| rest.strip_prefix(['=', ':'])).filter(|_| !is_comment);
            is_inside = rest.is_some();
            value = rest.unwrap_or(start);
        }
        if is_inside {
            let mut words = value.trim_end_matches('\\').split(',').map(str::trim);
            if words.any(|held| held == word) {
                found = Some(number + 1);
            }
        }
        continues = !is_comment && line.ends_with('\\');
    }
    found
}

/// The files that are being read, each included by the one before it, and how many there were in all.
struct Including<'a> {
    root: &'a Root,
    open: Vec<PathBuf>,
    files: usize,
}

impl<'a> Including<'a> {
    fn of(surroundings: &'a Surroundings) -> Self {
        Self { root: &surroundings.root, open: Vec::new(), files: 0 }
    }
}

/// Why a file is not read.
enum Unread {
    /// It cannot be.
    File(io::Error),
    /// What it includes cannot be.
    Include(IncludeFault),
    /// It, or what it includes, is more than is read here.
    Beyond(io::Error),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// Reads a file and the ones it includes into `values`, later definitions over earlier ones.
fn read_file(
    file: &Path,
    includes: bool,
    including: &mut Including<'_>,
    values: &mut Values,
) -> Result<(), Unread> {
    let place = fs::canonicalize(file)?;
    if including.open.contains(&place) {
        return Err(Unread::Include(IncludeFault::Circle(file.to_owned())));
    }
    if including.files == MOST_INCLUDES || fs::metadata(file)?.len() > LONGEST_FILE {
        return Err(Unread::Beyond(io::ErrorKind::FileTooLarge.into()));
    }
    including.open.push(place);
    including.files += 1;
    // Java reads ISO 8859-1 here: every byte is a character.
    let bytes = fs::read(file)?;
    let text: Cow<'_, str> = match std::str::from_utf8(&bytes) {
        Ok(ascii) if ascii.is_ascii() => ascii.into(),
        Ok(_) | Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    for (name, value) in definitions(&text) {
        if includes && name == "include" {
            include(&value, file, including, values)?;
        } else {
            values.insert(name, (value, file.to_owned()));
        }
    }
    including.open.pop();
    Ok(())
}

/// Reads the file that a line of `file` names.
fn include(
    named: &str,
    file: &Path,
    including: &mut Including<'_>,
    values: &mut Values,
) -> Result<(), Unread> {
    if named.contains("${") {
        let why = format!("{named} is included; what its properties stand for is not known here");
        return Err(Unread::Beyond(io::Error::other(why)));
    }
    let path = match file.parent() {
        Some(folder) if Path::new(named).is_relative() => folder.join(named),
        Some(_) | None => including.root.outside(Path::new(named)),
    };
    read_file(&path, true, including, values).map_err(|unread| match unread {
        Unread::File(error) => {
            let (named, kind) = (named.to_owned(), error.kind());
            Unread::Include(IncludeFault::Unreadable { named, path, kind })
        }
        Unread::Include(_) | Unread::Beyond(_) => unread,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_word_in_a_value_is_found() {
        let text = "# a=RC4\na=SSLv3, \\\n    RC4, DES keySize < 9, \\\n  # x\nb=RC4\n";
        for (name, word, expected) in [
            ("a", "SSLv3", Some(2)),
            ("a", "RC4", Some(3)),
            ("a", "DES keySize < 9", Some(3)),
            ("a", "DES", None),
            ("b", "RC4", Some(5)),
            ("c", "RC4", None),
        ] {
            assert_eq!(line_of(text, name, word), expected, "{name} {word}");
        }
    }
}
