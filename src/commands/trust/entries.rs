//! The entries of a store, found by certificate and by name, and how one more comes to be.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use java_keystore::{Alias, KeyStore, Timestamp};
use pki_types::CertificateDer;

use super::editing::changed;
use super::opening::StoreError;
use super::sieve::Wanted;
use crate::report::TrustChange;

/// What a store holds; looked through once, however much is added.
pub(super) struct Entries<'a> {
    /// The name that was asked for.
    asked: Option<&'a str>,
    /// Whether another certificate may lose its name.
    replaces: bool,
    /// The date of new entries.
    pub(super) created: Timestamp,
    /// The names under which Java trusts a certificate.
    trusted: BTreeMap<Rc<[u8]>, Vec<String>>,
    /// The name of a certificate that is in the file, but that Java does not see.
    lost: BTreeMap<Rc<[u8]>, String>,
    /// Who has a name: a certificate, or a key.
    names: HashMap<Alias, Occupant>,
}

/// Who has a name.
struct Occupant {
    /// The name as it stands in the file.
    alias: String,
    /// None: a key.
    certificate: Option<Rc<[u8]>>,
}

impl<'a> Entries<'a> {
    pub(super) fn of(
        store: &KeyStore,
        asked: Option<&'a str>,
        replaces: bool,
        created: Timestamp,
    ) -> Self {
        let (trusted, lost, names) = (BTreeMap::new(), BTreeMap::new(), HashMap::new());
        let mut entries = Self { asked, replaces, created, trusted, lost, names };
        for unseen in store.unseen() {
            let alias = unseen.alias.clone().unwrap_or_default();
            entries.lost.insert(Rc::from(unseen.certificate.as_ref()), alias);
        }
        for entry in store.entries() {
            let alias = entry.alias.clone();
            let certificate = entry.trusted_certificate().map(|held| Rc::from(held.as_ref()));
            match &certificate {
                Some(certificate) if entry.trusted => {
                    entries.trusted.entry(Rc::clone(certificate)).or_default().push(alias.clone());
                }
                Some(certificate) => {
                    entries.lost.insert(Rc::clone(certificate), alias.clone());
                }
                None => {}
            }
            entries.names.insert(Alias::new(&alias), Occupant { alias, certificate });
        }
        entries
    }

    /// Adds a certificate, unless it is trusted already under whatever name.
    pub(super) fn put(
        &mut self,
        wanted: &Wanted,
        is_only_one: bool,
        store: &mut KeyStore,
        told: &mut TrustChange,
    ) -> Result<(), StoreError> {
        let Wanted { certificate, subject, .. } = wanted;
        if let Some(aliases) = self.trusted.get(certificate.as_ref()) {
            if let [_, _, ..] = aliases.as_slice() {
                let aliases = aliases.join(", ");
                told.notes
                    .push(format!("{subject}: it is in the store more than once, as {aliases}"));
            }
            let alias = aliases.first().map_or("", String::as_str);
            told.unchanged.push(changed(alias, certificate));
            return Ok(());
        }
        let alias = self.alias(wanted, is_only_one)?;
        if let Some(Occupant { alias, certificate: Some(other) }) = self.names.get(&alias) {
            told.removed.push(changed(alias, &CertificateDer::from(other.as_ref())));
        }
        let lost = self.lost.remove(certificate.as_ref());
        if lost.is_some() {
            store.remove_unseen(certificate)?;
        }
        store.trust(&alias, certificate, self.created)?;
        told.added.push(changed(alias.as_str(), certificate));
        told.notes.extend(wanted.notes.iter().map(|note| format!("{subject}: {note}")));
        if let Some(lost) = lost {
            told.notes.push(format!(
                "{subject}: it was in the store as {lost:?}, but Java did not see it; that is repaired"
            ));
        }
        let name = alias.as_str().to_owned();
        let certificate = Rc::from(certificate.as_ref());
        self.trusted.entry(Rc::clone(&certificate)).or_default().push(name.clone());
        self.names.insert(alias, Occupant { alias: name, certificate: Some(certificate) });
        Ok(())
    }

    /// Chooses the name of a new entry: the one that was asked for, the one that it had where Java does not see it, or its own.
    fn alias(&self, wanted: &Wanted, is_only_one: bool) -> Result<Alias, StoreError> {
        let digits: String = wanted.sha256.to_lowercase().chars().take(8).collect();
        let own = Alias::new(&wanted.name);
        let distinct = Alias::new(&format!("{}-{digits}", wanted.name));
        let lost =
            self.lost.get(wanted.certificate.as_ref()).filter(|lost| !lost.trim().is_empty());
        let asked = self.asked.or_else(|| lost.map(String::as_str)).map(Alias::new);
        let names = match (&asked, is_only_one) {
            (Some(asked), _) => vec![asked.clone()],
            (None, true) => vec![own],
            // Nobody can name the entries of a bundle one by one.
            (None, false) => vec![own, distinct],
        };
        let mut trouble = None;
        for alias in names {
            match self.obstacle(&alias, wanted) {
                None => return Ok(alias),
                Some(obstacle) => trouble = trouble.or(Some(obstacle)),
            }
        }
        Err(StoreError::Refused(trouble.unwrap_or_default()))
    }

    /// Says why a certificate cannot have a name.
    fn obstacle(&self, alias: &Alias, wanted: &Wanted) -> Option<String> {
        let Occupant { alias, certificate } = self.names.get(alias)?;
        match certificate {
            None => Some(format!(
                "the alias {alias} belongs to a key, which is never replaced; choose another with --alias"
            )),
            Some(other) if self.replaces || **other == *wanted.certificate => None,
            Some(other) => {
                let other = changed(alias, &CertificateDer::from(other.as_ref()));
                let subject = other.subject.unwrap_or_default();
                Some(format!(
                    "the alias {alias} belongs to another certificate ({subject}, SHA-256 {}); \
                     choose another with --alias, or put this one in its place with --replace",
                    other.sha256
                ))
            }
        }
    }
}
