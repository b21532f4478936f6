//! Options of a JVM that somebody wrote down: `--jvm-args FILE`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::log;
use crate::settings::{Source, Sourced};

/// A longer file is not read.
const LONGEST_FILE: u64 = 16 << 20;

/// What a file says of a JVM.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) words: Vec<Sourced<String>>,
    /// The program, or the installation, if the file names it.
    pub(super) java: Option<PathBuf>,
}

/// Reads the file: a command line, options one a line as the service of Windows has them, the bytes of
/// `/proc/PID/cmdline`, or a log of Tomcat.
pub(super) fn read(file: &Path) -> io::Result<Arguments> {
    if let Some(start) = log::last_start(file) {
        let source = Source::File(file.to_owned());
        let words = start.words.into_iter().map(|word| Sourced::new(word, source.clone()));
        return Ok(Arguments { words: words.collect(), java: start.java_home });
    }
    if fs::metadata(file)?.len() > LONGEST_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let bytes = fs::read(file)?;
    Ok(of_text(&decoded(&bytes), file))
}

/// Windows exports in UTF-16.
fn decoded(bytes: &[u8]) -> String {
    let units = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let pairs = rest.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
        String::from_utf16_lossy(&pairs.map(read).collect::<Vec<u16>>())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => String::from_utf8_lossy(rest).into_owned(),
    }
}

fn of_text(text: &str, file: &Path) -> Arguments {
    let mut words: Vec<Sourced<String>> = Vec::new();
    if text.contains('\0') {
        let source = Source::File(file.to_owned());
        let held = text.split(['\0', '\n']).filter(|word| !word.is_empty());
        words.extend(held.map(|word| Sourced::new(word.to_owned(), source.clone())));
    } else {
        for (number, line) in text.lines().enumerate() {
            let source = Source::Line(file.to_owned(), number + 1);
            words.extend(of_line(line).into_iter().map(|word| Sourced::new(word, source.clone())));
        }
    }
    let is_java = words.first().is_some_and(|word| {
        let name = word.value.rsplit(['/', '\\']).next().unwrap_or_default();
        ["java", "java.exe", "javaw.exe"].contains(&name.to_lowercase().as_str())
    });
    let java = is_java.then(|| PathBuf::from(words.remove(0).value));
    Arguments { words, java }
}

/// A line with one option is taken whole, blanks in its value and all; one with several is split at blanks outside quotes.
fn of_line(line: &str) -> Vec<String> {
    let line = line.trim().trim_end_matches(['\\', '^']).trim_end();
    if line.is_empty() || line.starts_with(['#', ';']) {
        return Vec::new();
    }
    let is_one = line.starts_with('-') && !line.contains([' ', '\t']) || is_one_option(line);
    if is_one {
        return vec![without_quotes(line)];
    }
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn is_one_option(line: &str) -> bool {
    let bare = line.trim_matches('"');
    let is_definition = bare.starts_with("-D") && bare.contains('=');
    is_definition && !line.contains([' ', '\t'])
        || is_definition && !bare.contains(" -") && !bare.contains('"')
}

/// Takes away quotes around an option, or around its value.
fn without_quotes(word: &str) -> String {
    word.replace('"', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_they_were_written_down() {
        for (text, expected, java) in [
            ("-Da=b -Dc=\"d e\" @f", &["-Da=b", "-Dc=d e", "@f"][..], None),
            (
                "-Da=C:\\Program Files\\x\r\n-Xmx1g\r\n",
                &["-Da=C:\\Program Files\\x", "-Xmx1g"],
                None,
            ),
            ("# no\n\n\"-Da=b c\"\n-Dd=\"e f\"\n", &["-Da=b c", "-Dd=e f"], None),
            (
                "/opt/jre/bin/java -Da=b -cp x Main -Dc",
                &["-Da=b", "-cp", "x", "Main", "-Dc"],
                Some("/opt/jre/bin/java"),
            ),
            ("java\0-Da=b c\0Main\0", &["-Da=b c", "Main"], Some("java")),
            ("java -Da=b \\\n  -Dc=d\n", &["-Da=b", "-Dc=d"], Some("java")),
        ] {
            let found = of_text(text, Path::new("f"));
            let words: Vec<&str> = found.words.iter().map(|word| word.value.as_str()).collect();
            assert_eq!(words, expected, "{text:?}");
            assert_eq!(found.java.as_deref(), java.map(Path::new), "{text:?}");
        }
        assert_eq!(decoded(&[0xff, 0xfe, b'-', 0, b'D', 0]), "-D");
    }
}
