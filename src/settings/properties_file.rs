//! The syntax of `java.util.Properties.load`: comments, continued lines, separators, escapes.

use std::iter::Peekable;
use std::str::Chars;

/// Reads `name=value` definitions, in the order of the text.
pub(super) fn definitions(text: &str) -> Vec<(String, String)> {
    logical_lines(text).iter().map(|line| split(line)).collect()
}

/// Joins lines that end in an odd number of backslashes with the next one; leaves comments and blank lines out.
fn logical_lines(text: &str) -> Vec<String> {
    let mut logical: Vec<String> = Vec::new();
    let mut continues = false;
    for line in natural_lines(text) {
        let line = line.trim_start_matches([' ', '\t', '\u{c}']);
        let skipped = line.is_empty() || line.starts_with(['#', '!']);
        match logical.last_mut().filter(|_| continues) {
            // A blank line inside a continued one is part of it, but `\r\n` must not end it.
            Some(held) if !line.is_empty() => held.push_str(line),
            Some(_) => continue,
            None if skipped => continue,
            None => logical.push(line.to_owned()),
        }
        continues = false;
        if let Some(held) = logical.last_mut()
            && held.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1
        {
            held.pop();
            continues = true;
        }
    }
    logical
}

/// Splits at every line feed and carriage return.
fn natural_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.split('\r'))
}

fn split(line: &str) -> (String, String) {
    let mut characters = line.chars().peekable();
    let is_blank = |c: &char| matches!(c, ' ' | '\t' | '\u{c}');
    let name = unescaped(&mut characters, |c| matches!(c, '=' | ':') || is_blank(&c));
    while characters.next_if(is_blank).is_some() {}
    if characters.next_if(|c| matches!(c, '=' | ':')).is_some() {
        while characters.next_if(is_blank).is_some() {}
    }
    (name, unescaped(&mut characters, |_| false))
}

/// Takes characters up to one that `ends`, escapes resolved.
fn unescaped(characters: &mut Peekable<Chars<'_>>, ends: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    while let Some(character) = characters.next_if(|c| !ends(*c)) {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('f') => text.push('\u{c}'),
            Some('u') => text.push(code_unit(characters)),
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}

/// Takes the four hexadecimal digits of a `\uXXXX` escape.
fn code_unit(characters: &mut Peekable<Chars<'_>>) -> char {
    let digits: String = characters.take(4).collect();
    u32::from_str_radix(&digits, 16)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_read_as_java_reads_them() {
        for (text, expected) in [
            ("a=1\nb: 2\nc 3\n", vec![("a", "1"), ("b", "2"), ("c", "3")]),
            ("# x\n ! y\n\n  a = 1 ", vec![("a", "1 ")]),
            ("a=1, \\\n   2, \\\r\n\t3\nb=4", vec![("a", "1, 2, 3"), ("b", "4")]),
            ("a=\\\\\nb=\\u0041\\t", vec![("a", "\\"), ("b", "A\t")]),
            ("a\\=b=c", vec![("a=b", "c")]),
            ("a", vec![("a", "")]),
            ("a=x \\\n# no comment\nb=1", vec![("a", "x # no comment"), ("b", "1")]),
            ("a=x\\", vec![("a", "x")]),
        ] {
            let expected: Vec<(String, String)> =
                expected.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            assert_eq!(definitions(text), expected, "{text:?}");
        }
    }
}
