//! The classic line: what `java` would take, or `HOST PORT`. Told apart from our verbs by words alone.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::Parser;

use super::{Format, RuntimeOptions, StoreOptions, Told, WireOptions};

/// The class that the classic line runs.
pub(crate) const MAIN_CLASS: &str = "SSLPoke";

/// A line as `java` takes it.
#[derive(Debug)]
pub(crate) struct ClassicLine {
    /// Whether nothing may be printed that Java would not print: the program goes by the name of `java` or `SSLPoke`.
    pub(crate) strict: bool,
    /// The path of `java` in a pasted line.
    pub(crate) program: Option<PathBuf>,
    /// Our own options.
    pub(crate) options: ClassicOptions,
    /// What the launcher is told: options, then the class and its arguments.
    pub(crate) words: Vec<String>,
    /// Whether the class must be named; else the arguments may stand alone.
    pub(crate) names_class: bool,
}

/// Our own options on a classic line.
#[derive(Debug, Default, Parser)]
#[command(name = "sslpoke", no_binary_name = true, disable_help_flag = true)]
pub(crate) struct ClassicOptions {
    /// How the report is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Say only what Java would say
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Say where every setting came from
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) runtime: RuntimeOptions,
    #[command(flatten)]
    pub(crate) store: StoreOptions,
    #[command(flatten)]
    pub(crate) wire: WireOptions,
}

/// The words of a line, sorted.
#[derive(Default)]
struct Sorted {
    /// Our own options and their values.
    own: Vec<OsString>,
    /// Options for the launcher, argument files among them.
    java: Vec<String>,
    /// What is left: a class and its arguments, a host and a port, or a verb.
    bare: Vec<String>,
    program: Option<PathBuf>,
    names_class: bool,
}

impl ClassicLine {
    /// Recognises a classic line, `words` beginning with the program's own name.
    pub(crate) fn recognise(words: &[OsString]) -> Option<Result<Self, Told>> {
        let (name, words) = words.split_first()?;
        match file_stem(name).as_deref() {
            Some("java") => return Some(Ok(Self::strict(words, true))),
            Some(MAIN_CLASS) => return Some(Ok(Self::strict(words, false))),
            _ => {}
        }
        let sorted = Sorted::of(words);
        sorted.is_classic(words).then(|| sorted.into_line())
    }

    fn strict(words: &[OsString], names_class: bool) -> Self {
        Self {
            strict: true,
            program: None,
            options: ClassicOptions::default(),
            words: words.iter().map(text).collect(),
            names_class,
        }
    }
}

impl Sorted {
    fn of(words: &[OsString]) -> Self {
        let mut sorted = Self::default();
        let mut rest = words;
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            if let Some(takes_value) = own_option(word) {
                sorted.own.push(word.clone());
                if let Some((value, after)) = rest.split_first().filter(|_| takes_value) {
                    sorted.own.push(value.clone());
                    rest = after;
                }
                continue;
            }
            let word = text(word);
            if is_java_option(&word) {
                let value = rest.split_first().filter(|_| takes_next_word(&word));
                sorted.java.push(word);
                if let Some((value, after)) = value {
                    sorted.java.push(text(value));
                    rest = after;
                }
            } else if sorted.bare.is_empty() && sorted.program.is_none() && is_program(&word) {
                sorted.program = Some(word.into());
            } else {
                sorted.names_class |=
                    sorted.bare.is_empty() && (sorted.program.is_some() || is_main_class(&word));
                sorted.bare.push(word);
                if sorted.names_class {
                    // All that follows the class are its arguments, whatever they look like.
                    sorted.bare.extend(rest.iter().map(text));
                    break;
                }
            }
        }
        sorted
    }

    /// Tells a classic line from a verb. Two words with a number second are always `HOST PORT`.
    fn is_classic(&self, words: &[OsString]) -> bool {
        if self.names_class || self.program.is_some() {
            return true;
        }
        match self.bare.as_slice() {
            [] => words.is_empty() || self.java.iter().any(|word| !is_ours_alone(word)),
            [_, port] if is_number(port) && !is_value(port, words) => true,
            [first, ..] => {
                !VERBS.contains(&first.as_str())
                    && !self.java.iter().any(|word| is_ours_alone(word))
            }
        }
    }

    fn into_line(self) -> Result<ClassicLine, Told> {
        let options = if self.own.is_empty() {
            ClassicOptions::default()
        } else {
            ClassicOptions::try_parse_from(&self.own).map_err(|error| Told { error, usage: 1 })?
        };
        let mut words = self.java;
        words.extend(self.bare);
        let (program, names_class) = (self.program, self.names_class);
        Ok(ClassicLine {
            strict: false,
            names_class: names_class || program.is_some(),
            program,
            options,
            words,
        })
    }
}

