//! Whose a root is: the vendor's who put the store together, or the organisation's.

use std::collections::{BTreeMap, BTreeSet};

use java_keystore::{Entry, KeyStore, Timestamp};
use java_pkix::{Fitness, JavaRelease, Rules};
use pki_types::CertificateDer;

use super::public_roots::SHIPPED;
use crate::certificates::{Shown, fingerprint};

/// Whose a root is, and how that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    /// The vendor of Java, or of the system, put it there.
    Vendor(&'static str),
    /// Mozilla trusts it, or a vendor of Java shipped it.
    Public(&'static str),
    /// Nothing speaks against its being the organisation's own.
    Own,
    /// It may be either.
    Unknown(&'static str),
}

/// What the entries of one store have in common.
pub(crate) struct Origins {
    /// The dates that entries under a vendor's plain name have, and how many.
    plain_dates: BTreeMap<Timestamp, usize>,
    /// The dates of public roots with Debian's mark.
    debian_dates: BTreeSet<Timestamp>,
    /// Whether most public roots of the store go by their plain name.
    names_plainly: bool,
    /// The rules of the newest release, for the roots that it distrusts by name.
    rules: Rules,
}

impl Origins {
    /// Looks at the entries of a store; `shared` tells which of its certificates the other store has, too.
    pub(crate) fn of(store: &KeyStore, shared: &dyn Fn(&CertificateDer<'_>) -> bool) -> Self {
        let [.., newest] = JavaRelease::RECORDED;
        let mut origins = Self {
            plain_dates: BTreeMap::new(),
            debian_dates: BTreeSet::new(),
            names_plainly: false,
            rules: Rules::built_in(newest),
        };
        let (mut plain, mut all) = (0_usize, 0_usize);
        for entry in store.entries() {
            let Some(certificate) = entry.trusted_certificate() else { continue };
            if is_public(certificate).is_none() && !shared(certificate) {
                continue;
            }
            all += 1;
            let mark = mark(&entry.alias);
            if mark == Some(DEBIAN) {
                origins.debian_dates.extend(entry.created);
            }
            if mark.is_some() {
                continue;
            }
            if let Some(created) = entry.created {
                *origins.plain_dates.entry(created).or_default() += 1;
            }
            plain += usize::from(is_plain_name(&entry.alias, certificate));
        }
        origins.names_plainly = plain > FEW && plain * 2 > all;
        origins
    }

    /// Tells whose the certificate of an entry is.
    pub(crate) fn of_entry(&self, entry: &Entry, certificate: &CertificateDer<'_>) -> Origin {
        if let Some(why) = is_public(certificate) {
            return Origin::Public(why);
        }
        let fitness = Fitness::of(certificate, false, &self.rules, 0);
        if fitness.is_ok_and(|fitness| is_distrusted(&fitness)) {
            return Origin::Public("Java distrusts it by name");
        }
        let is_among = |dates: &BTreeSet<Timestamp>| {
            dates.is_empty() || entry.created.is_none_or(|created| dates.contains(&created))
        };
        match mark(&entry.alias) {
            Some(JDK) => Origin::Vendor("its alias has the mark of Java's vendor, ` [jdk]`"),
            Some(_) if is_among(&self.debian_dates) => Origin::Vendor(
                "its alias has the mark of Debian's own tools, `debian:`; \
                 if it is yours, it belongs in /usr/local/share/ca-certificates",
            ),
            Some(_) => Origin::Unknown(
                "Debian's tools put it there, but later than the public roots: \
                 it may come from /usr/local/share/ca-certificates",
            ),
            None => self.of_unmarked(entry, certificate),
        }
    }

    fn of_unmarked(&self, entry: &Entry, certificate: &CertificateDer<'_>) -> Origin {
        let peers = entry.created.and_then(|created| self.plain_dates.get(&created));
        if peers.is_some_and(|peers| *peers > FEW) {
            return Origin::Unknown("it was put there in one go with roots of the vendor");
        }
        if entry.created.is_none() && self.names_plainly && is_plain_name(&entry.alias, certificate)
        {
            return Origin::Unknown("its alias is made as the vendor makes aliases");
        }
        Origin::Own
    }
}

/// So many of a kind may be chance.
const FEW: usize = 2;

const JDK: &str = " [jdk";
const DEBIAN: &str = "debian:";

/// Returns the mark that a vendor sets in an alias.
pub(super) fn mark(alias: &str) -> Option<&'static str> {
    if alias.contains(JDK) {
        Some(JDK)
    } else if alias.starts_with(DEBIAN) {
        Some(DEBIAN)
    } else {
        None
    }
}

/// Says why a root counts as public, if it does.
pub(crate) fn is_public(certificate: &CertificateDer<'_>) -> Option<&'static str> {
    if SHIPPED.binary_search(&fingerprint(certificate).as_str()).is_ok() {
        return Some("vendors of Java shipped it");
    }
    is_trusted_by_mozilla(certificate).then_some("Mozilla trusts it")
}

/// Returns whether a root of Mozilla's list has the subject and the key.
pub(crate) fn is_trusted_by_mozilla(certificate: &CertificateDer<'_>) -> bool {
    let Some(shown) = Shown::of(certificate) else { return false };
    let (subject, key) = (contents(shown.subject_der()), contents(shown.public_key_der()));
    webpki_roots::TLS_SERVER_ROOTS.iter().any(|root| {
        Some(root.subject.as_ref()) == subject && Some(root.subject_public_key_info.as_ref()) == key
    })
}

/// Returns whether Java has a policy of distrust for the root, which it has for public ones only.
pub(super) fn is_distrusted(fitness: &Fitness) -> bool {
    fitness.distrust.is_some()
}

/// Returns whether the alias is the certificate's name in lower case without spaces, as newer builds and p11-kit have it.
fn is_plain_name(alias: &str, certificate: &CertificateDer<'_>) -> bool {
    let name = Shown::of(certificate).and_then(|shown| shown.short_name()).unwrap_or_default();
    !alias.is_empty() && alias == name.replace(' ', "").to_lowercase()
}

/// Returns what is inside a DER element.
pub(super) fn contents(element: &[u8]) -> Option<&[u8]> {
    match element {
        [_, length, rest @ ..] if *length < 0x80 => Some(rest),
        [_, 0x81, _, rest @ ..] | [_, 0x82, _, _, rest @ ..] => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_without_duplicates() {
        assert!(SHIPPED.is_sorted_by(|one, other| one < other));
    }
}
