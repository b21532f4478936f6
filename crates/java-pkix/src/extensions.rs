//! The extensions of a certificate, read as strictly and as laxly as `CertificateExtensions` does.

mod unused;

use crate::ber;
use crate::der::{self, Reader, Value, fault as io, tag};
use crate::exception::JavaException;
use crate::general_name::GeneralName;
use crate::name_constraints::NameConstraints;
use crate::oid::Oid;
use crate::policy::{PolicyConstraints, PolicyInformation, PolicyMapping};
use crate::profile::{Profile, SignatureSupport};

/// What the extensions say; what is absent, or malformed and not critical, is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions<'a> {
    /// keyUsage, digitalSignature first.
    pub(crate) key_usage: Option<[bool; 9]>,
    /// basicConstraints.
    pub(crate) basic_constraints: Option<BasicConstraints>,
    /// extKeyUsage.
    pub(crate) extended_key_usage: Option<Vec<Oid<'a>>>,
    /// subjectAltName.
    pub(crate) alternative_names: Option<Vec<GeneralName<'a>>>,
    /// subjectAltName as it is encoded.
    pub(crate) alternative_names_encoded: Option<&'a [u8]>,
    /// What is wrong with a subjectAltName that is not critical.
    pub(crate) alternative_names_fault: Option<JavaException>,
    /// What is wrong with an extKeyUsage that is not critical.
    pub(crate) extended_key_usage_fault: Option<JavaException>,
    /// nameConstraints.
    pub(crate) name_constraints: Option<NameConstraints<'a>>,
    /// certificatePolicies.
    pub(crate) policies: Option<Vec<PolicyInformation<'a>>>,
    /// policyMappings.
    pub(crate) policy_mappings: Option<Vec<PolicyMapping<'a>>>,
    /// policyConstraints.
    pub(crate) policy_constraints: Option<PolicyConstraints>,
    /// inhibitAnyPolicy.
    pub(crate) inhibit_any_policy: Option<i32>,
    /// authorityKeyIdentifier.
    pub(crate) authority_key: Option<AuthorityKey<'a>>,
    /// subjectKeyIdentifier as it is encoded, readable or not: Java compares the encodings.
    pub(crate) subject_key_encoded: Option<&'a [u8]>,
    /// Netscape's certificate type, SSL client first.
    pub(crate) netscape_type: Option<[bool; 9]>,
    /// The critical ones.
    pub(crate) critical: Vec<Oid<'a>>,
}

/// basicConstraints.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct BasicConstraints {
    /// Whether the subject is a CA.
    pub(crate) is_ca: bool,
    /// How many CAs may stand below it.
    pub(crate) path_length: i32,
}

impl AuthorityKey<'_> {
    /// Returns the keyIdentifier in the encoding that a subjectKeyIdentifier has.
    pub(crate) fn identifier_encoded(&self) -> Option<Vec<u8>> {
        self.identifier.map(|identifier| ber::encode(tag::OCTET_STRING, identifier))
    }
}

/// authorityKeyIdentifier.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct AuthorityKey<'a> {
    /// keyIdentifier.
    pub(crate) identifier: Option<&'a [u8]>,
    /// authorityCertSerialNumber.
    pub(crate) serial: Option<&'a [u8]>,
}

impl<'a> Extensions<'a> {
    /// Reads the sequence of extensions.
    ///
    /// # Errors
    /// The `java.io.IOException` that `CertificateExtensions` throws.
    pub(crate) fn parse(sequence: Value<'a>, profile: &Profile) -> Result<Self, JavaException> {
        let mut extensions = Self::default();
        let mut seen: Vec<&[u8]> = Vec::new();
        let mut reader = Reader::of(sequence, tag::SEQUENCE, profile)?;
        while !reader.is_at_end() {
            let (oid, is_critical, value) = extension(reader.value()?, profile)?;
            if is_critical {
                extensions.critical.push(oid);
            }
            match extensions.read(oid, is_critical, value, profile) {
                Err(fault) if is_critical => return Err(fault),
                Err(fault) => {
                    extensions.keep_fault(oid, fault);
                    continue;
                }
                Ok(()) => {}
            }
            if seen.contains(&oid.0) {
                return Err(io("Duplicate extensions not allowed"));
            }
            seen.push(oid.0);
        }
        Ok(extensions)
    }

