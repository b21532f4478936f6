//! Which of the certificates that are handed over may become anchors.

use std::collections::{BTreeMap, HashMap, HashSet};

use java_keystore::{Entry, KeyStore};
use java_pkix::{Distrust, Fitness, Issuers, OutOfDate, Rules, check_readable};
use pki_types::CertificateDer;

use super::releases::{Release, Releases};
use crate::certificates::{Shown, date, fingerprint};
use crate::report::CertificateSkipped;

/// Decides which certificates may become anchors.
#[derive(Debug)]
pub(in crate::commands) struct Sieve<'a> {
    /// The releases that are to read the store; by the rules of the own one keys are too weak.
    pub(in crate::commands) releases: &'a Releases,
    /// Whether certificates of servers pass.
    pub(in crate::commands) pins: bool,
    /// Whether intermediates pass whose issuer is trusted.
    pub(in crate::commands) with_intermediates: bool,
    /// Whether expired certificates pass, and those that Java would not accept.
    pub(in crate::commands) even_if_useless: bool,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(in crate::commands) now: i64,
}

/// What the sieve makes of certificates.
#[derive(Debug, Default)]
pub(in crate::commands) struct Sifted {
    pub(in crate::commands) wanted: Vec<Wanted>,
    pub(in crate::commands) skipped: Vec<CertificateSkipped>,
}

/// A certificate that may become an anchor.
#[derive(Clone, Debug)]
pub(in crate::commands) struct Wanted {
    pub(in crate::commands) certificate: CertificateDer<'static>,
    pub(in crate::commands) sha256: String,
    pub(in crate::commands) subject: String,
    /// The name that it suggests for its entry.
    pub(in crate::commands) name: String,
    /// What its owner should know.
    pub(in crate::commands) notes: Vec<String>,
    is_intermediate: bool,
}

impl Sieve<'_> {
    /// Parts certificates, each of which counts once; what `store` trusts already passes.
    pub(in crate::commands) fn sift(
        &self,
        certificates: &[CertificateDer<'static>],
        store: &KeyStore,
    ) -> Sifted {
        let trusted: Trusted<'_> = trusted(store).map(|held| (held.as_ref(), held)).collect();
        let (mut seen, mut sifted) = (HashSet::new(), Sifted::default());
        for certificate in certificates.iter().filter(|certificate| seen.insert(*certificate)) {
            let judged = if trusted.contains_key(certificate.as_ref()) {
                Ok(Wanted::new(certificate))
            } else {
                self.judge(certificate)
            };
            match judged {
                Ok(wanted) => sifted.wanted.push(wanted),
                Err(skipped) => sifted.skipped.push(skipped),
            }
        }
        self.drop_intermediates(&mut sifted, &trusted);
        sifted
    }

    /// Decides about a certificate for itself.
    fn judge(&self, certificate: &CertificateDer<'static>) -> Result<Wanted, CertificateSkipped> {
        let mut wanted = Wanted::new(certificate);
        match self.fault(certificate, &mut wanted) {
            None => Ok(wanted),
            Some(why) => {
                Err(CertificateSkipped { subject: wanted.subject, sha256: wanted.sha256, why })
            }
        }
    }

    /// Says why a certificate may not pass, or what is to be noted where it may.
    fn fault(&self, certificate: &CertificateDer<'static>, wanted: &mut Wanted) -> Option<String> {
        let mut every = self.releases.iter().map(|release| &release.rules);
        if let Some(why) = unreadable(certificate, &mut every) {
            return Some(why);
        }
        let rules = &self.releases.own.rules;
        let now = self.now.saturating_mul(1000);
        let fitness = Fitness::of(certificate, false, rules, now).ok()?;
        let Some(shown) = Shown::of(certificate) else {
            return Some("it cannot be shown, so nobody could check what it is".to_owned());
        };
        // Versions 1 and 2 have no extension that could say what a certificate is for.
        let is_old = fitness.version < 3 && fitness.is_self_issued;
        let is_authority = fitness.is_authority || is_old;
        if !is_authority && !self.pins {
            return Some(leaf(&shown, self.now));
        }
        match useless(&fitness, &shown, is_authority) {
            Some(why) if self.even_if_useless => wanted.notes.push(why),
            Some(why) => return Some(why),
            None => {}
        }
        if !is_authority {
            wanted.pin(&shown);
        } else if is_old {
            let version = fitness.version;
            wanted.notes.push(format!(
                "it is of version {version} and cannot say that it is a CA's; Java takes it for one"
            ));
        }
        wanted.is_intermediate = is_authority && !fitness.is_self_issued;
        wanted.notes.extend(warnings(&fitness, &shown));
        None
    }

    /// Drops the intermediates that lead to a root which is or will be trusted; notes for the others that the root is better.
    fn drop_intermediates(&self, sifted: &mut Sifted, trusted: &Trusted<'_>) {
        let wanted = std::mem::take(&mut sifted.wanted);
        let places = if wanted.iter().any(|one| one.is_intermediate) {
            Kin::new(&wanted, trusted, &self.releases.own).places()
        } else {
            vec![None; wanted.len()]
        };
        for (mut one, place) in wanted.into_iter().zip(places) {
            if !one.is_intermediate || trusted.contains_key(one.certificate.as_ref()) {
                sifted.wanted.push(one);
                continue;
            }
            let issuer =
                Shown::of(&one.certificate).map(|shown| shown.issuer()).unwrap_or_default();
            match place {
                Some(place) if !self.with_intermediates => {
                    let why = format!(
                        "not needed as anchor: it is an intermediate, and its issuer, {issuer}, is \
                         {place} (--with-intermediates adds it, too)"
                    );
                    let Wanted { subject, sha256, .. } = one;
                    sifted.skipped.push(CertificateSkipped { subject, sha256, why });
                }
                Some(_) => sifted.wanted.push(one),
                None => {
                    one.notes.push(format!(
                        "it is an intermediate; its root would be better, since it lasts longer: \
                         ask for the certificate of {issuer}"
                    ));
                    sifted.wanted.push(one);
                }
            }
        }
    }
}

