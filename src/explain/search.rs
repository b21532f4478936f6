//! The one search that most lines do not pass.

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

use super::phrases::{JIRA_VERSION, PHRASES, Phrase};

/// All phrases as one automaton.
pub(super) struct Search {
    automaton: AhoCorasick,
}

/// What a line holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hit {
    Phrase {
        phrase: &'static Phrase,
        place: usize,
    },
    /// The mark behind a version of Jira.
    JiraVersion {
        place: usize,
    },
}

impl Search {
    pub(super) fn new() -> Result<Self, BuildError> {
        let texts = PHRASES.iter().map(|phrase| phrase.text).chain([JIRA_VERSION]);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .build(texts)?;
        Ok(Self { automaton })
    }

    /// Finds the phrases of a line, from its beginning to its end.
    pub(super) fn hits<'a>(&'a self, line: &'a [u8]) -> impl Iterator<Item = Hit> + 'a {
        self.automaton.find_iter(line).map(|found| {
            let place = found.start();
            match PHRASES.get(found.pattern().as_usize()) {
                Some(phrase) => Hit::Phrase { phrase, place },
                None => Hit::JiraVersion { place },
            }
        })
    }
}
