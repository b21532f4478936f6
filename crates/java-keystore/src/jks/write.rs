//! Writing JKS and JCEKS, byte for byte as keytool does.

use pki_types::CertificateDer;

use super::read::digest;
use super::{JksStore, Slot};
use crate::error::WriteError;
use crate::password::Password;

impl JksStore {
    /// Writes the store in version 2, its entries in the order of Java's hash table.
    pub(crate) fn write(&self, password: Option<&Password>) -> Result<Vec<u8>, WriteError> {
        let password = password.ok_or(WriteError::PasswordMissing)?;
        let order = self.history.order();
        let held = order.iter().filter_map(|place| self.slot(*place));
        // Of the same alias the last one counts.
        let all: Vec<&Slot> =
            held.flat_map(|slot| slot.displaced.iter().chain(Some(slot))).collect();
        let size: usize = all.iter().map(|slot| slot.size()).sum();
        let mut bytes = Vec::with_capacity(HEADER + size + DIGEST);
        bytes.extend(self.magic.to_be_bytes());
        bytes.extend(2_u32.to_be_bytes());
        bytes.extend(length(all.len()));
        for slot in all {
            bytes.extend(slot.tag.to_be_bytes());
            let alias =
                u16::try_from(slot.alias.len()).map_err(|_too_long| WriteError::AliasTooLong)?;
            bytes.extend(alias.to_be_bytes());
            bytes.extend(&slot.alias);
            bytes.extend(slot.created.0.to_be_bytes());
            bytes.extend(&slot.body);
        }
        let digest = digest(&bytes, password);
        bytes.extend(digest);
        Ok(bytes)
    }
}

impl Slot {
    /// Returns how many octets it takes in the file: tag, length and alias, date, body.
    fn size(&self) -> usize {
        4 + 2 + self.alias.len() + 8 + self.body.len()
    }
}

/// Magic, version and count.
const HEADER: usize = 12;
/// SHA-1.
const DIGEST: usize = 20;

/// Writes a certificate as version 2 has it.
pub(super) fn certificate(certificate: &CertificateDer<'_>) -> Vec<u8> {
    let mut bytes = b"\x00\x05X.509".to_vec();
    bytes.extend(length(certificate.len()));
    bytes.extend(certificate.as_ref());
    bytes
}

/// Writes a sealed private key with its chain as version 2 has it.
pub(super) fn private_key(sealed: &[u8], chain: &[CertificateDer<'_>]) -> Vec<u8> {
    let mut bytes = length(sealed.len()).to_vec();
    bytes.extend(sealed);
    bytes.extend(length(chain.len()));
    bytes.extend(chain.iter().flat_map(certificate));
    bytes
}

/// Lengths come from a file that was read whole, so they fit.
fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}
