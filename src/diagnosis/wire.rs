//! Findings about what the wire did.

use handshake_probe::{Cause, Failure, Observation, Stage, alert_name};

use super::{Evidence, Finding, Severity, starttls};
use crate::settings::is_address;

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(observation) = evidence.observation else {
        return Vec::new();
    };
    match &observation.outcome {
        Ok(_) => Vec::new(),
        Err(failure) => of_failure(failure, observation, evidence),
    }
}

fn of_failure(
    failure: &Failure,
    observation: &Observation,
    evidence: &Evidence<'_>,
) -> Vec<Finding> {
    let (host, port) = (evidence.host, evidence.port);
    match &failure.cause {
        Cause::UnknownHost => {
            let what = format!("the resolver knows no address of {host}");
            vec![Finding::new("host-unknown", Severity::Error, what)]
        }
        Cause::TimedOut if failure.stage == Stage::StartTls => Vec::new(),
        Cause::TimedOut => vec![timeout(observation, host, port)],
        Cause::Io { .. } if observation.peer.is_none() => first_address_only(observation),
        Cause::NotTls => vec![starttls::plaintext(&observation.first_bytes, port)],
        Cause::Ssl2 => vec![Finding::new(
            "tls-too-old",
            Severity::Error,
            "the server speaks SSL 2.0, which no Java of today does",
        )],
        Cause::AlertReceived { description, .. } => {
            of_alert(*description, evidence, observation).into_iter().collect()
        }
        Cause::KeyAgreementRefused => vec![
            Finding::new("weak-key-agreement", Severity::Error, "the server's Diffie-Hellman group is too small, or of a size that Java does not take")
                .repaired_by("let the server use a group of 2048 bits or more, or elliptic curves"),
        ],
        Cause::NothingToOffer => vec![Finding::new(
            "nothing-to-offer",
            Severity::Error,
            "the protocol versions that Java was told to use are disabled in this release",
        )],
        Cause::Undetermined(what) => {
            let what = format!("what Java would do was not decided: {what}");
            vec![Finding::new("undetermined", Severity::Error, what)]
        }
        Cause::AddressFamily
        | Cause::Io { .. }
        | Cause::Closed
        // told by `route` and `starttls`
        | Cause::Tunnel(_)
        | Cause::StartTls(_)
        | Cause::Refused
        | Cause::IdentityRefused
        | Cause::Misbehaved(_) => Vec::new(),
    }
}

fn timeout(observation: &Observation, host: &str, port: u16) -> Finding {
    let what = match observation.peer {
        None => format!("no TCP connection to {host}:{port} came about in time"),
        Some(address) if observation.received == 0 => {
            format!("{address} takes the connection and then says nothing")
        }
        Some(address) => format!("{address} stopped in the middle of the handshake"),
    };
    Finding::new("timeout", Severity::Error, what)
        .because("Java has no timeout here and would wait on")
        .repaired_by("a firewall may be dropping the packets, or the server waits for a plaintext greeting (--starttls PROTO); --timeout 0 waits as Java does")
}

fn first_address_only(observation: &Observation) -> Vec<Finding> {
    let [first, others @ ..] = observation.addresses.as_slice() else {
        return Vec::new();
    };
    if others.is_empty() {
        return Vec::new();
    }
    let others: Vec<String> = others.iter().map(ToString::to_string).collect();
    let what =
        format!("Java tries only the first address, {first}; there are also {}", others.join(", "));
    vec![
        Finding::new("first-address-dead", Severity::Error, what)
            .because("other programs go on to the next address, so they may connect where Java does not")
            .repaired_by("repair the first address, or let Java prefer the other family: -Djava.net.preferIPv6Addresses=true"),
    ]
}

fn of_alert(
    description: u8,
    evidence: &Evidence<'_>,
    observation: &Observation,
) -> Option<Finding> {
    let name = alert_name(description)?;
    let error = |code, what: String| Some(Finding::new(code, Severity::Error, what));
    match name {
        "protocol_version" => {
            error("tls-too-old", "the server accepts none of the protocol versions that Java offers".to_owned())
                .map(|finding| finding.because("it may speak only TLS 1.0 or 1.1, which Java has disabled since 2021; or only a version that was switched off here"))
        }
        "unrecognized_name" => error("server-name-refused", match sent_name(evidence) {
            Some(name) => format!("the server does not know the name {name}"),
            None => "the server wants a name, and Java sent none".to_owned(),
        }),
        // That is told with the client certificate.
        "handshake_failure" if observation.client_certificate_requested => None,
        "handshake_failure" => {
            let finding = error("no-common-suite", "the server found nothing in common with what Java offers: cipher suites, groups or signature schemes".to_owned());
            if sent_name(evidence).is_none() && !is_address(evidence.host) {
                return finding.map(|finding| finding.because("Java sends no server name for this host, and a server may insist on one"));
            }
            finding
        }
        _ => None,
    }
}

fn sent_name(evidence: &Evidence<'_>) -> Option<String> {
    crate::settings::offer(evidence.host, &evidence.settings.properties, evidence.rules)
        .ok()
        .and_then(|offer| offer.server_name)
}
