//! The nearest miss: what single thing would have made Java trust a chain, found out by trying it.

use java_pkix::{
    EndpointIdentification, Parameters, Reason, Rejection, TrustAnchor, TrustAnchors, Verdict,
    validate,
};
use pki_types::CertificateDer;

use super::path::{Known, topmost};
use super::reasons::in_words;
use super::store::quoted;
use super::{Finding, Severity};
use crate::certificates::{Shown, date, fingerprint, printable};
use crate::java::mozilla_anchors;

/// A chain that Java rejects.
#[derive(Clone, Copy)]
pub(crate) struct Missed<'a> {
    pub(crate) chain: &'a [CertificateDer<'static>],
    pub(crate) anchors: &'a TrustAnchors,
    pub(crate) parameters: &'a Parameters<'a>,
    pub(crate) rejection: &'a Rejection,
    /// The truststore, as a person names it.
    pub(crate) store: &'a str,
    /// The file that a root would have to be added to.
    pub(crate) store_file: Option<&'a str>,
}

/// Says what would help: what alone would have, or else what Java's reason means.
pub(crate) fn of_chain(missed: &Missed<'_>) -> Vec<Finding> {
    if let Some(order) = missed.order() {
        return vec![order];
    }
    let tried =
        [missed.superfluous(), missed.date(), missed.host(), missed.root(), missed.public_root()];
    let mut findings: Vec<Finding> = tried.into_iter().flatten().collect();
    if findings.is_empty() {
        findings.extend(missed.other_key().or_else(|| missed.issuer()));
    }
    if findings.is_empty() {
        let words = in_words(missed.rejection.reason);
        let finding = Finding::new(missed.rejection.reason.code(), Severity::Error, words.meaning);
        let place = missed.rejection.certificate;
        let about = place.and_then(|place| Some((place, Shown::of(missed.chain.get(place)?)?)));
        let finding = match about {
            Some((place, shown)) => {
                finding.because(format!("certificate {}: {}", place + 1, shown.subject()))
            }
            None => finding,
        };
        findings.push(finding.repaired_by(words.remedy));
    }
    findings
}

