//! The command line of `explain`.

use std::ffi::OsString;

use super::Colour;

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// Logs, or messages in a file; `-`, or none, is standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<OsString>,
    /// End with 1 if something was found
    #[arg(long)]
    pub(crate) fail_on_known: bool,
    /// The version of Jira, where the log does not have it: says whether its session token bug is there
    #[arg(long, value_name = "VERSION")]
    pub(crate) jira_version: Option<String>,
    /// When the report has colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
}
