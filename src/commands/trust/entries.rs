//! The entries of a store, found by certificate and by name, and how one more comes to be.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use java_keystore::{Alias, KeyStore, Timestamp};
use pki_types::CertificateDer;

use super::editing::changed;
use super::opening::StoreError;
use super::sieve::Wanted;
use crate::report::TrustChange;

/// What a store holds, looked through once, however much is added; and what is to be added.
pub(super) struct Entries<'a> {
    /// The name that was asked for.
    asked: Option<&'a str>,
    /// Whether another certificate may lose its name.
    replaces: bool,
    /// The date of new entries.
    pub(super) created: Timestamp,
    /// The names under which Java trusts a certificate.
    trusted: BTreeMap<&'a [u8], Vec<Cow<'a, str>>>,
    /// The name of a certificate that is in the file, but that Java does not see.
    lost: BTreeMap<&'a [u8], &'a str>,
    /// Who has a name: a certificate, or a key.
    names: HashMap<Alias, Occupant<'a>>,
    added: Vec<Added>,
}

/// Who has a name.
struct Occupant<'a> {
    /// The name as it stands in the file.
    alias: Cow<'a, str>,
    /// None: a key.
    certificate: Option<&'a [u8]>,
}

/// An entry that is to be added.
pub(super) struct Added {
    alias: Alias,
    certificate: CertificateDer<'static>,
    created: Timestamp,
    /// Whether the certificate is in the file, but not so that Java sees it.
    was_lost: bool,
}

impl Added {
    /// Adds it.
    pub(super) fn to(&self, store: &mut KeyStore) -> Result<(), StoreError> {
        if self.was_lost {
            store.remove_unseen(&self.certificate)?;
        }
        Ok(store.trust(&self.alias, &self.certificate, self.created)?)
    }
}

impl<'a> Entries<'a> {
    pub(super) fn of(
        store: &'a KeyStore,
        asked: Option<&'a str>,
        replaces: bool,
        created: Timestamp,
    ) -> Self {
        let (trusted, lost, names) = (BTreeMap::new(), BTreeMap::new(), HashMap::new());
        let mut entries =
            Self { asked, replaces, created, trusted, lost, names, added: Vec::new() };
        for unseen in store.unseen() {
            let alias = unseen.alias.as_deref().unwrap_or_default();
            entries.lost.insert(&unseen.certificate, alias);
        }
        for entry in store.entries() {
            let alias = entry.alias.as_str();
            let certificate = entry.trusted_certificate().map(AsRef::as_ref);
            match certificate {
                Some(certificate) if entry.trusted => {
                    entries.trusted.entry(certificate).or_default().push(alias.into());
                }
                Some(certificate) => {
                    entries.lost.insert(certificate, alias);
                }
                None => {}
            }
            entries.names.insert(Alias::new(alias), Occupant { alias: alias.into(), certificate });
        }
        entries
    }

    /// Adds a certificate, unless it is trusted already under whatever name.
    pub(super) fn put(
        &mut self,
        wanted: &'a Wanted,
        is_only_one: bool,
        told: &mut TrustChange,
    ) -> Result<(), StoreError> {
        let Wanted { certificate, subject, .. } = wanted;
        if let Some(aliases) = self.trusted.get(certificate.as_ref()) {
            if let [_, _, ..] = aliases.as_slice() {
                let aliases = aliases.join(", ");
                told.notes
                    .push(format!("{subject}: it is in the store more than once, as {aliases}"));
            }
            let alias = aliases.first().map_or("", |alias| alias);
            told.unchanged.push(changed(alias, certificate));
            return Ok(());
        }
        let alias = self.alias(wanted, is_only_one)?;
        if let Some(Occupant { alias, certificate: Some(other) }) = self.names.get(&alias) {
            told.removed.push(changed(alias, &CertificateDer::from(*other)));
        }
        told.added.push(changed(alias.as_str(), certificate));
        told.notes.extend(wanted.notes.iter().map(|note| format!("{subject}: {note}")));
        let lost = self.lost.remove(certificate.as_ref());
        if let Some(lost) = lost {
            told.notes.push(format!(
                "{subject}: it was in the store as {lost:?}, but Java did not see it; that is repaired"
            ));
        }
        self.added.push(Added {
            alias: alias.clone(),
            certificate: certificate.clone(),
            created: self.created,
            was_lost: lost.is_some(),
        });
        let name = alias.as_str().to_owned();
        self.trusted.entry(certificate).or_default().push(name.clone().into());
        let certificate = Some(certificate.as_ref());
        self.names.insert(alias, Occupant { alias: name.into(), certificate });
        Ok(())
    }

    /// Returns what is to be added.
    pub(super) fn added(self) -> Vec<Added> {
        self.added
    }

    /// Chooses the name of a new entry: the one that was asked for, the one that it had where Java does not see it, or its own.
    fn alias(&self, wanted: &Wanted, is_only_one: bool) -> Result<Alias, StoreError> {
        let digits: String = wanted.sha256.to_lowercase().chars().take(8).collect();
        let own = Alias::new(&wanted.name);
        let distinct = Alias::new(&format!("{}-{digits}", wanted.name));
        let lost =
            self.lost.get(wanted.certificate.as_ref()).filter(|lost| !lost.trim().is_empty());
        let asked = self.asked.or_else(|| lost.copied()).map(Alias::new);
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
            Some(other) if self.replaces || **other == *wanted.certificate.as_ref() => None,
            Some(other) => {
                let other = changed(alias, &CertificateDer::from(*other));
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
