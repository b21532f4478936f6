//! The store itself: entries in the order of the file.

use pki_types::CertificateDer;

use crate::alias::Alias;
use crate::entry::{Entry, EntryKind, NewerJava, Timestamp, Unseen};
use crate::error::{ReadError, ReadErrorKind, WriteError};
use crate::format::Format;
use crate::jks::{JCEKS_MAGIC, JKS_MAGIC, JksStore};
use crate::password::Password;
use crate::pkcs12::Pkcs12Store;
use crate::private_key::{KeyError, PrivateKey, Work};

/// A key store in memory. Entries keep the order of the file, untouched ones their bytes.
#[derive(Clone, Debug)]
pub struct KeyStore {
    format: Format,
    store: Store,
}

/// The store behind the format.
#[derive(Clone, Debug)]
enum Store {
    Jks(JksStore),
    Pkcs12(Pkcs12Store),
}

impl KeyStore {
    /// Makes an empty store: JKS or JCEKS, or PKCS12 without password, since Java finds nothing in an encrypted one
    /// unless it is told the password.
    pub fn new(format: Format) -> Self {
        let store = match format {
            Format::Jks => Store::Jks(JksStore::new(JKS_MAGIC)),
            Format::Jceks => Store::Jks(JksStore::new(JCEKS_MAGIC)),
            Format::Pkcs12 => Store::Pkcs12(Pkcs12Store::password_less()),
        };
        Self { format, store }
    }

    /// Makes an empty PKCS12 store that is written as keytool 11 and later write a new one: AES-256 over the certificates,
    /// a MAC with HMAC-SHA-256, 10,000 iterations. Java finds nothing in it unless it is told the password.
    pub fn encrypted_pkcs12() -> Self {
        Self { format: Format::Pkcs12, store: Store::Pkcs12(Pkcs12Store::encrypted()) }
    }

    /// Reads a store, whichever format it has. Without password nothing is checked, and what is encrypted stays unseen.
    ///
    /// # Errors
    ///
    /// Says what was wrong at which byte.
    pub fn read(bytes: &[u8], password: Option<&Password>) -> Result<Self, ReadError> {
        Self::read_as(Format::of(bytes).ok_or_else(unknown)?, bytes, password)
    }

    /// Reads a store that must have `format`.
    ///
    /// # Errors
    ///
    /// Says what was wrong at which byte.
    pub fn read_as(
        format: Format,
        bytes: &[u8],
        password: Option<&Password>,
    ) -> Result<Self, ReadError> {
        let store = match format {
            _ if Format::of(bytes) != Some(format) => return Err(unknown()),
            Format::Jks | Format::Jceks => Store::Jks(JksStore::read(bytes, password)?),
            Format::Pkcs12 => Store::Pkcs12(Pkcs12Store::read(bytes, password)?),
        };
        Ok(Self { format, store })
    }

    /// Returns the store's bytes, protected as it was found; JKS in version 2, as keytool would write it.
    ///
    /// # Errors
    ///
    /// Refuses what it cannot protect as it was, and a store with a digest or MAC if there is no password.
    pub fn write(&self, password: Option<&Password>) -> Result<Vec<u8>, WriteError> {
        match &self.store {
            Store::Jks(store) => store.write(password),
            Store::Pkcs12(store) => store.write(password),
        }
    }

    /// Trusts `certificate` under `alias`, in place of a trusted certificate of that name, be it in upper case in the file:
    /// Java finds it afterwards.
    ///
    /// PKCS12 keeps no date of a trusted certificate.
    ///
    /// # Errors
    ///
    /// Refuses where the certificates are encrypted and were not opened, and the name of a key in JKS or JCEKS.
    pub fn trust(
        &mut self,
        alias: &Alias,
        certificate: &CertificateDer<'static>,
        created: Timestamp,
    ) -> Result<(), WriteError> {
        match &mut self.store {
            Store::Jks(store) => store.trust(alias, certificate, created),
            Store::Pkcs12(store) => store.trust(alias, certificate),
        }
    }

