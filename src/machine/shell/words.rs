//! Words and what is in them: quotes, escapes, what is to be put in.

use super::syntax::{Parser, ends_word};
use super::tree::{Operator, Part, Word};

impl Parser {
    /// Reads a word; none where an operator or the end stands.
    pub(super) fn word(&mut self) -> Option<Word> {
        if self.peek().is_none_or(ends_word) {
            return None;
        }
        Some(self.word_until(ends_word))
    }

    fn word_until(&mut self, is_end: fn(char) -> bool) -> Word {
        let mut word = Word::default();
        while let Some(c) = self.peek().filter(|c| !is_end(*c)) {
            self.next();
            match c {
                '\\' => match self.next() {
                    Some('\n') | None => {}
                    Some(escaped) => word.push(escaped, true),
                },
                '\'' => self.single_quoted(&mut word),
                '"' => self.double_quoted(&mut word),
                '$' | '`' => {
                    let part = self.expansion(c, false);
                    word.parts.push(part);
                }
                other => word.push(other, false),
            }
        }
        word
    }

    fn single_quoted(&mut self, word: &mut Word) {
        word.push_empty();
        loop {
            match self.next() {
                Some('\'') => return,
                Some(c) => word.push(c, true),
                None => {
                    self.failed = true;
                    return;
                }
            }
        }
    }

    fn double_quoted(&mut self, word: &mut Word) {
        word.push_empty();
        loop {
            match self.next() {
                Some('"') => return,
                Some('\\') => match self.peek() {
                    Some('\n') => {
                        self.next();
                    }
                    Some(c @ ('$' | '`' | '"' | '\\')) => {
                        self.next();
                        word.push(c, true);
                    }
                    Some(_) | None => word.push('\\', true),
                },
                Some(c @ ('$' | '`')) => {
                    let part = self.expansion(c, true);
                    word.parts.push(part);
                }
                Some(c) => word.push(c, true),
                None => {
                    self.failed = true;
                    return;
                }
            }
        }
    }

    /// Reads what follows a dollar sign or a backquote.
    fn expansion(&mut self, sign: char, quoted: bool) -> Part {
        if sign == '`' {
            return self.backquoted(quoted);
        }
        match self.peek() {
            Some('(') if self.peek_second() == Some('(') => {
                self.arithmetic();
                Part::Unknown { quoted }
            }
            Some('(') => {
                self.next();
                let list = self.list(&[]);
                self.failed |= !self.take(')');
                Part::Substitution { list, quoted }
            }
            Some('{') => {
                self.next();
                self.nested(|parser| Some(parser.braced(quoted)))
                    .unwrap_or(Part::Unknown { quoted })
            }
            Some('\'') if !quoted => {
                self.next();
                let mut word = Word::default();
                self.single_quoted(&mut word);
                Part::Literal { text: word.plain().unwrap_or_default(), quoted: true }
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let mut name = String::new();
                while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    self.next();
                    name.push(c);
                }
                Part::parameter(name, quoted)
            }
            Some(c) if c.is_ascii_digit() || "@*#?$!-".contains(c) => {
                self.next();
                Part::parameter(c.to_string(), quoted)
            }
            Some(_) | None => Part::Literal { text: "$".to_owned(), quoted: true },
        }
    }

    fn arithmetic(&mut self) {
        let mut open = 0_usize;
        while let Some(c) = self.next() {
            match c {
                '(' => open += 1,
                ')' if open == 1 => return,
                ')' => open = open.saturating_sub(1),
                _ => {}
            }
        }
        self.failed = true;
    }

    fn backquoted(&mut self, quoted: bool) -> Part {
        let (mut inner, line) = (String::new(), self.line);
        loop {
            match self.next() {
                Some('`') => break,
                Some('\\') => match self.next() {
                    Some(c @ ('$' | '`' | '\\')) => inner.push(c),
                    Some('"') if quoted => inner.push('"'),
                    Some(c) => inner.extend(['\\', c]),
                    None => {}
                },
                Some(c) => inner.push(c),
                None => {
                    self.failed = true;
                    break;
                }
            }
        }
        let mut parser = Self::new(&inner, line);
        parser.depth = self.depth;
        let list = self.nested(|_| parser.list(&[]));
        self.failed |= parser.failed;
        Part::Substitution { list, quoted }
    }

    /// Reads `${…}` behind its opening brace.
    fn braced(&mut self, quoted: bool) -> Part {
        let counts = self.peek() == Some('#') && self.peek_second() != Some('}');
        if counts {
            self.next();
        }
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
            self.next();
            name.push(c);
        }
        if name.is_empty() {
            name.extend(self.peek().filter(|c| "@*#?$!-".contains(*c)).and_then(|_| self.next()));
        }
        let operator = if counts { Some(Operator::Length) } else { self.operator() };
        // a pattern is one within double quotes, too
        let is_pattern =
            matches!(operator, Some(Operator::CutFront { .. } | Operator::CutBack { .. }));
        let word = self.braced_word(quoted && !is_pattern);
        match operator {
            Some(operator) if !name.is_empty() => Part::Parameter { name, operator, word, quoted },
            Some(_) | None => Part::Unknown { quoted },
        }
    }

    fn operator(&mut self) -> Option<Operator> {
        const OPERATORS: [(&str, Operator); 12] = [
            (":-", Operator::Default { if_empty: true }),
            (":=", Operator::Assign { if_empty: true }),
            (":+", Operator::Instead { if_empty: true }),
            (":?", Operator::Demand),
            ("-", Operator::Default { if_empty: false }),
            ("=", Operator::Assign { if_empty: false }),
            ("+", Operator::Instead { if_empty: false }),
            ("?", Operator::Demand),
            ("##", Operator::CutFront { longest: true }),
            ("#", Operator::CutFront { longest: false }),
            ("%%", Operator::CutBack { longest: true }),
            ("%", Operator::CutBack { longest: false }),
        ];
        if self.peek() == Some('}') {
            return Some(Operator::Plain);
        }
        OPERATORS.into_iter().find(|(sign, _)| self.take_all(sign)).map(|(_, operator)| operator)
    }

    /// Reads up to the closing brace; in double quotes, single quotes are characters like others.
    fn braced_word(&mut self, quoted: bool) -> Word {
        let mut word = Word::default();
        while let Some(c) = self.next() {
            match c {
                '}' => return word,
                '\\' => match self.next() {
                    Some('\n') | None => {}
                    Some(c) if quoted && !"$`\"\\}".contains(c) => {
                        word.push('\\', true);
                        word.push(c, true);
                    }
                    Some(c) => word.push(c, true),
                },
                '\'' if !quoted => self.single_quoted(&mut word),
                '"' => self.double_quoted(&mut word),
                '$' | '`' => {
                    let part = self.expansion(c, quoted);
                    word.parts.push(part);
                }
                other => word.push(other, quoted),
            }
        }
        self.failed = true;
        word
    }
}
