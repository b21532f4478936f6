//! Markdown, to paste into a ticket: what a log or a peer says stays text.

use std::io::{self, Write};

use super::explain::ExplainReport;

/// Writes the failures of logs, one paragraph each.
pub(super) fn write_explained(report: &ExplainReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**", report.verdict())?;
    if let Some(jira) = report.jira.as_ref().filter(|jira| jira.matters) {
        writeln!(out, "\n{} (session token bug JSWSERVER-21389)", escaped(&jira.what))?;
    }
    for group in &report.groups {
        writeln!(out, "\n### `{}`: {}\n", group.code, group.when())?;
        if !group.hosts.is_empty() {
            writeln!(out, "- Where: {}", escaped(&group.at(usize::MAX)))?;
        }
        writeln!(out, "- What: {}", escaped(group.what))?;
        writeln!(out, "- Fix: {}", escaped(group.remedy))?;
        if let Some(next) = &group.next {
            writeln!(out, "- Next: {}", code(next))?;
        }
        group.examples.iter().try_for_each(|said| writeln!(out, "- Says: {}", code(said)))?;
    }
    Ok(())
}

/// Keeps characters that Markdown or HTML would read as marks as they are.
pub(super) fn escaped(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\`*_{}[]<>()#+!|&~".contains(c) {
            kept.push('\\');
        }
        kept.push(c);
    }
    kept
}

/// Writes a text as code, between more backticks than are in it.
pub(super) fn code(text: &str) -> String {
    let (mut longest, mut now) = (0, 0);
    for c in text.chars() {
        now = if c == '`' { now + 1 } else { 0 };
        longest = longest.max(now);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_a_text() {
        for (text, expected) in [
            ("a*b<c>", "a\\*b\\<c\\>"),
            ("[x](y)", "\\[x\\]\\(y\\)"),
            ("plain - text.", "plain - text."),
        ] {
            assert_eq!(escaped(text), expected);
        }
        for (text, expected) in [("a", "`a`"), ("a`b", "``a`b``"), ("``", "``` `` ```")] {
            assert_eq!(code(text), expected);
        }
    }
}
