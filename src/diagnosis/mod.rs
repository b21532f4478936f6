//! What an exception does not say: what is wrong, why, and the command that repairs it.

use serde::Serialize;

mod candidates;
mod chain;
mod client;
mod clock;
mod inspection;
mod looks;
mod machine;
mod near_miss;
mod origin;
mod properties;
mod public_roots;
mod reasons;
mod route;
mod starttls;
mod store;
mod store_check;
mod wire;

use handshake_probe::{Observation, StartTls};
use java_pkix::{JavaException, Parameters, Rules, Verdict};

pub(crate) use candidates::{Candidate, Candidates, FoundIn};
pub(crate) use chain::root_to_add;
pub(crate) use inspection::is_suspected;
pub(crate) use looks::{Looks, Named, NearStore, Script, Wide};
pub(crate) use machine::{of_started, restart};
pub(crate) use near_miss::{Missed, of_chain};
pub(crate) use origin::{Origin, Origins, is_public, is_trusted_by_mozilla};
pub(crate) use reasons::in_words;
pub(crate) use route::Compared;
pub(crate) use store::{of_failure, quoted};
pub(crate) use store_check::{Secret, StoreEvidence, of_store};
pub(crate) use wire::chain_not_saved;

use crate::java::{Decision, OpenedStore, StoreFailure};
use crate::settings::{Settings, TrustStoreChoice, Way, Wiring};

/// Something that was found out, with a stable code.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Finding {
    /// The stable name: `truststore-fallback`, say.
    pub(crate) code: &'static str,
    /// How much it matters.
    pub(crate) severity: Severity,
    /// The entry of a store that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alias: Option<String>,
    /// The certificate that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// What was found.
    pub(crate) what: String,
    /// Why it matters, or how it comes about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// What repairs it: a command to copy where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remedy: Option<String>,
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Severity {
    /// It is good to know.
    Note,
    /// It will mislead, or fail elsewhere.
    Warning,
    /// It is why Java fails.
    Error,
}

impl Finding {
    fn new(code: &'static str, severity: Severity, what: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            alias: None,
            sha256: None,
            what: what.into(),
            why: None,
            remedy: None,
        }
    }

    /// Makes a finding that is good to know.
    pub(crate) fn note(code: &'static str, what: String) -> Self {
        Self::new(code, Severity::Note, what)
    }

    fn about(mut self, alias: &str, sha256: &str) -> Self {
        self.alias = Some(alias.to_owned());
        self.sha256 = Some(sha256.to_owned());
        self
    }

    fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    fn repaired_by(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// All that is known of one poke.
#[derive(Clone, Copy)]
pub(crate) struct Evidence<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) settings: &'a Settings,
    pub(crate) rules: &'a Rules,
    pub(crate) trust_store: &'a TrustStoreChoice,
    pub(crate) opened: Option<&'a OpenedStore>,
    pub(crate) failed_store: Option<&'a StoreFailure>,
    pub(crate) observation: Option<&'a Observation>,
    pub(crate) verdict: Option<&'a Verdict>,
    /// With what the certificates were judged.
    pub(crate) parameters: Option<Parameters<'a>>,
    /// Certificates that could complete a path.
    pub(crate) candidates: &'a Candidates,
    /// What further handshakes showed.
    pub(crate) looks: &'a Looks,
    pub(crate) exception: Option<&'a JavaException>,
    /// The plaintext dialogue that was to lead to TLS.
    pub(crate) starttls: Option<StartTls>,
    /// The way that was taken.
    pub(crate) way: &'a Way,
    pub(crate) wiring: &'a Wiring<'a>,
    /// What came of another way.
    pub(crate) compared: Option<&'a Compared>,
    /// What was answered to a request for a client certificate.
    pub(crate) identity: Option<&'a Decision>,
    /// Whether there is a key store.
    pub(crate) has_client_keys: bool,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(crate) now: i64,
}

/// Explains a poke, what matters most first.
pub(crate) fn of_poke(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = store::findings(evidence);
    findings.extend(clock::findings(evidence));
    findings.extend(looks::findings(evidence));
    findings.extend(chain::findings(evidence));
    findings.extend(inspection::findings(evidence));
    findings.extend(wire::findings(evidence));
    findings.extend(starttls::findings(evidence));
    findings.extend(route::findings(evidence));
    findings.extend(client::findings(evidence));
    findings.extend(properties::findings(evidence));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}
