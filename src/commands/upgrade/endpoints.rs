//! `upgrade check TARGET...`: each endpoint poked as the old Java would and as the new one, before the upgrade.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

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
    let from = Side::new(("--from", "--old"), &args.from, asked.clone(), args)?;
    let to = Side::new(("--to", "--new"), &args.to, asked.with_store(of_new), args)?;
    let used = [from.used(), to.used()];
    let note = note(&from, &to);
    // what the new store lacks, the old one may hold
    let lent = from.store.found_at.clone().filter(|_| from.store.found_at != to.store.found_at);
    let ask = |(side, other): (Side<'_>, Option<PathBuf>)| {
        let (used, source) = (side.used(), side.source_of_store());
        let mut pokes = all_targets(side.settings, &side.asked, &targets, None, other.as_deref())?;
        for (poke, _) in &mut pokes {
            poke.runtime.clone_from(&used);
            poke.truststore.source.clone_from(&source);
        }
        Ok(pokes)
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
    /// The options that name them.
    options: (&'static str, &'static str),
    settings: Settings,
    asked: Asked<'a>,
    store: TrustStoreChoice,
    /// Whether one store was named for both.
    is_for_both: bool,
}

impl<'a> Side<'a> {
    fn new(
        options: (&'static str, &'static str),
        java: &Option<OsString>,
        asked: Asked<'a>,
        args: &UpgradeCheckArgs,
    ) -> Result<Self, PokeError> {
        let runtime = runtime(java.as_deref().unwrap_or_default(), &args.access.properties);
        let settings = Settings::of_options(&runtime, asked.surroundings)?;
        let store = asked.trust_store(&settings);
        Ok(Self { options, settings, asked, store, is_for_both: args.truststore.is_some() })
    }

    /// Names the Java, and the option that does; its folder only where that was named.
    fn used(&self) -> RuntimeUsed {
        let mut used = runtime_used(&self.settings);
        let home = self.settings.runtime.home.as_ref();
        let is_named = home.is_some_and(|home| home.source == Source::Option("--java-home"));
        used.java_home = used.java_home.filter(|_| is_named);
        used.source = self.options.0.to_owned();
        used
    }

    /// Returns where the store was named.
    fn source_of_store(&self) -> String {
        let (of_java, of_store) = self.options;
        let source = &self.store.store.source;
        if *source == Source::Option("--java-home") {
            return of_java.to_owned();
        }
        let is_one_sided = *source == Source::Option("--truststore") && !self.is_for_both;
        if is_one_sided { of_store.to_owned() } else { source.to_string() }
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
