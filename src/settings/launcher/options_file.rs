//! `-XX:VMOptionsFile=FILE`: what stands in the file stands in the option's place (seen under 11, 17, 21 and 26; 8 does not know it).

use std::path::Path;

use super::words::variable_words;
use super::{Stop, Word, complaint, is_for_machine, options_in};
use crate::settings::{Source, Surroundings};

/// Returns the words that an option stands for: those of its file, where it names one.
///
/// # Errors
///
/// Says what the virtual machine says when it does not take the file.
pub(super) fn expanded(
    word: Word,
    feature: u16,
    surroundings: &Surroundings,
) -> Result<Vec<Word>, Stop> {
    let Some(file) = word.text.strip_prefix(OPTION).filter(|_| feature >= 9) else {
        return Ok(vec![word]);
    };
    let path = surroundings.absolute(Path::new(file));
    let text = options_in(&path)
        .ok_or_else(|| Stop::no_machine(format!("Could not open options file '{file}'")))?;
    let words = variable_words(&text)
        .ok_or_else(|| Stop::no_machine(format!("Unmatched quote in {file}")))?;
    let source = Source::File(path);
    match words.iter().find(|word| !is_for_machine(word, feature)) {
        Some(word) => Err(Stop::no_machine(complaint(word))),
        None => Ok(words.into_iter().map(|text| Word { text, source: source.clone() }).collect()),
    }
}

const OPTION: &str = "-XX:VMOptionsFile=";
