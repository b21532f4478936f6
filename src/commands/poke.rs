//! `poke`, and the classic line: one handshake a target, as Java would make it.

use pki_types::CertificateDer;

use super::client::{Client, PokeError, Tell};
use super::meant::Meant;
use super::{poke_report, saved_chain};
use crate::cli::{ClassicLine, Format, PokeArgs, Target, targets};
use crate::diagnosis::{Candidates, Looks, of_poke, of_started};
use crate::report::{Exit, PokeReport, Report};
use crate::settings::{LaunchFailure, Runtime, Settings, Surroundings, launch};

/// Pokes every target of a verb's line.
pub(super) fn run(args: &PokeArgs, tell: Tell, surroundings: &Surroundings) -> Report {
    match prepare_and_poke(args, tell, surroundings) {
        Ok(pokes) => Report::Pokes(pokes),
        Err(error) => error.report(),
    }
}

fn prepare_and_poke(
    args: &PokeArgs,
    tell: Tell,
    surroundings: &Surroundings,
) -> Result<Vec<PokeReport>, PokeError> {
    let targets = targets(&args.targets)?;
    let PokeArgs { machine, runtime, store, wire, .. } = args;
    let (client, started) = Meant { machine, runtime, store, wire, assumes_product: false }
        .client(tell, surroundings)?;
    let candidates = Candidates::of_system();
    let (mut pokes, chains): (Vec<PokeReport>, Vec<Chain>) = targets
        .iter()
        .map(|target| poke(&client, target, &candidates))
        .collect::<Result<_, _>>()?;
    if let Some(path) = &args.save_chain
        && let Some((exit, finding)) = saved_chain::save(path, targets.iter().zip(&chains))
        && let Some(last) = pokes.last_mut()
    {
        last.exit = last.exit.max(exit);
        last.findings.push(finding);
    }
    if let (Some(started), true) = (&started, tell.explains) {
        let findings = of_started(started, &client.trust_store);
        pokes.iter_mut().for_each(|poke| poke.findings.extend(findings.clone()));
    }
    Ok(pokes)
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
        provenance: options.verbose,
        chain: options.format == Format::Json,
        as_java: true,
    };
    let client = Client::new(settings, &options.store, &options.wire, tell, surroundings)?;
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
    let examined = client.examine(target)?;
    let looks = Looks::default();
    let evidence = client.evidence(target, &examined, candidates, &looks);
    let findings = if client.tell.explains { of_poke(&evidence) } else { Vec::new() };
    let report = poke_report::report(client, &evidence, &examined, findings);
    let chain = examined.poked.observation.map(|seen| seen.chain).unwrap_or_default();
    Ok((report, chain))
}
