//! SSLPoke without Java, and what Java would have said.
//!
//! ```text
//! cli ──▶ settings ──▶ commands ──▶ report ──▶ stdout, stderr, exit code
//! ```

use std::io;
use std::process::ExitCode;

use crate::cli::{Args, Colour, Command, Invocation};
use crate::report::Screen;
use crate::settings::Surroundings;

mod certificates;
mod cli;
mod commands;
mod diagnosis;
mod explain;
mod java;
mod machine;
mod report;
mod settings;

fn main() -> ExitCode {
    let surroundings = Surroundings::of_this_process();
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let (exit_code, told) = match cli::parse(std::env::args_os()) {
        Invocation::Told(text) => (text.exit_code(), text.print()),
        Invocation::Classic(line) => {
            let report = commands::classic(&line, &surroundings);
            // SSLPoke ends with 0 or 1, and scripts know no other code of it.
            let exit_code = report.exit_code().min(1);
            (
                exit_code,
                report::write(&report, line.options.format, Screen::PLAIN, &mut out, &mut err),
            )
        }
        Invocation::Verb(args) => {
            let report = commands::run(&args, &surroundings, &mut out);
            let screen = screen(&args, &surroundings);
            (report.exit_code(), report::write(&report, args.format, screen, &mut out, &mut err))
        }
    };
    match told {
        Ok(()) => ExitCode::from(exit_code),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}

/// Returns where the report is shown; `NO_COLOR` (no-color.org) and `--color` say whether in colours.
fn screen(args: &Args, surroundings: &Surroundings) -> Screen {
    let seen = Screen::of_standard_output();
    let wanted = match &args.command {
        Command::Judge(judge) => judge.color,
        Command::Doctor(doctor) => doctor.color,
        Command::Explain(explain) => explain.color,
        Command::Runtimes(runtimes) => runtimes.color,
        Command::Scan(scan) => scan.color,
        Command::Poke(_) | Command::Trust(_) | Command::Upgrade(_) | Command::Demo(_) => {
            Colour::Auto
        }
    };
    let is_barred = surroundings.variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = match wanted {
        Colour::Auto => seen.colour && !is_barred,
        Colour::Always => true,
        Colour::Never => false,
    };
    Screen { colour, ..seen }
}
