//! `[ … ]`, `test` and `[[ … ]]`: true, false or not known.

use super::{Shell, Status, UNKNOWN, pattern};

impl Shell {
    /// Decides a condition whose words are these; in `[[ … ]]` the right side is a pattern.
    pub(super) fn test(&self, words: &[String], compare: Compare) -> Status {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        self.any_of(&words, compare)
    }

    /// The parts that `-o` or `||` join.
    fn any_of(&self, words: &[&str], compare: Compare) -> Status {
        let parts = words.split(|word| *word == "||" || *word == "-o");
        let held: Vec<Status> = parts.map(|part| self.all_of(part, compare)).collect();
        if held.contains(&Some(true)) {
            return Some(true);
        }
        if held.contains(&None) { None } else { Some(false) }
    }

    /// The parts that `-a` or `&&` join.
    fn all_of(&self, words: &[&str], compare: Compare) -> Status {
        // a lone word is a text, whatever it is
        if words.len() < 2 {
            return self.primary(words, compare);
        }
        let parts = words.split(|word| *word == "&&" || *word == "-a");
        let held: Vec<Status> = parts.map(|part| self.primary(part, compare)).collect();
        if held.contains(&Some(false)) {
            return Some(false);
        }
        if held.contains(&None) { None } else { Some(true) }
    }

    fn primary(&self, words: &[&str], compare: Compare) -> Status {
        match words {
            [] => Some(false),
            // `$(…)` unquoted may have been nothing at all
            _ if words.iter().any(|word| word.contains(UNKNOWN)) => None,
            [text] => Some(!text.is_empty()),
            ["!", rest @ ..] => self.primary(rest, compare).map(|held| !held),
            ["-n", text] => Some(!text.is_empty()),
            ["-z", text] => Some(text.is_empty()),
            [operator, file] => self.of_file(operator, file),
            [one, operator, other] => compared(one, operator, other, compare),
            _ => None,
        }
    }

    fn of_file(&self, operator: &str, file: &str) -> Status {
        let path = self.directory.join(file);
        let outside = self.root.outside(&path);
        match operator {
            "-e" | "-r" | "-a" | "-w" => Some(outside.exists()),
            "-f" => Some(outside.is_file()),
            "-d" => Some(outside.is_dir()),
            "-x" => Some(outside.exists()),
            "-s" => Some(std::fs::metadata(outside).is_ok_and(|held| held.len() > 0)),
            "-v" => Some(self.value(file).is_some()),
            _ => None,
        }
    }
}

/// Two texts that are to be equal: the same, or the second is a pattern.
pub(super) type Compare = fn(&str, &str) -> bool;

pub(super) fn is_same(one: &str, other: &str) -> bool {
    one == other
}

pub(super) fn is_like(one: &str, pattern: &str) -> bool {
    one == pattern || pattern::matches(pattern, one)
}

fn compared(one: &str, operator: &str, other: &str, is_equal: Compare) -> Status {
    match operator {
        "=" | "==" => Some(is_equal(one, other)),
        "!=" => Some(!is_equal(one, other)),
        "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
            let (one, other): (i64, i64) = (one.trim().parse().ok()?, other.trim().parse().ok()?);
            Some(match operator {
                "-eq" => one == other,
                "-ne" => one != other,
                "-lt" => one < other,
                "-le" => one <= other,
                "-gt" => one > other,
                _ => one >= other,
            })
        }
        _ => None,
    }
}
