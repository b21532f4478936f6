//! From what came of a poke to what is told of it.

use std::time::Duration;

use handshake_probe::{Cause, Engine, Failure, Observation, ProtocolVersion, alert_name};
use java_pkix::Verdict;

use super::client::{Client, Examined, Poked, store_path};
use super::seen;
use crate::certificates::{Shown, fingerprint, name_of, time};
use crate::cli::starttls_names;
use crate::diagnosis::{Compared, Evidence, Finding};
use crate::java::Decision;
use crate::report::{
    ChainEntry, ClientCertificate, Connection, ExceptionLine, Exit, OtherWay, Outcome, PokeReport,
    RuntimeUsed, SCHEMA, StoreUsed, TargetNamed, TimingsNamed,
};
use crate::settings::{Settings, StoreFile};

/// Puts together what is told of one target.
pub(super) fn report(
    client: &Client<'_>,
    evidence: &Evidence<'_>,
    examined: &Examined,
    findings: Vec<Finding>,
) -> PokeReport {
    let (poked, port) = (&examined.poked, examined.port.unwrap_or(-1));
    let reason = match &poked.verdict {
        Some(Verdict::Rejected(rejection)) => Some(rejection.reason.code()),
        Some(Verdict::Trusted(_)) | None => None,
    };
    let seen = poked.observation.iter().flat_map(|seen| &seen.addresses);
    let addresses: Vec<String> = seen.map(ToString::to_string).collect();
    let connection = poked.observation.as_ref().and_then(|seen| connection(seen, evidence));
    let mut provenance = Vec::new();
    if client.asked.tell.provenance {
        provenance = self::provenance(client);
        provenance.extend(seen::lines(&addresses, connection.as_ref()));
    }
    PokeReport {
        schema: SCHEMA,
        verb: "poke",
        target: TargetNamed { host: evidence.host.to_owned(), port, addresses },
        runtime: runtime_used(&client.settings),
        truststore: store_used(client),
        result: poked.outcome,
        exception: poked.exception.as_ref().map(ExceptionLine::all).unwrap_or_default(),
        reason,
        connection,
        compared: evidence.compared.map(other_way),
        chain: if client.asked.tell.chain { chain(client, poked) } else { Vec::new() },
        exit: exit(client, poked),
        told: Vec::new(),
        provenance,
        findings,
    }
}

/// The classic line ends as Java does; a verb tells of an alert that Java does not wait for.
fn exit(client: &Client<'_>, poked: &Poked) -> Exit {
    let session = poked.observation.as_ref().and_then(|seen| seen.outcome.as_ref().ok());
    let refused_late = session.is_some_and(|session| session.late_alert.is_some());
    match poked.outcome {
        Outcome::Connected if refused_late && !client.asked.tell.as_java => Exit::No,
        Outcome::Connected => Exit::Yes,
        Outcome::Refused if client.asked.tell.as_java || is_open(client) => Exit::No,
        Outcome::Refused => Exit::Unreadable,
        Outcome::Unreachable if client.asked.tell.as_java => Exit::No,
        Outcome::Undetermined if client.asked.tell.as_java => Exit::No,
        Outcome::Unreachable => Exit::Unreachable,
        Outcome::Undetermined => Exit::Undetermined,
    }
}

/// A store whose certificates are encrypted opens without password, but nothing of it can be read.
fn is_open(client: &Client<'_>) -> bool {
    client.opened().is_some_and(|opened| opened.closed.is_none() || !opened.anchors.is_empty())
}

/// Names the runtime that is imitated.
pub(super) fn runtime_used(settings: &Settings) -> RuntimeUsed {
    let runtime = &settings.runtime;
    let home = runtime.home.as_ref();
    RuntimeUsed {
        release: runtime.release.value.to_string(),
        java_home: home.map(|home| home.value.path().display().to_string()),
        source: runtime.release.source.to_string(),
    }
}

pub(super) fn store_used(client: &Client<'_>) -> StoreUsed {
    let choice = &client.trust_store;
    let opened = client.opened();
    StoreUsed {
        path: store_path(choice),
        kind: opened.and_then(|opened| opened.format).map_or_else(
            || choice.kind.value.to_uppercase(),
            |format| format!("{format:?}").to_uppercase(),
        ),
        entries: opened.map_or(0, |opened| opened.entries),
        anchors: opened.map_or(0, |opened| opened.anchors.iter().count()),
        source: choice.store.source.to_string(),
        fallback_from: choice.passed_over.as_ref().map(|passed| passed.path.clone()),
    }
}

