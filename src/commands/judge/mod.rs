//! `judge`: what Java would say of a chain, without a connection.

use std::io::{self, Write};

use java_pkix::{JavaRelease, Rules};

use crate::cli::JudgeArgs;
use crate::report::{Exit, Report};
use crate::settings::{Settings, Surroundings};

mod case;
mod chain;
mod differences;
mod jsonl;
mod told;

/// Judges what the arguments name.
pub(super) fn run(args: &JudgeArgs, surroundings: &Surroundings, out: &mut dyn Write) -> Report {
    let settings = match Settings::of_options(&args.runtime.of_one(), surroundings) {
        Ok(settings) => settings,
        Err(error) => return Report::unasked(&error, Exit::Usage),
    };
    if !args.jsonl {
        return chain::run(args, &settings, surroundings);
    }
    let rules = if args.runtime.names_all() {
        JavaRelease::RECORDED.into_iter().map(Rules::built_in).collect()
    } else {
        vec![settings.rules()]
    };
    match jsonl::run(&rules, &mut io::stdin().lock(), out) {
        Ok(exit) => Report::Streamed { exit },
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Report::Streamed { exit: Exit::Yes }
        }
        Err(error) => Report::unasked(&error, Exit::Unreadable),
    }
}
