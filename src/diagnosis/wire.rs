//! Findings about what the wire did.

use handshake_probe::{Cause, Failure, Observation, Session, alert_name};

use super::{Evidence, Finding, Severity};
use crate::certificates::printable;
use crate::settings::{KEY_STORE, is_address};

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(observation) = evidence.observation else {
        return Vec::new();
    };
    match &observation.outcome {
        Ok(session) => of_session(session, evidence).into_iter().collect(),
        Err(failure) => of_failure(failure, observation, evidence),
    }
}

/// Java is done before a TLS 1.3 server has looked at the client's certificate.
fn of_session(session: &Session, evidence: &Evidence<'_>) -> Option<Finding> {
    let alert = session.late_alert?;
    let what = format!("after the handshake the server sent the alert {alert}");
    let finding = Finding::new("late-alert", Severity::Error, what).because(
        "Java does not wait for it: SSLPoke says that it connected, and the next request fails",
    );
    if alert != "certificate_required" {
        return Some(finding);
    }
    let has_key_store = evidence.settings.properties.non_empty(KEY_STORE).is_some();
    let finding = Finding { code: "client-certificate-required", ..finding };
    Some(if has_key_store {
        finding
    } else {
        finding.repaired_by(format!("the server wants a client certificate: -D{KEY_STORE}=FILE"))
    })
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
        Cause::TimedOut => vec![timeout(observation, host, port)],
        Cause::Io { .. } if observation.peer.is_none() => first_address_only(observation),
        Cause::NotTls => vec![plaintext(&observation.first_bytes, port)],
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
        Cause::Tunnel(fault) => {
            let what = format!("the proxy made no tunnel: {fault}");
            vec![Finding::new("no-tunnel", Severity::Error, what)]
        }
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
        | Cause::Refused
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
        .repaired_by("a firewall may be dropping the packets, or the server waits for a plaintext greeting (STARTTLS); --timeout 0 waits as Java does")
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
        "handshake_failure" if observation.client_certificate_requested => {
            error("client-certificate-required", "the server asked for a client certificate and refused the handshake without a fitting one".to_owned())
                .map(|finding| finding.repaired_by(format!("-D{KEY_STORE}=FILE")))
        }
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

/// Names a protocol by the first bytes of its greeting or of its answer to a `ClientHello`.
fn plaintext(first_bytes: &[u8], port: u16) -> Finding {
    let (protocol, remedy) = protocol_of(first_bytes);
    let seen = printable(&String::from_utf8_lossy(first_bytes));
    let seen = seen.split('\u{fffd}').find(|part| !part.is_empty()).unwrap_or_default();
    let what = match protocol {
        Some(protocol) => format!("port {port} does not speak TLS but {protocol}: {seen:?}"),
        None => format!("port {port} does not speak TLS"),
    };
    let finding = Finding::new("plaintext-protocol", Severity::Error, what);
    match remedy {
        Some(remedy) => finding.repaired_by(remedy),
        None => finding,
    }
}

fn protocol_of(bytes: &[u8]) -> (Option<&'static str>, Option<&'static str>) {
    let starts = |text: &[u8]| bytes.starts_with(text);
    let contains =
        |text: &[u8]| bytes.windows(text.len()).any(|held| held.eq_ignore_ascii_case(text));
    let tls_port = |protocol| (Some(protocol), Some("use the TLS port, or STARTTLS on this one"));
    if starts(b"HTTP/") || starts(b"<") {
        (Some("HTTP"), Some("use the HTTPS port"))
    } else if starts(b"SSH-") {
        (Some("SSH"), Some("this is the SSH port"))
    } else if starts(b"220") && contains(b"ftp") {
        tls_port("FTP")
    } else if starts(b"220") {
        tls_port("SMTP")
    } else if starts(b"* OK") || starts(b"* PREAUTH") {
        tls_port("IMAP (use 993)")
    } else if starts(b"+OK") {
        tls_port("POP3 (use 995)")
    } else if bytes.get(4) == Some(&0x0a) && bytes.get(3) == Some(&0) {
        tls_port("MySQL")
    } else if starts(b"E") && bytes.get(1) == Some(&0) {
        tls_port("PostgreSQL")
    } else if starts(&[0x30]) {
        tls_port("LDAP (use 636)")
    } else {
        (None, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plaintext_protocols_are_named_by_their_first_bytes() {
        for (bytes, expected) in [
            (&b"HTTP/1.1 400 Bad Request\r\n"[..], Some("HTTP")),
            (b"<html>", Some("HTTP")),
            (b"SSH-2.0-OpenSSH_9.2\r\n", Some("SSH")),
            (b"220 mail.example.test ESMTP\r\n", Some("SMTP")),
            (b"220 FTP server ready\r\n", Some("FTP")),
            (b"* OK IMAP4rev1\r\n", Some("IMAP (use 993)")),
            (b"+OK POP3\r\n", Some("POP3 (use 995)")),
            (b"\x4a\0\0\0\x0a8.0.36", Some("MySQL")),
            (b"\xff\xff\xff\xff", None),
        ] {
            assert_eq!(protocol_of(bytes).0, expected);
        }
    }
}
