//! `trust add`: a store with one root more, or as it was.

use std::path::Path;

use java_keystore::{Alias, EntryKind, KeyStore, Timestamp};
use pki_types::CertificateDer;

mod input;

use self::input::Input;
use super::editing::{Edit, changed, created_now, new_format, seconds};
use super::opening::{StoreError, TrustError, password};
use super::sieve::{Wanted, sift};
use crate::cli::{StorePassword, TrustAddArgs};
use crate::report::{CertificateSkipped, Report, TrustChange};
use crate::settings::Surroundings;

pub(super) fn run(args: &TrustAddArgs, surroundings: &Surroundings) -> Result<Report, TrustError> {
    let input = Input::gather(args, surroundings)?;
    let (wanted, skipped) = part(&input.certificates, args.pin, seconds(surroundings));
    if args.alias.is_some() && wanted.len() > 1 {
        return Err(TrustError::Usage(format!(
            "--alias names one entry, but there are {} certificates to add",
            wanted.len()
        )));
    }
    let access = StorePassword {
        password: args.password.clone(),
        properties: args.runtime.properties.clone(),
    };
    let edit = Edit {
        verb: "trust-add",
        store: &args.to,
        password: password(&access, surroundings)?,
        writing: &args.writing,
        fresh: args.create.then(|| KeyStore::new(new_format(Path::new(&args.to)))),
        surroundings,
    };
    let created = created_now(surroundings);
    let mut change = edit.make(|store, told| {
        wanted.iter().try_for_each(|one| put(args, one, created, store, told))
    })?;
    change.skipped.extend(skipped);
    change.notes.extend(input.notes);
    Ok(Report::TrustChange(change))
}

/// Parts what may become an anchor from what may not.
fn part(
    certificates: &[CertificateDer<'static>],
    pins: bool,
    now: i64,
) -> (Vec<Wanted>, Vec<CertificateSkipped>) {
    let (mut wanted, mut skipped): (Vec<Wanted>, Vec<_>) = (Vec::new(), Vec::new());
    for certificate in certificates {
        match sift(certificate, pins, now) {
            Ok(one) if wanted.iter().any(|held| held.sha256 == one.sha256) => {}
            Ok(mut one) => {
                if wanted.iter().any(|held| held.name == one.name) {
                    let digits: String = one.sha256.to_lowercase().chars().take(8).collect();
                    one.name = format!("{}-{digits}", one.name);
                }
                wanted.push(one);
            }
            Err(one) => skipped.push(one),
        }
    }
    (wanted, skipped)
}

/// Adds one certificate, unless it is trusted already.
fn put(
    args: &TrustAddArgs,
    wanted: &Wanted,
    created: Timestamp,
    store: &mut KeyStore,
    told: &mut TrustChange,
) -> Result<(), StoreError> {
    let held = store.entries().iter().find(|entry| {
        let is_it = matches!(&entry.kind, EntryKind::TrustedCertificate(held) if *held == wanted.certificate);
        entry.trusted && is_it
    });
    if let Some(held) = held {
        told.unchanged.push(changed(&held.alias, &wanted.certificate));
        return Ok(());
    }
    let alias = Alias::new(args.alias.as_deref().unwrap_or(&wanted.name));
    let other = store.entries().iter().find(|entry| Alias::new(&entry.alias) == alias);
    if let Some(other) = other {
        let EntryKind::TrustedCertificate(certificate) = &other.kind else {
            return Err(StoreError::Refused(format!(
                "the alias {alias} belongs to a private key; choose another with --alias"
            )));
        };
        let other = changed(&other.alias, certificate);
        // An entry that Java does not see, of this very certificate, is repaired without asking.
        if !args.replace && other.sha256 != wanted.sha256 {
            return Err(StoreError::Refused(format!(
                "the alias {} belongs to another certificate (SHA-256 {}); \
                 choose another with --alias, or put this one in its place with --replace",
                other.alias, other.sha256
            )));
        }
        told.removed.push(other);
    }
    store.trust(&alias, &wanted.certificate, created)?;
    told.added.push(changed(alias.as_str(), &wanted.certificate));
    Ok(())
}
