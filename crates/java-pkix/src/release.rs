//! A release of Java: feature and update, as `java -version` counts them.

use std::fmt;
use std::str::FromStr;

/// A release of Java, such as 17.0.15 or 8u504: behaviour follows the update as much as the feature.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JavaRelease {
    /// The feature release: 8, 11, 17 and so on.
    pub feature: u16,
    /// The update within it: 504 of 8u504, 15 of 17.0.15.
    pub update: u16,
}

/// Why a text is no release.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0:?} is no Java release; write 17, 17.0.15, 8u504 or 1.8.0_504")]
pub struct ParseReleaseError(String);

impl JavaRelease {
    /// The newest release of each feature that the built-in rules were recorded from, oldest first.
    pub const RECORDED: [Self; 6] = [
        Self { feature: 8, update: 504 },
        Self { feature: 11, update: 33 },
        Self { feature: 17, update: 15 },
        Self { feature: 21, update: 13 },
        Self { feature: 25, update: 5 },
        Self { feature: 26, update: 2 },
    ];
}

impl FromStr for JavaRelease {
    type Err = ParseReleaseError;

    /// Reads `17`, `17.0.15`, `17.0.15+6-LTS`, `8u504`, `1.8.0_504`, with or without a vendor's word
    /// before it (`Temurin-25.0.3+9`); a bare feature means the newest recorded release of it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseReleaseError(text.to_owned());
        match *numbers(text).ok_or_else(error)?.as_slice() {
            [1, 8] | [1, 8, 0] | [8] => Ok(Self { feature: 8, update: 504 }),
            [1, 8, 0, update, ..] | [8, 0, update, ..] | [8, update] => {
                Ok(Self { feature: 8, update })
            }
            [feature] => Ok(Self::RECORDED
                .into_iter()
                .find(|recorded| recorded.feature == feature)
                .unwrap_or(Self { feature, update: 0 })),
            [feature, _interim] => Ok(Self { feature, update: 0 }),
            [feature, _interim, update, ..] => Ok(Self { feature, update }),
            [] => Err(error()),
        }
    }
}

/// Returns the numbers of a version, without the vendor's word before it and the build behind it.
fn numbers(text: &str) -> Option<Vec<u16>> {
    let text = text.trim().trim_matches('"');
    let version = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-');
    let is_bare = version.len() == text.len();
    if !is_bare && !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let version = version.split(['+', '-']).next().unwrap_or_default();
    version.split(['.', '_', 'u']).map(|number| number.parse().ok()).collect()
}

/// Writes `8u504` or `17.0.15`.
impl fmt::Display for JavaRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.feature {
            8 => write!(f, "8u{}", self.update),
            feature => write!(f, "{feature}.0.{}", self.update),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_written_in_many_ways() {
        for (text, feature, update) in [
            ("8u504", 8, 504),
            ("8u504-b08", 8, 504),
            ("jdk8u392-b08", 8, 392),
            ("1.8.0_504", 8, 504),
            ("1.8.0_392-b08", 8, 392),
            ("\"1.8.0_504\"", 8, 504),
            ("8", 8, 504),
            ("1.8", 8, 504),
            ("8.0.392+8", 8, 392),
            ("11.0.33", 11, 33),
            ("11.0.33-ea+8-post-1-Debian", 11, 33),
            ("17", 17, 15),
            ("17.0.15", 17, 15),
            ("17.0.15+6", 17, 15),
            ("17.0.19+10-1-deb12u2-Debian", 17, 19),
            ("jdk-17.0.9+9", 17, 9),
            ("Temurin-25.0.3+9", 25, 3),
            ("25.0.3+9-LTS", 25, 3),
            ("21.0.13.0.3", 21, 13),
            ("26.0.2.1+1-1-Debian", 26, 2),
            ("24", 24, 0),
            ("25-ea", 25, 5),
        ] {
            assert_eq!(text.parse(), Ok(JavaRelease { feature, update }), "{text}");
        }
        for text in ["", "java", "17.x", "-1", "17..1", "99999999.0.1", "-17"] {
            assert!(text.parse::<JavaRelease>().is_err(), "{text}");
        }
    }
}