/// Returns whether a word stands behind a long option that is none of a classic line: `doctor --pid 17`.
fn is_value(word: &str, words: &[OsString]) -> bool {
    let mut pairs = words.iter().zip(words.iter().skip(1));
    pairs.any(|(option, value)| {
        let option = option.to_string_lossy();
        let is_known = OWN_OPTIONS.iter().any(|(known, _)| *known == option);
        option.starts_with("--") && !is_known && !takes_next_word(&option) && value == word
    })
}

/// Our verbs: none of them is taken for a host, unless a port follows.
const VERBS: [&str; 10] =
    ["poke", "scan", "doctor", "judge", "explain", "trust", "upgrade", "runtimes", "demo", "help"];

/// Our own options, and whether a value follows.
const OWN_OPTIONS: [(&str, bool); 27] = [
    ("--java", true),
    ("--java-home", true),
    ("--truststore", true),
    ("--storetype", true),
    ("--storepass-file", true),
    ("--storepass-env", true),
    ("--storepass-stdin", false),
    ("--timeout", true),
    ("--resolve", true),
    ("--starttls", true),
    ("--proxy", true),
    ("--no-proxy", false),
    ("--proxy-user", true),
    ("--proxy-pass-file", true),
    ("--proxy-pass-env", true),
    ("--proxy-pass-stdin", false),
    ("--sni", true),
    ("--hostname-check", true),
    ("--at", true),
    ("--format", true),
    ("--quiet", false),
    ("--verbose", false),
    ("-q", false),
    ("-v", false),
    ("-qv", false),
    ("-4", false),
    ("-6", false),
];

/// Options of the launcher whose value is the next word (`java --help`, and `java -X`).
const TWO_WORD_OPTIONS: [&str; 16] = [
    "-cp",
    "-classpath",
    "--class-path",
    "-p",
    "--module-path",
    "--upgrade-module-path",
    "--add-modules",
    "--add-exports",
    "--add-opens",
    "--add-reads",
    "--enable-native-access",
    "--illegal-native-access",
    "--limit-modules",
    "--patch-module",
    "--source",
    "-jar",
];

/// Returns whether the launcher takes the word after `option` as its value.
pub(crate) fn takes_next_word(option: &str) -> bool {
    TWO_WORD_OPTIONS.contains(&option)
}

/// Returns whether a value follows, if `word` is one of our own options.
fn own_option(word: &OsStr) -> Option<bool> {
    let word = word.to_str()?;
    if let Some((name, _value)) = word.split_once('=') {
        let known = OWN_OPTIONS.iter().any(|(own, takes_value)| *own == name && *takes_value);
        return known.then_some(false);
    }
    OWN_OPTIONS.iter().find(|(own, _)| *own == word).map(|(_, takes_value)| *takes_value)
}

/// Options by which clap is asked for help: no line of Java's.
fn is_ours_alone(word: &str) -> bool {
    ["-h", "--help", "-V", "--version"].contains(&word)
}

