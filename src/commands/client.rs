//! A virtual machine that was so started, and the handshakes that it would make.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use handshake_probe::{Cause, Failure, Identity, Observation, ProbeRequest, probe};
use java_pkix::{
    AuthType, EndpointIdentification, JavaException, Parameters, Protocol, Rejection, Rules,
    Verdict,
};

use super::asked::{Asked, PokeError};
use super::handshake::{Endpoint, endpoint_identification, outcome, request, starttls};
use crate::cli::{Begins, Target, is_port_of_mail_or_directory};
use crate::diagnosis::{Candidates, Compared, Evidence, Looks};
use crate::java::{
    Context, ContextFailure, Decision, DefaultZone, JavaIdentity, JavaJudge, OpenedStore,
    of_port_number, of_port_text, open_context, parse_int,
};
use crate::report::Outcome;
use crate::settings::{Client as Asking, Settings, StoreFile, TrustStoreChoice, Way};

/// SSLPoke writes one byte, 1, when it has connected.
const POKE: u8 = 1;

/// A handshake that is only made to compare takes no longer.
const LONGEST_COMPARISON: Duration = Duration::from_secs(5);

/// What a virtual machine that was so started holds: all that is the same for every target.
pub(super) struct Client<'a> {
    pub(super) settings: Settings,
    pub(super) rules: Rules,
    pub(super) trust_store: TrustStoreChoice,
    pub(super) context: Result<Context, ContextFailure>,
    endpoint_identification: EndpointIdentification,
    zone: DefaultZone,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub(super) now: i64,
    pub(super) asked: &'a Asked<'a>,
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
    /// The protocol and the key exchange under which there was a verdict.
    agreed: Option<(Protocol, AuthType)>,
    /// Which client certificate was shown, or why none was, if the server asked.
    pub(super) identity: Option<Decision>,
}

/// All that came of one target.
pub(super) struct Examined {
    pub(super) way: Way,
    pub(super) poked: Poked,
    pub(super) compared: Option<Compared>,
    /// The port, if it is a number.
    pub(super) port: Option<i32>,
}

impl Examined {
    /// Returns why Java refuses the certificates, if it does.
    pub(super) fn rejection(&self) -> Option<&Rejection> {
        match &self.poked.verdict {
            Some(Verdict::Rejected(rejection)) => Some(rejection),
            Some(Verdict::Trusted(_)) | None => None,
        }
    }
}

impl Poked {
    /// Nothing is known yet.
    fn nothing() -> Self {
        Self {
            outcome: Outcome::Undetermined,
            exception: None,
            observation: None,
            verdict: None,
            agreed: None,
            identity: None,
        }
    }

    /// What else would be accepted may have been revoked.
    fn left_open(self) -> Self {
        let is_open = self.outcome == Outcome::Connected;
        Self { outcome: if is_open { Outcome::Undetermined } else { self.outcome }, ..self }
    }

    fn refused(exception: JavaException) -> Self {
        Self { outcome: Outcome::Refused, exception: Some(exception), ..Self::nothing() }
    }
}

impl<'a> Client<'a> {
    pub(super) fn new(settings: Settings, asked: &'a Asked<'a>) -> Result<Self, PokeError> {
        let (rules, wire) = (settings.rules(), asked.wiring.options);
        let trust_store = asked.trust_store(&settings);
        let context = open_context(&settings, &rules, &trust_store);
        Ok(Self {
            endpoint_identification: endpoint_identification(&wire.hostname_check)?,
            zone: DefaultZone::new(&settings, &rules),
            now: asked.surroundings.now_or_at(wire.at.as_deref())?,
            settings,
            rules,
            trust_store,
            context,
            asked,
        })
    }