    /// Removes the trusted certificate of that name, or else the first one in the file that has it in upper case; returns whether there was one.
    ///
    /// # Errors
    ///
    /// Refuses where the certificates are encrypted and were not opened.
    pub fn remove(&mut self, alias: &Alias) -> Result<bool, WriteError> {
        match &mut self.store {
            Store::Jks(store) => store.remove(alias),
            Store::Pkcs12(store) => store.remove(alias),
        }
    }

    /// Removes the PKCS12 bags that hold `certificate` and that Java does not list; returns whether there was one. Such bags
    /// are those of [`KeyStore::unseen`]; a certificate in a key's chain is no such bag.
    ///
    /// # Errors
    ///
    /// Refuses where the certificates are encrypted and were not opened.
    pub fn remove_unseen(&mut self, certificate: &CertificateDer<'_>) -> Result<bool, WriteError> {
        match &mut self.store {
            Store::Jks(_) => Ok(false),
            Store::Pkcs12(store) => match store.remove_unseen(certificate) {
                0 => store.nothing().map(|()| false),
                _ => Ok(true),
            },
        }
    }

    /// Removes every trusted certificate entry of `certificate`, under whatever alias, and its bags that Java does not list
    /// ([`KeyStore::unseen`]); returns how many there were. Private keys keep their chains.
    ///
    /// # Errors
    ///
    /// Refuses where the certificates are encrypted and were not opened, and where a key of the same alias would be lost.
    pub fn remove_certificate(
        &mut self,
        certificate: &CertificateDer<'_>,
    ) -> Result<usize, WriteError> {
        match &mut self.store {
            Store::Jks(store) => store.remove_certificate(certificate),
            Store::Pkcs12(store) => store.remove_certificate(certificate),
        }
    }

    /// Returns the entries in the order of the file, as Java lists them.
    pub fn entries(&self) -> &[Entry] {
        match &self.store {
            Store::Jks(store) => store.entries(),
            Store::Pkcs12(store) => store.entries(),
        }
    }

    /// Unseals the private key of the entry `alias`. Its password is its own; Java's TLS tries that of the store.
    ///
    /// # Errors
    ///
    /// Says why it cannot be had.
    pub fn private_key(&self, alias: &str, password: &Password) -> Result<PrivateKey, KeyError> {
        self.unseal(alias, password, &mut Work::default())
    }

    /// Unseals all private keys that Java finds and that have a certificate, in the order in which Java lists them, with their
    /// aliases.
    ///
    /// # Errors
    ///
    /// Names the first one that cannot be had, and says why.
    pub fn private_keys(
        &self,
        password: &Password,
    ) -> Result<Vec<(&Entry, PrivateKey)>, (String, KeyError)> {
        let mut work = Work::default();
        let keys = self.listed_by_java().into_iter().filter(|entry| {
            entry.trusted
                && matches!(&entry.kind, EntryKind::PrivateKey(chain) if !chain.is_empty())
        });
        keys.map(|entry| match self.unseal(&entry.alias, password, &mut work) {
            Ok(key) => Ok((entry, key)),
            Err(error) => Err((entry.alias.clone(), error)),
        })
        .collect()
    }

    fn unseal(
        &self,
        alias: &str,
        password: &Password,
        work: &mut Work,
    ) -> Result<PrivateKey, KeyError> {
        match &self.store {
            Store::Jks(store) => store.private_key(alias, password, work),
            Store::Pkcs12(store) => store.private_key(alias, password, work),
        }
    }

    /// Returns the entries in the order of `KeyStore.aliases`, which for JKS and JCEKS is that of a `Hashtable`.
    fn listed_by_java(&self) -> Vec<&Entry> {
        match &self.store {
            Store::Jks(store) => store.listed_by_java(),
            Store::Pkcs12(store) => store.entries().iter().collect(),
        }
    }

    /// Returns the certificates that are in the file but that Java does not list: PKCS12 bags without `trustedKeyUsage`.
    pub fn unseen(&self) -> &[Unseen] {
        match &self.store {
            Store::Jks(_) => &[],
            Store::Pkcs12(store) => store.unseen(),
        }
    }

