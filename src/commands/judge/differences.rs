//! Why releases disagree about a chain: the one switch that turns the verdict of one into that of the other, by trial.

use java_pkix::{Switch, Verdict};

use super::case::{Case, Judged};
use crate::report::Difference;

/// Explains every step between neighbouring releases that decide otherwise, and between versions of TLS.
pub(super) fn explain(case: &Case<'_>, judged: &[Judged]) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (place, later) in judged.iter().enumerate() {
        let mut before = judged.iter().take(place).rev();
        let Some(earlier) = before.find(|held| held.protocol == later.protocol) else { continue };
        if outcome(&earlier.verdict) != outcome(&later.verdict) {
            let difference = between(case, earlier, later);
            if !differences.contains(&difference) {
                differences.push(difference);
            }
        }
    }
    differences
}

/// What a verdict comes down to: accepted, or why not.
fn outcome(verdict: &Verdict) -> Option<java_pkix::Reason> {
    match verdict {
        Verdict::Trusted(_) => None,
        Verdict::Rejected(rejection) => Some(rejection.reason),
    }
}

fn between(case: &Case<'_>, earlier: &Judged, later: &Judged) -> Difference {
    let releases = [earlier.told.release.clone(), later.told.release.clone()];
    let wanted = outcome(&later.verdict);
    let turns = |switch: &&Switch| {
        let rules = earlier.rules.with_switch_of(switch, &later.rules);
        outcome(&case.verdict(&rules, later.protocol)) == wanted
    };
    match Switch::all().find(turns) {
        Some(switch) => {
            let [one, other] = [earlier, later].map(|held| switch.value(held.rules.profile()));
            let is_short = one.len().max(other.len()) <= 24;
            Difference {
                releases,
                switch: Some(switch.name),
                what: switch.what.to_owned(),
                values: is_short.then_some([one, other]),
            }
        }
        None => Difference {
            releases,
            switch: None,
            what: "more than one rule differs".to_owned(),
            values: None,
        },
    }
}
