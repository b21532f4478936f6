//! Findings about the clock: where most public roots seem to be out of date, it is not they that are wrong.

use java_pkix::{Reason, Verdict};

use super::candidates::{Candidate, FoundIn};
use super::origin::is_public;
use super::{Evidence, Finding, Severity};
use crate::certificates::{Shown, time};

/// Of fewer roots nothing can be concluded.
const FEWEST_ROOTS: usize = 8;

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let is_of_dates = matches!(
        evidence.verdict,
        Some(Verdict::Rejected(rejection))
            if matches!(rejection.reason, Reason::Expired | Reason::NotYetValid)
    );
    if is_of_dates { of_clock(evidence).into_iter().collect() } else { Vec::new() }
}

fn of_clock(evidence: &Evidence<'_>) -> Option<Finding> {
    let now = evidence.now;
    let held = evidence.opened.into_iter().flat_map(|opened| opened.anchors.iter());
    let of_store = held.map(|anchor| &anchor.certificate);
    let system = evidence.candidates.iter().filter(|held| held.place == FoundIn::System);
    let mut dates: Vec<(i64, i64)> = of_store
        .chain(system.map(|Candidate { certificate, .. }| certificate))
        .filter(|held| is_public(held).is_some())
        .filter_map(|held| Shown::of(held).map(|shown| shown.validity()))
        .collect();
    // the stand-ins for Mozilla's roots have no dates of their own
    dates.retain(|(from, until)| *from != 0 && *until > *from);
    let wrong = dates.iter().filter(|(from, until)| now < *from || now > *until).count();
    if dates.len() < FEWEST_ROOTS || wrong * 2 <= dates.len() {
        return None;
    }
    let what = format!(
        "this machine's clock is wrong: at {} {wrong} of {} public roots would be out of date",
        time(now),
        dates.len()
    );
    Some(
        Finding::new("clock-wrong", Severity::Error, what)
            .because("Java judges every certificate by that clock")
            .repaired_by(
                "set the clock: `date` shows it, `timedatectl set-ntp true` keeps it right",
            ),
    )
}
