//! Entries of a store with all that their certificates say.

use std::io::{self, Write};

use serde::Serialize;

use super::{CertificateListed, StoreListed, day};
use crate::certificates::{Details, printable};

/// Entries of a store with all that their certificates say.
#[derive(Debug, Serialize)]
pub(crate) struct TrustShow {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) store: StoreListed,
    pub(crate) entries: Vec<EntryShown>,
    /// Whether the text holds the PEM, too.
    #[serde(skip)]
    pub(crate) with_pem: bool,
}

/// An entry.
#[derive(Debug, Serialize)]
pub(crate) struct EntryShown {
    pub(crate) alias: String,
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created: Option<String>,
    pub(crate) trusted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<&'static str>,
    /// The certificate, or the chain with the end entity's first.
    pub(crate) certificates: Vec<CertificateShown>,
}

/// A certificate.
#[derive(Debug, Serialize)]
pub(crate) struct CertificateShown {
    #[serde(flatten)]
    pub(crate) listed: CertificateListed,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) days_left: Option<i64>,
    #[serde(flatten)]
    pub(crate) details: Option<Details>,
    pub(crate) pem: String,
}

/// Writes entries, a fact a line.
pub(in crate::report) fn write_show(show: &TrustShow, out: &mut dyn Write) -> io::Result<()> {
    for (place, entry) in show.entries.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        write_entry(entry, show.with_pem, out)?;
    }
    Ok(())
}

fn write_entry(entry: &EntryShown, with_pem: bool, out: &mut dyn Write) -> io::Result<()> {
    line("alias", &entry.alias, out)?;
    line("kind", &entry.kind.replace('-', " "), out)?;
    if let Some(created) = &entry.created {
        line("created", created, out)?;
    }
    match (entry.trusted, entry.why) {
        (true, _) => line("trusted", "yes", out)?,
        (false, Some(why)) => line("trusted", &format!("no: {why}"), out)?,
        (false, None) => line("trusted", "no", out)?,
    }
    let count = entry.certificates.len();
    for (place, certificate) in entry.certificates.iter().enumerate() {
        if entry.kind == "private-key" {
            writeln!(out, "certificate {} of {count}", place + 1)?;
        }
        write_certificate(certificate, out)?;
        if with_pem {
            write!(out, "{}", certificate.pem)?;
        }
    }
    Ok(())
}

fn write_certificate(certificate: &CertificateShown, out: &mut dyn Write) -> io::Result<()> {
    if let Some(contents) = &certificate.listed.contents {
        let own = certificate.details.as_ref().is_some_and(|details| details.self_signed);
        line("subject", &contents.subject, out)?;
        line("issuer", if own { "itself (self-signed)" } else { &contents.issuer }, out)?;
        let (from, until) = (day(&contents.not_before), day(&contents.not_after));
        let left = certificate.days_left.map_or_else(String::new, left);
        line("valid", &format!("{from} to {until}{left}"), out)?;
    } else {
        line("subject", "? (the certificate cannot be parsed)", out)?;
    }
    line("SHA-256", &certificate.listed.sha256, out)?;
    certificate.details.iter().try_for_each(|details| write_details(details, out))
}

fn left(days: i64) -> String {
    match days {
        0 => " (expires today)".to_owned(),
        1 => " (1 day left)".to_owned(),
        2.. => format!(" ({days} days left)"),
        -1 => " (expired 1 day ago)".to_owned(),
        _ => format!(" (expired {} days ago)", days.unsigned_abs()),
    }
}

fn write_details(details: &Details, out: &mut dyn Write) -> io::Result<()> {
    line("SHA-1", &details.sha1, out)?;
    line("serial", &details.serial, out)?;
    line("version", &details.version.to_string(), out)?;
    line("key", &details.key.to_string(), out)?;
    line("signature", &details.signature_algorithm, out)?;
    match (details.ca, details.path_length) {
        (false, _) if details.version < 3 => line("CA", "its version cannot say", out)?,
        (true, Some(length)) => line("CA", &format!("yes, path length {length}"), out)?,
        (true, None) => line("CA", "yes", out)?,
        (false, _) => line("CA", "no", out)?,
    }
    let usages = details.key_usage.join(", ");
    for (name, text) in [
        ("key usage", usages.as_str()),
        ("extended", &details.extended_key_usage.join(", ")),
        ("names", &details.alternative_names.join(", ")),
        ("key id", details.subject_key_identifier.as_deref().unwrap_or_default()),
        ("issuer's id", details.authority_key_identifier.as_deref().unwrap_or_default()),
    ] {
        if !text.is_empty() {
            line(name, text, out)?;
        }
    }
    Ok(())
}

fn line(name: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{name:<12} {}", printable(text))
}
