//! The grammar of the shell, as far as scripts use it that set options: text in, commands out.

use super::compound::COMPOUND;
use super::tree::{Command, Joined, Link, List, Word};

/// Deeper nesting is not followed.
const DEEPEST: usize = 40;

/// Reads a script; what cannot be read ends it, with the line where.
pub(super) fn parse(text: &str) -> (List, Option<usize>) {
    let mut parser = Parser::new(text, 1);
    let list = parser.list(&[]);
    parser.blanks_and_lines();
    let is_read = parser.peek().is_none() && !parser.failed;
    (list, (!is_read).then_some(parser.line))
}

/// Splits text as `eval` does: one simple command; and whether an operator ended it before the text did.
pub(super) fn words(text: &str) -> (Vec<Word>, bool) {
    let mut parser = Parser::new(text, 1);
    let mut words = Vec::new();
    loop {
        parser.blanks_and_lines();
        match parser.word() {
            Some(word) => words.push(word),
            None => return (words, parser.peek().is_some() || parser.failed),
        }
    }
}

pub(super) struct Parser {
    /// The characters that are left, the next one last.
    left: Vec<char>,
    pub(super) line: usize,
    pub(super) depth: usize,
    /// Whether something was met that is not understood: nothing after it is read.
    pub(super) failed: bool,
    /// The delimiters of here-documents that begin with the next line.
    documents: Vec<String>,
}

impl Parser {
    pub(super) fn new(text: &str, line: usize) -> Self {
        let left = text.chars().rev().collect();
        Self { left, line, depth: 0, failed: false, documents: Vec::new() }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.left.last().copied()
    }

    pub(super) fn peek_second(&self) -> Option<char> {
        self.left.iter().rev().nth(1).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.left.pop();
        if next == Some('\n') {
            self.line += 1;
        }
        next
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let is_there = self.peek() == Some(wanted);
        if is_there {
            self.next();
        }
        is_there
    }

    pub(super) fn take_all(&mut self, wanted: &str) -> bool {
        let is_there = wanted.chars().eq(self.left.iter().rev().take(wanted.len()).copied());
        if is_there {
            wanted.chars().for_each(|_| {
                self.next();
            });
        }
        is_there
    }

