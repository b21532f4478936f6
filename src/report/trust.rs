//! What is told of truststores.

use std::io::{self, Write};

use serde::Serialize;

use super::Exit;

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

/// What was changed in a store.
#[derive(Debug, Serialize)]
pub(crate) struct TrustChange {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) store: String,
    pub(crate) changed: bool,
    pub(crate) dry_run: bool,
    pub(crate) added: Vec<EntryChanged>,
    pub(crate) removed: Vec<EntryChanged>,
    pub(crate) unchanged: Vec<EntryChanged>,
    pub(crate) skipped: Vec<CertificateSkipped>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) backup: Option<String>,
    pub(crate) format: &'static str,
}

/// An entry that was added, removed or left as it was.
#[derive(Debug, Serialize)]
pub(crate) struct EntryChanged {
    pub(crate) alias: String,
    pub(crate) sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_after: Option<String>,
}

/// A certificate that was not added.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CertificateSkipped {
    pub(crate) subject: String,
    pub(crate) sha256: String,
    pub(crate) why: String,
}

impl TrustChange {
    pub(crate) fn exit(&self) -> Exit {
        let is_all_skipped = self.added.is_empty() && self.unchanged.is_empty();
        if is_all_skipped { Exit::NotWritten } else { Exit::Yes }
    }
}

/// Writes a listing: a line an entry, columns aligned.
pub(super) fn write_list(
    list: &TrustList,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    let StoreListed { path, kind, protection } = &list.store;
    writeln!(out, "{path}: {kind}, {protection}, {}", count(list.entries.len()))?;
    let all = || list.entries.iter().chain(&list.unseen);
    let width = all().map(|entry| entry.alias.chars().count()).max().unwrap_or(0).min(60);
    for entry in all() {
        let created = entry.created.as_deref().map_or("-", day);
        write!(out, "{:width$}  {:19}  {created:10}", entry.alias, entry.kind)?;
        if let Some(certificate) = &entry.certificate {
            write!(out, "  {}", certificate.sha256)?;
            if let Some(contents) = &certificate.contents {
                write!(out, "  until {}  {}", day(&contents.not_after), contents.subject)?;
            }
        }
        writeln!(out)?;
        if let Some(why) = entry.why {
            writeln!(out, "{:width$}  ^ not trusted: {why}", "")?;
        }
    }
    list.notes.iter().try_for_each(|note| writeln!(err, "sslpoke: {note}"))
}

/// Writes what was done, and what is to be done next.
pub(super) fn write_change(
    change: &TrustChange,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    let would = if change.dry_run { "would be " } else { "" };
    for (what, entries) in
        [("removed", &change.removed), ("added", &change.added), ("unchanged", &change.unchanged)]
    {
        let would = if what == "unchanged" { "" } else { would };
        for entry in entries {
            write_entry(&format!("{would}{what}"), entry, out)?;
        }
    }
    for skipped in &change.skipped {
        writeln!(err, "sslpoke: skipped {}: {}", skipped.subject, skipped.why)?;
        writeln!(err, "sslpoke:   SHA-256 {}", skipped.sha256)?;
    }
    writeln!(out, "store: {} ({})", change.store, change.format)?;
    if let Some(backup) = &change.backup {
        writeln!(out, "backup: {backup}")?;
    }
    match (change.changed, change.dry_run) {
        (true, true) => writeln!(out, "dry run: nothing was written"),
        (true, false) => writeln!(
            out,
            "next: restart the JVMs that use this store; a running one keeps what it has read"
        ),
        (false, _) => writeln!(out, "the store is as it was"),
    }
}

fn write_entry(what: &str, entry: &EntryChanged, out: &mut dyn Write) -> io::Result<()> {
    let subject = entry.subject.as_deref().unwrap_or("a certificate that cannot be parsed");
    writeln!(out, "{what}: {subject}")?;
    writeln!(out, "  alias    {}", entry.alias)?;
    writeln!(out, "  SHA-256  {}", entry.sha256)?;
    match &entry.not_after {
        Some(not_after) => writeln!(out, "  expires  {}", day(not_after)),
        None => Ok(()),
    }
}

fn count(entries: usize) -> String {
    if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") }
}

/// Returns the day of a time in RFC 3339.
fn day(time: &str) -> &str {
    time.split_once('T').map_or(time, |(day, _)| day)
}
