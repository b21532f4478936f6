//! The doctor's screen: the verdict first, then labelled rows, the chain drawn, Java's words last.

use std::io::{self, Write};

use super::{
    DoctorReport, Fix, connection_line, exception_lines, jvm_line, remedy_parts, runtime_line,
    store_line, store_lines,
};
use crate::certificates::printable;
use crate::diagnosis::Severity;
use crate::report::Exit;
use crate::report::screen::{Paint, Screen};
use crate::report::tree::write_tree;

/// The columns of the labels.
const LABEL: usize = 9;

/// Prose is not set wider than this, however wide the screen.
const WIDEST: usize = 100;

/// Writes what was found about each target.
pub(in crate::report) fn write(
    reports: &[DoctorReport],
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        write_one(report, &mut Page { screen, out })?;
    }
    Ok(())
}

fn write_one(report: &DoctorReport, page: &mut Page<'_>) -> io::Result<()> {
    let (mark, paint) = match report.exit {
        Exit::Yes => ("✓", Paint::Good),
        Exit::Undetermined => ("?", Paint::Strong),
        Exit::No | Exit::Usage | Exit::Unreachable | Exit::Unreadable | Exit::NotWritten => {
            ("✗", Paint::Bad)
        }
    };
    page.headline(mark, paint, &report.verdict)?;
    if let Some(finding) = report.main() {
        page.prose(2, &finding.what, Paint::Strong)?;
    }
    page.blank()?;
    report.jvm.iter().try_for_each(|jvm| page.row("JVM", &jvm_line(jvm)))?;
    page.row("Java", &runtime_line(&report.runtime))?;
    page.row("Store", &store_line(&report.truststore))?;
    if let Some(connection) = &report.connection {
        page.row("Server", &connection_line(connection))?;
    }
    for line in &report.provenance {
        page.row("", line)?;
    }
    if !report.tree.is_empty() {
        page.blank()?;
        page.label("Chain")?;
        write_tree(&report.tree, 2, page.screen, page.out)?;
    }
    if !report.stores.is_empty() {
        page.blank()?;
        page.label("Stores")?;
        store_lines(&report.stores).iter().try_for_each(|line| page.plain(2, line))?;
    }
    if let Some(finding) = report.main() {
        page.blank()?;
        finding.why.iter().try_for_each(|why| page.row("Why", why))?;
        finding.remedy.iter().try_for_each(|remedy| page.remedy("Fix", remedy))?;
        report.proof.iter().try_for_each(|proof| page.remedy("Prove", proof))?;
    }
    report.fix.iter().try_for_each(|fix| write_fix(fix, page))?;
    write_others(report, page)?;
    if let Some(letter) = &report.letter {
        page.blank()?;
        page.label("To the server's owner")?;
        letter.lines().try_for_each(|line| page.prose(2, line, Paint::Plain))?;
    }
    if !report.exception.is_empty() {
        page.blank()?;
        page.label("Java says")?;
        for line in exception_lines(&report.exception) {
            page.plain(2, &line)?;
        }
    }
    Ok(())
}

fn write_others(report: &DoctorReport, page: &mut Page<'_>) -> io::Result<()> {
    for (number, finding) in report.others().enumerate() {
        if number == 0 {
            page.blank()?;
        }
        let (label, paint) = match finding.severity {
            Severity::Error => ("Also", Paint::Bad),
            Severity::Warning => ("Warning", Paint::Strong),
            Severity::Note => ("Note", Paint::Faint),
        };
        page.painted_row(label, paint, &finding.what)?;
        finding.why.iter().try_for_each(|why| page.row("", why))?;
        finding.remedy.iter().try_for_each(|remedy| page.remedy("", remedy))?;
    }
    Ok(())
}

fn write_fix(fix: &Fix, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    match fix {
        Fix::Changed { change, restart } => {
            let done = if change.dry_run { "Would add" } else { "Added" };
            for entry in &change.added {
                let subject = entry.subject.as_deref().unwrap_or_default();
                page.row(done, &format!("{subject} as {}", entry.alias))?;
                page.row("", &format!("SHA-256 {}", entry.sha256))?;
            }
            for entry in &change.unchanged {
                page.row("Kept", &format!("{} is in the store already", entry.alias))?;
            }
            for proof in &change.proven {
                let by = proof.accepted.join(", ");
                page.row("Proven", &format!("{} is accepted by Java {by}", proof.target))?;
            }
            change.backup.iter().try_for_each(|backup| page.row("Backup", backup))?;
            change.notes.iter().try_for_each(|note| page.row("Note", note))?;
            page.row("Restart", restart)
        }
        Fix::Refused { why } => page.painted_row("Not fixed", Paint::Bad, why),
        Fix::Nothing { why } => page.row("Not fixed", why),
    }
}

/// Where the report is written, and how wide it is.
struct Page<'a> {
    screen: Screen,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn width(&self) -> usize {
        self.screen.width.min(WIDEST)
    }

    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    fn headline(&mut self, mark: &str, paint: Paint, text: &str) -> io::Result<()> {
        let line = Screen::cut(&printable(text), self.width().saturating_sub(2));
        writeln!(self.out, "{}", self.screen.paint(paint, &format!("{mark} {line}")))
    }

    fn label(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.screen.paint(Paint::Faint, text))
    }

    /// A label and what belongs to it, later lines under the first.
    fn row(&mut self, label: &str, text: &str) -> io::Result<()> {
        self.painted_row(label, Paint::Faint, text)
    }

    fn painted_row(&mut self, label: &str, paint: Paint, text: &str) -> io::Result<()> {
        let width = self.width().saturating_sub(LABEL + 1);
        let lines = text.lines().flat_map(|line| Screen::wrap(&printable(line), width));
        for (number, line) in lines.enumerate() {
            let label = if number == 0 { label } else { "" };
            let padded = format!("{label:<LABEL$}");
            writeln!(self.out, "{} {line}", self.screen.paint(paint, &padded))?;
        }
        Ok(())
    }

    /// What is to be done: prose, then the commands, which are never broken into lines.
    fn remedy(&mut self, label: &str, remedy: &str) -> io::Result<()> {
        let (prose, commands) = remedy_parts(remedy);
        if !prose.is_empty() {
            self.row(label, &prose)?;
        }
        for (number, command) in commands.iter().enumerate() {
            let label = if number == 0 && prose.is_empty() { label } else { "" };
            let padded = format!("{label:<LABEL$}");
            let label = self.screen.paint(Paint::Faint, &padded);
            let command = self.screen.paint(Paint::Strong, &printable(command));
            writeln!(self.out, "{label} {command}")?;
        }
        Ok(())
    }

    fn prose(&mut self, indent: usize, text: &str, paint: Paint) -> io::Result<()> {
        let width = self.width().saturating_sub(indent);
        for line in Screen::wrap(&printable(text), width) {
            writeln!(self.out, "{:indent$}{}", "", self.screen.paint(paint, &line))?;
        }
        Ok(())
    }

    /// A line as it is, so that it can be searched for.
    fn plain(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let text = Screen::cut(&printable(text), LONGEST_LINE);
        writeln!(self.out, "{:indent$}{text}", "")
    }
}

/// A message with a name in it may be as long as the certificate.
const LONGEST_LINE: usize = 1000;
