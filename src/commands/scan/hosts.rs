//! The targets of a scan: words of the line, and lists of hosts.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::certificates::text_of;
use crate::cli::{Listed, Target, TargetError, targets, targets_and_files};
use crate::settings::Surroundings;

/// No list is longer, in bytes.
const LONGEST_LIST: u64 = 4 << 20;

/// So many servers are scanned by one run.
const MOST_TARGETS: usize = 10_000;

/// Why the targets are not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum HostsError {
    #[error(transparent)]
    Word(#[from] TargetError),
    #[error(
        "{0}: neither a target with a port, such as {0}:443, nor a file with one target a line"
    )]
    Neither(String),
    #[error("{0}")]
    Unreadable(String, #[source] io::Error),
    #[error("{0}: longer than 4 MiB, or no text; a file with one target a line is wanted")]
    NoText(String),
    #[error("{file}, line {number}: {why}")]
    Line { file: String, number: usize, why: String },
    #[error("no target is named")]
    None,
    #[error("{0} targets: one run scans up to {MOST_TARGETS}; split the list")]
    TooMany(usize),
}

impl HostsError {
    /// Returns whether a file is there that could not be read.
    pub(super) fn is_about_reading(&self) -> bool {
        matches!(self, Self::Unreadable(..))
    }
}

/// Returns all targets in their order, each once.
pub(super) fn targets_of(
    words: &[String],
    surroundings: &Surroundings,
) -> Result<Vec<Target>, HostsError> {
    let mut found = Vec::new();
    for listed in targets_and_files(words)? {
        match listed {
            Listed::Target(target) => found.push(target),
            Listed::File(file) => found.extend(of_file(&file, surroundings)?),
        }
    }
    let mut seen = HashSet::new();
    found.retain(|target| seen.insert(target.to_string()));
    match found.len() {
        0 => Err(HostsError::None),
        count if count > MOST_TARGETS => Err(HostsError::TooMany(count)),
        _ => Ok(found),
    }
}

fn of_file(file: &str, surroundings: &Surroundings) -> Result<Vec<Target>, HostsError> {
    let bytes = read(file, surroundings).map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            return HostsError::Neither(file.to_owned());
        }
        HostsError::Unreadable(file.to_owned(), error)
    })?;
    let is_short = u64::try_from(bytes.len()).is_ok_and(|length| length <= LONGEST_LIST);
    let text = text_of(&bytes).filter(|_| is_short);
    let text = text.ok_or_else(|| HostsError::NoText(file.to_owned()))?;
    let mut found = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let target = of_line(line).map_err(|why| {
            let file = if file == "-" { "standard input" } else { file }.to_owned();
            HostsError::Line { file, number, why }
        })?;
        found.extend(target);
    }
    Ok(found)
}

fn read(file: &str, surroundings: &Surroundings) -> io::Result<Vec<u8>> {
    let input: Box<dyn Read> = match file {
        "-" => Box::new(io::stdin()),
        file => Box::new(File::open(surroundings.absolute(Path::new(file)))?),
    };
    let mut bytes = Vec::new();
    input.take(LONGEST_LIST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a line: one target, or none where it is empty or a comment.
fn of_line(line: &str) -> Result<Option<Target>, String> {
    let words: Vec<String> = line
        .split_whitespace()
        .take_while(|word| !word.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let mut found = targets(&words).map_err(|error| error.to_string())?;
    match found.len() {
        0 | 1 => Ok(found.pop()),
        several => Err(format!("{several} targets; one a line is wanted")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_target_or_nothing() {
        for (line, expected) in [
            ("a.example:443", Ok(Some("a.example:443"))),
            ("\ta.example  443 # the old one", Ok(Some("a.example:443"))),
            ("https://a.example/#x", Ok(Some("a.example:443"))),
            ("smtp://a.example", Ok(Some("smtp://a.example:25"))),
            ("  ", Ok(None)),
            ("# a.example:443", Ok(None)),
            ("#a.example:443", Ok(None)),
            ("a.example:443 b.example:443", Err("2 targets; one a line is wanted")),
        ] {
            let shown = of_line(line).map(|target| target.map(|it| it.to_string()));
            assert_eq!(
                shown,
                expected.map(|it| it.map(str::to_owned)).map_err(str::to_owned),
                "{line}"
            );
        }
        assert!(of_line("a.example").is_err_and(|why| why.contains("a port is wanted")));
    }
}
