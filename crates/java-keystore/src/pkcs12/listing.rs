//! What Java lists of the bags of a store (`PKCS12KeyStore.loadSafeContents` and `engineLoad`).

use std::collections::{HashMap, HashSet};

use pki_types::CertificateDer;

use super::Place;
use super::bag::{Bag, BagKind};
use super::safe::Safe;
use crate::der;
use crate::entry::{Entry, EntryKind, Timestamp, Unseen};
use crate::listing::Listing;

/// The bags of one alias.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The last one in the file, which Java lists.
    pub(super) shown: Place,
    /// Those before it.
    pub(super) displaced: Vec<Place>,
}

impl Named {
    pub(super) fn at(shown: Place) -> Self {
        Self { shown, displaced: Vec::new() }
    }

    /// Java lists an entry where the first of its name stood.
    pub(super) fn first(&self) -> Place {
        self.displaced.first().copied().unwrap_or(self.shown)
    }
}

/// Gives the bags of a file the numbers and key identifiers that Java gives to those that have none.
pub(super) fn number(safes: &mut [Safe]) {
    let (mut nameless, mut keys) = (0, 0);
    for (index, bag) in safes.iter_mut().flat_map(Safe::bags_mut) {
        match bag.kind {
            BagKind::PrivateKey => keys += 1,
            BagKind::Certificate | BagKind::Secret | BagKind::Other => {}
        }
        if bag.key_id.is_none() {
            match bag.kind {
                BagKind::PrivateKey if keys == 1 => bag.key_id = Some(FOR_LACK.to_vec()),
                // Java passes over further keys without identifier.
                BagKind::PrivateKey => bag.kind = BagKind::Other,
                BagKind::Certificate if keys == 1 && index == 0 => {
                    bag.key_id = Some(FOR_LACK.to_vec());
                }
                BagKind::Certificate | BagKind::Secret | BagKind::Other => {}
            }
        }
        if bag.name.is_none() && bag.alias().is_some() {
            nameless += 1;
            bag.number = nameless;
        }
    }
}

/// The key identifier that Java takes for the only key and its certificate.
const FOR_LACK: &[u8] = b"01";

/// Finds the bags of each alias.
pub(super) fn names(bags: &[(Place, &Bag)]) -> HashMap<String, Named> {
    let mut names: HashMap<String, Named> = HashMap::new();
    for (place, bag) in bags {
        let Some(alias) = bag.alias() else { continue };
        names
            .entry(alias)
            .and_modify(|named| named.displaced.push(std::mem::replace(&mut named.shown, *place)))
            .or_insert_with(|| Named::at(*place));
    }
    names
}

/// What Java sees of a store, and what it does not.
#[derive(Clone, Debug, Default)]
pub(super) struct Listed {
    pub(super) entries: Listing<Place>,
    pub(super) unseen: Vec<Unseen>,
    pub(super) displaced: Vec<Entry>,
}

impl Listed {
    /// Lists the bags, which come in the order of the file.
    pub(super) fn of(bags: &[(Place, &Bag)], names: &HashMap<String, Named>) -> Self {
        let mut chains = Chains::of(bags);
        let mut listed = Self::default();
        for (place, bag) in bags {
            let Some(alias) = bag.alias() else {
                let certificate = bag.certificate().filter(|_| bag.is_certificate());
                listed.unseen.extend(certificate.map(|certificate| Unseen {
                    alias: bag.name.clone(),
                    certificate: certificate.to_vec().into(),
                }));
                continue;
            };
            let Some(named) = names.get(&alias) else { continue };
            let Some(entry) = entry(alias, bag, &mut chains) else { continue };
            if named.shown == *place {
                listed.entries.put(named.first(), entry);
            } else {
                listed.displaced.push(entry);
            }
        }
        listed.forget_chains();
        listed
    }

    /// A certificate of some key's chain is seen there.
    fn forget_chains(&mut self) {
        let seen: HashSet<&CertificateDer<'_>> = self.chains().collect();
        let is_unseen: Vec<bool> =
            self.unseen.iter().map(|hidden| !seen.contains(&hidden.certificate)).collect();
        let mut is_unseen = is_unseen.into_iter();
        self.unseen.retain(|_| is_unseen.next().unwrap_or(true));
    }

    /// Returns the certificates of the private keys.
    pub(super) fn chains(&self) -> impl Iterator<Item = &CertificateDer<'static>> {
        let entries = self.entries.entries().iter().chain(&self.displaced);
        entries.flat_map(|entry| match &entry.kind {
            EntryKind::PrivateKey(chain) => chain.as_slice(),
            EntryKind::TrustedCertificate(_) | EntryKind::SecretKey => &[],
        })
    }
}

