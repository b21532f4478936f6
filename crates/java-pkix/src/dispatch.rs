//! Which of Java's three ways a chain takes (`PKIXValidator.engineValidate`).

use crate::anchor::{TrustAnchor, TrustAnchors};
use crate::certificate::Certificate;
use crate::profile::Profile;

/// The way that a chain takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode<'a> {
    /// The end entity itself is trusted: nothing but the host name is checked.
    DirectHit(&'a TrustAnchor),
    /// So many certificates, as sent, lead to an anchor's name: they are validated in order.
    Validate(usize),
    /// The certificates do not lead to an anchor as they stand: a path is searched for.
    Build,
}

/// Decides which way a chain takes, end entity first.
pub(crate) fn dispatch<'a>(
    sent: &[Certificate<'_>],
    anchors: &'a TrustAnchors,
    profile: &Profile,
) -> Mode<'a> {
    let Some((end_entity, rest)) = sent.split_first() else { return Mode::Build };
    if let Some(anchor) = anchors.find(end_entity.der) {
        return Mode::DirectHit(anchor);
    }
    let mut below = end_entity;
    for (index, certificate) in rest.iter().enumerate() {
        if certificate.subject != below.issuer {
            return Mode::Build;
        }
        if anchors.find(certificate.der).is_some() || anchors.has_key(certificate, profile) {
            return Mode::Validate(index + 1);
        }
        below = certificate;
    }
    if anchors.has_subject(&below.issuer, profile) {
        Mode::Validate(sent.len())
    } else {
        Mode::Build
    }
}
