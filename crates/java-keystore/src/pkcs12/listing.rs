//! What Java lists of the bags of a store (`PKCS12KeyStore.loadSafeContents` and `engineLoad`).

use std::collections::HashMap;

use pki_types::CertificateDer;

use super::bag::{Bag, BagKind};
use crate::der::{self, SEQUENCE, Sequence};
use crate::entry::{Entry, EntryKind, Timestamp, Unseen};

/// Lists the entries in the order of the bags; of the same alias the last one counts.
pub(super) fn list(bags: &[&Bag]) -> (Vec<Entry>, Vec<Unseen>) {
    let certificates = Certificates::of(bags);
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
            BagKind::Certificate(certificate) if bag.is_trusted => {
                (alias(), EntryKind::TrustedCertificate(certificate.clone()), None, true)
            }
            BagKind::Certificate(certificate) => {
                let certificate = certificate.clone();
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
    unseen.retain(|hidden: &Unseen| {
        !entries.iter().any(|entry| match &entry.kind {
            EntryKind::PrivateKey(chain) => chain.contains(&hidden.certificate),
            EntryKind::TrustedCertificate(_) | EntryKind::SecretKey => false,
        })
    });
    (entries, unseen)
}

/// `localKeyID` is `Time ` and milliseconds where Java wrote it.
fn date(bag: &Bag) -> Option<Timestamp> {
    let text = std::str::from_utf8(bag.key_id.as_deref()?).ok()?;
    text.strip_prefix("Time ")?.parse().ok().map(Timestamp)
}

/// The certificates of a store, by what chains are made with.
struct Certificates<'a> {
    by_key_id: HashMap<&'a [u8], &'a CertificateDer<'static>>,
    by_subject: HashMap<&'a [u8], &'a CertificateDer<'static>>,
    /// The first certificate without key identifier, for the only private key.
    first: Option<&'a CertificateDer<'static>>,
}

impl<'a> Certificates<'a> {
    fn of(bags: &[&'a Bag]) -> Self {
        let (mut by_key_id, mut by_subject, mut first) = (HashMap::new(), HashMap::new(), None);
        let keys = bags.iter().filter(|bag| matches!(bag.kind, BagKind::PrivateKey)).count();
        for bag in bags {
            let BagKind::Certificate(certificate) = &bag.kind else { continue };
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
        Self { by_key_id, by_subject, first }
    }

    /// Builds a private key's chain: its certificate by the key identifier, then issuer after issuer.
    fn chain(&self, key: &Bag) -> Vec<CertificateDer<'static>> {
        let mut next = match key.key_id.as_deref() {
            Some(key_id) => self.by_key_id.get(key_id).copied(),
            None => self.first,
        };
        let mut chain: Vec<CertificateDer<'static>> = Vec::new();
        while let Some(certificate) = next {
            if chain.contains(certificate) {
                break;
            }
            chain.push(certificate.clone());
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
