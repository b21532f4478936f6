//! What an upgrade took away: the old store beside the new one, and beside the one that the old Java came with.

use std::collections::HashSet;

use java_keystore::{Alias, Entry, EntryKind, KeyStore, Timestamp};
use java_pkix::{Fitness, JavaRelease, OutOfDate, Rules};
use pki_types::CertificateDer;

use crate::certificates::{Shown, date, fingerprint, printable};
use crate::commands::trust::editing::{changed, free_alias, skipped};
use crate::commands::trust::sieve::unreadable;
use crate::diagnosis::{Origin, Origins};
use crate::report::{CertificateSkipped, EntryChanged, EntryLeft};

/// What is to be done about every certificate of the old store.
#[derive(Default)]
pub(super) struct Plan {
    /// Own roots that the new store lacks.
    pub(super) missing: Vec<Carried>,
    /// Own roots that the new store has.
    pub(super) present: Vec<EntryChanged>,
    /// Own certificates that are not carried over.
    pub(super) skipped: Vec<CertificateSkipped>,
    /// Roots of the vendor that the new store lacks: they stay away.
    pub(super) not_resurrected: Vec<EntryLeft>,
    /// What may be own or the vendor's, and is not in the new store.
    pub(super) ambiguous: Vec<Carried>,
    /// Roots that the new Java brought; known only with the base.
    pub(super) vendor_added: Option<usize>,
}

/// An entry of the old store that is to be carried over.
#[derive(Clone)]
pub(super) struct Carried {
    pub(super) alias: String,
    pub(super) certificate: CertificateDer<'static>,
    pub(super) created: Option<Timestamp>,
    /// Why it may not be own.
    pub(super) why: &'static str,
}

impl Carried {
    pub(super) fn named(&self) -> EntryChanged {
        changed(&printable(&self.alias), &self.certificate)
    }

    pub(super) fn left(&self) -> EntryLeft {
        EntryLeft { entry: self.named(), why: self.why.to_owned() }
    }
}

/// The stores of an upgrade.
pub(super) struct Compared<'a> {
    pub(super) old: &'a KeyStore,
    pub(super) new: &'a KeyStore,
    pub(super) base: Option<&'a KeyStore>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub(super) now: i64,
}

