//! One verb per file. A command gathers, asks the libraries and returns a report; it never prints.

use std::io::Write;

use crate::cli::{Args, ClassicLine, Command, Format};
use crate::report::Report;
use crate::settings::Surroundings;

mod asked;
mod at_once;
mod client;
mod demo;
mod doctor;
mod explain;
mod handshake;
mod judge;
mod looks;
mod meant;
mod poke;
mod poke_report;
mod runtimes;
mod saved_chain;
mod scan;
mod seen;
mod stores;
mod tree;
mod trust;
mod upgrade;

/// Runs the verb that was asked for. `out` is for verbs that answer as they go: `judge --jsonl` and `demo`.
pub(crate) fn run(args: &Args, surroundings: &Surroundings, out: &mut dyn Write) -> Report {
    match &args.command {
        Command::Poke(poke) => {
            let tell = asked::Tell {
                explains: !args.quiet,
                looks: !args.quiet && poke.runtime.names_all(),
                provenance: args.verbose,
                chain: args.format == Format::Json,
                as_java: false,
            };
            poke::run(poke, tell, surroundings)
        }
        Command::Scan(scan) => scan::run(scan, !args.quiet, surroundings),
        Command::Doctor(doctor) => doctor::run(doctor, args, surroundings, out),
        Command::Judge(args) => judge::run(args, surroundings, out),
        Command::Explain(args) => explain::run(args, surroundings),
        Command::Trust(command) => trust::run(command, args.format, args.verbose, surroundings),
        Command::Upgrade(command) => upgrade::run(command, surroundings),
        Command::Runtimes(args) => runtimes::run(args, surroundings),
        Command::Demo(demo) => demo::run(demo, args.format, surroundings, out),
    }
}

/// Pokes as the classic line says.
pub(crate) fn classic(line: &ClassicLine, surroundings: &Surroundings) -> Report {
    poke::classic(line, surroundings)
}
