//! `trust remove`: trusted certificates taken out of a store, all that were named or none.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;

use java_keystore::{Alias, Entry, EntryKind, KeyStore};
use pki_types::CertificateDer;

use super::editing::{Absent, Edit, changed};
use super::naming::{Held, Names, all};
use super::opening::{StoreError, TrustError, password};
use crate::cli::TrustRemoveArgs;
use crate::diagnosis::quoted;
use crate::report::{Report, TrustChange};
use crate::settings::Surroundings;

pub(super) fn run(
    args: &TrustRemoveArgs,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    let edit = Edit {
        verb: "trust-remove",
        store: &args.store,
        password: password(&args.access, surroundings)?,
        writing: &args.writing,
        absent: Absent::Refused(""),
        surroundings,
    };
    let change = edit.make(|store, told| remove(store, args, told))?;
    Ok(Report::TrustChange(change))
}

/// What is to go.
struct Doomed {
    alias: String,
    certificate: CertificateDer<'static>,
}

fn remove(
    store: &mut KeyStore,
    args: &TrustRemoveArgs,
    told: &mut TrustChange,
) -> Result<(), StoreError> {
    let doomed: Result<Vec<Doomed>, StoreError> = Names::of(store)
        .find(&args.entries)?
        .into_iter()
        .map(|held| doomed(held, &args.store))
        .collect();
    let (doomed, were_trusted) = (doomed?, is_trusting(store));
    let hidden: Vec<Entry> = store.displaced().to_vec();
    take_out(&doomed, store)?;
    told.removed.extend(doomed.iter().map(|one| changed(&one.alias, &one.certificate)));
    told.notes.extend(gone_along(&hidden, store));
    told.notes.extend(left(store, &doomed));
    if were_trusted && !is_trusting(store) {
        told.notes.push(LAST.to_owned());
    }
    Ok(())
}

/// Takes a certificate out as a whole where all of its entries are to go, or else alias by alias.
fn take_out(doomed: &[Doomed], store: &mut KeyStore) -> Result<(), StoreError> {
    let mut staying: HashMap<&CertificateDer<'_>, usize> = HashMap::new();
    let certificates: Vec<CertificateDer<'static>> = removable(store).cloned().collect();
    certificates.iter().for_each(|held| *staying.entry(held).or_default() += 1);
    for one in doomed {
        staying.entry(&one.certificate).and_modify(|count| *count = count.saturating_sub(1));
    }
    for one in doomed {
        if staying.get(&one.certificate) == Some(&0) {
            // The second entry of a certificate finds nothing left.
            store.remove_certificate(&one.certificate)?;
            continue;
        }
        let lower = Alias::new(&one.alias);
        let is_shadowed = one.alias != lower.as_str()
            && store.entries().iter().any(|other| other.alias == lower.as_str());
        if is_shadowed || !store.remove(&lower)? {
            return Err(StoreError::Ambiguous(format!(
                "{:?} cannot be told from another entry by its alias; remove both by the SHA-256",
                one.alias
            )));
        }
    }
    Ok(())
}

/// Returns the certificates of all entries that can be removed here.
fn removable(store: &KeyStore) -> impl Iterator<Item = &CertificateDer<'static>> {
    all(store).filter_map(|held| match held {
        Held::Unseen(unseen) => Some(&unseen.certificate),
        Held::Listed(entry) => entry.trusted_certificate(),
    })
}

/// Checks that something may go.
fn doomed(held: Held<'_>, path: &OsStr) -> Result<Doomed, StoreError> {
    let alias = held.alias().to_owned();
    let key = match held {
        Held::Unseen(unseen) => {
            return Ok(Doomed { alias, certificate: unseen.certificate.clone() });
        }
        Held::Listed(entry) => match &entry.kind {
            EntryKind::TrustedCertificate(certificate) => {
                return Ok(Doomed { alias, certificate: certificate.clone() });
            }
            EntryKind::PrivateKey(_) => "a private key",
            EntryKind::SecretKey => "a secret key",
        },
    };
    Err(StoreError::Refused(format!(
        "the entry {alias:?} holds {key}, and only trusted certificates are removed here; \
         keytool -delete -alias {} -keystore {} removes it",
        quoted(&alias),
        quoted(&path.to_string_lossy())
    )))
}

/// Names the entries that were hidden by one that was removed, and went with it.
fn gone_along(hidden: &[Entry], store: &KeyStore) -> Vec<String> {
    let gone = hidden.iter().filter(|entry| !store.displaced().contains(entry));
    gone.map(|entry| {
        format!(
            "an entry {:?} that Java did not see behind that of the same name is gone, too",
            entry.alias
        )
    })
    .collect()
}

/// Says where Java goes on trusting a certificate that was removed under another alias.
fn left(store: &KeyStore, doomed: &[Doomed]) -> Vec<String> {
    let removed: HashSet<&CertificateDer<'_>> = doomed.iter().map(|one| &one.certificate).collect();
    all(store)
        .filter(|held| held.is_trusted() && held.certificate().is_some_and(|c| removed.contains(c)))
        .map(|held| {
            format!("Java still trusts the certificate: it is there as {:?}, too", held.alias())
        })
        .collect()
}

fn is_trusting(store: &KeyStore) -> bool {
    store.entries().iter().any(|entry| entry.trusted)
}

const LAST: &str = "nothing is left in the store that Java trusts: with it every connection ends with \
                    `the trustAnchors parameter must be non-empty`";
