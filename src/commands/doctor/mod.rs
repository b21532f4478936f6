//! `doctor`: which Java, which store, what fails, why, and the one fix.

mod aia;
mod fix;
mod letter;
mod line;
mod looks;
mod sources;

use std::cmp::Reverse;
use std::io::Write;
use std::time::UNIX_EPOCH;

use super::client::{Client, Examined, PokeError, Tell};
use super::meant::Meant;
use super::poke_report;
use super::stores::Stores;
use super::tree::{Drawn, tree};
use crate::certificates::time;
use crate::cli::{Args, DoctorArgs, Format, Target, targets};
use crate::diagnosis::{Candidates, Evidence, Finding, Looks, of_poke, of_started};
use crate::machine::Started;
use crate::report::{Branch, DoctorReport, Exit, Jvm, Report};
use crate::settings::Surroundings;

/// One target, and all that its examination needs.
struct Visit<'a> {
    args: &'a DoctorArgs,
    client: &'a Client<'a>,
    /// The JVM that is meant, if one is.
    started: Option<&'a Started>,
    target: &'a Target,
    stores: &'a Stores,
    format: Format,
    surroundings: &'a Surroundings,
}

/// Examines every target, or the runtime and its store alone; `out` is where a question is asked.
pub(super) fn run(
    doctor: &DoctorArgs,
    args: &Args,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> Report {
    match examine(doctor, args, surroundings, out) {
        Ok(reports) => Report::Doctored(reports),
        Err(error) => error.report(),
    }
}

fn examine(
    doctor: &DoctorArgs,
    args: &Args,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> Result<Vec<DoctorReport>, PokeError> {
    let targets = targets(&doctor.targets)?;
    let tell = Tell { explains: true, provenance: args.verbose, chain: true, as_java: false };
    let DoctorArgs { machine, runtime, store, wire, .. } = doctor;
    let (client, started) = Meant { machine, runtime, store, wire, assumes_product: true }
        .client(tell, surroundings)?;
    if targets.is_empty() {
        return Ok(vec![runtime_alone(&client, started.as_ref())]);
    }
    let stores = sources::stores(&client, surroundings);
    let candidates = sources::gather(doctor, &stores, surroundings)?;
    let mut one = |target: &Target| {
        let visit = Visit {
            args: doctor,
            client: &client,
            started: started.as_ref(),
            target,
            stores: &stores,
            format: args.format,
            surroundings,
        };
        one(&visit, &candidates, out)
    };
    targets.iter().map(&mut one).collect()
}

/// Looks at what every connection begins with.
fn runtime_alone(client: &Client<'_>, started: Option<&Started>) -> DoctorReport {
    let target = Target { host: String::new(), port: String::new(), scheme: None };
    let examined = client.unconnected();
    let candidates = Candidates::of_system();
    let looks = Looks::default();
    let evidence = client.evidence(&target, &examined, &candidates, &looks);
    let findings = findings(client, &evidence, started);
    let poke = poke_report::report(client, &evidence, &examined, findings);
    DoctorReport::of(poke, started.map(jvm), false, time(evidence.now))
}

fn one(
    visit: &Visit<'_>,
    candidates: &Candidates,
    out: &mut dyn Write,
) -> Result<DoctorReport, PokeError> {
    let Visit { args, client, started, target, .. } = *visit;
    let examined = client.examine(target)?;
    let (mut looks, mut candidates) = (looks::take(visit, &examined)?, candidates.clone());
    if args.aia {
        aia::gather(visit, &examined, &mut candidates, &mut looks);
    }
    let evidence = client.evidence(target, &examined, &candidates, &looks);
    let findings = findings(client, &evidence, started);
    let beside = sources::beside(client, visit.stores, &findings);
    let poke = poke_report::report(client, &evidence, &examined, findings);
    let mut report = DoctorReport::of(poke, started.map(jvm), true, time(evidence.now));
    report.stores = beside;
    report.tree = drawn(client, &evidence, &examined);
    report.proof =
        (report.exit != Exit::Yes).then(|| line::proof(args, target, started, looks.near.as_ref()));
    report.letter = letter::to_owner(&report, &time(client.now.div_euclid(1000)));
    if args.fix {
        visit.fix(&evidence, &mut report, out);
    }
    Ok(report)
}

/// Finds out about the handshake, and about the JVM that would make it.
fn findings(
    client: &Client<'_>,
    evidence: &Evidence<'_>,
    started: Option<&Started>,
) -> Vec<Finding> {
    let mut findings = of_poke(evidence);
    let of_started = started.map(|started| of_started(started, &client.trust_store));
    findings.extend(of_started.into_iter().flatten());
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings
}

/// Names the JVM that is meant.
fn jvm(started: &Started) -> Jvm {
    let process = started.process.as_ref();
    let at = process.and_then(|process| process.started);
    let seconds = at.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let user = started.seen.user.as_ref();
    Jvm {
        pid: process.map(|process| process.number),
        started: seconds.and_then(|at| i64::try_from(at.as_secs()).ok()).map(time),
        user: user.map(|user| user.name().to_owned()),
        runs: started.class.clone(),
        product: started.product.as_ref().map(|product| product.kind.to_string()),
    }
}

/// Draws the chain, if one was sent.
fn drawn(client: &Client<'_>, evidence: &Evidence<'_>, examined: &Examined) -> Vec<Branch> {
    let (Some(opened), Some(observation)) = (client.opened(), evidence.observation) else {
        return Vec::new();
    };
    let rejected = examined.rejection();
    tree(&Drawn { chain: &observation.chain, anchors: &opened.anchors, rejected })
}
