//! The language of `jdk.certpath.disabledAlgorithms` and `jdk.tls.disabledAlgorithms`.

use std::sync::Arc;

use crate::constraints::answers::Answers;
use crate::constraints::condition::{
    Condition, Date, KeySize, Restriction, Subject, first_millisecond,
};
use crate::constraints::{ConstraintFault, decompose};
use crate::profile::Profile;
use crate::public_key::PublicKey;
use crate::signature::{PssParameters, SignatureAlgorithm};

/// Algorithms that a security property disables, wholly or under conditions.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct DisabledAlgorithms {
    /// The entries as they stand; a name counts as disabled where it equals one.
    entries: Vec<String>,
    /// The restrictions in the order of the entries.
    restrictions: Vec<Restriction>,
    names_keys_by_parameters: bool,
    /// Whether an entry may hold `*`, and what it means by `usage`: both came with the same update.
    knows_tls_usages: bool,
    /// Which names are permitted.
    permitted: Answers<bool>,
    /// Which restrictions there are to look at, by the names of an algorithm and of a key's.
    looked_at: Answers<Arc<[usize]>>,
}

impl DisabledAlgorithms {
    /// Reads a property; `curves` is `jdk.disabled.namedCurves`, which `include` brings in.
    ///
    /// An entry that Java would refuse, and with it all TLS, is passed over.
    pub(crate) fn parse(property: &str, curves: &str, profile: &Profile) -> Self {
        let mut entries = split(property);
        let include =
            |entry: &String| entry.eq_ignore_ascii_case("include jdk.disabled.namedCurves");
        if let Some(at) = entries.iter().position(include) {
            entries.remove(at);
            entries.extend(split(curves));
        }
        if profile.sorts_disabled_algorithms {
            entries.sort_by_key(|entry| entry.to_ascii_lowercase());
            entries.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        }
        let restrictions =
            entries.iter().filter_map(|entry| Restriction::parse(entry, profile)).collect();
        Self {
            entries,
            restrictions,
            names_keys_by_parameters: profile.names_keys_by_parameters,
            knows_tls_usages: profile.knows_tls_usages,
            permitted: Answers::default(),
            looked_at: Answers::default(),
        }
    }

    /// Returns whether the property names exactly this, without a condition and in any case.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.eq_ignore_ascii_case(name))
    }

    /// Returns whether an entry has a wildcard that Java refuses, and all TLS with it.
    pub(super) fn has_bad_pattern(&self) -> bool {
        let mut patterns = self.entries.iter().filter(|entry| entry.contains('*'));
        self.knows_tls_usages && patterns.any(|pattern| !pattern.starts_with("TLS_"))
    }

    /// Returns whether an entry with wildcards covers this, as `TLS_RSA_*` does suites.
    pub(super) fn covers(&self, name: &str) -> bool {
        let patterns = self.entries.iter().filter(|entry| entry.contains('*'));
        self.knows_tls_usages && patterns.into_iter().any(|pattern| matches(pattern, name))
    }

    /// Returns whether neither `algorithm` nor a part of it is disabled without a condition.
    pub(super) fn permits_name(&self, algorithm: &str) -> bool {
        self.permitted.of(algorithm, "", || {
            !self.names(algorithm)
                && !decompose::parts_by_name(algorithm).any(|part| self.names(part))
        })
    }

    /// Returns whether `key` may be used (`permits(Set, Key)`).
    pub(super) fn permits_key(&self, key: &PublicKey, now: i64) -> bool {
        let algorithm = self.key_algorithm(key);
        self.permits_name(algorithm)
            && self.parameter_names(key).all(|name| self.permits_name(name))
            && self
                .restrictions_of(algorithm)
                .all(|restriction| restriction.permits_key(key, algorithm, now))
    }

    /// Returns whether the TLS property bars `algorithm` for one of TLS's own usages: `usage CertificateSignature`, say.
    pub(super) fn bars_usage(&self, algorithm: &str, usage: &str) -> bool {
        self.knows_tls_usages
            && self.restrictions_of(algorithm).any(|restriction| restriction.bars_usage(usage))
    }

    /// Returns whether mere parameters of this size may be used: only a `keySize` that stands first is looked at.
    pub(super) fn permits_size(&self, algorithm: &str, bits: u32) -> bool {
        self.restrictions_of(algorithm).all(|restriction| restriction.permits_size(bits))
    }

    /// Checks a signature and a key (`permits(String, AlgorithmParameters, ConstraintsParameters, boolean)`).
    ///
    /// # Errors
    /// The first violation, in Java's order.
    pub(super) fn check_signature(
        &self,
        signature: &SignatureAlgorithm,
        subject: &Subject<'_>,
    ) -> Result<(), ConstraintFault> {
        self.check(signature.name(), subject)?;
        let Some(PssParameters { digest, mask_digest, .. }) = signature.pss_parameters() else {
            return Ok(());
        };
        let without_key = Subject { key: None, ..*subject };
        self.check(digest, &without_key)?;
        if mask_digest.name().eq_ignore_ascii_case(digest) {
            return Ok(());
        }
        self.check(mask_digest.name(), &without_key)
    }

    /// Checks an algorithm and, where there is one, a key (`permits(String, ConstraintsParameters, boolean)`).
    ///
    /// # Errors
    /// The first violation, in Java's order.
    pub(super) fn check(
        &self,
        algorithm: &str,
        subject: &Subject<'_>,
    ) -> Result<(), ConstraintFault> {
        if let Some(key) = subject.key
            && let Some(name) = self.parameter_names(key).find(|name| !self.permits_name(name))
        {
            let text = "Algorithm constraints check failed on disabled algorithm: ";
            return Err(ConstraintFault::constrained(format!("{text}{name}")));
        }
        for restriction in
            self.looked_at(algorithm, subject.key.map(|_| subject.key_algorithm)).iter()
        {
            if let Some(restriction) = self.restrictions.get(*restriction)
                && (subject.key.is_some() || !restriction.begins_with_key_size())
            {
                restriction.check(subject)?;
            }
        }
        Ok(())
    }

    /// Returns the places of the restrictions on an algorithm and on a key's, in the order in which Java looks at them.
    fn looked_at(&self, algorithm: &str, key_algorithm: Option<&str>) -> Arc<[usize]> {
        self.looked_at.of(algorithm, key_algorithm.unwrap_or_default(), || {
            let names = decompose::names_for_conditions(algorithm, key_algorithm);
            names.into_iter().flat_map(|name| self.places_of(name)).collect()
        })
    }

    /// Returns the algorithm of `key` in the sense of the release: `EdDSA`, or in newer ones `Ed25519`.
    pub(super) fn key_algorithm<'k>(&self, key: &'k PublicKey) -> &'k str {
        match key.parameter_name() {
            Some(name) if self.names_keys_by_parameters => name,
            Some(_) | None => key.algorithm(),
        }
    }

    /// Returns the names of a key's curve or parameters, under which it may be disabled.
    fn parameter_names<'k>(&self, key: &'k PublicKey) -> impl Iterator<Item = &'k str> {
        let curve = key.curve_names();
        let names_keys = self.names_keys_by_parameters && curve.is_none();
        let algorithm = names_keys.then(|| key.algorithm());
        let parameters = key.parameter_name().filter(|_| names_keys || key.algorithm() == "XDH");
        curve.unwrap_or_default().iter().copied().chain(algorithm).chain(parameters)
    }

    fn restrictions_of<'a>(&'a self, algorithm: &'a str) -> impl Iterator<Item = &'a Restriction> {
        self.places_of(algorithm).filter_map(|place| self.restrictions.get(place))
    }

    fn places_of<'a>(&'a self, algorithm: &'a str) -> impl Iterator<Item = usize> + 'a {
        let other = if algorithm.eq_ignore_ascii_case("DH") { "DiffieHellman" } else { algorithm };
        let other = if algorithm.eq_ignore_ascii_case("DiffieHellman") { "DH" } else { other };
        let is_of = move |restriction: &Restriction| {
            let name = &restriction.algorithm;
            name.eq_ignore_ascii_case(algorithm) || name.eq_ignore_ascii_case(other)
        };
        let all = self.restrictions.iter().enumerate();
        all.filter(move |(_, restriction)| is_of(restriction)).map(|(place, _)| place)
    }
}

