//! JKS and JCEKS (`sun.security.provider.JavaKeyStore`, `com.sun.crypto.provider.JceKeyStore`).

mod order;
mod protector;
mod read;
mod serialised;
mod write;

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{HashMap, VecDeque};

use pki_types::CertificateDer;

use self::order::History;
use crate::alias::Alias;
use crate::cursor::Cursor;
use crate::entry::{Entry, EntryKind, Timestamp};
use crate::error::WriteError;
use crate::listing::Listing;
use crate::modified_utf8;
use crate::password::Password;
use crate::private_key::{KeyError, PrivateKey, Work};

/// A JKS or JCEKS store.
#[derive(Clone, Debug)]
pub(crate) struct JksStore {
    magic: u32,
    version: u32,
    /// In the order of the file, then in the order in which they were added; none where one was removed.
    slots: Vec<Option<Slot>>,
    /// What happened to Java's table, whose order is that of the next file.
    history: History,
    /// The place of each alias.
    places: HashMap<Vec<u16>, usize>,
    /// By their lower case the places of aliases that are not in lower case, the first of the file in front.
    uppercase: HashMap<Alias, VecDeque<usize>>,
    entries: Listing<usize>,
    displaced: Vec<Entry>,
}

/// An entry as it stands in the file.
#[derive(Clone, Debug)]
struct Slot {
    /// In modified UTF-8.
    alias: Vec<u8>,
    created: Timestamp,
    tag: u32,
    body: Body,
    /// Those before it in the file that have the same alias; Java does not see them.
    displaced: Vec<Self>,
}

/// What follows the date.
#[derive(Clone, Debug)]
enum Body {
    /// The certificate that the entry of this place shows, as version 2 writes it: it is held once.
    Shown,
    /// Byte for byte.
    Own(Vec<u8>),
}

pub(crate) const JKS_MAGIC: u32 = 0xfeed_feed;
pub(crate) const JCEKS_MAGIC: u32 = 0xcece_cece;

const PRIVATE_KEY: u32 = 1;
const TRUSTED_CERTIFICATE: u32 = 2;
const SECRET_KEY: u32 = 3;

impl JksStore {
    /// Makes an empty store.
    pub(crate) fn new(magic: u32) -> Self {
        Self {
            magic,
            version: 2,
            slots: Vec::new(),
            history: History::default(),
            places: HashMap::new(),
            uppercase: HashMap::new(),
            entries: Listing::default(),
            displaced: Vec::new(),
        }
    }

    /// Returns the version of the file.
    pub(crate) fn version(&self) -> u32 {
        self.version
    }

