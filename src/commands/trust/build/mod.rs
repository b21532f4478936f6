//! `trust build`: a store made of another one and of files with certificates, the same each time.

use std::collections::HashMap;
use std::path::Path;

use java_keystore::{Format, KeyStore, Password, Timestamp};
use pki_types::CertificateDer;

mod input;

use self::input::Input;
use super::copying::{caveat, copy, load, new_store};
use super::diff::only_in;
use super::editing::{created_now, new_format, proven, put, seconds};
use super::entries::Entries;
use super::naming::Held;
use super::opening::{Opened, StoreError, TrustError, load_opened, password, read, usual_password};
use super::releases::Releases;
use super::sieve::{Sieve, Sifted};
use crate::cli::{StorePassword, TrustBuildArgs};
use crate::report::{Report, SCHEMA, TrustChange};
use crate::settings::Surroundings;

pub(super) fn run(
    args: &TrustBuildArgs,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    if args.base.is_none() && args.add.is_empty() && args.add_dir.is_empty() {
        let why = "there is nothing to build of: --base, --add-dir and --add name what there is";
        return Err(TrustError::Usage(why.to_owned()));
    }
    let access = StorePassword {
        password: args.password.clone(),
        properties: args.runtime.properties.clone(),
    };
    let named = password(&access, surroundings)?;
    let releases = Releases::find(&args.runtime, surroundings)?;
    let sieve = Sieve {
        releases: &releases,
        pins: false,
        with_intermediates: false,
        even_if_useless: false,
        now: seconds(surroundings),
    };
    let building = Building {
        args,
        input: Input::gather(args, surroundings),
        sieve,
        now: created_now(surroundings),
    };
    let out = surroundings.absolute(Path::new(&args.out));
    let mut told = TrustChange::new(SCHEMA, "trust-build", &out, args.writing.dry_run);
    told.passes_over = args.keep_going;
    let updated = put(&out, &args.writing, surroundings, |there| {
        let at = |error| TrustError::Store { path: out.clone(), error };
        let base = building.base(named, surroundings)?;
        building.build(base, there, &mut told).map_err(at)
    })?;
    told.backup = updated.backup.map(|at| at.display().to_string());
    Ok(Report::TrustChange(told))
}

/// A store to be made.
struct Building<'a> {
    args: &'a TrustBuildArgs,
    input: Input,
    sieve: Sieve<'a>,
    now: Timestamp,
}

