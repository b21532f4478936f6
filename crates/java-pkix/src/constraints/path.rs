//! `AlgorithmChecker` with the constraints of certification paths: the second check of every path certificate.

use std::borrow::Cow;

use crate::constraints::condition::Subject;
use crate::constraints::{AnchorKey, ConstraintFault, Examined, check_key_usage};
use crate::profile::AlgorithmChecker;
use crate::public_key::PublicKey;
use crate::rules::Rules;

/// `AlgorithmChecker` with the constraints of certification paths: the second check of every path certificate.
#[derive(Clone, Debug)]
pub(crate) struct PathAlgorithms<'a> {
    rules: &'a Rules,
    anchor: AnchorKey<'a>,
    now: i64,
    /// The key of the certificate before; none before the first.
    previous: Option<Cow<'a, PublicKey>>,
}

impl<'a> PathAlgorithms<'a> {
    /// Begins a walk down from `anchor` at `now` (milliseconds since 1970).
    pub(crate) fn new(rules: &'a Rules, anchor: AnchorKey<'a>, now: i64) -> Self {
        Self { rules, anchor, now, previous: None }
    }

    /// Checks the next certificate, from the one under the anchor down.
    ///
    /// # Errors
    /// The first constraint that the certificate violates.
    pub(crate) fn check(&mut self, certificate: &Examined<'a>) -> Result<(), ConstraintFault> {
        match self.rules.profile().algorithm_checker {
            AlgorithmChecker::SignatureFirst => self.check_signature_first(certificate)?,
            AlgorithmChecker::AnchorFirst | AlgorithmChecker::AnchorKnown => {
                self.check_anchor_first(certificate)?;
            }
        }
        let issuer = self.previous.as_deref().unwrap_or(self.anchor.key);
        let key = certificate.key.below(issuer).map_err(ConstraintFault::no_parameters)?;
        self.previous = Some(key);
        Ok(())
    }

    /// 8 to 17: the signature's name, the bits of keyUsage, the conditions, then the name with the issuer's key.
    fn check_signature_first(&self, certificate: &Examined<'a>) -> Result<(), ConstraintFault> {
        let certpath = self.rules.certpath();
        let name = certificate.signature.name();
        if !certpath.permits_name(name) {
            return Err(ConstraintFault::signature_algorithm(name));
        }
        check_key_usage(certificate.key_usage)?;
        certpath.check_signature(certificate.signature, &self.subject(certificate))?;
        let issuer = self.previous.as_deref().unwrap_or(self.anchor.key);
        if !certpath.permits_key(issuer, self.now) {
            return Err(ConstraintFault::signature_algorithm(name));
        }
        Ok(())
    }

    /// 21 and later: the anchor's key for itself, then the conditions of signature and own key.
    fn check_anchor_first(&self, certificate: &Examined<'a>) -> Result<(), ConstraintFault> {
        let certpath = self.rules.certpath();
        if self.previous.is_none() {
            let key = self.anchor.key;
            let algorithm = certpath.key_algorithm(key);
            let anchor = Subject {
                key: Some(key),
                key_algorithm: algorithm,
                jdk_ca: self.anchor.jdk_ca,
                now: self.now,
                certificate: None,
            };
            certpath.check(algorithm, &anchor)?;
        }
        certpath.check_signature(certificate.signature, &self.subject(certificate))
    }

    fn subject(&self, certificate: &Examined<'a>) -> Subject<'a> {
        Subject {
            key: Some(certificate.key),
            key_algorithm: self.rules.certpath().key_algorithm(certificate.key),
            jdk_ca: self.anchor.jdk_ca,
            now: self.now,
            certificate: Some(certificate.subject),
        }
    }
}
