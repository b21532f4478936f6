//! The syntax of `java.util.Properties.load`: comments, continued lines, separators, escapes.

use std::iter::Peekable;
use std::str::Chars;

use memchr::arch::all::memchr::Two;

/// Reads `name=value` definitions, in the order of the text.
pub(super) fn definitions(text: &str) -> Vec<(String, String)> {
    logical_lines(text).iter().map(|line| split(line)).collect()
}

/// Joins lines that end in an odd number of backslashes with the next one; leaves comments and blank lines out.
fn logical_lines(text: &str) -> Vec<String> {
    let mut logical: Vec<String> = Vec::new();
    let mut continues = false;
    for line in natural_lines(text) {
        let line = line.trim_start_matches(BLANKS);
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
            && held.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
        {
            held.pop();
            continues = true;
        }
    }
    logical
}

/// Splits at every line feed and carriage return. The search is the plain one: memchr's others first ask the processor
/// whether it has what they want, and on a virtual machine that takes longer than the file.
fn natural_lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = Two::new(b'\n', b'\r');
    let mut left = Some(text);
    std::iter::from_fn(move || {
        let rest = left?;
        let end = ends.find(rest.as_bytes()).unwrap_or(rest.len());
        let (line, after) = rest.split_at_checked(end)?;
        left = after.get(1..);
        Some(line)
    })
}

fn split(line: &str) -> (String, String) {
    let mut characters = line.chars().peekable();
    let is_blank = |c: &char| BLANKS.contains(c);
    let name = unescaped(&mut characters, |c| matches!(c, '=' | ':') || is_blank(&c));
    while characters.next_if(is_blank).is_some() {}
    if characters.next_if(|c| matches!(c, '=' | ':')).is_some() {
        while characters.next_if(is_blank).is_some() {}
    }
    (name, unescaped(&mut characters, |_| false))
}

/// Takes characters up to one that `ends`, escapes resolved.
fn unescaped(characters: &mut Peekable<Chars<'_>>, ends: impl Fn(char) -> bool) -> String {
    let mut text = String::with_capacity(characters.size_hint().1.unwrap_or_default());
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

/// Takes the four hexadecimal digits behind `\u`.
fn code_unit(characters: &mut Peekable<Chars<'_>>) -> char {
    let digits: String = characters.take(4).collect();
    u32::from_str_radix(&digits, 16)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

const BLANKS: [char; 3] = [' ', '\t', '\u{c}'];

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
            ("a \t: =b\r\n\r\rc : \u{c}d\re\u{c}f", vec![("a", "=b"), ("c", "d"), ("e", "f")]),
        ] {
            let expected: Vec<(String, String)> =
                expected.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            assert_eq!(definitions(text), expected, "{text:?}");
        }
    }
}
