//! The session token bug of Jira by version (JSWSERVER-21389), as GitLab's page tells it, and where the page contradicts
//! itself.

use std::fmt;

/// A version of Jira.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct JiraVersion {
    major: u16,
    minor: u16,
    patch: u16,
}

/// What the page says of a version.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Listing {
    Affected,
    Fixed,
    NotListed,
}

/// Listed as affected.
const AFFECTED: [JiraVersion; 5] =
    [version(8, 20, 8), version(8, 22, 3), version(8, 22, 4), version(9, 4, 6), version(9, 4, 14)];

/// Called fixed: this and later ones of its line.
const FIXED_OF_LINE: JiraVersion = version(8, 20, 11);

/// Called fixed: this and all later ones.
const FIXED_SINCE: JiraVersion = version(9, 1, 0);

const fn version(major: u16, minor: u16, patch: u16) -> JiraVersion {
    JiraVersion { major, minor, patch }
}

impl fmt::Display for JiraVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl JiraVersion {
    /// Reads `9.4.6`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.trim().trim_start_matches('v').split('.').map(str::parse);
        let found = version(
            numbers.next()?.ok()?,
            numbers.next()?.ok()?,
            numbers.next().unwrap_or(Ok(0)).ok()?,
        );
        numbers.next().is_none().then_some(found)
    }

    /// Finds `9.4.6#940006-sha1:…`; `place` is where `-sha1:` stands.
    pub(super) fn before_hash(line: &[u8], place: usize) -> Option<Self> {
        let before = line.get(place.saturating_sub(32)..place)?;
        let hash = before.iter().rposition(|byte| *byte == b'#')?;
        let (number, build) = before.split_at_checked(hash)?;
        if !build.get(1..)?.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let start = number.iter().rposition(|byte| !byte.is_ascii_digit() && *byte != b'.');
        let number = number.get(start.map_or(0, |start| start + 1)..)?;
        Self::parse(std::str::from_utf8(number).ok()?)
    }

    /// Says what the page says of this version.
    pub(crate) fn listing(self) -> Listing {
        let is_of_line = (self.major, self.minor) == (FIXED_OF_LINE.major, FIXED_OF_LINE.minor);
        if AFFECTED.contains(&self) {
            Listing::Affected
        } else if self >= FIXED_SINCE || (is_of_line && self >= FIXED_OF_LINE) {
            Listing::Fixed
        } else {
            Listing::NotListed
        }
    }

    /// Says it in words, and where the page is at odds with itself.
    pub(crate) fn in_words(self) -> String {
        let told = match self.listing() {
            Listing::Affected if self >= FIXED_SINCE => {
                "is listed as affected although 9.1.0+ is called fixed"
            }
            Listing::Affected if self > FIXED_OF_LINE => {
                "is listed as affected although 8.20.11 and later are called fixed, which is meant of 8.20 alone"
            }
            Listing::Affected => {
                "is listed as affected; 8.20.11 and later of that line are called fixed"
            }
            Listing::Fixed if (self.major, self.minor) == (9, 4) => {
                "is called fixed (9.1.0 and later), but 9.4.6 and 9.4.14 of the same line are listed as affected"
            }
            Listing::Fixed => "is called fixed",
            Listing::NotListed => {
                "is not listed: neither as affected nor as fixed; 8.20.11 and later of 8.20, and 9.1.0 and later, are called fixed"
            }
        };
        format!("Jira {self} {told}")
    }
}

impl Listing {
    /// Returns the word for programs.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::NotListed => "not-listed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_told_by_version() {
        for (text, listing, words) in [
            ("8.20.8", Listing::Affected, "8.20.11 and later of that line"),
            ("8.20.7", Listing::NotListed, "is not listed"),
            ("8.20.11", Listing::Fixed, "is called fixed"),
            ("8.21.0", Listing::NotListed, "is not listed"),
            ("8.22.3", Listing::Affected, "meant of 8.20 alone"),
            ("8.22.4", Listing::Affected, "meant of 8.20 alone"),
            ("8.22.5", Listing::NotListed, "is not listed"),
            ("9.0.0", Listing::NotListed, "is not listed"),
            ("9.1.0", Listing::Fixed, "is called fixed"),
            ("9.4.6", Listing::Affected, "listed as affected although 9.1.0+ is called fixed"),
            ("9.4.7", Listing::Fixed, "but 9.4.6 and 9.4.14"),
            ("9.4.14", Listing::Affected, "although 9.1.0+"),
            ("10.3", Listing::Fixed, "is called fixed"),
        ] {
            let version = JiraVersion::parse(text).unwrap();
            assert_eq!(version.listing(), listing, "{text}");
            assert!(version.in_words().contains(words), "{text}: {}", version.in_words());
        }
        for text in ["", "9", "9.4.6.1", "9.x.1", "-1.2.3", "99999.1.1"] {
            assert_eq!(JiraVersion::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_version_is_found_before_its_hash() {
        for (line, found) in [
            ("JIRA Build : 7.10.2#710002-sha1:d8ae9b2", Some("7.10.2")),
            ("(v9.4.6#940006-sha1:abc)", Some("9.4.6")),
            ("9.4.6-sha1:abc", None),
            ("x#1-sha1:", None),
        ] {
            let place = line.find("-sha1:").unwrap();
            let held = JiraVersion::before_hash(line.as_bytes(), place);
            assert_eq!(held.map(|held| held.to_string()).as_deref(), found, "{line}");
        }
    }
}
