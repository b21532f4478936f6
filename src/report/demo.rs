//! What is told of the demo.

use serde::Serialize;

/// How the story went.
#[derive(Debug, Serialize)]
pub(crate) struct DemoReport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    /// Whether every step went as it should.
    pub(crate) as_told: bool,
    pub(crate) steps: Vec<DemoStep>,
    /// Where the files were left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kept: Option<String>,
}

/// One command and what came of it.
#[derive(Debug, Serialize)]
pub(crate) struct DemoStep {
    pub(crate) command: String,
    pub(crate) output: String,
    pub(crate) exit_code: u8,
    pub(crate) as_told: bool,
}
