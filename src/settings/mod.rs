//! What Java would have been told: system properties, `java.home`, `java.security`, the trust store it would pick.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::SystemTime;

/// All that this process can look at but does not decide: read once, in `main`.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    /// The environment.
    pub(crate) variables: Vec<(OsString, OsString)>,
    /// The working directory, against which Java resolves relative paths.
    pub(crate) directory: PathBuf,
    /// The clock.
    pub(crate) now: SystemTime,
}

impl Surroundings {
    pub(crate) fn of_this_process() -> Self {
        Self {
            variables: std::env::vars_os().collect(),
            directory: std::env::current_dir().unwrap_or_default(),
            now: SystemTime::now(),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sourced<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

/// Where a value came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    /// A `-D` argument on the command line.
    CommandLine,
    /// An option of ours.
    Option(&'static str),
    /// An environment variable: `JAVA_HOME`, `JAVA_TOOL_OPTIONS` and so on.
    Variable(&'static str),
    /// A file.
    File(PathBuf),
    /// What is built in.
    BuiltIn,
}
