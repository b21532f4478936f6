//! `trust add`: a store with one root more, or as it was.

use std::path::Path;

use java_keystore::KeyStore;

mod fingerprint;
mod input;
mod proof;
mod server;

pub(in crate::commands) use self::fingerprint::parse as parse_fingerprint;
use self::input::Input;
use self::proof::Evidence;
use super::editing::{Absent, Edit, created_now, new_format, seconds};
use super::entries::Entries;
use super::opening::{StoreError, TrustError, password};
use super::releases::Releases;
use super::sieve::{Sieve, Sifted};
use crate::cli::{StorePassword, TrustAddArgs};
use crate::java::trusted_by;
use crate::report::{Report, TrustChange};
use crate::settings::{Surroundings, Wiring};

pub(super) fn run(args: &TrustAddArgs, surroundings: &Surroundings) -> Result<Report, TrustError> {
    add(args, surroundings).map(Report::TrustChange)
}

/// Adds what the arguments say, and tells what was done.
pub(in crate::commands) fn add(
    args: &TrustAddArgs,
    surroundings: &Surroundings,
) -> Result<TrustChange, TrustError> {
    let releases = Releases::find(&args.runtime, surroundings)?;
    let wiring = Wiring::resolve(&args.wire, surroundings)?;
    let input = Input::gather(args, &releases.own, &wiring, surroundings)?;
    let evidence = Evidence::gather(args, &releases, &wiring, surroundings)?;
    let sieve = Sieve {
        releases: &releases,
        pins: args.pin,
        with_intermediates: args.with_intermediates,
        even_if_useless: args.even_if_useless,
        now: seconds(surroundings),
    };
    let access = StorePassword {
        password: args.password.clone(),
        properties: args.runtime.properties.clone(),
    };
    let edit = Edit {
        verb: "trust-add",
        store: &args.to,
        password: password(&access, surroundings)?,
        writing: &args.writing,
        absent: if args.create {
            Absent::Fresh(new_format(Path::new(&args.to)))
        } else {
            Absent::Refused("; --create makes one")
        },
        surroundings,
    };
    let path = surroundings.absolute(Path::new(&args.to));
    let anchors = |store: &KeyStore| trusted_by(store, &path, &releases.own.settings);
    edit.make(|store, told| {
        let before = (!evidence.is_empty()).then(|| anchors(store));
        let Sifted { wanted, skipped } = sieve.sift(&input.certificates, store);
        check_alias(args, wanted.len())?;
        let mut entries =
            Entries::of(store, args.alias.as_deref(), args.replace, created_now(surroundings));
        wanted.iter().try_for_each(|one| entries.put(one, wanted.len() == 1, told))?;
        entries.added().iter().try_for_each(|added| added.to(store))?;
        told.skipped.extend(skipped);
        told.notes.extend(input.notes);
        if let Some(before) = before {
            let after = anchors(store);
            told.proven = evidence.iter().map(|seen| seen.prove(&before, &after)).collect();
        }
        if told.is_disproven() {
            told.abandon("a server that has to be accepted would still be refused");
        }
        Ok(())
    })
}

/// Checks the name that was given against what Java and we make of names.
fn check_alias(args: &TrustAddArgs, count: usize) -> Result<(), StoreError> {
    let Some(alias) = &args.alias else { return Ok(()) };
    if count > 1 {
        return Err(StoreError::Usage(format!(
            "--alias names one entry, but there are {count} certificates to add; --sha256 picks one"
        )));
    }
    let trouble = match alias {
        empty if empty.trim().is_empty() => "is empty",
        odd if odd.chars().any(char::is_control) => "has control characters",
        long if long.len() > LONGEST_ALIAS => "is longer than the 65,535 bytes that a store holds",
        _ => return Ok(()),
    };
    Err(StoreError::Usage(format!("the name in --alias {trouble}")))
}

const LONGEST_ALIAS: usize = 65_535;