    /// Returns [`KeyStore::entries`] and [`KeyStore::unseen`] and lets go of all else: a long list needs the memory.
    pub fn into_listing(self) -> (Vec<Entry>, Vec<Unseen>) {
        match self.store {
            Store::Jks(store) => (store.into_entries(), Vec::new()),
            Store::Pkcs12(store) => store.into_listing(),
        }
    }

    /// Returns the entries that Java does not see because a later one in the file has the same alias (in PKCS12 whatever the
    /// case). Writing keeps them; keytool's next write drops them. They go with the entry that hides them when that is
    /// removed or replaced.
    pub fn displaced(&self) -> &[Entry] {
        match &self.store {
            Store::Jks(store) => store.displaced(),
            Store::Pkcs12(store) => store.displaced(),
        }
    }

    /// Returns the version of a JKS or JCEKS file: 1 or 2. It is written in version 2, as keytool does.
    pub fn version(&self) -> Option<u32> {
        match &self.store {
            Store::Jks(store) => Some(store.version()),
            Store::Pkcs12(_) => None,
        }
    }

    /// Returns whether a part of the store is encrypted and was not opened for want of a password.
    pub fn has_closed_part(&self) -> bool {
        match &self.store {
            Store::Jks(_) => false,
            Store::Pkcs12(store) => store.has_closed_part(),
        }
    }

    /// Returns whether certificates in it are encrypted: Java sees none of them without the password.
    pub fn is_encrypted(&self) -> bool {
        match &self.store {
            Store::Jks(_) => false,
            Store::Pkcs12(store) => store.is_encrypted(),
        }
    }

    /// Names what of the store only newer runtimes read, the most demanding first; none if all do.
    pub fn needs_newer_java(&self) -> Option<NewerJava> {
        match &self.store {
            Store::Jks(_) => None,
            Store::Pkcs12(store) => store.needs_newer_java(),
        }
    }

    /// Returns the format that the store was read from.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Describes in a few words how the store is protected: `digest`, `password-less`, `PBEWithHmacSHA256AndAES_256, HmacPBESHA256`.
    pub fn protection(&self) -> String {
        match &self.store {
            Store::Jks(_) => "digest".to_owned(),
            Store::Pkcs12(store) => store.protection(),
        }
    }

    /// Returns whether a store like this one cannot be written without password.
    pub fn needs_password(&self) -> bool {
        match &self.store {
            Store::Jks(_) => true,
            Store::Pkcs12(store) => store.protection() != "password-less",
        }
    }
}