fn connection(observation: &Observation, evidence: &Evidence<'_>) -> Option<Connection> {
    if observation.peer.is_none() && observation.proxy.is_none() {
        return None;
    }
    let milliseconds =
        |took: Option<Duration>| took.map(|took| (took.as_secs_f64() * 1e6).round() / 1e3);
    Some(Connection {
        address: observation.peer.map(|address| address.to_string()),
        proxy: evidence.way.proxy.clone(),
        starttls: observation
            .timings
            .starttls
            .and(evidence.starttls)
            .map(|it| starttls_names(it).0),
        protocol: observation.protocol().map(protocol_name),
        cipher_suite: observation.cipher_suite(),
        group: observation.group(),
        signature_scheme: observation.signature_scheme,
        ocsp_stapled: (!observation.chain.is_empty())
            .then_some(!observation.ocsp_response.is_empty()),
        engine: match observation.engine {
            Engine::Rustls => "rustls",
            Engine::Classic => "classic",
        },
        alert_sent: observation.alert_sent.map(alert),
        alert_received: alert_received(observation),
        client_certificate: client_certificate(observation, evidence.identity),
        timings_ms: TimingsNamed {
            resolve: milliseconds(observation.timings.resolve),
            connect: milliseconds(observation.timings.connect),
            tunnel: milliseconds(observation.timings.tunnel),
            starttls: milliseconds(observation.timings.starttls),
            handshake: milliseconds(observation.timings.handshake),
        },
    })
}

fn alert(description: u8) -> String {
    alert_name(description).map_or_else(|| description.to_string(), str::to_owned)
}

fn alert_received(observation: &Observation) -> Option<String> {
    match &observation.outcome {
        Ok(session) => session.late_alert.map(str::to_owned),
        Err(Failure { cause: Cause::AlertReceived { description, .. }, .. }) => {
            Some(alert(*description))
        }
        Err(_) => None,
    }
}

fn other_way(compared: &Compared) -> OtherWay {
    let leaf = compared.observation.as_ref().and_then(|seen| seen.chain.first());
    OtherWay {
        proxy: compared.proxy.clone(),
        connected: compared.connected,
        exception: compared.exception.as_ref().map(ExceptionLine::all).unwrap_or_default(),
        issuer: leaf.and_then(|leaf| Shown::of(leaf)).map(|leaf| leaf.issuer()),
        sha256: leaf.map(|leaf| fingerprint(leaf)),
    }
}

fn client_certificate(
    observation: &Observation,
    identity: Option<&Decision>,
) -> Option<ClientCertificate> {
    if !observation.client_certificate_requested {
        return None;
    }
    let alias = match identity {
        Some(Decision::Shown(alias)) => Some(alias.clone()),
        _ => None,
    };
    let session = observation.outcome.as_ref().ok();
    Some(ClientCertificate {
        alias,
        authorities: observation.client_authorities.iter().map(|name| name_of(name)).collect(),
        late_alert: session.and_then(|session| session.late_alert),
    })
}

fn protocol_name(version: ProtocolVersion) -> &'static str {
    match version {
        ProtocolVersion::Tls10 => "TLSv1",
        ProtocolVersion::Tls11 => "TLSv1.1",
        ProtocolVersion::Tls12 => "TLSv1.2",
        ProtocolVersion::Tls13 => "TLSv1.3",
    }
}

fn chain(client: &Client<'_>, poked: &Poked) -> Vec<ChainEntry> {
    let anchors = client.opened().map(|opened| &opened.anchors);
    let certificates = poked.observation.iter().flat_map(|seen| &seen.chain).enumerate();
    certificates
        .filter_map(|(number, certificate)| {
            let shown = Shown::of(certificate)?;
            let (from, until) = shown.validity();
            let in_truststore = anchors
                .is_some_and(|anchors| anchors.iter().any(|held| held.certificate == *certificate));
            let role = match number {
                0 => "leaf",
                _ if shown.is_self_issued() => "root",
                _ => "intermediate",
            };
            Some(ChainEntry {
                subject: shown.subject(),
                issuer: shown.issuer(),
                not_before: time(from),
                not_after: time(until),
                sha256: fingerprint(certificate),
                role,
                in_truststore,
            })
        })
        .collect()
}

/// Says where the settings that decide came from.
fn provenance(client: &Client<'_>) -> Vec<String> {
    let runtime = &client.settings.runtime;
    let mut lines = vec![format!("Java {} ({})", runtime.release.value, runtime.release.source)];
    if let Some(home) = &runtime.home {
        lines.push(format!("java.home {} ({})", home.value.path().display(), home.source));
    }
    let recorded = client.rules.recorded_as();
    if recorded != runtime.release.value {
        lines.push(format!("its behaviour is that of {recorded}, the nearest recorded release"));
    }
    let choice = &client.trust_store;
    let store = match &choice.store.value {
        StoreFile::File(path) => path.display().to_string(),
        StoreFile::Empty => "NONE".to_owned(),
        StoreFile::Absent => "none".to_owned(),
        StoreFile::Mozilla => "Mozilla's roots".to_owned(),
    };
    let anchors = client.opened().map_or(0, |opened| opened.anchors.iter().count());
    lines.push(format!("trust store {store} ({}), {anchors} anchors", choice.store.source));
    lines
}
