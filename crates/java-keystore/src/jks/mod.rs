//! JKS and JCEKS (`sun.security.provider.JavaKeyStore`, `com.sun.crypto.provider.JceKeyStore`): all but key sealing.

mod order;
mod read;
mod serialised;
mod write;

use std::sync::OnceLock;

use pki_types::CertificateDer;

use crate::entry::{Entry, EntryKind, Timestamp};
use crate::error::WriteError;

/// A JKS or JCEKS store.
#[derive(Clone, Debug)]
pub(crate) struct JksStore {
    magic: u32,
    /// In the order of the file, then in the order in which they were added; removed ones stay, for they shaped Java's table.
    slots: Vec<Slot>,
    /// What Java lists of them, once somebody asked.
    entries: OnceLock<Vec<Entry>>,
}

/// An entry, or where one was.
#[derive(Clone, Debug)]
struct Slot {
    alias: Vec<u16>,
    /// The alias as it stands in the file, in modified UTF-8.
    alias_bytes: Vec<u8>,
    created: Timestamp,
    tag: u32,
    /// What follows the date, byte for byte.
    body: Vec<u8>,
    kind: EntryKind,
    is_removed: bool,
}

pub(crate) const JKS_MAGIC: u32 = 0xfeed_feed;
pub(crate) const JCEKS_MAGIC: u32 = 0xcece_cece;

const PRIVATE_KEY: u32 = 1;
const TRUSTED_CERTIFICATE: u32 = 2;
const SECRET_KEY: u32 = 3;

impl JksStore {
    /// Makes an empty store.
    pub(crate) fn new(magic: u32) -> Self {
        Self::with(magic, Vec::new())
    }

    fn with(magic: u32, slots: Vec<Slot>) -> Self {
        Self { magic, slots, entries: OnceLock::new() }
    }

    /// Returns the entries in the order of the file.
    pub(crate) fn entries(&self) -> &[Entry] {
        self.entries.get_or_init(|| {
            self.slots.iter().filter(|slot| !slot.is_removed).map(Slot::entry).collect()
        })
    }

    /// Trusts a certificate, in place of a trusted certificate of that name.
    pub(crate) fn trust(
        &mut self,
        alias: &str,
        certificate: &CertificateDer<'static>,
        created: Timestamp,
    ) -> Result<(), WriteError> {
        let slot = Slot {
            alias: alias.encode_utf16().collect(),
            alias_bytes: crate::modified_utf8::encode(alias),
            created,
            tag: TRUSTED_CERTIFICATE,
            body: write::certificate(certificate),
            kind: EntryKind::TrustedCertificate(certificate.clone()),
            is_removed: false,
        };
        match self.live(&slot.alias) {
            Some(held) if !held.is_trusted() => return Err(WriteError::NameOfKey),
            Some(held) => *held = slot,
            None => self.slots.push(slot),
        }
        self.entries.take();
        Ok(())
    }

    /// Removes a trusted certificate; returns whether there was one.
    pub(crate) fn remove(&mut self, alias: &str) -> bool {
        let alias: Vec<u16> = alias.encode_utf16().collect();
        let slot = self.live(&alias).filter(|slot| slot.is_trusted());
        let was_there = slot.map(|slot| slot.is_removed = true).is_some();
        self.entries.take();
        was_there
    }

    fn live(&mut self, alias: &[u16]) -> Option<&mut Slot> {
        let lower = String::from_utf16_lossy(alias);
        let is_exact = |slot: &Slot| !slot.is_removed && slot.alias == alias;
        let is_lower = |unit: &u16| matches!(unit, 0..0x41 | 0x5b..0x80);
        let is_it = |slot: &Slot| {
            !slot.is_removed
                && !slot.alias.iter().all(is_lower)
                && String::from_utf16_lossy(&slot.alias).to_lowercase() == lower
        };
        let place = self.slots.iter().position(is_exact);
        let place = place.or_else(|| self.slots.iter().position(is_it))?;
        self.slots.get_mut(place)
    }
}

impl Slot {
    fn is_trusted(&self) -> bool {
        matches!(self.kind, EntryKind::TrustedCertificate(_))
    }

    fn entry(&self) -> Entry {
        let alias = String::from_utf16_lossy(&self.alias);
        // Java keeps the alias as it stands in the file, but looks it up in lower case.
        let is_found = alias == alias.to_lowercase();
        let has_certificate = match &self.kind {
            EntryKind::TrustedCertificate(_) => true,
            EntryKind::PrivateKey(chain) => !chain.is_empty(),
            EntryKind::SecretKey => false,
        };
        Entry {
            alias,
            created: Some(self.created),
            kind: self.kind.clone(),
            trusted: is_found && has_certificate,
        }
    }
}
