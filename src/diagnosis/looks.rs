//! What further handshakes showed: with a server name, with other addresses, with an offer that leaves nothing out.

use std::net::SocketAddr;
use std::path::PathBuf;

use pki_types::CertificateDer;

use super::store::quoted;
use super::{Evidence, Finding, Severity};
use crate::certificates::{Shown, printable};
use crate::machine::ScriptLine;
use crate::settings::{Disabled, TRUST_STORE};

/// What further looks showed; empty where there was no reason for them.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// With the server name that Java does not send.
    pub(crate) named: Option<Named>,
    /// The addresses after the first one, and whether Java would connect there.
    pub(crate) addresses: Vec<(SocketAddr, bool)>,
    /// What the server takes if nothing is disabled.
    pub(crate) wide: Option<Wide>,
    /// The entries of security properties without which the certificates would have been accepted.
    pub(crate) disabled: Vec<Disabled>,
    /// A store whose name is nearly that of the one which is not there.
    pub(crate) near: Option<NearStore>,
    /// Where the one which is not there is named.
    pub(crate) script: Option<Script>,
    /// Certificates that could not be fetched: where, and why.
    pub(crate) unfetched: Vec<(String, String)>,
}

/// What a server shows when it is told the name.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) connected: bool,
    pub(crate) leaf: Option<CertificateDer<'static>>,
}

/// What a server takes if nothing is disabled.
#[derive(Debug)]
pub(crate) struct Wide {
    /// The version of TLS, as Java names it.
    pub(crate) protocol: &'static str,
    pub(crate) cipher_suite: Option<&'static str>,
    /// The scheme of its signature over the handshake, where Java does not take that.
    pub(crate) signature_scheme: Option<&'static str>,
    /// What keeps Java from it.
    pub(crate) disabled: Vec<Disabled>,
}

/// A store beside the one that is not there.
#[derive(Debug)]
pub(crate) struct NearStore {
    pub(crate) path: PathBuf,
    /// Whether Java would trust the server by it.
    pub(crate) accepts: bool,
}

/// The line of a script that names a store which is not there, or did when the JVM was started.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) line: ScriptLine,
    /// Whether it names one by now that is there.
    pub(crate) is_corrected: bool,
    /// What has to be done that the JVM takes note of it; none where it does not run.
    pub(crate) restart: Option<String>,
}

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let looks = evidence.looks;
    let mut findings: Vec<Finding> = named(evidence).into_iter().collect();
    findings.extend(of_disabled(&looks.disabled));
    findings.extend(looks.unfetched.iter().map(|(url, why)| {
        let what = format!("nothing was fetched from {}: {}", printable(url), printable(why));
        Finding::new("intermediate-not-fetched", Severity::Warning, what)
    }));
    findings
}

fn named(evidence: &Evidence<'_>) -> Option<Finding> {
    let Named { name, connected, leaf } = evidence.looks.named.as_ref()?;
    let first = evidence.observation.and_then(|seen| seen.chain.first());
    if !connected && (leaf.is_none() || leaf.as_ref() == first) {
        return None;
    }
    let what = if *connected {
        format!("with the server name {name:?} Java would connect, but it sends none")
    } else {
        let subject = leaf.as_ref().and_then(|leaf| Shown::of(leaf)).map(|shown| shown.subject());
        format!(
            "with the server name {name:?} the server shows another certificate, {}, but Java sends none",
            subject.unwrap_or_default()
        )
    };
    Some(
        Finding::new("server-name-not-sent", Severity::Error, what)
            .because("Java sends no server name (SNI) for a host without a dot; curl, openssl and browsers do, so they reach the right server where Java gets the default one")
            .repaired_by(format!("use the full name of the host, {name}.DOMAIN, in the URL")),
    )
}

/// Names the entries that stand in the way.
pub(super) fn entries(disabled: &[Disabled]) -> String {
    let entries: Vec<String> = disabled.iter().map(ToString::to_string).collect();
    entries.join(" and ")
}

fn of_disabled(disabled: &[Disabled]) -> Option<Finding> {
    let entries = Some(entries(disabled)).filter(|entries| !entries.is_empty())?;
    let what = format!("this Java disables what the certificates are made with: {entries}");
    let finding = Finding::new("algorithm-disabled", Severity::Error, what)
        .because("without that Java would accept the chain")
        .repaired_by("have the certificate issued anew with SHA-256 and RSA of 2048 bits or more, or an elliptic curve; do not loosen the property for all");
    Some(finding)
}

/// Says which store was meant, where that is known.
pub(super) fn meant(evidence: &Evidence<'_>) -> Option<String> {
    let NearStore { path, accepts } = evidence.looks.near.as_ref()?;
    let path = path.display();
    Some(if *accepts {
        format!("{path} is there, and by it Java would trust this server")
    } else {
        format!("{path} is there")
    })
}

/// Says how the name of the store is to be corrected, as far as it is known which one was meant, and where it stands.
pub(super) fn correction(evidence: &Evidence<'_>) -> Option<String> {
    let looks = evidence.looks;
    let near = looks.near.as_ref().map(|near| near.path.display().to_string());
    let Some(Script { line, is_corrected, restart }) = &looks.script else {
        return near.map(|path| format!("correct the path: -D{TRUST_STORE}={}", quoted(&path)));
    };
    let place = format!("line {} of {}", line.number, line.file.display());
    let then = restart.as_ref().map(|restart| format!(", and {restart}")).unwrap_or_default();
    Some(match (near, restart) {
        (_, Some(restart)) if *is_corrected => {
            format!("{restart}: {place} names {} by now", line.value)
        }
        (Some(path), _) => match line.edit(&path) {
            Some(command) => format!("correct {place}{then}:\n{command}"),
            None => format!("write -D{TRUST_STORE}={} in {place}{then}", quoted(&path)),
        },
        (None, _) => format!("correct -D{TRUST_STORE} in {place}, or take it out{then}"),
    })
}
