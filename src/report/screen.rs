//! Where a report is shown: how wide it may be, and whether in colours.

use std::io::{self, IsTerminal};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Where a report is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// Columns that a line may have.
    pub(crate) width: usize,
    /// Whether it shows colours.
    pub(crate) colour: bool,
}

impl Screen {
    /// A file or a pipe: lines are cut only where a name is absurdly long.
    pub(crate) const PLAIN: Self = Self { width: 400, colour: false };

    /// Looks at standard output.
    pub(crate) fn of_standard_output() -> Self {
        if !io::stdout().is_terminal() {
            return Self::PLAIN;
        }
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        Self { width: width.max(40), colour: true }
    }

    /// Cuts a text to `columns`, wide characters counted as they are shown.
    pub(super) fn cut(text: &str, columns: usize) -> String {
        let mut left = columns;
        let mut cut = String::new();
        for c in text.chars() {
            let width = c.width().unwrap_or(0);
            if width > left.saturating_sub(1)
                && (cut.len() + c.len_utf8() < text.len() || width > left)
            {
                cut.push('…');
                return cut;
            }
            left = left.saturating_sub(width);
            cut.push(c);
        }
        cut
    }

    /// Breaks a text between words into lines of at most `columns`; a word that is longer is broken, too.
    pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
        let columns = columns.max(2);
        let (mut lines, mut line, mut taken) = (Vec::new(), String::new(), 0);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let blank = usize::from(taken > 0);
            if taken > 0 && taken + blank + word.width() > columns {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            if taken > 0 {
                line.push(' ');
                taken += 1;
            }
            for c in word.chars() {
                let width = c.width().unwrap_or(0);
                if taken + width > columns {
                    lines.push(std::mem::take(&mut line));
                    taken = 0;
                }
                line.push(c);
                taken += width;
            }
        }
        lines.push(line);
        lines
    }

    pub(super) fn paint(self, paint: Paint, text: &str) -> String {
        if !self.colour {
            return text.to_owned();
        }
        let code = match paint {
            Paint::Plain => return text.to_owned(),
            Paint::Good => "32",
            Paint::Bad => "31",
            Paint::Faint => "2",
            Paint::Strong => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// What a colour says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Paint {
    Plain,
    Good,
    Bad,
    Faint,
    Strong,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_columns() {
        for (text, columns, expected) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("証明書", 6, "証明書"),
            ("証明書", 5, "証明…"),
            ("証明書", 4, "証…"),
            ("", 0, ""),
        ] {
            assert_eq!(Screen::cut(text, columns), expected, "{text} {columns}");
        }
    }

    #[test]
    fn a_text_is_broken_at_blanks() {
        for (text, columns, expected) in [
            ("a bc d", 4, &["a bc", "d"][..]),
            ("abcdef g", 4, &["abcd", "ef g"]),
            ("証明 書", 5, &["証明", "書"]),
            ("証明書", 5, &["証明", "書"]),
            ("", 4, &[""]),
        ] {
            assert_eq!(Screen::wrap(text, columns), expected, "{text}");
        }
    }
}
