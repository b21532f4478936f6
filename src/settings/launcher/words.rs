//! How words are told apart in the environment and in argument files.

/// Splits the text of an environment variable at blanks; single and double quotes hold words together, nothing
/// escapes. None if a quote is not closed.
pub(super) fn variable_words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, blank) if is_blank(blank) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// As C's `isspace`.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// Splits the text of an argument file: `#` begins a comment, quotes hold words together up to the end of the line, and
/// within quotes a backslash escapes, or continues the line.
pub(super) fn argument_file_words(text: &str) -> Vec<String> {
    let mut words = Words::default();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (words.quote, character) {
            (_, '\n' | '\r') => words.end(),
            (Some(open), close) if open == close => words.quote = None,
            (Some(_), '\\') => match characters.next() {
                // A backslash at the end of the file takes its word with it.
                None => words.word = None,
                Some('\n' | '\r') => while characters.next_if(|c| is_separator(*c)).is_some() {},
                Some(escaped) => words.push(unescaped(escaped)),
            },
            (Some(_), _) => words.push(character),
            (None, '"' | '\'') => {
                words.quote = Some(character);
                words.word.get_or_insert_default();
            }
            (None, '#') => {
                words.end();
                while characters.next_if(|c| !matches!(c, '\n' | '\r')).is_some() {}
            }
            (None, blank) if is_separator(blank) => words.end(),
            (None, _) => words.push(character),
        }
    }
    words.end();
    words.done
}

#[derive(Default)]
struct Words {
    done: Vec<String>,
    word: Option<String>,
    quote: Option<char>,
}

impl Words {
    fn push(&mut self, character: char) {
        self.word.get_or_insert_default().push(character);
    }

    fn end(&mut self) {
        self.done.extend(self.word.take());
        self.quote = None;
    }
}

/// A vertical tab is part of a word.
fn is_separator(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn unescaped(character: char) -> char {
    match character {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'f' => '\u{c}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row was run through the launchers of 11 and 25.
    #[test]
    fn argument_files_are_split_as_the_launcher_splits_them() {
        for (text, expected) in [
            ("-Dx=a#b Echo\n4", &["-Dx=a", "4"][..]),
            ("\"a b\"c '3 4' \"5'6\"\n", &["a bc", "3 4", "5'6"]),
            ("\"a b\nEcho 1\n", &["a b", "Echo", "1"]),
            ("\"a b\n\" c\n", &["a b", " c"]),
            ("\"a\\tb\\x\\\\ \\\"q\" c\\td\\\\e\n", &["a\tbx\\ \"q", "c\\td\\\\e"]),
            ("\"a\\\n    b\" c\n", &["ab", "c"]),
            ("a\\\n    b\n", &["a\\", "b"]),
            ("\"a\\\r\n    b\"\r\nc\r\n", &["ab", "c"]),
            ("\"\"  \"\" x\"\"\n", &["", "", "x"]),
            ("a\\\"b\n", &["a\\b"]),
            ("\"a # b\" # c \"\n d", &["a # b", "d"]),
            ("a\u{c}b\tc\u{b}d", &["a", "b", "c\u{b}d"]),
            ("\"a\\\n # b\n c\"\n", &["a# b", "c"]),
            ("\"abc", &["abc"]),
            ("\"abc\\", &[]),
        ] {
            let found = argument_file_words(text);
            let found: Vec<&str> = found.iter().map(String::as_str).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }

    /// Every row was run with `JAVA_TOOL_OPTIONS` on 8 and 25 and with `JDK_JAVA_OPTIONS` on 11 and 25.
    #[test]
    fn variables_are_split_at_blanks_outside_quotes() {
        for (text, expected) in [
            ("-Dx=\"a b\"", Some(&["-Dx=a b"][..])),
            ("-Dx='a \"b'c\\d", Some(&["-Dx=a \"bc\\d"])),
            ("a\tb\nc", Some(&["a", "b", "c"])),
            ("\"-Dx=3 4\"", Some(&["-Dx=3 4"])),
            ("\"\"", Some(&[""])),
            ("   ", Some(&[])),
            ("-Dx=\"a b", None),
        ] {
            let found = variable_words(text);
            let found: Option<Vec<&str>> =
                found.as_ref().map(|words| words.iter().map(String::as_str).collect());
            assert_eq!(found.as_deref(), expected, "{text:?}");
        }
    }
}
