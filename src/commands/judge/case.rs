//! One chain, judged under releases and versions of TLS.

use java_pkix::{
    AuthType, Candidate, EndpointIdentification, Parameters, Protocol, Rules, TrustAnchors,
    Verdict, Zone, possible_verdicts, validate,
};
use pki_types::CertificateDer;

use super::jsonl::auth_type;
use crate::certificates::{Shown, fingerprint, printable};
use crate::diagnosis::{Candidates, Finding, Missed, of_chain};
use crate::java::suite_name;
use crate::report::{Decision, ExceptionLine, Judgement, Tried};
use crate::settings::{SystemProperties, offer};

/// A chain and all that a verdict needs but the release.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) chain: &'a [CertificateDer<'static>],
    pub(super) anchors: &'a TrustAnchors,
    pub(super) host: &'a str,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub(super) now: i64,
    pub(super) zone: &'a dyn Zone,
    pub(super) candidates: &'a Candidates,
    pub(super) properties: &'a SystemProperties,
}

/// A verdict, and what is told of it.
pub(super) struct Judged {
    pub(super) rules: Rules,
    pub(super) protocol: Protocol,
    pub(super) verdict: Verdict,
    pub(super) told: Judgement,
    pub(super) findings: Vec<Finding>,
}

impl Case<'_> {
    /// Judges the chain under a release, once for each version of TLS; findings are looked for where it is rejected.
    pub(super) fn judge(
        &self,
        rules: &Rules,
        protocols: &[Protocol],
        store_file: Option<&str>,
    ) -> Vec<Judged> {
        let one = |protocol: &Protocol| self.judge_one(rules, *protocol, store_file);
        protocols.iter().map(one).collect()
    }

    fn judge_one(&self, rules: &Rules, protocol: Protocol, store_file: Option<&str>) -> Judged {
        let parameters = self.parameters(rules, protocol);
        let verdict = validate(self.chain, self.anchors, &parameters);
        let findings = match &verdict {
            Verdict::Trusted(_) => Vec::new(),
            Verdict::Rejected(rejection) => of_chain(&Missed {
                chain: self.chain,
                anchors: self.anchors,
                parameters: &parameters,
                rejection,
                store: store_file.unwrap_or("Mozilla's roots, built in"),
                store_file,
                candidates: self.candidates,
                server: None,
            }),
        };
        let told = self.told(&verdict, &parameters);
        Judged { rules: rules.clone(), protocol, verdict, told, findings }
    }

    /// Returns what the verdict would be under other rules.
    pub(super) fn verdict(&self, rules: &Rules, protocol: Protocol) -> Verdict {
        validate(self.chain, self.anchors, &self.parameters(rules, protocol))
    }

    fn parameters<'p>(&'p self, rules: &'p Rules, protocol: Protocol) -> Parameters<'p> {
        Parameters {
            rules,
            host: self.host,
            endpoint_identification: EndpointIdentification::Https,
            protocol,
            auth_type: auth_type(protocol, self.chain.first()),
            now: self.now,
            zone: self.zone,
        }
    }

    fn told(&self, verdict: &Verdict, parameters: &Parameters<'_>) -> Judgement {
        let rules = parameters.rules;
        let (decision, exception, rejection) = match verdict {
            Verdict::Trusted(_) => (Decision::Accept, Vec::new(), None),
            Verdict::Rejected(rejection) => {
                let lines = ExceptionLine::all(&rejection.exception);
                let exhausted = rejection.trace.is_exhausted;
                let decision = if exhausted { Decision::Undetermined } else { Decision::Reject };
                (decision, lines, Some(rejection))
            }
        };
        let trace = match verdict {
            Verdict::Trusted(trusted) => &trusted.trace,
            Verdict::Rejected(rejection) => &rejection.trace,
        };
        let recorded = rules.recorded_as();
        Judgement {
            release: rules.release().to_string(),
            recorded_as: (recorded != rules.release()).then(|| recorded.to_string()),
            tls: parameters.protocol.java_name(),
            verdict: decision,
            reason: rejection.map(|held| held.reason.code()),
            certificate: rejection.and_then(|held| held.certificate),
            alert: rejection.map(|held| held.alert),
            exception,
            path: self.path(verdict),
            tried: trace
                .steps
                .iter()
                .map(|step| self.tried(&step.candidate, step.reason))
                .collect(),
            either_way: self.other_answer(verdict, parameters),
            static_rsa: self.accepts_static_rsa(verdict, parameters),
            has_store: true,
        }
    }

    fn tried(&self, candidate: &Candidate, reason: java_pkix::Reason) -> Tried {
        let (held, name) = match candidate {
            Candidate::Sent(index) => (self.chain.get(*index), None),
            Candidate::Anchor(alias) => {
                let mut anchors = self.anchors.iter();
                let found = anchors.find(|anchor| anchor.name == *alias);
                (found.map(|anchor| &anchor.certificate), Some(printable(alias)))
            }
        };
        Tried {
            certificate: if let Candidate::Sent(index) = candidate { Some(*index) } else { None },
            alias: name,
            subject: held.and_then(Shown::of).map(|shown| shown.subject()),
            sha256: held.map(fingerprint),
            reason: reason.code(),
        }
    }

    /// Java asks anchors of one name in an order that differs from run to run: does the answer, too?
    fn other_answer(&self, verdict: &Verdict, parameters: &Parameters<'_>) -> Option<&'static str> {
        let answer = |verdict: &Verdict| match verdict {
            Verdict::Trusted(_) => "accept",
            Verdict::Rejected(rejection) => rejection.reason.code(),
        };
        let others = possible_verdicts(self.chain, self.anchors, parameters);
        others.iter().map(answer).find(|other| *other != answer(verdict))
    }

    /// Before TLS 1.3 a key that may only encipher serves the static key exchange of RSA.
    fn accepts_static_rsa(&self, verdict: &Verdict, parameters: &Parameters<'_>) -> bool {
        let asks = parameters.auth_type == AuthType::EcdheRsa;
        let parameters = Parameters { auth_type: AuthType::Rsa, ..*parameters };
        let is_key_usage = matches!(
            verdict,
            Verdict::Rejected(rejection) if rejection.reason == java_pkix::Reason::KeyUsage
        );
        asks && is_key_usage
            && self.offers_static_rsa(parameters.rules)
            && matches!(validate(self.chain, self.anchors, &parameters), Verdict::Trusted(_))
    }

    fn offers_static_rsa(&self, rules: &Rules) -> bool {
        let is_static =
            |suite: &u16| suite_name(*suite).is_some_and(|it| it.starts_with("TLS_RSA_"));
        offer(self.host, self.properties, rules)
            .is_ok_and(|offer| offer.cipher_suites.iter().any(is_static))
    }

    /// Names the certificates that Java's path leads through, end entity first, the anchor last.
    fn path(&self, verdict: &Verdict) -> Vec<String> {
        let Verdict::Trusted(trusted) = verdict else { return Vec::new() };
        let sent = trusted.path.iter().filter_map(|index| self.chain.get(*index));
        let anchor = &trusted.anchor.certificate;
        sent.chain([anchor])
            .map(|held| Shown::of(held).map_or_else(|| fingerprint(held), |shown| shown.subject()))
            .collect()
    }
}
