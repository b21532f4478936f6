//! Which entries of which security properties stand in the way: found out by leaving them out.

use std::fmt;
use std::path::PathBuf;

use java_pkix::Rules;

use super::Settings;

/// The properties that disable algorithms.
const PROPERTIES: [&str; 2] = ["jdk.tls.disabledAlgorithms", "jdk.certpath.disabledAlgorithms"];

/// More entries than this are not tried through.
const MOST_ENTRIES: usize = 500;

/// An entry that stands in the way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Disabled {
    pub(crate) property: &'static str,
    pub(crate) entry: String,
    /// The file and the line where it stands; none where it is built in.
    place: Option<(PathBuf, usize)>,
}

impl Settings {
    /// Finds entries without which the rules would do, and none too many: all are left out, and put back as long as it does.
    pub(crate) fn disabled(&self, would_do: &dyn Fn(&Rules) -> bool) -> Vec<Disabled> {
        let rules = self.rules();
        let mut entries: Vec<Entry> = Vec::new();
        for property in PROPERTIES {
            let text = rules.disabled_algorithms(property).unwrap_or_default();
            let words = text.split(',').map(|word| word.trim().to_owned());
            entries.extend(words.map(|word| Entry { property, word, is_out: true }));
        }
        if entries.len() > MOST_ENTRIES || !would_do(&self.without(&entries)) {
            return Vec::new();
        }
        for place in 0..entries.len() {
            set_out(&mut entries, place, false);
            if !would_do(&self.without(&entries)) {
                set_out(&mut entries, place, true);
            }
        }
        let out = entries.into_iter().filter(|entry| entry.is_out);
        out.map(|Entry { property, word, .. }| {
            let place = self.security.place(property, &word);
            Disabled { property, entry: word, place }
        })
        .collect()
    }

    fn without(&self, entries: &[Entry]) -> Rules {
        let value = |property: &str| {
            let held = entries.iter().filter(|entry| entry.property == property && !entry.is_out);
            held.map(|entry| entry.word.as_str()).collect::<Vec<_>>().join(", ")
        };
        self.rules().with_security_properties(&|name| {
            if PROPERTIES.contains(&name) { Some(value(name)) } else { self.security.value(name) }
        })
    }
}

/// An entry of a property, and whether it is left out.
struct Entry {
    property: &'static str,
    word: String,
    is_out: bool,
}

fn set_out(entries: &mut [Entry], place: usize, is_out: bool) {
    if let Some(entry) = entries.get_mut(place) {
        entry.is_out = is_out;
    }
}

impl fmt::Display for Disabled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} in {}", self.entry, self.property)?;
        match &self.place {
            Some((file, line)) => write!(f, " ({}, line {line})", file.display()),
            None => f.write_str(" of this release"),
        }
    }
}
