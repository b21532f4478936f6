//! What is wrong with a truststore, or soon will be: small rules over what is known of it.

mod certificates;
mod codes;
mod entries;
mod opening;
mod place;

use std::collections::HashSet;
use std::path::Path;

use java_keystore::{Entry, KeyStore};
use java_pkix::{Fitness, JavaException, Rules};
use pki_types::CertificateDer;

use super::Finding;
use super::origin::{is_distrusted, is_public, mark};
use super::store::quoted;
use crate::certificates::{Shown, fingerprint, printable};
use crate::java::{OpenedStore, StoreFailure};
use crate::settings::{Place, TrustStoreChoice};

/// All that is known of a store that is checked.
#[derive(Clone, Copy)]
pub(crate) struct StoreEvidence<'a> {
    pub(crate) path: &'a Path,
    pub(crate) place: &'a Place,
    /// The store, opened with the password that was found.
    pub(crate) store: &'a KeyStore,
    pub(crate) secret: Secret,
    /// Whether it has a part that Java sees only with the password.
    pub(crate) is_encrypted: bool,
    /// The version of a JKS or JCEKS store.
    pub(crate) version: Option<u32>,
    /// What Java is told of the store.
    pub(crate) told: &'a TrustStoreChoice,
    /// What Java sees when it opens the store as it is told.
    pub(crate) opened: Result<&'a OpenedStore, &'a StoreFailure>,
    pub(crate) rules: &'a Rules,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub(crate) now: i64,
    /// For how many days certificates should be valid.
    pub(crate) days: u32,
}

/// What is known of the store's password.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Secret {
    /// There is none.
    None,
    /// It is `changeit`.
    Usual,
    /// It is another one, which was named; whether it is ASCII.
    Named { is_ascii: bool },
    /// It is not `changeit`, and was not named.
    Unknown,
}

/// A certificate that Java trusts by, and what Java makes of it.
struct Held<'a> {
    entry: &'a Entry,
    sha256: String,
    shown: Option<Shown<'a>>,
    fitness: Option<Fitness>,
    /// What Java throws where it cannot read the certificate.
    fault: Option<JavaException>,
    /// Whether a vendor of Java or of the system put it there, or might have.
    is_public: bool,
}

/// Checks a store; what matters most comes first.
pub(crate) fn of_store(evidence: &StoreEvidence<'_>) -> Vec<Finding> {
    let held: Vec<Held<'_>> = evidence.held().collect();
    let mut findings = opening::findings(evidence, &held);
    findings.extend(place::findings(evidence));
    findings.extend(entries::findings(evidence, &held));
    findings.extend(held.iter().flat_map(|held| certificates::findings(evidence, held)));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

impl<'a> StoreEvidence<'a> {
    /// Returns the trusted certificates; those of private keys are told of with the keys.
    fn held(&self) -> impl Iterator<Item = Held<'a>> {
        let jdk_roots: HashSet<&CertificateDer<'_>> = match self.opened {
            Ok(opened) => {
                opened.anchors.iter().filter(|one| one.jdk_ca).map(|one| &one.certificate).collect()
            }
            Err(_) => HashSet::new(),
        };
        let (rules, now) = (self.rules, self.now);
        self.store.entries().iter().filter_map(move |entry| {
            let certificate = entry.trusted_certificate()?;
            let is_jdk = jdk_roots.contains(certificate);
            let (fitness, fault) = match Fitness::of(certificate, is_jdk, rules, now) {
                Ok(fitness) => (Some(fitness), None),
                Err(fault) => (None, Some(fault)),
            };
            let is_public = mark(&entry.alias).is_some()
                || is_public(certificate).is_some()
                || fitness.as_ref().is_some_and(is_distrusted);
            Some(Held {
                entry,
                sha256: fingerprint(certificate),
                shown: Shown::of(certificate),
                fitness,
                fault,
                is_public,
            })
        })
    }

    /// The command that takes an entry out of the store.
    fn remove(&self, which: &str) -> String {
        format!("sslpoke trust remove {} {}", self.name(), quoted(which))
    }

    /// The store's path, for a command.
    fn name(&self) -> String {
        quoted(&self.path.display().to_string())
    }
}

impl Held<'_> {
    /// The certificate's subject, or its fingerprint where it has none that can be shown.
    fn subject(&self) -> String {
        let subject = self.shown.as_ref().map(Shown::subject).filter(|name| !name.is_empty());
        subject.unwrap_or_else(|| format!("SHA-256 {}", self.sha256))
    }

    fn alias(&self) -> String {
        printable(&self.entry.alias)
    }
}
