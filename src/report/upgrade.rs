//! What is told of an upgrade of Java.

use std::io::{self, Write};

use serde::Serialize;

use super::Exit;
use super::trust::{CertificateSkipped, EntryChanged, TrustChange, day, write_change};

/// An entry that was left alone.
#[derive(Debug, Serialize)]
pub(crate) struct EntryLeft {
    #[serde(flatten)]
    pub(crate) entry: EntryChanged,
    pub(crate) why: String,
}

/// Which own roots the new store lacks.
#[derive(Debug, Serialize)]
pub(crate) struct UpgradeCheck {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) old: String,
    pub(crate) new: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) base: Option<String>,
    /// Own roots that the new store lacks.
    pub(crate) missing: Vec<EntryChanged>,
    /// Own roots that it has.
    pub(crate) present: Vec<EntryChanged>,
    pub(crate) skipped: Vec<CertificateSkipped>,
    pub(crate) not_resurrected: Vec<EntryLeft>,
    pub(crate) ambiguous: Vec<EntryLeft>,
    /// How many roots the new Java brought; known only with the base.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vendor_added: Option<usize>,
}

/// Own roots that were carried over.
#[derive(Debug, Serialize)]
pub(crate) struct UpgradeMigrated {
    #[serde(flatten)]
    pub(crate) change: TrustChange,
    pub(crate) not_resurrected: Vec<EntryLeft>,
    pub(crate) ambiguous: Vec<EntryLeft>,
    /// What was not written because the ambiguous ones are to be decided about first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) waiting: Vec<EntryChanged>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vendor_added: Option<usize>,
}

/// Whether the store of a Java installation is the one that it came with.
#[derive(Debug, Serialize)]
pub(crate) struct UpgradeInstalled {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) java_home: String,
    /// `JAVA_VERSION`, `JAVA_VERSION_DATE` and `IMPLEMENTOR` of the `release` file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) release_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) vendor: Option<String>,
    pub(crate) store: String,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) protection: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) base: Option<String>,
    /// Whether the store is older than the installation; none: it cannot be known.
    pub(crate) is_older: Option<bool>,
    /// What speaks for that, or against.
    pub(crate) evidence: Vec<String>,
    /// Roots of the vendor that the store lacks; known only with the base.
    pub(crate) missing: Vec<EntryChanged>,
    /// Public roots in it that the vendor does not ship (any more); known only with the base.
    pub(crate) removed: Vec<EntryChanged>,
    /// Roots that are the organisation's own.
    pub(crate) own: Vec<EntryChanged>,
    pub(crate) remedy: Vec<String>,
}

impl UpgradeCheck {
    pub(crate) fn exit(&self) -> Exit {
        let is_fine = self.missing.is_empty() && self.ambiguous.is_empty();
        if is_fine { Exit::Yes } else { Exit::No }
    }
}

impl UpgradeMigrated {
    pub(crate) fn exit(&self) -> Exit {
        if self.ambiguous.is_empty() { Exit::Yes } else { Exit::NotWritten }
    }
}

impl UpgradeInstalled {
    pub(crate) fn exit(&self) -> Exit {
        if self.is_older == Some(true) { Exit::No } else { Exit::Yes }
    }
}

pub(super) fn write_check(
    check: &UpgradeCheck,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    for entry in &check.missing {
        write_entry("missing", entry, None, out)?;
    }
    for entry in &check.present {
        write_entry("present", entry, None, out)?;
    }
    write_left(&check.ambiguous, &check.not_resurrected, out)?;
    write_skipped(&check.skipped, err)?;
    let (missing, present) = (check.missing.len(), check.present.len());
    write!(out, "{} lacks {missing} own roots and has {present}", check.new)?;
    match check.vendor_added {
        Some(added) => writeln!(out, "; the new Java brought {added} of its own")?,
        None => writeln!(out)?,
    }
    if missing > 0 || !check.ambiguous.is_empty() {
        writeln!(out, "next: sslpoke upgrade migrate --old {} --new {}", check.old, check.new)?;
    }
    write_hint(&check.ambiguous, err)
}

pub(super) fn write_migrated(
    migrated: &UpgradeMigrated,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    for entry in &migrated.waiting {
        write_entry("not written yet", entry, None, out)?;
    }
    write_left(&migrated.ambiguous, &migrated.not_resurrected, out)?;
    write_change(&migrated.change, out, err)?;
    write_hint(&migrated.ambiguous, err)
}

pub(super) fn write_installed(installed: &UpgradeInstalled, out: &mut dyn Write) -> io::Result<()> {
    let UpgradeInstalled { store, kind, protection, .. } = installed;
    writeln!(out, "{store}: {kind}, {protection}")?;
    let of = |part: &Option<String>| part.clone().unwrap_or_else(|| "?".to_owned());
    let (release, day, vendor) =
        (of(&installed.release), of(&installed.release_date), of(&installed.vendor));
    writeln!(out, "{}: Java {release} of {day}, {vendor}", installed.java_home)?;
    for (what, entries) in [
        ("missing", &installed.missing),
        ("not shipped any more", &installed.removed),
        ("own", &installed.own),
    ] {
        entries.iter().try_for_each(|entry| write_entry(what, entry, None, out))?;
    }
    let verdict = match installed.is_older {
        Some(true) => "this store is older than the JRE:",
        Some(false) => "this store is the one that the JRE came with, or newer:",
        None => "whether this store is the one that the JRE came with is not known:",
    };
    writeln!(out, "{verdict}")?;
    installed.evidence.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    installed.remedy.iter().try_for_each(|line| writeln!(out, "> {line}"))
}

fn write_left(
    ambiguous: &[EntryLeft],
    not_resurrected: &[EntryLeft],
    out: &mut dyn Write,
) -> io::Result<()> {
    for left in ambiguous {
        write_entry("ambiguous", &left.entry, Some(&left.why), out)?;
    }
    for left in not_resurrected {
        write_entry("left to the vendor", &left.entry, Some(&left.why), out)?;
    }
    Ok(())
}

fn write_hint(ambiguous: &[EntryLeft], err: &mut dyn Write) -> io::Result<()> {
    if ambiguous.is_empty() {
        return Ok(());
    }
    writeln!(
        err,
        "sslpoke: whose the ambiguous ones are cannot be told: --base STORE names what the old Java came with, \
         or --include-ambiguous carries them over, too"
    )
}

fn write_skipped(skipped: &[CertificateSkipped], err: &mut dyn Write) -> io::Result<()> {
    for one in skipped {
        writeln!(err, "sslpoke: skipped {}: {}", one.subject, one.why)?;
    }
    Ok(())
}

fn write_entry(
    what: &str,
    entry: &EntryChanged,
    why: Option<&str>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let subject = entry.subject.as_deref().unwrap_or("a certificate that cannot be parsed");
    write!(out, "{what}: {subject}")?;
    if let Some(not_after) = &entry.not_after {
        write!(out, " (until {})", day(not_after))?;
    }
    writeln!(out, "\n  {}  {}", entry.sha256, entry.alias)?;
    why.iter().try_for_each(|why| writeln!(out, "  {why}"))
}
