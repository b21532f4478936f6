//! `runtimes`: the Java installations of a machine, the JVMs on it, and which store each uses.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use java_keystore::Format;

use super::stores::{Stores, choice};
use super::trust::opening::TrustError;
use super::trust::parse_fingerprint;
use crate::certificates::{self, time};
use crate::cli::RuntimesArgs;
use crate::diagnosis::{of_failure, of_started};
use crate::java::{OpenedStore, open_trust_store};
use crate::machine::{Inventory, Started};
use crate::report::{Report, RuntimeInstalled, RuntimesReport, SCHEMA, StoreOfJvm, VirtualMachine};
use crate::settings::{JavaHome, Root, Settings, StoreFile, Surroundings, TrustStoreChoice};

/// The properties that name a proxy, with those of its port.
const PROXIES: [[&str; 2]; 3] = [
    ["https.proxyHost", "https.proxyPort"],
    ["http.proxyHost", "http.proxyPort"],
    ["socksProxyHost", "socksProxyPort"],
];

/// Looks through this machine, or an image.
pub(super) fn run(args: &RuntimesArgs, surroundings: &Surroundings) -> Report {
    match look_through(args, surroundings) {
        Ok(report) => Report::Runtimes(report),
        Err(error) => error.report(),
    }
}

fn look_through(
    args: &RuntimesArgs,
    surroundings: &Surroundings,
) -> Result<RuntimesReport, TrustError> {
    let wanted = args.sha256.as_deref().map(parse_fingerprint).transpose()?;
    let folder = args.root.as_ref().map(|root| surroundings.absolute(Path::new(root)));
    if let Some(folder) = folder.as_deref().filter(|folder| !folder.is_dir()) {
        return Err(TrustError::Usage(format!(
            "--root {}: there is no such folder",
            folder.display()
        )));
    }
    let root = folder.as_deref().map_or_else(Root::default, Root::at);
    let inventory = Inventory::of(&root, surroundings);
    let looking = Looking { wanted: wanted.as_deref(), surroundings };
    let jvms = inventory.started.iter().map(|started| looking.jvm(started)).collect();
    let runtimes = inventory.installations.iter().map(|home| looking.installed(home, &inventory));
    let runtimes = runtimes.collect();
    let stores = Stores::of(&inventory, surroundings);
    let stores = stores.paths.iter().map(|path| stores.found(path, wanted.as_deref())).collect();
    Ok(RuntimesReport {
        schema: SCHEMA,
        verb: "runtimes",
        root: folder.map(|folder| folder.display().to_string()),
        sha256: wanted,
        runtimes,
        jvms,
        stores,
        hidden: inventory.hidden,
    })
}

struct Looking<'a> {
    wanted: Option<&'a str>,
    surroundings: &'a Surroundings,
}

impl Looking<'_> {
    /// Says what a JVM is.
    fn jvm(&self, started: &Started) -> VirtualMachine {
        let process = started.process.as_ref();
        let product = started.product.as_ref();
        let folder = product.and_then(|product| product.folder.as_ref());
        let home = started.home.as_ref().map(|home| &home.value);
        let mut jvm = VirtualMachine {
            pid: process.map(|process| process.number),
            started: process.and_then(|process| process.started).and_then(moment),
            user: started.seen.user.as_ref().map(|user| user.name().to_owned()),
            runs: started.class.clone(),
            product: product.map(|product| product.kind.name()),
            folder: folder.map(|folder| folder.display().to_string()),
            java_home: home.map(|home| home.path().display().to_string()),
            release: home.and_then(JavaHome::release).map(|release| release.to_string()),
            directory: started.seen.directory.display().to_string(),
            root: started.seen.root.folder().map(|root| root.display().to_string()),
            truststore: None,
            proxy: None,
            findings: Vec::new(),
            trouble: None,
        };
        match choice(started, self.surroundings) {
            Ok((settings, choice)) => {
                jvm.proxy = proxy(&settings);
                jvm.truststore = Some(self.store_of(&settings, &choice));
                jvm.findings = of_started(started, &choice);
            }
            Err(error) => jvm.trouble = Some(error.to_string()),
        }
        jvm
    }

    fn store_of(&self, settings: &Settings, choice: &TrustStoreChoice) -> StoreOfJvm {
        let opened = open_trust_store(choice, settings, &settings.rules());
        let held = opened.as_ref().ok();
        let passed = choice.passed_over.as_ref();
        StoreOfJvm {
            path: match &choice.store.value {
                StoreFile::File(path) => Some(path.display().to_string()),
                StoreFile::Empty | StoreFile::Absent | StoreFile::Mozilla => None,
            },
            kind: held.and_then(|opened| opened.format).map(Format::name),
            entries: held.map(|opened| opened.entries),
            anchors: held.map(|opened| opened.anchors.iter().count()),
            source: choice.store.source.to_string(),
            fallback_from: passed.map(|passed| passed.path.clone()),
            fallback_because: passed.map(|passed| format!("{} ({})", passed.why, passed.source)),
            hides: choice.shadowed.as_ref().map(|path| path.display().to_string()),
            trouble: opened.as_ref().err().map(|failure| of_failure(failure).what),
            holds: self.wanted.zip(held).map(|(wanted, opened)| trusts(opened, wanted)),
        }
    }

    fn installed(&self, home: &JavaHome, inventory: &Inventory) -> RuntimeInstalled {
        let is_used = |jvm: &&Started| {
            jvm.seen.root == inventory.root
                && jvm.home.as_ref().is_some_and(|own| own.value == *home)
        };
        let used_by = inventory.started.iter().filter(is_used);
        RuntimeInstalled {
            java_home: home.path().display().to_string(),
            release: home.release().map(|release| release.to_string()),
            vendor: home.release_property("IMPLEMENTOR"),
            used_by: used_by.map(Started::name).collect(),
        }
    }
}

fn trusts(opened: &OpenedStore, wanted: &str) -> bool {
    opened.anchors.iter().any(|anchor| certificates::fingerprint(&anchor.certificate) == wanted)
}

fn moment(at: SystemTime) -> Option<String> {
    let seconds = at.duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(time(i64::try_from(seconds).ok()?))
}

/// Names the proxy that Java's HTTP client goes through, without who is to say who he is.
fn proxy(settings: &Settings) -> Option<String> {
    PROXIES.iter().find_map(|[host, port]| {
        let named = settings.properties.non_empty(host)?;
        let port = settings.properties.non_empty(port);
        Some(port.map_or_else(|| named.to_owned(), |port| format!("{named}:{port}")))
    })
}
