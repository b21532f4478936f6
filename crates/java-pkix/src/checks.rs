//! The checks that every certificate of a path goes through, one function each (RFC 5280, section 6.1).

use std::borrow::Cow;

use crate::anchor::Anchor;
use crate::certificate::Certificate;
use crate::constraints::{
    AnchorKey, ConstraintFault, Examined, PathAlgorithms, PathOrigin, SessionAlgorithms,
};
use crate::date;
use crate::exception::JavaException;
use crate::extensions::UNDERSTOOD;
use crate::name_constraints::{ConstraintsFault, NameConstraints};
use crate::parameters::Parameters;
use crate::policy::PolicyTree;
use crate::public_key::PublicKey;
use crate::verdict::Reason;

/// Why a path is no good.
#[derive(Clone, Debug)]
pub(crate) enum PathFault {
    /// A `CertPathValidatorException`.
    Failed(Failed),
    /// A `RuntimeException`: it ends the whole check.
    Crashed(JavaException),
}

/// A `CertPathValidatorException`.
#[derive(Clone, Debug)]
pub(crate) struct Failed {
    pub(crate) reason: Reason,
    /// Which certificate of the path, end entity first; none for the anchor.
    pub(crate) index: Option<usize>,
    pub(crate) text: String,
    pub(crate) cause: Option<JavaException>,
    /// Whether the exception is shown once more as its own cause: `PKIXMasterCertPathValidator` does it.
    pub(crate) is_repeated: bool,
}

impl Failed {
    fn new(reason: Reason, text: impl Into<String>) -> Self {
        Self { reason, index: None, text: text.into(), cause: None, is_repeated: true }
    }

    fn caused_by(self, cause: JavaException) -> Self {
        Self { cause: Some(cause), ..self }
    }

    /// Makes the fault that an anchor is no good, or that there is none.
    pub(crate) fn of_anchor(reason: Reason, text: impl Into<String>) -> Self {
        Self { is_repeated: false, ..Self::new(reason, text) }
    }
}

/// A walk down a path, from the certificate under the anchor to the end entity.
pub(crate) struct Walk<'p, 'a> {
    parameters: &'p Parameters<'p>,
    length: usize,
    /// How many certificates were begun.
    position: usize,
    path_algorithms: PathAlgorithms<'p>,
    session_algorithms: SessionAlgorithms<'p>,
    policies: PolicyTree<'a>,
    max_path_length: i32,
    names: Option<NameConstraints<'a>>,
    issuer_key: Cow<'p, PublicKey>,
}

