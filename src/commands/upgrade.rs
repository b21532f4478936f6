//! `upgrade`: what an upgrade of Java took out of the truststore, and own roots carried over.

use crate::cli::UpgradeCommand;
use crate::report::{Exit, Report};
use crate::settings::Surroundings;

/// Does what the command says.
pub(super) fn run(command: &UpgradeCommand, surroundings: &Surroundings) -> Report {
    let _ = surroundings;
    match command {
        UpgradeCommand::Check(_) | UpgradeCommand::Migrate(_) => {
            Report::Unasked { error: "not built yet".to_owned(), exit: Exit::Usage }
        }
    }
}
