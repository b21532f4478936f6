//! `poke`, and the classic line: one handshake a target, as Java would make it.

use std::path::Path;

use pki_types::CertificateDer;

use super::asked::{Asked, PokeError, Tell};
use super::at_once::{at_once, by_target};
use super::client::{Client, Examined};
use super::meant::Meant;
use super::{looks, poke_report, saved_chain};
use crate::cli::{ClassicLine, Format, PokeArgs, Target, targets};
use crate::diagnosis::{Candidates, Finding, FoundIn, Looks, of_poke, of_started};
use crate::machine::Started;
use crate::report::{Exit, PokeReport, Report, SCHEMA, Several, Told};
use crate::settings::{LaunchFailure, Runtime, Settings, Surroundings, launch};

/// Pokes every target of a verb's line; with `--java all` under each recorded release.
pub(super) fn run(args: &PokeArgs, tell: Tell, surroundings: &Surroundings) -> Report {
    prepare_and_poke(args, tell, surroundings).unwrap_or_else(|error| error.report())
}

fn prepare_and_poke(
    args: &PokeArgs,
    tell: Tell,
    surroundings: &Surroundings,
) -> Result<Report, PokeError> {
    let targets = targets(&args.targets)?;
    let PokeArgs { machine, store, wire, .. } = args;
    let meant = Meant { machine, runtime: &args.runtime.of_one(), store, assumes_product: false };
    let (settings, started) = meant.find(surroundings)?;
    let asked = Asked::resolve(store, wire, tell, surroundings)?;
    let ask = |settings| all_targets(settings, &asked, &targets, started.as_ref(), None);
    if args.runtime.names_all() {
        let mut poked = by_target(at_once(settings.under_each_release()?, &ask)?);
        if let Some(path) = &args.save_chain {
            let seen = poked.iter().filter_map(|held| seen_first(held));
            let told = saved_chain::save(path, targets.iter().zip(seen));
            tell_of_chains(told, poked.last_mut().and_then(|held| held.last_mut()));
        }
        return Ok(Report::Several(poked.into_iter().map(several).collect()));
    }
    let mut pokes = ask(settings)?;
    if let Some(path) = &args.save_chain {
        let seen = pokes.iter().map(|(_, chain)| chain);
        let told = saved_chain::save(path, targets.iter().zip(seen));
        tell_of_chains(told, pokes.last_mut());
    }
    Ok(Report::Pokes(pokes.into_iter().map(|(poke, _)| poke).collect()))
}

/// How many handshakes are made before it is told what came of them: a processor that waits for a peer in between forgets what
/// it tells them with.
const TOLD_TOGETHER: usize = 64;

/// Pokes all targets under one release; certificates of `other` store are looked at where one is missing.
pub(super) fn all_targets(
    settings: Settings,
    asked: &Asked<'_>,
    targets: &[Target],
    started: Option<&Started>,
    other: Option<&Path>,
) -> Result<Vec<(PokeReport, Chain)>, PokeError> {
    let client = Client::checked(settings, asked)?;
    let mut candidates = Candidates::of_system();
    if let Some(store) = other {
        candidates.add_file(store, &FoundIn::Store(store.to_owned()));
    }
    let mut pokes = Vec::with_capacity(targets.len());
    for some in targets.chunks(TOLD_TOGETHER) {
        let examined: Vec<Examined> =
            some.iter().map(|target| client.examine(target)).collect::<Result<_, _>>()?;
        for (target, examined) in some.iter().zip(examined) {
            pokes.push(told_of(&client, target, examined, &candidates)?);
        }
    }
    if let (Some(started), true) = (started, asked.tell.explains) {
        let findings = of_started(started, &client.trust_store);
        pokes.iter_mut().for_each(|(poke, _)| poke.findings.extend(findings.clone()));
    }
    Ok(pokes)
}

/// Returns the chain that a release saw.
fn seen_first(held: &[(PokeReport, Chain)]) -> Option<&Chain> {
    let mut chains = held.iter().map(|(_, chain)| chain);
    chains.clone().find(|chain| !chain.is_empty()).or_else(|| chains.next())
}

