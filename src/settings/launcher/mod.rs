//! The grammar of the `java` launcher: what it takes from its line and from the environment, and what it says of it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::system_properties::SystemProperties;
use super::{Source, Surroundings};
use crate::cli::{ClassicLine, MAIN_CLASS, takes_next_word};

mod options;
mod options_file;
mod started;
mod words;

use options::{Kind, kind_of};
use options_file::expanded;
pub(crate) use started::{StartedLine, started_line};
use words::{argument_file_words, variable_words};

/// Read by the virtual machine; weaker than the command line.
const TOOL_OPTIONS: &str = "JAVA_TOOL_OPTIONS";
/// Read by the launcher, since 9, before its own line.
const LAUNCHER_OPTIONS: &str = "JDK_JAVA_OPTIONS";
/// Read by the virtual machine; stronger than the command line.
const STRONGEST_OPTIONS: &str = "_JAVA_OPTIONS";

/// An argument file larger than this is not read.
const LONGEST_ARGUMENT_FILE: u64 = 16 << 20;

/// What a Java virtual machine is started with.
#[derive(Debug, Default)]
pub(crate) struct Launch {
    /// The system properties, in the order in which Java sees them.
    pub(crate) properties: SystemProperties,
    /// The arguments of the class.
    pub(crate) arguments: Vec<String>,
    /// What Java says before it starts: `Picked up …`.
    pub(crate) told: Vec<String>,
}

/// Why there is no virtual machine, or no class.
#[derive(Debug)]
pub(crate) struct LaunchFailure {
    /// What Java says on standard error.
    pub(crate) told: Vec<String>,
    /// What it asks for that is not imitated: `java -version`, say.
    pub(crate) not_imitated: Option<String>,
}

/// Does what the launcher of `feature` does with a line.
///
/// # Errors
///
/// Holds what Java says when it does not start.
pub(crate) fn launch(
    line: &ClassicLine,
    feature: u16,
    surroundings: &Surroundings,
) -> Result<Launch, LaunchFailure> {
    let mut start = Start { feature, ..Start::default() };
    let launched =
        start.parse(line, surroundings).and_then(|words| start.boot(words, surroundings));
    match launched.and_then(|()| start.load_class(line.names_class)) {
        Ok(arguments) => Ok(Launch { properties: start.properties, arguments, told: start.told }),
        Err(stop) => {
            let mut told = start.told;
            let (said, not_imitated) = match stop {
                Stop::Said(said) => (said, None),
                Stop::NotImitated(option) => (Vec::new(), Some(option)),
            };
            told.extend(said);
            Err(LaunchFailure { told, not_imitated })
        }
    }
}

/// Returns the system properties of the environment around those of `arguments`, where a class need not be loaded.
pub(crate) fn properties_of(arguments: &[String], surroundings: &Surroundings) -> SystemProperties {
    let mut properties = SystemProperties::default();
    let mut define = |words: &[String], source: &Source| {
        for definition in words.iter().filter_map(|word| word.strip_prefix("-D")) {
            properties.define(definition, source.clone());
        }
    };
    for name in [TOOL_OPTIONS, LAUNCHER_OPTIONS] {
        define(&variable(name, surroundings).1.unwrap_or_default(), &Source::Variable(name));
    }
    let arguments: Vec<String> = arguments.iter().map(|text| format!("-D{text}")).collect();
    define(&arguments, &Source::CommandLine);
    let strongest = variable(STRONGEST_OPTIONS, surroundings).1.unwrap_or_default();
    define(&strongest, &Source::Variable(STRONGEST_OPTIONS));
    properties
}

/// Returns an environment variable's text, and its words unless a quote is not closed.
fn variable(name: &str, surroundings: &Surroundings) -> (Option<String>, Option<Vec<String>>) {
    let text = surroundings.variable(name).map(|value| value.to_string_lossy().into_owned());
    let words = text.as_deref().and_then(variable_words);
    (text, words)
}

/// Why a start ends.
enum Stop {
    /// Java says this and exits with 1.
    Said(Vec<String>),
    /// Java would print something that is not ours to print.
    NotImitated(String),
}

impl Stop {
    fn said(line: String) -> Self {
        Self::Said(vec![line])
    }

    /// What the virtual machine says of an option, and what the launcher adds.
    fn no_machine(line: String) -> Self {
        Self::Said(vec![
            line,
            "Error: Could not create the Java Virtual Machine.".to_owned(),
            "Error: A fatal exception has occurred. Program will exit.".to_owned(),
        ])
    }
}

/// A word of the launcher's line and where it stood.
struct Word {
    text: String,
    source: Source,
}

