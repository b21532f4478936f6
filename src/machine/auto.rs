//! `--pid auto`: the JVM of Jira, else that of another product, else the only one.

use std::time::SystemTime;

use super::proc::Proc;
use super::{MachineError, Started, process};

/// Returns all JVMs that run here, in the order of their numbers.
pub(super) fn running(proc: &Proc, now: SystemTime) -> Vec<Result<Started, MachineError>> {
    let numbers = process::machines(proc).into_iter();
    numbers.map(|number| process::started(proc, number, now)).collect()
}

/// Chooses the JVM that is most likely to be meant.
pub(super) fn choose(running: Vec<Result<Started, MachineError>>) -> Result<Started, MachineError> {
    let (mut found, mut hidden) = (Vec::new(), Vec::new());
    for held in running {
        match held {
            Ok(started) => found.push(started),
            Err(MachineError::Hidden { number }) => hidden.push(number),
            // it ended while it was looked at
            Err(_) => {}
        }
    }
    let rank = |started: &Started| started.product.as_ref().map(|product| product.kind);
    let best = found.iter().filter_map(rank).min();
    let (chosen, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|started| best.is_none() || rank(started) == best);
    let mut chosen = chosen.into_iter();
    match (chosen.next(), chosen.next(), hidden.as_slice()) {
        (None, ..) if !hidden.is_empty() => Err(MachineError::NoneRuns(
            " that this user may look at; there are some of other users: ask as root",
        )),
        (None, ..) => Err(MachineError::NoneRuns("")),
        (Some(only), None, _) if best.is_some() => Ok(only),
        (Some(only), None, []) => Ok(only),
        (Some(first), second, hidden) => {
            let named = [first].into_iter().chain(second).chain(chosen).chain(others);
            let mut lines: Vec<String> = named.map(|started| started.in_one_line()).collect();
            let hidden = hidden.iter();
            lines.extend(hidden.map(|number| format!("  {number}  (of another user)")));
            Err(MachineError::Several(lines))
        }
    }
}

impl Started {
    /// Returns how it is called: by its process, or by where it is installed.
    pub(crate) fn name(&self) -> String {
        let product = self.product.as_ref();
        let runs = product.map(|product| product.kind.name()).or(self.class.as_deref());
        let runs = runs.unwrap_or("java");
        let folder = product.and_then(|product| product.folder.as_ref());
        match (&self.process, folder) {
            (Some(process), _) => format!("{runs} ({})", process.number),
            (None, Some(folder)) => format!("{runs} ({})", folder.display()),
            (None, None) => runs.to_owned(),
        }
    }

    /// Names the JVM so that a person knows it again.
    pub(crate) fn in_one_line(&self) -> String {
        let number = self.process.as_ref().map(|process| process.number.to_string());
        let runs = match &self.product {
            Some(product) => product.kind.name(),
            None => self.class.as_deref().unwrap_or("a program of its own"),
        };
        let home = self.home.as_ref().map(|home| home.value.path().display().to_string());
        format!("  {}  {runs}  ({})", number.unwrap_or_default(), home.unwrap_or_default())
    }
}
