//! Writing JKS and JCEKS, byte for byte as keytool does.

use pki_types::CertificateDer;

use super::read::digest;
use super::{Body, JksStore, Slot};
use crate::entry::{Entry, EntryKind};
use crate::error::WriteError;
use crate::password::Password;

impl JksStore {
    /// Writes the store in version 2, its entries in the order of Java's hash table.
    pub(crate) fn write(&self, password: Option<&Password>) -> Result<Vec<u8>, WriteError> {
        let password = password.ok_or(WriteError::PasswordMissing)?;
        let order = self.history.order();
        let held = order.iter().filter_map(|place| {
            let shown = self.entries.get(place).and_then(Entry::trusted_certificate);
            Some((self.slot(*place)?, shown.map_or(&[][..], AsRef::as_ref)))
        });
        // Of the same alias the last one counts.
        let all: Vec<(&Slot, &[u8])> = held
            .flat_map(|(slot, shown)| {
                slot.displaced.iter().map(|hidden| (hidden, &[][..])).chain([(slot, shown)])
            })
            .collect();
        let size: usize = all.iter().map(|(slot, shown)| slot.size(shown)).sum();
        let mut bytes = Vec::with_capacity(HEADER + size + DIGEST);
        bytes.extend(self.magic.to_be_bytes());
        bytes.extend(2_u32.to_be_bytes());
        bytes.extend(length(all.len()));
        for (slot, shown) in all {
            bytes.extend(slot.tag.to_be_bytes());
            let alias =
                u16::try_from(slot.alias.len()).map_err(|_too_long| WriteError::AliasTooLong)?;
            bytes.extend(alias.to_be_bytes());
            bytes.extend(&slot.alias);
            bytes.extend(slot.created.0.to_be_bytes());
            match &slot.body {
                Body::Shown => put_certificate(shown, &mut bytes),
                Body::Own(body) => bytes.extend(body),
            }
        }
        let digest = digest(&bytes, password);
        bytes.extend(digest);
        Ok(bytes)
    }
}

impl Slot {
    /// Returns how many octets it takes in the file: tag, length and alias, date, body.
    fn size(&self, shown: &[u8]) -> usize {
        let body = match &self.body {
            Body::Shown => KIND.len() + 4 + shown.len(),
            Body::Own(body) => body.len(),
        };
        4 + 2 + self.alias.len() + 8 + body
    }

    /// Takes over what the entry of its place showed: it has that place no longer.
    pub(super) fn on_its_own(self, shown: Option<&Entry>) -> Self {
        match (&self.body, shown.and_then(Entry::trusted_certificate)) {
            (Body::Shown, Some(certificate)) => {
                let mut body = Vec::new();
                put_certificate(certificate, &mut body);
                Self { body: Body::Own(body), ..self }
            }
            _ => self,
        }
    }
}

impl Body {
    /// Keeps the bytes of a body, unless they are those that the entry's certificate would be written as.
    pub(super) fn of(raw: &[u8], kind: &EntryKind) -> Self {
        if let EntryKind::TrustedCertificate(certificate) = kind
            && is_written(raw, certificate)
        {
            return Self::Shown;
        }
        Self::Own(raw.to_vec())
    }
}

/// Magic, version and count.
const HEADER: usize = 12;
/// SHA-1.
const DIGEST: usize = 20;
/// What stands before a certificate in version 2, with its length.
const KIND: &[u8] = b"\x00\x05X.509";

/// Whether `raw` is what [`put_certificate`] writes.
fn is_written(raw: &[u8], certificate: &[u8]) -> bool {
    let block = raw.strip_prefix(KIND);
    block.and_then(|block| block.strip_prefix(&length(certificate.len()))) == Some(certificate)
}

/// Writes a certificate as version 2 has it.
fn put_certificate(certificate: &[u8], bytes: &mut Vec<u8>) {
    bytes.extend(KIND);
    bytes.extend(length(certificate.len()));
    bytes.extend(certificate);
}

/// Writes a sealed private key with its chain as version 2 has it.
pub(super) fn private_key(sealed: &[u8], chain: &[CertificateDer<'_>]) -> Vec<u8> {
    let mut bytes = length(sealed.len()).to_vec();
    bytes.extend(sealed);
    bytes.extend(length(chain.len()));
    chain.iter().for_each(|certificate| put_certificate(certificate, &mut bytes));
    bytes
}

/// Lengths come from a file that was read whole, so they fit.
fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}
