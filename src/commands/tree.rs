//! The way from a server's certificate up to the truststore, as it is drawn.

use java_pkix::{Rejection, TrustAnchors};
use pki_types::CertificateDer;

use crate::certificates::{Shown, fingerprint, printable, time};
use crate::report::Branch;

/// A chain that is to be drawn.
pub(super) struct Drawn<'a> {
    pub(super) chain: &'a [CertificateDer<'static>],
    pub(super) anchors: &'a TrustAnchors,
    /// Why Java refuses it, if it does.
    pub(super) rejected: Option<&'a Rejection>,
}

/// Draws the way from the end entity up to the truststore, as far as it goes; the break is marked.
pub(super) fn tree(drawn: &Drawn<'_>) -> Vec<Branch> {
    let faulty = drawn.rejected.and_then(|rejection| rejection.certificate);
    let (mut branches, mut used) = (Vec::new(), vec![0]);
    let Some(mut shown) = drawn.chain.first().and_then(Shown::of) else { return branches };
    let mut place = 0;
    loop {
        let mut branch = branch(drawn, place, &shown);
        if faulty == Some(place) {
            branch.broken = drawn.rejected.map(|rejection| rejection.reason.code());
        }
        branches.push(branch);
        let next = drawn.chain.iter().enumerate().find_map(|(index, held)| {
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
    branches.extend(top(drawn, &shown, drawn.rejected.is_some() && faulty.is_none()));
    branches
}

fn branch(drawn: &Drawn<'_>, place: usize, shown: &Shown<'_>) -> Branch {
    let certificate = drawn.chain.get(place);
    Branch {
        subject: shown.subject(),
        place: Some(place + 1),
        until: Some(time(shown.validity().1)),
        in_truststore: drawn.anchors.iter().any(|held| Some(&held.certificate) == certificate),
        alias: None,
        broken: None,
    }
}

/// The issuer of the topmost certificate: in the truststore, or missing.
fn top(drawn: &Drawn<'_>, shown: &Shown<'_>, is_break: bool) -> Option<Branch> {
    let held = drawn.anchors.iter().find_map(|anchor| {
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
