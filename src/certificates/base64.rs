//! Base64 as it comes out of mails, configuration files and program text.

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose::NO_PAD};

/// Takes base64 with or without padding, and whatever bits are left over.
const LENIENT: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, NO_PAD_CONFIG);
const NO_PAD_CONFIG: GeneralPurposeConfig = NO_PAD
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// Why text is no base64.
pub(super) enum Fault {
    /// There is something else in a line; the first one is 0.
    InLine(usize),
    /// It does not come out even.
    Uneven,
}

/// Decodes base64 with white space in it, quoted, escaped (`\n`, `\/`, `\u002b`), cited, and with header lines before it
/// (`Proc-Type: …`).
pub(super) fn decode(text: &str) -> Result<Vec<u8>, Fault> {
    let mut digits = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate().filter(|(_, line)| !line.contains(':')) {
        for c in unescape(without_quotes(without_citation(line))).chars() {
            if c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=') {
                digits.push(c);
            } else if !c.is_whitespace() && !is_invisible(c) {
                return Err(Fault::InLine(number));
            }
        }
    }
    LENIENT.decode(digits).map_err(|_uneven| Fault::Uneven)
}

/// Strips what mails, comments and YAML put before a line.
fn without_citation(line: &str) -> &str {
    line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '|' | '#' | '*'))
}

/// Takes what is between quotation marks, of which the first or the last may belong to another line.
fn without_quotes(line: &str) -> &str {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '`');
    match (line.split_once(is_quote), line.rsplit_once(is_quote)) {
        (Some(("", after)), Some(("", _))) => after,
        (Some(("", after)), Some(_)) => after.rsplit_once(is_quote).map_or(after, |(text, _)| text),
        (Some((before, _)), _) => before,
        (None, _) => line,
    }
}

/// Puts characters in the place of escapes; those of white space become spaces.
fn unescape(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let after = after.trim_start_matches('\\');
        let mut chars = after.chars();
        match chars.next() {
            Some('n' | 'r' | 't') => text.push(' '),
            Some('u') => {
                let code = after.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                text.push(code.and_then(char::from_u32).unwrap_or('\\'));
                chars = after.get(5..).unwrap_or_default().chars();
            }
            Some(other) => text.push(other),
            None => {}
        }
        rest = chars.as_str();
    }
    text.push_str(rest);
    text
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_found_in_what_is_around_it() {
        for text in [
            "QUJDREVG",
            "  QUJD\n\tREVG\n",
            "QUJD\\nREVG\\n",
            "QUJD\\\\nREVG",
            "\"QUJD\\n\" +\n\"REVG\\n\" +\n",
            "\\n\" +\n  'QUJD\\n'\n  'REVG\\n'\n\"",
            "> QUJD\n> REVG",
            "\\u0051UJDREV\\u0047",
            "Proc-Type: 4,X\n\nQUJDREVG",
            "QUJD\u{a0}\u{200b}REVG",
        ] {
            assert!(matches!(decode(text), Ok(bytes) if bytes == b"ABCDEF"), "{text}");
        }
        assert!(matches!(decode("++\\/\\/"), Ok(bytes) if bytes == [0xfb, 0xef, 0xff]));
    }

    #[test]
    fn damage_is_found_in_its_line() {
        assert!(matches!(decode("QUJD\nQU*D\n"), Err(Fault::InLine(1))));
        assert!(matches!(decode("QUJDR"), Err(Fault::Uneven)));
    }
}