impl Building<'_> {
    /// Returns the store to begin with.
    fn base(
        &self,
        named: Option<Password>,
        surroundings: &Surroundings,
    ) -> Result<Opened, TrustError> {
        let Some(base) = &self.args.base else {
            let store = match self.args.to_type {
                Some(kind) => new_store(kind),
                None => KeyStore::new(new_format(Path::new(&self.args.out))),
            };
            return Ok(Opened { store, password: named });
        };
        let path = surroundings.absolute(Path::new(base));
        match self.args.to_type {
            Some(kind) => load(&path, named, kind),
            None => load_opened(&path, named),
        }
    }

    /// Returns the bytes of the new store; none if those that are there say the same.
    fn build(
        &self,
        base: Opened,
        there: Option<&[u8]>,
        told: &mut TrustChange,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let Opened { store: base, password } = base;
        let new = self.args.to_type.map(new_store).filter(|new| !is_alike(new, &base));
        let password = match password {
            None if new.as_ref().unwrap_or(&base).needs_password() => Some(usual_password()),
            kept => kept,
        };
        let old = old(there, password.as_ref(), told)?;
        let dates = old.as_ref().map(dates).unwrap_or_default();
        let mut store = match new {
            Some(new) => self.copied(&base, new, &dates, told)?,
            None => base,
        };
        told.format = store.format().name();
        self.add(&mut store, &dates, told)?;
        told.notes.extend(self.args.to_type.and_then(caveat).map(str::to_owned));
        let bytes = proven(store.write(password.as_ref())?, password.as_ref())?;
        told.changed = there != Some(bytes.as_slice());
        if let Some(old) = &old {
            told.changed &= !says_the_same(old, &read(&bytes, password.as_ref())?);
            told.removed.extend(only_in(old, &store, Held::certificate));
        }
        if !told.changed {
            let added = std::mem::take(&mut told.added);
            told.unchanged.extend(added);
        }
        Ok(told.changed.then_some(bytes))
    }

    /// Copies the base into a store of another type.
    fn copied(
        &self,
        base: &KeyStore,
        mut new: KeyStore,
        dates: &Dates,
        told: &mut TrustChange,
    ) -> Result<KeyStore, StoreError> {
        // What the base has is no news.
        let mut copied = TrustChange::new(SCHEMA, told.verb, Path::new(""), false);
        let date = |certificate: &_| dates.get(certificate).copied().unwrap_or(self.now);
        copy(base, &mut new, date, &mut copied)?;
        told.skipped.extend(copied.skipped);
        told.notes.extend(copied.notes);
        Ok(new)
    }

    /// Adds the certificates; those that are in the old store already keep their dates.
    fn add(
        &self,
        store: &mut KeyStore,
        dates: &Dates,
        told: &mut TrustChange,
    ) -> Result<(), StoreError> {
        let certificates = self.input.certificates();
        let sifted = self.sieve.sift(&certificates, store);
        let mut unusable = self.input.unusable(&sifted);
        if !unusable.is_empty() {
            // A file with nothing but an intermediate that is not needed is in order.
            let sieve = Sieve { with_intermediates: true, ..self.sieve };
            unusable = self.input.unusable(&sieve.sift(&certificates, store));
        }
        if !unusable.is_empty() && !self.args.keep_going {
            return Err(refused(&unusable));
        }
        let Sifted { wanted, skipped } = sifted;
        let mut entries = Entries::of(store, None, false, self.now);
        for one in &wanted {
            entries.created = dates.get(&one.certificate).copied().unwrap_or(self.now);
            entries.put(one, false, told)?;
        }
        entries.added().iter().try_for_each(|added| added.to(store))?;
        told.skipped.extend(skipped);
        told.notes.extend(unusable.iter().map(|why| format!("passed over: {why}")));
        told.notes.extend(self.input.notes.iter().cloned());
        Ok(())
    }
}

fn refused(unusable: &[String]) -> StoreError {
    let count = unusable.len();
    let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    StoreError::Refused(format!(
        "not written, for {files} cannot be used (--keep-going passes over what cannot):\n{}",
        unusable.join("\n")
    ))
}

/// Whether two stores are of the same type: PKCS12 comes with a password and without.
fn is_alike(one: &KeyStore, other: &KeyStore) -> bool {
    one.format() == other.format() && one.needs_password() == other.needs_password()
}

/// When certificates were added first.
type Dates = HashMap<CertificateDer<'static>, Timestamp>;

/// Reads the store that is to be written over.
fn old(
    there: Option<&[u8]>,
    password: Option<&Password>,
    told: &mut TrustChange,
) -> Result<Option<KeyStore>, StoreError> {
    match there.filter(|bytes| !bytes.is_empty()).map(|bytes| read(bytes, password)) {
        None => Ok(None),
        Some(Ok(store)) => Ok(Some(store)),
        Some(Err(error @ (StoreError::Password(_) | StoreError::Damaged(_))))
            if there.is_some_and(|bytes| Format::of(bytes).is_some()) =>
        {
            told.notes.push(format!("the store that was there is replaced as a whole: {error}"));
            Ok(None)
        }
        Some(Err(error)) => Err(StoreError::Refused(format!(
            "what is there is no store, so it is not written over; take it away first: {error}"
        ))),
    }
}

/// Returns the dates of trusted certificates.
fn dates(store: &KeyStore) -> Dates {
    let dated = store
        .entries()
        .iter()
        .filter_map(|entry| Some((entry.trusted_certificate()?.clone(), entry.created?)));
    dated.collect()
}

/// Returns whether two stores hold the same under the same protection: their bytes differ where they are encrypted. What
/// is sealed cannot be compared.
fn says_the_same(old: &KeyStore, new: &KeyStore) -> bool {
    let is_open = |store: &KeyStore| {
        store.entries().iter().all(|entry| entry.trusted_certificate().is_some())
    };
    old.format() == new.format()
        && old.protection() == new.protection()
        && old.entries() == new.entries()
        && old.unseen() == new.unseen()
        && is_open(old)
        && is_open(new)
}
