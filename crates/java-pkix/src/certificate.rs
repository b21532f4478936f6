//! A certificate as `sun.security.x509.X509CertImpl` reads it.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use ring::digest::{SHA256, digest};

use crate::ber::Conversions;
use crate::date;
use crate::der::{Reader, Value, fault as io, shortest, tag};
use crate::distinguished_name::DistinguishedName;
use crate::exception::JavaException;
use crate::extensions::Extensions;
use crate::profile::Profile;
use crate::public_key::PublicKey;
use crate::signature::{SignatureAlgorithm, identifier, verify};

/// A certificate, borrowed from its DER.
#[derive(Clone, Debug)]
pub(crate) struct Certificate<'a> {
    /// All of it, without what follows.
    pub(crate) der: &'a [u8],
    signed: Cow<'a, [u8]>,
    signature: Cow<'a, [u8]>,
    /// `X509Certificate.getVersion()`.
    pub(crate) version: i32,
    /// The content of the serial number.
    pub(crate) serial: &'a [u8],
    /// How it is signed.
    pub(crate) algorithm: SignatureAlgorithm,
    /// Who issued it.
    pub(crate) issuer: DistinguishedName<'a>,
    /// notBefore, in milliseconds since 1970.
    pub(crate) not_before: i64,
    /// notAfter, in milliseconds since 1970.
    pub(crate) not_after: i64,
    /// Whose it is.
    pub(crate) subject: DistinguishedName<'a>,
    /// The key that it certifies.
    pub(crate) key: PublicKey,
    /// The key as it is encoded (`SubjectPublicKeyInfo`).
    pub(crate) key_encoded: &'a [u8],
    /// Its extensions.
    pub(crate) extensions: Extensions<'a>,
    /// Whether its names were checked against name constraints: Java then adds the commonName to the alternative names that
    /// it holds, and the host check finds it there.
    pub(crate) names_were_checked: Cell<bool>,
    sha256: OnceCell<[u8; 32]>,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate; what follows it is passed over.
    ///
    /// # Errors
    /// The `CertificateException` of Java's certificate factory.
    pub(crate) fn parse(
        der: &'a [u8],
        conversions: &'a Conversions,
        profile: &Profile,
    ) -> Result<Self, JavaException> {
        let whole = Reader::new(der, profile).converting(conversions).value();
        whole.map_err(ParseFault::Outer).and_then(|whole| outer(whole, profile)).map_err(|fault| {
            match fault {
                ParseFault::Parsing(text) => JavaException::new(PARSING_EXCEPTION, text),
                ParseFault::Certificate(text) => JavaException::new(EXCEPTION, text),
                ParseFault::Inner(cause) => {
                    JavaException::new(PARSING_EXCEPTION, cause.to_string()).caused_by(cause)
                }
                ParseFault::Outer(cause) => {
                    JavaException::new(EXCEPTION, format!("Unable to initialize, {cause}"))
                        .caused_by(cause)
                }
            }
        })
    }

    /// Returns the SHA-256 of the certificate.
    pub(crate) fn sha256(&self) -> &[u8; 32] {
        self.sha256.get_or_init(|| sha256(self.der))
    }

    /// Tells the certificate its SHA-256, so that it need not be computed.
    #[must_use]
    pub(crate) fn with_sha256(self, sha256: [u8; 32]) -> Self {
        Self { sha256: OnceCell::from(sha256), ..self }
    }

    /// Returns whether subject and issuer are the same name.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Returns `X509Certificate.getBasicConstraints()`: how many CAs may follow, -1 for no CA.
    pub(crate) fn path_length(&self) -> i32 {
        match self.extensions.basic_constraints {
            Some(constraints) if constraints.is_ca => constraints.path_length,
            Some(_) | None => -1,
        }
    }

    /// Verifies the signature with the issuer's key.
    ///
    /// # Errors
    /// What `X509Certificate.verify` throws.
    pub(crate) fn verify(
        &self,
        issuer: &PublicKey,
        profile: &Profile,
    ) -> Result<(), JavaException> {
        verify(&self.algorithm, issuer, &self.signed, &self.signature, profile)
    }
}

/// Computes the SHA-256 of `octets`.
pub(crate) fn sha256(octets: &[u8]) -> [u8; 32] {
    let mut sha256 = [0; 32];
    for (octet, value) in sha256.iter_mut().zip(digest(&SHA256, octets).as_ref()) {
        *octet = *value;
    }
    sha256
}

