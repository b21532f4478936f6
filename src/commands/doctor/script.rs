//! The line of a start script that names the store which is not there.

use std::path::Path;

use super::Visit;
use crate::diagnosis::{Script, restart};
use crate::settings::TRUST_STORE;

/// Looks for that line, if a store was passed over.
pub(super) fn of_store(visit: &Visit<'_>) -> Option<Script> {
    let told = visit.client.trust_store.passed_over.as_ref()?;
    let started = visit.started?;
    let line = started.script_line(TRUST_STORE)?;
    let is_there = || started.seen.absolute(Path::new(&line.value)).is_file();
    let is_corrected = line.value != told.path && is_there();
    let restart = started.process.as_ref().map(|_| restart(started));
    Some(Script { line, is_corrected, restart })
}
