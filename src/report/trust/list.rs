//! The entries of a store.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::{CertificateListed, Columns, day};
use crate::report::Exit;

/// The entries of a store.
#[derive(Debug, Serialize)]
pub(crate) struct TrustList {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) store: StoreListed,
    pub(crate) entries: Vec<EntryListed>,
    /// Certificates that are in the file but that Java does not list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) unseen: Vec<EntryListed>,
    /// What the list does not show, and why.
    #[serde(skip)]
    pub(crate) notes: Vec<String>,
}

impl TrustList {
    /// What is encrypted was not read.
    pub(crate) fn exit(&self) -> Exit {
        if self.notes.is_empty() { Exit::Yes } else { Exit::Unreadable }
    }
}

/// A store, named.
#[derive(Debug, Serialize)]
pub(crate) struct StoreListed {
    pub(crate) path: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) protection: String,
}

/// An entry of a store.
#[derive(Debug, Default, Serialize)]
pub(crate) struct EntryListed {
    pub(crate) alias: String,
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created: Option<String>,
    pub(crate) trusted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<&'static str>,
    #[serde(flatten)]
    pub(crate) certificate: Option<CertificateListed>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) chain: Vec<String>,
}

/// Writes a listing: a line an entry, columns aligned.
pub(in crate::report) fn write_list(
    list: &TrustList,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    let StoreListed { path, kind, protection } = &list.store;
    // A terminal's writer would hand over every line by itself.
    let mut out = BufWriter::new(out);
    writeln!(out, "{path}: {kind}, {protection}, {}", count(list.entries.len()))?;
    let all = || list.entries.iter().chain(&list.unseen);
    let columns = Columns::of(all().map(row));
    for entry in all() {
        writeln!(out, "{}", columns.line(&row(entry)))?;
        if let Some(why) = entry.why {
            writeln!(out, "  ^ not trusted: {why}")?;
        }
    }
    out.flush()?;
    list.notes.iter().try_for_each(|note| writeln!(err, "sslpoke: {note}"))
}

fn row(entry: &EntryListed) -> Vec<String> {
    let created = entry.created.as_deref().map_or("-", day);
    let mut row = vec![entry.alias.clone(), entry.kind.to_owned(), created.to_owned()];
    if let Some(certificate) = &entry.certificate {
        row.push(certificate.sha256.clone());
        if let Some(contents) = &certificate.contents {
            row.push(format!("until {}", day(&contents.not_after)));
            row.push(contents.subject.clone());
        }
    }
    row
}

fn count(entries: usize) -> String {
    if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") }
}
