//! One page that needs nothing else: no script, no request, and what a peer or a file says stays text.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};

mod chain;
mod doctor;
mod judge;
mod parts;

pub(super) use doctor::{write as write_doctored, write_several};
pub(super) use judge::write as write_judged;

/// The only style sheet; the policy names its digest, so no other can be slipped in.
const STYLE: &str = include_str!("style.css");

/// A text of whatever origin.
struct Text<'a>(&'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' => f.write_char('\n')?,
                '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    f.write_char(char::REPLACEMENT_CHARACTER)?;
                }
                c if c.is_control() => f.write_char(char::REPLACEMENT_CHARACTER)?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// How something is shown: as right, as wrong, as doubtful.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Tone {
    Good,
    Bad,
    Warn,
    Plain,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Warn => "warn",
            Self::Plain => "plain",
        }
    }
}

/// What stands at the top of a page.
struct Head<'a> {
    /// The verb.
    kind: &'a str,
    tone: Tone,
    verdict: &'a str,
    /// What is said below the verdict.
    below: Option<&'a str>,
    /// A stable code that goes with it.
    code: Option<&'a str>,
}

/// Writes a page around `sections`, which is HTML.
fn write_page(head: &Head<'_>, sections: &str, out: &mut dyn Write) -> io::Result<()> {
    let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let (title, kind, tone) = (Text(head.verdict), Text(head.kind), head.tone.class());
    writeln!(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
    writeln!(
        out,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{style}'; \
         base-uri 'none'; form-action 'none'\">"
    )?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
    writeln!(out, "<meta name=\"color-scheme\" content=\"light dark\">")?;
    writeln!(out, "<meta name=\"referrer\" content=\"no-referrer\">")?;
    writeln!(out, "<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>")?;
    writeln!(
        out,
        "<header class=\"{tone}\">\n<p class=\"kind\">sslpoke {kind}</p>\n<h1>{title}</h1>"
    )?;
    head.below.iter().try_for_each(|below| writeln!(out, "<p>{}</p>", Text(below)))?;
    let code = head.code;
    code.iter().try_for_each(|code| {
        writeln!(out, "<p><code class=\"{tone}\">{}</code></p>", Text(code))
    })?;
    writeln!(
        out,
        "</header>\n{sections}<footer><p>sslpoke {}</p></footer>\n</main>",
        env!("CARGO_PKG_VERSION")
    )?;
    writeln!(out, "</body>\n</html>")
}

/// HTML as it is put together. Writing to a string cannot fail.
#[derive(Default)]
struct Html {
    text: String,
    /// How many drawings there are, for their names.
    drawings: usize,
}

impl Html {
    fn line(&mut self, arguments: fmt::Arguments<'_>) {
        // the error is the formatter's, and a string has none
        let _ = self.text.write_fmt(arguments);
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        for (text, expected) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;"),
            ("a\u{1b}[2J\u{202e}\0\tb\n", "a\u{fffd}[2J\u{fffd}\u{fffd}\u{fffd}b\n"),
            ("証明書", "証明書"),
        ] {
            assert_eq!(Text(text).to_string(), expected);
        }
    }
}