fn is_java_option(word: &str) -> bool {
    (word.starts_with('-') && !is_number(word)) || (word.starts_with('@') && word.len() > 1)
}

fn is_number(word: &str) -> bool {
    word.parse::<i64>().is_ok()
}

/// Recognises `java`, and any path to it.
fn is_program(word: &str) -> bool {
    file_stem(OsStr::new(word)).as_deref() == Some("java")
}

/// Recognises the class, and what is mistaken for it: another case, the file, a path to it.
fn is_main_class(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let name = name.strip_suffix(".class").or_else(|| name.strip_suffix(".java")).unwrap_or(name);
    name.eq_ignore_ascii_case(MAIN_CLASS)
}

fn file_stem(program: &OsStr) -> Option<String> {
    let name = Path::new(program).file_name()?.to_str()?;
    Some(name.strip_suffix(".exe").unwrap_or(name).to_owned())
}

fn text(word: &OsString) -> String {
    word.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<ClassicLine> {
        let words: Vec<OsString> = text.split_whitespace().map(OsString::from).collect();
        ClassicLine::recognise(&words).map(Result::unwrap)
    }

    #[test]
    fn every_verb_is_known_here() {
        let command = <crate::cli::Args as clap::CommandFactory>::command();
        let verbs = command.get_subcommands().map(clap::Command::get_name).chain(["help"]);
        assert_eq!(verbs.collect::<Vec<_>>(), VERBS);
    }

    #[test]
    fn a_verb_is_told_from_a_classic_line() {
        for (text, classic) in [
            ("sslpoke", true),
            ("sslpoke tls.example.test 443", true),
            ("sslpoke tls.example.test https", true),
            ("sslpoke tls.example.test", true),
            ("sslpoke a 443 x", true),
            ("sslpoke judge 443", true),
            ("sslpoke --java 8 demo 443", true),
            ("sslpoke poke tls.example.test 443", false),
            ("sslpoke poke tls.example.test:443", false),
            ("sslpoke trust list x.jks", false),
            ("sslpoke demo", false),
            ("sslpoke --format json poke a 443", false),
            ("sslpoke --help", false),
            ("sslpoke -V", false),
            ("sslpoke -Dx=y", true),
            ("sslpoke java SSLPoke", true),
            ("sslpoke SSLPoke poke 443", true),
            ("sslpoke @args a 443", true),
        ] {
            assert_eq!(line(text).is_some(), classic, "{text}");
        }
    }

    #[test]
    fn our_options_are_taken_out_and_the_rest_stays_in_order() {
        for (text, words, names_class) in [
            (
                "sslpoke --java 17 -Da=b -cp /tmp SSLPoke h 1 --java 8",
                "-Da=b -cp /tmp SSLPoke h 1 --java 8",
                true,
            ),
            ("sslpoke java --java 17 -Da=b SSLPoke h 1", "-Da=b SSLPoke h 1", true),
            ("sslpoke /opt/jre/bin/java -Da=b SSLPoke h 1", "-Da=b SSLPoke h 1", true),
            ("sslpoke h 1 --java 17 -Da=b", "-Da=b h 1", false),
            ("sslpoke h --timeout=5 1 -6", "h 1", false),
            ("sslpoke -Da=b h -1", "-Da=b h -1", false),
            ("sslpoke sslpoke h 1", "sslpoke h 1", true),
        ] {
            let line = line(text).unwrap();
            assert_eq!(line.words.join(" "), words, "{text}");
            assert_eq!(line.names_class, names_class, "{text}");
        }
        assert_eq!(line("sslpoke h 1 --java 17").unwrap().options.runtime.java.unwrap(), "17");
    }

    #[test]
    fn the_own_name_makes_it_strict() {
        for (text, names_class) in [("/usr/bin/java SSLPoke h 1", true), ("SSLPoke h 1", false)] {
            let line = line(text).unwrap();
            assert!(line.strict);
            assert_eq!(line.names_class, names_class);
        }
    }
}
