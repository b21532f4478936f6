//! The doctor's screen: the verdict first, then labelled rows, the chain drawn, Java's words last.

use std::io::{self, Write};

use super::{
    DoctorReport, Fix, connection_line, exception_lines, jvm_line, runtime_line, store_line,
    store_lines,
};
use crate::diagnosis::Severity;
use crate::report::Exit;
use crate::report::page::Page;
use crate::report::screen::{Paint, Screen};
use crate::report::tree::write_tree;

/// Writes what was found about each target.
pub(in crate::report) fn write(
    reports: &[&DoctorReport],
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
