//! The parameters of RSASSA-PSS (RFC 4055, section 3.1) as `sun.security.rsa.PSSParameters` reads them.

use std::borrow::Cow;

use crate::exception::JavaException;
use crate::profile::{Profile, SignatureSupport};
use crate::signature::algorithm::identifier;
use crate::signature::{Digest, names};
use crate::tlv::{self, Tlv, tag};

/// The parameters of RSASSA-PSS (RFC 4055, section 3.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PssParameters {
    /// Java's name of the digest of the message; nobody asks whether there is such a digest before it is needed.
    pub(crate) digest: Cow<'static, str>,
    /// The digest of the mask generation function.
    pub(crate) mask_digest: Digest,
    /// The length of the salt.
    pub(crate) salt: usize,
}

impl PssParameters {
    /// Reads the parameters of an `AlgorithmIdentifier`.
    ///
    /// # Errors
    /// The `java.io.IOException` that `PSSParameters` throws.
    pub(crate) fn parse(parameters: Tlv<'_>, profile: &Profile) -> Result<Self, JavaException> {
        if parameters.tag != tag::SEQUENCE {
            return Err(error("Sequence tag error"));
        }
        let mut read = Self {
            digest: Cow::Borrowed(Digest::Sha1.name()),
            mask_digest: Digest::Sha1,
            salt: 20,
        };
        let mut rest = parameters.content;
        while !rest.is_empty() {
            let Ok((field, after)) = tlv::read(rest) else { return Err(error("Too short")) };
            rest = after;
            match field.tag {
                0xa0 => read.digest = digest_in(field.content, profile)?,
                0xa1 => read.mask_digest = mask_digest_in(field.content, profile)?,
                0xa2 => read.salt = salt_in(field.content)?,
                0xa3 => check_trailer(field.content)?,
                _ => return Err(error("Invalid encoded PSSParameters")),
            }
        }
        Ok(read)
    }
}

/// Returns Java's name of the algorithm in an identifier.
fn digest_in(content: &[u8], profile: &Profile) -> Result<Cow<'static, str>, JavaException> {
    let (oid, _) = identifier(content, profile)?;
    let oid = oid.text();
    Ok(names::name_of(&oid, profile).map_or(Cow::Owned(oid), Cow::Borrowed))
}

/// Reads the mask generation function, which must be MGF1, and its digest.
fn mask_digest_in(content: &[u8], profile: &Profile) -> Result<Digest, JavaException> {
    let (function, parameters) = identifier(content, profile)?;
    if function.text() != MGF1 {
        return Err(error("Only MGF1 mgf is supported"));
    }
    let parameters = parameters.ok_or_else(|| error("Missing MGF1 parameters"))?;
    let name = digest_in(parameters.whole, profile)?;
    Digest::named(&name)
        .filter(|digest| match digest {
            Digest::Md2 | Digest::Md5 => false,
            Digest::Sha3_224 | Digest::Sha3_256 | Digest::Sha3_384 | Digest::Sha3_512 => {
                profile.signatures == SignatureSupport::Available
            }
            Digest::Sha1
            | Digest::Sha224
            | Digest::Sha256
            | Digest::Sha384
            | Digest::Sha512
            | Digest::Sha512_224
            | Digest::Sha512_256 => true,
        })
        .ok_or_else(|| error(&format!("Unrecognized message digest algorithm {name}")))
}

/// Reads the length of the salt.
fn salt_in(content: &[u8]) -> Result<usize, JavaException> {
    match integer(content) {
        Some([first, ..]) if first & 0x80 != 0 => Err(error("Negative value for saltLength")),
        Some(octets) if octets.len() <= 4 => {
            Ok(octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)))
        }
        Some(_) | None => Err(error("Integer exceeds maximum valid value")),
    }
}

/// Checks that the trailer field is the one there is.
fn check_trailer(content: &[u8]) -> Result<(), JavaException> {
    match integer(content) {
        Some([1]) => Ok(()),
        Some(octets) => {
            let value = octets.iter().fold(0_i64, |value, octet| value << 8 | i64::from(*octet));
            Err(error(&format!("Unsupported trailerField value {value}")))
        }
        None => Err(error("Invalid encoded PSSParameters")),
    }
}

fn integer(content: &[u8]) -> Option<&[u8]> {
    let value = tlv::read_only(content)?;
    (value.tag == tag::INTEGER && !value.content.is_empty()).then_some(value.content)
}

fn error(text: &str) -> JavaException {
    JavaException::new("java.io.IOException", text)
}

const MGF1: &str = "1.2.840.113549.1.1.8";
