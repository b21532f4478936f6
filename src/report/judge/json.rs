//! Verdicts on a chain as JSON: the one that tells most stands at the top as well.

use serde::{Serialize, Serializer};

use super::{ChainEntry, Decision, Difference, ExceptionLine, JudgeReport, Judgement, RuntimeUsed};
use crate::diagnosis::Finding;

/// The JSON form: the first verdict stands at the top as well.
#[derive(Serialize)]
struct Json<'a> {
    schema: &'static str,
    verb: &'static str,
    host: &'a str,
    at: &'a str,
    runtime: &'a RuntimeUsed,
    #[serde(skip_serializing_if = "Option::is_none")]
    truststore: Option<&'a str>,
    anchors: usize,
    verdict: Decision,
    exception: &'a [ExceptionLine],
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    path: &'a [String],
    chain: &'a [ChainEntry],
    verdicts: &'a [Judgement],
    differences: &'a [Difference],
    findings: &'a [Finding],
}

impl Serialize for JudgeReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = self.telling();
        Json {
            schema: self.schema,
            verb: self.verb,
            host: &self.host,
            at: &self.at,
            runtime: &self.runtime,
            truststore: self.truststore.as_deref(),
            anchors: self.anchors,
            verdict: self.decision(),
            exception: shown.map_or(&[], |held| &held.exception),
            reason: shown.and_then(|held| held.reason),
            path: shown.map_or(&[], |held| &held.path),
            chain: &self.chain,
            verdicts: &self.verdicts,
            differences: &self.differences,
            findings: &self.findings,
        }
        .serialize(serializer)
    }
}
