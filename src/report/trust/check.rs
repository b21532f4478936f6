//! What was found in a store.

use std::io::{self, Write};

use serde::Serialize;

use super::StoreListed;
use crate::diagnosis::{Finding, Severity};
use crate::report::Exit;

/// What was found in a store.
#[derive(Debug, Serialize)]
pub(crate) struct TrustCheck {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) store: StoreListed,
    /// The release whose rules were applied.
    pub(crate) release: String,
    /// How many entries Java lists.
    pub(crate) entries: usize,
    /// How many certificates Java trusts by, as it is told to open the store.
    pub(crate) anchors: usize,
    pub(crate) findings: Vec<Finding>,
    pub(crate) counts: Counts,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Counts {
    pub(crate) error: usize,
    pub(crate) warning: usize,
    pub(crate) note: usize,
}

impl Counts {
    pub(crate) fn of(findings: &[Finding]) -> Self {
        let count = |wanted| findings.iter().filter(|held| held.severity == wanted).count();
        Self {
            error: count(Severity::Error),
            warning: count(Severity::Warning),
            note: count(Severity::Note),
        }
    }
}

impl TrustCheck {
    pub(crate) fn exit(&self) -> Exit {
        if self.counts.error + self.counts.warning == 0 { Exit::Yes } else { Exit::No }
    }
}

/// Writes findings by severity, a line each and what helps below it; the counts come last.
pub(in crate::report) fn write_check(check: &TrustCheck, out: &mut dyn Write) -> io::Result<()> {
    let StoreListed { path, kind, protection } = &check.store;
    let (entries, anchors) = (check.entries, check.anchors);
    writeln!(
        out,
        "{path}: {kind}, {protection}, {entries} entries; Java {} trusts {anchors}",
        check.release
    )?;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let mut findings =
            check.findings.iter().filter(|held| held.severity == severity).peekable();
        if findings.peek().is_some() {
            writeln!(out, "{}:", heading(severity))?;
        }
        findings.try_for_each(|finding| write_finding(finding, out))?;
    }
    let Counts { error, warning, note } = check.counts;
    writeln!(
        out,
        "{}, {}, {}",
        counted(error, "error"),
        counted(warning, "warning"),
        counted(note, "note")
    )
}

fn heading(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "errors",
        Severity::Warning => "warnings",
        Severity::Note => "notes",
    }
}

fn write_finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  {}: ", finding.code)?;
    match finding.alias.as_deref().filter(|alias| !alias.is_empty()) {
        Some(alias) => writeln!(out, "{}: {}", alias, finding.what)?,
        None => writeln!(out, "{}", finding.what)?,
    }
    if let Some(why) = &finding.why {
        writeln!(out, "    {why}")?;
    }
    for line in finding.remedy.iter().flat_map(|remedy| remedy.lines()) {
        writeln!(out, "    > {line}")?;
    }
    Ok(())
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
