//! Words and what becomes of them: parameters, substitutions, fields.

use super::tree::{List, Operator, Part, Word};
use super::{DEEPEST, LONGEST_VALUE, Shell, UNKNOWN, pattern};

/// A piece of a word that was worked out.
struct Piece {
    text: String,
    quoted: bool,
    /// Whether it comes from an expansion: only then is it split where it is not quoted.
    is_expanded: bool,
}

impl Shell {
    /// Returns the text of a word that is not split: a value, a pattern's text.
    pub(super) fn text(&mut self, word: &Word) -> String {
        let text: String = self.pieces(word).into_iter().map(|piece| piece.text).collect();
        self.characters += text.len();
        text
    }

    /// Returns a pattern, with what is quoted escaped.
    pub(super) fn pattern(&mut self, word: &Word) -> String {
        let mut pattern = String::new();
        for piece in self.pieces(word) {
            for c in piece.text.chars() {
                if piece.quoted && "*?[\\".contains(c) {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
        }
        pattern
    }

    /// Returns the fields that a word becomes: what is expanded and not quoted is split at blanks.
    pub(super) fn fields(&mut self, word: &Word) -> Vec<String> {
        let mut fields = Vec::new();
        let mut field: Option<String> = None;
        for piece in self.pieces(word) {
            self.characters += piece.text.len();
            if piece.quoted || !piece.is_expanded {
                field.get_or_insert_default().push_str(&piece.text);
                continue;
            }
            for c in piece.text.chars() {
                if matches!(c, ' ' | '\t' | '\n') {
                    fields.extend(field.take());
                } else {
                    field.get_or_insert_default().push(c);
                }
            }
        }
        fields.extend(field);
        fields
    }

    fn pieces(&mut self, word: &Word) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut length = 0;
        for (number, part) in word.parts.iter().enumerate() {
            let expanded = |text, quoted| Piece { text, quoted, is_expanded: true };
            match part {
                Part::Literal { text, quoted } => {
                    let text = match text.strip_prefix('~') {
                        Some(rest)
                            if number == 0
                                && !quoted
                                && (rest.is_empty() || rest.starts_with('/')) =>
                        {
                            format!("{}{rest}", self.value("HOME").unwrap_or("~"))
                        }
                        Some(_) | None => text.clone(),
                    };
                    pieces.push(Piece { text, quoted: *quoted, is_expanded: false });
                }
                Part::Unknown { quoted } => pieces.push(expanded(UNKNOWN.to_string(), *quoted)),
                Part::Substitution { list, quoted } => {
                    pieces.push(expanded(self.substituted(list), *quoted));
                }
                Part::Parameter { name, operator, word, quoted } => {
                    pieces.extend(self.parameter(name, *operator, word, *quoted));
                }
            }
            length += pieces.last().map_or(0, |piece| piece.text.len());
            if length > LONGEST_VALUE {
                return vec![Piece { text: UNKNOWN.to_string(), quoted: true, is_expanded: true }];
            }
        }
        pieces
    }

    fn parameter(
        &mut self,
        name: &str,
        operator: Operator,
        word: &Word,
        quoted: bool,
    ) -> Vec<Piece> {
        let value = self.parameter_value(name);
        let one = |text| vec![Piece { text, quoted, is_expanded: true }];
        let is_wanting = |if_empty| match &value {
            None => true,
            Some(value) => if_empty && value.is_empty(),
        };
        match operator {
            Operator::Default { if_empty } if is_wanting(if_empty) => self.inner(word, quoted),
            Operator::Assign { if_empty } if is_wanting(if_empty) => {
                let text = self.text(word);
                self.set(name, &text);
                one(text)
            }
            Operator::Instead { if_empty } => {
                if is_wanting(if_empty) {
                    one(String::new())
                } else {
                    self.inner(word, quoted)
                }
            }
            Operator::Length if is_unknown(value.as_deref()) => one(UNKNOWN.to_string()),
            Operator::Length => one(value.unwrap_or_default().chars().count().to_string()),
            Operator::CutFront { longest } => {
                let (value, pattern) = self.cut_operands(value, word);
                one(pattern::without_front(&value, &pattern, longest))
            }
            Operator::CutBack { longest } => {
                let (value, pattern) = self.cut_operands(value, word);
                one(pattern::without_back(&value, &pattern, longest))
            }
            Operator::Plain
            | Operator::Demand
            | Operator::Default { .. }
            | Operator::Assign { .. } => match value {
                Some(value) => one(value),
                // `"$@"` without arguments is no field at all
                None if name == "@" => Vec::new(),
                None => one(String::new()),
            },
        }
    }

    /// Cutting takes time that grows with the square of the length: it is counted.
    fn cut_operands(&mut self, value: Option<String>, word: &Word) -> (String, String) {
        let value = value.unwrap_or_default();
        self.characters += value.len().saturating_mul(value.len());
        (value, self.pattern(word))
    }

    /// The word in `${NAME:-word}` keeps its own quotes.
    fn inner(&mut self, word: &Word, quoted: bool) -> Vec<Piece> {
        let mut pieces = self.pieces(word);
        for piece in &mut pieces {
            piece.quoted |= quoted;
            piece.is_expanded = true;
        }
        if pieces.is_empty() {
            pieces.push(Piece { text: String::new(), quoted, is_expanded: true });
        }
        pieces
    }

    fn parameter_value(&self, name: &str) -> Option<String> {
        let arguments = self.arguments.get(1..).unwrap_or_default();
        match name {
            "?" => Some(match self.status {
                Some(true) => "0".to_owned(),
                Some(false) => "1".to_owned(),
                None => UNKNOWN.to_string(),
            }),
            "#" => Some(arguments.len().to_string()),
            "@" | "*" if arguments.is_empty() => None,
            "@" | "*" => Some(arguments.join(" ")),
            "$" | "!" | "-" => Some(UNKNOWN.to_string()),
            digits if digits.starts_with(|c: char| c.is_ascii_digit()) => {
                self.arguments.get(digits.parse::<usize>().ok()?).cloned()
            }
            name => self.value(name).map(str::to_owned),
        }
    }

    /// Follows the commands of a substitution in a shell of its own and returns what they write.
    fn substituted(&mut self, list: &List) -> String {
        if self.depth >= DEEPEST || self.is_over() {
            return UNKNOWN.to_string();
        }
        let mut inner = self.fork();
        inner.depth += 1;
        inner.output = Some(String::new());
        let status = inner.list(list);
        self.of_substitution = status;
        self.steps = inner.steps;
        self.characters = inner.characters;
        // a command that is not known may have written anything
        let written = inner.output.take().filter(|_| status.is_some());
        written.map_or_else(|| UNKNOWN.to_string(), |text| text.trim_end_matches('\n').to_owned())
    }
}

fn is_unknown(value: Option<&str>) -> bool {
    value.is_some_and(|value| value.contains(UNKNOWN))
}
