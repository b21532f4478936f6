//! The nearest miss: what single thing would have made Java trust a chain, found out by trying it.

use java_pkix::{
    EndpointIdentification, Parameters, Reason, Rejection, TrustAnchor, TrustAnchors, Verdict,
    validate,
};
use pki_types::CertificateDer;

mod missing;

use super::candidates::Candidates;
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
    pub(crate) candidates: &'a Candidates,
    /// `HOST:PORT` of the server that sent the chain; none: it stands in a file.
    pub(crate) server: Option<&'a str>,
}

/// Says what would help: what alone would have, or else what Java's reason means.
pub(crate) fn of_chain(missed: &Missed<'_>) -> Vec<Finding> {
    if let Some(order) = missed.order() {
        return vec![order];
    }
    if missed.rejection.reason == Reason::HostName {
        return of_path(missed);
    }
    // a wrong name is a fault of its own, which Java would come to last
    let any = EndpointIdentification::None;
    let parameters = Parameters { endpoint_identification: any, ..*missed.parameters };
    let mut findings = of_path(&Missed { parameters: &parameters, ..*missed });
    findings.extend(missed.other_host());
    findings
}

fn of_path(missed: &Missed<'_>) -> Vec<Finding> {
    if let Some(illegal) = missed.illegal_host() {
        return vec![illegal];
    }
    let tried = [missed.superfluous(), missed.date(), missed.host()];
    let mut findings: Vec<Finding> = tried.into_iter().flatten().collect();
    findings.extend(missed.root().map_or_else(|| missed.completed(), |finding| vec![finding]));
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
            "the server's certificate is number {} of {}: Java takes the first for it",
            place + 1,
            if self.server.is_some() { "those that it sends" } else { "the file" }
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
        let (place, held) = shown.iter().enumerate().find(|(_, held)| {
            let (from, until) = held.validity();
            (would_do || is_reason) && (now > until || now < from)
        })?;
        let ((from, until), subject) = (held.validity(), held.subject());
        let which = match place {
            0 => format!("the server's certificate {subject}"),
            _ => format!("certificate {}, {subject},", place + 1),
        };
        let days = |then: i64| match now.abs_diff(then).div_euclid(86_400) {
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        let (code, reason, what) = if now > until {
            let what = format!("{which} expired {} ago, on {}", days(until), date(until));
            ("certificate-expired", Reason::Expired, what)
        } else {
            let what = format!("{which} is not valid before {}, in {}", date(from), days(from));
            ("certificate-not-yet-valid", Reason::NotYetValid, what)
        };
        Some(Finding::new(code, Severity::Error, what).repaired_by(in_words(reason).remedy))
    }

    /// A host that Java takes for no name at all, whatever the certificate says.
    fn illegal_host(&self) -> Option<Finding> {
        let mut held = self.rejection.exception.chain();
        let is_it = held.any(|held| {
            held.message.as_deref().is_some_and(|text| text.contains("Illegal given domain name"))
        });
        let host = printable(self.parameters.host);
        is_it.then(|| {
            Finding::new("host-name-illegal", Severity::Error, format!("Java takes {host:?} for no host name"))
                .because("a label of a host may have letters, digits and hyphens only: an underscore is none; other programs do not look")
                .repaired_by("give the host another name, in the resolver and in the certificate, and use that")
        })
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
        self.names()
    }

    /// The name is wrong, too.
    fn other_host(&self) -> Option<Finding> {
        let leaf = self.chain.first()?;
        // where the certificate itself is trusted, Java looks at nothing but the name
        let anchors = [TrustAnchor::new("", leaf.clone())].into_iter().collect();
        match validate(self.chain, &anchors, self.parameters) {
            Verdict::Rejected(held) if held.reason == Reason::HostName => self.names(),
            Verdict::Rejected(_) | Verdict::Trusted(_) => None,
        }
    }

    fn names(&self) -> Option<Finding> {
        let host = self.parameters.host;
        let mut names = self.chain.first().and_then(Shown::of)?.names();
        let distance = |name: &String| strsim::damerau_levenshtein(&start(name), &start(host));
        names.sort_by_cached_key(distance);
        let what = match names.as_slice() {
            [] => format!("the certificate names no host; {host} was asked for"),
            [only] => format!("the certificate is for {}, not for {host}", printable(only)),
            [nearest, ..] => format!(
                "the certificate is not for {host}; the nearest of its {} names is {}",
                names.len(),
                printable(nearest)
            ),
        };
        let remedy = in_words(Reason::HostName).remedy;
        let finding = Finding::new("host-name-mismatch", Severity::Error, what);
        Some(
            if names.len() > 1 { finding.because(listed(&names)) } else { finding }
                .repaired_by(remedy),
        )
    }

    /// A certificate of the chain, were it in the truststore.
    fn root(&self) -> Option<Finding> {
        let certificate = self.chain.last()?;
        let shown = Shown::of(certificate)?;
        let anchors = self.anchors_and([TrustAnchor::new("", certificate.clone())]);
        if !shown.is_self_issued() || !self.is_trusted(self.chain, &anchors, self.parameters) {
            return None;
        }
        if let Some(finding) = self.known_root(certificate) {
            return Some(finding);
        }
        let (store, subject) = (self.store, shown.subject());
        let pins = self.chain.len() == 1 && !shown.is_authority();
        let (code, what) = match (self.chain.len(), self.server) {
            (1, _) => (
                "self-signed",
                format!("the certificate is self-signed, and not in {store}: {subject}"),
            ),
            (_, Some(_)) => (
                "root-not-trusted",
                format!("the root that the server sent is not in {store}: {subject}"),
            ),
            (_, None) => {
                ("root-not-trusted", format!("the root of the chain is not in {store}: {subject}"))
            }
        };
        let sha256 = fingerprint(certificate);
        let source = match self.server {
            Some(server) => format!("--from {} --sha256 {sha256}", quoted(server)),
            None => "ROOT.pem".to_owned(),
        };
        let why = match self.server {
            Some(_) => format!("SHA-256 {sha256}; ask its owner whether that is the right one"),
            None => format!("SHA-256 {sha256}"),
        };
        Some(
            Finding::new(code, Severity::Error, what)
                .because(why)
                .repaired_by(self.add(&source, pins)),
        )
    }

    /// The truststore has a CA of the name, with another key: the CA was renewed.
    fn other_key(&self) -> Option<Finding> {
        let is_about_it =
            matches!(self.rejection.reason, Reason::SignatureMismatch | Reason::NotChained);
        let top = missing::topmost(self.chain).filter(|_| is_about_it)?;
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

    fn anchors_and(&self, more: impl IntoIterator<Item = TrustAnchor>) -> TrustAnchors {
        self.anchors.iter().cloned().chain(more).collect()
    }

    fn add(&self, source: &str, pins: bool) -> String {
        let pin = if pins { " --pin" } else { "" };
        let proof = self.server.map(|server| format!(" --for {}", quoted(server)));
        let proof = proof.unwrap_or_default();
        match (self.store_file, self.server) {
            (Some(store), _) => {
                format!("sslpoke trust add {source} --to {}{pin}{proof}", quoted(store))
            }
            (None, None) => format!("sslpoke trust add {source} --to STORE{pin}"),
            (None, Some(_)) => format!(
                "copy a cacerts, add to it (sslpoke trust add {source} --to STORE{pin}{proof}), and name it: -Djavax.net.ssl.trustStore=STORE"
            ),
        }
    }
}

/// Names the hosts of a certificate, not all of them where there are many.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| printable(name)).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => format!("its names: {}", shown.join(", ")),
        more => format!("its names: {}, and {more} more", shown.join(", ")),
    }
}

/// Beyond this many names a certificate's names are only counted.
const MOST_NAMES: usize = 8;

/// Returns whether the chain leads to one of Mozilla's roots.
pub(super) fn is_public_path(
    chain: &[CertificateDer<'static>],
    parameters: &Parameters<'_>,
) -> bool {
    let any = EndpointIdentification::None;
    let parameters = Parameters { endpoint_identification: any, ..*parameters };
    matches!(validate(chain, &mozilla_anchors(), &parameters), Verdict::Trusted(_))
}

/// As much of a name as a distance is computed for: a name may be long, and the work grows with its square.
fn start(name: &str) -> String {
    name.chars().take(253).collect()
}