    fn keep_fault(&mut self, oid: Oid<'_>, fault: JavaException) {
        match oid.0 {
            ALTERNATIVE_NAME => self.alternative_names_fault = Some(fault),
            EXTENDED_KEY_USAGE => self.extended_key_usage_fault = Some(fault),
            _ => {}
        }
    }

    fn read(
        &mut self,
        oid: Oid<'a>,
        is_critical: bool,
        value: Value<'a>,
        profile: &Profile,
    ) -> Result<(), JavaException> {
        let whole = || value.inside(profile);
        match oid.0 {
            KEY_USAGE => self.key_usage = Some(key_usage(value, profile)?),
            BASIC_CONSTRAINTS => self.basic_constraints = Some(basic(whole()?, profile)?),
            EXTENDED_KEY_USAGE => {
                self.extended_key_usage = Some(extended_key_usage(whole()?, profile)?);
            }
            ALTERNATIVE_NAME => {
                self.alternative_names = Some(GeneralName::parse_all(whole()?, profile)?);
                self.alternative_names_encoded = Some(value.content());
            }
            ISSUER_ALTERNATIVE_NAME => {
                GeneralName::parse_all(whole()?, profile)?;
            }
            NAME_CONSTRAINTS => {
                self.name_constraints = Some(NameConstraints::parse(whole()?, profile)?);
            }
            POLICIES => self.policies = Some(PolicyInformation::parse_all(whole()?, profile)?),
            POLICY_MAPPINGS => {
                self.policy_mappings = Some(PolicyMapping::parse_all(whole()?, profile)?);
            }
            POLICY_CONSTRAINTS => {
                self.policy_constraints = Some(PolicyConstraints::parse(whole()?, profile)?);
            }
            INHIBIT_ANY_POLICY => {
                self.inhibit_any_policy = Some(inhibit_any(value, is_critical, profile)?);
            }
            AUTHORITY_KEY => self.authority_key = Some(authority_key(whole()?, profile)?),
            SUBJECT_KEY => {
                self.subject_key_encoded = Some(value.content());
                whole()?.octet_string()?;
            }
            NETSCAPE_TYPE => self.netscape_type = Some(bits(whole()?)?),
            _ => unused::check(oid, value, profile)?,
        }
        Ok(())
    }
}

/// Reads one extension: its identifier, whether it is critical, and its value.
fn extension<'a>(
    value: Value<'a>,
    profile: &Profile,
) -> Result<(Oid<'a>, bool, Value<'a>), JavaException> {
    if !matches!(value.tag, tag::SEQUENCE | tag::SET) {
        return Err(io(format!("toDerInputStream rejects tag type {}", der::signed(value.tag))));
    }
    let mut reader = value.reader(profile);
    let oid = reader.oid()?;
    let mut next = reader.value()?;
    let mut is_critical = false;
    if next.tag == tag::BOOLEAN {
        is_critical = next.boolean()?;
        next = reader.value()?;
    }
    next.octet_string()?;
    Ok((oid, is_critical, next))
}

fn key_usage(value: Value<'_>, profile: &Profile) -> Result<[bool; 9], JavaException> {
    match value.content().first() {
        None => {
            let text = match profile.signatures {
                SignatureSupport::Unknown => "0",
                SignatureSupport::Named | SignatureSupport::Available => {
                    "Index 0 out of bounds for length 0"
                }
            };
            let cause = JavaException::new("java.lang.ArrayIndexOutOfBoundsException", text);
            Err(io(cause.to_string()).caused_by(cause))
        }
        // Java takes off a wrapping that old versions of itself wrote.
        Some(&tag::OCTET_STRING) => {
            let wrapped = value.inside(profile)?;
            wrapped.octet_string()?;
            bits(wrapped.inside(profile)?)
        }
        Some(_) => bits(value.inside(profile)?),
    }
}

/// Reads a named bit list; bits past the ninth are passed over.
fn bits(value: Value<'_>) -> Result<[bool; 9], JavaException> {
    let (unused, octets) = value.bit_string()?;
    let count = octets.len().saturating_mul(8).saturating_sub(usize::from(unused));
    let mut bits = [false; 9];
    for (index, bit) in bits.iter_mut().enumerate().take(count) {
        let octet = octets.get(index / 8).copied().unwrap_or_default();
        *bit = octet.rotate_left(u32::try_from(index % 8).unwrap_or_default()) & 0x80 != 0;
    }
    Ok(bits)
}

