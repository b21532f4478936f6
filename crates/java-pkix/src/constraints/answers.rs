//! Answers that depend on names alone, kept: a path asks for the same few algorithms again and again.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// The answers that were given so far, by two names.
#[derive(Debug)]
pub(super) struct Answers<T>(RwLock<HashMap<String, Vec<(String, T)>>>);

impl<T: Clone> Answers<T> {
    /// Returns the answer for two names; `find` gives it where it was not given before.
    pub(super) fn of(&self, first: &str, second: &str, find: impl FnOnce() -> T) -> T {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut known = held.get(first).into_iter().flatten();
        if let Some((_, answer)) = known.find(|(other, _)| other == second) {
            return answer.clone();
        }
        drop(held);
        let answer = find();
        if first.len().max(second.len()) <= LONGEST {
            let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if held.len() < MOST || held.contains_key(first) {
                let others = held.entry(first.to_owned()).or_default();
                if others.len() < MOST_BESIDE {
                    others.push((second.to_owned(), answer.clone()));
                }
            }
        }
        answer
    }
}

/// More names than Java knows of algorithms and curves. A peer may make names up, but not fill the memory with them.
const MOST: usize = 256;
/// As many as there are kinds of keys, and more.
const MOST_BESIDE: usize = 16;
const LONGEST: usize = 64;

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

/// A copy finds out again.
impl<T> Clone for Answers<T> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What was asked so far makes no difference.
impl<T> PartialEq for Answers<T> {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl<T> Eq for Answers<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_once_and_no_name_takes_the_place_of_another() {
        let answers = Answers::default();
        assert_eq!(answers.of("a", "b", || 1), 1);
        assert_eq!(answers.of("a", "b", || 2), 1);
        assert_eq!(answers.of("ab", "", || 3), 3);
        assert_eq!(answers.of("b", "a", || 4), 4);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(answers.of(&long, "", || 5), 5);
        assert_eq!(answers.of(&long, "", || 6), 6);
    }

    #[test]
    fn only_so_many_are_kept() {
        let answers = Answers::default();
        for number in 0..1000 {
            let name = number.to_string();
            assert_eq!(answers.of(&name, "", || number), number);
        }
        assert_eq!(answers.0.read().unwrap().len(), MOST);
        assert_eq!(answers.of("999", "", || 0), 0);
        for number in 0..1000 {
            assert_eq!(answers.of("0", &number.to_string(), || number), number);
        }
        assert_eq!(answers.0.read().unwrap().get("0").unwrap().len(), MOST_BESIDE);
    }
}
