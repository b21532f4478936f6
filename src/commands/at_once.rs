//! The same question put to several releases at once: a peer that says nothing keeps nobody waiting six times.

use std::panic::resume_unwind;
use std::thread;

use super::asked::PokeError;

/// Asks all, and returns the answers in their order, or the first error.
pub(super) fn at_once<Q: Send, T: Send>(
    all: Vec<Q>,
    ask: &(dyn Fn(Q) -> Result<T, PokeError> + Sync),
) -> Result<Vec<T>, PokeError> {
    thread::scope(|scope| {
        let asked: Vec<_> = all.into_iter().map(|one| scope.spawn(move || ask(one))).collect();
        let answers =
            asked.into_iter().map(|one| one.join().unwrap_or_else(|it| resume_unwind(it)));
        answers.collect()
    })
}

/// Turns answers by release into answers by target.
pub(super) fn by_target<T>(by_release: Vec<Vec<T>>) -> Vec<Vec<T>> {
    let mut targets: Vec<Vec<T>> = Vec::new();
    for answers in by_release {
        for (number, answer) in answers.into_iter().enumerate() {
            match targets.get_mut(number) {
                Some(held) => held.push(answer),
                None => targets.push(vec![answer]),
            }
        }
    }
    targets
}