fn entry(alias: String, bag: &Bag, chains: &mut Chains<'_>) -> Option<Entry> {
    let (kind, trusted) = match bag.kind {
        BagKind::Certificate => {
            let certificate = bag.certificate()?.to_vec().into();
            return Some(trusted_certificate(alias, certificate));
        }
        BagKind::PrivateKey => {
            let chain = chains.chain(bag);
            let trusted = !chain.is_empty();
            (EntryKind::PrivateKey(chain), trusted)
        }
        BagKind::Secret => (EntryKind::SecretKey, false),
        BagKind::Other => return None,
    };
    Some(Entry { alias, created: date(bag), kind, trusted })
}

/// The entry of a trusted certificate, which has no date.
pub(super) fn trusted_certificate(alias: String, certificate: CertificateDer<'static>) -> Entry {
    let kind = EntryKind::TrustedCertificate(certificate);
    Entry { alias, created: None, kind, trusted: true }
}

/// `localKeyID` is `Time ` and milliseconds where Java wrote it.
fn date(bag: &Bag) -> Option<Timestamp> {
    let text = std::str::from_utf8(bag.key_id.as_deref()?).ok()?;
    text.strip_prefix("Time ")?.parse().ok().map(Timestamp)
}

/// The certificates of a store, by what chains are made with; none where there is no private key.
struct Chains<'a> {
    by_key_id_and_name: HashMap<(&'a [u8], String), &'a [u8]>,
    by_key_id: HashMap<&'a [u8], &'a [u8]>,
    by_name: HashMap<String, &'a [u8]>,
    by_subject: HashMap<&'a [u8], &'a [u8]>,
    /// How many bytes all chains together may still take.
    budget: usize,
}

/// Where chains end that only a made-up store has: many keys with long chains in common would take any memory.
const CHAIN_BYTES_PER_BYTE: usize = 16;
const LONGEST_CHAIN: usize = 256;

impl<'a> Chains<'a> {
    fn of(bags: &[(Place, &'a Bag)]) -> Self {
        let mut chains = Self {
            by_key_id_and_name: HashMap::new(),
            by_key_id: HashMap::new(),
            by_name: HashMap::new(),
            by_subject: HashMap::new(),
            budget: 0,
        };
        if bags.iter().any(|(_, bag)| bag.kind == BagKind::PrivateKey) {
            let certificates = bags.iter().filter(|(_, bag)| bag.is_certificate());
            certificates.for_each(|(_, bag)| chains.take_in(bag));
        }
        chains
    }

    fn take_in(&mut self, bag: &'a Bag) {
        let Some(certificate) = bag.certificate() else { return };
        self.budget += CHAIN_BYTES_PER_BYTE * certificate.len();
        if let Some((_, subject)) = issuer_and_subject(certificate) {
            self.by_subject.entry(subject).or_insert(certificate);
        }
        if bag.is_trusted {
            return;
        }
        let name = bag.name.as_ref().map(|name| name.to_lowercase());
        if let Some(key_id) = bag.key_id.as_deref() {
            self.by_key_id.insert(key_id, certificate);
            if let Some(name) = name.clone() {
                self.by_key_id_and_name.entry((key_id, name)).or_insert(certificate);
            }
        }
        if let Some(name) = name {
            self.by_name.insert(name, certificate);
        }
    }

    /// Finds a private key's certificate: by identifier and name, by identifier, by name.
    fn end_entity(&self, key: &Bag) -> Option<&'a [u8]> {
        let (key_id, alias) = (key.key_id.as_deref()?, key.alias()?);
        let by_key_id = || self.by_key_id.get(key_id);
        let by_name = || self.by_name.get(&alias);
        let both = self.by_key_id_and_name.get(&(key_id, alias.clone()));
        both.or_else(by_key_id).or_else(by_name).copied()
    }

    /// Builds a private key's chain: its certificate, then issuer after issuer.
    fn chain(&mut self, key: &Bag) -> Vec<CertificateDer<'static>> {
        let mut next = self.end_entity(key);
        let mut chain: Vec<CertificateDer<'static>> = Vec::new();
        while let Some(certificate) = next {
            let is_known = chain.iter().any(|held| held.as_ref() == certificate);
            if is_known || chain.len() == LONGEST_CHAIN || certificate.len() > self.budget {
                break;
            }
            self.budget -= certificate.len();
            chain.push(certificate.to_vec().into());
            next = issuer_and_subject(certificate)
                .filter(|(issuer, subject)| issuer != subject)
                .and_then(|(issuer, _)| self.by_subject.get(issuer).copied());
        }
        chain
    }
}

/// Finds issuer and subject of a certificate.
fn issuer_and_subject(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut fields = der::read(certificate)?.0.values().any("contents").ok()?.values();
    fields.optional(0xa0);
    fields.any("serial number").ok()?;
    fields.any("algorithm").ok()?;
    let issuer = fields.any("issuer").ok()?.whole;
    fields.any("validity").ok()?;
    let subject = fields.any("subject").ok()?.whole;
    Some((issuer, subject))
}
