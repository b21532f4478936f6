//! What is told of a verdict without a connection.

use std::io::{self, Write};

use serde::Serialize;

use super::{ChainEntry, ExceptionLine, Exit, Outcome, RuntimeUsed};

/// A verdict on a chain.
#[derive(Debug, Serialize)]
pub(crate) struct JudgeReport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) host: String,
    pub(crate) runtime: RuntimeUsed,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) truststore: Option<String>,
    pub(crate) verdict: &'static str,
    #[serde(skip)]
    pub(crate) result: Outcome,
    pub(crate) exception: Vec<ExceptionLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    /// Subjects from the end entity to the anchor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) path: Vec<String>,
    pub(crate) chain: Vec<ChainEntry>,
}

impl JudgeReport {
    pub(crate) fn exit(&self) -> Exit {
        match self.result {
            Outcome::Connected => Exit::Yes,
            Outcome::Refused | Outcome::Unreachable => Exit::No,
            Outcome::Undetermined => Exit::Undetermined,
        }
    }
}

/// Writes the verdict first, then the path as a tree, then Java's words.
pub(super) fn write(report: &JudgeReport, out: &mut dyn Write) -> io::Result<()> {
    let JudgeReport { host, runtime, verdict, .. } = report;
    writeln!(out, "{verdict}: Java {} for {host}", runtime.release)?;
    if let Some(reason) = report.reason {
        writeln!(out, "reason: {reason}")?;
    }
    for (number, line) in report.exception.iter().enumerate() {
        let cause = if number == 0 { "" } else { "Caused by: " };
        match &line.message {
            Some(message) => writeln!(out, "{cause}{}: {message}", line.class)?,
            None => writeln!(out, "{cause}{}", line.class)?,
        }
    }
    if report.path.is_empty() {
        writeln!(out, "certificates handed over, end entity first:")?;
        for entry in &report.chain {
            let mark = if entry.in_truststore { ", in the truststore" } else { "" };
            writeln!(out, "  {} ({}{mark})", entry.subject, entry.role)?;
            writeln!(out, "    issuer {}", entry.issuer)?;
        }
        return Ok(());
    }
    writeln!(out, "path, anchor first:")?;
    for (depth, subject) in report.path.iter().rev().enumerate() {
        let branch = if depth == 0 { "" } else { "└ " };
        writeln!(out, "  {:indent$}{branch}{subject}", "", indent = 2 * depth.saturating_sub(1))?;
    }
    Ok(())
}
