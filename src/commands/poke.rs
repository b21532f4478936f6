//! `poke`, and the classic line: one handshake a target, as Java would make it.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use handshake_probe::{Cause, Failure, Identity, Observation, ProbeRequest, probe};
use java_pkix::{EndpointIdentification, JavaException, Rules, Verdict};

use super::handshake::{Endpoint, endpoint_identification, outcome, request, starttls};
use super::poke_report;
use crate::cli::{
    Begins, ClassicLine, Format, PokeArgs, StoreOptions, Target, TargetError, WireOptions,
    is_port_of_mail_or_directory, targets,
};
use crate::diagnosis::{self, Compared, Evidence};
use crate::java::{
    Context, ContextFailure, Decision, DefaultZone, JavaIdentity, JavaJudge, OpenedStore,
    of_port_number, of_port_text, open_context, parse_int,
};
use crate::machine::{self, MachineError};
use crate::report::{Exit, Outcome, PokeReport, Report};
use crate::settings::{
    Client as Asking, LaunchFailure, Runtime, Settings, SettingsError, StoreFile, Surroundings,
    TrustStoreChoice, Way, Wiring, launch,
};

/// SSLPoke writes one byte, 1, when it has connected.
const POKE: u8 = 1;

/// A handshake that is only made to compare takes no longer.
const LONGEST_COMPARISON: Duration = Duration::from_secs(5);

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
    let started = machine::find(&args.machine, surroundings)?;
    let settings = match &started {
        Some(started) => started.settings(&args.runtime)?,
        None => Settings::of_options(&args.runtime, surroundings)?,
    };
    let client = Client::new(settings, &args.store, &args.wire, tell, surroundings)?;
    if let Some(error) = client.unreadable_own_store() {
        return Err(error);
    }
    let mut pokes: Vec<PokeReport> =
        targets.iter().map(|target| client.poke(target)).collect::<Result<_, _>>()?;
    if let (Some(started), true) = (&started, tell.explains) {
        let findings = diagnosis::of_started(started, &client.trust_store);
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
    let mut poke = client.poke(&target)?;
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

/// How much is told besides the answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tell {
    /// Whether findings are looked for.
    pub(super) explains: bool,
    /// Whether it is told where the settings came from.
    pub(super) provenance: bool,
    /// Whether the chain is shown.
    pub(super) chain: bool,
    /// Whether the exit code is Java's: 0 or 1.
    pub(super) as_java: bool,
}

/// Why nothing was poked.
#[derive(Debug, thiserror::Error)]
pub(super) enum PokeError {
    /// A target makes no sense.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A setting makes no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There is no such JVM.
    #[error(transparent)]
    Machine(#[from] MachineError),
    /// The store that `--truststore` names cannot be read.
    #[error("{path}")]
    Store {
        path: PathBuf,
        #[source]
        error: std::io::Error,
    },
}

impl PokeError {
    fn report(&self) -> Report {
        let exit = match self {
            Self::Settings(SettingsError::Unreadable { .. })
            | Self::Machine(MachineError::Hidden { .. })
            | Self::Store { .. } => Exit::Unreadable,
            Self::Target(_) | Self::Settings(_) | Self::Machine(_) => Exit::Usage,
        };
        Report::unasked(self, exit)
    }
}

/// What a virtual machine that was so started holds: all that is the same for every target.
pub(super) struct Client<'a> {
    pub(super) settings: Settings,
    pub(super) rules: Rules,
    pub(super) trust_store: TrustStoreChoice,
    pub(super) context: Result<Context, ContextFailure>,
    endpoint_identification: EndpointIdentification,
    zone: DefaultZone,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    now: i64,
    pub(super) wiring: Wiring<'a>,
    pub(super) tell: Tell,
}

/// The way that is taken, and the one that it is compared with.
struct Ways {
    taken: Way,
    other: Option<Way>,
}

/// What came of one target.
pub(super) struct Poked {
    pub(super) outcome: Outcome,
    pub(super) exception: Option<JavaException>,
    pub(super) observation: Option<Observation>,
    pub(super) verdict: Option<Verdict>,
    /// Which client certificate was shown, or why none was, if the server asked.
    pub(super) identity: Option<Decision>,
}

