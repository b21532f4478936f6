//! What two stores have in common, and what not.

use std::io::{self, Write};

use serde::Serialize;

use super::{CertificateListed, StoreListed, columns, day};
use crate::report::Exit;

/// What two stores have in common, and what not.
#[derive(Debug, Serialize)]
pub(crate) struct TrustDiff {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) a: Option<StoreListed>,
    pub(crate) b: Option<StoreListed>,
    /// Whether Java trusts the same certificates by both.
    pub(crate) same: bool,
    pub(crate) only_a: Vec<CertificateCompared>,
    pub(crate) only_b: Vec<CertificateCompared>,
    /// In both, but trusted by one only.
    pub(crate) trust: Vec<CertificateCompared>,
    /// In both under other aliases.
    pub(crate) renamed: Vec<CertificateCompared>,
    /// How many certificates are in both under the same aliases.
    pub(crate) unchanged: usize,
}

/// A certificate, with what each store has of it.
#[derive(Debug, Serialize)]
pub(crate) struct CertificateCompared {
    #[serde(flatten)]
    pub(crate) listed: CertificateListed,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aliases_a: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) aliases_b: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trusted_a: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trusted_b: Option<bool>,
}

impl TrustDiff {
    /// Nothing has been compared yet.
    pub(crate) fn new(schema: &'static str, verb: &'static str) -> Self {
        Self {
            schema,
            verb,
            a: None,
            b: None,
            same: true,
            only_a: Vec::new(),
            only_b: Vec::new(),
            trust: Vec::new(),
            renamed: Vec::new(),
            unchanged: 0,
        }
    }

    pub(crate) fn exit(&self) -> Exit {
        if self.same { Exit::Yes } else { Exit::No }
    }
}

/// Writes what differs, a line a certificate.
pub(in crate::report) fn write_diff(diff: &TrustDiff, out: &mut dyn Write) -> io::Result<()> {
    for (mark, store) in [("---", &diff.a), ("+++", &diff.b)] {
        if let Some(StoreListed { path, kind, protection }) = store {
            writeln!(out, "{mark} {path}: {kind}, {protection}")?;
        }
    }
    let both = diff.only_a.iter().map(|held| ("-", held));
    let both = both.chain(diff.only_b.iter().map(|held| ("+", held)));
    let rows: Vec<Vec<String>> = both
        .chain(diff.trust.iter().map(|held| ("!", held)))
        .chain(diff.renamed.iter().map(|held| ("~", held)))
        .map(|(mark, held)| row(mark, held))
        .collect();
    columns(&rows, out)?;
    let unchanged = diff.unchanged + diff.renamed.len();
    let plural = if unchanged == 1 { "" } else { "s" };
    let verdict = if diff.same { "Java trusts the same by both" } else { "they differ" };
    writeln!(out, "{unchanged} certificate{plural} in both; {verdict}")
}

fn row(mark: &str, held: &CertificateCompared) -> Vec<String> {
    let contents = held.listed.contents.as_ref();
    let until = contents.map_or("?", |contents| day(&contents.not_after));
    let subject = contents.map_or("? (cannot be parsed)", |contents| &contents.subject);
    vec![
        mark.to_owned(),
        held.listed.sha256.chars().take(16).collect(),
        format!("until {until}"),
        aliases(held),
        format!("{subject}{}", trust(held)),
    ]
}

fn aliases(held: &CertificateCompared) -> String {
    let joined = |aliases: &Option<Vec<String>>| aliases.as_ref().map(|held| held.join(", "));
    match (joined(&held.aliases_a), joined(&held.aliases_b)) {
        (Some(a), Some(b)) if a != b => format!("{a} → {b}"),
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) => String::new(),
    }
}

fn trust(held: &CertificateCompared) -> &'static str {
    match (held.trusted_a, held.trusted_b) {
        (Some(true), Some(false)) => " (trusted by the first, not by the second)",
        (Some(false), Some(true)) => " (not trusted by the first, but by the second)",
        (Some(false), None | Some(false)) | (None, Some(false)) => " (not trusted)",
        (Some(true), None | Some(true)) | (None, _) => "",
    }
}