/// A start under way.
#[derive(Default)]
struct Start {
    feature: u16,
    properties: SystemProperties,
    told: Vec<String>,
    class: Option<String>,
    arguments: Vec<String>,
    value_awaited: bool,
    program_awaited: bool,
    files_disabled: bool,
}

impl Start {
    fn reads_argument_files(&self) -> bool {
        self.feature >= 9
    }

    /// Puts the words together as the launcher does: environment, line, argument files; finds the class.
    fn parse(
        &mut self,
        line: &ClassicLine,
        surroundings: &Surroundings,
    ) -> Result<Vec<Word>, Stop> {
        let mut words = Vec::new();
        if self.reads_argument_files()
            && let (Some(text), held) = variable(LAUNCHER_OPTIONS, surroundings)
        {
            self.told.push(format!("NOTE: Picked up {LAUNCHER_OPTIONS}: {text}"));
            let quote = "Error: Unmatched quote in environment variable";
            let held = held.ok_or_else(|| Stop::said(format!("{quote} {LAUNCHER_OPTIONS}")))?;
            self.take_all(&held, &Source::Variable(LAUNCHER_OPTIONS), surroundings, &mut words)?;
            self.check_variable(&words)?;
        }
        self.take_all(&line.words, &Source::CommandLine, surroundings, &mut words)?;
        Ok(words)
    }

    /// Refuses what may not stand in `JDK_JAVA_OPTIONS`.
    fn check_variable(&self, words: &[Word]) -> Result<(), Stop> {
        let place = format!("environment variable {LAUNCHER_OPTIONS}");
        let terminal = words.iter().find(|word| {
            matches!(kind_of(&word.text, self.feature), Kind::Terminal | Kind::Program)
        });
        if let Some(word) = terminal {
            return Err(Stop::said(format!(
                "Error: Option {} is not allowed in {place}",
                word.text
            )));
        }
        match self.class {
            Some(_) => Err(Stop::said(format!("Error: Cannot specify main class in {place}"))),
            None => Ok(()),
        }
    }

