//! Validator mode: the chain as sent leads to an anchor; ordered checks, the first failure is reported.

use crate::anchor::{Anchor, TrustAnchors};
use crate::certificate::Certificate;
use crate::checks::{Failed, PathFault, Walk, check_blocked, check_critical_extensions};
use crate::constraints::PathOrigin;
use crate::parameters::Parameters;
use crate::trace::{Candidate, Trace};
use crate::verdict::Reason;

/// Validates a path, end entity first, under every anchor that bears the name of its topmost issuer.
///
/// Java tries them in the order of an identity hash set, which differs from run to run, and reports the last failure; here the order
/// is that of the store.
///
/// # Errors
/// The failure under the last anchor, or that no anchor fits.
pub(crate) fn validate<'a>(
    path: &[Certificate<'a>],
    anchors: &'a TrustAnchors,
    parameters: &Parameters<'_>,
    trace: &mut Trace,
) -> Result<Anchor<'a>, PathFault> {
    let mut fault = no_anchor();
    for anchor in fitting(path, anchors, parameters, trace) {
        let candidate = || Candidate::Anchor(anchor.held.name.clone());
        match validate_under(path, &anchor, parameters) {
            Ok(()) => return Ok(anchor),
            Err(PathFault::Failed(failed)) => {
                trace.drop(candidate, failed.reason);
                fault = PathFault::Failed(failed);
            }
            Err(crashed @ PathFault::Crashed(_)) => return Err(crashed),
        }
    }
    Err(fault)
}

/// Validates a path under every anchor that bears the name of its topmost issuer, and returns all that may come of it: which
/// anchor Java tries first is chance.
///
/// A success ends the search, and so does a crash; of failures the last one is reported, whichever that is.
pub(crate) fn outcomes<'a>(
    path: &[Certificate<'a>],
    anchors: &'a TrustAnchors,
    parameters: &Parameters<'_>,
    trace: &mut Trace,
) -> Vec<Result<Anchor<'a>, PathFault>> {
    let under = |anchor: Anchor<'a>| validate_under(path, &anchor, parameters).map(|()| anchor);
    let all: Vec<_> = fitting(path, anchors, parameters, trace).into_iter().map(under).collect();
    let (failures, ends): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|outcome| matches!(outcome, Err(PathFault::Failed(_))));
    match (ends.is_empty(), failures.is_empty()) {
        (false, _) => ends,
        (true, false) => failures,
        (true, true) => vec![Err(no_anchor())],
    }
}

/// Returns the anchors that bear the name of the topmost issuer and that its authorityKeyIdentifier speaks of.
fn fitting<'a>(
    path: &[Certificate<'a>],
    anchors: &'a TrustAnchors,
    parameters: &Parameters<'_>,
    trace: &mut Trace,
) -> Vec<Anchor<'a>> {
    let Some(top) = path.last() else { return Vec::new() };
    let mut named = anchors.with_subject(&top.issuer, parameters.rules.profile());
    named.retain(|anchor| {
        let fits = fits(&anchor.certificate, top);
        if !fits {
            trace.drop(|| Candidate::Anchor(anchor.held.name.clone()), Reason::NotChained);
        }
        fits
    });
    named
}

/// Returns whether an anchor is the one that the topmost certificate's authorityKeyIdentifier speaks of.
fn fits(anchor: &Certificate<'_>, top: &Certificate<'_>) -> bool {
    let Some(wanted) = top.extensions.authority_key else { return true };
    let key_fits = match (wanted.identifier_encoded(), anchor.extensions.subject_key_encoded) {
        (Some(wanted), Some(held)) => wanted == held,
        (Some(_) | None, _) => true,
    };
    let serial_fits = anchor.version < 3
        || wanted.serial.is_none_or(|wanted| shortest(wanted) == shortest(anchor.serial));
    key_fits && serial_fits
}

/// Returns a signed number without octets that only repeat its sign.
fn shortest(number: &[u8]) -> &[u8] {
    match number {
        [0, rest @ ..] if rest.first().is_some_and(|next| *next < 0x80) => shortest(rest),
        [0xff, rest @ ..] if rest.first().is_some_and(|next| *next >= 0x80) => shortest(rest),
        number => number,
    }
}

fn validate_under<'a>(
    path: &[Certificate<'a>],
    anchor: &Anchor<'a>,
    parameters: &Parameters<'_>,
) -> Result<(), PathFault> {
    check_blocked(&anchor.certificate, parameters).map_err(|fault| match fault {
        PathFault::Failed(failed) => {
            PathFault::Failed(Failed::of_anchor(failed.reason, failed.text))
        }
        crashed @ PathFault::Crashed(_) => crashed,
    })?;
    let mut walk = Walk::new(path.len(), anchor, PathOrigin::Validated, parameters);
    for (index, certificate) in path.iter().enumerate().rev() {
        walk.step();
        check(&mut walk, certificate, parameters).map_err(|fault| match fault {
            PathFault::Failed(failed) => PathFault::Failed(Failed { index: Some(index), ..failed }),
            crashed @ PathFault::Crashed(_) => crashed,
        })?;
    }
    Ok(())
}

/// The checks of one certificate in Java's order.
fn check<'p, 'a: 'p>(
    walk: &mut Walk<'p, 'a>,
    certificate: &'p Certificate<'a>,
    parameters: &Parameters<'_>,
) -> Result<(), PathFault> {
    check_blocked(certificate, parameters)?;
    walk.check_path_algorithms(certificate)?;
    walk.check_ca_key_usage(certificate)?;
    walk.check_basic_constraints(certificate)?;
    walk.check_name_constraints(certificate)?;
    walk.check_policies(certificate)?;
    walk.check_anchor_key()?;
    walk.check_validity(certificate)?;
    walk.check_signature(certificate)?;
    walk.check_session_algorithms(certificate)?;
    check_critical_extensions(certificate)
}

fn no_anchor() -> PathFault {
    let text = "Path does not chain with any of the trust anchors";
    PathFault::Failed(Failed::of_anchor(Reason::NotChained, text))
}
