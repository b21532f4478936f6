//! What is told around the verdicts: the runtime, the path drawn, the findings.

use java_pkix::Protocol;

use super::case::Judged;
use crate::certificates::Other;
use crate::diagnosis::Finding;
use crate::report::RuntimeUsed;
use crate::settings::Settings;

pub(super) fn runtime(settings: &Settings) -> RuntimeUsed {
    let runtime = &settings.runtime;
    RuntimeUsed {
        release: runtime.release.value.to_string(),
        java_home: runtime.home.as_ref().map(|home| home.value.path().display().to_string()),
        source: runtime.release.source.to_string(),
    }
}

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
pub(super) fn findings(judged: &[Judged], notes: &[Finding]) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for finding in judged.iter().flat_map(|held| held.findings.iter()).chain(notes) {
        if !all.contains(finding) {
            all.push(finding.clone());
        }
    }
    all
}