impl Compared<'_> {
    /// Decides about every certificate of the old store.
    pub(super) fn plan(&self) -> Plan {
        let new = certificates(self.new);
        let base = self.base.map(certificates);
        let origins = Origins::of(self.old, &|certificate| new.contains(certificate.as_ref()));
        let rules = JavaRelease::RECORDED.map(Rules::built_in);
        let mut plan = Plan::default();
        let mut seen = HashSet::new();
        for entry in self.old.entries() {
            let Some(certificate) = entry.trusted_certificate() else {
                plan.skipped.extend(key(entry));
                continue;
            };
            if !seen.insert(certificate) {
                continue;
            }
            let origin = match &base {
                Some(base) if base.contains(certificate.as_ref()) => {
                    Origin::Vendor("the old Java came with it, and the new one does not")
                }
                Some(_) => Origin::Own,
                None => origins.of_entry(entry, certificate),
            };
            let is_present = new.contains(certificate.as_ref());
            self.decide(entry, certificate, origin, is_present, &rules, &mut plan);
        }
        let why = "Java did not see it in the old store, so it did not trust it";
        let hidden = self.old.displaced().iter().filter_map(Entry::trusted_certificate);
        let unseen = self.old.unseen().iter().map(|unseen| &unseen.certificate);
        let unseen = unseen.chain(hidden).filter(|certificate| !seen.contains(certificate));
        plan.skipped.extend(unseen.map(|certificate| skipped(certificate, why.to_owned())));
        if let Some(base) = self.base {
            self.compare_base(base, &mut plan);
        }
        plan
    }

    fn decide(
        &self,
        entry: &Entry,
        certificate: &CertificateDer<'static>,
        origin: Origin,
        is_present: bool,
        rules: &[Rules],
        plan: &mut Plan,
    ) {
        let carried = |why| Carried {
            alias: entry.alias.clone(),
            certificate: certificate.clone(),
            created: entry.created,
            why,
        };
        match (origin, is_present) {
            (Origin::Own, true) => plan.present.push(carried("").named()),
            (Origin::Vendor(_) | Origin::Public(_) | Origin::Unknown(_), true) => {}
            (Origin::Vendor(why), false) => plan.not_resurrected.push(carried(why).left()),
            (Origin::Public(why), false) => {
                let why = format!(
                    "a public root ({why}) that the new store does not have: removed, or never there"
                );
                plan.not_resurrected.push(EntryLeft { entry: carried("").named(), why });
            }
            (Origin::Own, false) => match self.why_useless(entry, certificate, rules) {
                Some(why) => plan.skipped.push(skipped(certificate, why)),
                None => plan.missing.push(carried("")),
            },
            (Origin::Unknown(why), false) => match self.why_useless(entry, certificate, rules) {
                Some(why) => plan.skipped.push(skipped(certificate, why)),
                None => plan.ambiguous.push(carried(why)),
            },
        }
    }

    /// Says why a certificate is not worth carrying over.
    fn why_useless(
        &self,
        entry: &Entry,
        certificate: &CertificateDer<'_>,
        rules: &[Rules],
    ) -> Option<String> {
        // Which Java reads the new store is not known: it must be readable for each.
        if let Some(why) = unreadable(certificate, &mut rules.iter()) {
            return Some(why);
        }
        let fitness = Fitness::of(certificate, false, rules.last()?, self.now).ok()?;
        let until =
            Shown::of(certificate).map(|shown| date(shown.validity().1)).unwrap_or_default();
        if !entry.trusted {
            return Some(
                "Java did not trust it in the old store: its alias has upper-case letters"
                    .to_owned(),
            );
        }
        if fitness.misdated == Some(OutOfDate::Expired) {
            return Some(format!("it expired on {until}; ask for the one that took its place"));
        }
        if fitness.version >= 3 && !fitness.is_authority {
            return Some(format!(
                "it is no CA certificate, and stops working on {until} at the latest; add the root of its issuer, \
                 or this one again with `sslpoke trust add --pin`"
            ));
        }
        fitness.is_blocked.then(|| "it is on Java's block list".to_owned())
    }

    /// Names what the vendor took out and brought in, whatever the old store had become.
    fn compare_base(&self, base: &KeyStore, plan: &mut Plan) {
        let (old, new) = (certificates(self.old), certificates(self.new));
        let gone = trusted(base)
            .filter(|(_, held)| !new.contains(held.as_ref()) && !old.contains(held.as_ref()));
        plan.not_resurrected.extend(gone.map(|(entry, certificate)| {
            let why = "the old Java came with it, the old store had lost it, and the new Java does not bring it";
            EntryLeft { entry: changed(&printable(&entry.alias), certificate), why: why.to_owned() }
        }));
        let base = certificates(base);
        let added = new.iter().filter(|held| !base.contains(*held) && !old.contains(*held)).count();
        plan.vendor_added = Some(added);
    }
}

/// A key with its chain is carried over by keytool, which can be told both passwords.
fn key(entry: &Entry) -> Option<CertificateSkipped> {
    let (chain, what) = match &entry.kind {
        EntryKind::PrivateKey(chain) => (chain.first(), "private key"),
        EntryKind::SecretKey => (None, "secret key"),
        EntryKind::TrustedCertificate(_) => return None,
    };
    let alias = printable(&entry.alias);
    let subject = chain.and_then(|first| Shown::of(first).map(|shown| shown.subject()));
    Some(CertificateSkipped {
        subject: subject.unwrap_or_else(|| alias.clone()),
        sha256: chain.map(fingerprint).unwrap_or_default(),
        why: format!(
            "the entry {alias} is a {what}, which belongs into a key store: keytool -importkeystore carries it over"
        ),
    })
}

/// Returns the certificates that are trusted for themselves, with their entries.
pub(super) fn trusted(
    store: &KeyStore,
) -> impl Iterator<Item = (&Entry, &CertificateDer<'static>)> {
    store.entries().iter().filter_map(|entry| Some((entry, entry.trusted_certificate()?)))
}

/// Returns the certificates that are trusted for themselves.
pub(super) fn certificates(store: &KeyStore) -> HashSet<&[u8]> {
    trusted(store).map(|(_, certificate)| certificate.as_ref()).collect()
}

/// The names of a store's entries, as Java compares them.
pub(super) fn names(store: &KeyStore) -> HashSet<Alias> {
    store.entries().iter().map(|entry| Alias::new(&entry.alias)).collect()
}

/// Takes a name that no other entry has: its own, or with the beginning of the fingerprint.
pub(super) fn take_name(names: &mut HashSet<Alias>, carried: &Carried) -> Alias {
    let alias = Alias::new(&carried.alias);
    let name = free_alias(alias, &carried.certificate, |name| names.contains(name));
    names.insert(name.clone());
    name
}
