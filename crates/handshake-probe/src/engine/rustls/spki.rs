//! The public key of a certificate, without an opinion about the rest of it.

use pki_types::CertificateDer;

use crate::wire::Cursor;

/// A `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7), taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublicKey<'a> {
    /// The contents of `algorithm`: the object identifier and its parameters.
    pub(crate) algorithm: &'a [u8],
    /// The contents of `subjectPublicKey`, without the count of unused bits.
    pub(crate) key: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// Returns the public key of `certificate`, or none if that is no certificate.
    pub(crate) fn of(certificate: &'a CertificateDer<'_>) -> Option<Self> {
        let mut outer = Cursor(Cursor(certificate).element(SEQUENCE)?);
        let mut fields = Cursor(outer.element(SEQUENCE)?);
        if fields.0.first() == Some(&VERSION) {
            fields.element(VERSION)?;
        }
        fields.element(INTEGER)?; // serialNumber
        for _ in ["signature", "issuer", "validity", "subject"] {
            fields.element(SEQUENCE)?;
        }
        let mut info = Cursor(fields.element(SEQUENCE)?);
        let algorithm = info.element(SEQUENCE)?;
        let key = info.element(BIT_STRING)?.split_first()?.1;
        Some(Self { algorithm, key })
    }
}

impl<'a> Cursor<'a> {
    /// Reads one DER element with this tag and returns its contents.
    fn element(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.u8().filter(|found| *found == tag)?;
        let length = match self.u8()? {
            short @ ..=0x7f => usize::from(short),
            0x81 => self.u8()?.into(),
            0x82 => self.u16()?.into(),
            0x83 => usize::try_from(self.u24()?).ok()?,
            _ => return None,
        };
        self.take(length)
    }
}

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
