//! What is told: plain data, and the writers that turn it into text or JSON.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::Format;

mod text;

/// The name of the JSON contract (`docs/json.md`): only additive changes within it.
pub(crate) const SCHEMA: &str = "sslpoke/1";

/// What is told of one run. Its JSON form is a contract, see `docs/json.md`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Report {
    /// Written while the work went on; only the exit code is left to tell.
    Streamed { exit: Exit },
}

/// How a run ended (`cli.md`, section 5). The greatest that occurred is the program's exit code.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Exit {
    /// Java connects; the store is fine.
    Yes,
    /// Java refuses; a problem was found.
    No,
    /// The command line makes no sense.
    Usage,
    /// The peer could not be reached.
    Unreachable,
    /// A store or file could not be read.
    Unreadable,
    /// A write was refused or failed.
    NotWritten,
    /// What Java would do could not be decided.
    Undetermined,
}

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
            Self::Unreadable => 4,
            Self::NotWritten => 5,
            Self::Undetermined => 6,
        }
    }
}

impl Report {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Streamed { exit } => exit.code(),
        }
    }
}

/// Writes `report`: the answer to `out`, all that explains it to `err`.
pub(crate) fn write(
    report: &Report,
    format: Format,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    match (report, format) {
        (Report::Streamed { .. }, _) => Ok(()),
        #[expect(unreachable_patterns, reason = "the other reports are still to come")]
        (_, Format::Text) => text::write(report, out, err),
        (_, Format::Json) => {
            serde_json::to_writer(&mut *out, report)?;
            writeln!(out)
        }
    }
}
