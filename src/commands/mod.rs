//! One verb per file. A command gathers, asks the libraries and returns a report; it never prints.

use std::io::Write;

use crate::cli::{Args, ClassicLine, Command};
use crate::report::{Exit, Report};
use crate::settings::Surroundings;

/// Runs the verb that was asked for. `out` is for verbs that answer as they go: `judge --jsonl` and `demo`.
pub(crate) fn run(args: &Args, surroundings: &Surroundings, out: &mut dyn Write) -> Report {
    let _ = (surroundings, out);
    match &args.command {
        Command::Poke(_) | Command::Judge(_) | Command::Trust(_) | Command::Demo(_) => {
            Report::Streamed { exit: Exit::Undetermined }
        }
    }
}

/// Pokes as the classic line says.
pub(crate) fn classic(line: &ClassicLine, surroundings: &Surroundings) -> Report {
    let _ = (&line.arguments, surroundings);
    Report::Streamed { exit: Exit::Undetermined }
}