/// Why a certificate can't be read, and so how Java wraps it.
enum ParseFault {
    /// A `CertificateParsingException` of its own.
    Parsing(String),
    /// A `CertificateException` of its own.
    Certificate(String),
    /// Thrown inside the signed part.
    Inner(JavaException),
    /// Thrown around it.
    Outer(JavaException),
}

fn parsing(text: &str) -> ParseFault {
    ParseFault::Parsing(text.to_owned())
}

/// Reads the three parts of a certificate (RFC 5280, section 4.1).
fn outer<'a>(whole: Value<'a>, profile: &Profile) -> Result<Certificate<'a>, ParseFault> {
    if whole.tag != tag::SEQUENCE {
        return Err(parsing("invalid DER-encoded certificate data"));
    }
    let mut reader = whole.reader(profile);
    let mut next = || reader.value().map_err(ParseFault::Outer);
    let (signed, algorithm, signature) = (next()?, next()?, next()?);
    let left = reader.left();
    if left > 0 {
        return Err(ParseFault::Parsing(format!("signed overrun, bytes = {left}")));
    }
    if signed.tag != tag::SEQUENCE {
        return Err(parsing("signed fields invalid"));
    }
    let parsed = signature_algorithm(algorithm, profile).map_err(ParseFault::Outer)?;
    let (unused, signature) = signature.bit_string().map_err(ParseFault::Outer)?;
    let signature = without_unused(unused, signature);
    let algorithm = (parsed, shortest(algorithm, 2, profile));
    inner(whole.encoded(), signed, algorithm, signature, profile)
}

/// Reads an algorithm identifier; what is wrong with the encoding of its parts comes first.
fn signature_algorithm(
    value: Value<'_>,
    profile: &Profile,
) -> Result<SignatureAlgorithm, JavaException> {
    if value.tag == tag::SEQUENCE {
        let mut parts = value.reader(profile);
        parts.oid()?;
        if !parts.is_at_end() {
            parts.value()?;
        }
    }
    SignatureAlgorithm::parse(&shortest(value, 2, profile), profile)
}

/// Reads a key; what is wrong with the encoding of its algorithm comes first.
fn public_key(value: Value<'_>, profile: &Profile) -> Result<PublicKey, JavaException> {
    if value.tag == tag::SEQUENCE {
        let algorithm = value.reader(profile).value()?;
        if algorithm.tag == tag::SEQUENCE {
            algorithm.reader(profile).oid()?;
        }
    }
    PublicKey::parse(&shortest(value, 2, profile), profile)
}

/// Clears the unused bits of the last octet, as Java does.
pub(crate) fn without_unused(unused: u8, octets: &[u8]) -> Cow<'_, [u8]> {
    match octets.split_last() {
        Some((last, first)) if unused != 0 => {
            let last = last & 0xff_u8.checked_shl(u32::from(unused)).unwrap_or(0);
            Cow::Owned(first.iter().copied().chain([last]).collect())
        }
        Some(_) | None => Cow::Borrowed(octets),
    }
}

/// Reads the signed part.
fn inner<'a>(
    der: &'a [u8],
    signed: Value<'a>,
    (algorithm, algorithm_encoded): (SignatureAlgorithm, Cow<'a, [u8]>),
    signature: Cow<'a, [u8]>,
    profile: &Profile,
) -> Result<Certificate<'a>, ParseFault> {
    let fault = ParseFault::Inner;
    let mut reader = signed.reader(profile);
    let mut value = reader.value().map_err(fault)?;
    let mut number = 0;
    if value.tag & 0xdf == 0x80 {
        number = version(value, profile).map_err(fault)?;
        value = reader.value().map_err(fault)?;
    }
    let serial = value.big_integer(profile).map_err(fault)?;
    let inner_algorithm = reader.value().map_err(fault)?;
    if *inner_algorithm.encoded() != *algorithm_encoded {
        signature_algorithm(inner_algorithm, profile).map_err(fault)?;
    }
    let name = |reader: &mut Reader<'a, '_>| {
        reader.vector().and_then(|value| DistinguishedName::parse(value, profile)).map_err(fault)
    };
    let issuer = name(&mut reader)?;
    if issuer.is_empty() {
        return Err(parsing("Empty issuer DN not allowed in X509Certificates"));
    }
    let dates = reader.value().map_err(fault)?;
    let (not_before, not_after) = validity(dates, profile).map_err(fault)?;
    let subject = name(&mut reader)?;
    if number == 0 && subject.is_empty() {
        return Err(parsing("Empty subject DN not allowed in v1 certificate"));
    }
    let key_value = reader.value().map_err(fault)?;
    let key_encoded = key_value.encoded();
    let key = public_key(key_value, profile).map_err(fault)?;
    let extensions = extensions(reader, number, &subject, profile)?;
    if !is_same(&algorithm_encoded, &shortest(inner_algorithm, 2, profile), profile) {
        return Err(ParseFault::Certificate("Signature algorithm mismatch".to_owned()));
    }
    Ok(Certificate {
        der,
        signed: shortest(signed, 0, profile),
        signature,
        version: number.saturating_add(1),
        serial,
        algorithm,
        issuer,
        not_before,
        not_after,
        subject,
        key,
        key_encoded,
        extensions,
        names_were_checked: Cell::new(false),
        sha256: OnceCell::new(),
    })
}