fn basic(value: Value<'_>, profile: &Profile) -> Result<BasicConstraints, JavaException> {
    let invalid = || io("Invalid encoding of BasicConstraints");
    if value.tag != tag::SEQUENCE {
        return Err(invalid());
    }
    let none = BasicConstraints { is_ca: false, path_length: -1 };
    let mut reader = value.reader(profile);
    if reader.is_at_end() {
        return Ok(none);
    }
    let first = reader.value()?;
    if first.tag != tag::BOOLEAN {
        return Ok(none);
    }
    let is_ca = first.boolean()?;
    if reader.is_at_end() {
        return Ok(BasicConstraints { is_ca, path_length: i32::MAX });
    }
    let second = reader.value()?;
    if second.tag != tag::INTEGER {
        return Err(invalid());
    }
    Ok(BasicConstraints { is_ca, path_length: second.integer(profile)? })
}

fn extended_key_usage<'a>(
    value: Value<'a>,
    profile: &Profile,
) -> Result<Vec<Oid<'a>>, JavaException> {
    if value.tag != tag::SEQUENCE {
        return Err(io("Invalid encoding for ExtendedKeyUsageExtension."));
    }
    let mut usages = Vec::new();
    let mut reader = value.reader(profile);
    while !reader.is_at_end() {
        usages.push(reader.value()?.oid()?);
    }
    Ok(usages)
}

fn inhibit_any(
    octets: Value<'_>,
    is_critical: bool,
    profile: &Profile,
) -> Result<i32, JavaException> {
    if !is_critical {
        return Err(io("Criticality cannot be false for InhibitAnyPolicy"));
    }
    let value = octets.inside(profile)?;
    if value.tag != tag::INTEGER {
        return Err(io("Invalid encoding of InhibitAnyPolicy: data not integer"));
    }
    match value.integer(profile)? {
        -1 => Ok(i32::MAX),
        count if count < -1 => Err(io("Invalid value for skipCerts")),
        count => Ok(count),
    }
}

fn authority_key<'a>(
    value: Value<'a>,
    profile: &Profile,
) -> Result<AuthorityKey<'a>, JavaException> {
    if value.tag != tag::SEQUENCE {
        return Err(io("Invalid encoding for AuthorityKeyIdentifierExtension."));
    }
    let mut key = AuthorityKey::default();
    let mut has_names = false;
    let mut reader = value.reader(profile);
    while !reader.is_at_end() {
        let part = reader.value()?;
        let twice = |what: &str| io(format!("Duplicate {what} in AuthorityKeyIdentifier."));
        match part.tag {
            0x80 if key.identifier.is_some() => return Err(twice("KeyIdentifier")),
            0x80 => key.identifier = Some(part.content()),
            0xa1 if has_names => return Err(twice("GeneralNames")),
            0xa1 => {
                GeneralName::parse_all(part.retagged(tag::SEQUENCE), profile)?;
                has_names = true;
            }
            0x82 if key.serial.is_some() => return Err(twice("SerialNumber")),
            0x82 if part.content().is_empty() => {
                return Err(io("Invalid encoding: zero length Int value"));
            }
            0x82 => key.serial = Some(part.content()),
            _ => return Err(io("Invalid encoding of AuthorityKeyIdentifierExtension.")),
        }
    }
    Ok(key)
}

pub(crate) const SUBJECT_KEY: &[u8] = &[0x55, 0x1d, 14];
pub(crate) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
pub(crate) const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 17];
pub(crate) const ISSUER_ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 18];
pub(crate) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];
pub(crate) const NAME_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
pub(crate) const POLICIES: &[u8] = &[0x55, 0x1d, 32];
pub(crate) const POLICY_MAPPINGS: &[u8] = &[0x55, 0x1d, 33];
pub(crate) const AUTHORITY_KEY: &[u8] = &[0x55, 0x1d, 35];
pub(crate) const POLICY_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 36];
pub(crate) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
pub(crate) const INHIBIT_ANY_POLICY: &[u8] = &[0x55, 0x1d, 54];
const NETSCAPE_TYPE: &[u8] = &[0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 1, 1];

/// The critical extensions that some check of a path takes care of.
pub(crate) const UNDERSTOOD: [&[u8]; 9] = [
    KEY_USAGE,
    ALTERNATIVE_NAME,
    BASIC_CONSTRAINTS,
    NAME_CONSTRAINTS,
    POLICIES,
    POLICY_MAPPINGS,
    POLICY_CONSTRAINTS,
    EXTENDED_KEY_USAGE,
    INHIBIT_ANY_POLICY,
];
