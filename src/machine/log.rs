//! The lines that Tomcat writes to `catalina.out` when it starts: `java.home` and the options of its last start.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The class that writes them: a start is told in some dozens of lines.
const WRITER: &str = "VersionLoggerListener.log ";

/// Only so much of the end of a log is looked at.
const LONGEST_END: u64 = 64 << 20;
/// A longer line is none of these.
const LONGEST_LINE: usize = 64 << 10;

/// What a log tells of a start.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct LoggedStart {
    pub(crate) java_home: Option<PathBuf>,
    /// The options of the virtual machine.
    pub(crate) words: Vec<String>,
}

/// Reads the last start in a log; none if it tells of none.
pub(crate) fn last_start(file: &Path) -> Option<LoggedStart> {
    let mut file = File::open(file).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_END))).ok()?;
    of_lines(&mut BufReader::new(file.take(LONGEST_END)))
}

fn of_lines(input: &mut dyn BufRead) -> Option<LoggedStart> {
    let mut found = None;
    // the names are translated, their order is not: home, version and vendor of Java stand before CATALINA_BASE
    let mut before: [Option<String>; 3] = [const { None }; 3];
    while let Some(line) = next_line(input) {
        let Some((_, message)) = line.split_once(WRITER) else { continue };
        let Some((name, value)) = message.split_once([':', '：']) else { continue };
        let value = value.trim();
        if name.trim() == "CATALINA_BASE" {
            let [home, ..] = &before;
            let java_home = home.as_deref().map(PathBuf::from);
            found = Some(LoggedStart { java_home, words: Vec::new() });
        } else if let Some(start) = found.as_mut().filter(|_| value.starts_with(['-', '@'])) {
            start.words.push(value.to_owned());
        }
        before.rotate_left(1);
        let [.., last] = &mut before;
        *last = Some(value.to_owned());
    }
    found
}

/// Returns the next line, cut where it is absurdly long.
fn next_line(input: &mut dyn BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let held = input.fill_buf().ok()?;
        if held.is_empty() {
            break;
        }
        let end = held.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(held.len(), |end| end + 1);
        let room = LONGEST_LINE.saturating_sub(bytes.len());
        bytes.extend(held.iter().take(used).take(room));
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_start_counts_in_every_language() {
        let begin = "24-Nov-2026 10:00:00.000 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log ";
        let start = |home: &str, argument: &str, path: &str, option: &str| {
            let lines = [
                "OS Name:               Linux".to_owned(),
                format!("{home}             {path}"),
                "JVM Version:           17.0.15+6".to_owned(),
                "JVM Vendor:            Eclipse Adoptium".to_owned(),
                "CATALINA_BASE:         /opt/jira".to_owned(),
                "CATALINA_HOME:         /opt/jira".to_owned(),
                format!("{argument} {option}"),
                format!("{argument} -Dcatalina.home=/opt/jira"),
            ];
            let lines = lines.map(|line| format!("{begin}{line}\n"));
            format!("{}24-Nov INFO other\n", lines.concat())
        };
        for (home, argument) in [
            ("Java Home:", "Command line argument:"),
            ("Java-Home:", "Kommandozeilen-Argument:"),
            ("Java ホーム：", "コマンドライン引数："),
            ("Répertoire de Java :", "Argument de la ligne de commande :"),
        ] {
            let log = start("Java Home:", "Command line argument:", "/old", "-Dold=1")
                + &start(home, argument, "/opt/jira/jre", "-Djavax.net.ssl.trustStore=C:\\x: y");
            let found = of_lines(&mut log.as_bytes()).unwrap();
            assert_eq!(found.java_home.as_deref(), Some(Path::new("/opt/jira/jre")), "{home}");
            let expected = ["-Djavax.net.ssl.trustStore=C:\\x: y", "-Dcatalina.home=/opt/jira"];
            assert_eq!(found.words, expected);
        }
        assert_eq!(of_lines(&mut "nothing\n".as_bytes()), None);
    }
}
