//! What a script is made of.

/// Commands, one after the other.
pub(super) type List = Vec<Joined>;

/// Commands that `&&` and `||` join.
#[derive(Clone, Debug)]
pub(super) struct Joined {
    pub(super) first: Command,
    pub(super) rest: Vec<(Link, Command)>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Link {
    And,
    Or,
}

#[derive(Clone, Debug)]
pub(super) enum Command {
    Simple {
        assignments: Vec<Assignment>,
        words: Vec<Word>,
    },
    If(Vec<(List, List)>, List),
    Case(Word, Vec<(Vec<Word>, List)>),
    For {
        name: String,
        words: Vec<Word>,
        body: List,
        line: usize,
    },
    /// A loop whose end only its commands know; it began in that line.
    While(usize),
    Group(List),
    Subshell(List),
    /// Commands that write to one another: what comes of them is not known.
    Pipe,
    Not(Box<Self>),
    Function(String, Box<Self>),
}

impl Default for Command {
    fn default() -> Self {
        Self::Simple { assignments: Vec::new(), words: Vec::new() }
    }
}

/// `NAME=word` or `NAME+=word`.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) appends: bool,
    pub(super) value: Word,
}

/// A word: what it is made of, side by side.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    Literal {
        text: String,
        quoted: bool,
    },
    Parameter {
        name: String,
        operator: Operator,
        word: Word,
        quoted: bool,
    },
    Substitution {
        list: List,
        quoted: bool,
    },
    /// Something that is not worked out.
    Unknown {
        quoted: bool,
    },
}

impl Part {
    pub(super) fn parameter(name: String, quoted: bool) -> Self {
        Self::Parameter { name, operator: Operator::Plain, word: Word::default(), quoted }
    }
}

/// What is done with a parameter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Operator {
    Plain,
    Length,
    Default { if_empty: bool },
    Assign { if_empty: bool },
    Instead { if_empty: bool },
    Demand,
    CutFront { longest: bool },
    CutBack { longest: bool },
}

impl Word {
    pub(super) fn of(text: &str) -> Self {
        Self { parts: vec![Part::Literal { text: text.to_owned(), quoted: false }] }
    }

    pub(super) fn push(&mut self, c: char, is_quoted: bool) {
        match self.parts.last_mut() {
            Some(Part::Literal { text, quoted }) if *quoted == is_quoted => text.push(c),
            _ => self.parts.push(Part::Literal { text: c.to_string(), quoted: is_quoted }),
        }
    }

    /// Notes that there were quotes: `""` is a word, too.
    pub(super) fn push_empty(&mut self) {
        if !matches!(self.parts.last(), Some(Part::Literal { quoted: true, .. })) {
            self.parts.push(Part::Literal { text: String::new(), quoted: true });
        }
    }

    /// Returns the text of a word in which nothing is to be put in.
    pub(super) fn plain(&self) -> Option<String> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal { text, .. } => Some(text.as_str()),
                Part::Parameter { .. } | Part::Substitution { .. } | Part::Unknown { .. } => None,
            })
            .collect()
    }

    /// Reads `NAME=…` and `NAME+=…`.
    pub(super) fn assignment(&self) -> Option<Assignment> {
        let Some((Part::Literal { text, quoted: false }, rest)) = self.parts.split_first() else {
            return None;
        };
        let (name, begin) = text.split_once('=')?;
        let (name, appends) = match name.strip_suffix('+') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if !is_name(name) {
            return None;
        }
        let mut value = Self::default();
        if !begin.is_empty() {
            value.parts.push(Part::Literal { text: begin.to_owned(), quoted: false });
        }
        value.parts.extend(rest.iter().cloned());
        Some(Assignment { name: name.to_owned(), appends, value })
    }
}

/// Returns whether a variable may be called so.
pub(super) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    let begins = characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    begins && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
