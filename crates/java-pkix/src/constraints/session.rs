//! `AlgorithmChecker` with the constraints of a TLS session: the last check of every path certificate.

use std::borrow::Cow;

use crate::constraints::condition::Subject;
use crate::constraints::{
    AnchorKey, ConstraintFault, Examined, check_key_usage, schemes, size_text,
};
use crate::parameters::Protocol;
use crate::profile::AlgorithmChecker;
use crate::public_key::PublicKey;
use crate::rules::Rules;

/// How a path was found, as far as the constraints of a session care.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PathOrigin {
    /// The path was given: validator mode.
    Validated,
    /// The path was searched for: builder mode.
    Built,
}

/// `AlgorithmChecker` with the constraints of a TLS session: the last check of every path certificate.
#[derive(Clone, Debug)]
pub(crate) struct SessionAlgorithms<'a> {
    rules: &'a Rules,
    /// Whether the anchor is one of Java's own, as far as the checker knows the anchor.
    jdk_ca: bool,
    protocol: Protocol,
    now: i64,
    /// The key of the certificate before, or of the anchor as far as the checker knows it.
    previous: Option<Cow<'a, PublicKey>>,
}

impl<'a> SessionAlgorithms<'a> {
    /// Begins a walk down from `anchor` at `now` (milliseconds since 1970).
    ///
    /// Only the builder, and since 26 the validator, tell the checker the anchor.
    pub(crate) fn new(
        rules: &'a Rules,
        anchor: AnchorKey<'a>,
        origin: PathOrigin,
        protocol: Protocol,
        now: i64,
    ) -> Self {
        let knows_anchor = origin == PathOrigin::Built
            || rules.profile().algorithm_checker == AlgorithmChecker::AnchorKnown;
        Self {
            rules,
            jdk_ca: knows_anchor && anchor.jdk_ca,
            protocol,
            now,
            previous: knows_anchor.then_some(Cow::Borrowed(anchor.key)),
        }
    }

    /// Checks the next certificate, from the one under the anchor down.
    ///
    /// # Errors
    /// The first constraint that the certificate violates.
    pub(crate) fn check(&mut self, certificate: &Examined<'a>) -> Result<(), ConstraintFault> {
        match self.rules.profile().algorithm_checker {
            AlgorithmChecker::SignatureFirst => self.check_signature_first(certificate)?,
            AlgorithmChecker::AnchorFirst => {
                self.check_issuer_first(certificate, "signature and")?
            }
            AlgorithmChecker::AnchorKnown => {
                self.check_issuer_first(certificate, " signature and")?
            }
        }
        let key = match &self.previous {
            Some(issuer) => {
                certificate.key.below(issuer).map_err(ConstraintFault::no_parameters)?
            }
            None => Cow::Borrowed(certificate.key),
        };
        self.previous = Some(key);
        Ok(())
    }

    /// 8 to 17.
    fn check_signature_first(&self, certificate: &Examined<'a>) -> Result<(), ConstraintFault> {
        let name = certificate.signature.name();
        if !self.permits_signature(certificate) {
            return Err(ConstraintFault::signature_algorithm(name));
        }
        check_key_usage(certificate.key_usage)?;
        let certpath = self.rules.certpath();
        let subject = Subject {
            key: Some(certificate.key),
            key_algorithm: certpath.key_algorithm(certificate.key),
            jdk_ca: self.jdk_ca,
            now: self.now,
            certificate: Some(certificate.subject),
        };
        certpath.check_signature(certificate.signature, &subject)?;
        let key = certificate.key;
        if !self.rules.tls().permits_key(key, self.now) {
            return Err(ConstraintFault::constrained(format!(
                "Algorithm constraints check failed on key {} with size of {}bits",
                key.algorithm(),
                size_text(key)
            )));
        }
        match self.previous.as_deref() {
            Some(issuer) if !self.rules.tls().permits_key(issuer, self.now) => {
                Err(ConstraintFault::signature_algorithm(name))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// 21 and later; `joint` is what stands between the algorithm and the key in the message.
    fn check_issuer_first(
        &self,
        certificate: &Examined<'a>,
        joint: &str,
    ) -> Result<(), ConstraintFault> {
        let (name, key) = (certificate.signature.name(), certificate.key);
        let key_text = || format!("{} key with size of {}bits", key.algorithm(), size_text(key));
        match self.previous.as_deref() {
            Some(issuer) if !self.permits_signature_by(certificate, issuer) => {
                return Err(ConstraintFault::constrained(format!(
                    "Algorithm constraints check failed on {name}{joint} {}",
                    key_text()
                )));
            }
            None if !self.permits_signature(certificate) => {
                return Err(ConstraintFault::signature_algorithm(name));
            }
            Some(_) | None => {}
        }
        check_key_usage(certificate.key_usage)?;
        if self.rules.tls().permits_key(key, self.now) {
            return Ok(());
        }
        Err(ConstraintFault::constrained(format!(
            "Algorithm constraints check failed on {}",
            key_text()
        )))
    }

    /// Returns whether the session and the TLS property allow the signature, whoever made it.
    fn permits_signature(&self, certificate: &Examined<'a>) -> bool {
        let name = certificate.signature.name();
        schemes::offers(name, self.protocol, self.rules) && self.rules.tls().permits_name(name)
    }

    /// Returns whether the session and the TLS property allow the signature by `issuer`'s key.
    fn permits_signature_by(&self, certificate: &Examined<'a>, issuer: &PublicKey) -> bool {
        let pss_fits = || match certificate.signature.pss_parameters() {
            Some(parameters) if self.rules.profile().checks_pss_digest => schemes::offers_pss(
                &parameters.digest,
                issuer.algorithm(),
                self.protocol,
                self.rules,
            ),
            Some(_) | None => true,
        };
        self.permits_signature(certificate)
            && pss_fits()
            && self.rules.tls().permits_key(issuer, self.now)
    }
}
