//! Builder mode: a search from the end entity up, over what was sent and the store, with backtracking.

use std::cmp::Ordering;

use crate::anchor::{Anchor, TrustAnchors};
use crate::certificate::Certificate;
use crate::checks::{
    PathFault, Walk, check_blocked, check_critical_extensions, may_sign_certificates, misdated,
};
use crate::constraints::PathOrigin;
use crate::exception::JavaException;
use crate::hash_set::{self, Chance};
use crate::parameters::Parameters;
use crate::sorted_set::SortedSet;
use crate::trace::{Candidate, Trace};
use crate::verdict::Reason;

/// A path that was found: its anchor, and indices into the chain as sent, end entity first.
pub(crate) type Found<'a> = (Anchor<'a>, Vec<usize>);

/// Searches for a path from the first certificate sent to an anchor.
///
/// # Errors
/// A `RuntimeException` that Java throws on the way; it ends the search. That there is no path is no error but none.
pub(crate) fn build<'a>(
    sent: &[Certificate<'a>],
    anchors: &'a TrustAnchors,
    chance: Chance,
    parameters: &Parameters<'_>,
    trace: &mut Trace,
) -> Result<Option<Found<'a>>, JavaException> {
    let mut search =
        Search { sent, anchors, chance, parameters, trace, path: Vec::new(), tried: 0 };
    let Some(end_entity) = sent.first() else { return Ok(None) };
    if let Some(reason) = search.end_entity_fault(end_entity) {
        search.trace.drop(|| Candidate::Sent(0), reason);
        return Ok(None);
    }
    search.path.push(0);
    let below =
        Below { certificate: end_entity, ca_count: 0, is_self_issued: end_entity.is_self_issued() };
    search.go_up(&below)
}

/// A search under way.
struct Search<'s, 'a> {
    sent: &'s [Certificate<'a>],
    anchors: &'a TrustAnchors,
    chance: Chance,
    parameters: &'s Parameters<'s>,
    trace: &'s mut Trace,
    /// Indices of the certificates on the path, end entity first.
    path: Vec<usize>,
    /// How many candidates were tried.
    tried: usize,
}

/// The certificate below the one that is sought.
struct Below<'s, 'a> {
    certificate: &'s Certificate<'a>,
    /// How many CAs stand on the path that were not issued by themselves.
    ca_count: i32,
    is_self_issued: bool,
}

/// A certificate that may come next.
enum Next<'a> {
    Sent(usize),
    Anchor(Box<Anchor<'a>>),
}

impl<'s, 'a> Search<'s, 'a> {
    /// The end entity must be valid and, where it is a CA, may be one; nothing critical may be left.
    fn end_entity_fault(&self, certificate: &Certificate<'a>) -> Option<Reason> {
        if let Some(date) = misdated(certificate, self.parameters.now) {
            return Some(reason_of(date));
        }
        let constraints = certificate.extensions.basic_constraints;
        if constraints.is_some_and(|held| held.is_ca && held.path_length < -1) {
            return Some(Reason::PathTooLong);
        }
        self.common_fault(certificate, false)
    }

    /// What Java checks of every candidate before it goes on with it.
    fn common_fault(&self, certificate: &Certificate<'a>, is_anchor: bool) -> Option<Reason> {
        if check_blocked(certificate, self.parameters).is_err() {
            return Some(Reason::Blocked);
        }
        (!is_anchor && check_critical_extensions(certificate).is_err())
            .then_some(Reason::CriticalExtension)
    }

