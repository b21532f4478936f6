//! The classic line: what `java` would take, or `HOST PORT`.

use std::ffi::OsString;

/// A line as `java` takes it.
#[derive(Debug)]
pub(crate) struct ClassicLine {
    /// The class's arguments.
    pub(crate) arguments: Vec<String>,
}

impl ClassicLine {
    /// Recognises a classic line, `words` beginning with the program's own name.
    pub(crate) fn recognise(words: &[OsString]) -> Option<Self> {
        let _ = words;
        None
    }
}