    /// Returns the entries in the order of the file.
    pub(crate) fn entries(&self) -> &[Entry] {
        self.entries.entries()
    }

    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries.into_entries()
    }

    /// Returns the entries that a later one of the same alias hides.
    pub(crate) fn displaced(&self) -> &[Entry] {
        &self.displaced
    }

    /// Unseals the private key of an entry.
    pub(crate) fn private_key(
        &self,
        alias: &str,
        password: &Password,
        work: &mut Work,
    ) -> Result<PrivateKey, KeyError> {
        let place = self.entries.with_places().find(|(_, entry)| entry.alias == alias);
        let slot = place.and_then(|(place, _)| self.slot(*place));
        let slot = slot.filter(|slot| slot.tag == PRIVATE_KEY).ok_or(KeyError::NoKey)?;
        let Body::Own(body) = &slot.body else { return Err(KeyError::NoKey) };
        let sealed = Cursor::new(body).block()?;
        protector::unseal(sealed, self.magic, password, work)
    }

    /// Returns the entries in the order in which Java's table has them.
    pub(crate) fn listed_by_java(&self) -> Vec<&Entry> {
        let entries: HashMap<usize, &Entry> =
            self.entries.with_places().map(|(place, entry)| (*place, entry)).collect();
        self.history.order().iter().filter_map(|place| entries.get(place).copied()).collect()
    }

    /// Makes room for so many entries, as far as a file of this length can hold them.
    fn expect(&mut self, count: u32, length: usize) {
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(length / SHORT_ENTRY);
        self.slots.reserve(count);
        self.places.reserve(count);
        self.entries.reserve(count);
    }

    /// Puts an entry behind the others, or in the place of the one of the same alias, which stays behind it in the file.
    fn put(&mut self, alias: Vec<u16>, mut slot: Slot, entry: Entry) {
        let place = match self.places.entry(alias) {
            Occupied(held) => *held.get(),
            Vacant(free) => {
                let place = self.history.put(free.key());
                if !is_lowercase(&entry.alias) {
                    self.uppercase.entry(Alias::new(&entry.alias)).or_default().push_back(place);
                }
                *free.insert(place)
            }
        };
        match self.slots.get_mut(place).and_then(Option::take) {
            Some(mut held) => {
                let shown = self.entries.take(&place);
                slot.displaced = std::mem::take(&mut held.displaced);
                slot.displaced.push(held.on_its_own(shown.as_ref()));
                self.displaced.extend(shown);
            }
            None => self.slots.push(None),
        }
        if let Some(free) = self.slots.get_mut(place) {
            *free = Some(slot);
        }
        self.entries.put(place, entry);
    }

    /// Trusts a certificate, in place of a trusted certificate of that name.
    pub(crate) fn trust(
        &mut self,
        alias: &Alias,
        certificate: &CertificateDer<'static>,
        created: Timestamp,
    ) -> Result<(), WriteError> {
        let units: Vec<u16> = alias.as_str().encode_utf16().collect();
        let slot = Slot {
            alias: modified_utf8::encode(alias.as_str()),
            created,
            tag: TRUSTED_CERTIFICATE,
            body: Body::Shown,
            displaced: Vec::new(),
        };
        let kind = EntryKind::TrustedCertificate(certificate.clone());
        let entry = entry(alias.as_str().to_owned(), created, kind);
        match self.place_of(alias, &units) {
            None => self.put(units, slot, entry),
            Some(place) if self.places.get(&units) == Some(&place) => {
                self.check_no_key(place)?;
                self.forget_displaced(place);
                if let Some(held) = self.slots.get_mut(place) {
                    *held = Some(slot);
                }
                self.entries.put(place, entry);
            }
            Some(place) => {
                self.check_no_key(place)?;
                self.remove_at(place);
                self.put(units, slot, entry);
            }
        }
        Ok(())
    }

    /// Removes a trusted certificate; returns whether there was one.
    pub(crate) fn remove(&mut self, alias: &Alias) -> Result<bool, WriteError> {
        let units: Vec<u16> = alias.as_str().encode_utf16().collect();
        let place = self.place_of(alias, &units).filter(|place| self.is_trusted(*place));
        if let Some(place) = place {
            self.check_no_key(place)?;
            self.remove_at(place);
        }
        Ok(place.is_some())
    }

    /// Removes every entry that trusts a certificate; returns how many there were.
    pub(crate) fn remove_certificate(
        &mut self,
        certificate: &CertificateDer<'_>,
    ) -> Result<usize, WriteError> {
        let places: Vec<usize> = self
            .entries
            .with_places()
            .filter(|(_, entry)| entry.is_trust_in(certificate))
            .map(|(place, _)| *place)
            .collect();
        places.iter().try_for_each(|place| self.check_no_key(*place))?;
        places.iter().for_each(|place| self.remove_at(*place));
        Ok(places.len())
    }

    /// Finds an entry: the one of exactly that alias, else the first one of the file that has it in upper case.
    fn place_of(&mut self, alias: &Alias, units: &[u16]) -> Option<usize> {
        if let Some(place) = self.places.get(units) {
            return Some(*place);
        }
        let places = self.uppercase.get_mut(alias)?;
        while let Some(place) = places.front() {
            if self.slots.get(*place).is_some_and(Option::is_some) {
                return Some(*place);
            }
            places.pop_front();
        }
        None
    }

    fn slot(&self, place: usize) -> Option<&Slot> {
        self.slots.get(place)?.as_ref()
    }

    fn is_trusted(&self, place: usize) -> bool {
        self.slot(place).is_some_and(|slot| slot.tag == TRUSTED_CERTIFICATE)
    }

    /// Refuses where a key would be lost, be it one that another entry of its alias hides.
    fn check_no_key(&self, place: usize) -> Result<(), WriteError> {
        let is_certificate = |slot: &Slot| slot.tag == TRUSTED_CERTIFICATE;
        let has_none = self
            .slot(place)
            .is_none_or(|slot| is_certificate(slot) && slot.displaced.iter().all(is_certificate));
        if has_none { Ok(()) } else { Err(WriteError::NameOfKey) }
    }

    fn remove_at(&mut self, place: usize) {
        self.forget_displaced(place);
        let Some(slot) = self.slots.get_mut(place).and_then(Option::take) else { return };
        if let Ok(alias) = modified_utf8::decode(&slot.alias) {
            self.places.remove(&alias);
        }
        self.history.remove(place);
        self.entries.take(&place);
    }

    /// Drops those of the same alias with the one that hides them, as Java does.
    fn forget_displaced(&mut self, place: usize) {
        let Some(slot) = self.slots.get_mut(place).and_then(Option::as_mut) else { return };
        if std::mem::take(&mut slot.displaced).is_empty() {
            return;
        }
        let alias = modified_utf8::decode(&slot.alias).unwrap_or_default();
        let alias = String::from_utf16_lossy(&alias);
        self.displaced.retain(|entry| entry.alias != alias);
    }
}