impl<'p, 'a: 'p> Walk<'p, 'a> {
    pub(crate) fn new(
        length: usize,
        anchor: &'p Anchor<'a>,
        origin: PathOrigin,
        parameters: &'p Parameters<'p>,
    ) -> Self {
        let key = AnchorKey { key: &anchor.certificate.key, jdk_ca: anchor.held.jdk_ca };
        let Parameters { rules, protocol, now, .. } = *parameters;
        Self {
            parameters,
            length,
            position: 0,
            path_algorithms: PathAlgorithms::new(rules, key, now),
            session_algorithms: SessionAlgorithms::new(rules, key, origin, protocol, now),
            policies: PolicyTree::new(length),
            max_path_length: i32::try_from(length).unwrap_or(i32::MAX),
            names: None,
            issuer_key: Cow::Borrowed(&anchor.certificate.key),
        }
    }

    /// Goes on to the next certificate.
    pub(crate) fn step(&mut self) {
        self.position += 1;
    }

    fn is_last(&self) -> bool {
        self.position == self.length
    }

    /// Checks the algorithms against `jdk.certpath.disabledAlgorithms`.
    pub(crate) fn check_path_algorithms(
        &mut self,
        certificate: &'p Certificate<'a>,
    ) -> Result<(), PathFault> {
        self.path_algorithms.check(&examined(certificate)).map_err(disabled)
    }

    /// Checks the algorithms against the TLS session and `jdk.tls.disabledAlgorithms`.
    pub(crate) fn check_session_algorithms(
        &mut self,
        certificate: &'p Certificate<'a>,
    ) -> Result<(), PathFault> {
        self.session_algorithms.check(&examined(certificate)).map_err(disabled)
    }

    /// Checks that an issuer may sign certificates (RFC 5280, section 6.1.4, step n).
    pub(crate) fn check_ca_key_usage(
        &self,
        certificate: &Certificate<'_>,
    ) -> Result<(), PathFault> {
        if self.is_last() || may_sign_certificates(certificate) {
            return Ok(());
        }
        failed(Reason::CaKeyUsage, "CA key usage check failed: keyCertSign bit is not set")
    }

    /// Checks that an issuer is a CA and that pathLenConstraints hold (RFC 5280, section 6.1.4, steps k to m).
    pub(crate) fn check_basic_constraints(
        &mut self,
        certificate: &Certificate<'_>,
    ) -> Result<(), PathFault> {
        if self.is_last() {
            return Ok(());
        }
        let is_self_issued = certificate.is_self_issued();
        let path_length = match certificate.version {
            3.. => certificate.path_length(),
            _ if self.position == 1 && is_self_issued => i32::MAX,
            _ => -1,
        };
        if path_length == -1 {
            return failed(
                Reason::NotCa,
                "basic constraints check failed: this is not a CA certificate",
            );
        }
        if !is_self_issued {
            if self.max_path_length <= 0 {
                return failed(
                    Reason::PathTooLong,
                    "basic constraints check failed: pathLenConstraint violated - \
                     this cert must be the last cert in the certification path",
                );
            }
            self.max_path_length -= 1;
        }
        self.max_path_length = self.max_path_length.min(path_length);
        Ok(())
    }

    /// Checks the names against the constraints of the CAs above, and takes in those of this one (steps b, c and g).
    pub(crate) fn check_name_constraints(
        &mut self,
        certificate: &Certificate<'a>,
    ) -> Result<(), PathFault> {
        let profile = self.parameters.rules.profile();
        if let Some(names) = &self.names
            && (self.is_last() || !certificate.is_self_issued())
        {
            names.check(certificate, profile).map_err(|fault| match fault {
                ConstraintsFault::Violated => PathFault::Failed(Failed::new(
                    Reason::NameConstraints,
                    "name constraints check failed",
                )),
                ConstraintsFault::Unsupported(cause) => PathFault::Failed(
                    Failed::new(Reason::NameConstraints, cause.to_string()).caused_by(cause),
                ),
                ConstraintsFault::Crash(exception) => PathFault::Crashed(exception),
            })?;
        }
        match (&mut self.names, &certificate.extensions.name_constraints) {
            (_, None) => {}
            (None, Some(next)) => self.names = Some(next.clone()),
            (Some(names), Some(next)) => {
                names.merge(next, profile).map_err(PathFault::Crashed)?;
            }
        }
        Ok(())
    }

    /// Checks the certificate policies (steps d to f).
    pub(crate) fn check_policies(
        &mut self,
        certificate: &Certificate<'a>,
    ) -> Result<(), PathFault> {
        let is_last = self.is_last();
        self.policies.check(certificate, is_last).or_else(|text| failed(Reason::Policy, text))
    }

    /// Checks, before the first certificate, that the anchor's key can verify at all: a DSA key without parameters can't.
    pub(crate) fn check_anchor_key(&self) -> Result<(), PathFault> {
        if self.position == 1 && self.issuer_key.lacks_parameters() {
            let reason = Reason::SignatureUnsupported;
            return Err(PathFault::Failed(Failed::of_anchor(reason, "Key parameters missing")));
        }
        Ok(())
    }

    /// Checks the dates (step a.2).
    pub(crate) fn check_validity(&self, certificate: &Certificate<'_>) -> Result<(), PathFault> {
        let Parameters { now, zone, .. } = *self.parameters;
        let Some(date) = misdated(certificate, now) else { return Ok(()) };
        let (reason, class, text) = match date {
            Misdated::NotYetValid => (
                Reason::NotYetValid,
                "java.security.cert.CertificateNotYetValidException",
                format!("NotBefore: {}", date::write(certificate.not_before, zone)),
            ),
            Misdated::Expired => (
                Reason::Expired,
                "java.security.cert.CertificateExpiredException",
                format!("NotAfter: {}", date::write(certificate.not_after, zone)),
            ),
        };
        let cause = JavaException::new(class, text);
        Err(PathFault::Failed(Failed::new(reason, "validity check failed").caused_by(cause)))
    }

    /// Checks the signature with the key above (step a.1), and hands the own key down.
    pub(crate) fn check_signature(
        &mut self,
        certificate: &'p Certificate<'a>,
    ) -> Result<(), PathFault> {
        self.parameters.rules.verify(certificate, &self.issuer_key).map_err(|cause| {
            let reason = if cause.class == "java.security.SignatureException" {
                Reason::SignatureMismatch
            } else {
                Reason::SignatureUnsupported
            };
            PathFault::Failed(Failed::new(reason, "signature check failed").caused_by(cause))
        })?;
        let key = certificate.key.below(&self.issuer_key);
        self.issuer_key = key.or_else(|text| failed(Reason::SignatureUnsupported, text))?;
        Ok(())
    }
}

/// Checks that a certificate is not on the block list.
pub(crate) fn check_blocked(
    certificate: &Certificate<'_>,
    parameters: &Parameters<'_>,
) -> Result<(), PathFault> {
    if !parameters.rules.blocked().contains(certificate.sha256()) {
        return Ok(());
    }
    failed(Reason::Blocked, format!("Untrusted certificate: {}", certificate.subject.display()))
}

/// Checks that nothing critical is left that nobody understands (RFC 5280, section 6.1.4, step o).
pub(crate) fn check_critical_extensions(certificate: &Certificate<'_>) -> Result<(), PathFault> {
    let critical = &certificate.extensions.critical;
    if critical.iter().all(|oid| UNDERSTOOD.contains(&oid.0)) {
        return Ok(());
    }
    let fault = Failed::new(Reason::CriticalExtension, "unrecognized critical extension(s)");
    Err(PathFault::Failed(Failed { is_repeated: false, ..fault }))
}

/// Returns whether keyUsage, if there is one, lets the key sign certificates.
pub(crate) fn may_sign_certificates(certificate: &Certificate<'_>) -> bool {
    certificate.extensions.key_usage.is_none_or(|[_, _, _, _, _, key_cert_sign, ..]| key_cert_sign)
}

/// On which side of its validity a moment lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Misdated {
    NotYetValid,
    Expired,
}

/// Returns how a certificate is out of date at `now`; both ends of its validity count as valid.
pub(crate) fn misdated(certificate: &Certificate<'_>, now: i64) -> Option<Misdated> {
    if certificate.not_before > now {
        return Some(Misdated::NotYetValid);
    }
    (certificate.not_after < now).then_some(Misdated::Expired)
}

fn failed<T>(reason: Reason, text: impl Into<String>) -> Result<T, PathFault> {
    Err(PathFault::Failed(Failed::new(reason, text)))
}

fn disabled(fault: ConstraintFault) -> PathFault {
    PathFault::Failed(Failed::new(fault.reason, fault.text))
}

fn examined<'p>(certificate: &'p Certificate<'p>) -> Examined<'p> {
    Examined {
        signature: &certificate.algorithm,
        key: &certificate.key,
        key_usage: certificate.extensions.key_usage,
        subject: &certificate.subject,
    }
}
