//! Rules about where the store lies: who may read and change it, and what lies beside it.

use super::StoreEvidence;
use super::codes::{
    CACERTS_HIDDEN, CACERTS_HIDING, FILE_NOT_FOR_ALL, FILE_UNREADABLE_TO_USER, FILE_WRITABLE_BY_ALL,
};
use crate::diagnosis::Finding;
use crate::diagnosis::store::quoted;

pub(super) fn findings(evidence: &StoreEvidence<'_>) -> Vec<Finding> {
    [hidden(evidence), hiding(evidence), reach(evidence), writable(evidence)]
        .into_iter()
        .flatten()
        .collect()
}

fn hidden(evidence: &StoreEvidence<'_>) -> Option<Finding> {
    let other = evidence.place.hidden_by.as_ref()?;
    Some(
        CACERTS_HIDDEN
            .finding(format!("Java reads {} instead of this store", other.display()))
            .because(
                "where there is a jssecacerts, cacerts is not read at all; the two are not merged",
            )
            .repaired_by("import into jssecacerts, or move it away"),
    )
}

fn hiding(evidence: &StoreEvidence<'_>) -> Option<Finding> {
    let other = evidence.place.hides.as_ref()?;
    Some(
        CACERTS_HIDING
            .finding(format!("while this store is there, Java does not read {}", other.display()))
            .because("the two are not merged: what is imported into cacerts has no effect")
            .repaired_by("import into jssecacerts, or move it away"),
    )
}

/// A file that Java may not read is silently passed over for `cacerts`.
fn reach(evidence: &StoreEvidence<'_>) -> Option<Finding> {
    let place = evidence.place;
    if let Some(barrier) = &place.barrier {
        let Some(user) = &barrier.user else {
            let what = format!("not every user may read the store: {}", barrier.what);
            return Some(
                FILE_NOT_FOR_ALL
                    .finding(what)
                    .because("a service whose user may not read it silently uses cacerts instead")
                    .repaired_by("--user NAME checks it for the user of the service"),
            );
        };
        return Some(
            FILE_UNREADABLE_TO_USER
                .finding(format!("{user} may not read the store: {}", barrier.what))
                .because("Java does not say so: it silently uses cacerts instead")
                .repaired_by(barrier.remedy(&quoted(&barrier.path.display().to_string()))),
        );
    }
    None
}

fn writable(evidence: &StoreEvidence<'_>) -> Option<Finding> {
    let at = evidence.place.writable_by_all.as_ref()?;
    let path = at.display().to_string();
    Some(
        FILE_WRITABLE_BY_ALL
            .finding(format!("every user of this machine may write to {path}"))
            .because("who writes it decides whom Java trusts")
            .repaired_by(format!("chmod o-w {}", quoted(&path))),
    )
}