/// Reads what may follow the key: unique identifiers and extensions.
fn extensions<'a>(
    mut reader: Reader<'a, '_>,
    version: i32,
    subject: &DistinguishedName<'_>,
    profile: &Profile,
) -> Result<Extensions<'a>, ParseFault> {
    if reader.is_at_end() {
        return Ok(Extensions::default());
    }
    if version == 0 {
        return Err(parsing("no more data allowed for version 1 certificate"));
    }
    let mut value = reader.value().map_err(ParseFault::Inner)?;
    for unique in [1, 2] {
        if value.tag & 0xdf == 0x80 | unique {
            value.retagged(tag::BIT_STRING).bit_string().map_err(ParseFault::Inner)?;
            if reader.is_at_end() {
                return Ok(Extensions::default());
            }
            value = reader.value().map_err(ParseFault::Inner)?;
        }
    }
    if version != 2 {
        return Err(parsing("Extensions not allowed in v2 certificate"));
    }
    let mut extensions = None;
    if value.tag == 0xa3 {
        let sequence = value.reader(profile).value().map_err(ParseFault::Inner)?;
        extensions = Some(Extensions::parse(sequence, profile).map_err(ParseFault::Inner)?);
    }
    check_subject(subject, extensions.as_ref())?;
    Ok(extensions.unwrap_or_default())
}

/// Checks that a certificate without subject has a critical subjectAltName (RFC 5280, section 4.1.2.6).
fn check_subject(
    subject: &DistinguishedName<'_>,
    extensions: Option<&Extensions<'_>>,
) -> Result<(), ParseFault> {
    if !subject.is_empty() {
        return Ok(());
    }
    let incomplete =
        |text: &str| Err(ParseFault::Parsing(format!("X.509 Certificate is incomplete: {text}")));
    let Some(extensions) = extensions else {
        return incomplete("subject field is empty, and certificate has no extensions");
    };
    if extensions.alternative_names.is_none() {
        return incomplete(
            "subject field is empty, and SubjectAlternativeName extension is absent",
        );
    }
    let name = crate::extensions::ALTERNATIVE_NAME;
    if !extensions.critical.iter().any(|oid| oid.0 == name) {
        return incomplete(
            "SubjectAlternativeName extension MUST be marked critical when subject field is empty",
        );
    }
    Ok(())
}

/// Returns whether two algorithm identifiers are the same; parameters that are `NULL` count as none.
fn is_same(one: &[u8], other: &[u8], profile: &Profile) -> bool {
    let parts = |encoded| {
        let (oid, parameters) = identifier(encoded, profile).ok()?;
        Some((oid, parameters.map(|value| value.whole)))
    };
    one == other || parts(one) == parts(other)
}

fn version(value: Value<'_>, profile: &Profile) -> Result<i32, JavaException> {
    if value.tag != 0xa0 {
        return Ok(0);
    }
    // what follows the number is not looked at
    value.reader(profile).value()?.integer(profile)
}

fn validity(value: Value<'_>, profile: &Profile) -> Result<(i64, i64), JavaException> {
    if value.tag != tag::SEQUENCE {
        return Err(io("Invalid encoded CertificateValidity, starting sequence tag missing."));
    }
    if value.content().is_empty() {
        return Err(io("No data encoded for CertificateValidity"));
    }
    let invalid = || io("Invalid encoding for CertificateValidity");
    let mut reader = value.copied(profile).as_vector();
    let first = reader.value()?;
    if reader.is_at_end() {
        return Err(invalid());
    }
    let second = reader.value()?;
    if !reader.is_at_end() {
        return Err(invalid());
    }
    let not_before = date::read(first)?.ok_or_else(invalid)?;
    let not_after = date::read(second)?.ok_or_else(invalid)?;
    Ok((not_before, not_after))
}

const EXCEPTION: &str = "java.security.cert.CertificateException";
const PARSING_EXCEPTION: &str = "java.security.cert.CertificateParsingException";
