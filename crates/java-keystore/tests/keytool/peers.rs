//! What the crates `jks` and `p12-keystore` read of what we write: the same entries, or a reason why not.

use std::collections::BTreeMap;
use std::time::UNIX_EPOCH;

use java_keystore::{Alias, Entry, EntryKind, Format, KeyStore, Timestamp};
use p12_keystore::{KeyStoreEntry, Pkcs12ImportPolicy};

use crate::recorded::{Recorded, some_certificate, stores};

/// What the peers do not read as Java does, by file; the test fails when one is no longer true.
const UNREAD: [(&str, &str); 4] = [
    ("unialias.jks", "jks: modified UTF-8 outside the basic plane is no UTF-8"),
    ("unipass.jks", "jks: a password of bytes that are widened, not of UTF-16"),
    ("unialias.p12", "p12-keystore: a friendly name outside the basic plane is dropped"),
    ("pbmac1.p12", "p12-keystore: no PBMAC1"),
];

/// An entry as both sides can tell it: when it was made, the certificates, whether there is a key.
type Told = (Option<i64>, Vec<Vec<u8>>, bool);

#[test]
fn peers_read_what_we_write() {
    let root = some_certificate();
    let (mut read, mut differing) = (0, Vec::new());
    for recorded in stores() {
        let mut store = recorded.open();
        if store.format() == Format::Jceks {
            continue; // no peer reads it
        }
        let alias = Alias::new("added for a peer");
        store.trust(&alias, &root, Timestamp(1_795_348_800_000)).unwrap();
        let Ok(written) = store.write(Some(&recorded.password)) else {
            assert!(recorded.name().contains("pbmac1"), "{}", recorded.path.display());
            continue;
        };
        let theirs = match store.format() {
            Format::Jks => read_by_jks(&recorded, &written),
            Format::Jceks | Format::Pkcs12 => read_by_p12_keystore(&recorded, &written),
        };
        let ours = told(&store);
        assert!(ours.contains_key(alias.as_str()));
        if theirs.as_ref() == Ok(&ours) {
            read += 1;
        } else {
            let difference = theirs.map_or_else(|error| error, |read| format!("{:?}", read.keys()));
            differing.push((recorded.path.clone(), difference));
        }
    }
    assert!(read >= 40, "only {read} stores");
    let listed = |path: &std::path::Path| UNREAD.iter().find(|(name, _)| path.ends_with(name));
    let unlisted: Vec<_> = differing.iter().filter(|(path, _)| listed(path).is_none()).collect();
    assert!(unlisted.is_empty(), "{unlisted:#?}");
    for (name, reason) in UNREAD {
        let is_true = differing.iter().any(|(path, _)| path.ends_with(name));
        assert!(is_true, "no longer true, take it off the list: {name}: {reason}");
    }
}

/// Tells our entries: PKCS12 has no dates for the peer, and there JKS has no secret keys.
fn told(store: &KeyStore) -> BTreeMap<String, Told> {
    let date = |entry: &Entry| match store.format() {
        Format::Jks | Format::Jceks => entry.created.map(|Timestamp(milliseconds)| milliseconds),
        Format::Pkcs12 => None,
    };
    let entries = store.entries().iter().map(|entry| {
        let (certificates, has_key) = match &entry.kind {
            EntryKind::TrustedCertificate(certificate) => (vec![certificate.to_vec()], false),
            EntryKind::PrivateKey(chain) => {
                (chain.iter().map(|certificate| certificate.to_vec()).collect(), true)
            }
            EntryKind::SecretKey => (Vec::new(), true),
        };
        (entry.alias.clone(), (date(entry), certificates, has_key))
    });
    entries.collect()
}

fn read_by_jks(recorded: &Recorded, bytes: &[u8]) -> Result<BTreeMap<String, Told>, String> {
    let password = recorded.password_text().as_bytes();
    let mut store = jks::KeyStore::new();
    store.load(bytes, password).map_err(|error| error.to_string())?;
    let date = |created: std::time::SystemTime| {
        let since = created.duration_since(UNIX_EPOCH).unwrap();
        i64::try_from(since.as_millis()).ok()
    };
    let contents = |chain: Vec<jks::Certificate>| chain.into_iter().map(|held| held.content);
    let entries = store.aliases().into_iter().map(|alias| {
        let told = if store.is_private_key_entry(&alias) {
            // opens the key, too
            let entry = store.get_private_key_entry(&alias, password).unwrap();
            (date(entry.creation_time), contents(entry.certificate_chain).collect(), true)
        } else {
            let entry = store.get_trusted_certificate_entry(&alias).unwrap();
            (date(entry.creation_time), vec![entry.certificate.content], false)
        };
        (alias, told)
    });
    Ok(entries.collect())
}

fn read_by_p12_keystore(
    recorded: &Recorded,
    bytes: &[u8],
) -> Result<BTreeMap<String, Told>, String> {
    let policy = Pkcs12ImportPolicy::Relaxed;
    let store = p12_keystore::KeyStore::from_pkcs12(bytes, recorded.password_text(), policy)
        .map_err(|error| error.to_string())?;
    let entries = store.entries().map(|(alias, entry)| {
        let told = match entry {
            KeyStoreEntry::Certificate(held) => (None, vec![held.as_der().to_vec()], false),
            KeyStoreEntry::PrivateKeyChain(chain) => {
                let chain = chain.certs().iter().map(|held| held.as_der().to_vec());
                (None, chain.collect(), true)
            }
            KeyStoreEntry::Secret(_) => (None, Vec::new(), true),
        };
        (alias.to_lowercase(), told)
    });
    Ok(entries.collect())
}