impl Restriction {
    /// Reads an entry of the property.
    fn parse(entry: &str, profile: &Profile) -> Option<Self> {
        let (name, policy) = match entry.split_once(' ') {
            // `X9.62 prime192v2` is a curve, not an algorithm with a condition.
            Some((name, policy)) if !name.starts_with("X9.62") && name != "NIST" => {
                (name, Some(policy))
            }
            _ => (entry, None),
        };
        let algorithm = decompose::entry_name(name, profile.drops_hyphens_of_digests);
        let conditions = match policy {
            None => Vec::new(),
            Some(policy) => {
                policy.split('&').map(|text| condition(text.trim())).collect::<Option<_>>()?
            }
        };
        Some(Self { algorithm, conditions })
    }
}

/// Matches a whole name against a pattern with `*`, in one case: of several ways to match the leftmost is enough.
fn matches(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        let Some((_, tail)) = rest.split_once(piece) else { return false };
        rest = tail;
    }
    rest.ends_with(last)
}

/// Reads one condition.
fn condition(text: &str) -> Option<Condition> {
    if let Some(rest) = text.strip_prefix("keySize") {
        let mut words = rest.split_whitespace();
        let (operator, size) = (words.next()?, words.next()?.parse().ok()?);
        return Some(Condition::KeySize(KeySize::forbidding(operator, size)?));
    }
    if text.eq_ignore_ascii_case("jdkCA") {
        return Some(Condition::JdkCa);
    }
    if let Some(rest) = text.strip_prefix("denyAfter") {
        return deny_after(rest.trim());
    }
    let usages = text.strip_prefix("usage")?;
    Some(Condition::Usage(usages.trim().split(' ').map(str::to_owned).collect()))
}

/// Reads the date of `denyAfter YYYY-MM-DD`.
fn deny_after(text: &str) -> Option<Condition> {
    let numbers: Vec<i64> = text.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (&[year, month, day], 10) = (numbers.as_slice(), text.len()) else { return None };
    let milliseconds = first_millisecond(year, month, day)?;
    Some(Condition::DenyAfter(Date { text: text.to_owned(), milliseconds }))
}

/// Splits a comma list, which may be quoted as a whole.
fn split(property: &str) -> Vec<String> {
    let unquoted = property.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    unquoted
        .unwrap_or(property)
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect()
}
