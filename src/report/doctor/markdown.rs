//! The doctor's report as Markdown, to paste into a ticket. What a peer or a file says never becomes markup.

use std::io::{self, Write};

use super::{
    DoctorReport, Fix, connection_line, exception_lines, jvm_line, remedy_parts, runtime_line,
    store_line, store_lines,
};
use crate::certificates::printable;
use crate::diagnosis::{Finding, Severity};
use crate::report::markdown;
use crate::report::screen::Screen;
use crate::report::several::Several;
use crate::report::tree::write_tree;

/// Writes what was found about each target.
pub(in crate::report) fn write(reports: &[&DoctorReport], out: &mut dyn Write) -> io::Result<()> {
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        write_one(report, out)?;
    }
    Ok(())
}

/// Writes what each release makes of each target, then of each group of releases what was found.
pub(in crate::report) fn write_several(all: &[Several], out: &mut dyn Write) -> io::Result<()> {
    for several in all {
        writeln!(out, "## {}\n", escaped(&several.verdict()))?;
        writeln!(out, "| Java | | Why |\n|---|---|---|")?;
        for answer in several.answers() {
            let what = answer.finding.map(|finding| escaped(&finding.what)).unwrap_or_default();
            writeln!(out, "| {} | {} | {what} |", escaped(answer.release), answer.word().1)?;
        }
        writeln!(out)?;
        write(&several.telling(), out)?;
    }
    Ok(())
}

fn write_one(report: &DoctorReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}\n", escaped(&report.verdict))?;
    if let Some(finding) = report.main() {
        writeln!(out, "**{}**\n", escaped(&finding.what))?;
    }
    writeln!(out, "| | |\n|---|---|")?;
    let mut row = |name: &str, text: &str| writeln!(out, "| {name} | {} |", escaped(text));
    report.jvm.iter().try_for_each(|jvm| row("JVM", &jvm_line(jvm)))?;
    row("Java", &runtime_line(&report.runtime))?;
    row("Store", &store_line(&report.truststore))?;
    report.connection.iter().try_for_each(|held| row("Server", &connection_line(held)))?;
    report.provenance.iter().try_for_each(|line| row("", line))?;
    if let Some(finding) = report.main() {
        write_remedy(finding, out)?;
    }
    if let Some(proof) = &report.proof {
        writeln!(out, "\nTo prove it:")?;
        fenced(std::slice::from_ref(proof), out)?;
    }
    if !report.tree.is_empty() {
        writeln!(out, "\n### Chain")?;
        let mut drawn = Vec::new();
        write_tree(&report.tree, 0, Screen::PLAIN, &mut drawn)?;
        let drawn = String::from_utf8_lossy(&drawn);
        fenced(&drawn.lines().map(printable).collect::<Vec<_>>(), out)?;
    }
    if !report.stores.is_empty() {
        writeln!(out, "\n### Stores")?;
        let lines = store_lines(&report.stores);
        fenced(&lines.iter().map(|line| printable(line)).collect::<Vec<_>>(), out)?;
    }
    for (number, finding) in report.others().enumerate() {
        if number == 0 {
            writeln!(out, "\n### Also found\n")?;
        }
        write_other(finding, out)?;
    }
    report.fix.iter().try_for_each(|fix| write_fix(fix, out))?;
    if let Some(letter) = &report.letter {
        writeln!(out, "\n### To the server's owner\n")?;
        letter.lines().try_for_each(|line| writeln!(out, "> {}", escaped(line)))?;
    }
    if !report.exception.is_empty() {
        writeln!(out, "\n### Java says")?;
        let lines = exception_lines(&report.exception);
        fenced(&lines.iter().map(|line| printable(line)).collect::<Vec<_>>(), out)?;
    }
    Ok(())
}

fn write_remedy(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    for why in finding.why.iter().flat_map(|why| why.lines()) {
        writeln!(out, "\n{}", escaped(why))?;
    }
    let Some(remedy) = &finding.remedy else { return Ok(()) };
    let (prose, commands) = remedy_parts(remedy);
    writeln!(out, "\n### Fix")?;
    if !prose.is_empty() {
        writeln!(out, "\n{}", escaped(&prose))?;
    }
    if commands.is_empty() { Ok(()) } else { fenced(&commands, out) }
}

fn write_other(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    write!(out, "- {severity} `{}`: {}", finding.code, escaped(&finding.what))?;
    for more in finding.why.iter().chain(&finding.remedy).flat_map(|text| text.lines()) {
        write!(out, "; {}", escaped(more))?;
    }
    writeln!(out)
}

fn write_fix(fix: &Fix, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n### What was done\n")?;
    match fix {
        Fix::Changed { change, restart } => {
            let done = if change.dry_run { "would add" } else { "added" };
            for entry in &change.added {
                let subject = entry.subject.as_deref().unwrap_or_default();
                let what = format!("{done} {subject} as {}, SHA-256 {}", entry.alias, entry.sha256);
                writeln!(out, "- {}", escaped(&what))?;
            }
            writeln!(out, "- {}", escaped(restart))
        }
        Fix::Refused { why } | Fix::Nothing { why } => writeln!(out, "- {}", escaped(why)),
    }
}

/// Writes lines as they are, between fences that none of them can end.
fn fenced(lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(out, "\n{fence}")?;
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out, "{fence}")
}

fn longest_run(line: &str) -> usize {
    line.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

/// Takes from a text all that Markdown would read as markup, and mentions, which would call somebody.
fn escaped(text: &str) -> String {
    markdown::escaped(&printable(&text.replace('\n', " "))).replace('@', "&#64;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_peer_says_becomes_markup() {
        for (text, expected) in [
            ("CN=plain, O=Ex", "CN=plain, O=Ex"),
            ("<script>", "\\<script\\>"),
            ("a|b `c` *d*", "a\\|b \\`c\\` \\*d\\*"),
            ("![x](http://y) @all", "\\!\\[x\\]\\(http://y\\) &#64;all"),
            ("a\nb\u{1b}[2J", "a b\u{fffd}\\[2J"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let mut out = Vec::new();
        fenced(&["a".to_owned(), "````".to_owned()], &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\n`````\na\n````\n`````\n");
    }
}
