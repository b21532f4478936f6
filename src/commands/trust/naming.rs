//! What is in a store by what people call it: an alias, or the fingerprint of a certificate.

use std::collections::{HashMap, HashSet};

use java_keystore::{Alias, Entry, KeyStore, Unseen};
use pki_types::CertificateDer;

use super::opening::StoreError;
use crate::certificates::{fingerprint, printable};

/// Something in a store that can be named.
#[derive(Clone, Copy, Debug)]
pub(super) enum Held<'a> {
    /// An entry that Java lists.
    Listed(&'a Entry),
    /// A certificate that Java does not see.
    Unseen(&'a Unseen),
}

impl<'a> Held<'a> {
    pub(super) fn alias(self) -> &'a str {
        match self {
            Self::Listed(entry) => &entry.alias,
            Self::Unseen(unseen) => unseen.alias.as_deref().unwrap_or_default(),
        }
    }

    /// Returns the certificate that the entry is known by: of a chain the first one.
    pub(super) fn certificate(self) -> Option<&'a CertificateDer<'static>> {
        self.certificates().first()
    }

    /// Returns all certificates of the entry, the end entity's first.
    pub(super) fn certificates(self) -> &'a [CertificateDer<'static>] {
        match self {
            Self::Listed(entry) => entry.certificates(),
            Self::Unseen(unseen) => std::slice::from_ref(&unseen.certificate),
        }
    }

    pub(super) fn is_trusted(self) -> bool {
        match self {
            Self::Listed(entry) => entry.trusted,
            Self::Unseen(_) => false,
        }
    }
}

/// All that is in a store: what Java lists, then what it does not see.
pub(super) fn all(store: &KeyStore) -> impl Iterator<Item = Held<'_>> {
    let listed = store.entries().iter().map(Held::Listed);
    listed.chain(store.unseen().iter().map(Held::Unseen))
}

/// The names of what is in a store.
pub(super) struct Names<'a> {
    held: Vec<Held<'a>>,
    /// By the alias as it stands in the file.
    exact: HashMap<&'a str, usize>,
    /// By the alias as Java looks it up.
    lower: HashMap<Alias, Vec<usize>>,
    /// Fingerprints in their order, so that those with the same beginning stand together.
    fingerprints: Vec<(String, usize)>,
}

impl<'a> Names<'a> {
    pub(super) fn of(store: &'a KeyStore) -> Self {
        let held: Vec<Held<'a>> = all(store).collect();
        let (mut exact, mut lower) = (HashMap::new(), HashMap::<Alias, Vec<usize>>::new());
        let mut fingerprints = Vec::new();
        for (place, one) in held.iter().enumerate() {
            if !one.alias().is_empty() {
                exact.entry(one.alias()).or_insert(place);
                lower.entry(Alias::new(one.alias())).or_default().push(place);
            }
            fingerprints.extend(one.certificate().map(|held| (fingerprint(held), place)));
        }
        fingerprints.sort();
        Self { held, exact, lower, fingerprints }
    }

