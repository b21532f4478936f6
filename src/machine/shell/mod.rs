//! What a shell script sets, found out without running it: no program is started, no file is written.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::settings::Root;

mod commands;
mod compound;
mod conditions;
mod expansion;
mod pattern;
mod syntax;
mod tree;
mod words;

use tree::{Command, Joined, Link, List};

/// Stands in a text for what is not known: the output of a program, say.
pub(crate) const UNKNOWN: char = '\u{fffd}';

/// A longer script is not read.
const LONGEST_FILE: u64 = 1 << 20;
/// A longer value is not kept.
const LONGEST_VALUE: usize = 256 << 10;
/// So many commands are followed.
const MOST_STEPS: usize = 20_000;
/// So many characters are put together in all.
const MOST_CHARACTERS: usize = 32 << 20;
/// So deep do scripts, functions and substitutions call one another.
const DEEPEST: usize = 20;

/// A shell that follows scripts.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    root: Root,
    directory: PathBuf,
    variables: HashMap<String, String>,
    functions: HashMap<String, Rc<Command>>,
    /// `$0` and the arguments of the function that is followed.
    arguments: Vec<String>,
    /// What a command writes that a substitution reads; none outside of one.
    output: Option<String>,
    /// How the last command ended, where that is known.
    status: Status,
    /// How the last substitution ended: so does an assignment.
    of_substitution: Status,
    /// The scripts that were followed, in order.
    pub(crate) files: Vec<PathBuf>,
    /// What could not be followed.
    pub(crate) unread: Vec<String>,
    /// The words of the command that `exec` put in the shell's place.
    pub(crate) executed: Option<Vec<String>>,
    ended: bool,
    /// Whether the script or the function that is followed is left.
    returns: bool,
    /// The folder that `pushd` left.
    pushed: Option<PathBuf>,
    steps: usize,
    characters: usize,
    depth: usize,
}

/// How commands go on.
type Status = Option<bool>;

impl Shell {
    /// Makes a shell that sees these variables, in that root and folder.
    pub(crate) fn new(
        root: &Root,
        directory: &Path,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        Self {
            root: root.clone(),
            directory: directory.to_owned(),
            variables: variables.into_iter().collect(),
            functions: HashMap::new(),
            arguments: vec!["sh".to_owned()],
            output: None,
            status: Some(true),
            of_substitution: Some(true),
            files: Vec::new(),
            unread: Vec::new(),
            executed: None,
            ended: false,
            returns: false,
            pushed: None,
            steps: 0,
            characters: 0,
            depth: 0,
        }
    }

    /// Returns the value of a variable.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Sets a variable.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        let value =
            if value.len() > LONGEST_VALUE { UNKNOWN.to_string() } else { value.to_owned() };
        self.variables.insert(name.to_owned(), value);
    }

    /// Follows a script that is started as `name`.
    pub(crate) fn start(&mut self, script: &Path) -> bool {
        self.arguments = vec![script.display().to_string()];
        self.source(script)
    }

    /// Follows a script in this very shell, as `.` does; false if there is none.
    pub(crate) fn source(&mut self, script: &Path) -> bool {
        let script = self.directory.join(script);
        let file = self.root.outside(&script);
        let is_short =
            fs::metadata(&file).is_ok_and(|held| held.is_file() && held.len() <= LONGEST_FILE);
        let Some(bytes) = is_short.then(|| fs::read(file).ok()).flatten() else { return false };
        if self.depth >= DEEPEST {
            return false;
        }
        let (list, unread) = syntax::parse(&String::from_utf8_lossy(&bytes));
        if let Some(line) = unread {
            self.unread.push(format!("{}, from line {line} on", script.display()));
        }
        self.files.push(script);
        self.depth += 1;
        self.list(&list);
        self.depth -= 1;
        self.returns = false;
        true
    }

    /// Splits a text into words as `eval` does; the second is whether an operator cuts it short.
    pub(crate) fn evaluated(&mut self, text: &str) -> (Vec<String>, bool) {
        let (words, is_cut) = syntax::words(text);
        (words.iter().flat_map(|word| self.fields(word)).collect(), is_cut)
    }

    fn list(&mut self, list: &List) -> Status {
        let mut status = Some(true);
        for joined in list {
            if self.is_over() {
                break;
            }
            status = self.joined(joined);
            self.status = status;
        }
        status
    }

    fn is_over(&self) -> bool {
        self.ended || self.returns || self.steps > MOST_STEPS || self.characters > MOST_CHARACTERS
    }

    /// What comes after an outcome that is not known is not followed.
    fn joined(&mut self, joined: &Joined) -> Status {
        let mut status = self.command(&joined.first);
        for (link, command) in &joined.rest {
            self.status = status;
            let goes_on = match link {
                Link::And => status == Some(true),
                Link::Or => status == Some(false),
            };
            if goes_on && !self.is_over() {
                status = self.command(command);
            }
        }
        status
    }

    fn command(&mut self, command: &Command) -> Status {
        self.steps += 1;
        if self.is_over() {
            return None;
        }
        match command {
            Command::Simple { assignments, words } => self.simple(assignments, words),
            Command::Group(list) => self.list(list),
            Command::Not(command) => self.command(command).map(|status| !status),
            Command::If(branches, otherwise) => {
                for (condition, then) in branches {
                    if self.list(condition) == Some(true) {
                        return self.list(then);
                    }
                }
                self.list(otherwise)
            }
            Command::Case(word, arms) => {
                let value = self.text(word);
                for (patterns, list) in arms {
                    let fits = patterns.iter().any(|pattern| {
                        let pattern = self.pattern(pattern);
                        pattern::matches(&pattern, &value)
                    });
                    if fits && !value.contains(UNKNOWN) {
                        return self.list(list);
                    }
                }
                Some(true)
            }
            Command::For { name, words, body, line } => self.each(name, words, body, *line),
            Command::While(line) => {
                self.unread.push(format!("the loop in line {line} of {}", self.place()));
                None
            }
            Command::Function(name, body) => {
                self.functions.insert(name.clone(), Rc::new((**body).clone()));
                Some(true)
            }
            Command::Subshell(list) => {
                let mut inner = self.fork();
                let status = inner.list(list);
                self.take_account_of(&mut inner);
                status
            }
            Command::Pipe => None,
        }
    }

    /// Makes a shell that knows all that this one does; what that costs is counted.
    fn fork(&mut self) -> Self {
        let held = self.variables.iter().map(|(name, value)| name.len() + value.len());
        self.characters += held.sum::<usize>() + 32 * self.functions.len();
        self.clone()
    }

    /// Keeps of a shell of its own what it used up and could not read.
    fn take_account_of(&mut self, inner: &mut Self) {
        self.steps = inner.steps;
        self.characters = inner.characters;
        self.unread = std::mem::take(&mut inner.unread);
        if self.output.is_some() {
            self.output = inner.output.take();
        }
    }

    fn each(&mut self, name: &str, words: &[tree::Word], body: &List, line: usize) -> Status {
        let values: Vec<String> = words.iter().flat_map(|word| self.fields(word)).collect();
        if values.iter().any(|value| value.contains([UNKNOWN, '*', '?'])) {
            self.unread.push(format!("the loop in line {line} of {}", self.place()));
            return None;
        }
        let mut status = Some(true);
        for value in values {
            self.set(name, &value);
            status = self.list(body);
        }
        status
    }

    fn place(&self) -> String {
        self.files.last().map_or_else(|| "a script".to_owned(), |file| file.display().to_string())
    }
}

#[cfg(test)]
mod tests;
