//! Java's exceptions, and the words JSSE wraps a refusal in.

use std::borrow::Cow;
use std::fmt;

use crate::checks::PathFault;
use crate::parameters::{Parameters, Protocol};
use crate::validate::{BUILDING, VALIDATION};
use crate::verdict::Reason;

/// An exception as Java would print it: a class, perhaps a message, perhaps a cause.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JavaException {
    /// The class with its package.
    pub class: Cow<'static, str>,
    /// `Throwable.getMessage()`.
    pub message: Option<String>,
    /// `Throwable.getCause()`.
    pub cause: Option<Box<Self>>,
}

impl JavaException {
    /// Makes an exception of `class` with `message` and no cause.
    pub fn new(class: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { class: class.into(), message: Some(message.into()), cause: None }
    }

    /// Makes an exception of `class` without message and cause.
    pub fn bare(class: impl Into<Cow<'static, str>>) -> Self {
        Self { class: class.into(), message: None, cause: None }
    }

    /// Returns the exception with `cause` as its cause.
    #[must_use]
    pub fn caused_by(mut self, cause: Self) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// Returns the exception and its causes, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |exception| exception.cause.as_deref())
    }
}

/// Writes the exception as `Throwable.toString()` does.
impl fmt::Display for JavaException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "{}: {message}", self.class),
            None => f.write_str(&self.class),
        }
    }
}

/// A refusal on its way to the words of a release: what JSSE is told, before it wraps it.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) reason: Reason,
    /// Index of the certificate concerned, into the chain as sent.
    pub(crate) certificate: Option<usize>,
    pub(crate) alert: &'static str,
    class: &'static str,
    message: Option<String>,
    cause: Option<JavaException>,
    /// Whether the exception goes through an alert, so that newer releases name it in the message.
    names_alert: bool,
}

impl Refusal {
    fn new(reason: Reason, alert: &'static str, class: &'static str, message: String) -> Self {
        let message = Some(message);
        Self { reason, certificate: None, alert, class, message, cause: None, names_alert: true }
    }

    /// A handshake exception whose message is its cause's, as JSSE words what the trust manager throws.
    fn handshake(reason: Reason, alert: &'static str, cause: JavaException) -> Self {
        let message = cause.message.clone().unwrap_or_default();
        Self { cause: Some(cause), ..Self::new(reason, alert, HANDSHAKE, message) }
    }

    pub(crate) fn no_certificates() -> Self {
        let text = "Empty server certificate chain".to_owned();
        Self::new(Reason::NoCertificates, "bad_certificate", HANDSHAKE, text)
    }

    pub(crate) fn over_limit(reason: Reason, text: String) -> Self {
        let refusal = Self::new(reason, "unexpected_message", PROTOCOL, text);
        Self { names_alert: false, ..refusal }
    }

    pub(crate) fn unreadable(index: usize, cause: JavaException) -> Self {
        let text = "Failed to parse server certificates".to_owned();
        let refusal = Self::new(Reason::Unreadable, "bad_certificate", HANDSHAKE, text);
        Self { certificate: Some(index), cause: Some(cause), ..refusal }
    }

    pub(crate) fn no_trust_anchors() -> Self {
        let inner = JavaException::new(
            "java.security.InvalidAlgorithmParameterException",
            "the trustAnchors parameter must be non-empty",
        );
        let text = format!("Unexpected error: {inner}");
        let cause = JavaException::new("java.lang.RuntimeException", text).caused_by(inner);
        Self { reason: Reason::NoTrustAnchors, ..Self::crash(cause) }
    }

    /// A `RuntimeException` that went through the trust manager.
    pub(crate) fn crash(cause: JavaException) -> Self {
        if cause.class == "java.lang.UnsupportedOperationException" {
            let text = "Unsupported handshake message: certificate".to_owned();
            let refusal = Self::new(Reason::Crash, "unexpected_message", PROTOCOL, text);
            return Self { cause: Some(cause), ..refusal };
        }
        Self {
            reason: Reason::Crash,
            certificate: None,
            alert: "internal_error",
            class: "javax.net.ssl.SSLException",
            message: cause.message.clone(),
            cause: Some(cause),
            names_alert: true,
        }
    }

