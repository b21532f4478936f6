//! What is in a store by what people call it: an alias, or the fingerprint of a certificate.

use std::collections::HashMap;

use java_keystore::{Alias, Entry, EntryKind, KeyStore, Unseen};
use pki_types::CertificateDer;

use super::opening::TrustError;
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
            Self::Listed(entry) => match &entry.kind {
                EntryKind::TrustedCertificate(certificate) => std::slice::from_ref(certificate),
                EntryKind::PrivateKey(chain) => chain,
                EntryKind::SecretKey => &[],
            },
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

/// What names mean that were given to a verb.
pub(super) struct Meant<'a> {
    pub(super) held: Vec<Held<'a>>,
    /// Whether a fingerprint was given, which means all entries of that certificate.
    #[expect(dead_code, reason = "for `trust remove`, which comes next")]
    pub(super) by_fingerprint: bool,
}

/// Why a name means nothing.
enum Unclear {
    Unknown(String),
    Ambiguous(String),
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

    /// Finds what each of the words means, all of them or none.
    ///
    /// # Errors
    ///
    /// Names those that mean nothing, and what comes nearest; or those that mean several things.
    pub(super) fn find(&self, words: &[String]) -> Result<Vec<Meant<'a>>, TrustError> {
        let (mut meant, mut unknown) = (Vec::new(), Vec::new());
        for word in words {
            match self.find_one(word) {
                Ok(one) => meant.push(one),
                Err(Unclear::Unknown(why)) => unknown.push(why),
                Err(Unclear::Ambiguous(why)) => return Err(TrustError::Usage(why)),
            }
        }
        if unknown.is_empty() { Ok(meant) } else { Err(TrustError::NoEntry(unknown.join("\n"))) }
    }

    fn find_one(&self, word: &str) -> Result<Meant<'a>, Unclear> {
        let places = match self.exact.get(word) {
            Some(place) => std::slice::from_ref(place),
            None => self.lower.get(&Alias::new(word)).map_or(&[][..], Vec::as_slice),
        };
        if !places.is_empty() {
            let held = self.at(places);
            if let [_, _, ..] = held.as_slice() {
                let aliases: Vec<&str> = held.iter().map(|one| one.alias()).collect();
                let aliases = quoted(&aliases);
                let why = format!("{word:?} may be {aliases}: write it as it stands in the store");
                return Err(Unclear::Ambiguous(why));
            }
            return Ok(Meant { held, by_fingerprint: false });
        }
        match fingerprint_start(word) {
            Some(start) => self.with_fingerprint(word, &start),
            None => Err(self.unknown(word)),
        }
    }

    fn with_fingerprint(&self, word: &str, start: &str) -> Result<Meant<'a>, Unclear> {
        let first = self.fingerprints.partition_point(|(held, _)| held.as_str() < start);
        let found = self.fingerprints.iter().skip(first);
        let found: Vec<_> = found.take_while(|(held, _)| held.starts_with(start)).collect();
        match (found.first(), found.last()) {
            (Some((one, _)), Some((other, _))) if one == other => {
                let places: Vec<usize> = found.iter().map(|(_, place)| *place).collect();
                Ok(Meant { held: self.at(&places), by_fingerprint: true })
            }
            (Some((one, _)), Some((other, _))) => Err(Unclear::Ambiguous(format!(
                "several certificates have a SHA-256 that begins with {start}, {one} and {other} \
                 among them: give more digits"
            ))),
            _ => Err(self.unknown(word)),
        }
    }

    fn at(&self, places: &[usize]) -> Vec<Held<'a>> {
        places.iter().filter_map(|place| self.held.get(*place).copied()).collect()
    }

    fn unknown(&self, word: &str) -> Unclear {
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
        Unclear::Unknown(why)
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
