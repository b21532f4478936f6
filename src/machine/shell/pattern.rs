//! Patterns of the shell: `*`, `?`, and a backslash before what stands for itself.

/// Returns whether a whole text is as the pattern says. A set in brackets is taken for any character.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    if pattern.len().max(text.len()) > LONGEST {
        return false;
    }
    let pattern = tokens(pattern);
    let text: Vec<char> = text.chars().collect();
    fits(&pattern, &text)
}

/// Takes off the shortest or the longest beginning that the pattern fits.
pub(super) fn without_front(text: &str, pattern: &str, longest: bool) -> String {
    let (pattern, text) = (tokens(pattern), text.chars().collect::<Vec<_>>());
    let ends: Box<dyn Iterator<Item = usize>> =
        if longest { Box::new((0..=text.len()).rev()) } else { Box::new(0..=text.len()) };
    cut(ends, &text, |begin, _rest| fits(&pattern, begin))
        .map_or_else(|| text.iter().collect(), |(_begin, rest)| rest.iter().collect())
}

/// Takes off the shortest or the longest end that the pattern fits.
pub(super) fn without_back(text: &str, pattern: &str, longest: bool) -> String {
    let (pattern, text) = (tokens(pattern), text.chars().collect::<Vec<_>>());
    let ends: Box<dyn Iterator<Item = usize>> =
        if longest { Box::new(0..=text.len()) } else { Box::new((0..=text.len()).rev()) };
    cut(ends, &text, |_begin, rest| fits(&pattern, rest))
        .map_or_else(|| text.iter().collect(), |(begin, _rest)| begin.iter().collect())
}

/// Longer texts are left as they are: cutting them takes time that grows with the square of their length.
const LONGEST: usize = 2048;

fn cut(
    places: impl Iterator<Item = usize>,
    text: &[char],
    is_wanted: impl Fn(&[char], &[char]) -> bool,
) -> Option<(&[char], &[char])> {
    if text.len() > LONGEST {
        return None;
    }
    let mut parts = places.filter_map(|place| text.split_at_checked(place));
    parts.find(|(begin, rest)| is_wanted(begin, rest))
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Token {
    Character(char),
    AnyOne,
    Any,
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        tokens.push(match c {
            '*' => Token::Any,
            '?' => Token::AnyOne,
            '\\' => Token::Character(characters.next().unwrap_or('\\')),
            '[' if characters.as_str().contains(']') => {
                let mut inner = characters.by_ref().skip_while(|c| *c != ']');
                inner.next();
                Token::AnyOne
            }
            c => Token::Character(c),
        });
    }
    tokens.dedup_by(|one, other| *one == Token::Any && *other == Token::Any);
    tokens
}

/// Goes back only to the last star: the time is at most the product of the lengths.
fn fits(pattern: &[Token], text: &[char]) -> bool {
    let (mut pattern, mut text) = (pattern, text);
    let mut star: Option<(&[Token], &[char])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some((Token::Any, rest)), _) => {
                star = Some((rest, text));
                pattern = rest;
                continue;
            }
            (Some((Token::AnyOne, rest)), Some((_, after))) => {
                (pattern, text) = (rest, after);
                continue;
            }
            (Some((Token::Character(wanted), rest)), Some((c, after))) if wanted == c => {
                (pattern, text) = (rest, after);
                continue;
            }
            (None, None) => return true,
            (Some(_), _) | (None, Some(_)) => {}
        }
        match star {
            Some((rest, [_, after @ ..])) => {
                star = Some((rest, after));
                (pattern, text) = (rest, after);
            }
            Some((_, [])) | None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_the_shell() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("a*b*c", "a--b--b-c", true),
            ("a*b*c", "a--b--b-", false),
            ("CYGWIN*", "Linux", false),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("?", "ä", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        for (text, pattern, front, fronts, back, backs) in [
            ("/a/b/c", "*/", "a/b/c", "c", "/a/b/c", "/a/b/c"),
            ("/a/b/c", "/*", "a/b/c", "", "/a/b", ""),
            ("x.tar.gz", ".*", "x.tar.gz", "x.tar.gz", "x.tar", "x"),
        ] {
            assert_eq!(without_front(text, pattern, false), front);
            assert_eq!(without_front(text, pattern, true), fronts);
            assert_eq!(without_back(text, pattern, false), back);
            assert_eq!(without_back(text, pattern, true), backs);
        }
    }
}
