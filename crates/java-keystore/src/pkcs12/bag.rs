//! A safe bag (RFC 7292, section 4.2), kept byte for byte.

use pki_types::CertificateDer;

use super::oid;
use crate::der::{self, BMP_STRING, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, Sequence};
use crate::error::ReadError;

/// A bag and what of it matters.
#[derive(Clone, Debug)]
pub(super) struct Bag {
    /// As it stands in the file.
    pub(super) raw: Vec<u8>,
    pub(super) kind: BagKind,
    /// `friendlyName`.
    pub(super) name: Option<String>,
    /// `localKeyID`.
    pub(super) key_id: Option<Vec<u8>>,
    /// Whether there is a `trustedKeyUsage`: without one Java does not list a certificate.
    pub(super) is_trusted: bool,
}

/// What a bag holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum BagKind {
    Certificate,
    PrivateKey,
    Secret,
    /// Java passes over it.
    Other,
}

impl Bag {
    /// Reads a bag.
    pub(super) fn read(value: der::Value<'_>) -> Result<Self, ReadError> {
        let mut parts = Sequence::new(value.content);
        let identifier = parts.next(OBJECT_IDENTIFIER, "bag identifier")?.content;
        let content = parts.next(0xa0, "bag value")?.content;
        let kind = match identifier {
            oid::CERTIFICATE_BAG => match certificate_in(content)? {
                Some(_) => BagKind::Certificate,
                None => BagKind::Other,
            },
            oid::KEY_BAG | oid::SHROUDED_KEY_BAG => BagKind::PrivateKey,
            oid::SECRET_BAG => BagKind::Secret,
            _ => BagKind::Other,
        };
        let mut bag =
            Self { raw: value.whole.to_vec(), kind, name: None, key_id: None, is_trusted: false };
        if let Some(attributes) = parts.optional(SET) {
            bag.read_attributes(attributes.content)?;
        }
        Ok(bag)
    }

    fn read_attributes(&mut self, content: &[u8]) -> Result<(), ReadError> {
        let mut attributes = Sequence::new(content);
        while !attributes.is_at_end() {
            let mut parts = Sequence::new(attributes.next(SEQUENCE, "bag attribute")?.content);
            let identifier = parts.next(OBJECT_IDENTIFIER, "attribute identifier")?.content;
            let values = parts.next(SET, "attribute values")?.content;
            let first = der::read(values).map(|(value, _)| value);
            match (identifier, first) {
                (oid::FRIENDLY_NAME, Some(value)) if value.tag == BMP_STRING => {
                    self.name = Some(bmp(value.content));
                }
                (oid::LOCAL_KEY_ID, Some(value)) if value.tag == OCTET_STRING => {
                    self.key_id = Some(value.content.to_vec());
                }
                (oid::TRUSTED_KEY_USAGE, _) => self.is_trusted = true,
                _ => {}
            }
        }
        Ok(())
    }

    /// Makes the bag of a trusted certificate with its attributes in Java's order.
    pub(super) fn trusted_certificate(alias: &str, certificate: &CertificateDer<'static>) -> Self {
        let identifier = |oid: &[u8]| der::write(OBJECT_IDENTIFIER, oid);
        let octets = der::write(0xa0, &der::write(OCTET_STRING, certificate));
        let value = der::sequence(&[&identifier(oid::X509_CERTIFICATE), &octets]);
        let attribute =
            |oid: &[u8], value: &[u8]| der::sequence(&[&identifier(oid), &der::write(SET, value)]);
        let name: Vec<u8> = alias.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let attributes = [
            attribute(oid::FRIENDLY_NAME, &der::write(BMP_STRING, &name)),
            attribute(oid::TRUSTED_KEY_USAGE, &identifier(oid::ANY_EXTENDED_KEY_USAGE)),
        ];
        let raw = der::sequence(&[
            &identifier(oid::CERTIFICATE_BAG),
            &der::write(0xa0, &value),
            &der::write(SET, &attributes.concat()),
        ]);
        Self {
            raw,
            kind: BagKind::Certificate,
            name: Some(alias.to_owned()),
            key_id: None,
            is_trusted: true,
        }
    }

    /// Returns the certificate, found anew in the bag so that it is held once.
    pub(super) fn certificate(&self) -> Option<&[u8]> {
        let mut parts = Sequence::new(der::read(&self.raw)?.0.content);
        parts.next(OBJECT_IDENTIFIER, "bag identifier").ok()?;
        certificate_in(parts.next(0xa0, "bag value").ok()?.content).ok()?
    }

    pub(super) fn is_certificate(&self) -> bool {
        self.kind == BagKind::Certificate
    }

    /// Returns whether it holds `certificate` without the attribute by which Java lists it.
    pub(super) fn is_unseen_of(&self, certificate: &[u8]) -> bool {
        self.is_certificate() && !self.is_trusted && self.certificate() == Some(certificate)
    }

    /// Returns whether it is the trusted certificate that Java lists under `alias`.
    pub(super) fn is_trusted_as(&self, alias: &str) -> bool {
        let name = self.name.as_ref().map(|name| name.to_lowercase());
        self.is_trusted && self.is_certificate() && name.as_deref() == Some(alias)
    }
}

/// Finds the X.509 certificate in the value of a certificate bag; none: it is of another type.
fn certificate_in(value: &[u8]) -> Result<Option<&[u8]>, ReadError> {
    let mut bag = Sequence::new(Sequence::new(value).next(SEQUENCE, "certificate bag")?.content);
    let kind = bag.next(OBJECT_IDENTIFIER, "certificate type")?.content;
    let octets = Sequence::new(bag.next(0xa0, "certificate value")?.content)
        .next(OCTET_STRING, "certificate octets")?;
    if kind != oid::X509_CERTIFICATE {
        return Ok(None);
    }
    // What is no DER is kept as it is.
    let whole = der::first(octets.content).filter(|whole| whole.starts_with(&[SEQUENCE]));
    Ok(Some(whole.unwrap_or(octets.content)))
}

fn bmp(content: &[u8]) -> String {
    let units: Vec<u16> = content
        .chunks_exact(2)
        .filter_map(|pair| Some(u16::from_be_bytes([*pair.first()?, *pair.get(1)?])))
        .collect();
    String::from_utf16_lossy(&units)
}
