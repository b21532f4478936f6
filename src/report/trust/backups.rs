//! The backups of a store.

use std::io::{self, Write};

use serde::Serialize;

use super::columns;

/// The backups of a store, the newest first.
#[derive(Debug, Serialize)]
pub(crate) struct TrustBackups {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) store: String,
    pub(crate) backups: Vec<BackupListed>,
    /// Where they were looked for.
    #[serde(skip)]
    pub(crate) place: String,
}

/// A backup.
#[derive(Debug, Serialize)]
pub(crate) struct BackupListed {
    pub(crate) path: String,
    pub(crate) time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entries: Option<usize>,
    /// Why it cannot be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// Whether it is what the store is now.
    pub(crate) same: bool,
}

/// Writes a line a backup.
pub(in crate::report) fn write_backups(
    listed: &TrustBackups,
    out: &mut dyn Write,
) -> io::Result<()> {
    if listed.backups.is_empty() {
        return writeln!(out, "{}: no backups ({})", listed.store, listed.place);
    }
    let rows: Vec<Vec<String>> = listed.backups.iter().map(row).collect();
    columns(&rows, out)
}

fn row(backup: &BackupListed) -> Vec<String> {
    let state = match (&backup.why, backup.entries, backup.same) {
        (Some(why), _, _) => format!("cannot be opened: {why}"),
        (None, Some(entries), true) => format!("{entries} entries, as the store is now"),
        (None, Some(entries), false) => format!("{entries} entries"),
        (None, None, _) => String::new(),
    };
    vec![backup.time.clone(), backup.path.clone(), state]
}
