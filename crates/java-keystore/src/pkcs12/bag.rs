//! A safe bag (RFC 7292, section 4.2), kept byte for byte.

use std::borrow::Cow;

use pki_types::CertificateDer;
use zeroize::Zeroizing;

use super::protection::Protection;
use crate::der::{self, BMP_STRING, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, Sequence};
use crate::error::ReadError;
use crate::oid;
use crate::password::Password;
use crate::private_key::{KeyError, PrivateKey, Work};

/// A bag and what of it matters.
#[derive(Clone, Debug)]
pub(super) struct Bag {
    /// As it stands in the file; in DER, if that is in BER.
    pub(super) raw: Vec<u8>,
    pub(super) kind: BagKind,
    /// `friendlyName`.
    pub(super) name: Option<String>,
    /// The number that Java takes for a name where there is none.
    pub(super) number: u32,
    /// `localKeyID`, or what Java takes for it.
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
        let mut parts = value.values();
        let identifier = parts.identifier("bag identifier")?;
        let mut content = parts.next(0xa0, "bag value")?.values();
        let kind = match identifier {
            oid::CERTIFICATE_BAG => {
                check_certificate(&mut content)?;
                BagKind::Certificate
            }
            oid::SHROUDED_KEY_BAG => BagKind::PrivateKey,
            oid::SECRET_BAG => BagKind::Secret,
            // Java knows no unprotected keys (KeyBag), no revocation lists, and no bags in bags.
            _ => BagKind::Other,
        };
        let raw = der::definite(value.whole).ok_or_else(|| parts.error("bag"))?;
        let mut bag = Self { raw, kind, name: None, number: 0, key_id: None, is_trusted: false };
        if let Some(attributes) = parts.optional(SET) {
            bag.read_attributes(attributes.values())?;
        }
        Ok(bag)
    }

    fn read_attributes(&mut self, mut attributes: Sequence<'_>) -> Result<(), ReadError> {
        while !attributes.is_at_end() {
            let mut parts = attributes.sequence("bag attribute")?;
            let identifier = parts.identifier("attribute identifier")?;
            let mut values = parts.next(SET, "attribute values")?.values();
            match identifier {
                oid::FRIENDLY_NAME => {
                    self.name = Some(bmp(values.next(BMP_STRING, "friendly name")?.content));
                }
                oid::LOCAL_KEY_ID => {
                    self.key_id = Some(values.octets("local key identifier")?.bytes.into_owned());
                }
                oid::TRUSTED_KEY_USAGE => self.is_trusted = true,
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
            number: 0,
            key_id: None,
            is_trusted: true,
        }
    }

    /// Returns the bag without attributes: a certificate that is there for a key's chain only.
    pub(super) fn untrusted(&self) -> Option<Self> {
        let mut parts = der::read(&self.raw)?.0.values();
        let identifier = parts.any("bag identifier").ok()?.whole;
        let value = parts.any("bag value").ok()?.whole;
        let raw = der::sequence(&[identifier, value]);
        Some(Self {
            raw,
            kind: BagKind::Certificate,
            name: None,
            number: 0,
            key_id: None,
            is_trusted: false,
        })
    }

    /// Returns the certificate, found anew in the bag so that it is held once; what is no DER is returned as it is.
    pub(super) fn certificate(&self) -> Option<&[u8]> {
        let mut parts = der::read(&self.raw)?.0.values();
        parts.identifier("bag identifier").ok()?;
        let mut bag =
            parts.next(0xa0, "bag value").ok()?.values().sequence("certificate bag").ok()?;
        bag.identifier("certificate type").ok()?;
        let octets = bag.next(0xa0, "certificate value").ok()?.values().octets("octets").ok()?;
        // A bag is held in DER, so that its octets are in one piece.
        let Cow::Borrowed(octets) = octets.bytes else { return None };
        let whole = der::first(octets).filter(|whole| whole.starts_with(&[SEQUENCE]));
        Some(whole.unwrap_or(octets))
    }

    /// Unseals the key in it, an `EncryptedPrivateKeyInfo` (RFC 7292, section 4.2.2).
    pub(super) fn private_key(
        &self,
        password: &Password,
        work: &mut Work,
    ) -> Result<PrivateKey, KeyError> {
        let mut parts = der::read(&self.raw).ok_or(KeyError::Malformed)?.0.values();
        parts.identifier("bag identifier")?;
        let mut info = parts.next(0xa0, "bag value")?.values().sequence("sealed key")?;
        let protection = Protection::read(info.next(SEQUENCE, "encryption algorithm")?)?;
        let sealed = info.octets("sealed key")?;
        work.spend(protection.iterations())?;
        let plain = Zeroizing::new(protection.open(&sealed.bytes, password)?);
        // A wrong password makes good padding now and then.
        PrivateKey::of(plain).map_err(|_garbage| KeyError::WrongPassword)
    }

    pub(super) fn is_certificate(&self) -> bool {
        self.kind == BagKind::Certificate
    }

    /// Returns the name that Java lists it under; none if it does not.
    pub(super) fn alias(&self) -> Option<String> {
        let is_listed = match self.kind {
            BagKind::Certificate => self.is_trusted,
            BagKind::PrivateKey | BagKind::Secret => true,
            BagKind::Other => false,
        };
        let alias = || {
            self.name.as_ref().map_or_else(|| self.number.to_string(), |name| name.to_lowercase())
        };
        is_listed.then(alias)
    }
}

/// Checks the value of a certificate bag. Java takes what is in it for X.509, whatever type is named.
fn check_certificate(content: &mut Sequence<'_>) -> Result<(), ReadError> {
    let mut bag = content.sequence("certificate bag")?;
    bag.identifier("certificate type")?;
    bag.next(0xa0, "certificate value")?.values().octets("certificate octets").map(|_| ())
}

fn bmp(content: &[u8]) -> String {
    let units: Vec<u16> = content
        .chunks_exact(2)
        .filter_map(|pair| Some(u16::from_be_bytes([*pair.first()?, *pair.get(1)?])))
        .collect();
    String::from_utf16_lossy(&units)
}