/// Lets the last poke say what the chains' file cost, if anything is to be said.
fn tell_of_chains(told: Option<(Exit, Finding)>, last: Option<&mut (PokeReport, Chain)>) {
    if let (Some((exit, finding)), Some((last, _))) = (told, last) {
        last.exit = last.exit.max(exit);
        last.findings.push(finding);
    }
}

fn several(poked: Vec<(PokeReport, Chain)>) -> Several {
    let pokes: Vec<PokeReport> = poked.into_iter().map(|(poke, _)| poke).collect();
    let target = pokes.first().map(|poke| poke.target.clone());
    Several { schema: SCHEMA, verb: "poke", target, releases: Told::Pokes(pokes) }
}

/// Does what a classic line says, and nothing that Java would not do if it is strict.
pub(super) fn classic(line: &ClassicLine, surroundings: &Surroundings) -> Report {
    match prepare_classic(line, surroundings) {
        Ok(report) => report,
        Err(error) => error.report(),
    }
}

fn prepare_classic(line: &ClassicLine, surroundings: &Surroundings) -> Result<Report, PokeError> {
    let options = &line.options;
    let runtime = Runtime::find(&options.runtime, line.program.as_deref(), surroundings)?;
    let launched = match launch(line, runtime.release.value.feature, surroundings) {
        Ok(launched) => launched,
        Err(failure) => return Ok(not_launched(failure)),
    };
    let [host, port] = launched.arguments.as_slice() else {
        return Ok(Report::Usage { told: launched.told, hint: usage_hint(line) });
    };
    let debug = launched.properties.value("javax.net.debug").unwrap_or_default();
    if debug.eq_ignore_ascii_case("help") {
        // Java prints the help of this property and exits before it connects.
        return Ok(Report::Streamed { exit: Exit::Yes });
    }
    let settings = Settings::resolve(runtime, launched.properties, surroundings)?;
    let tell = Tell {
        explains: !line.strict && !options.quiet,
        looks: false,
        provenance: options.verbose,
        chain: options.format == Format::Json,
        as_java: true,
    };
    let asked = Asked::resolve(&options.store, &options.wire, tell, surroundings)?;
    let client = Client::new(settings, &asked)?;
    let target = Target { host: host.clone(), port: port.clone(), scheme: None };
    let (mut poke, _chain) = poke(&client, &target, &Candidates::of_system())?;
    poke.told = launched.told;
    Ok(Report::Pokes(vec![poke]))
}

fn not_launched(failure: LaunchFailure) -> Report {
    Report::NotLaunched { told: failure.told, not_imitated: failure.not_imitated }
}

fn usage_hint(line: &ClassicLine) -> Option<&'static str> {
    let own = !line.strict && !line.names_class && !line.options.quiet;
    own.then_some("`sslpoke --help` shows the verbs and their options")
}

/// The certificates that a server showed.
pub(super) type Chain = Vec<CertificateDer<'static>>;

/// Makes one handshake and says what came of it.
pub(super) fn poke(
    client: &Client<'_>,
    target: &Target,
    candidates: &Candidates,
) -> Result<(PokeReport, Chain), PokeError> {
    told_of(client, target, client.examine(target)?, candidates)
}

/// Says what came of a handshake.
fn told_of(
    client: &Client<'_>,
    target: &Target,
    examined: Examined,
    candidates: &Candidates,
) -> Result<(PokeReport, Chain), PokeError> {
    let tell = client.asked.tell;
    let looks = if tell.looks { looks::take(client, target, &examined)? } else { Looks::default() };
    let evidence = client.evidence(target, &examined, candidates, &looks);
    let findings = if tell.explains { of_poke(&evidence) } else { Vec::new() };
    let report = poke_report::report(client, &evidence, &examined, findings);
    let chain = examined.poked.observation.map(|seen| seen.chain).unwrap_or_default();
    Ok((report, chain))
}
