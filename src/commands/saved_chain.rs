//! `--save-chain`: what servers showed, as PEM.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pki_types::CertificateDer;

use crate::certificates::{Shown, pem, printable};
use crate::cli::Target;
use crate::diagnosis::{Finding, chain_not_saved};
use crate::report::Exit;

/// Writes the certificates of all targets to one file, each under a line that says whose it is; returns why there is no file.
pub(super) fn save<'a>(
    path: &Path,
    chains: impl Iterator<Item = (&'a Target, &'a Vec<CertificateDer<'static>>)>,
) -> Option<(Exit, Finding)> {
    let mut text = String::new();
    for (target, chain) in chains {
        for (certificate, number) in chain.iter().zip(1..) {
            let subject = Shown::of(certificate).map(|shown| shown.subject()).unwrap_or_default();
            let whose = format!("{}:{}, {number}: {subject}", target.host, target.port);
            let _ = write!(text, "# {}\n{}", printable(&whose), pem(certificate));
        }
    }
    if text.is_empty() {
        return Some((Exit::Yes, chain_not_saved(path, None)));
    }
    let error = fs::write(path, text).err()?;
    Some((Exit::NotWritten, chain_not_saved(path, Some(&error))))
}
