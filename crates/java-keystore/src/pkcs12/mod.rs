//! PKCS12 (RFC 7292) as `sun.security.pkcs12.PKCS12KeyStore` reads and writes it.

mod bag;
mod derivation;
mod hashing;
mod listing;
mod mac;
mod protection;
mod read;
mod safe;
mod write;

use std::collections::HashMap;
use std::sync::OnceLock;

use pki_types::CertificateDer;

use self::bag::{Bag, BagKind};
use self::listing::{Listed, Named, trusted_certificate};
use self::mac::Mac;
use self::protection::Protection;
use self::safe::Safe;
use crate::alias::Alias;
use crate::entry::{Entry, NewerJava, Unseen};
use crate::error::{ReadError, WriteError};
use crate::password::Password;
use crate::private_key::{KeyError, PrivateKey, Work};

/// A PKCS12 store: its parts as they were found.
#[derive(Clone, Debug)]
pub(crate) struct Pkcs12Store {
    safes: Vec<Safe>,
    mac: Option<Mac>,
    /// The bags of each alias.
    names: HashMap<String, Named>,
    /// Made when it is wanted; taken away by a change that could touch more than one entry.
    listed: OnceLock<Listed>,
}

/// Where a bag is: in which safe, and which of that.
type Place = (usize, usize);

impl Pkcs12Store {
    /// Makes an empty store without password.
    pub(crate) fn password_less() -> Self {
        Self::with(Vec::new(), None)
    }

    /// Makes an empty store that is protected as keytool 11 and later protect a new one.
    pub(crate) fn encrypted() -> Self {
        Self::with(Vec::new(), Some(Mac::usual()))
    }

    /// Reads a store. Without password what is encrypted stays closed and nothing is checked.
    pub(crate) fn read(bytes: &[u8], password: Option<&Password>) -> Result<Self, ReadError> {
        let (safes, mac) = read::read(bytes, password)?;
        Ok(Self::with(safes, mac))
    }

    fn with(mut safes: Vec<Safe>, mac: Option<Mac>) -> Self {
        listing::number(&mut safes);
        let mut store = Self { safes, mac, names: HashMap::new(), listed: OnceLock::new() };
        store.names = listing::names(&store.bags().collect::<Vec<_>>());
        store
    }

    fn bags(&self) -> impl Iterator<Item = (Place, &Bag)> {
        let safes = self.safes.iter().enumerate();
        safes.flat_map(|(number, safe)| safe.bags().map(move |(index, bag)| ((number, index), bag)))
    }

    fn listed(&self) -> &Listed {
        self.listed.get_or_init(|| {
            let bags: Vec<(Place, &Bag)> = self.bags().collect();
            Listed::of(&bags, &self.names)
        })
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        self.listed().entries.entries()
    }

    pub(crate) fn unseen(&self) -> &[Unseen] {
        &self.listed().unseen
    }

    /// Returns what it lists and what it does not, and lets go of the rest.
    pub(crate) fn into_listing(mut self) -> (Vec<Entry>, Vec<Unseen>) {
        self.listed();
        let Listed { entries, unseen, .. } = self.listed.take().unwrap_or_default();
        (entries.into_entries(), unseen)
    }

    pub(crate) fn displaced(&self) -> &[Entry] {
        &self.listed().displaced
    }

    /// Unseals the private key of an entry. Where the empty password does not fit Java tries a single NUL.
    pub(crate) fn private_key(
        &self,
        alias: &str,
        password: &Password,
        work: &mut Work,
    ) -> Result<PrivateKey, KeyError> {
        let (safe, index) =
            self.names.get(alias).map(|named| named.shown).ok_or(KeyError::NoKey)?;
        let bag = self.safes.get(safe).and_then(|safe| safe.bag(index));
        let bag = bag.filter(|bag| bag.kind == BagKind::PrivateKey).ok_or(KeyError::NoKey)?;
        match bag.private_key(password, work) {
            Err(KeyError::WrongPassword) if password.is_empty() => {
                bag.private_key(&Password::new("\0"), work)
            }
            answer => answer,
        }
    }

