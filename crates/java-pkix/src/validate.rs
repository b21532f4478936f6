//! The decision, from top to bottom.

use pki_types::CertificateDer;

use crate::anchor::{Anchor, TrustAnchor, TrustAnchors};
use crate::block::Block;
use crate::builder;
use crate::certificate::Certificate;
use crate::checks::may_sign_certificates;
use crate::dispatch::{Mode, dispatch};
use crate::distrust::Anchored;
use crate::end_entity;
use crate::exception::{JavaException, Refusal};
use crate::hash_set::Chance;
use crate::identity;
use crate::parameters::{Parameters, Protocol};
use crate::trace::Trace;
use crate::validator;
use crate::verdict::{Reason, Rejection, Trusted, Verdict};

/// Decides about `chain`, as sent and end entity first, as the Java runtime in `parameters` does.
///
/// Where that is chance in Java, the order of the store decides; [`possible_verdicts`] has the others.
pub fn validate(
    chain: &[CertificateDer<'_>],
    anchors: &TrustAnchors,
    parameters: &Parameters<'_>,
) -> Verdict {
    let mut trace = Trace::default();
    let decide = |sent: &[Certificate<'_>]| decide(sent, anchors, parameters, &mut trace);
    let outcome = on_sent(chain, anchors, parameters, decide).and_then(|outcome| outcome);
    verdict(outcome, trace, parameters)
}

/// Returns every verdict that the Java runtime in `parameters` may come to, beginning with that of [`validate`].
///
/// There are several only where several anchors have one subject: Java keeps them in a set whose order differs from run to
/// run, and takes the first that a path leads to, or reports the failure under the last.
pub fn possible_verdicts(
    chain: &[CertificateDer<'_>],
    anchors: &TrustAnchors,
    parameters: &Parameters<'_>,
) -> Vec<Verdict> {
    let mut verdicts = vec![validate(chain, anchors, parameters)];
    let others = |sent: &[Certificate<'_>]| decide_by_chance(sent, anchors, parameters);
    // What is refused before any anchor is looked at is refused always.
    for outcome in on_sent(chain, anchors, parameters, others).unwrap_or_default() {
        let verdict = verdict(outcome, Trace::default(), parameters);
        if !verdicts.iter().any(|known| known.is_same_answer(&verdict)) {
            verdicts.push(verdict);
        }
    }
    verdicts
}

fn verdict(
    outcome: Result<Trusted, Refusal>,
    trace: Trace,
    parameters: &Parameters<'_>,
) -> Verdict {
    match outcome {
        Ok(trusted) => Verdict::Trusted(Trusted { trace, ..trusted }),
        Err(refusal) => {
            let exception = refusal.exception(parameters);
            let Refusal { reason, certificate, alert, .. } = refusal;
            Verdict::Rejected(Rejection { reason, certificate, exception, alert, trace })
        }
    }
}

/// Reads what was sent and hands it to `decide`.
fn on_sent<T>(
    chain: &[CertificateDer<'_>],
    anchors: &TrustAnchors,
    parameters: &Parameters<'_>,
    decide: impl FnOnce(&[Certificate<'_>]) -> T,
) -> Result<T, Refusal> {
    check_limits(chain, parameters.protocol)?;
    let blocks: Vec<_> = chain.iter().map(|certificate| Block::first(certificate)).collect();
    let sent = read(&blocks, parameters)?;
    if sent.is_empty() {
        return Err(Refusal::no_certificates());
    }
    if anchors.is_empty() {
        return Err(Refusal::no_trust_anchors());
    }
    Ok(decide(&sent))
}

fn decide(
    sent: &[Certificate<'_>],
    anchors: &TrustAnchors,
    parameters: &Parameters<'_>,
    trace: &mut Trace,
) -> Result<Trusted, Refusal> {
    match dispatch(sent, anchors, parameters.rules.profile()) {
        Mode::DirectHit(anchor) => {
            let Some(end_entity) = sent.first() else { return Err(Refusal::no_certificates()) };
            identity::check(end_entity, anchor.jdk_ca, parameters)?;
            Ok(Trusted { anchor: anchor.clone(), path: Vec::new(), trace: Trace::default() })
        }
        Mode::Validate(length) => {
            let path = sent.get(..length).unwrap_or_default();
            let anchor = validator::validate(path, anchors, parameters, trace)
                .map_err(|fault| Refusal::of_validation(fault, parameters))?;
            conclude(sent, &anchor, (0..length).collect(), VALIDATION, parameters)
        }
        Mode::Build => build(sent, anchors, Chance::AsGiven, parameters, trace),
    }
}

/// Decides once for each way that chance may go.
fn decide_by_chance(
    sent: &[Certificate<'_>],
    anchors: &TrustAnchors,
    parameters: &Parameters<'_>,
) -> Vec<Result<Trusted, Refusal>> {
    let mut trace = Trace::default();
    match dispatch(sent, anchors, parameters.rules.profile()) {
        Mode::DirectHit(_) => Vec::new(),
        Mode::Validate(length) => {
            let path = sent.get(..length).unwrap_or_default();
            let conclude = |anchor: &Anchor<'_>| {
                conclude(sent, anchor, (0..length).collect(), VALIDATION, parameters)
            };
            validator::outcomes(path, anchors, parameters, &mut trace)
                .into_iter()
                .map(|outcome| match outcome {
                    Ok(anchor) => conclude(&anchor),
                    Err(fault) => Err(Refusal::of_validation(fault, parameters)),
                })
                .collect()
        }
        Mode::Build => vec![build(sent, anchors, Chance::Reversed, parameters, &mut trace)],
    }
}

fn build(
    sent: &[Certificate<'_>],
    anchors: &TrustAnchors,
    chance: Chance,
    parameters: &Parameters<'_>,
    trace: &mut Trace,
) -> Result<Trusted, Refusal> {
    let found = builder::build(sent, anchors, chance, parameters, trace).map_err(|fault| {
        if fault.class == builder::KEY_FAULT {
            Refusal::no_path(Some(fault))
        } else {
            Refusal::crash(fault)
        }
    })?;
    let (anchor, path) = found.ok_or_else(|| Refusal::no_path(None))?;
    conclude(sent, &anchor, path, BUILDING, parameters)
}

/// Checks what is left once a path leads to an anchor: the anchor, the end entity, distrust, the host.
fn conclude(
    sent: &[Certificate<'_>],
    anchor: &Anchor<'_>,
    path: Vec<usize>,
    headline: &str,
    parameters: &Parameters<'_>,
) -> Result<Trusted, Refusal> {
    let Some(end_entity) = sent.first() else { return Err(Refusal::no_certificates()) };
    check_anchor(anchor, headline, parameters)?;
    end_entity::check(end_entity, parameters.auth_type, parameters.rules.profile())
        .map_err(|(reason, exception)| Refusal::of_end_entity(reason, exception))?;
    check_distrust(sent, &path, anchor, parameters)?;
    identity::check(end_entity, anchor.held.jdk_ca, parameters)?;
    Ok(Trusted { anchor: TrustAnchor::clone(anchor.held), path, trace: Trace::default() })
}

/// Checks Java's limits on the handshake message: `jdk.tls.maxHandshakeMessageSize`, `jdk.tls.maxCertificateChainLength`.
fn check_limits(chain: &[CertificateDer<'_>], protocol: Protocol) -> Result<(), Refusal> {
    // Each certificate has a length in front; since TLS 1.3 also extensions behind, and a context in front of all.
    let (fixed, each) = if protocol == Protocol::Tls13 { (4, 5) } else { (3, 3) };
    let size = chain.iter().fold(fixed, |size: usize, certificate| {
        size.saturating_add(certificate.len()).saturating_add(each)
    });
    if size > MAX_MESSAGE_SIZE {
        return Err(Refusal::over_limit(
            Reason::MessageTooLarge,
            format!(
                "The size of the handshake message ({size}) exceeds the maximum allowed size \
                 ({MAX_MESSAGE_SIZE})"
            ),
        ));
    }
    if chain.len() > MAX_CHAIN_LENGTH {
        let first_over = MAX_CHAIN_LENGTH + 1;
        return Err(Refusal::over_limit(
            Reason::TooManyCertificates,
            format!(
                "The certificate chain length ({first_over}) exceeds the maximum allowed length \
                 ({MAX_CHAIN_LENGTH})"
            ),
        ));
    }
    Ok(())
}

/// Reads certificates one after the other: the first that fails speaks, whether it is its block or its content.
fn read<'a>(
    blocks: &'a [Result<Block<'_>, JavaException>],
    parameters: &Parameters<'_>,
) -> Result<Vec<Certificate<'a>>, Refusal> {
    let mut certificates = Vec::with_capacity(blocks.len());
    for (index, block) in blocks.iter().enumerate() {
        let read = match block {
            Ok(block) => block.certificate(parameters.rules.profile()),
            Err(fault) => Err(fault.clone()),
        };
        certificates.push(read.map_err(|fault| Refusal::unreadable(index, fault))?);
    }
    Ok(certificates)
}

/// Checks that the anchor is a CA and may sign certificates; versions before 3 cannot say so and pass.
fn check_anchor(
    anchor: &Anchor<'_>,
    headline: &str,
    parameters: &Parameters<'_>,
) -> Result<(), Refusal> {
    let certificate = &anchor.certificate;
    if parameters.rules.allows_non_ca_anchor() || certificate.version < 3 {
        return Ok(());
    }
    let (reason, what) = if certificate.path_length() == -1 {
        (Reason::AnchorNotCa, "is not a CA certificate")
    } else if !may_sign_certificates(certificate) {
        (Reason::AnchorKeyUsage, "does not have keyCertSign bit set in KeyUsage extension")
    } else {
        return Ok(());
    };
    let subject = certificate.subject.display();
    let inner = format!("TrustAnchor with subject \"{subject}\" {what}");
    Err(Refusal::of_anchor(reason, headline, inner))
}

/// Checks `jdk.security.caDistrustPolicies`.
fn check_distrust(
    sent: &[Certificate<'_>],
    path: &[usize],
    anchor: &Anchor<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), Refusal> {
    let (Some(end_entity), rules) = (sent.first(), parameters.rules) else { return Ok(()) };
    let day = |milliseconds: i64| milliseconds.div_euclid(86_400_000);
    let today = || {
        let (offset, _) = parameters.zone.at(parameters.now.div_euclid(1000));
        day(parameters.now.saturating_add(i64::from(offset).saturating_mul(1000)))
    };
    let top = path.last().filter(|index| **index != 0).and_then(|index| sent.get(*index));
    let subordinate = top.map(Certificate::sha256);
    let anchored = Anchored {
        anchor: anchor.certificate.sha256(),
        anchor_subject: &anchor.certificate.subject,
        subordinate,
        issued: day(end_entity.not_before),
        today: &today,
    };
    rules.distrust().check(&anchored, rules.profile().distrust).map_err(|text| {
        let class = "sun.security.validator.ValidatorException";
        Refusal::of_end_entity(Reason::Distrusted, JavaException::new(class, text))
    })
}

/// How `PKIXValidator` begins what it reports.
pub(crate) const VALIDATION: &str = "PKIX path validation failed";
pub(crate) const BUILDING: &str = "PKIX path building failed";

const MAX_MESSAGE_SIZE: usize = 32_768;
const MAX_CHAIN_LENGTH: usize = 10;