/// What a store trusts, by its bytes: those of two certificates differ early, so comparing them is cheaper than a hash.
type Trusted<'a> = BTreeMap<&'a [u8], &'a CertificateDer<'static>>;

/// Certificates among which issuers are looked for.
struct Kin<'a> {
    wanted: &'a [Wanted],
    trusted: &'a Trusted<'a>,
    issuers: Issuers<'a>,
}

impl<'a> Kin<'a> {
    fn new(wanted: &'a [Wanted], trusted: &'a Trusted<'a>, release: &'a Release) -> Self {
        let roots = wanted.iter().filter(|one| !one.is_intermediate);
        let others = wanted.iter().filter(|one| one.is_intermediate);
        let handed_over = roots.chain(others).map(|one| &one.certificate);
        let candidates = trusted.values().copied().chain(handed_over);
        Self { wanted, trusted, issuers: Issuers::new(candidates, &release.rules) }
    }

    /// Says for each certificate where an issuer of it is that can stand in for it; none: it has to stand for itself.
    fn places(&self) -> Vec<Option<&'static str>> {
        let all = self.wanted.iter().enumerate();
        let numbers: HashMap<_, usize> =
            all.map(|(number, one)| (&one.certificate, number)).collect();
        let parents: Vec<Option<Parent>> = self
            .wanted
            .iter()
            .map(|one| {
                let issuer =
                    self.issuers.issuer_of(&one.certificate).filter(|_| one.is_intermediate)?;
                if self.trusted.contains_key(issuer.as_ref()) {
                    return Some(Parent::Trusted);
                }
                numbers.get(issuer).copied().map(Parent::HandedOver)
            })
            .collect();
        (0..parents.len()).map(|child| place(child, &parents)).collect()
    }
}

/// Where the issuer of a certificate was found.
#[derive(Clone, Copy, Debug)]
enum Parent {
    /// The store trusts it.
    Trusted,
    /// It is one of those that were handed over.
    HandedOver(usize),
}

/// Where CAs have certified each other in a circle, the first one stands for all.
fn place(child: usize, parents: &[Option<Parent>]) -> Option<&'static str> {
    match parents.get(child).copied().flatten()? {
        Parent::Trusted => Some("in the store"),
        Parent::HandedOver(parent) => {
            let (mut at, mut lowest) = (parent, child);
            for _ in 0..parents.len() {
                if at == child {
                    return (lowest < child).then_some("among the certificates");
                }
                lowest = lowest.min(at);
                match parents.get(at).copied().flatten() {
                    Some(Parent::HandedOver(next)) => at = next,
                    Some(Parent::Trusted) | None => break,
                }
            }
            Some("among the certificates")
        }
    }
}

impl Wanted {
    fn new(certificate: &CertificateDer<'static>) -> Self {
        let sha256 = fingerprint(certificate);
        let shown = Shown::of(certificate);
        let named = shown.as_ref().and_then(Shown::short_name).unwrap_or_default();
        let name = Some(slug(&named)).filter(|name| !name.is_empty());
        Self {
            certificate: certificate.clone(),
            name: name.unwrap_or_else(|| sha256.to_lowercase().chars().take(16).collect()),
            sha256,
            subject: shown.map_or_else(|| "?".to_owned(), |shown| shown.subject()),
            notes: Vec::new(),
            is_intermediate: false,
        }
    }

    /// Marks the entry of a server's own certificate, which its successor will have to replace.
    fn pin(&mut self, shown: &Shown<'_>) {
        let until = date(shown.validity().1);
        self.name = format!("pinned-{}-until-{}", self.name, until.replace('-', ""));
        self.notes.push(format!(
            "it is the certificate of a server itself: it has to be replaced before {until}, or when \
             the server gets a new one"
        ));
    }
}

