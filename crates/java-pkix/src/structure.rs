//! Extensions of which only the structure matters: a malformed one that is critical makes a certificate unreadable.

use crate::exception::JavaException;
use crate::general_name::GeneralName;
use crate::profile::{DerWords, Profile};
use crate::reader::{Reader, io};
use crate::tlv::{Tlv, tag};

/// Checks an extension that nothing else reads; unknown ones pass.
///
/// # Errors
/// The `java.io.IOException` that the extension's class throws.
pub(crate) fn check<'a>(
    oid: &[u8],
    value: impl FnOnce() -> Result<Tlv<'a>, JavaException>,
    profile: &Profile,
) -> Result<(), JavaException> {
    let Some((_, name, kind)) = KNOWN.iter().find(|(held, ..)| *held == oid) else {
        return Ok(());
    };
    let value = value()?;
    if value.tag != tag::SEQUENCE {
        return Err(match kind {
            Kind::PrivateKeyUsage if profile.der_words == DerWords::Legacy => {
                io("Sequence tag error")
            }
            Kind::PrivateKeyUsage => io("Not the correct tag"),
            Kind::Points | Kind::Issuing | Kind::Access => {
                io(format!("Invalid encoding for {name}"))
            }
        });
    }
    let mut reader = Reader::new(value.content, profile);
    while !reader.is_at_end() {
        let part = reader.value()?;
        match kind {
            Kind::Points => distribution_point(part, profile)?,
            Kind::Issuing => issuing(part, profile)?,
            Kind::Access => {
                let mut inner = Reader::new(part.content, profile);
                inner.oid()?;
                GeneralName::parse(inner.value()?, false, profile)?;
            }
            Kind::PrivateKeyUsage if matches!(part.tag, 0x80 | 0x81) => {}
            Kind::PrivateKeyUsage => return Err(io(format!("Invalid encoding of {name}"))),
        }
    }
    Ok(())
}

fn distribution_point(value: Tlv<'_>, profile: &Profile) -> Result<(), JavaException> {
    let invalid = || io("Invalid encoding of DistributionPoint.");
    if value.tag != tag::SEQUENCE {
        return Err(invalid());
    }
    let mut has_name = false;
    let mut reader = Reader::new(value.content, profile);
    while !reader.is_at_end() {
        let part = reader.value()?;
        match part.tag {
            0xa0 => {
                let inner = Reader::new(part.content, profile).value()?;
                point_name(inner, "Invalid DistributionPointName in DistributionPoint", profile)?;
                has_name = true;
            }
            0x81 => {}
            0xa2 => {
                names(part, profile)?;
                has_name = true;
            }
            _ => return Err(invalid()),
        }
    }
    if has_name {
        Ok(())
    } else {
        Err(io("One of fullName, relativeName,  and crlIssuer has to be set"))
    }
}

fn issuing(part: Tlv<'_>, profile: &Profile) -> Result<(), JavaException> {
    match part.tag {
        0xa0 => {
            let inner = Reader::new(part.content, profile).value()?;
            point_name(inner, "Invalid encoding for DistributionPointName", profile)
        }
        0x81..=0x85 => Ok(()),
        _ => Err(io("Invalid encoding of IssuingDistributionPoint")),
    }
}

fn point_name(value: Tlv<'_>, wrong: &str, profile: &Profile) -> Result<(), JavaException> {
    match value.tag {
        0xa0 => names(value, profile),
        0xa1 => Ok(()),
        _ => Err(io(wrong)),
    }
}

fn names(value: Tlv<'_>, profile: &Profile) -> Result<(), JavaException> {
    GeneralName::parse_all(Tlv { tag: tag::SEQUENCE, ..value }, profile).map(|_| ())
}

/// What an extension is made of.
#[derive(Clone, Copy)]
enum Kind {
    Points,
    Issuing,
    Access,
    PrivateKeyUsage,
}

const KNOWN: [(&[u8], &str, Kind); 6] = [
    (&[0x55, 0x1d, 31], "CRLDistributionPoints extension.", Kind::Points),
    (&[0x55, 0x1d, 46], "FreshestCRL extension.", Kind::Points),
    (&[0x55, 0x1d, 28], "IssuingDistributionPointExtension.", Kind::Issuing),
    (&[0x2b, 6, 1, 5, 5, 7, 1, 1], "AuthorityInfoAccessExtension.", Kind::Access),
    (&[0x2b, 6, 1, 5, 5, 7, 1, 11], "SubjectInfoAccessExtension.", Kind::Access),
    (&[0x55, 0x1d, 16], "PrivateKeyUsageExtension", Kind::PrivateKeyUsage),
];
