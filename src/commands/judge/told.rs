//! What is told around the verdicts: the runtime, the path drawn, the findings.

use java_pkix::{Protocol, Verdict};

use super::case::{Case, Judged};
use crate::certificates::{Other, Shown, fingerprint, printable, time};
use crate::diagnosis::Finding;
use crate::report::{Branch, RuntimeUsed};
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

/// Draws the way from the end entity up to the truststore, as far as it goes; the break is marked.
pub(super) fn tree(case: &Case<'_>, judged: &[Judged]) -> Vec<Branch> {
    let rejected = judged.iter().find_map(|held| match &held.verdict {
        Verdict::Rejected(rejection) => Some((held, rejection)),
        Verdict::Trusted(_) => None,
    });
    let faulty = rejected.and_then(|(_, rejection)| rejection.certificate);
    let (mut branches, mut used) = (Vec::new(), vec![0]);
    let Some(mut shown) = case.chain.first().and_then(Shown::of) else { return branches };
    let mut place = 0;
    loop {
        let mut branch = branch(case, place, &shown);
        if faulty == Some(place) {
            branch.broken = rejected.map(|(held, _)| held.told.reason.unwrap_or_default());
        }
        branches.push(branch);
        let next = case.chain.iter().enumerate().find_map(|(index, held)| {
            let next = Shown::of(held).filter(|_| !used.contains(&index))?;
            (next.subject_der() == shown.issuer_der()).then_some((index, next))
        });
        match next {
            Some((index, next)) if !shown.is_self_issued() => {
                used.push(index);
                (place, shown) = (index, next);
            }
            Some(_) | None => break,
        }
    }
    if branches.last().is_some_and(|top| top.in_truststore) {
        return branches;
    }
    branches.extend(top(case, &shown, rejected.is_some() && faulty.is_none()));
    branches
}

fn branch(case: &Case<'_>, place: usize, shown: &Shown<'_>) -> Branch {
    let certificate = case.chain.get(place);
    Branch {
        subject: shown.subject(),
        place: Some(place + 1),
        until: Some(time(shown.validity().1)),
        in_truststore: case.anchors.iter().any(|held| Some(&held.certificate) == certificate),
        alias: None,
        broken: None,
    }
}

/// The issuer of the topmost certificate: in the truststore, or missing.
fn top(case: &Case<'_>, shown: &Shown<'_>, is_break: bool) -> Option<Branch> {
    let held = case.anchors.iter().find_map(|anchor| {
        let held = Shown::of(&anchor.certificate)?;
        (held.subject_der() == shown.issuer_der()).then(|| (anchor, held.validity().1))
    });
    if held.is_none() && shown.is_self_issued() {
        return None;
    }
    Some(Branch {
        subject: shown.issuer(),
        place: None,
        until: held.as_ref().map(|(_, until)| time(*until)),
        in_truststore: held.is_some(),
        alias: held.as_ref().map(|(anchor, _)| match anchor.name.as_str() {
            "" => fingerprint(&anchor.certificate),
            name => printable(name),
        }),
        broken: match (&held, is_break) {
            (None, _) => Some("missing"),
            (Some(_), true) => Some("does not fit"),
            (Some(_), false) => None,
        },
    })
}
