//! `upgrade check --java-home`: whether an installation's store is the one that it came with.

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use java_keystore::{Format, KeyStore, Timestamp};
use pki_types::CertificateDer;

use super::plan::{certificates, trusted};
use super::stores::Access;
use crate::certificates::{date, printable};
use crate::commands::trust::editing::changed;
use crate::commands::trust::opening::TrustError;
use crate::diagnosis::{Origin, Origins, is_public, is_trusted_by_mozilla};
use crate::report::{EntryChanged, SCHEMA, UpgradeInstalled};
use crate::settings::{JavaHome, SettingsError, Surroundings};

pub(super) fn run(
    home: &OsStr,
    base: Option<&OsStr>,
    access: &Access<'_>,
    surroundings: &Surroundings,
) -> Result<UpgradeInstalled, TrustError> {
    let folder = surroundings.absolute(Path::new(home));
    let home = JavaHome::in_folder(&folder).ok_or(SettingsError::NoJavaHome(folder))?;
    let path = home.security_folder().join("cacerts");
    let store = access.open(path.as_os_str())?;
    let base_store = base.map(|base| access.open(base)).transpose()?;
    let mut told = UpgradeInstalled {
        schema: SCHEMA,
        verb: "upgrade-check",
        java_home: home.path().display().to_string(),
        release: home.release_property("JAVA_VERSION"),
        release_date: home.release_property("JAVA_VERSION_DATE"),
        vendor: home.release_property("IMPLEMENTOR"),
        store: path.display().to_string(),
        kind: store.format().name(),
        protection: store.protection(),
        base: base.map(|base| surroundings.absolute(Path::new(base)).display().to_string()),
        is_older: None,
        evidence: Vec::new(),
        missing: Vec::new(),
        removed: Vec::new(),
        own: own(&store),
        remedy: Vec::new(),
    };
    match &base_store {
        Some(base) => beside_base(&store, base, &mut told),
        None => alone(&store, &home, &path, &mut told),
    }
    told.remedy = remedy(&told);
    Ok(told)
}

fn own(store: &KeyStore) -> Vec<EntryChanged> {
    let origins = Origins::of(store, &|_certificate| false);
    let own = trusted(store).filter(|(entry, held)| origins.of_entry(entry, held) == Origin::Own);
    own.map(|(entry, held)| changed(&printable(&entry.alias), held)).collect()
}

/// What the vendor ships is known: the rest is comparing.
fn beside_base(store: &KeyStore, base: &KeyStore, told: &mut UpgradeInstalled) {
    let (held, shipped) = (certificates(store), certificates(base));
    let origins = Origins::of(store, &|certificate| shipped.contains(certificate.as_ref()));
    told.own.clear();
    for (entry, certificate) in trusted(base) {
        if !held.contains(certificate.as_ref()) {
            told.missing.push(changed(&printable(&entry.alias), certificate));
        }
    }
    for (entry, certificate) in trusted(store) {
        if shipped.contains(certificate.as_ref()) {
            continue;
        }
        let named = changed(&printable(&entry.alias), certificate);
        match origins.of_entry(entry, certificate) {
            Origin::Own => told.own.push(named),
            Origin::Vendor(_) | Origin::Public(_) | Origin::Unknown(_) => told.removed.push(named),
        }
    }
    let (missing, removed) = (told.missing.len(), told.removed.len());
    told.evidence.push(format!("it misses {missing} roots of those that the vendor ships"));
    told.evidence
        .push(format!("it holds {removed} roots that the vendor does not ship, or not any more"));
    if store.format() != base.format() || store.protection() != base.protection() {
        let (is, ships) = (described(store), described(base));
        told.evidence.push(format!("it is {is} where the vendor ships {ships}"));
    }
    told.is_older = Some(missing + removed > 0);
}

fn described(store: &KeyStore) -> String {
    format!("{} ({})", store.format().name(), store.protection())
}

