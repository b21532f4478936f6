//! What Java lists of the bags of a store (`PKCS12KeyStore.loadSafeContents` and `engineLoad`).

use std::collections::{HashMap, HashSet};

use pki_types::CertificateDer;

use super::bag::{Bag, BagKind};
use crate::der::{self, SEQUENCE, Sequence};
use crate::entry::{Entry, EntryKind, Timestamp, Unseen};

/// Lists the entries in the order of the bags; of the same alias the last one counts.
pub(super) fn list(bags: &[&Bag]) -> (Vec<Entry>, Vec<Unseen>) {
    let mut certificates = Certificates::of(bags);
    let (mut entries, mut unseen) = (Vec::new(), Vec::new());
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut nameless = 0;
    for bag in bags {
        let mut alias = || {
            bag.name.as_ref().map_or_else(
                || {
                    nameless += 1;
                    nameless.to_string()
                },
                |name| name.to_lowercase(),
            )
        };
        let (alias, kind, created, trusted) = match &bag.kind {
            BagKind::Certificate if bag.is_trusted => {
                let Some(certificate) = bag.certificate() else { continue };
                (alias(), EntryKind::TrustedCertificate(certificate.to_vec().into()), None, true)
            }
            BagKind::Certificate => {
                let Some(certificate) = bag.certificate() else { continue };
                let certificate = certificate.to_vec().into();
                unseen.push(Unseen { alias: bag.name.clone(), certificate });
                continue;
            }
            BagKind::PrivateKey => {
                let chain = certificates.chain(bag);
                let trusted = !chain.is_empty();
                (alias(), EntryKind::PrivateKey(chain), date(bag), trusted)
            }
            BagKind::Secret => (alias(), EntryKind::SecretKey, date(bag), false),
            BagKind::Other => continue,
        };
        let entry = Entry { alias: alias.clone(), created, kind, trusted };
        match places.get(&alias).and_then(|place: &usize| entries.get_mut(*place)) {
            Some(held) => *held = entry,
            None => {
                places.insert(alias, entries.len());
                entries.push(entry);
            }
        }
    }
    // A certificate of some key's chain is seen there.
    let chains = entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::PrivateKey(chain) => Some(chain),
        EntryKind::TrustedCertificate(_) | EntryKind::SecretKey => None,
    });
    let seen: HashSet<&CertificateDer<'_>> = chains.flatten().collect();
    unseen.retain(|hidden: &Unseen| !seen.contains(&hidden.certificate));
    (entries, unseen)
}

/// `localKeyID` is `Time ` and milliseconds where Java wrote it.
fn date(bag: &Bag) -> Option<Timestamp> {
    let text = std::str::from_utf8(bag.key_id.as_deref()?).ok()?;
    text.strip_prefix("Time ")?.parse().ok().map(Timestamp)
}

/// The certificates of a store, by what chains are made with.
struct Certificates<'a> {
    by_key_id: HashMap<&'a [u8], &'a [u8]>,
    by_subject: HashMap<&'a [u8], &'a [u8]>,
    /// The first certificate without key identifier, for the only private key.
    first: Option<&'a [u8]>,
    /// How many bytes all chains together may still take.
    budget: usize,
}

/// Where chains end that only a made-up store has: many keys with long chains in common would take any memory.
const CHAIN_BYTES_PER_BYTE: usize = 16;
const LONGEST_CHAIN: usize = 256;

impl<'a> Certificates<'a> {
    fn of(bags: &[&'a Bag]) -> Self {
        let (mut by_key_id, mut by_subject, mut first) = (HashMap::new(), HashMap::new(), None);
        let mut budget = 0;
        let keys = bags.iter().filter(|bag| matches!(bag.kind, BagKind::PrivateKey)).count();
        for bag in bags {
            let (BagKind::Certificate, Some(certificate)) = (bag.kind, bag.certificate()) else {
                continue;
            };
            budget += CHAIN_BYTES_PER_BYTE * certificate.len();
            if let (Some(key_id), false) = (bag.key_id.as_deref(), bag.is_trusted) {
                by_key_id.entry(key_id).or_insert(certificate);
            }
            if let Some((_, subject)) = names(certificate) {
                by_subject.entry(subject).or_insert(certificate);
            }
            if bag.key_id.is_none() && keys == 1 {
                first = first.or(Some(certificate));
            }
        }
        Self { by_key_id, by_subject, first, budget }
    }

    /// Builds a private key's chain: its certificate by the key identifier, then issuer after issuer.
    fn chain(&mut self, key: &Bag) -> Vec<CertificateDer<'static>> {
        let mut next = match key.key_id.as_deref() {
            Some(key_id) => self.by_key_id.get(key_id).copied(),
            None => self.first,
        };
        let mut chain: Vec<CertificateDer<'static>> = Vec::new();
        while let Some(certificate) = next {
            let is_known = chain.iter().any(|held| held.as_ref() == certificate);
            if is_known || chain.len() == LONGEST_CHAIN || certificate.len() > self.budget {
                break;
            }
            self.budget -= certificate.len();
            chain.push(certificate.to_vec().into());
            next = names(certificate)
                .filter(|(issuer, subject)| issuer != subject)
                .and_then(|(issuer, _)| self.by_subject.get(issuer).copied());
        }
        chain
    }
}

/// Finds issuer and subject of a certificate.
fn names(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let whole = der::read(certificate)?.0;
    let mut fields = Sequence::new(der::read(whole.content)?.0.content);
    fields.optional(0xa0);
    fields.any("serial number").ok()?;
    fields.any("algorithm").ok()?;
    let issuer = fields.next(SEQUENCE, "issuer").ok()?.whole;
    fields.any("validity").ok()?;
    let subject = fields.next(SEQUENCE, "subject").ok()?.whole;
    Some((issuer, subject))
}
