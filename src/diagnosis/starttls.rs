//! Findings about plaintext: dialogues that did not lead to TLS, and peers that wanted one.

use handshake_probe::{Cause, Failure, Stage, StartTls, StartTlsFault};

use super::{Evidence, Finding, Severity};
use crate::certificates::printable;
use crate::cli::{starttls_names, starttls_of_port};

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let Some(observation) = evidence.observation else { return Vec::new() };
    match (evidence.starttls, &observation.outcome) {
        (Some(protocol), Err(failure)) if failure.stage == Stage::StartTls => {
            vec![of_dialogue(protocol, &failure.cause, evidence.port)]
        }
        (Some(protocol), outcome) if outcome.as_ref().map_or_else(is_after_dialogue, |_| true) => {
            let what = format!("TLS began after a dialogue in {}", starttls_names(protocol).1);
            vec![Finding::new("starttls", Severity::Note, what)]
        }
        (None, Err(failure)) => wanted(failure, evidence.port).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn is_after_dialogue(failure: &Failure) -> bool {
    failure.stage > Stage::StartTls
}

/// Says why a dialogue did not lead to TLS.
fn of_dialogue(protocol: StartTls, cause: &Cause, port: u16) -> Finding {
    let (word, name) = starttls_names(protocol);
    let error = |code, what: String| Finding::new(code, Severity::Error, what);
    if let Cause::StartTls(fault) = cause {
        return of_fault(protocol, fault, port);
    }
    if matches!(cause, Cause::TimedOut) {
        let what = format!("the server on port {port} did not go on with the dialogue in {name}");
        return error("timeout", what)
            .because(format!(
                "a server that expects TLS from the first byte waits just so, and --starttls {word} waits for it"
            ))
            .repaired_by(AT_ONCE);
    }
    let what = if matches!(cause, Cause::Closed) {
        format!("the server closed the connection in the middle of the dialogue in {name}")
    } else {
        format!("the dialogue in {name} failed: {cause}")
    };
    error("starttls-refused", what)
}

fn of_fault(protocol: StartTls, fault: &StartTlsFault, port: u16) -> Finding {
    let name = starttls_names(protocol).1;
    let error = |code, what: String| Finding::new(code, Severity::Error, what);
    match fault {
        StartTlsFault::Refused { asked, answer } => error(
            "starttls-refused",
            format!("the server did not begin TLS: to {asked} it answered {}", shown(answer)),
        ),
        StartTlsFault::NotOffered { offered } => error(
            "starttls-not-offered",
            format!("the server does not offer TLS on port {port}: {}", shown(offered)),
        )
        .because("TLS may be switched off there, or it has no certificate; some offer it to some clients only"),
        StartTlsFault::Foreign { answer } => {
            let found = protocol_of(answer.as_bytes());
            let found = found.filter(|found| found.starttls != Some(protocol));
            let other = found.map(|found| format!(" but {}", found.name)).unwrap_or_default();
            let what = format!("port {port} does not speak {name}{other}: {}", shown(answer));
            let finding = error("starttls-wrong-protocol", what);
            match found.and_then(|found| found.remedy(port)) {
                Some(remedy) => finding.repaired_by(remedy),
                None => finding,
            }
        }
        StartTlsFault::AlreadyTls => {
            error("tls-at-once", format!("port {port} speaks TLS from the first byte"))
                .repaired_by(AT_ONCE)
        }
        StartTlsFault::Injected { .. } => {
            error("starttls-injected", format!("the dialogue in {name} was broken off: {fault}"))
                .because("they would be taken for what the server says under TLS: the server is at fault, or somebody on the way put them there")
        }
        StartTlsFault::TooLong => {
            error("starttls-wrong-protocol", format!("port {port} does not speak {name}: {fault}"))
        }
    }
}

const AT_ONCE: &str = "leave --starttls out, or use the scheme of the TLS port";

/// Says that a peer which did not answer TLS has the port of a plaintext protocol.
fn wanted(failure: &Failure, port: u16) -> Option<Finding> {
    let is_silence = matches!(failure.cause, Cause::Closed | Cause::TimedOut);
    let protocol =
        starttls_of_port(port).filter(|_| is_silence && failure.stage == Stage::Hello)?;
    let (word, name) = starttls_names(protocol);
    let what = format!("port {port} is that of {name}, which begins in plaintext");
    Some(
        Finding::new("starttls-wanted", Severity::Error, what)
            .repaired_by(format!("sslpoke poke HOST:{port} --starttls {word}")),
    )
}

/// Names the protocol of a peer that answered `ClientHello` in plaintext.
pub(super) fn plaintext(first_bytes: &[u8], port: u16) -> Finding {
    let text = printable(&String::from_utf8_lossy(first_bytes));
    let seen = text.split('\u{fffd}').find(|part| !part.is_empty()).unwrap_or_default();
    let found = protocol_of(first_bytes);
    let what = match &found {
        Some(found) => format!("port {port} does not speak TLS but {}: {seen:?}", found.name),
        None => format!("port {port} does not speak TLS"),
    };
    let finding = Finding::new("plaintext-protocol", Severity::Error, what);
    match found.and_then(|found| found.remedy(port)) {
        Some(remedy) => finding.repaired_by(remedy),
        None => finding,
    }
}

/// A protocol, told by its first bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Spoken {
    name: &'static str,
    /// The dialogue that leads to TLS in it.
    starttls: Option<StartTls>,
    /// The port where it speaks TLS from the first byte.
    tls_port: Option<u16>,
}

