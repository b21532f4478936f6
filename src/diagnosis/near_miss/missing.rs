//! What would complete a path: a root for the truststore, an intermediate for the server; each is proposed only if Java
//! would then trust the chain.

use java_pkix::{Reason, TrustAnchor, Verdict, validate};
use pki_types::CertificateDer;

use super::Missed;
use crate::certificates::{Shown, fingerprint, printable};
use crate::diagnosis::candidates::{Candidate, FoundIn};
use crate::diagnosis::{Finding, Severity};
use crate::java::mozilla_anchors;

/// The last certificate that can be reached from the end entity's by name, and how many were needed.
pub(super) struct Topmost<'a> {
    pub(super) shown: Shown<'a>,
    steps: usize,
}

pub(super) fn topmost<'a>(chain: &'a [CertificateDer<'static>]) -> Option<Topmost<'a>> {
    let mut parsed: Vec<Shown<'a>> = chain.iter().filter_map(Shown::of).collect();
    if parsed.is_empty() {
        return None;
    }
    let mut shown = parsed.remove(0);
    let mut steps = 1;
    while !shown.is_self_issued() {
        let issuer = shown.issuer_der();
        let Some(next) = parsed.iter().position(|held| held.subject_der() == issuer) else {
            break;
        };
        shown = parsed.remove(next);
        steps += 1;
    }
    Some(Topmost { shown, steps })
}

/// A certificate between the chain and a root that nobody sent.
const MOST_MISSING: usize = 4;

impl<'a> Missed<'a> {
    /// Completes the path with certificates from elsewhere.
    pub(super) fn completed(&self) -> Vec<Finding> {
        let is_of_path = matches!(
            self.rejection.reason,
            Reason::NoPath | Reason::NotChained | Reason::SignatureMismatch
        );
        if !is_of_path {
            return Vec::new();
        }
        if let Some(root) = self.root_for(self.chain) {
            return vec![self.of_root(root)];
        }
        let (chain, missing) = self.longer();
        if !missing.is_empty() {
            if self.is_trusted(&chain, self.anchors, self.parameters) {
                return vec![self.of_intermediates(&missing, true)];
            }
            if let Some(root) = self.root_for(&chain) {
                return vec![self.of_intermediates(&missing, false), self.of_root(root)];
            }
            let whole = Missed { chain: &chain, ..*self };
            if let Some(public) = whole.public_root() {
                return vec![self.of_intermediates(&missing, false), public];
            }
        }
        self.public_root().into_iter().collect()
    }

    /// Returns the root that would do alone in the truststore: one that is known here, or the one that the server sent.
    pub(crate) fn root_to_add(&self) -> Option<Candidate> {
        if let Some(root) = self.root_for(self.chain) {
            return Some(root.clone());
        }
        let certificate = self.chain.last()?.clone();
        let anchors = self.anchors_and([TrustAnchor::new("", certificate.clone())]);
        let would_do = Shown::of(&certificate)?.is_self_issued()
            && self.is_trusted(self.chain, &anchors, self.parameters);
        would_do.then_some(Candidate { certificate, place: FoundIn::Sent })
    }

    /// Returns the candidate that as anchor would do alone; Java's own search picks it from all of them.
    fn root_for(&self, chain: &[CertificateDer<'static>]) -> Option<&'a Candidate> {
        let authorities = self.candidates.iter().filter(|held| is_authority(&held.certificate));
        let roots: Vec<&Candidate> = authorities
            .filter(|held| Shown::of(&held.certificate).is_some_and(|shown| shown.is_self_issued()))
            .collect();
        let alone = |held: &&Candidate| {
            let anchors = self.anchors_and([TrustAnchor::new("", held.certificate.clone())]);
            self.is_trusted(chain, &anchors, self.parameters)
        };
        let anchors = self
            .anchors_and(roots.iter().map(|held| TrustAnchor::new("", held.certificate.clone())));
        if let Verdict::Trusted(trusted) = validate(chain, &anchors, self.parameters)
            && let Some(found) =
                roots.iter().find(|held| held.certificate == trusted.anchor.certificate)
            && alone(found)
        {
            return Some(found);
        }
        // two of one name may be in each other's way
        let issuers: Vec<Shown<'_>> = chain.iter().filter_map(Shown::of).collect();
        let named = roots.into_iter().filter(|held| {
            Shown::of(&held.certificate).is_some_and(|shown| {
                issuers.iter().any(|held| held.issuer_der() == shown.subject_der())
            })
        });
        named.take(MOST_OF_ONE_NAME).find(alone)
    }

    /// Returns the chain with the intermediates behind it that candidates have, and those.
    fn longer(&self) -> (Vec<CertificateDer<'static>>, Vec<&'a Candidate>) {
        let (mut chain, mut missing) = (self.chain.to_vec(), Vec::new());
        while missing.len() < MOST_MISSING {
            let next = topmost(&chain).and_then(|top| {
                self.candidates.iter().find(|held| {
                    is_authority(&held.certificate)
                        && !chain.contains(&held.certificate)
                        && Shown::of(&held.certificate).is_some_and(|shown| {
                            !shown.is_self_issued() && shown.subject_der() == top.shown.issuer_der()
                        })
                })
            });
            let Some(next) = next else { break };
            chain.push(next.certificate.clone());
            missing.push(next);
        }
        (chain, missing)
    }

    /// The server has to send these, too.
    fn of_intermediates(&self, missing: &[&Candidate], would_do: bool) -> Finding {
        let names: Vec<String> = missing.iter().map(|held| subject(&held.certificate)).collect();
        let sent = self.sent();
        let named = names.join(", then ");
        let what = format!("{sent} and not the intermediate that leads to its root: {named}");
        let places: Vec<String> = missing.iter().map(|held| held.place.to_string()).collect();
        let fetches = missing.iter().any(|held| matches!(held.place, FoundIn::Fetched(_)));
        let java = if fetches {
            " (Java with -Dcom.sun.security.enableAIAcaIssuers=true does, too; updates of 2026 want com.sun.security.allowedAIALocations besides)"
        } else {
            ""
        };
        let proof = if would_do {
            format!("with it Java accepts the chain: the root is in {}", self.store)
        } else {
            "with it Java would still look for the root".to_owned()
        };
        Finding::new("intermediate-missing", Severity::Error, what)
            .because(format!(
                "it is {}; {proof}. Browsers fetch or remember an intermediate, Java does not{java}",
                places.join(", then ")
            ))
            .repaired_by("let the server send its whole chain: its own certificate first, then the intermediate; that is for the server's owner to do")
    }

    fn sent(&self) -> String {
        match (self.chain.len(), self.server) {
            (1, Some(_)) => "the server sent 1 certificate".to_owned(),
            (count, Some(_)) => format!("the server sent {count} certificates"),
            (1, None) => "the file holds 1 certificate".to_owned(),
            (count, None) => format!("the file holds {count} certificates"),
        }
    }

    /// Names the root of the chain if somebody here has it.
    pub(super) fn known_root(&self, root: &CertificateDer<'static>) -> Option<Finding> {
        let mut held = self.candidates.iter();
        held.find(|held| held.certificate == *root && is_authority(root))
            .map(|held| self.of_root(held))
    }

    fn of_root(&self, root: &Candidate) -> Finding {
        let (store, name) = (self.store, subject(&root.certificate));
        let (code, what) = match &root.place {
            FoundIn::System => (
                "root-trusted-by-system-only",
                format!("the system trusts {name}, Java does not: it is not in {store}"),
            ),
            FoundIn::Store(other) => (
                "root-in-other-store",
                format!("{name} is in {}, and not in {store}, which Java uses", other.display()),
            ),
            FoundIn::File(_) | FoundIn::Fetched(_) | FoundIn::Sent => {
                ("root-not-trusted", format!("{name} is not in {store}; it is {}", root.place))
            }
        };
        let server = self.server.unwrap_or_default();
        let finding = Finding::new(code, Severity::Error, what).because(format!(
            "root SHA-256 {}; with it Java accepts the chain",
            fingerprint(&root.certificate)
        ));
        let mut finding = match (root.to_add(server), &root.place) {
            (Some(source), _) => finding.repaired_by(self.add(&source, false)),
            (None, place) => finding.repaired_by(format!(
                "{place}: ask its owner whether that fingerprint is right, and: {}",
                self.add("ROOT.pem", false)
            )),
        };
        finding.sha256 = Some(fingerprint(&root.certificate));
        finding
    }

    /// Java's usual roots would do, and this truststore lacks them.
    fn public_root(&self) -> Option<Finding> {
        if self.rejection.reason != Reason::NoPath
            || !self.is_trusted(self.chain, &mozilla_anchors(), self.parameters)
        {
            return None;
        }
        let issuer = topmost(self.chain)?.shown.issuer();
        let what = format!("{issuer} is a public root that is not in {}", self.store);
        let finding = Finding::new("public-root-missing", Severity::Error, what).because(
            "that store is too old for it, was cut down, or was made for other roots only",
        );
        Some(finding.repaired_by(self.add("ROOT.pem", false)))
    }

    /// The path ends at an issuer that nobody here has.
    pub(super) fn issuer(&self) -> Option<Finding> {
        let top = topmost(self.chain).filter(|_| self.rejection.reason == Reason::NoPath)?;
        let issuer = top.shown.issuer();
        let mut in_store = self.anchors.iter().filter_map(|anchor| Shown::of(&anchor.certificate));
        if top.shown.is_self_issued()
            || in_store.any(|shown| shown.subject_der() == top.shown.issuer_der())
        {
            return None;
        }
        let (sent, store, add) = (self.sent(), self.store, self.add("ROOT.pem", false));
        if top.steps > 1 {
            let what = format!("{sent} and not the root, {issuer}; that is not in {store}");
            return Some(
                Finding::new("root-not-trusted", Severity::Error, what)
                    .because("a root is not usually sent: it has to be in the store")
                    .repaired_by(add),
            );
        }
        let what = match self.server {
            Some(_) => format!("{sent}; its issuer is missing: {issuer}"),
            None => format!("the issuer is neither in the file nor in {store}: {issuer}"),
        };
        let why = match top.shown.issuer_url() {
            Some(url) => format!(
                "it is neither sent nor in {store}; the certificate says where it is: {}{}",
                printable(&url),
                self.server.map(|_| ", and `sslpoke doctor --aia` fetches it").unwrap_or_default()
            ),
            None => format!("it is neither sent nor in {store}"),
        };
        let place = match self.server {
            Some(_) => "let the server send its whole chain",
            None => "put it behind the server's certificate",
        };
        Some(
            Finding::new("issuer-missing", Severity::Error, what)
                .because(format!(
                    "{why}. Browsers fetch or remember an intermediate, Java does not"
                ))
                .repaired_by(format!(
                    "if it is an intermediate, {place}; if it is your root: {add}"
                )),
        )
    }
}

/// So many roots of one name are tried one by one.
const MOST_OF_ONE_NAME: usize = 16;

fn subject(certificate: &CertificateDer<'_>) -> String {
    Shown::of(certificate).map_or_else(|| fingerprint(certificate), |shown| shown.subject())
}

fn is_authority(certificate: &CertificateDer<'_>) -> bool {
    Shown::of(certificate).is_some_and(|shown| shown.is_authority())
}
