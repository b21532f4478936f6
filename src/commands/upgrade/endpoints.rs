//! `upgrade check TARGET...`: each endpoint poked as the old Java would and as the new one, before the upgrade.

use std::ffi::OsStr;

use java_pkix::JavaRelease;

use crate::cli::{RuntimeOptions, StoreOptions, UpgradeCheckArgs, targets};
use crate::commands::asked::{Asked, PokeError, Tell};
use crate::commands::at_once::at_once;
use crate::commands::poke::all_targets;
use crate::commands::poke_report::runtime_used;
use crate::report::{Endpoint, Report, RuntimeUsed, UpgradeEndpoints};
use crate::settings::{Settings, Source, Surroundings, TrustStoreChoice};

/// Pokes every endpoint under both.
pub(super) fn run(args: &UpgradeCheckArgs, surroundings: &Surroundings) -> Report {
    match check(args, surroundings) {
        Ok(told) => Report::UpgradeEndpoints(told),
        Err(error) => error.report(),
    }
}

fn check(
    args: &UpgradeCheckArgs,
    surroundings: &Surroundings,
) -> Result<UpgradeEndpoints, PokeError> {
    let targets = targets(&args.targets)?;
    let stores = [&args.old, &args.new].map(|store| StoreOptions {
        truststore: store.clone().or_else(|| args.truststore.clone()),
        storetype: None,
        password: args.access.password.clone(),
    });
    let [of_old, of_new] = &stores;
    let asked = Asked::resolve(of_old, &args.wire, TELL, surroundings)?;
    let from = Side::new(&args.from, asked.clone(), args, surroundings)?;
    let to = Side::new(&args.to, asked.with_store(of_new), args, surroundings)?;
    let used = [from.used("--from"), to.used("--to")];
    let note = note(&from, &to);
    // what the new store lacks, the old one may hold
    let lent = from.store.found_at.clone().filter(|_| from.store.found_at != to.store.found_at);
    let ask = |(side, other): (Side<'_>, Option<std::path::PathBuf>)| {
        all_targets(side.settings, &side.asked, &targets, None, other.as_deref())
    };
    let mut sides = at_once(vec![(from, None), (to, lent)], &ask)?.into_iter();
    let (before, after) = (sides.next().unwrap_or_default(), sides.next().unwrap_or_default());
    let both = before.into_iter().zip(after);
    let endpoints = both.map(|((from, _), (to, _))| Endpoint::new(from, to)).collect();
    let [from, to] = used;
    Ok(UpgradeEndpoints::new(from, to, endpoints, note.into_iter().collect()))
}

/// A Java, and the store that it reads.
struct Side<'a> {
    settings: Settings,
    asked: Asked<'a>,
    store: TrustStoreChoice,
}

impl<'a> Side<'a> {
    fn new(
        java: &Option<std::ffi::OsString>,
        asked: Asked<'a>,
        args: &UpgradeCheckArgs,
        surroundings: &Surroundings,
    ) -> Result<Self, PokeError> {
        let runtime = runtime(java.as_deref().unwrap_or_default(), &args.access.properties);
        let settings = Settings::of_options(&runtime, surroundings)?;
        let store = asked.trust_store(&settings);
        Ok(Self { settings, asked, store })
    }

    /// Names the Java, and the option that does; its folder only where that was named.
    fn used(&self, option: &str) -> RuntimeUsed {
        let mut used = runtime_used(&self.settings);
        let home = self.settings.runtime.home.as_ref();
        let is_named = home.is_some_and(|home| home.source == Source::Option("--java-home"));
        used.java_home = used.java_home.filter(|_| is_named);
        option.clone_into(&mut used.source);
        used
    }
}

/// Reads `--from` and `--to`: a release, or else the folder of an installation.
fn runtime(java: &OsStr, properties: &[String]) -> RuntimeOptions {
    let release = java.to_str().filter(|text| text.parse::<JavaRelease>().is_ok());
    RuntimeOptions {
        java: release.map(str::to_owned),
        java_home: release.is_none().then(|| java.to_owned()),
        properties: properties.to_vec(),
    }
}

/// Says so where both read the same store, and nobody named it.
fn note(from: &Side<'_>, to: &Side<'_>) -> Option<String> {
    let named = [Source::Option("--truststore"), Source::CommandLine];
    let is_named = |side: &Side<'_>| named.contains(&side.store.store.source);
    let is_same = from.store.store.value == to.store.store.value;
    (is_same && !is_named(from) && !is_named(to)).then(|| {
        "both were poked with the same store: --from DIR and --to DIR take those of the installations, \
         --old STORE and --new STORE name them"
            .to_owned()
    })
}

const TELL: Tell =
    Tell { explains: true, looks: true, provenance: false, chain: true, as_java: false };
