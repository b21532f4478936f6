//! The algorithm of a signature: Java's name for it and its parameters.

use std::borrow::Cow;

use crate::exception::JavaException;
use crate::oid::Oid;
use crate::profile::{Profile, SignatureSupport};
use crate::public_key::{Curve, curve_of};
use crate::signature::names::{self, Scheme};
use crate::signature::{Digest, PssParameters};
use crate::tlv::{self, Tlv, tag};

/// The algorithm of a signature: Java's name for it and its parameters.
#[derive(Clone, Debug)]
pub(crate) struct SignatureAlgorithm {
    name: Cow<'static, str>,
    scheme: Option<Scheme>,
    pss: Option<PssParameters>,
    /// What Java throws over the parameters when it verifies, if the key does not decide.
    parameters: Parameters,
}

/// The parameters of a signature's algorithm, as far as `SignatureUtil.getParamSpec` cares.
#[derive(Clone, Debug)]
pub(super) enum Parameters {
    /// None, or those of RSASSA-PSS.
    Usual,
    /// The curve of an elliptic curve key.
    Curve(&'static Curve),
    /// What no provider takes: the exception.
    Refused(JavaException),
}

impl SignatureAlgorithm {
    /// Reads an `AlgorithmIdentifier` with its header.
    ///
    /// # Errors
    /// The `java.io.IOException` that `AlgorithmId.parse` throws; it makes the whole certificate unreadable.
    pub(crate) fn parse(encoded: &[u8], profile: &Profile) -> Result<Self, JavaException> {
        let (oid, parameters) = identifier(encoded, profile)?;
        let oid = oid.text();
        let name = names::name_of(&oid, profile);
        let mut scheme = names::scheme_of(&oid, profile);
        let mut pss = None;
        if scheme == Some(Scheme::RsaPss)
            && let Some(parameters) = parameters
        {
            pss = Some(PssParameters::parse(parameters, profile)?);
        }
        let mut name = name.map_or_else(|| Cow::Owned(oid.clone()), Cow::Borrowed);
        if oid == SPECIFIED_ECDSA && profile.signatures != SignatureSupport::Unknown {
            let digest = parameters.and_then(|parameters| specified_digest(parameters, profile));
            name = specified_name(digest);
            scheme = digest.and_then(ecdsa_with);
        }
        let parameters = match parameters {
            Some(parameters) => Parameters::of(scheme, &name, parameters, profile),
            None => Parameters::Usual,
        };
        Ok(Self { name, scheme, pss, parameters })
    }

    /// Returns `X509Certificate.getSigAlgName()`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns the parameters of RSASSA-PSS.
    pub(crate) fn pss_parameters(&self) -> Option<&PssParameters> {
        self.pss.as_ref()
    }

    /// Returns what its parameters come to.
    pub(super) fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Returns what it signs with, if the release can verify it.
    pub(super) fn scheme(&self) -> Option<Scheme> {
        self.scheme
    }
}

impl Parameters {
    /// Reads parameters that a signature of such a name has beside its scheme.
    fn of(scheme: Option<Scheme>, name: &str, parameters: Tlv<'_>, profile: &Profile) -> Self {
        let class = "java.security.cert.CertificateException";
        match scheme {
            Some(Scheme::RsaPss) | None => Self::Usual,
            Some(Scheme::Ecdsa(_)) if !profile.heeds_ecdsa_parameters => Self::Usual,
            Some(Scheme::Ecdsa(_)) => curve_of(parameters).map_or_else(
                |cause| {
                    let text = "Error handling EC parameters";
                    Self::Refused(JavaException::new(class, text).caused_by(cause))
                },
                Self::Curve,
            ),
            Some(Scheme::Rsa(_)) => {
                let text = format!("{} AlgorithmParameters not available", name.to_uppercase());
                let cause = JavaException::new("java.security.NoSuchAlgorithmException", text);
                Self::Refused(JavaException::new(class, cause.to_string()).caused_by(cause))
            }
            Some(Scheme::Dsa(_) | Scheme::Ed25519 | Scheme::Ed448 | Scheme::MlDsa(_)) => {
                let name = name.to_uppercase();
                let text = format!("Unrecognized algorithm for signature parameters {name}");
                Self::Refused(JavaException::new(class, text))
            }
        }
    }
}

/// Reads an `AlgorithmIdentifier`: the identifier and the parameters, as `AlgorithmId.parse` does.
///
/// # Errors
/// What `AlgorithmId.parse` throws.
pub(crate) fn identifier<'a>(
    encoded: &'a [u8],
    profile: &Profile,
) -> Result<(Oid<'a>, Option<Tlv<'a>>), JavaException> {
    let error = |text: &str| JavaException::new("java.io.IOException", text);
    let value = tlv::read_only(encoded)
        .filter(|value| value.tag == tag::SEQUENCE)
        .ok_or_else(|| error("algid parse error, not a sequence"))?;
    let (oid, rest) = match tlv::read(value.content) {
        Ok((oid, rest)) if oid.tag == tag::OBJECT_IDENTIFIER => (oid, rest),
        Ok((other, _)) => return Err(error(&tlv::not_an_identifier(other.tag, profile))),
        Err(fault) => return Err(error(tlv::words(fault, profile))),
    };
    let parameters = match tlv::read(rest) {
        _ if rest.is_empty() => None,
        Ok((parameters, [])) => Some(parameters),
        Ok(_) => return Err(error("Invalid AlgorithmIdentifier: extra data")),
        Err(fault) => return Err(error(tlv::words(fault, profile))),
    };
    match parameters {
        // NULL counts as absent.
        Some(Tlv { tag: tag::NULL, content: [], .. }) | None => Ok((Oid(oid.content), None)),
        Some(Tlv { tag: tag::NULL, .. }) => Err(error("invalid NULL")),
        Some(parameters) => Ok((Oid(oid.content), Some(parameters))),
    }
}

/// `ecdsa-with-SHA2` of ANSI X9.62, whose parameters name the digest.
const SPECIFIED_ECDSA: &str = "1.2.840.10045.4.3";

fn specified_digest(parameters: Tlv<'_>, profile: &Profile) -> Option<&'static str> {
    let (oid, _) = identifier(parameters.whole, profile).ok()?;
    names::name_of(&oid.text(), profile)
}

fn specified_name(digest: Option<&str>) -> Cow<'static, str> {
    match digest {
        Some(digest) => Cow::Owned(format!("{}withECDSA", digest.replace('-', ""))),
        None => Cow::Borrowed("SpecifiedSHA2withECDSA"),
    }
}

fn ecdsa_with(digest: &str) -> Option<Scheme> {
    let digest = Digest::named(digest)?;
    matches!(
        digest,
        Digest::Sha1 | Digest::Sha224 | Digest::Sha256 | Digest::Sha384 | Digest::Sha512
    )
    .then_some(Scheme::Ecdsa(digest))
}
