//! `trust remove`: trusted certificates taken out of a store, all that were named or none.

use std::collections::HashSet;
use std::ffi::OsStr;

use java_keystore::{Alias, EntryKind, KeyStore};
use pki_types::CertificateDer;

use super::editing::{Edit, changed};
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
        fresh: None,
        surroundings,
    };
    let change = edit.make(|store, told| remove(store, args, told))?;
    Ok(Report::TrustChange(change))
}

/// What is to go.
struct Doomed {
    alias: String,
    certificate: CertificateDer<'static>,
    is_unseen: bool,
}

fn remove(
    store: &mut KeyStore,
    args: &TrustRemoveArgs,
    told: &mut TrustChange,
) -> Result<(), StoreError> {
    let doomed: Result<Vec<Doomed>, StoreError> = Names::of(store)
        .find(&args.entries)?
        .into_iter()
        .map(|held| doomed(held, store, &args.store))
        .collect();
    let (doomed, were_trusted) = (doomed?, is_trusting(store));
    for one in &doomed {
        let alias = Alias::new(&one.alias);
        // Unseen bags of one certificate go together.
        let is_out = match one.is_unseen {
            true => store.remove_unseen(&one.certificate).map(|_was_there| true)?,
            false => store.remove(&alias)?,
        };
        if !is_out {
            return Err(StoreError::Refused(format!(
                "the entry {:?} cannot be taken out",
                one.alias
            )));
        }
        told.removed.push(changed(&one.alias, &one.certificate));
    }
    told.notes.extend(left(store, &doomed));
    if were_trusted && !is_trusting(store) {
        told.notes.push(LAST.to_owned());
    }
    Ok(())
}

/// Checks that something may go.
fn doomed(held: Held<'_>, store: &KeyStore, path: &OsStr) -> Result<Doomed, StoreError> {
    let alias = held.alias().to_owned();
    let entry = match held {
        Held::Unseen(unseen) => {
            let certificate = unseen.certificate.clone();
            return Ok(Doomed { alias, certificate, is_unseen: true });
        }
        Held::Listed(entry) => entry,
    };
    let key = match &entry.kind {
        EntryKind::TrustedCertificate(certificate) => {
            let lower = Alias::new(&alias);
            let is_shadowed = alias != lower.as_str()
                && store.entries().iter().any(|other| other.alias == lower.as_str());
            if is_shadowed {
                return Err(StoreError::Ambiguous(format!(
                    "{alias:?} and \"{lower}\" are one alias to Java; remove the latter first"
                )));
            }
            return Ok(Doomed { alias, certificate: certificate.clone(), is_unseen: false });
        }
        EntryKind::PrivateKey(_) => "a private key",
        EntryKind::SecretKey => "a secret key",
    };
    Err(StoreError::Refused(format!(
        "the entry {alias:?} holds {key}, and only trusted certificates are removed here; \
         keytool -delete -alias {} -keystore {} removes it",
        quoted(&alias),
        quoted(&path.to_string_lossy())
    )))
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
