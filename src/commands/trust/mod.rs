//! `trust`: lists truststores and keeps them.

use pki_types::CertificateDer;

use crate::certificates::{Shown, fingerprint, time};
use crate::cli::TrustCommand;
use crate::report::{CertificateContents, CertificateListed, Report};
use crate::settings::Surroundings;

mod add;
mod check;
mod editing;
mod list;
mod opening;
mod sieve;

use opening::TrustError;

/// Does what the command says.
pub(super) fn run(command: &TrustCommand, surroundings: &Surroundings) -> Report {
    let answer = match command {
        TrustCommand::List(args) => list::run(args, surroundings),
        TrustCommand::Add(args) => add::run(args, surroundings),
        TrustCommand::Check(args) => check::run(args, surroundings),
        TrustCommand::Show(_)
        | TrustCommand::Remove(_)
        | TrustCommand::Diff(_)
        | TrustCommand::Export(_)
        | TrustCommand::Convert(_)
        | TrustCommand::Build(_)
        | TrustCommand::Rollback(_) => Err(TrustError::Usage("not built yet".to_owned())),
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