    /// Passes over blanks, continued lines and a comment.
    pub(super) fn blanks(&mut self) {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\r') => {
                    self.next();
                }
                Some('\\') if self.peek_second() == Some('\n') => {
                    self.next();
                    self.next();
                }
                Some('#') => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.next();
                    }
                }
                _ => return,
            }
        }
    }

    pub(super) fn blanks_and_lines(&mut self) {
        self.blanks();
        while self.take('\n') {
            self.documents();
            self.blanks();
        }
    }

    /// Passes over the here-documents that begin here.
    fn documents(&mut self) {
        for end in std::mem::take(&mut self.documents) {
            loop {
                let mut line = String::new();
                while let Some(c) = self.next().filter(|c| *c != '\n') {
                    line.push(c);
                }
                if line.trim_start_matches('\t') == end || self.peek().is_none() {
                    break;
                }
            }
        }
    }

    /// Goes one level deeper, unless that is too deep.
    pub(super) fn nested<T: Default>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEEPEST {
            self.failed = true;
            self.left.clear();
            return T::default();
        }
        self.depth += 1;
        let held = read(self);
        self.depth -= 1;
        held
    }

    /// Reads commands up to one of the words in `ends`, a closing parenthesis or the end.
    pub(super) fn list(&mut self, ends: &[&str]) -> List {
        self.nested(|parser| {
            let mut list = Vec::new();
            loop {
                parser.separators();
                if parser.failed || parser.peek().is_none_or(|c| c == ')') || parser.at_any(ends) {
                    return list;
                }
                let before = parser.left.len();
                list.push(parser.joined());
                if parser.left.len() == before {
                    parser.failed = true;
                }
            }
        })
    }

    pub(super) fn separators(&mut self) {
        loop {
            self.blanks_and_lines();
            let is_end_of_arm = self.peek() == Some(';') && self.peek_second() == Some(';');
            if is_end_of_arm || !(self.take(';') || self.take('&')) {
                return;
            }
        }
    }

    pub(super) fn at_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.at(word))
    }

    /// Whether a reserved word stands here.
    pub(super) fn at(&self, word: &str) -> bool {
        let mut left = self.left.iter().rev().copied();
        let is_there = word.chars().all(|wanted| left.next() == Some(wanted));
        is_there && (word == ";;" || left.next().is_none_or(ends_word))
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        self.blanks_and_lines();
        let is_there = self.at(word) && self.take_all(word);
        self.failed |= !is_there;
        is_there
    }

    /// Reads pipelines that `&&` and `||` join.
    fn joined(&mut self) -> Joined {
        let first = self.pipeline();
        let mut rest = Vec::new();
        loop {
            self.blanks();
            let link = if self.take_all("&&") {
                Link::And
            } else if self.take_all("||") {
                Link::Or
            } else {
                return Joined { first, rest };
            };
            self.blanks_and_lines();
            rest.push((link, self.pipeline()));
        }
    }

    fn pipeline(&mut self) -> Command {
        self.blanks();
        if self.at("!") {
            self.next();
            return Command::Not(Box::new(self.nested(Self::pipeline)));
        }
        let mut command = self.command();
        loop {
            self.blanks();
            if self.peek() != Some('|') || self.peek_second() == Some('|') {
                break;
            }
            self.next();
            self.take('&');
            self.blanks_and_lines();
            self.command();
            command = Command::Pipe;
        }
        command
    }

    pub(super) fn command(&mut self) -> Command {
        let line = self.line;
        if self.take('(') {
            let list = self.list(&[]);
            self.failed |= !self.take(')');
            self.redirections();
            return Command::Subshell(list);
        }
        for (word, read) in COMPOUND {
            if self.at(word) {
                self.take_all(word);
                let command = self.nested(|parser| read(parser, line));
                self.redirections();
                return command;
            }
        }
        self.simple()
    }

    fn simple(&mut self) -> Command {
        let (mut assignments, mut words) = (Vec::new(), Vec::new());
        loop {
            self.blanks();
            if self.redirection() {
                continue;
            }
            let Some(word) = self.word() else { break };
            if words.is_empty() {
                if let Some(assignment) = word.assignment() {
                    assignments.push(assignment);
                    // an array, of which nothing is known here
                    if self.take('(') {
                        self.list_of_words();
                    }
                    continue;
                }
                if self.peek() == Some('(') && self.take_all("()") {
                    return self.body(word.plain().unwrap_or_default());
                }
            }
            words.push(word);
        }
        Command::Simple { assignments, words }
    }

    fn list_of_words(&mut self) {
        loop {
            self.blanks_and_lines();
            if self.word().is_none() {
                break;
            }
        }
        self.failed |= !self.take(')');
    }

    fn redirections(&mut self) {
        loop {
            self.blanks();
            if !self.redirection() {
                return;
            }
        }
    }

    /// Passes over one redirection: where a command writes to does not matter.
    fn redirection(&mut self) -> bool {
        let digits = self.left.iter().rev().take_while(|c| c.is_ascii_digit()).count();
        let after = self.left.iter().rev().nth(digits).copied();
        let both = self.peek() == Some('&') && self.peek_second() == Some('>');
        if !both && !matches!(after, Some('<' | '>')) {
            return false;
        }
        for _ in 0..digits {
            self.next();
        }
        self.take('&');
        if self.take_all("<<<") {
            self.blanks();
            self.word();
        } else if self.take_all("<<") {
            self.take('-');
            self.blanks();
            let end = self.word().and_then(|word| word.plain());
            self.documents.extend(end);
        } else {
            self.next();
            let _ = self.take('>') || self.take('<') || self.take('|');
            self.take('&');
            self.blanks();
            self.word();
        }
        true
    }

    pub(super) fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| c.is_alphanumeric() || *c == '_' || *c == '-') {
            self.next();
            name.push(c);
        }
        name
    }
}

pub(super) fn ends_word(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}