    pub(crate) fn no_path(cause: Option<JavaException>) -> Self {
        let mut inner = JavaException::new(
            "sun.security.provider.certpath.SunCertPathBuilderException",
            "unable to find valid certification path to requested target",
        );
        if let Some(cause) = cause {
            inner = inner.caused_by(cause);
        }
        Self::handshake(Reason::NoPath, "certificate_unknown", validator(BUILDING, inner))
    }

    pub(crate) fn of_anchor(reason: Reason, headline: &str, text: String) -> Self {
        let inner = JavaException::new(VALIDATOR, text);
        Self::handshake(reason, "certificate_unknown", validator(headline, inner))
    }

    pub(crate) fn of_end_entity(reason: Reason, exception: JavaException) -> Self {
        Self { certificate: Some(0), ..Self::handshake(reason, "certificate_unknown", exception) }
    }

    pub(crate) fn of_host(exception: JavaException) -> Self {
        Self {
            certificate: Some(0),
            ..Self::handshake(Reason::HostName, "certificate_unknown", exception)
        }
    }

    /// What validator mode found.
    pub(crate) fn of_validation(fault: PathFault, parameters: &Parameters<'_>) -> Self {
        let failed = match fault {
            PathFault::Crashed(exception) => return Self::crash(exception),
            PathFault::Failed(failed) => failed,
        };
        let class = "java.security.cert.CertPathValidatorException";
        let once = JavaException::new(class, failed.text.clone());
        let inner = match failed.cause {
            Some(cause) => once.caused_by(cause),
            None if failed.is_repeated => once.clone().caused_by(once),
            None => once,
        };
        let alert = alert_of(failed.reason, &failed.text, parameters);
        let index = failed.index;
        Self {
            certificate: index,
            ..Self::handshake(failed.reason, alert, validator(VALIDATION, inner))
        }
    }

    /// Returns what the release in `parameters` throws.
    pub(crate) fn exception(&self, parameters: &Parameters<'_>) -> JavaException {
        let message = if self.names_alert && parameters.rules.names_alert_in_message() {
            let message = self.message.as_deref().unwrap_or("null");
            Some(format!("({}) {message}", self.alert))
        } else {
            self.message.clone()
        };
        let cause = self.cause.clone().map(Box::new);
        JavaException { class: Cow::Borrowed(self.class), message, cause }
    }
}

/// Returns the alert that `CertificateMessage` picks for a failed validation.
fn alert_of(reason: Reason, text: &str, parameters: &Parameters<'_>) -> &'static str {
    let weak = || {
        let text = text.to_uppercase();
        text.contains("MD5WITH") || text.contains("SHA1WITH")
    };
    match reason {
        Reason::Expired => "certificate_expired",
        Reason::NotYetValid | Reason::SignatureMismatch => "bad_certificate",
        Reason::AlgorithmDisabled if parameters.protocol == Protocol::Tls13 && weak() => {
            "bad_certificate"
        }
        Reason::AlgorithmDisabled => "unsupported_certificate",
        Reason::NoTrustAnchors
        | Reason::NoCertificates
        | Reason::TooManyCertificates
        | Reason::MessageTooLarge
        | Reason::Unreadable
        | Reason::NoPath
        | Reason::NotChained
        | Reason::Blocked
        | Reason::CaKeyUsage
        | Reason::EmptyKeyUsage
        | Reason::NotCa
        | Reason::PathTooLong
        | Reason::NameConstraints
        | Reason::Policy
        | Reason::SignatureUnsupported
        | Reason::CriticalExtension
        | Reason::AnchorNotCa
        | Reason::AnchorKeyUsage
        | Reason::KeyUsage
        | Reason::ExtendedKeyUsage
        | Reason::NetscapeType
        | Reason::Distrusted
        | Reason::HostName
        | Reason::Crash => "certificate_unknown",
    }
}

/// Wraps as `PKIXValidator` does.
fn validator(headline: &str, cause: JavaException) -> JavaException {
    JavaException::new(VALIDATOR, format!("{headline}: {cause}")).caused_by(cause)
}

const VALIDATOR: &str = "sun.security.validator.ValidatorException";
const HANDSHAKE: &str = "javax.net.ssl.SSLHandshakeException";
const PROTOCOL: &str = "javax.net.ssl.SSLProtocolException";