impl Spoken {
    fn remedy(&self, port: u16) -> Option<String> {
        match (self.starttls.map(starttls_names), self.tls_port) {
            (Some((word, _)), Some(tls_port)) if tls_port != port => Some(format!(
                "--starttls {word} on this port, or TLS from the first byte on port {tls_port}"
            )),
            (Some((word, _)), _) => Some(format!("--starttls {word}")),
            (None, _) if self.name == "HTTP" => Some("use the HTTPS port".to_owned()),
            (None, _) if self.name == "SSH" => Some("this is the SSH port".to_owned()),
            (None, _) => None,
        }
    }
}

/// Names a protocol by a greeting, or by an answer to what it did not understand.
fn protocol_of(bytes: &[u8]) -> Option<Spoken> {
    let starts = |text: &[u8]| bytes.starts_with(text);
    let contains =
        |text: &[u8]| bytes.windows(text.len()).any(|held| held.eq_ignore_ascii_case(text));
    let spoken = |name, starttls, tls_port| Some(Spoken { name, starttls, tls_port });
    if starts(b"HTTP/") {
        spoken("HTTP", None, None)
    } else if starts(b"<?xml") || starts(b"<stream:") {
        spoken("XMPP", Some(StartTls::Xmpp), Some(5223))
    } else if starts(b"<") {
        spoken("HTTP", None, None)
    } else if starts(b"SSH-") {
        spoken("SSH", None, None)
    } else if starts(b"220") && contains(b"ftp") {
        spoken("FTP", Some(StartTls::Ftp), Some(990))
    } else if starts(b"220") && contains(b"lmtp") {
        spoken("LMTP", Some(StartTls::Lmtp), None)
    } else if starts(b"220") || (starts(b"554") && contains(b"smtp")) {
        spoken("SMTP", Some(StartTls::Smtp), Some(465))
    } else if starts(b"* OK") || starts(b"* PREAUTH") || starts(b"* BYE") {
        spoken("IMAP", Some(StartTls::Imap), Some(993))
    } else if starts(b"+OK") || starts(b"-ERR") {
        spoken("POP3", Some(StartTls::Pop3), Some(995))
    } else if bytes.get(3) == Some(&0) && matches!(bytes.get(4), Some(0x0a | 0xff)) {
        spoken("MySQL", Some(StartTls::Mysql), None)
    } else if starts(b"E\0") {
        spoken("PostgreSQL", Some(StartTls::Postgres), None)
    } else if starts(&[0x30]) {
        spoken("LDAP", Some(StartTls::Ldap), Some(636))
    } else if starts(b"RFB ") {
        spoken("VNC", None, None)
    } else {
        None
    }
}

fn shown(answer: &str) -> String {
    format!("\"{}\"", printable(answer.lines().collect::<Vec<_>>().join(" ").as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plaintext_protocols_are_named_by_their_first_bytes() {
        for (bytes, name, remedy) in [
            (&b"HTTP/1.1 400 Bad Request\r\n"[..], "HTTP", "use the HTTPS port"),
            (b"<html>", "HTTP", "use the HTTPS port"),
            (b"<?xml version='1.0'?>", "XMPP", "--starttls xmpp on this port"),
            (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH", "this is the SSH port"),
            (b"220 mail.example.test ESMTP\r\n", "SMTP", "--starttls smtp on this port"),
            (b"220 mail.example.test LMTP\r\n", "LMTP", "--starttls lmtp"),
            (b"220 FTP server ready\r\n", "FTP", "--starttls ftp on this port"),
            (
                b"* OK IMAP4rev1\r\n",
                "IMAP",
                "--starttls imap on this port, or TLS from the first byte on port 993",
            ),
            (b"+OK POP3\r\n", "POP3", "--starttls pop3 on this port"),
            (b"\x4a\0\0\0\x0a8.0.36", "MySQL", "--starttls mysql"),
            (b"\x45\0\0\0\xff\x6a\x04Host", "MySQL", "--starttls mysql"),
        ] {
            let found = protocol_of(bytes).unwrap();
            assert_eq!(found.name, name);
            let told = found.remedy(2525).unwrap();
            assert!(told.starts_with(remedy), "{told}");
        }
        assert_eq!(protocol_of(b"\xff\xff\xff\xff"), None);
    }
}
