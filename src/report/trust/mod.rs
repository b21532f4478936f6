//! What is told of truststores.

use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::certificates::printable;

mod backups;
mod change;
mod check;
mod diff;
mod export;
mod list;
mod show;

pub(super) use backups::write_backups;
pub(crate) use backups::{BackupListed, TrustBackups};
pub(super) use change::write_change;
pub(crate) use change::{CertificateSkipped, EntryChanged, Proof, Refused, TrustChange};
pub(super) use check::write_check;
pub(crate) use check::{Counts, TrustCheck};
pub(super) use diff::write_diff;
pub(crate) use diff::{CertificateCompared, TrustDiff};
pub(super) use export::write_export;
pub(crate) use export::{CertificateExported, TrustExport};
pub(super) use list::write_list;
pub(crate) use list::{EntryListed, StoreListed, TrustList};
pub(super) use show::write_show;
pub(crate) use show::{CertificateShown, EntryShown, TrustShow};

/// A certificate, named.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CertificateListed {
    pub(crate) sha256: String,
    #[serde(flatten)]
    pub(crate) contents: Option<CertificateContents>,
}

/// What a certificate says; none where it cannot be parsed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CertificateContents {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) not_before: String,
    pub(crate) not_after: String,
}

/// Returns the day of a time in RFC 3339.
pub(super) fn day(time: &str) -> &str {
    time.split_once('T').map_or(time, |(day, _)| day)
}

/// Writes rows with their columns aligned.
fn columns(rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let columns = Columns::of(rows.iter().cloned());
    rows.iter().try_for_each(|row| writeln!(out, "{}", columns.line(row)))
}

/// How wide columns are, as a terminal shows them. A cell that is wider than most pushes its own row only.
struct Columns(Vec<usize>);

impl Columns {
    /// Looks through rows; long lists are made twice rather than held.
    fn of(rows: impl Iterator<Item = Vec<String>>) -> Self {
        let mut widths: Vec<usize> = Vec::new();
        for row in rows {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(&row) {
                *width = (*width).max(printable(cell).width().min(WIDEST));
            }
        }
        Self(widths)
    }

    /// Writes a row; its last cell is not padded.
    fn line(&self, row: &[String]) -> String {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&self.0) {
            let cell = printable(cell);
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// No column is made wider than this.
const WIDEST: usize = 60;
