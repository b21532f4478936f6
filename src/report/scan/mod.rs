//! What is told of a scan: a table, JSON, metrics, test results.

use std::io::{self, Write};

use serde::Serialize;

use super::{Exit, Outcome, PokeReport, RuntimeUsed, Screen, StoreUsed, write_lines};
use crate::cli::Format;
use crate::diagnosis::{Finding, Severity};

mod junit;
mod prometheus;
mod text;

/// What came of many targets, in the order in which they were named.
#[derive(Debug, Serialize)]
pub(crate) struct ScanReport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) runtime: RuntimeUsed,
    pub(crate) truststore: StoreUsed,
    /// What is to be known of the JVM that is meant.
    pub(crate) findings: Vec<Finding>,
    pub(crate) results: Vec<Scanned>,
}

/// What came of one of them.
#[derive(Debug, Serialize)]
pub(crate) struct Scanned {
    /// How tables and metrics call the target; no two are called alike.
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) poke: PokeReport,
    /// When the server's certificate expires, in seconds since 1970-01-01T00:00:00Z.
    #[serde(skip)]
    pub(crate) not_after: Option<i64>,
}

impl ScanReport {
    pub(crate) fn exit(&self) -> Exit {
        self.results.iter().map(|result| result.poke.exit).max().unwrap_or(Exit::Yes)
    }
}

impl Scanned {
    /// Returns how many seconds TLS took.
    fn seconds(&self) -> Option<f64> {
        Some(self.poke.connection.as_ref()?.timings_ms.handshake? / 1e3)
    }

    /// Returns what matters most, if it is no mere note.
    fn main(&self) -> Option<&Finding> {
        self.poke.findings.iter().find(|finding| finding.severity > Severity::Note)
    }

    /// Says in a line what is wrong: what was found, or else what Java says.
    fn trouble(&self) -> Option<String> {
        if let Some(finding) = self.main() {
            return Some(format!("{}: {}", finding.code, first_line(&finding.what)));
        }
        let Some(line) = self.poke.exception.first() else {
            return (self.poke.result != Outcome::Connected).then(|| self.result().to_owned());
        };
        Some(line.message.as_ref().map_or_else(
            || line.class.clone(),
            |message| format!("{}: {}", line.class, first_line(message)),
        ))
    }

    fn result(&self) -> &'static str {
        match self.poke.result {
            Outcome::Connected => "connected",
            Outcome::Refused => "refused",
            Outcome::Unreachable => "unreachable",
            Outcome::Undetermined => "undetermined",
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Writes a scan; a format that it does not have is refused before.
pub(super) fn write(
    scan: &ScanReport,
    format: Format,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(scan, screen, out),
        Format::Ndjson => write_lines(&scan.results, out),
        Format::Prometheus => prometheus::write(scan, out),
        Format::Junit => junit::write(scan, out),
        Format::Json | Format::Pem | Format::Md | Format::Html => {
            write_lines(std::slice::from_ref(scan), out)
        }
    }
}