impl Missed<'_> {
    fn is_trusted(
        &self,
        chain: &[CertificateDer<'static>],
        anchors: &TrustAnchors,
        parameters: &Parameters<'_>,
    ) -> bool {
        matches!(validate(chain, anchors, parameters), Verdict::Trusted(_))
    }

    /// The end entity does not stand first: Java takes the first certificate for the server's.
    fn order(&self) -> Option<Finding> {
        let place = (1..self.chain.len()).find(|place| {
            let mut sorted = self.chain.to_vec();
            sorted.rotate_left(*place);
            self.is_trusted(&sorted, self.anchors, self.parameters) || {
                let mut turned = self.chain.to_vec();
                turned.swap(0, *place);
                self.is_trusted(&turned, self.anchors, self.parameters)
            }
        })?;
        let what = format!(
            "the server's certificate is number {} of the file: Java takes the first for it",
            place + 1
        );
        let finding = Finding::new("chain-order", Severity::Error, what);
        Some(finding.repaired_by("put the server's certificate first, then the intermediates"))
    }

    /// One certificate too many: an expired cross certificate, say.
    fn superfluous(&self) -> Option<Finding> {
        let place = (1..self.chain.len()).find(|place| {
            let mut fewer = self.chain.to_vec();
            fewer.remove(*place);
            self.is_trusted(&fewer, self.anchors, self.parameters)
        })?;
        let subject = Shown::of(self.chain.get(place)?).map(|shown| shown.subject());
        let what = format!(
            "without certificate {} of the chain Java would accept it: {}",
            place + 1,
            subject.unwrap_or_default()
        );
        let finding = Finding::new("certificate-superfluous", Severity::Error, what);
        Some(finding.repaired_by("do not let the server send that one"))
    }

    /// At another time everything would have been right; or the date is Java's reason.
    fn date(&self) -> Option<Finding> {
        let shown: Vec<Shown<'_>> = self.chain.iter().filter_map(Shown::of).collect();
        let from = shown.iter().map(|held| held.validity().0).max()?;
        let until = shown.iter().map(|held| held.validity().1).min()?;
        let now = self.parameters.now.div_euclid(1000);
        let then = now.max(from).min(until);
        let parameters = Parameters { now: then.saturating_mul(1000), ..*self.parameters };
        let would_do =
            from <= until && then != now && self.is_trusted(self.chain, self.anchors, &parameters);
        let is_reason = matches!(self.rejection.reason, Reason::Expired | Reason::NotYetValid);
        let (subject, from, until) = shown
            .iter()
            .map(|held| (held.subject(), held.validity().0, held.validity().1))
            .find(|(_, from, until)| (would_do || is_reason) && (now > *until || now < *from))?;
        let days = |then: i64| match now.abs_diff(then).div_euclid(86_400) {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        let (code, reason, what) = if now > until {
            let what = format!("{subject} expired {} ago, on {}", days(until), date(until));
            ("certificate-expired", Reason::Expired, what)
        } else {
            let what = format!("{subject} is not valid before {}, in {}", date(from), days(from));
            ("certificate-not-yet-valid", Reason::NotYetValid, what)
        };
        Some(Finding::new(code, Severity::Error, what).repaired_by(in_words(reason).remedy))
    }

    /// Only the name is wrong.
    fn host(&self) -> Option<Finding> {
        let any = EndpointIdentification::None;
        let parameters = Parameters { endpoint_identification: any, ..*self.parameters };
        if self.rejection.reason != Reason::HostName
            || !self.is_trusted(self.chain, self.anchors, &parameters)
        {
            return None;
        }
        let host = self.parameters.host;
        let mut names = self.chain.first().and_then(Shown::of)?.names();
        let more = names.len().saturating_sub(1);
        let distance = |name: &String| strsim::damerau_levenshtein(&start(name), &start(host));
        names.sort_by_cached_key(distance);
        let what = match names.first() {
            None => format!("the certificate names no host; {host} was asked for"),
            Some(nearest) if more == 0 => {
                format!("the certificate is for {}, not for {host}", printable(nearest))
            }
            Some(nearest) => format!(
                "the certificate is not for {host}; the nearest of its {} names is {}",
                more + 1,
                printable(nearest)
            ),
        };
        let remedy = in_words(Reason::HostName).remedy;
        Some(Finding::new("host-name-mismatch", Severity::Error, what).repaired_by(remedy))
    }

    /// A certificate of the chain, were it in the truststore.
    fn root(&self) -> Option<Finding> {
        let certificate = self.chain.last()?;
        let shown = Shown::of(certificate)?;
        let anchors = self.anchors_and(TrustAnchor::new("", certificate.clone()));
        if !shown.is_self_issued() || !self.is_trusted(self.chain, &anchors, self.parameters) {
            return None;
        }
        let (store, subject) = (self.store, shown.subject());
        let pins = self.chain.len() == 1 && !shown.is_authority();
        let (code, what) = if self.chain.len() == 1 {
            (
                "self-signed",
                format!("the certificate is self-signed, and not in {store}: {subject}"),
            )
        } else {
            ("root-not-trusted", format!("the root of the chain is not in {store}: {subject}"))
        };
        let finding = Finding::new(code, Severity::Error, what)
            .because(format!("SHA-256 {}", fingerprint(certificate)));
        Some(finding.repaired_by(self.add("ROOT.pem", pins)))
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

    /// The truststore has a CA of the name, with another key: the CA was renewed.
    fn other_key(&self) -> Option<Finding> {
        let is_about_it =
            matches!(self.rejection.reason, Reason::SignatureMismatch | Reason::NotChained);
        let top = topmost(self.chain).filter(|_| is_about_it)?;
        let held = self.anchors.iter().find(|anchor| {
            Shown::of(&anchor.certificate)
                .is_some_and(|shown| shown.subject_der() == top.shown.issuer_der())
        })?;
        let what = format!(
            "{} in {} has the issuer's name, but another key: {}",
            printable(&held.name),
            self.store,
            top.shown.issuer()
        );
        let finding = Finding::new("same-name-other-key", Severity::Error, what)
            .because(format!("SHA-256 {} there", fingerprint(&held.certificate)));
        let add = self.add("ROOT.pem", false);
        Some(finding.repaired_by(format!("get the CA's current certificate, and: {add}")))
    }

    /// The path ends at an issuer that nobody here has.
    fn issuer(&self) -> Option<Finding> {
        let top = topmost(self.chain).filter(|_| self.rejection.reason == Reason::NoPath)?;
        let issuer = top.shown.issuer();
        let in_store = self.anchors.iter().filter_map(|anchor| Shown::of(&anchor.certificate));
        if top.shown.is_self_issued()
            || in_store.into_iter().any(|shown| shown.subject_der() == top.shown.issuer_der())
        {
            return None;
        }
        let what = format!("the issuer is neither in the file nor in {}: {issuer}", self.store);
        let finding = Finding::new("issuer-missing", Severity::Error, what);
        let add = self.add("ROOT.pem", false);
        if let Some(root) = Known::to(top.shown.issuer_der()).to_system {
            let why = format!("the system trusts it: SHA-256 {}", fingerprint(&root));
            return Some(finding.because(why).repaired_by(add));
        }
        let why = match top.shown.issuer_url() {
            Some(url) => format!("the certificate says where it is: {}", printable(&url)),
            None => "browsers fetch or remember an intermediate, Java does not".to_owned(),
        };
        Some(finding.because(why).repaired_by(format!(
            "if it is an intermediate, put it behind the server's certificate; if it is your root: {add}"
        )))
    }

    fn anchors_and(&self, anchor: TrustAnchor) -> TrustAnchors {
        self.anchors.iter().cloned().chain([anchor]).collect()
    }

    fn add(&self, file: &str, pins: bool) -> String {
        let store = self.store_file.map_or_else(|| "STORE".to_owned(), quoted);
        let pin = if pins { " --pin" } else { "" };
        format!("sslpoke trust add {file} --to {store}{pin}")
    }
}

/// As much of a name as a distance is computed for: a name may be long, and the work grows with its square.
fn start(name: &str) -> String {
    name.chars().take(253).collect()
}