impl Poked {
    fn refused(exception: JavaException) -> Self {
        Self {
            outcome: Outcome::Refused,
            exception: Some(exception),
            observation: None,
            verdict: None,
            identity: None,
        }
    }
}

impl<'a> Client<'a> {
    fn new(
        settings: Settings,
        store: &StoreOptions,
        wire: &'a WireOptions,
        tell: Tell,
        surroundings: &Surroundings,
    ) -> Result<Self, PokeError> {
        let rules = settings.rules();
        let trust_store = settings.trust_store(store, surroundings)?;
        let context = open_context(&settings, &rules, &trust_store);
        Ok(Self {
            endpoint_identification: endpoint_identification(&wire.hostname_check)?,
            zone: DefaultZone::new(&settings, &rules),
            now: surroundings.now_or_at(wire.at.as_deref())?,
            settings,
            rules,
            trust_store,
            context,
            wiring: Wiring::resolve(wire, surroundings)?,
            tell,
        })
    }

    /// Java passes over a trust store that is not there; who names one with `--truststore` wants to know.
    fn unreadable_own_store(&self) -> Option<PokeError> {
        let Err(ContextFailure::TrustStore(failure)) = &self.context else {
            return None;
        };
        match (&failure.trouble, &failure.path) {
            (crate::java::StoreTrouble::Io(error), Some(path)) => {
                Some(PokeError::Store { path: path.clone(), error: error.kind().into() })
            }
            _ => None,
        }
    }

    fn poke(&self, target: &Target) -> Result<PokeReport, PokeError> {
        let ways = self.ways(target);
        let poked = self.connect(target, &ways.taken, None)?;
        let compared = match &ways.other {
            Some(way) if self.tell.explains && poked.observation.is_some() => {
                Some(self.compare(target, way)?)
            }
            Some(_) | None => None,
        };
        let port = parse_int(&target.port);
        let evidence = Evidence {
            host: &target.host,
            port: port.and_then(|port| u16::try_from(port).ok()).unwrap_or(0),
            settings: &self.settings,
            rules: &self.rules,
            trust_store: &self.trust_store,
            opened: self.opened(),
            failed_store: self.context.as_ref().err().and_then(ContextFailure::store),
            observation: poked.observation.as_ref(),
            verdict: poked.verdict.as_ref(),
            exception: poked.exception.as_ref(),
            starttls: starttls(target, self.wiring.options),
            way: &ways.taken,
            wiring: &self.wiring,
            compared: compared.as_ref(),
            identity: poked.identity.as_ref(),
            has_client_keys: self.context.as_ref().is_ok_and(|context| context.keys.is_some()),
            now: self.now.div_euclid(1000),
        };
        let findings = if self.tell.explains { diagnosis::of_poke(&evidence) } else { Vec::new() };
        Ok(poke_report::report(self, &evidence, port.unwrap_or(-1), &poked, findings))
    }

    /// SSLPoke opens a plain socket; `poke` asks as Java's HTTP client would, where HTTP proxies could count.
    fn ways(&self, target: &Target) -> Ways {
        let (host, settings, wiring) = (target.host.as_str(), &self.settings, &self.wiring);
        let of_socket = wiring.way(host, Asking::Socket, settings);
        if !wiring.is_as_java() {
            let other = of_socket.proxy.is_some().then(Way::direct);
            return Ways { taken: of_socket, other: other.filter(|_| !self.tell.as_java) };
        }
        let is_for_http = match target.scheme {
            Some(Begins::WithTlsForHttp) => true,
            Some(Begins::WithTls | Begins::Plain(_)) => false,
            None => {
                let port = target.port.parse();
                wiring.options.starttls.is_none() && !port.is_ok_and(is_port_of_mail_or_directory)
            }
        };
        let of_http = is_for_http.then(|| wiring.way(host, Asking::Https, settings));
        match of_http.filter(Way::is_http) {
            Some(way) if self.tell.as_java => Ways { taken: of_socket, other: Some(way) },
            Some(way) => Ways { taken: way, other: Some(of_socket) },
            None => {
                let other = (!self.tell.as_java && of_socket.proxy.is_some()).then(Way::direct);
                Ways { taken: of_socket, other }
            }
        }
    }

