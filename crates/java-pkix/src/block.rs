//! The first block of what is taken for a certificate, as `X509Factory.readOneBlock` cuts it out.

use std::borrow::Cow;

use crate::ber::{self, Conversions};
use crate::certificate::Certificate;
use crate::der;
use crate::exception::JavaException;
use crate::profile::Profile;

/// A certificate that is still to be read.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    octets: Cow<'a, [u8]>,
    conversions: Conversions,
}

impl<'a> Block<'a> {
    /// Returns the block at the beginning of `sent`.
    ///
    /// # Errors
    /// The `CertificateException` of Java's certificate factory.
    pub(crate) fn first(sent: &'a [u8]) -> Result<Self, JavaException> {
        Ok(Self { octets: first_block(sent)?, conversions: Conversions::default() })
    }

    /// Reads the certificate.
    ///
    /// # Errors
    /// The `CertificateException` of Java's certificate factory.
    pub(crate) fn certificate(&self, profile: &Profile) -> Result<Certificate<'_>, JavaException> {
        Certificate::parse(&self.octets, &self.conversions, profile)
    }
}

/// Returns the certificate at the beginning of `sent`, of definite length; what follows it is passed over.
///
/// # Errors
/// The `CertificateException` of Java's certificate factory.
pub(crate) fn first_block(sent: &[u8]) -> Result<Cow<'_, [u8]>, JavaException> {
    let fault = |text: &str| {
        let cause = der::fault(text);
        let text = format!("Could not parse certificate: {cause}");
        JavaException::new("java.security.cert.CertificateException", text).caused_by(cause)
    };
    // Java takes anything else for PEM and finds none.
    let Some(after_tag) = sent.strip_prefix(&[der::tag::SEQUENCE]) else {
        return Err(fault("Empty input"));
    };
    let Some((first, after)) = after_tag.split_first() else {
        return Err(fault("BER/DER length info absent"));
    };
    let count = match *first {
        ..0x80 => 0,
        0x80 => {
            return ber::definite(sent)
                .map(|definite| Cow::Owned(definite.octets))
                .map_err(|_unresolved| fault("BER/DER tag info absent"));
        }
        long @ 0x81..=0x84 => usize::from(long & 0x7f),
        0x85.. => return Err(fault("Invalid BER/DER data (too huge?)")),
    };
    let Some((octets, _)) = after.split_at_checked(count) else {
        return Err(fault("Incomplete BER/DER length info"));
    };
    if count == 4 && octets.first().is_some_and(|first| *first >= 0x80) {
        return Err(fault("Invalid BER/DER data (a little huge?)"));
    }
    let long = octets.iter().fold(0_usize, |length, octet| length << 8 | usize::from(*octet));
    let length = if count == 0 { usize::from(*first) } else { long };
    match sent.get(..length.saturating_add(2 + count)) {
        Some(block) => Ok(Cow::Borrowed(block)),
        None => Err(fault("Incomplete BER/DER data")),
    }
}