    /// Finds what the words mean, each entry once and all of them or none. A fingerprint means all entries of its certificate.
    ///
    /// # Errors
    ///
    /// Names the words that mean nothing, and what comes nearest; or those that mean several things.
    pub(super) fn find(&self, words: &[String]) -> Result<Vec<Held<'a>>, StoreError> {
        let (mut meant, mut unknown) = (Vec::new(), Vec::new());
        for word in words {
            match self.find_one(word) {
                Ok(places) => meant.extend(places),
                Err(StoreError::NoEntry(why)) => unknown.push(why),
                Err(error) => return Err(error),
            }
        }
        if !unknown.is_empty() {
            return Err(StoreError::NoEntry(unknown.join("\n")));
        }
        let mut seen = HashSet::new();
        meant.retain(|place| seen.insert(*place));
        Ok(meant.into_iter().filter_map(|place: usize| self.held.get(place).copied()).collect())
    }

    fn find_one(&self, word: &str) -> Result<Vec<usize>, StoreError> {
        let places = match self.exact.get(word) {
            Some(place) => std::slice::from_ref(place),
            None => self.lower.get(&Alias::new(word)).map_or(&[][..], Vec::as_slice),
        };
        match places {
            [] => {}
            [place] => return Ok(vec![*place]),
            several => {
                let aliases: Vec<&str> = several
                    .iter()
                    .filter_map(|place| self.held.get(*place))
                    .map(|held| held.alias())
                    .collect();
                return Err(StoreError::Ambiguous(format!(
                    "{word:?} may be {}: write it as it stands in the store, or give the SHA-256",
                    quoted(&aliases)
                )));
            }
        }
        match fingerprint_start(word) {
            Some(start) => self.with_fingerprint(word, &start),
            None => Err(self.unknown(word)),
        }
    }

    fn with_fingerprint(&self, word: &str, start: &str) -> Result<Vec<usize>, StoreError> {
        let first = self.fingerprints.partition_point(|(held, _)| held.as_str() < start);
        let found = self.fingerprints.iter().skip(first);
        let found: Vec<_> = found.take_while(|(held, _)| held.starts_with(start)).collect();
        match (found.first(), found.last()) {
            (Some((one, _)), Some((other, _))) if one == other => {
                Ok(found.iter().map(|(_, place)| *place).collect())
            }
            (Some((one, _)), Some((other, _))) => Err(StoreError::Ambiguous(format!(
                "several certificates have a SHA-256 that begins with {start}, {one} and {other} \
                 among them: give more digits"
            ))),
            _ => Err(self.unknown(word)),
        }
    }

    fn unknown(&self, word: &str) -> StoreError {
        let mut why = format!("no entry has the alias {word:?}");
        if let Some(start) = fingerprint_start(word) {
            why = match start.len() {
                40 => format!(
                    "no entry has the alias {word}, and as a fingerprint it is one of SHA-1: \
                     give that of SHA-256"
                ),
                _ => format!("no certificate has a SHA-256 that begins with {start}"),
            };
        }
        let nearest = self.nearest(word);
        if !nearest.is_empty() {
            why.push_str("; the store has ");
            why.push_str(&quoted(&nearest));
        }
        StoreError::NoEntry(why)
    }

    /// Returns the aliases that may have been meant: those that contain the word or are alike, the likest first.
    fn nearest(&self, word: &str) -> Vec<&'a str> {
        let word = word.to_lowercase();
        let short = self.held.iter().map(|held| held.alias()).filter(|alias| {
            let length = alias.chars().take(LONGEST_COMPARED + 1).count();
            (1..=LONGEST_COMPARED).contains(&length) && word.len() <= LONGEST_COMPARED
        });
        let mut alike: Vec<(f64, &str)> = short
            .map(|alias| {
                let lower = alias.to_lowercase();
                let contained = !word.is_empty() && lower.contains(&word);
                (strsim::jaro(&lower, &word) + if contained { 1.0 } else { 0.0 }, alias)
            })
            .filter(|(likeness, _)| *likeness > LIKE)
            .collect();
        if alike.iter().any(|(likeness, _)| *likeness >= 1.0) {
            alike.retain(|(likeness, _)| *likeness >= 1.0);
        }
        alike.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        alike.into_iter().map(|(_, alias)| alias).take(3).collect()
    }
}

/// Takes a word for the beginning of a SHA-256 fingerprint, as programs write them: `AB:CD:…`, `ab cd …`, `sha256:…`.
fn fingerprint_start(word: &str) -> Option<String> {
    let lower = word.trim().to_ascii_lowercase();
    let digits = ["sha256 fingerprint=", "sha256:", "sha-256:", "sha256="]
        .iter()
        .find_map(|prefix| lower.strip_prefix(prefix))
        .unwrap_or(&lower);
    let digits: String = digits.chars().filter(|c| !matches!(c, ':' | ' ' | '\t')).collect();
    let is_one = (FEWEST_DIGITS..=64).contains(&digits.len());
    (is_one && digits.chars().all(|c| c.is_ascii_hexdigit())).then(|| digits.to_ascii_uppercase())
}

fn quoted(aliases: &[&str]) -> String {
    let quoted: Vec<String> =
        aliases.iter().map(|alias| format!("\"{}\"", printable(alias))).collect();
    quoted.join(", ")
}

/// Fewer digits say too little.
const FEWEST_DIGITS: usize = 8;
/// Longer aliases are not compared with what was typed.
const LONGEST_COMPARED: usize = 200;
/// From 0, nothing alike, to 1, the same.
const LIKE: f64 = 0.75;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_recognised_however_it_is_written() {
        let digits = "20972241996C9FFCB3348C42424B4746815C6FB866EAE5B69D1DA6D79617FFAF";
        let pairs = |between: &str| {
            let pairs: Vec<&str> =
                digits.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap()).collect();
            pairs.join(between)
        };
        for (word, expected) in [
            (digits.to_owned(), Some(digits)),
            (digits.to_lowercase(), Some(digits)),
            (pairs(":"), Some(digits)),
            (format!(" {} ", pairs(" ")), Some(digits)),
            (format!("sha256:{digits}"), Some(digits)),
            (format!("sha256 Fingerprint={}", pairs(":")), Some(digits)),
            ("20972241".to_owned(), Some("20972241")),
            ("2097224".to_owned(), None),
            ("example.com".to_owned(), None),
            (format!("{digits}00"), None),
        ] {
            assert_eq!(fingerprint_start(&word).as_deref(), expected, "{word}");
        }
    }
}
