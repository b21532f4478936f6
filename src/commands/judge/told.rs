//! What is told around the verdicts: the runtime, the path drawn, the findings.

use java_pkix::{JavaException, JavaRelease, Protocol, Rules};

use super::case::Judged;
use crate::certificates::Other;
use crate::diagnosis::{Finding, of_failure};
use crate::java::{StoreFailure, of_trust_store};
use crate::report::{Decision, ExceptionLine, Judgement};

/// Reads `--tls`; without it the newest version counts first.
pub(super) fn protocols(text: Option<&str>) -> Result<Vec<Protocol>, String> {
    match text {
        None => Ok(vec![Protocol::Tls13, Protocol::Tls12]),
        Some("1.3" | "TLSv1.3") => Ok(vec![Protocol::Tls13]),
        Some("1.2" | "TLSv1.2") => Ok(vec![Protocol::Tls12]),
        Some(other) => Err(other.to_owned()),
    }
}

/// Something else in the file: a private key has no business there.
pub(super) fn other(other: &Other) -> Finding {
    Finding::note(
        "file-holds-more",
        format!("the file holds more than certificates: {other} is left alone"),
    )
}

/// Returns each finding once, what was also in the file last.
pub(super) fn findings(
    judged: &[Judged],
    unopened: &[Unopened],
    notes: &[Finding],
) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    let of_stores = unopened.iter().map(|held| of_failure(&held.failure));
    let of_chain = judged.iter().flat_map(|held| held.findings.iter()).chain(notes).cloned();
    for finding in of_stores.chain(of_chain) {
        if !all.contains(&finding) {
            all.push(finding);
        }
    }
    all
}

/// A release that cannot open the truststore: it would refuse every chain.
pub(super) struct Unopened {
    pub(super) failure: Box<StoreFailure>,
    pub(super) rules: Rules,
    pub(super) path: Option<String>,
}

impl Unopened {
    pub(super) fn exception(&self) -> JavaException {
        of_trust_store(&self.failure, &self.rules)
    }

    fn told(&self, protocol: Protocol) -> Judgement {
        let (release, recorded) = (self.rules.release(), self.rules.recorded_as());
        Judgement {
            release: release.to_string(),
            recorded_as: (recorded != release).then(|| recorded.to_string()),
            tls: protocol.java_name(),
            verdict: Decision::Reject,
            reason: Some(of_failure(&self.failure).code),
            certificate: None,
            alert: None,
            exception: ExceptionLine::all(&self.exception()),
            path: Vec::new(),
            tried: Vec::new(),
            either_way: None,
            static_rsa: false,
            has_store: false,
        }
    }
}

/// Returns all verdicts by release, the oldest first.
pub(super) fn verdicts(
    judged: Vec<Judged>,
    unopened: &[Unopened],
    protocols: &[Protocol],
) -> Vec<Judgement> {
    let refused = unopened.iter().flat_map(|held| {
        protocols.iter().map(|protocol| (held.rules.release(), held.told(*protocol)))
    });
    let judged = judged.into_iter().map(|held| (held.rules.release(), held.told));
    let mut all: Vec<(JavaRelease, Judgement)> = judged.chain(refused).collect();
    all.sort_by_key(|(release, _)| *release);
    all.into_iter().map(|(_, told)| told).collect()
}