fn unknown() -> ReadError {
    ReadError { offset: 0, kind: ReadErrorKind::UnknownFormat }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn fixture(name: &str) -> Vec<u8> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keystores");
        std::fs::read(fixtures.join(name)).unwrap()
    }

    fn some_certificate(first: u8) -> CertificateDer<'static> {
        vec![0x30, 1, first].into()
    }

    fn aliases(store: &KeyStore) -> Vec<&str> {
        store.entries().iter().map(|entry| entry.alias.as_str()).collect()
    }

    /// What 8, 11, 17 and 26 do alike, as recorded: of JKS all is seen without password; of an encrypted PKCS12 nothing is.
    #[test]
    fn a_password_opens_what_it_opens_in_java() {
        use ReadErrorKind::{DecryptionFailed, DigestMismatch};
        let (all, none, wrong) = (Ok(1), Ok(0), Some("wrong"));
        for (name, right, null, empty, other) in [
            ("one.jks", all.clone(), all.clone(), Err(DigestMismatch), Err(DigestMismatch)),
            ("one.jceks", all.clone(), all.clone(), Err(DigestMismatch), Err(DigestMismatch)),
            ("one.p12", all.clone(), none.clone(), Err(DecryptionFailed), Err(DecryptionFailed)),
            ("enc-nomac.p12", all.clone(), none, Err(DecryptionFailed), Err(DecryptionFailed)),
            ("plain-mac.p12", all.clone(), all, Err(DigestMismatch), Err(DigestMismatch)),
            ("nopass.p12", Ok(2), Ok(2), Ok(2), Ok(2)),
        ] {
            let cases =
                [(Some("changeit"), right), (None, null), (Some(""), empty), (wrong, other)];
            for jdk in ["jdk8", "jdk17", "jdk25"] {
                for (password, expected) in cases.clone() {
                    let read = KeyStore::read(
                        &fixture(&format!("{jdk}/{name}")),
                        password.map(Password::new).as_ref(),
                    );
                    let anchors = read
                        .map(|store| store.entries().iter().filter(|entry| entry.trusted).count())
                        .map_err(|error| error.kind);
                    assert_eq!(anchors, expected, "{jdk}/{name} {password:?}");
                }
            }
        }
    }

    #[test]
    fn a_cut_store_says_where_it_ends() {
        let password = Password::new("changeit");
        for name in ["one.jks", "few.jceks", "one.p12", "nopass.p12"] {
            let whole = fixture(&format!("jdk17/{name}"));
            for length in [8, 40, whole.len() / 2, whole.len() - 1] {
                let error =
                    KeyStore::read(whole.get(..length).unwrap(), Some(&password)).unwrap_err();
                assert_eq!(error.offset, length, "{name}: {error}");
                assert!(matches!(error.kind, ReadErrorKind::UnexpectedEnd { .. }), "{error}");
            }
        }
    }

    #[test]
    fn damage_in_pkcs12_is_named_where_it_is_in_the_file() {
        let mut bytes = fixture("jdk17/nopass.p12");
        let at = bytes.windows(3).rposition(|window| window == [0x06, 0x0c, 0x60]).unwrap();
        bytes[at] = 0x07;
        let error = KeyStore::read(&bytes, None).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("at byte {at}: malformed PKCS12: attribute identifier expected")
        );
    }

    #[test]
    fn ten_thousand_certificates_are_added_in_no_time() {
        for format in [Format::Jks, Format::Pkcs12] {
            let mut store = KeyStore::new(format);
            for number in 0..10_000_u32 {
                let certificate = [&[0x30, 4][..], &number.to_be_bytes()].concat().into();
                let alias = Alias::new(&format!("root {number}"));
                store.trust(&alias, &certificate, Timestamp(0)).unwrap();
                assert_eq!(store.entries().last().unwrap().alias, alias.as_str());
            }
            assert_eq!(store.entries().len(), 10_000);
            for number in 0..10_000 {
                assert!(store.remove(&Alias::new(&format!("root {number}"))).unwrap());
            }
            assert!(store.entries().is_empty());
        }
    }

    #[test]
    fn a_certificate_is_removed_under_all_its_names() {
        for format in [Format::Jks, Format::Jceks, Format::Pkcs12] {
            let mut store = KeyStore::new(format);
            for (alias, first) in [("a", 1), ("b", 2), ("c", 1)] {
                store.trust(&Alias::new(alias), &some_certificate(first), Timestamp(0)).unwrap();
            }
            assert_eq!(store.remove_certificate(&some_certificate(1)), Ok(2));
            assert_eq!(store.remove_certificate(&some_certificate(1)), Ok(0));
            assert_eq!(aliases(&store), ["b"], "{}", format.name());
        }
    }

    #[test]
    fn a_key_is_never_written_over() {
        let password = Password::new("changeit");
        for name in ["key.jks", "key.jceks", "key.p12"] {
            let bytes = fixture(&format!("jdk17/{name}"));
            let mut store = KeyStore::read(&bytes, Some(&password)).unwrap();
            let key =
                store.entries().iter().find(|entry| matches!(entry.kind, EntryKind::PrivateKey(_)));
            let alias = Alias::new(&key.unwrap().alias);
            let refused = store.trust(&alias, &some_certificate(1), Timestamp(0));
            assert_eq!(refused, Err(WriteError::NameOfKey), "{name}");
            assert_eq!(store.remove(&alias), Ok(false), "{name}");
        }
    }
}
