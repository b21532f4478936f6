//! `explain`: reads logs and groups the failures in them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::cli::ExplainArgs;
use crate::explain::{self, Explained, JiraVersion};
use crate::report::{Exit, ExplainReport, Report};
use crate::settings::Surroundings;

/// Why nothing was explained.
#[derive(Debug, thiserror::Error)]
enum ExplainError {
    #[error("{path}: {error}")]
    Read { path: String, error: io::Error },
    #[error("--jira-version {0:?}: a version such as 9.4.6 is wanted")]
    Version(String),
}

/// Explains the files that are named.
pub(super) fn run(args: &ExplainArgs, surroundings: &Surroundings) -> Report {
    let told = match args.jira_version.as_deref().map(|text| (text, JiraVersion::parse(text))) {
        Some((text, None)) => {
            return Report::unasked(&ExplainError::Version(text.to_owned()), Exit::Usage);
        }
        Some((_, version)) => version,
        None => None,
    };
    match read(args, surroundings) {
        Ok(explained) => {
            Report::Explained(ExplainReport::new(&explained, told, args.fail_on_known))
        }
        Err(error) => Report::unasked(&error, Exit::Unreadable),
    }
}

fn read(args: &ExplainArgs, surroundings: &Surroundings) -> Result<Explained, ExplainError> {
    let mut explanation = explain::Explanation::new(surroundings.milliseconds())
        .map_err(|error| ExplainError::Read { path: "explain".to_owned(), error })?;
    let of = |path: &str| {
        let path = path.to_owned();
        |error| ExplainError::Read { path, error }
    };
    if args.files.is_empty() {
        explanation.read(&mut io::stdin().lock()).map_err(of("standard input"))?;
    }
    for file in &args.files {
        if file == "-" {
            explanation.read(&mut io::stdin().lock()).map_err(of("standard input"))?;
            continue;
        }
        let path = surroundings.absolute(Path::new(file));
        let named = file.to_string_lossy();
        let mut opened: Box<dyn Read> = Box::new(File::open(&path).map_err(of(&named))?);
        explanation.read(&mut opened).map_err(of(&named))?;
    }
    Ok(explanation.finish())
}
