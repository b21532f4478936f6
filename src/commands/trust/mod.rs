//! `trust`: lists truststores and keeps them.

use pki_types::CertificateDer;

use crate::certificates::{Shown, fingerprint, time};
use crate::cli::{Format, TrustCommand};
use crate::report::{CertificateContents, CertificateListed, Report};
use crate::settings::Surroundings;

mod add;
mod build;
mod check;
mod convert;
mod copying;
mod diff;
pub(super) mod editing;
mod entries;
mod export;
mod list;
mod naming;
pub(super) mod opening;
mod releases;
mod remove;
mod rollback;
mod show;
pub(super) mod sieve;

pub(super) use add::{add, parse_fingerprint};

/// Does what the command says.
pub(super) fn run(
    command: &TrustCommand,
    format: Format,
    verbose: bool,
    surroundings: &Surroundings,
) -> Report {
    let answer = match command {
        TrustCommand::List(args) => list::run(args, surroundings),
        TrustCommand::Add(args) => add::run(args, surroundings),
        TrustCommand::Show(args) => show::run(args, verbose, surroundings),
        TrustCommand::Diff(args) => diff::run(args, surroundings),
        TrustCommand::Export(args) => export::run(args, format, surroundings),
        TrustCommand::Check(args) => check::run(args, surroundings),
        TrustCommand::Remove(args) => remove::run(args, surroundings),
        TrustCommand::Convert(args) => convert::run(args, surroundings),
        TrustCommand::Build(args) => build::run(args, surroundings),
        TrustCommand::Rollback(args) => rollback::run(args, surroundings),
    };
    answer.unwrap_or_else(|error| error.report())
}

fn listed(certificate: &CertificateDer<'_>) -> CertificateListed {
    let contents = Shown::of(certificate).map(|shown| {
        let (from, until) = shown.validity();
        CertificateContents {
            subject: shown.subject(),
            issuer: shown.issuer(),
            not_before: time(from),
            not_after: time(until),
        }
    });
    CertificateListed { sha256: fingerprint(certificate), contents }
}