/// Java keeps the alias as it stands in the file, but looks it up in lower case.
fn entry(alias: String, created: Timestamp, kind: EntryKind) -> Entry {
    let is_found = is_lowercase(&alias);
    let has_certificate = match &kind {
        EntryKind::TrustedCertificate(_) => true,
        EntryKind::PrivateKey(chain) => !chain.is_empty(),
        EntryKind::SecretKey => false,
    };
    Entry { alias, created: Some(created), kind, trusted: is_found && has_certificate }
}

/// Whether Java finds an alias as it stands.
fn is_lowercase(alias: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    alias.bytes().all(is_plain) || alias == alias.to_lowercase()
}

/// An entry with a certificate takes more.
const SHORT_ENTRY: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::Password;

    fn store(aliases: &[(&str, u8)]) -> JksStore {
        let mut store = JksStore::new(JKS_MAGIC);
        for (alias, first) in aliases {
            let certificate: CertificateDer<'static> = vec![0x30, 1, *first].into();
            let slot = Slot {
                alias: modified_utf8::encode(alias),
                created: Timestamp(0),
                tag: TRUSTED_CERTIFICATE,
                body: Body::Shown,
                displaced: Vec::new(),
            };
            let kind = EntryKind::TrustedCertificate(certificate);
            let entry = entry((*alias).to_owned(), Timestamp(0), kind);
            store.put(alias.encode_utf16().collect(), slot, entry);
        }
        store
    }

    fn aliases(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.alias.as_str()).collect()
    }

    #[test]
    fn an_alias_in_upper_case_is_met_after_the_one_in_lower_case() {
        let certificate: CertificateDer<'static> = vec![0x30, 1, 9].into();
        let alias = Alias::new("root");
        let mut both = store(&[("ROOT", 1), ("Root", 2), ("root", 3)]);
        both.trust(&alias, &certificate, Timestamp(1)).unwrap();
        assert_eq!(aliases(both.entries()), ["ROOT", "Root", "root"]);
        for left in [&["ROOT", "Root"][..], &["Root"], &[]] {
            assert_eq!(both.remove(&alias), Ok(true));
            assert_eq!(aliases(both.entries()), left);
        }
        assert_eq!(both.remove(&alias), Ok(false));

        let mut upper = store(&[("Root", 1), ("other", 2)]);
        assert!(!upper.entries().first().unwrap().trusted);
        upper.trust(&alias, &certificate, Timestamp(1)).unwrap();
        assert_eq!(aliases(upper.entries()), ["other", "root"]);
        assert!(upper.entries().iter().all(|entry| entry.trusted));
    }

    #[test]
    fn of_the_same_alias_the_last_one_counts_and_the_others_are_kept() {
        let password = Password::new("changeit");
        let double = store(&[("x", 1), ("x", 2), ("y", 3)]);
        let bytes = double.write(Some(&password)).unwrap();
        let mut read = JksStore::read(&bytes, Some(&password)).unwrap();
        assert_eq!(aliases(read.displaced()), ["x"]);
        assert_eq!(
            read.entries().iter().find(|entry| entry.alias == "x"),
            double.entries().first()
        );
        assert_eq!(read.write(Some(&password)).unwrap().len(), bytes.len());
        assert_eq!(read.remove(&Alias::new("x")), Ok(true));
        assert!(read.displaced().is_empty());
        assert_eq!(aliases(read.entries()), ["y"]);
    }
}