/// What the vendor ships is not known: only what the store says of itself counts.
fn alone(store: &KeyStore, home: &JavaHome, path: &Path, told: &mut UpgradeInstalled) {
    if let Some(target) = outside(home, path) {
        told.evidence.push(format!(
            "it is a link to {target}, which the system keeps, not the installation"
        ));
        counts(store, told);
        return;
    }
    let signs = [converted(store, told), debian(store, told), dated(store, told)];
    let signs: Vec<String> = signs.into_iter().flatten().collect();
    told.is_older = (!signs.is_empty()).then_some(true);
    told.evidence.extend(signs);
    counts(store, told);
}

/// A store that lies elsewhere is no file of the installation.
fn outside(home: &JavaHome, path: &Path) -> Option<String> {
    let real = fs::canonicalize(path).ok()?;
    let home = fs::canonicalize(home.path()).ok()?;
    (!real.starts_with(home)).then(|| real.display().to_string())
}

/// The build of `OpenJDK` names the roots `… [jdk]`; since 18 it writes them into a PKCS12 store without password.
fn converted(store: &KeyStore, told: &UpgradeInstalled) -> Option<String> {
    let feature: u16 = told.release.as_ref()?.split(['.', '-', '+']).next()?.parse().ok()?;
    let marked = trusted(store).filter(|(entry, _)| entry.alias.contains(" [jdk")).count();
    let is_old = feature >= 18 && store.format() == Format::Jks && marked > 0;
    is_old.then(|| {
        format!(
            "it is JKS with {marked} aliases of OpenJDK's own build (`[jdk]`), which writes PKCS12 since 18: \
             this one was written for 17 or before, or converted"
        )
    })
}

/// The aliases of Debian's tools in a file of another vendor's installation.
fn debian(store: &KeyStore, told: &UpgradeInstalled) -> Option<String> {
    let vendor = told.vendor.as_deref().filter(|vendor| !["Debian", "Ubuntu"].contains(vendor))?;
    let marked = trusted(store).filter(|(entry, _)| entry.alias.starts_with("debian:")).count();
    (marked > 0).then(|| {
        format!("{marked} of its aliases are made by Debian's tools (`debian:`), and the installation is of {vendor}")
    })
}

/// Most entries of a vendor's JKS have the date at which the store was put together.
fn dated(store: &KeyStore, told: &UpgradeInstalled) -> Option<String> {
    let released: jiff::Timestamp =
        format!("{}T00:00:00Z", told.release_date.as_ref()?).parse().ok()?;
    let mut dates: BTreeMap<Timestamp, usize> = BTreeMap::new();
    for (entry, certificate) in trusted(store) {
        if let (Some(created), Some(_)) = (entry.created, is_public(certificate)) {
            *dates.entry(created).or_default() += 1;
        }
    }
    let (most, count) = dates.into_iter().max_by_key(|(_, count)| *count)?;
    let made = most.0.div_euclid(1000);
    let is_common = count * 2 > store.entries().len();
    let is_older = made.saturating_add(HALF_A_YEAR) < released.as_second();
    (is_common && is_older).then(|| {
        format!("{count} of its entries were put there on {}, long before this release", date(made))
    })
}

/// Java has a release each quarter: a store this much older is not its own.
const HALF_A_YEAR: i64 = 183 * 86_400;

fn counts(store: &KeyStore, told: &mut UpgradeInstalled) {
    let held: HashSet<&CertificateDer<'_>> = trusted(store).map(|(_, held)| held).collect();
    let public = held.iter().filter(|held| is_public(held).is_some()).count();
    let trusted = held.iter().filter(|held| is_trusted_by_mozilla(held)).count();
    let (all, gone) = (webpki_roots::TLS_SERVER_ROOTS.len(), public.saturating_sub(trusted));
    let misses = all.saturating_sub(trusted);
    told.evidence.push(format!(
        "it misses {misses} public roots of the {all} that Mozilla trusts today, and holds {gone} that Mozilla does not; \
         vendors differ in that, so --base STORE (the cacerts as the vendor ships it) says more"
    ));
}

fn remedy(told: &UpgradeInstalled) -> Vec<String> {
    if told.is_older != Some(true) {
        return Vec::new();
    }
    let store = &told.store;
    let mut remedy = vec!["take the cacerts out of the vendor's package again".to_owned()];
    if !told.own.is_empty() {
        remedy.push(format!(
            "then carry the own roots over: sslpoke upgrade migrate --old {store} --new CACERTS"
        ));
    }
    remedy
}
