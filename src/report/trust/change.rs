//! What was changed in a store.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::day;
use crate::certificates::printable;
use crate::report::Exit;

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
    /// What else is to be known: what was left alone, and what will be wrong one day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    /// What came of the servers that have to be accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) proven: Vec<Proof>,
    /// The backup that was put back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) restored: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) backup: Option<String>,
    pub(crate) format: &'static str,
    /// Whether it is no failure that all was skipped.
    #[serde(skip)]
    pub(crate) passes_over: bool,
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
    /// Empty where there is no certificate.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) sha256: String,
    pub(crate) why: String,
}

/// Which releases of Java accept a server by the store as it is to be.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Proof {
    pub(crate) target: String,
    pub(crate) accepted: Vec<String>,
    pub(crate) refused: Vec<Refused>,
    /// Whether one of them did not accept it before.
    pub(crate) needed: bool,
}

/// A release that does not accept a server.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Refused {
    pub(crate) release: String,
    /// What it throws.
    pub(crate) exception: String,
}

impl TrustChange {
    /// Nothing has been done yet.
    pub(crate) fn new(
        schema: &'static str,
        verb: &'static str,
        store: &Path,
        dry_run: bool,
    ) -> Self {
        Self {
            schema,
            verb,
            store: store.display().to_string(),
            changed: false,
            dry_run,
            added: Vec::new(),
            removed: Vec::new(),
            unchanged: Vec::new(),
            skipped: Vec::new(),
            notes: Vec::new(),
            proven: Vec::new(),
            restored: None,
            backup: None,
            format: "",
            passes_over: false,
        }
    }

    /// Whether a server that has to be accepted is not.
    pub(crate) fn is_disproven(&self) -> bool {
        self.proven.iter().any(|proof| !proof.refused.is_empty())
    }

    /// Takes back what was to be added and removed.
    pub(crate) fn abandon(&mut self, why: &str) {
        self.removed.clear();
        self.skipped.extend(self.added.drain(..).map(|entry| CertificateSkipped {
            subject: entry.subject.unwrap_or_else(|| UNPARSED.to_owned()),
            sha256: entry.sha256,
            why: why.to_owned(),
        }));
    }

    pub(crate) fn exit(&self) -> Exit {
        let is_all_skipped = !self.changed && self.unchanged.is_empty() && !self.skipped.is_empty();
        if is_all_skipped && !self.passes_over { Exit::NotWritten } else { Exit::Yes }
    }
}

/// Writes what was done, and what is to be done next.
pub(in crate::report) fn write_change(
    change: &TrustChange,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    let would = if change.dry_run { "would be " } else { "" };
    for (what, entries) in [("removed", &change.removed), ("added", &change.added)] {
        if entries.len() > MOST_TOLD {
            writeln!(out, "{would}{what}: {} certificates", entries.len())?;
            continue;
        }
        for entry in entries {
            write_entry(&format!("{would}{what}"), entry, out)?;
        }
    }
    if change.unchanged.len() > MOST_TOLD {
        writeln!(out, "unchanged: {} certificates", change.unchanged.len())?;
    }
    for entry in change.unchanged.iter().filter(|_| change.unchanged.len() <= MOST_TOLD) {
        let subject = entry.subject.as_deref().unwrap_or(UNPARSED);
        writeln!(out, "unchanged: {subject} is already trusted as {}", printable(&entry.alias))?;
    }
    for skipped in &change.skipped {
        writeln!(err, "sslpoke: skipped {}: {}", printable(&skipped.subject), skipped.why)?;
        if !skipped.sha256.is_empty() {
            writeln!(err, "sslpoke:   SHA-256 {}", skipped.sha256)?;
        }
    }
    for proof in &change.proven {
        write_proof(proof, out, err)?;
    }
    for note in &change.notes {
        writeln!(err, "sslpoke: {}", printable(note))?;
    }
    writeln!(out, "store: {} ({})", change.store, change.format)?;
    if let Some(restored) = &change.restored {
        writeln!(out, "{would}restored: {restored}")?;
    }
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

fn write_proof(proof: &Proof, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
    let target = &proof.target;
    if proof.refused.is_empty() {
        let accepted = features(proof.accepted.iter().map(String::as_str));
        writeln!(out, "proven: {target} is accepted by Java {accepted}")?;
        if !proof.needed {
            writeln!(err, "sslpoke: {target} was accepted before; it did not need a change")?;
        }
    }
    let mut refused: Vec<(&str, Vec<&str>)> = Vec::new();
    for Refused { release, exception } in &proof.refused {
        match refused.iter_mut().find(|(held, _)| held == exception) {
            Some((_, releases)) => releases.push(release),
            None => refused.push((exception, vec![release])),
        }
    }
    for (exception, releases) in refused {
        let releases = features(releases.into_iter());
        writeln!(err, "sslpoke: {target} would still be refused by Java {releases}:")?;
        writeln!(err, "sslpoke:   {exception}")?;
    }
    Ok(())
}

/// Names feature releases where there are several.
fn features<'a>(releases: impl ExactSizeIterator<Item = &'a str>) -> String {
    let is_one = releases.len() == 1;
    let short = |release: &'a str| release.split(['.', 'u']).next().unwrap_or_default();
    let names = releases.map(|release| if is_one { release } else { short(release) });
    names.collect::<Vec<_>>().join(", ")
}

const UNPARSED: &str = "a certificate that cannot be parsed";

fn write_entry(what: &str, entry: &EntryChanged, out: &mut dyn Write) -> io::Result<()> {
    let subject = entry.subject.as_deref().unwrap_or(UNPARSED);
    writeln!(out, "{what}: {subject}")?;
    writeln!(out, "  alias    {}", printable(&entry.alias))?;
    writeln!(out, "  SHA-256  {}", entry.sha256)?;
    match &entry.not_after {
        Some(not_after) => writeln!(out, "  expires  {}", day(not_after)),
        None => Ok(()),
    }
}

/// More certificates than these are counted, not told one by one: a screen is not longer.
const MOST_TOLD: usize = 20;