    /// Makes the handshake once more on another way; it shall not keep anybody waiting.
    fn compare(&self, target: &Target, way: &Way) -> Result<Compared, PokeError> {
        let poked = self.connect(target, way, Some(LONGEST_COMPARISON))?;
        Ok(Compared {
            proxy: way.proxy.clone(),
            connected: poked.outcome == Outcome::Connected,
            exception: poked.exception,
            observation: poked.observation,
        })
    }

    /// Goes Java's way: the port is read, the context made, the port checked, then comes the wire.
    fn connect(
        &self,
        target: &Target,
        way: &Way,
        limit: Option<Duration>,
    ) -> Result<Poked, PokeError> {
        let Some(port) = parse_int(&target.port) else {
            return Ok(Poked::refused(of_port_text(&target.port)));
        };
        let context = match &self.context {
            Ok(context) => context,
            Err(failure) => return Ok(Poked::refused(failure.exception(&self.rules))),
        };
        let Ok(port) = u16::try_from(port) else {
            return Ok(Poked::refused(of_port_number(port)));
        };
        let wire = self.wiring.options;
        let endpoint = Endpoint { host: &target.host, port, starttls: starttls(target, wire) };
        // a mail or directory server would take the byte for a command
        let poke = if endpoint.starttls.is_some() { Vec::new() } else { vec![POKE] };
        let request = request(&endpoint, way, poke, &self.settings, &self.rules, wire)?;
        let Some(mut request) = request else {
            return Ok(Poked {
                outcome: Outcome::Undetermined,
                exception: None,
                observation: None,
                verdict: None,
                identity: None,
            });
        };
        if let Some(limit) = limit {
            let total = request.timeouts.total.map_or(limit, |total| total.min(limit));
            request.timeouts.total = Some(total);
        }
        Ok(self.shake_hands(request, context))
    }

    /// Returns the trust store, if the context could be made.
    pub(super) fn opened(&self) -> Option<&OpenedStore> {
        self.context.as_ref().ok().map(|context| &context.trust)
    }

    fn shake_hands(&self, mut request: ProbeRequest, context: &Context) -> Poked {
        let identity = context.keys.clone().map(|keys| {
            Arc::new(JavaIdentity::new(keys, request.offer.clone(), &self.rules, self.now))
        });
        request.identity = identity.clone().map(|identity| -> Arc<dyn Identity> { identity });
        let judge = JavaJudge {
            rules: &self.rules,
            anchors: &context.trust.anchors,
            host: &request.host,
            endpoint_identification: self.endpoint_identification,
            now: self.now,
            zone: &self.zone,
            verdict: RefCell::new(None),
        };
        let observation = probe(&request, &judge);
        let verdict = judge.verdict.into_inner();
        let (outcome, exception) =
            outcome(&observation, verdict.as_ref(), &request.host, &request.offer, &self.rules);
        let identity = identity.and_then(|identity| identity.decision());
        let (outcome, exception) = match (&observation.outcome, &identity) {
            (Err(Failure { cause: Cause::IdentityRefused, .. }), Some(decision)) => {
                match decision.exception(&self.rules) {
                    Some(exception) => (Outcome::Refused, Some(exception)),
                    None => (Outcome::Undetermined, None),
                }
            }
            _ => (outcome, exception),
        };
        Poked { outcome, exception, observation: Some(observation), verdict, identity }
    }
}

/// Names the file that serves as trust store, if it is one.
pub(super) fn store_path(choice: &TrustStoreChoice) -> Option<String> {
    match &choice.store.value {
        StoreFile::File(path) => Some(path.display().to_string()),
        StoreFile::Empty | StoreFile::Absent | StoreFile::Mozilla => None,
    }
}