    /// Looks for issuers of the topmost certificate, and from there on up. Its depth is bounded by what was sent.
    fn go_up(&mut self, below: &Below<'s, 'a>) -> Result<Option<Found<'a>>, JavaException> {
        for next in self.candidates(below) {
            self.tried += 1;
            if self.tried > Trace::BUDGET {
                self.trace.is_exhausted = true;
                return Ok(None);
            }
            match next {
                Next::Anchor(anchor) => {
                    if self.common_fault(&anchor.certificate, true).is_some() {
                        let name = anchor.held.name.clone();
                        self.trace.drop(|| Candidate::Anchor(name), Reason::Blocked);
                        continue;
                    }
                    if anchor.certificate.key.lacks_parameters() {
                        // no failure that Java goes on after: other anchors are not tried
                        return Err(JavaException::new(KEY_FAULT, "Key parameters missing"));
                    }
                    match self.verify(&anchor) {
                        Ok(()) => return Ok(Some((*anchor, self.path.clone()))),
                        Err(PathFault::Failed(failed)) => {
                            let name = anchor.held.name.clone();
                            self.trace.drop(|| Candidate::Anchor(name), failed.reason);
                        }
                        Err(PathFault::Crashed(exception)) => return Err(exception),
                    }
                }
                Next::Sent(index) => {
                    let Some(certificate) = self.sent.get(index) else { continue };
                    let is_self_issued = certificate.is_self_issued();
                    if let Some(reason) = self.issuer_fault(certificate) {
                        self.trace.drop(|| Candidate::Sent(index), reason);
                        continue;
                    }
                    if below.is_self_issued && is_self_issued {
                        return Ok(None);
                    }
                    let ca_count = below.ca_count + i32::from(!is_self_issued);
                    let above = Below { certificate, ca_count, is_self_issued };
                    self.path.push(index);
                    if let Some(found) = self.go_up(&above)? {
                        return Ok(Some(found));
                    }
                    self.path.pop();
                }
            }
        }
        Ok(None)
    }

    fn issuer_fault(&self, certificate: &Certificate<'a>) -> Option<Reason> {
        self.common_fault(certificate, false)
            .or_else(|| (!may_sign_certificates(certificate)).then_some(Reason::CaKeyUsage))
    }

    /// Collects what may come next, in Java's order.
    fn candidates(&mut self, below: &Below<'s, 'a>) -> Vec<Next<'a>> {
        let mut all = SortedSet::new();
        let profile = self.parameters.rules.profile();
        let issuer = &below.certificate.issuer;
        for anchor in self.in_order(self.anchors.with_subject(issuer, profile)) {
            let reason = self.anchor_fault(&anchor.certificate, below);
            match reason {
                None => self.insert(&mut all, Next::Anchor(Box::new(anchor)), below),
                Some(reason) => {
                    self.trace.drop(|| Candidate::Anchor(anchor.held.name.clone()), reason);
                }
            }
        }
        // Java follows at most five CAs that were sent.
        if below.ca_count < MAX_PATH_LENGTH {
            for (index, certificate) in self.sent_in_order() {
                if certificate.subject != *issuer {
                    continue;
                }
                if let Some(reason) = self.sent_fault(certificate, below) {
                    self.trace.drop(|| Candidate::Sent(index), reason);
                } else if self.anchors.find(certificate.der).is_none() {
                    self.insert(&mut all, Next::Sent(index), below);
                } else if let Some(anchor) = sent_copy(certificate, &all) {
                    self.insert(&mut all, Next::Anchor(anchor), below);
                }
            }
        }
        let mut all = all.into_vec();
        all.retain(|next| !self.is_repeated(next));
        all
    }

    /// Orders anchors as Java's set of all of them does; within a bucket its order is one of chance.
    fn in_order(&self, mut anchors: Vec<Anchor<'a>>) -> Vec<Anchor<'a>> {
        if self.chance == Chance::Reversed {
            anchors.reverse();
        }
        if anchors.len() > 1 {
            let buckets = hash_set::buckets(self.anchors.len());
            anchors.sort_by_cached_key(|anchor| hash_set::bucket(anchor.certificate.der, buckets));
        }
        anchors
    }

    /// Returns the certificates sent as Java's set of those that match iterates them.
    fn sent_in_order(&self) -> Vec<(usize, &'s Certificate<'a>)> {
        let mut sent: Vec<_> = self.sent.iter().enumerate().collect();
        sent.sort_by_cached_key(|(_, certificate)| {
            hash_set::bucket(certificate.der, COLLECTION_BUCKETS)
        });
        sent
    }

    /// An anchor right above the end entity may be out of date, one further up may not: a leftover of Java's selector.
    fn anchor_fault(&self, anchor: &Certificate<'a>, below: &Below<'s, 'a>) -> Option<Reason> {
        if anchor.version < 3 {
            let child = below.certificate;
            let covers = |moment| anchor.not_before <= moment && moment <= anchor.not_after;
            if !covers(child.not_before) || !covers(child.not_after) {
                return Some(Reason::Expired);
            }
        }
        if self.path.len() > 1 {
            return misdated(anchor, self.parameters.now).map(reason_of);
        }
        None
    }

    fn sent_fault(&self, certificate: &Certificate<'a>, below: &Below<'s, 'a>) -> Option<Reason> {
        if let Some(date) = misdated(certificate, self.parameters.now) {
            return Some(reason_of(date));
        }
        let path_length = certificate.path_length();
        if path_length < below.ca_count {
            return Some(if path_length < 0 { Reason::NotCa } else { Reason::PathTooLong });
        }
        None
    }

    /// Puts a candidate among the others as Java's sorted set does: a newcomer goes before those of its rank.
    fn insert(&self, all: &mut SortedSet<Next<'a>>, next: Next<'a>, below: &Below<'s, 'a>) {
        let der = |next: &Next<'a>| self.certificate(next).map(|certificate| certificate.der);
        all.insert(next, &|new, held| {
            if der(new) == der(held) {
                Ordering::Equal
            } else if self.rank(new, below) <= self.rank(held, below) {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        });
    }

    /// First the one whose subjectKeyIdentifier is asked for, then those issued by an anchor's name.
    fn rank(&self, next: &Next<'a>, below: &Below<'s, 'a>) -> u8 {
        let Some(certificate) = self.certificate(next) else { return u8::MAX };
        let wanted =
            below.certificate.extensions.authority_key.and_then(|key| key.identifier_encoded());
        let held = certificate.extensions.subject_key_encoded;
        if wanted.is_some() && wanted.as_deref() == held {
            return 0;
        }
        let profile = self.parameters.rules.profile();
        if self.anchors.has_subject(&certificate.issuer, profile) { 1 } else { 2 }
    }

    fn certificate<'n>(&self, next: &'n Next<'a>) -> Option<&'n Certificate<'a>>
    where
        's: 'n,
    {
        match next {
            Next::Sent(index) => self.sent.get(*index),
            Next::Anchor(anchor) => Some(&anchor.certificate),
        }
    }

    /// Returns whether a candidate is on the path already, or one with the same subject, key and alternative names.
    fn is_repeated(&self, next: &Next<'a>) -> bool {
        let Some(next) = self.certificate(next) else { return true };
        self.path.iter().filter_map(|index| self.sent.get(*index)).any(|held| {
            held.der == next.der
                || (held.key_encoded == next.key_encoded
                    && held.extensions.alternative_names_encoded
                        == next.extensions.alternative_names_encoded
                    && held.subject == next.subject)
        })
    }

    /// Verifies the whole path under an anchor, from the top down.
    fn verify(&self, anchor: &Anchor<'a>) -> Result<(), PathFault> {
        let path: Vec<&Certificate<'a>> =
            self.path.iter().filter_map(|index| self.sent.get(*index)).collect();
        let mut walk = Walk::new(path.len(), anchor, PathOrigin::Built, self.parameters);
        for certificate in path.iter().rev() {
            walk.step();
            walk.check_signature(certificate)?;
            walk.check_policies(certificate)?;
            walk.check_basic_constraints(certificate)?;
            walk.check_name_constraints(certificate)?;
            walk.check_path_algorithms(certificate)?;
            walk.check_session_algorithms(certificate)?;
        }
        Ok(())
    }
}

/// Returns an anchor once more that was sent, too: Java's sorted set takes it twice where it does not meet itself.
fn sent_copy<'a>(sent: &Certificate<'a>, all: &SortedSet<Next<'a>>) -> Option<Box<Anchor<'a>>> {
    all.find_map(&|next| match next {
        Next::Anchor(anchor) if anchor.certificate.der == sent.der => Some(anchor.clone()),
        Next::Anchor(_) | Next::Sent(_) => None,
    })
}

fn reason_of(date: crate::checks::Misdated) -> Reason {
    match date {
        crate::checks::Misdated::NotYetValid => Reason::NotYetValid,
        crate::checks::Misdated::Expired => Reason::Expired,
    }
}

/// What ends a search without being a `RuntimeException`: there is no path, and this is why.
pub(crate) const KEY_FAULT: &str = "java.security.cert.CertPathValidatorException";

/// The buckets of the set that `CollectionCertStore` fills: it never grows, for no more than ten certificates are sent.
const COLLECTION_BUCKETS: u32 = 16;

/// `PKIXBuilderParameters.getMaxPathLength()`: CAs that were not issued by themselves.
const MAX_PATH_LENGTH: i32 = 5;
