//! `judge --jsonl`: one case a line in, one verdict a line out, in the order in which they come.

use std::io::{self, BufRead, Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use java_pkix::{
    AuthType, EndpointIdentification, Parameters, Protocol, Rules, TrustAnchor, TrustAnchors, Utc,
    Verdict, validate,
};
use pki_types::CertificateDer;
use serde::{Deserialize, Serialize};

use crate::certificates::Shown;
use crate::report::Exit;

/// No case is longer than this; Java takes a chain of at most ten certificates.
const LONGEST_LINE: u64 = 64 << 20;

/// The time of a case that names none: 2026-11-22T12:00:00Z.
const TIME: i64 = 1_795_348_800;

/// A case.
#[derive(Deserialize)]
struct Case {
    id: String,
    host: String,
    /// Seconds since 1970-01-01T00:00:00Z.
    time: Option<i64>,
    chain: Vec<String>,
    anchors: Vec<String>,
    tls: Option<String>,
    endpoint: Option<String>,
}

/// The verdict of one case.
#[derive(Serialize)]
struct CaseVerdict {
    id: String,
    /// Where several are judged under.
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    verdict: &'static str,
    exc: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undetermined: Option<&'static str>,
}

/// What is said of a line that is no case.
#[derive(Serialize)]
struct NoCase {
    id: Option<String>,
    error: String,
}

/// Why a line is no case.
#[derive(Debug, thiserror::Error)]
enum CaseError {
    #[error("the line is longer than 64 MiB")]
    TooLong,
    #[error("no case: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{field}[{index}] is no base64: {error}")]
    Base64 { field: &'static str, index: usize, error: base64::DecodeError },
    #[error("tls {0:?}: TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3 is wanted")]
    Protocol(String),
    #[error("endpoint {0:?}: HTTPS, LDAPS or nothing is wanted")]
    Endpoint(String),
}

/// Judges the cases of `input`.
///
/// # Errors
///
/// Passes on what a stream says.
pub(super) fn run(
    releases: &[Rules],
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<Exit> {
    let mut exit = Exit::Yes;
    while let Some(line) = next_line(input)? {
        if line.as_ref().is_ok_and(|line| line.trim_ascii().is_empty()) {
            continue;
        }
        let judged = line.and_then(|line| judged(&line, releases).map_err(|error| error.of(&line)));
        match judged {
            Ok(verdicts) => {
                for verdict in verdicts {
                    serde_json::to_writer(&mut *out, &verdict)?;
                    writeln!(out)?;
                }
            }
            Err(no_case) => {
                exit = Exit::Unreadable;
                serde_json::to_writer(&mut *out, &no_case)?;
                writeln!(out)?;
            }
        }
    }
    Ok(exit)
}

impl CaseError {
    /// Names the case, if the line does.
    fn of(&self, line: &[u8]) -> NoCase {
        let id = serde_json::from_slice(line).ok().and_then(|case: serde_json::Value| {
            case.get("id").and_then(serde_json::Value::as_str).map(str::to_owned)
        });
        NoCase { id, error: self.to_string() }
    }
}

/// Returns the next line; one that is too long is passed over.
fn next_line(input: &mut dyn BufRead) -> io::Result<Option<Result<Vec<u8>, NoCase>>> {
    let mut line = Vec::new();
    if input.take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let is_cut = u64::try_from(line.len()).is_ok_and(|length| length == LONGEST_LINE);
    if !is_cut || line.ends_with(b"\n") {
        return Ok(Some(Ok(line)));
    }
    loop {
        line.clear();
        let length = input.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if length == 0 || line.ends_with(b"\n") {
            return Ok(Some(Err(CaseError::TooLong.of(&[]))));
        }
    }
}

/// Judges a case under every release.
fn judged(line: &[u8], releases: &[Rules]) -> Result<Vec<CaseVerdict>, CaseError> {
    let case: Case = serde_json::from_slice(line)?;
    let names_release = releases.len() > 1;
    let verdict = |rules: &Rules| {
        let release = names_release.then(|| rules.release().to_string());
        verdict_of(&case, rules).map(|verdict| CaseVerdict { release, ..verdict })
    };
    releases.iter().map(verdict).collect()
}

fn verdict_of(case: &Case, rules: &Rules) -> Result<CaseVerdict, CaseError> {
    let (id, release) = (case.id.clone(), None);
    let chain = certificates("chain", &case.chain)?;
    let anchors: TrustAnchors = certificates("anchors", &case.anchors)?
        .into_iter()
        .map(|certificate| TrustAnchor::new("", certificate))
        .collect();
    let protocol = protocol(case.tls.as_deref())?;
    let parameters = Parameters {
        rules,
        host: &case.host,
        endpoint_identification: endpoint_identification(case.endpoint.as_deref())?,
        protocol,
        auth_type: auth_type(protocol, chain.first()),
        now: case.time.unwrap_or(TIME).saturating_mul(1000),
        zone: &Utc,
    };
    if let Some((_, fault)) = anchors.first_unreadable(rules) {
        let exc = fault.chain().map(ToString::to_string).collect();
        let reason = Some("anchor-unreadable");
        let (verdict, undetermined) = ("reject", None);
        return Ok(CaseVerdict { id, release, verdict, exc, reason, undetermined });
    }
    Ok(match validate(&chain, &anchors, &parameters) {
        Verdict::Trusted(_) => CaseVerdict {
            id,
            release,
            verdict: "accept",
            exc: Vec::new(),
            reason: None,
            undetermined: None,
        },
        Verdict::Rejected(rejection) => CaseVerdict {
            id,
            release,
            verdict: "reject",
            exc: rejection.exception.chain().map(ToString::to_string).collect(),
            reason: Some(rejection.reason.code()),
            undetermined: rejection
                .trace
                .is_exhausted
                .then_some("more candidates for a path than are tried"),
        },
    })
}

fn certificates(
    field: &'static str,
    texts: &[String],
) -> Result<Vec<CertificateDer<'static>>, CaseError> {
    let decode = |(index, text): (usize, &String)| match BASE64_STANDARD.decode(text) {
        Ok(bytes) => Ok(CertificateDer::from(bytes)),
        Err(error) => Err(CaseError::Base64 { field, index, error }),
    };
    texts.iter().enumerate().map(decode).collect()
}

fn protocol(name: Option<&str>) -> Result<Protocol, CaseError> {
    match name {
        None | Some("TLSv1.3") => Ok(Protocol::Tls13),
        Some("TLSv1.2") => Ok(Protocol::Tls12),
        Some("TLSv1.1") => Ok(Protocol::Tls11),
        Some("TLSv1") => Ok(Protocol::Tls10),
        Some(other) => Err(CaseError::Protocol(other.to_owned())),
    }
}

fn endpoint_identification(name: Option<&str>) -> Result<EndpointIdentification, CaseError> {
    match name {
        None | Some("HTTPS") => Ok(EndpointIdentification::Https),
        Some("LDAPS") => Ok(EndpointIdentification::Ldaps),
        Some("") => Ok(EndpointIdentification::None),
        Some(other) => Err(CaseError::Endpoint(other.to_owned())),
    }
}

/// Returns the key exchange that a server with this certificate makes before TLS 1.3: the one of its key.
pub(super) fn auth_type(protocol: Protocol, end_entity: Option<&CertificateDer<'_>>) -> AuthType {
    if protocol == Protocol::Tls13 {
        return AuthType::Unknown;
    }
    let is_rsa = end_entity.and_then(Shown::of).is_some_and(|shown| shown.has_rsa_key());
    if is_rsa { AuthType::EcdheRsa } else { AuthType::EcdheEcdsa }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(input: &[u8]) -> (Exit, Vec<serde_json::Value>) {
        let rules = Rules::built_in("17".parse().unwrap());
        let mut out = Vec::new();
        let exit = run(&[rules], &mut &*input, &mut out).unwrap();
        let lines = out.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        (exit, lines.map(|line| serde_json::from_slice(line).unwrap()).collect())
    }

    #[test]
    fn a_line_that_is_no_case_does_not_keep_others_from_being_judged() {
        let good = br#"{"id":"a","host":"h","chain":[],"anchors":[]}"#;
        let input = [
            good.as_slice(),
            b"\n\nno json\n",
            br#"{"id":"b","host":"h","chain":["*"],"anchors":[]}"#,
            b"\n\xff\n",
            br#"{"id":"c","host":"h","chain":[],"anchors":[],"tls":"SSLv3"}"#,
            b"\n",
            good,
        ]
        .concat();
        let (exit, lines) = judged(&input);
        assert_eq!(exit, Exit::Unreadable);
        let ids: Vec<_> = lines.iter().map(|line| line["id"].as_str()).collect();
        assert_eq!(ids, [Some("a"), None, Some("b"), None, Some("c"), Some("a")]);
        let failed: Vec<_> = lines.iter().map(|line| line["error"].is_string()).collect();
        assert_eq!(failed, [false, true, true, true, true, false]);
        assert_eq!(lines[0]["verdict"], "reject");
        assert_eq!(lines[0]["reason"], "pkix-no-certificates");
    }
}
