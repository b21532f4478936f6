//! Findings about what the wire did.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use handshake_probe::{
    Cause, ExtensionFault, Failure, MessageFault, Misbehaviour, Observation, Stage, alert_name,
};

use super::{Evidence, Finding, Severity, Wide, looks, starttls};
use crate::cli::starttls_of_port;
use crate::settings::{Disabled, is_address};

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(observation) = evidence.observation else {
        return Vec::new();
    };
    match &observation.outcome {
        Ok(_) => Vec::new(),
        Err(failure) => of_failure(failure, observation, evidence),
    }
}

/// Says why there is no file for `--save-chain`: it could not be written, or there was nothing to write.
pub(crate) fn chain_not_saved(path: &Path, error: Option<&io::Error>) -> Finding {
    let path = path.display();
    match error {
        Some(error) => {
            let what = format!("{path} was not written: {error}");
            Finding::new("chain-not-saved", Severity::Error, what)
        }
        None => {
            let what = format!("{path} was not written: no certificates were seen");
            Finding::new("chain-not-saved", Severity::Note, what)
        }
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
        Cause::Io { .. } if observation.peer.is_none() => first_address_only(observation, evidence),
        Cause::Closed | Cause::Io { .. } => closed(failure, observation, evidence),
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
        Cause::Undetermined(what) => vec![undetermined(what)],
        Cause::Misbehaved(fault) if evidence.exception.is_none() => {
            vec![undetermined(&in_words(*fault))]
        }
        Cause::AddressFamily
        // told by `route` and `starttls`
        | Cause::Tunnel(_)
        | Cause::StartTls(_)
        | Cause::Refused
        | Cause::IdentityRefused
        | Cause::Misbehaved(_) => Vec::new(),
    }
}

/// Says what the server did wrong, where Java's words for it are not known.
#[expect(clippy::wildcard_enum_match_arm, reason = "all that is left is told of alike")]
fn in_words(fault: Misbehaviour) -> String {
    match fault {
        Misbehaviour::Unverifiable(_) => {
            "the server's signature over the handshake is none of its scheme".to_owned()
        }
        Misbehaviour::MalformedMessage { fault: MessageFault::Name, .. } => {
            "the server names an authority of client certificates by what is no name".to_owned()
        }
        Misbehaviour::Extension { fault: ExtensionFault::NoResponse, .. } => {
            "the OCSP response beside a certificate is none".to_owned()
        }
        Misbehaviour::RetryGroupShared(_) => {
            "the server asks once more for a key share that it has".to_owned()
        }
        other => format!("the server broke the protocol ({other:?})"),
    }
}

fn undetermined(what: &str) -> Finding {
    let what = format!("what Java would do was not decided: {what}");
    Finding::new("undetermined", Severity::Error, what)
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

fn first_address_only(observation: &Observation, evidence: &Evidence<'_>) -> Vec<Finding> {
    let [first, others @ ..] = observation.addresses.as_slice() else {
        return Vec::new();
    };
    if others.is_empty() {
        return Vec::new();
    }
    let told = |address: &SocketAddr| {
        let tried = evidence.looks.addresses.iter().find(|(tried, _)| tried == address);
        match tried {
            Some((_, true)) => format!("{address}, where Java would connect"),
            Some((_, false)) => format!("{address}, where it would not connect either"),
            None => address.to_string(),
        }
    };
    let others: Vec<String> = others.iter().map(told).collect();
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
        "protocol_version" if evidence.looks.wide.is_some() => evidence.looks.wide.as_ref().map(of_wide),
        "handshake_failure" | "insufficient_security" if evidence.looks.wide.is_some() => {
            evidence.looks.wide.as_ref().map(of_wide)
        }
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

/// Says what the server would have taken, and what keeps Java from offering it.
fn of_wide(wide: &Wide) -> Finding {
    if let Some(scheme) = wide.signature_scheme {
        let what =
            format!("the server signs the handshake with {scheme}, which Java does not take");
        let remedy = "let the server sign with SHA-256 or better: TLS 1.3, or a newer library there; loosening the property weakens every connection of this Java";
        let finding = Finding::new("handshake-signature", Severity::Error, what);
        return because_disabled(finding, &wide.disabled).repaired_by(remedy);
    }
    let suite = wide.cipher_suite.map(|suite| format!(" with {suite}")).unwrap_or_default();
    let what = format!("the server takes {}{suite}, which Java does not offer", wide.protocol);
    let code = match wide.protocol {
        "TLSv1" | "TLSv1.1" => "tls-too-old",
        _ => "no-common-suite",
    };
    let finding = Finding::new(code, Severity::Error, what);
    let remedy = "let the server speak TLS 1.2 or 1.3 with ECDHE suites; loosening the property weakens every connection of this Java";
    because_disabled(finding, &wide.disabled).repaired_by(remedy)
}

fn because_disabled(finding: Finding, disabled: &[Disabled]) -> Finding {
    match looks::entries(disabled).as_str() {
        "" => finding.because("the command line of this Java, or the release, excludes it"),
        entries => finding.because(format!("this Java disables it: {entries}")),
    }
}

/// The server, or somebody on the way, ended the connection without a word.
fn closed(failure: &Failure, observation: &Observation, evidence: &Evidence<'_>) -> Vec<Finding> {
    if let Some(wide) = &evidence.looks.wide {
        return vec![of_wide(wide)];
    }
    let is_told = observation.client_certificate_requested
        || starttls_of_port(evidence.port).is_some()
        || failure.stage < Stage::Hello;
    if is_told {
        return Vec::new();
    }
    let what = match failure.stage {
        Stage::Hello => "the server closed the connection when it saw Java's first message",
        Stage::Resolve
        | Stage::Connect
        | Stage::Tunnel
        | Stage::StartTls
        | Stage::Certificate
        | Stage::Finished => "the server closed the connection in the middle of the handshake",
    };
    vec![
        Finding::new("closed-in-handshake", Severity::Error, what)
            .because("a load balancer without a server behind it does so, a firewall that filters by name, and a server that takes nothing of what Java offers")
            .repaired_by("the log of the server, or of what stands before it, says why; `openssl s_client` from this machine shows whether others get through"),
    ]
}

fn sent_name(evidence: &Evidence<'_>) -> Option<String> {
    crate::settings::offer(evidence.host, &evidence.settings.properties, evidence.rules)
        .ok()
        .and_then(|offer| offer.server_name)
}
