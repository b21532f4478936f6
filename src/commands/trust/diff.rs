//! `trust diff`: what two stores have in common, by the SHA-256 of their certificates.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::path::Path;

use java_keystore::{KeyStore, Password};

use super::editing::changed;
use super::list::stored;
use super::listed;
use super::naming::{Held, all};
use super::opening::{StoreError, TrustError, load_whole, password};
use crate::certificates::fingerprint;
use crate::cli::TrustDiffArgs;
use crate::report::{CertificateCompared, EntryChanged, Report, SCHEMA, TrustDiff};
use crate::settings::Surroundings;

pub(super) fn run(args: &TrustDiffArgs, surroundings: &Surroundings) -> Result<Report, TrustError> {
    let [old, new] = [&args.old, &args.new].map(|path| surroundings.absolute(Path::new(path)));
    let password = password(&args.access, surroundings)?;
    let (a, b) = both(&old, &new, password)?;
    let mut diff = compare(&a, &b);
    diff.a = Some(stored(&old, &a));
    diff.b = Some(stored(&new, &b));
    Ok(Report::TrustDiff(diff))
}

/// Loads both stores. A password that fits one of them only is that one's.
fn both(
    old: &Path,
    new: &Path,
    password: Option<Password>,
) -> Result<(KeyStore, KeyStore), TrustError> {
    let is_other_password = |answer: &Result<KeyStore, TrustError>| {
        matches!(answer, Err(TrustError::Store { error: StoreError::Password(_), .. }))
    };
    let (a, b) = (load_whole(old, password.clone()), load_whole(new, password));
    match (is_other_password(&a), is_other_password(&b)) {
        (true, false) => Ok((load_whole(old, None)?, b?)),
        (false, true) => Ok((a?, load_whole(new, None)?)),
        (true, true) | (false, false) => Ok((a?, b?)),
    }
}

/// What a store has of one certificate.
#[derive(Default)]
struct Side {
    aliases: BTreeSet<String>,
    is_trusted: bool,
}

/// A certificate in one of the stores or in both.
struct Pair<'a> {
    held: Held<'a>,
    /// What each store has of it.
    sides: [Option<Side>; 2],
}

/// Compares two stores.
pub(super) fn compare(a: &KeyStore, b: &KeyStore) -> TrustDiff {
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (which, store) in [a, b].into_iter().enumerate() {
        for held in all(store) {
            let Some(certificate) = held.certificate() else { continue };
            let place = *places.entry(fingerprint(certificate)).or_insert(pairs.len());
            if place == pairs.len() {
                pairs.push(Pair { held, sides: [None, None] });
            }
            let side = pairs.get_mut(place).and_then(|pair| pair.sides.get_mut(which));
            let Some(side) = side else { continue };
            let side = side.get_or_insert_with(Side::default);
            side.aliases.insert(held.alias().to_owned());
            side.is_trusted |= held.is_trusted();
        }
    }
    let mut diff = TrustDiff::new(SCHEMA, "trust-diff");
    pairs.into_iter().for_each(|pair| sort(pair, &mut diff));
    diff
}

/// Returns what Java trusts by the one store and not by the other; `key` says by what they are compared.
pub(super) fn only_in<'a, K: Eq + Hash>(
    one: &'a KeyStore,
    other: &'a KeyStore,
    key: impl Fn(Held<'a>) -> K,
) -> Vec<EntryChanged> {
    let trusted = |store| all(store).filter(|held: &Held<'a>| held.is_trusted());
    let others: HashSet<K> = trusted(other).map(&key).collect();
    trusted(one)
        .filter(|held| !others.contains(&key(*held)))
        .filter_map(|held| Some(changed(held.alias(), held.certificate()?)))
        .collect()
}

fn sort(pair: Pair<'_>, diff: &mut TrustDiff) {
    let is_trusted = |side: &Option<Side>| side.as_ref().is_some_and(|side| side.is_trusted);
    let [a, b] = pair.sides;
    let (in_a, in_b) = (is_trusted(&a), is_trusted(&b));
    diff.same &= in_a == in_b;
    let place = match (&a, &b) {
        (Some(a), Some(b)) if in_a == in_b && a.aliases == b.aliases => {
            diff.unchanged += 1;
            return;
        }
        (Some(_), Some(_)) if in_a == in_b => &mut diff.renamed,
        (Some(_), Some(_)) => &mut diff.trust,
        (Some(_), None) => &mut diff.only_a,
        (None, _) => &mut diff.only_b,
    };
    let Some(certificate) = pair.held.certificate() else { return };
    let aliases = |side: Option<Side>| side.map(|side| side.aliases.into_iter().collect());
    place.push(CertificateCompared {
        listed: listed(certificate),
        trusted_a: a.is_some().then_some(in_a),
        trusted_b: b.is_some().then_some(in_b),
        aliases_a: aliases(a),
        aliases_b: aliases(b),
    });
}
