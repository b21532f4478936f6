//! Extensions that no check looks at, but that Java reads all the same: a malformed critical one is fatal.

use crate::der::{Reader, Value, fault, tag};
use crate::exception::JavaException;
use crate::general_name::GeneralName;
use crate::oid::Oid;
use crate::profile::Profile;

/// Reads the value of an extension that no check looks at.
///
/// # Errors
/// What Java's class for it throws.
pub(super) fn check(
    oid: Oid<'_>,
    value: Value<'_>,
    profile: &Profile,
) -> Result<(), JavaException> {
    match oid.0 {
        CRL_DISTRIBUTION_POINTS => distribution_points(value, "CRLDistributionPoints", profile),
        FRESHEST_CRL => distribution_points(value, "FreshestCRL", profile),
        AUTHORITY_ACCESS => access_descriptions(value, "AuthorityInfoAccessExtension", profile),
        SUBJECT_ACCESS => access_descriptions(value, "SubjectInfoAccessExtension", profile),
        PRIVATE_KEY_USAGE => private_key_usage(value, profile),
        ISSUING_DISTRIBUTION_POINT => issuing_distribution_point(value, profile),
        CRL_NUMBER | DELTA_CRL => value.inside(profile)?.big_integer(profile).map(|_| ()),
        _ => Ok(()),
    }
}

/// Begins inside the sequence that `value` is.
fn sequence<'a, 'p>(
    value: Value<'a>,
    complaint: &str,
    profile: &'p Profile,
) -> Result<Reader<'a, 'p>, JavaException> {
    let value = value.inside(profile)?;
    if value.tag != tag::SEQUENCE {
        return Err(fault(complaint));
    }
    Ok(value.reader(profile))
}

fn distribution_points(
    value: Value<'_>,
    name: &str,
    profile: &Profile,
) -> Result<(), JavaException> {
    let complaint = format!("Invalid encoding for {name} extension.");
    let mut reader = sequence(value, &complaint, profile)?;
    while !reader.is_at_end() {
        distribution_point(reader.value()?, profile)?;
    }
    Ok(())
}

fn distribution_point(point: Value<'_>, profile: &Profile) -> Result<(), JavaException> {
    let invalid = || fault("Invalid encoding of DistributionPoint.");
    if point.tag != tag::SEQUENCE {
        return Err(invalid());
    }
    let mut reader = point.reader(profile);
    let mut has_name = false;
    while !reader.is_at_end() {
        let field = reader.value()?;
        match field.tag {
            0xa0 => {
                let complaint = "Invalid DistributionPointName in DistributionPoint";
                point_name(field.reader(profile).value()?, complaint, profile)?;
                has_name = true;
            }
            0x81 => {
                field.retagged(tag::BIT_STRING).bit_string()?;
            }
            0xa2 => {
                GeneralName::parse_all(field.retagged(tag::SEQUENCE), profile)?;
                has_name = true;
            }
            _ => return Err(invalid()),
        }
    }
    if has_name {
        return Ok(());
    }
    Err(fault("One of fullName, relativeName,  and crlIssuer has to be set"))
}

fn issuing_distribution_point(value: Value<'_>, profile: &Profile) -> Result<(), JavaException> {
    let complaint = "Invalid encoding for IssuingDistributionPointExtension.";
    let mut reader = sequence(value, complaint, profile)?;
    while !reader.is_at_end() {
        let field = reader.value()?;
        match field.tag {
            0xa0 => {
                let complaint = "Invalid encoding for DistributionPointName";
                point_name(field.reader(profile).value()?, complaint, profile)?;
            }
            0x81..=0x85 => {}
            _ => return Err(fault("Invalid encoding of IssuingDistributionPoint")),
        }
    }
    Ok(())
}

fn point_name(name: Value<'_>, complaint: &str, profile: &Profile) -> Result<(), JavaException> {
    match name.tag {
        0xa0 => GeneralName::parse_all(name.retagged(tag::SEQUENCE), profile).map(|_| ()),
        0xa1 => Ok(()),
        _ => Err(fault(complaint)),
    }
}

fn access_descriptions(
    value: Value<'_>,
    name: &str,
    profile: &Profile,
) -> Result<(), JavaException> {
    let mut reader = sequence(value, &format!("Invalid encoding for {name}."), profile)?;
    while !reader.is_at_end() {
        let mut description = reader.value()?.reader(profile);
        description.oid()?;
        GeneralName::parse(description.value()?, false, profile)?;
    }
    Ok(())
}

fn private_key_usage(value: Value<'_>, profile: &Profile) -> Result<(), JavaException> {
    let period = value.content_reader(profile).vector()?;
    let mut reader = Reader::of(period, tag::SEQUENCE, profile)?;
    while !reader.is_at_end() {
        if !matches!(reader.value()?.tag, 0x80 | 0x81) {
            return Err(fault("Invalid encoding of PrivateKeyUsageExtension"));
        }
    }
    Ok(())
}

const PRIVATE_KEY_USAGE: &[u8] = &[0x55, 0x1d, 16];
const CRL_NUMBER: &[u8] = &[0x55, 0x1d, 20];
const DELTA_CRL: &[u8] = &[0x55, 0x1d, 27];
const ISSUING_DISTRIBUTION_POINT: &[u8] = &[0x55, 0x1d, 28];
const CRL_DISTRIBUTION_POINTS: &[u8] = &[0x55, 0x1d, 31];
const FRESHEST_CRL: &[u8] = &[0x55, 0x1d, 46];
const AUTHORITY_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
const SUBJECT_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 11];
