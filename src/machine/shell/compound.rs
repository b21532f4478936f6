//! Commands that are made of others: conditions, choices, loops, functions.

use super::syntax::Parser;
use super::tree::{Command, Word};

pub(super) type Compound = fn(&mut Parser, usize) -> Command;

/// The words that begin more than a simple command.
pub(super) const COMPOUND: [(&str, Compound); 8] = [
    ("{", Parser::group),
    ("if", Parser::condition),
    ("case", Parser::case),
    ("for", Parser::each),
    ("while", Parser::repetition),
    ("until", Parser::repetition),
    ("function", Parser::function),
    ("[[", Parser::double_test),
];

impl Parser {
    fn group(&mut self, _line: usize) -> Command {
        let list = self.list(&["}"]);
        self.take_word("}");
        Command::Group(list)
    }

    fn condition(&mut self, _line: usize) -> Command {
        let mut branches = Vec::new();
        loop {
            let condition = self.list(&["then"]);
            self.take_word("then");
            branches.push((condition, self.list(&["elif", "else", "fi"])));
            if !self.at("elif") || self.failed {
                break;
            }
            self.take_all("elif");
        }
        let otherwise = if self.at("else") {
            self.take_all("else");
            self.list(&["fi"])
        } else {
            Vec::new()
        };
        self.take_word("fi");
        Command::If(branches, otherwise)
    }

    fn case(&mut self, _line: usize) -> Command {
        self.blanks();
        let word = self.word().unwrap_or_default();
        self.take_word("in");
        let mut arms = Vec::new();
        loop {
            self.blanks_and_lines();
            if self.at("esac") || self.failed || self.peek().is_none() {
                break;
            }
            self.take('(');
            let mut patterns = Vec::new();
            loop {
                self.blanks();
                patterns.extend(self.word());
                self.blanks();
                if !self.take('|') {
                    break;
                }
            }
            self.failed |= !self.take(')');
            arms.push((patterns, self.list(&[";;", "esac"])));
            self.take_all(";;");
        }
        self.take_word("esac");
        Command::Case(word, arms)
    }

    fn each(&mut self, line: usize) -> Command {
        self.blanks();
        let name = self.name();
        self.blanks_and_lines();
        let mut words = Vec::new();
        if self.at("in") {
            self.take_all("in");
            loop {
                self.blanks();
                match self.word() {
                    Some(word) => words.push(word),
                    None => break,
                }
            }
        }
        self.separators();
        self.take_word("do");
        let body = self.list(&["done"]);
        self.take_word("done");
        Command::For { name, words, body, line }
    }

    fn repetition(&mut self, line: usize) -> Command {
        self.list(&["do"]);
        self.take_word("do");
        self.list(&["done"]);
        self.take_word("done");
        Command::While(line)
    }

    fn function(&mut self, _line: usize) -> Command {
        self.blanks();
        let name = self.name();
        self.blanks();
        self.take_all("()");
        self.body(name)
    }

    pub(super) fn body(&mut self, name: String) -> Command {
        self.blanks_and_lines();
        let body = self.nested(|parser| Some(parser.command()));
        Command::Function(name, Box::new(body.unwrap_or_default()))
    }

    /// Reads a `[[ … ]]`, whose words are not split.
    fn double_test(&mut self, _line: usize) -> Command {
        let mut words = vec![Word::of("[[")];
        loop {
            self.blanks_and_lines();
            if self.take_all("]]") {
                return Command::Simple { assignments: Vec::new(), words };
            }
            let operator = ["&&", "||", "(", ")", "<", ">"].iter().find(|sign| self.take_all(sign));
            match (operator, self.peek()) {
                (Some(sign), _) => words.push(Word::of(sign)),
                (None, Some(_)) => match self.word() {
                    Some(word) => words.push(word),
                    None => break,
                },
                (None, None) => break,
            }
        }
        self.failed = true;
        Command::default()
    }
}