/// Returns the certificates that Java trusts by a store.
fn trusted(store: &KeyStore) -> impl Iterator<Item = &CertificateDer<'static>> {
    let trusted = store.entries().iter().filter(|entry| entry.trusted);
    trusted.filter_map(Entry::trusted_certificate)
}

/// Says which Java could not read a store with this certificate in it, if there is one.
pub(in crate::commands) fn unreadable(
    certificate: &CertificateDer<'_>,
    every: &mut dyn Iterator<Item = &Rules>,
) -> Option<String> {
    for rules in every {
        if let Err(exception) = check_readable(certificate, rules) {
            let release = rules.release();
            return Some(format!(
                "Java {release} cannot read it ({exception}), and with it nothing of the store"
            ));
        }
    }
    None
}

fn leaf(shown: &Shown<'_>, now: i64) -> String {
    let until = shown.validity().1;
    let issuer = if shown.is_self_issued() {
        "it is self-signed".to_owned()
    } else {
        format!("its issuer is {}, whose root should be added instead", shown.issuer())
    };
    let what = "leaf: an end-entity certificate (CA:FALSE)";
    let when = match until.saturating_sub(now).div_euclid(86_400) {
        ..0 => return format!("{what} that expired on {}; {issuer}", date(until)),
        0 => "expires today".to_owned(),
        1 => "expires in 1 day".to_owned(),
        days => format!("expires in {days} days"),
    };
    format!(
        "{what}, {when}; Java would accept it as pinned trust (--pin) until the server gets a new \
         one; {issuer}"
    )
}

/// Says why a certificate would be of no use in a store.
fn useless(fitness: &Fitness, shown: &Shown<'_>, is_authority: bool) -> Option<String> {
    let (_, until) = shown.validity();
    if fitness.misdated == Some(OutOfDate::Expired) {
        return Some(format!("it expired on {}; ask for the one that took its place", date(until)));
    }
    if fitness.is_blocked {
        return Some("it is on Java's list of blocked certificates".to_owned());
    }
    // Java looks at nothing but the host name where the server's own certificate is trusted.
    if !is_authority {
        return None;
    }
    if !fitness.may_anchor {
        return Some(
            "its keyUsage does not let it sign certificates (no keyCertSign): Java refuses what \
             leads to it"
                .to_owned(),
        );
    }
    if let Some(fault) = &fitness.key_fault {
        let size = fitness.key.1.map(|bits| format!(" of {bits} bits")).unwrap_or_default();
        let key = &fitness.key.0;
        return Some(format!("Java does not accept its {key} key{size}: {fault}"));
    }
    match fitness.distrust {
        Some(Distrust { policy, last_issue: None }) => {
            Some(format!("Java distrusts it by name (jdk.security.caDistrustPolicies: {policy})"))
        }
        Some(Distrust { last_issue: Some(_), .. }) | None => None,
    }
}

/// Says what will be wrong with an anchor that passes.
fn warnings(fitness: &Fitness, shown: &Shown<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if fitness.misdated == Some(OutOfDate::NotYetValid) {
        notes.push(format!("it is not valid before {}", date(shown.validity().0)));
    }
    if let Some(Distrust { policy, last_issue: Some(day) }) = fitness.distrust {
        notes.push(format!(
            "Java trusts no certificate under it that was issued after {day} \
             (jdk.security.caDistrustPolicies: {policy})"
        ));
    }
    notes
}

/// Makes a name of letters, digits and hyphens; Java compares names in lower case.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.to_lowercase().chars() {
        if c.is_alphanumeric() || c == '.' || c == '_' {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(64).collect();
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_no_spaces_and_no_upper_case() {
        for (text, expected) in [
            ("Example Corp Root CA", "example-corp-root-ca"),
            ("  A (B)  ", "a-b"),
            ("git.example.com", "git.example.com"),
            ("Größe", "größe"),
            ("--", ""),
            (&"x ".repeat(64), "x-".repeat(32).trim_end_matches('-')),
        ] {
            assert_eq!(slug(text), expected);
        }
    }

    #[test]
    fn of_certificates_in_a_circle_the_first_one_stands_for_all() {
        let handed_over = |parent| Some(Parent::HandedOver(parent));
        let among = Some("among the certificates");
        for (parents, expected) in [
            (vec![None], vec![None]),
            (vec![handed_over(1), None], vec![among, None]),
            (
                vec![handed_over(1), handed_over(2), Some(Parent::Trusted)],
                vec![among, among, Some("in the store")],
            ),
            (vec![handed_over(1), handed_over(0)], vec![None, among]),
            (vec![handed_over(1), handed_over(2), handed_over(1)], vec![among, None, among]),
            (vec![handed_over(0)], vec![None]),
        ] {
            let places: Vec<_> = (0..parents.len()).map(|child| place(child, &parents)).collect();
            assert_eq!(places, expected, "{parents:?}");
        }
    }
}
