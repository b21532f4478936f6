//! `trust convert`: the trusted certificates of a store in a new one of another type.

use std::path::Path;

use java_keystore::{Entry, Format};

use super::copying::{caveat, copy, load, new_store};
use super::editing::{created_now, proven, put};
use super::opening::{Opened, StoreError, TrustError, password, usual_password};
use crate::cli::TrustConvertArgs;
use crate::diagnosis::quoted;
use crate::report::{Report, SCHEMA, TrustChange};
use crate::settings::Surroundings;

pub(super) fn run(
    args: &TrustConvertArgs,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    let [from, out] = [&args.store, &args.out].map(|path| surroundings.absolute(Path::new(path)));
    let named = password(&args.access, surroundings)?;
    let mut told = TrustChange::new(SCHEMA, "trust-convert", &out, args.writing.dry_run);
    // The old store is read under the lock: it may be the one that is written.
    let updated = put(&out, &args.writing, surroundings, |there| {
        if let Some(why) = there.and_then(|bytes| obstacle(bytes, args.replace)) {
            let error = StoreError::Refused(why.to_owned());
            return Err(TrustError::Store { path: out.clone(), error });
        }
        let opened = load(&from, named, args.to_type)?;
        let new = convert(opened, args, surroundings, &mut told);
        new.map(Some).map_err(|error| TrustError::Store { path: from, error })
    })?;
    told.changed = updated.changed || args.writing.dry_run;
    told.backup = updated.backup.map(|at| at.display().to_string());
    Ok(Report::TrustChange(told))
}

/// Says why a file is not written over.
fn obstacle(there: &[u8], replaces: bool) -> Option<&'static str> {
    if !there.is_empty() && Format::of(there).is_none() {
        return Some("what is there is no store, so it is not written over; take it away first");
    }
    (!replaces).then_some("there is a store of that name already; --replace writes over it")
}

/// Returns the bytes of the new store.
fn convert(
    opened: Opened,
    args: &TrustConvertArgs,
    surroundings: &Surroundings,
    told: &mut TrustChange,
) -> Result<Vec<u8>, StoreError> {
    let Opened { store, password } = opened;
    let keys: Vec<&Entry> =
        store.entries().iter().filter(|entry| entry.trusted_certificate().is_none()).collect();
    if !keys.is_empty() && !args.without_keys {
        return Err(StoreError::Refused(keys_refused(&keys, args)));
    }
    let mut new = new_store(args.to_type);
    told.format = new.format().name();
    let now = created_now(surroundings);
    copy(&store, &mut new, |_| now, told)?;
    let password = match password {
        None if new.needs_password() => {
            told.notes
                .push("the password of the new store is the usual one, `changeit`".to_owned());
            Some(usual_password())
        }
        kept => kept,
    };
    told.notes.extend(caveat(args.to_type).map(str::to_owned));
    proven(new.write(password.as_ref())?, password.as_ref())
}

fn keys_refused(keys: &[&Entry], args: &TrustConvertArgs) -> String {
    let named: Vec<String> = keys.iter().take(5).map(|key| format!("{:?}", key.alias)).collect();
    let more = if keys.len() > 5 { ", …" } else { "" };
    let [from, out] = [&args.store, &args.out].map(|path| quoted(&path.to_string_lossy()));
    let kind = new_store(args.to_type).format().name();
    format!(
        "it holds keys ({}{more}), which are not converted here; \
         keytool -importkeystore -srckeystore {from} -destkeystore {out} -deststoretype {kind} does that, \
         and --without-keys leaves them behind",
        named.join(", ")
    )
}