    /// Does the same for a verb that stops where its own store is not there.
    pub(super) fn checked(settings: Settings, asked: &'a Asked<'a>) -> Result<Self, PokeError> {
        let client = Self::new(settings, asked)?;
        match client.unreadable_own_store() {
            Some(error) => Err(error),
            None => Ok(client),
        }
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

    /// Looks at what every connection begins with, and connects to nobody.
    pub(super) fn unconnected(&self) -> Examined {
        let poked = match &self.context {
            Ok(_) => Poked { outcome: Outcome::Connected, ..Poked::nothing() },
            Err(failure) => Poked::refused(failure.exception(&self.rules)),
        };
        Examined { way: Way::direct(), poked, compared: None, port: None }
    }

    /// Makes the handshake that Java would make, and where it tells more the same on another way.
    pub(super) fn examine(&self, target: &Target) -> Result<Examined, PokeError> {
        let ways = self.ways(target);
        let poked = self.connect(target, &ways.taken, &|_| {})?;
        let compared = match &ways.other {
            Some(way) if self.asked.tell.explains && poked.observation.is_some() => {
                Some(self.compare(target, way)?)
            }
            Some(_) | None => None,
        };
        Ok(Examined { way: ways.taken, poked, compared, port: parse_int(&target.port) })
    }

    /// Makes the handshake of an examination once more, with something changed; it shall not keep anybody waiting.
    pub(super) fn again(
        &self,
        target: &Target,
        way: &Way,
        change: &dyn Fn(&mut ProbeRequest),
    ) -> Result<Poked, PokeError> {
        self.connect(target, way, &|request| {
            let total = request.timeouts.total.unwrap_or(LONGEST_COMPARISON);
            request.timeouts.total = Some(total.min(LONGEST_COMPARISON));
            change(request);
        })
    }

    /// Returns all that is known of an examination.
    pub(super) fn evidence<'e>(
        &'e self,
        target: &'e Target,
        examined: &'e Examined,
        candidates: &'e Candidates,
        looks: &'e Looks,
    ) -> Evidence<'e> {
        let poked = &examined.poked;
        Evidence {
            host: &target.host,
            port: examined.port.and_then(|port| u16::try_from(port).ok()).unwrap_or(0),
            settings: &self.settings,
            rules: &self.rules,
            trust_store: &self.trust_store,
            opened: self.opened(),
            failed_store: self.context.as_ref().err().and_then(ContextFailure::store),
            observation: poked.observation.as_ref(),
            verdict: poked.verdict.as_ref(),
            parameters: self.parameters(target, poked),
            candidates,
            looks,
            exception: poked.exception.as_ref(),
            starttls: starttls(target, self.asked.wiring.options),
            way: &examined.way,
            wiring: &self.asked.wiring,
            compared: examined.compared.as_ref(),
            identity: poked.identity.as_ref(),
            has_client_keys: self.context.as_ref().is_ok_and(|context| context.keys.is_some()),
            now: self.now.div_euclid(1000),
        }
    }

    /// Returns with what the certificates were judged, so that it can be asked what would have helped.
    pub(super) fn parameters<'e>(
        &'e self,
        target: &'e Target,
        poked: &Poked,
    ) -> Option<Parameters<'e>> {
        let (protocol, auth_type) = poked.agreed?;
        Some(Parameters {
            rules: &self.rules,
            host: &target.host,
            endpoint_identification: self.endpoint_identification,
            protocol,
            auth_type,
            now: self.now,
            zone: &self.zone,
        })
    }

    /// SSLPoke opens a plain socket; `poke` asks as Java's HTTP client would, where HTTP proxies could count.
    fn ways(&self, target: &Target) -> Ways {
        let (host, settings, wiring) = (target.host.as_str(), &self.settings, &self.asked.wiring);
        let of_socket = wiring.way(host, Asking::Socket, settings);
        if !wiring.is_as_java() {
            let other = of_socket.proxy.is_some().then(Way::direct);
            return Ways { taken: of_socket, other: other.filter(|_| !self.asked.tell.as_java) };
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
            Some(way) if self.asked.tell.as_java => Ways { taken: of_socket, other: Some(way) },
            Some(way) => Ways { taken: way, other: Some(of_socket) },
            None => {
                let other =
                    (!self.asked.tell.as_java && of_socket.proxy.is_some()).then(Way::direct);
                Ways { taken: of_socket, other }
            }
        }
    }

    /// Makes the handshake once more on another way; it shall not keep anybody waiting.
    fn compare(&self, target: &Target, way: &Way) -> Result<Compared, PokeError> {
        let poked = self.again(target, way, &|_| {})?;
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
        change: &dyn Fn(&mut ProbeRequest),
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
        let wire = self.asked.wiring.options;
        let endpoint = Endpoint { host: &target.host, port, starttls: starttls(target, wire) };
        // a mail or directory server would take the byte for a command
        let poke = if endpoint.starttls.is_some() { Vec::new() } else { vec![POKE] };
        let offer = context.offer.clone();
        let mut request = request(&endpoint, way, poke, &self.settings, offer, wire)?;
        change(&mut request);
        let poked = self.shake_hands(request, context);
        Ok(if self.settings.checks_revocation() { poked.left_open() } else { poked })
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
            agreed: Cell::new(None),
        };
        let observation = probe(&request, &judge);
        let (agreed, verdict) = (judge.agreed.get(), judge.verdict.into_inner());
        // a handshake that was made anew may have ended before the certificates
        let is_refused = matches!(&observation.outcome, Err(Failure { cause: Cause::Refused, .. }));
        let verdict =
            verdict.filter(|verdict| is_refused || matches!(verdict, Verdict::Trusted(_)));
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
        Poked { outcome, exception, observation: Some(observation), verdict, agreed, identity }
    }
}

/// Names the file that serves as trust store, if it is one.
pub(super) fn store_path(choice: &TrustStoreChoice) -> Option<String> {
    match &choice.store.value {
        StoreFile::File(path) => Some(path.display().to_string()),
        StoreFile::Empty | StoreFile::Absent | StoreFile::Mozilla => None,
    }
}
