//! `scan`: many pokes at a time, by one client.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use super::asked::{Asked, PokeError, Tell};
use super::client::Client;
use super::meant::Meant;
use super::poke::poke;
use super::poke_report::{runtime_used, store_used};
use crate::certificates::Shown;
use crate::cli::{ScanArgs, Target};
use crate::diagnosis::{Candidates, of_started};
use crate::report::{Exit, Report, SCHEMA, ScanReport, Scanned};
use crate::settings::Surroundings;

mod hosts;

/// Why nothing was scanned.
#[derive(Debug, thiserror::Error)]
enum ScanError {
    #[error(transparent)]
    Hosts(#[from] hosts::HostsError),
    #[error(transparent)]
    Poke(#[from] PokeError),
}

/// Pokes all that is named, on the line or in files.
pub(super) fn run(args: &ScanArgs, explains: bool, surroundings: &Surroundings) -> Report {
    match scan(args, explains, surroundings) {
        Ok(report) => Report::Scanned(report),
        Err(ScanError::Poke(error)) => error.report(),
        Err(ScanError::Hosts(error)) if error.is_about_reading() => {
            Report::unasked(&error, Exit::Unreadable)
        }
        Err(ScanError::Hosts(error)) => Report::unasked(&error, Exit::Usage),
    }
}

fn scan(
    args: &ScanArgs,
    explains: bool,
    surroundings: &Surroundings,
) -> Result<ScanReport, ScanError> {
    let targets = hosts::targets_of(&args.from, surroundings)?;
    let tell = Tell { explains, looks: false, provenance: false, chain: true, as_java: false };
    let ScanArgs { machine, runtime, store, wire, .. } = args;
    let meant = Meant { machine, runtime, store, assumes_product: false };
    let (settings, started) = meant.find(surroundings)?;
    let asked = Asked::resolve(store, wire, tell, surroundings).map_err(PokeError::from)?;
    let client = Client::checked(settings, &asked)?;
    let of_jvm = started.filter(|_| explains);
    Ok(ScanReport {
        schema: SCHEMA,
        verb: "scan",
        runtime: runtime_used(&client.settings),
        truststore: store_used(&client),
        findings: of_jvm.map_or_else(Vec::new, |jvm| of_started(&jvm, &client.trust_store)),
        results: in_parallel(&client, &targets, args.jobs)?,
    })
}

/// Pokes `jobs` targets at a time; what came of them is in the order of the targets.
fn in_parallel(
    client: &Client<'_>,
    targets: &[Target],
    jobs: u16,
) -> Result<Vec<Scanned>, PokeError> {
    let (next, candidates) = (AtomicUsize::new(0), Candidates::of_system());
    let (sender, received) = mpsc::channel();
    let work = || {
        while let number = next.fetch_add(1, Ordering::Relaxed)
            && let Some(target) = targets.get(number)
            && sender.send((number, one(client, target, &candidates))).is_ok()
        {}
    };
    thread::scope(|scope| {
        for _ in 1..usize::from(jobs).min(targets.len()) {
            // what the system does not let start, the others do
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    drop(sender);
    let mut results: Vec<_> = received.into_iter().collect();
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

fn one(
    client: &Client<'_>,
    target: &Target,
    candidates: &Candidates,
) -> Result<Scanned, PokeError> {
    let (poke, chain) = poke(client, target, candidates)?;
    let leaf = chain.first().and_then(|leaf| Shown::of(leaf));
    Ok(Scanned { name: target.to_string(), not_after: leaf.map(|leaf| leaf.validity().1), poke })
}