    /// Returns whether a part stayed closed.
    pub(crate) fn has_closed_part(&self) -> bool {
        self.safes.iter().any(|safe| safe.is_closed)
    }

    /// Returns whether a part is encrypted, opened or not.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.safes.iter().any(|safe| safe.protection.is_encrypted())
    }

    /// Trusts a certificate, in place of a trusted certificate of that name.
    pub(crate) fn trust(
        &mut self,
        alias: &Alias,
        certificate: &CertificateDer<'static>,
    ) -> Result<(), WriteError> {
        let bag = Bag::trusted_certificate(alias.as_str(), certificate);
        let entry = trusted_certificate(alias.as_str().to_owned(), certificate.clone());
        let place = match self.names.get(alias.as_str()).cloned() {
            None => self.append(bag)?,
            Some(named) => {
                self.check_no_key(&named)?;
                let place = named.first();
                self.take_out(&named);
                self.put_bag(place, bag);
                place
            }
        };
        self.names.insert(alias.as_str().to_owned(), Named::at(place));
        if self.has_keys() {
            // It may be the issuer of one in a chain.
            self.listed.take();
        } else if let Some(listed) = self.listed.get_mut() {
            listed.entries.put(place, entry);
        }
        Ok(())
    }

    /// Removes a trusted certificate; returns whether there was one.
    pub(crate) fn remove(&mut self, alias: &Alias) -> Result<bool, WriteError> {
        let named = self.names.get(alias.as_str()).cloned();
        let Some(named) = named.filter(|named| self.is_certificate(named.shown)) else {
            return self.nothing().map(|()| false);
        };
        self.check_no_key(&named)?;
        self.take_out(&named);
        self.names.remove(alias.as_str());
        Ok(true)
    }

    /// Removes all that trusts a certificate, and its bags that Java does not list; returns how many there were.
    pub(crate) fn remove_certificate(
        &mut self,
        certificate: &CertificateDer<'_>,
    ) -> Result<usize, WriteError> {
        let is_it = |entry: &&Entry| entry.is_trust_in(certificate);
        let aliases = self.entries().iter().filter(is_it).map(|entry| Alias::new(&entry.alias));
        let aliases: Vec<Alias> = aliases.collect();
        for named in aliases.iter().filter_map(|alias| self.names.get(alias.as_str())) {
            self.check_no_key(named)?;
        }
        for alias in &aliases {
            self.remove(alias)?;
        }
        match aliases.len() + self.remove_unseen(certificate) {
            0 => self.nothing().map(|()| 0),
            count => Ok(count),
        }
    }

    /// Removes the bags of a certificate that Java does not list; returns how many there were.
    pub(crate) fn remove_unseen(&mut self, certificate: &CertificateDer<'_>) -> usize {
        if !self.unseen().iter().any(|unseen| unseen.certificate == *certificate) {
            return 0;
        }
        let is_it = |bag: &Bag| {
            bag.is_certificate()
                && !bag.is_trusted
                && bag.certificate() == Some(certificate.as_ref())
        };
        let places: Vec<Place> =
            self.bags().filter(|(_, bag)| is_it(bag)).map(|(place, _)| place).collect();
        for (number, index) in &places {
            if let Some(safe) = self.safes.get_mut(*number) {
                safe.set(*index, None);
            }
        }
        self.listed.take();
        places.len()
    }

    /// Answers that there is nothing, which cannot be said of what is closed.
    pub(crate) fn nothing(&self) -> Result<(), WriteError> {
        if self.has_closed_part() { Err(WriteError::StillEncrypted) } else { Ok(()) }
    }

    fn bag(&self, (number, index): Place) -> Option<&Bag> {
        self.safes.get(number)?.bag(index)
    }

    fn is_certificate(&self, place: Place) -> bool {
        self.bag(place).is_some_and(Bag::is_certificate)
    }

    fn has_keys(&self) -> bool {
        self.safes.iter().any(|safe| safe.has_keys)
    }

    /// Refuses where a key would be lost, be it one that another entry of its alias hides.
    fn check_no_key(&self, named: &Named) -> Result<(), WriteError> {
        let has_none = self.is_certificate(named.shown)
            && named.displaced.iter().all(|place| self.is_certificate(*place));
        if has_none { Ok(()) } else { Err(WriteError::NameOfKey) }
    }

    /// Takes the certificates of an alias out; one that a key's chain leads through stays for that.
    fn take_out(&mut self, named: &Named) {
        let keeps_chains = self.has_keys();
        for place in named.displaced.iter().chain([&named.shown]) {
            let kept = self.bag(*place).filter(|_| keeps_chains).and_then(|bag| {
                let certificate = bag.certificate()?;
                let mut chains = self.listed().chains();
                chains.any(|held| held.as_ref() == certificate).then(|| bag.untrusted())?
            });
            if let Some(safe) = self.safes.get_mut(place.0) {
                safe.set(place.1, kept);
            }
        }
        if let Some(listed) = self.listed.get_mut() {
            listed.entries.take(&named.first());
        }
        if !named.displaced.is_empty() {
            self.listed.take();
        }
    }

    fn put_bag(&mut self, (number, index): Place, bag: Bag) {
        if let Some(safe) = self.safes.get_mut(number) {
            safe.set(index, Some(bag));
        }
    }

    /// Puts a certificate behind the others, under their protection.
    fn append(&mut self, bag: Bag) -> Result<Place, WriteError> {
        let number = match self.safes.iter().rposition(|safe| safe.has_certificates) {
            Some(number) => number,
            // The certificates may be in a part that is closed: nothing is put beside it.
            None if self.has_closed_part() => return Err(WriteError::StillEncrypted),
            None => {
                self.safes.push(Safe::empty(self.usual_protection()));
                self.safes.len() - 1
            }
        };
        let safe = self.safes.get_mut(number).ok_or(WriteError::StillEncrypted)?;
        Ok((number, safe.push(bag)))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(first: u8) -> CertificateDer<'static> {
        vec![0x30, 1, first].into()
    }

    fn store(bags: &[Bag]) -> Pkcs12Store {
        let safe = Safe::found(Protection::none(), Vec::new(), bags.to_vec());
        Pkcs12Store::with(vec![safe], None)
    }

    fn aliases(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.alias.as_str()).collect()
    }

    #[test]
    fn of_the_same_alias_the_last_one_counts_and_goes_with_the_others() {
        let bags = [("Root", 1), ("other", 2), ("ROOT", 3)]
            .map(|(name, first)| Bag::trusted_certificate(name, &certificate(first)));
        let mut double = store(&bags);
        assert_eq!(aliases(double.entries()), ["root", "other"]);
        assert_eq!(aliases(double.displaced()), ["root"]);
        assert!(double.entries().first().unwrap().is_trust_in(&certificate(3)));
        double.trust(&Alias::new("root"), &certificate(4)).unwrap();
        assert_eq!(aliases(double.entries()), ["root", "other"]);
        assert!(double.displaced().is_empty());
        assert_eq!(double.remove(&Alias::new("root")), Ok(true));
        assert_eq!(aliases(double.entries()), ["other"]);
    }

    #[test]
    fn bags_without_name_are_removed_by_javas_number() {
        let nameless = |first| {
            let bag = Bag::trusted_certificate("", &certificate(first));
            Bag { name: None, ..bag }
        };
        let mut store = store(&[nameless(1), nameless(2)]);
        assert_eq!(aliases(store.entries()), ["1", "2"]);
        assert_eq!(store.remove(&Alias::new("1")), Ok(true));
        assert_eq!(aliases(store.entries()), ["2"]);
    }

    #[test]
    fn unseen_bags_are_removed_by_their_certificate() {
        let hidden = Bag::trusted_certificate("a", &certificate(1)).untrusted().unwrap();
        let mut store = store(&[hidden, Bag::trusted_certificate("b", &certificate(1))]);
        assert_eq!(store.unseen().len(), 1);
        assert_eq!(store.remove_unseen(&certificate(2)), 0);
        assert_eq!(store.remove_unseen(&certificate(1)), 1);
        assert!(store.unseen().is_empty());
        assert_eq!(aliases(store.entries()), ["b"]);
    }
}
