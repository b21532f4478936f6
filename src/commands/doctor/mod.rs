//! `doctor`: which Java, which store, what fails, why, and the one fix.

mod aia;
mod fix;
mod letter;
mod line;
mod script;
mod sources;

use std::cmp::Reverse;
use std::io::{self, Write};
use std::time::UNIX_EPOCH;

use super::asked::{Asked, PokeError, Tell};
use super::at_once::{at_once, by_target};
use super::client::{Client, Examined};
use super::meant::Meant;
use super::stores::Stores;
use super::tree::{Drawn, tree};
use super::{looks, poke_report};
use crate::certificates::time;
use crate::cli::{Args, DoctorArgs, Format, Target, targets};
use crate::diagnosis::{Candidates, Evidence, Finding, Looks, of_poke, of_started};
use crate::machine::Started;
use crate::report::{Branch, DoctorReport, Exit, Jvm, Report, SCHEMA, Several, Told};
use crate::settings::{Settings, Surroundings};

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

/// What is the same for every release that is asked.
struct Examination<'a> {
    args: &'a DoctorArgs,
    asked: &'a Asked<'a>,
    started: Option<&'a Started>,
    format: Format,
}

/// Examines every target, or the runtime and its store alone; `out` is where a question is asked.
pub(super) fn run(
    doctor: &DoctorArgs,
    args: &Args,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> Report {
    examine(doctor, args, surroundings, out).unwrap_or_else(|error| error.report())
}

fn examine(
    doctor: &DoctorArgs,
    args: &Args,
    surroundings: &Surroundings,
    out: &mut dyn Write,
) -> Result<Report, PokeError> {
    let targets = targets(&doctor.targets)?;
    let DoctorArgs { machine, store, wire, .. } = doctor;
    let meant = Meant { machine, runtime: &doctor.runtime.of_one(), store, assumes_product: true };
    let (settings, started) = meant.find(surroundings)?;
    let tell =
        Tell { explains: true, looks: true, provenance: args.verbose, chain: true, as_java: false };
    let asked = Asked::resolve(store, wire, tell, surroundings)?;
    let examination =
        Examination { args: doctor, asked: &asked, started: started.as_ref(), format: args.format };
    if !doctor.runtime.names_all() {
        return Ok(Report::Doctored(examination.all_targets(settings, &targets, out)?));
    }
    // nobody is asked anything: clap lets no `--fix` through with it
    let ask = |settings| examination.all_targets(settings, &targets, &mut io::sink());
    let reports = by_target(at_once(settings.under_each_release()?, &ask)?);
    Ok(Report::Several(reports.into_iter().map(several).collect()))
}

fn several(reports: Vec<DoctorReport>) -> Several {
    let target = reports.first().and_then(|report| report.target.clone());
    Several { schema: SCHEMA, verb: "doctor", target, releases: Told::Doctored(reports) }
}

impl Examination<'_> {
    /// Examines all targets under one release, or its store alone.
    fn all_targets(
        &self,
        settings: Settings,
        targets: &[Target],
        out: &mut dyn Write,
    ) -> Result<Vec<DoctorReport>, PokeError> {
        let client = Client::checked(settings, self.asked)?;
        if targets.is_empty() {
            return Ok(vec![runtime_alone(&client, self.started)]);
        }
        let stores = sources::stores(&client, self.asked.surroundings);
        let candidates = sources::gather(self.args, &stores, self.asked.surroundings)?;
        let mut one = |target: &Target| {
            let visit = Visit {
                args: self.args,
                client: &client,
                started: self.started,
                target,
                stores: &stores,
                format: self.format,
                surroundings: self.asked.surroundings,
            };
            one(&visit, &candidates, out)
        };
        targets.iter().map(&mut one).collect()
    }
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
    let (mut looks, mut candidates) = (looks::take(client, target, &examined)?, candidates.clone());
    looks.script = script::of_store(visit);
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
