//! `upgrade`: what an upgrade of Java took out of the truststore, or will do to endpoints; own roots carried over.

mod check;
mod endpoints;
mod installed;
mod migrate;
mod plan;
mod stores;

use crate::cli::UpgradeCommand;
use crate::report::Report;
use crate::settings::Surroundings;

/// Does what the command says.
pub(super) fn run(command: &UpgradeCommand, surroundings: &Surroundings) -> Report {
    let answer = match command {
        UpgradeCommand::Check(args) if !args.targets.is_empty() => {
            return endpoints::run(args, surroundings);
        }
        UpgradeCommand::Check(args) => check::run(args, surroundings),
        UpgradeCommand::Migrate(args) => migrate::run(args, surroundings),
    };
    answer.unwrap_or_else(|error| error.report())
}
