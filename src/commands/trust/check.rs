//! `trust check`: what is wrong with a store, or soon will be.

use std::path::Path;

use java_keystore::{KeyStore, Password};

use super::opening::{StoreError, TrustError, load_bytes, read, usual_password};
use crate::cli::{StoreOptions, TrustCheckArgs};
use crate::diagnosis::{Secret, StoreEvidence, of_store};
use crate::java::open_trust_store;
use crate::report::{Counts, Report, SCHEMA, StoreListed, TrustCheck};
use crate::settings::{Account, Place, Settings, Surroundings, store_password};

pub(super) fn run(
    args: &TrustCheckArgs,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    let path = surroundings.absolute(Path::new(&args.store));
    let now = surroundings.now_or_at(args.at.as_deref())?;
    let user = args.user.as_deref().map(account).transpose()?;
    let settings = Settings::of_options(&args.runtime, surroundings)?;
    let rules = settings.rules();
    let told = settings.trust_store(
        &StoreOptions {
            truststore: Some(path.clone().into()),
            storetype: None,
            password: args.password.clone(),
        },
        store_password(&args.password, surroundings)?,
        surroundings,
    );
    let bytes = load_bytes(&path)?;
    let named = told.password.as_ref().map(|password| &password.value);
    let opened =
        open(&bytes, named).map_err(|error| TrustError::Store { path: path.clone(), error })?;
    let seen = open_trust_store(&told, &settings, &rules);
    let evidence = StoreEvidence {
        path: &path,
        place: &Place::of(&path, user.as_ref()),
        store: &opened.store,
        secret: opened.secret,
        is_encrypted: opened.is_encrypted,
        version: opened.store.version(),
        told: &told,
        opened: seen.as_ref().map_err(|failure| &**failure),
        rules: &rules,
        now,
        days: args.days,
    };
    let findings = of_store(&evidence);
    Ok(Report::TrustCheck(TrustCheck {
        schema: SCHEMA,
        verb: "trust-check",
        store: StoreListed {
            path: path.display().to_string(),
            kind: opened.store.format().name(),
            protection: opened.store.protection(),
        },
        release: rules.release().to_string(),
        entries: opened.store.entries().len(),
        anchors: seen.as_ref().map_or(0, |seen| seen.anchors.len()),
        counts: Counts::of(&findings),
        findings,
    }))
}

fn account(named: &str) -> Result<Account, TrustError> {
    Account::find(named)
        .ok_or_else(|| TrustError::Usage(format!("--user {named}: there is no such user here")))
}

/// A store, opened as far as can be.
struct Opened {
    store: KeyStore,
    secret: Secret,
    is_encrypted: bool,
}

/// Opens a store with the password that was named, or else with the usual one where that fits.
fn open(bytes: &[u8], named: Option<&Password>) -> Result<Opened, StoreError> {
    let bare = read(bytes, None)?;
    let is_encrypted = bare.has_closed_part();
    if !bare.needs_password() {
        return Ok(Opened { store: bare, secret: Secret::None, is_encrypted });
    }
    let usual = match read(bytes, Some(&usual_password())) {
        Ok(store) => Some(store),
        // Java reads plain certificates without a look at the MAC.
        Err(StoreError::Password(_)) => None,
        Err(_) if !is_encrypted => None,
        Err(error) => return Err(error),
    };
    let (store, secret) = match (named, usual) {
        (None, None) => (bare, Secret::Unknown),
        (None, Some(store)) => (store, Secret::Usual),
        (Some(named), usual) => {
            let store = read(bytes, Some(named))?;
            let is_ascii = named.is_ascii();
            (store, if usual.is_some() { Secret::Usual } else { Secret::Named { is_ascii } })
        }
    };
    Ok(Opened { store, secret, is_encrypted })
}
