//! PKCS12 (RFC 7292) as `sun.security.pkcs12.PKCS12KeyStore` reads and writes it.

mod bag;
mod derivation;
mod hashing;
mod listing;
mod mac;
mod oid;
mod protection;
mod read;
mod write;

use std::sync::OnceLock;

use pki_types::CertificateDer;

use self::bag::Bag;
use self::mac::Mac;
use self::protection::Protection;
use crate::entry::{Entry, NewerJava, Unseen};
use crate::error::{ReadError, WriteError};
use crate::password::Password;

/// A PKCS12 store: its parts as they were found.
#[derive(Clone, Debug)]
pub(crate) struct Pkcs12Store {
    safes: Vec<Safe>,
    mac: Option<Mac>,
    /// What Java lists of it and what it does not, once somebody asked.
    listing: OnceLock<(Vec<Entry>, Vec<Unseen>)>,
}

/// A part of a store: bags under one protection.
#[derive(Clone, Debug)]
struct Safe {
    protection: Protection,
    content: Content,
}

/// What a safe holds.
#[derive(Clone, Debug)]
enum Content {
    /// As it was found: its bytes, and its bags.
    Found(Vec<u8>, Vec<Bag>),
    /// Not looked into: encrypted, and there was no password; or of a kind that is unknown.
    Closed(Vec<u8>),
    /// Changed: to be written anew.
    Changed(Vec<Bag>),
}

impl Safe {
    fn bags(&self) -> &[Bag] {
        match &self.content {
            Content::Found(_, bags) | Content::Changed(bags) => bags,
            Content::Closed(_) => &[],
        }
    }

    /// Takes the bags out for a change.
    fn into_bags(self) -> Result<Vec<Bag>, WriteError> {
        match self.content {
            Content::Found(_, bags) | Content::Changed(bags) => Ok(bags),
            Content::Closed(_) => Err(WriteError::StillEncrypted),
        }
    }
}

impl Pkcs12Store {
    /// Makes an empty store without password.
    pub(crate) fn password_less() -> Self {
        Self { safes: Vec::new(), mac: None, listing: OnceLock::new() }
    }

    /// Makes an empty store that is protected as keytool 11 and later protect a new one.
    pub(crate) fn encrypted() -> Self {
        Self { mac: Some(Mac::usual()), ..Self::password_less() }
    }

    /// Reads a store. Without password what is encrypted stays closed and nothing is checked.
    pub(crate) fn read(bytes: &[u8], password: Option<&Password>) -> Result<Self, ReadError> {
        let (safes, mac) = read::read(bytes, password)?;
        Ok(Self { safes, mac, listing: OnceLock::new() })
    }

    fn bags(&self) -> impl Iterator<Item = &Bag> {
        self.safes.iter().flat_map(Safe::bags)
    }

    fn listing(&self) -> &(Vec<Entry>, Vec<Unseen>) {
        self.listing.get_or_init(|| listing::list(&self.bags().collect::<Vec<_>>()))
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.listing().0
    }

    pub(crate) fn unseen(&self) -> &[Unseen] {
        &self.listing().1
    }

    /// Returns whether a part stayed closed.
    pub(crate) fn has_closed_part(&self) -> bool {
        self.safes.iter().any(|safe| matches!(safe.content, Content::Closed(_)))
    }

    /// Trusts a certificate, in place of a trusted certificate of that name.
    pub(crate) fn trust(
        &mut self,
        alias: &str,
        certificate: &CertificateDer<'static>,
    ) -> Result<(), WriteError> {
        let bag = Bag::trusted_certificate(alias, certificate);
        if self.bags().any(|bag| bag.is_trusted_as(alias)) {
            self.change(|bags| {
                bags.iter_mut()
                    .filter(|held| held.is_trusted_as(alias))
                    .for_each(|held| *held = bag.clone());
            })?;
        } else {
            self.append(bag)?;
        }
        self.listing.take();
        Ok(())
    }

