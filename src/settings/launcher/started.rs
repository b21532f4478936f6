//! The line of another process's virtual machine: Java took it, so nothing in it is refused.

use super::{LAUNCHER_OPTIONS, STRONGEST_OPTIONS, Start, Stop, TOOL_OPTIONS, expanded, variable};
use crate::settings::{Source, Sourced, Surroundings, SystemProperties};

/// What a virtual machine was started with that runs, or would start with: it is known that Java takes the line.
#[derive(Debug, Default)]
pub(crate) struct StartedLine {
    /// The system properties, in the order in which Java sees them.
    pub(crate) properties: SystemProperties,
    /// The main class, the archive or the module.
    pub(crate) class: Option<String>,
    /// What could not be read: an argument file, a variable.
    pub(crate) unread: Vec<String>,
}

/// Reads the line of a virtual machine of another process, `java` itself left out, in that one's surroundings.
pub(crate) fn started_line(
    words: &[Sourced<String>],
    feature: u16,
    seen: &Surroundings,
) -> StartedLine {
    let mut start = Start { feature, ..Start::default() };
    let (mut line, mut unread) = (Vec::new(), Vec::new());
    let mut strongest = Vec::new();
    for (name, words) in [(TOOL_OPTIONS, &mut line), (STRONGEST_OPTIONS, &mut strongest)] {
        let held = start.pick_up(name, seen);
        words.extend(start.or_unread(held, &mut unread));
    }
    if start.reads_argument_files()
        && let (Some(_), held) = variable(LAUNCHER_OPTIONS, seen)
    {
        let source = Source::Variable(LAUNCHER_OPTIONS);
        let took = start.take_all(&held.unwrap_or_default(), &source, seen, &mut line);
        start.or_unread(took, &mut unread);
    }
    for word in words {
        let took = start.take_all(std::slice::from_ref(&word.value), &word.source, seen, &mut line);
        start.or_unread(took, &mut unread);
    }
    line.extend(strongest);
    let words = line.into_iter().flat_map(|word| {
        let words = expanded(word, feature, seen);
        start.or_unread(words, &mut unread)
    });
    let words: Vec<_> = words.collect();
    for word in &words {
        if let Some(definition) = word.text.strip_prefix("-D") {
            start.properties.define(definition, word.source.clone());
        }
    }
    StartedLine { properties: start.properties, class: start.class, unread }
}

impl Start {
    /// Goes on where Java would have stopped, as it did not.
    fn or_unread<T: Default>(&self, held: Result<T, Stop>, unread: &mut Vec<String>) -> T {
        held.unwrap_or_else(|stop| {
            match stop {
                Stop::Said(said) => unread.extend(said.into_iter().take(1)),
                Stop::NotImitated(option) => unread.push(option),
            }
            T::default()
        })
    }
}
