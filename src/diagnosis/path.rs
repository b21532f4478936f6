//! Findings about a path that Java does not find: what is missing, and who else has it.

use std::collections::HashSet;

use java_pkix::Verdict;
use pki_types::CertificateDer;

use super::origin::contents;
use super::store::{add_to, store_name};
use super::{Evidence, Finding, Severity};
use crate::certificates::{Shown, fingerprint};

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let (Some(Verdict::Rejected(rejection)), Some(observation)) =
        (evidence.verdict, evidence.observation)
    else {
        return Vec::new();
    };
    if rejection.reason.code() != NO_PATH {
        return Vec::new();
    }
    let Some(top) = topmost(&observation.chain) else {
        return Vec::new();
    };
    vec![explain(evidence, &observation.chain, &top)]
}

/// The code of the reason that `unable to find valid certification path` has.
const NO_PATH: &str = "pkix-no-path";

/// The last certificate that can be reached from the end entity's by name, and how many were needed.
pub(super) struct Topmost<'a> {
    pub(super) shown: Shown<'a>,
    certificate: &'a CertificateDer<'static>,
    steps: usize,
}

pub(super) fn topmost<'a>(chain: &'a [CertificateDer<'static>]) -> Option<Topmost<'a>> {
    let mut parsed: Vec<(&'a CertificateDer<'static>, Shown<'a>)> =
        chain.iter().filter_map(|held| Shown::of(held).map(|shown| (held, shown))).collect();
    if parsed.is_empty() {
        return None;
    }
    let (mut certificate, mut shown) = parsed.remove(0);
    let mut steps = 1;
    while !shown.is_self_issued() {
        let issuer = shown.issuer_der();
        let Some(next) = parsed.iter().position(|(_, held)| held.subject_der() == issuer) else {
            break;
        };
        (certificate, shown) = parsed.remove(next);
        steps += 1;
    }
    Some(Topmost { shown, certificate, steps })
}

fn explain(
    evidence: &Evidence<'_>,
    chain: &[CertificateDer<'static>],
    top: &Topmost<'_>,
) -> Finding {
    let store = store_name(evidence);
    let issuer = top.shown.issuer();
    let known = Known::to(top.shown.issuer_der());
    if top.shown.is_self_issued() && top.steps == 1 && !top.shown.is_authority() {
        let what = format!("the server's certificate is self-signed, and not in {store}");
        return Finding::new("self-signed", Severity::Error, what)
            .because(format!("{issuer}, SHA-256 {}", fingerprint(top.certificate)))
            .repaired_by(format!("{} --pin", add_to(evidence)));
    }
    if let Some(root) = &known.to_system {
        let what = format!("the system trusts {issuer}, Java does not: it is not in {store}");
        return Finding::new("root-trusted-by-system-only", Severity::Error, what)
            .because(format!("root SHA-256 {}", fingerprint(root)))
            .repaired_by(add_to(evidence));
    }
    if known.to_mozilla {
        let what = format!("{issuer} is a public root that is not in {store}");
        return Finding::new("public-root-missing", Severity::Error, what)
            .because("that store is too old for it, or was cut down")
            .repaired_by(add_to(evidence));
    }
    if top.shown.is_self_issued() {
        let what = format!("the root that the server sent is not in {store}: {issuer}");
        return Finding::new("root-not-trusted", Severity::Error, what)
            .because(format!("SHA-256 {}", fingerprint(top.certificate)))
            .repaired_by(add_to(evidence));
    }
    missing_issuer(evidence, chain, top)
}

/// The issuer was not sent and nobody here knows it: an intermediate that the server should send, or a private root.
fn missing_issuer(
    evidence: &Evidence<'_>,
    chain: &[CertificateDer<'static>],
    top: &Topmost<'_>,
) -> Finding {
    let (store, issuer) = (store_name(evidence), top.shown.issuer());
    let sent = match chain.len() {
        1 => "the server sent 1 certificate".to_owned(),
        count => format!("the server sent {count} certificates"),
    };
    if top.steps > 1 {
        let what = format!("{sent} and not its root, {issuer}; that is not in {store}");
        return Finding::new("root-not-trusted", Severity::Error, what)
            .because("a root is not usually sent: it has to be in the store")
            .repaired_by(add_to(evidence));
    }
    let what = format!("{sent}; its issuer is missing: {issuer}");
    let why = match top.shown.issuer_url() {
        Some(url) => {
            format!("it is neither sent nor in {store}; the certificate says where it is: {url}")
        }
        None => format!("it is neither sent nor in {store}"),
    };
    Finding::new("issuer-missing", Severity::Error, what)
        .because(format!("{why}. Browsers fetch or remember an intermediate, Java does not"))
        .repaired_by(format!(
            "if it is an intermediate, let the server send its whole chain; if it is your root: {}",
            add_to(evidence)
        ))
}

/// Who else knows an issuer.
pub(super) struct Known {
    pub(super) to_system: Option<CertificateDer<'static>>,
    to_mozilla: bool,
}

impl Known {
    pub(super) fn to(issuer: &[u8]) -> Self {
        let to_mozilla = webpki_roots::TLS_SERVER_ROOTS
            .iter()
            .any(|root| contents(issuer) == Some(root.subject.as_ref()));
        let loaded = rustls_native_certs::load_native_certs();
        let mut seen = HashSet::new();
        let to_system = loaded
            .certs
            .into_iter()
            .filter(|held| seen.insert(held.to_vec()))
            .find(|held| Shown::of(held).is_some_and(|shown| shown.subject_der() == issuer));
        Self { to_system, to_mozilla }
    }
}
