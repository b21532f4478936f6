//! A scan as test results, in the XML of JUnit that CI servers read.

use std::fmt;
use std::io::{self, Write};

use super::{ScanReport, Scanned, first_line};
use crate::report::{Exit, Outcome};

/// Writes a test case for each target: what Java refuses is a failure, what it does not reach is an error.
pub(super) fn write(scan: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    let count = |kind: Kind| scan.results.iter().filter(|held| kind_of(held) == kind).count();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuite name=\"sslpoke scan, Java {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">",
        Xml(&scan.runtime.release),
        scan.results.len(),
        count(Kind::Failure),
        count(Kind::Error)
    )?;
    scan.results.iter().try_for_each(|scanned| write_case(scanned, out))?;
    writeln!(out, "</testsuite>")
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Passed,
    Failure,
    Error,
}

fn kind_of(scanned: &Scanned) -> Kind {
    match scanned.poke.result {
        _ if scanned.poke.exit == Exit::Yes => Kind::Passed,
        Outcome::Connected | Outcome::Refused => Kind::Failure,
        Outcome::Unreachable | Outcome::Undetermined => Kind::Error,
    }
}

fn write_case(scanned: &Scanned, out: &mut dyn Write) -> io::Result<()> {
    let seconds = scanned.seconds().unwrap_or_default();
    let name = Xml(&scanned.name);
    write!(out, "<testcase classname=\"sslpoke\" name=\"{name}\" time=\"{seconds:.3}\"")?;
    let element = match kind_of(scanned) {
        Kind::Passed => return writeln!(out, "/>"),
        Kind::Failure => "failure",
        Kind::Error => "error",
    };
    let kind = scanned.main().map_or_else(|| scanned.result(), |finding| finding.code);
    let trouble = scanned.trouble().unwrap_or_default();
    writeln!(out, ">\n<{element} type=\"{kind}\" message=\"{}\">", Xml(&trouble))?;
    for line in &scanned.poke.exception {
        let message = line.message.as_deref().unwrap_or_default();
        writeln!(out, "{}: {}", Xml(&line.class), Xml(first_line(message)))?;
    }
    for finding in &scanned.poke.findings {
        let parts = [Some(&finding.what), finding.why.as_ref(), finding.remedy.as_ref()];
        parts.into_iter().flatten().try_for_each(|part| writeln!(out, "{}", Xml(part)))?;
    }
    writeln!(out, "</{element}>\n</testcase>")
}

/// A text in XML 1.0, where some characters cannot stand even escaped.
struct Xml<'a>(&'a str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\n' | '\t' => write!(f, "{c}"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => f.write_str("\u{fffd}"),
            c => write!(f, "{c}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn a_name_becomes_no_markup() {
        let name = "<a href=\"x\">&\u{1b}[31m\u{0}";
        let expected = "&lt;a href=&quot;x&quot;&gt;&amp;\u{fffd}[31m\u{fffd}";
        assert_eq!(Xml(name).to_string(), expected);
    }
}
