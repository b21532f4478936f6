//! Certificates of a store, as PEM.

use std::io::{self, Write};

use serde::Serialize;

use super::{CertificateListed, StoreListed, day};
use crate::certificates::printable;
use crate::cli::Format;

/// Certificates of a store.
#[derive(Debug, Serialize)]
pub(crate) struct TrustExport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) store: StoreListed,
    pub(crate) certificates: Vec<CertificateExported>,
    /// The file that was written instead of standard output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<String>,
}

/// A certificate, with the aliases that it has.
#[derive(Debug, Serialize)]
pub(crate) struct CertificateExported {
    pub(crate) aliases: Vec<String>,
    pub(crate) trusted: bool,
    #[serde(flatten)]
    pub(crate) listed: CertificateListed,
    pub(crate) pem: String,
}

impl TrustExport {
    /// Returns the certificates as they stand in a file.
    pub(crate) fn bytes(&self, format: Format) -> Vec<u8> {
        if is_for_people(format) {
            return self.certificates.iter().map(block).collect::<String>().into_bytes();
        }
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// Writes the certificates, or says where they are.
pub(in crate::report) fn write_export(
    export: &TrustExport,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    let count = export.certificates.len();
    match &export.output {
        Some(output) if is_for_people(format) => {
            let plural = if count == 1 { "" } else { "s" };
            writeln!(out, "{count} certificate{plural} written to {output}")
        }
        Some(_) | None => out.write_all(&export.bytes(format)),
    }
}

fn is_for_people(format: Format) -> bool {
    matches!(format, Format::Text | Format::Pem)
}

/// A line that says what it is, and the certificate. Whatever the names hold, no reader may take the line for the
/// beginning of a block.
fn block(certificate: &CertificateExported) -> String {
    let mut line = format!("# {}", certificate.aliases.join(", "));
    if let Some(contents) = &certificate.listed.contents {
        line.push_str(&format!(" | {} | until {}", contents.subject, day(&contents.not_after)));
    }
    format!("{}\n{}", printable(&line).replace("BEGIN ", "BEGIN_"), certificate.pem)
}
