//! SSLPoke without Java, and what Java would have said.
//!
//! ```text
//! cli ──▶ settings ──▶ commands ──▶ report ──▶ stdout, stderr, exit code
//! ```

use std::io;
use std::process::ExitCode;

use crate::cli::Invocation;
use crate::settings::Surroundings;

mod certificates;
mod cli;
mod commands;
mod diagnosis;
mod java;
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
            (exit_code, report::write(&report, line.options.format, &mut out, &mut err))
        }
        Invocation::Verb(args) => {
            let report = commands::run(&args, &surroundings, &mut out);
            (report.exit_code(), report::write(&report, args.format, &mut out, &mut err))
        }
    };
    match told {
        Ok(()) => ExitCode::from(exit_code),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(2),
    }
}