    /// Removes a trusted certificate; returns whether there was one.
    pub(crate) fn remove(&mut self, alias: &str) -> Result<bool, WriteError> {
        let has_it = self.bags().any(|bag| bag.is_trusted_as(alias));
        if has_it {
            self.change(|bags| bags.retain(|bag| !bag.is_trusted_as(alias)))?;
            self.listing.take();
        }
        Ok(has_it)
    }

    /// Removes the bags of a certificate that Java does not list; returns whether there was one.
    pub(crate) fn remove_unseen(
        &mut self,
        certificate: &CertificateDer<'_>,
    ) -> Result<bool, WriteError> {
        let is_unseen = self.unseen().iter().any(|unseen| unseen.certificate == *certificate);
        if is_unseen {
            self.change(|bags| bags.retain(|bag| !bag.is_unseen_of(certificate)))?;
            self.listing.take();
        }
        Ok(is_unseen)
    }

    /// Names what only newer runtimes read.
    pub(crate) fn needs_newer_java(&self) -> Option<NewerJava> {
        if self.mac.as_ref().is_some_and(Mac::is_pbmac1) {
            return Some(NewerJava::Pbmac1);
        }
        let is_newer = self.mac.as_ref().is_some_and(|mac| !mac.is_sha1())
            || self.safes.iter().any(|safe| safe.protection.is_pbes2());
        is_newer.then_some(NewerJava::Pbes2)
    }

    /// Changes the bags of every safe with trusted certificates.
    fn change(&mut self, mut change: impl FnMut(&mut Vec<Bag>)) -> Result<(), WriteError> {
        let mut safes = Vec::new();
        for safe in std::mem::take(&mut self.safes) {
            if safe.bags().iter().any(Bag::is_certificate) {
                let protection = safe.protection.clone();
                let mut bags = safe.into_bags()?;
                change(&mut bags);
                safes.push(Safe { protection, content: Content::Changed(bags) });
            } else {
                safes.push(safe);
            }
        }
        self.safes = safes;
        Ok(())
    }

    /// Puts a certificate behind the others, under their protection.
    fn append(&mut self, bag: Bag) -> Result<(), WriteError> {
        let place = self.safes.iter().rposition(|safe| safe.bags().iter().any(Bag::is_certificate));
        let place = match place {
            Some(place) => place,
            // The certificates may be in a part that is closed: nothing is put beside it.
            None if self.has_closed_part() => return Err(WriteError::StillEncrypted),
            None => {
                let protection = self.usual_protection();
                self.safes.push(Safe { protection, content: Content::Changed(Vec::new()) });
                self.safes.len() - 1
            }
        };
        let safe = self.safes.remove(place);
        let protection = safe.protection.clone();
        let mut bags = safe.into_bags()?;
        bags.push(bag);
        self.safes.insert(place, Safe { protection, content: Content::Changed(bags) });
        Ok(())
    }

    /// The protection for a store that has no certificate yet: none if the store has no MAC, else that of an encrypted part
    /// or what keytool 11 and later take.
    fn usual_protection(&self) -> Protection {
        let encrypted =
            self.safes.iter().map(|safe| &safe.protection).find(|held| held.is_encrypted());
        match (encrypted, &self.mac) {
            (Some(protection), _) => protection.clone(),
            (None, Some(_)) => Protection::usual(),
            (None, None) => Protection::none(),
        }
    }

    /// Describes the protection in a few words.
    pub(crate) fn protection(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        for safe in &self.safes {
            let name = safe.protection.name();
            if safe.protection.is_encrypted() && !words.contains(&name) {
                words.push(name);
            }
        }
        words.extend(self.mac.as_ref().map(Mac::name));
        if words.is_empty() { "password-less".to_owned() } else { words.join(", ") }
    }

    /// Writes the store: parts that did not change keep their bytes.
    pub(crate) fn write(&self, password: Option<&Password>) -> Result<Vec<u8>, WriteError> {
        write::write(&self.safes, self.mac.as_ref(), password)
    }
}