    fn take_all(
        &mut self,
        texts: &[String],
        source: &Source,
        surroundings: &Surroundings,
        words: &mut Vec<Word>,
    ) -> Result<(), Stop> {
        for text in texts {
            let file = text.strip_prefix('@').filter(|file| {
                !file.is_empty()
                    && self.class.is_none()
                    && self.reads_argument_files()
                    && !self.files_disabled
            });
            match file {
                None => self.take(text, source, words),
                Some(escaped) if escaped.starts_with('@') => self.take(escaped, source, words),
                Some(file) => {
                    let path = surroundings.absolute(Path::new(file));
                    let held = argument_file(&path)
                        .ok_or_else(|| Stop::said(format!("Error: could not open `{file}'")))?;
                    for text in held {
                        self.take(&text, &Source::File(path.clone()), words);
                    }
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, text: &str, source: &Source, words: &mut Vec<Word>) {
        if self.class.is_some() {
            self.arguments.push(text.to_owned());
        } else if self.program_awaited {
            self.class = Some(text.to_owned());
        } else if self.value_awaited {
            self.value_awaited = false;
            words.push(Word { text: text.to_owned(), source: source.clone() });
        } else if text.starts_with('-') && !is_number(text) {
            self.value_awaited =
                takes_next_word(text) && (self.feature >= 9 || !text.starts_with("--"));
            self.program_awaited = ["-jar", "-m", "--module"].contains(&text);
            self.files_disabled |= text == "--disable-@files" && self.feature >= 21;
            words.push(Word { text: text.to_owned(), source: source.clone() });
        } else {
            self.class = Some(text.to_owned());
        }
    }

    /// Lets the launcher and then the virtual machine look at the options, in Java's order.
    fn boot(&mut self, words: Vec<Word>, surroundings: &Surroundings) -> Result<(), Stop> {
        self.check_launcher_options(&words)?;
        let weak = self.pick_up(TOOL_OPTIONS, surroundings);
        let mut strong = None;
        if self.feature >= 9 && weak.is_ok() {
            strong = Some(self.pick_up(STRONGEST_OPTIONS, surroundings));
        }
        self.define_all(weak?, surroundings)?;
        self.define_all(words, surroundings)?;
        let strong = match strong {
            Some(strong) => strong,
            None => self.pick_up(STRONGEST_OPTIONS, surroundings),
        };
        self.define_all(strong?, surroundings)
    }

    /// Finds what the launcher itself stops at.
    fn check_launcher_options(&self, words: &[Word]) -> Result<(), Stop> {
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            match kind_of(&word.text, self.feature) {
                Kind::Terminal | Kind::Program => {
                    return Err(Stop::NotImitated(word.text.clone()));
                }
                Kind::ClassPath if rest.next().is_none() => {
                    let wanted = "requires class path specification";
                    return Err(Stop::said(format!("Error: {} {wanted}", word.text)));
                }
                Kind::TwoWords => {
                    rest.next();
                }
                Kind::ClassPath
                | Kind::Definition
                | Kind::Machine
                | Kind::Launcher
                | Kind::Unknown => {}
            }
        }
        Ok(())
    }

    /// Tells that a variable was picked up and returns its words.
    fn pick_up(
        &mut self,
        name: &'static str,
        surroundings: &Surroundings,
    ) -> Result<Vec<Word>, Stop> {
        let (Some(text), words) = variable(name, surroundings) else {
            return Ok(Vec::new());
        };
        self.told.push(format!("Picked up {name}: {text}"));
        let words = words.ok_or_else(|| Stop::no_machine(format!("Unmatched quote in {name}")))?;
        let source = Source::Variable(name);
        match words.iter().find(|word| !is_for_machine(word, self.feature)) {
            Some(word) => Err(Stop::no_machine(complaint(word))),
            None => {
                Ok(words.into_iter().map(|text| Word { text, source: source.clone() }).collect())
            }
        }
    }

    fn define_all(&mut self, words: Vec<Word>, surroundings: &Surroundings) -> Result<(), Stop> {
        let expanded = words.into_iter().map(|word| expanded(word, self.feature, surroundings));
        let words: Vec<Vec<Word>> = expanded.collect::<Result<_, _>>()?;
        let mut rest = words.into_iter().flatten();
        while let Some(word) = rest.next() {
            match kind_of(&word.text, self.feature) {
                Kind::Definition => {
                    let definition = word.text.strip_prefix("-D").unwrap_or_default();
                    self.properties.define(definition, word.source.clone());
                }
                Kind::TwoWords | Kind::ClassPath => {
                    rest.next();
                }
                Kind::Unknown => return Err(Stop::no_machine(complaint(&word.text))),
                Kind::Machine | Kind::Launcher | Kind::Terminal | Kind::Program => {}
            }
        }
        Ok(())
    }

    /// Finds the class and returns its arguments. Where the class need not be named, `HOST PORT` may stand alone.
    fn load_class(&mut self, must_be_named: bool) -> Result<Vec<String>, Stop> {
        let mut arguments = std::mem::take(&mut self.arguments);
        match self.class.take() {
            None if must_be_named => Err(Stop::said(self.usage().to_owned())),
            None => Ok(arguments),
            Some(class) if class == MAIN_CLASS => Ok(arguments),
            // Since 11 the launcher compiles a source file and runs it.
            Some(file) if self.feature >= 11 && file.ends_with("SSLPoke.java") => Ok(arguments),
            Some(class) if must_be_named || class.starts_with('@') => {
                Err(Stop::Said(self.class_not_found(&class)))
            }
            Some(host) => {
                arguments.insert(0, host);
                Ok(arguments)
            }
        }
    }

    fn class_not_found(&self, class: &str) -> Vec<String> {
        let dotted = class.replace('/', ".");
        let mut said = vec![format!("Error: Could not find or load main class {dotted}")];
        if self.feature >= 9 {
            let named = if dotted.starts_with('.') { class } else { &dotted };
            said.push(format!("Caused by: java.lang.ClassNotFoundException: {named}"));
        }
        said
    }

    /// The first line of what the launcher says when no class is named.
    fn usage(&self) -> &'static str {
        match self.feature {
            ..9 => "Usage: java [-options] class [args...]",
            9..25 => "Usage: java [options] <mainclass> [args...]",
            25.. => "Usage: java [java options...] <application> [application arguments...]",
        }
    }
}

fn is_for_machine(word: &str, feature: u16) -> bool {
    matches!(kind_of(word, feature), Kind::Definition | Kind::Machine)
}

/// What the virtual machine says of an option that it does not know.
fn complaint(word: &str) -> String {
    match word.strip_prefix("-XX:") {
        Some(flag) => format!("Unrecognized VM option '{flag}'"),
        None => format!("Unrecognized option: {word}"),
    }
}

fn is_number(word: &str) -> bool {
    word.parse::<i64>().is_ok()
}

fn argument_file(path: &Path) -> Option<Vec<String>> {
    options_in(path).map(|text| argument_file_words(&text))
}

/// Reads a file of options; none that is larger than one is.
fn options_in(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LONGEST_ARGUMENT_FILE + 1).read_to_end(&mut bytes).ok()?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LONGEST_ARGUMENT_FILE);
    fits.then(|| String::from_utf8_lossy(&bytes).into_owned())
}
