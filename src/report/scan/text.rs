//! A scan as a table: a line a target, then how many of each kind.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{ScanReport, Scanned};
use crate::certificates::{date, printable};
use crate::report::screen::{Paint, Screen};
use crate::report::{Exit, Outcome};

/// A longer name does not widen the table.
const WIDEST_NAME: usize = 48;

/// The columns of a date and of milliseconds, with what is between them.
const FACTS: usize = 24;

/// Writes the table.
pub(super) fn write(scan: &ScanReport, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let names = scan.results.iter().map(|scanned| printable(&scanned.name).width());
    let widest = names.max().unwrap_or_default().min(WIDEST_NAME);
    scan.results.iter().try_for_each(|scanned| write_line(scanned, widest, screen, out))?;
    writeln!(out, "\n{}", summary(scan))?;
    let store = scan.truststore.path.as_deref().unwrap_or("no file");
    let anchors = scan.truststore.anchors;
    writeln!(out, "truststore {} ({anchors} anchors)", printable(store))?;
    for finding in &scan.findings {
        writeln!(out, "{}: {}", finding.code, printable(&finding.what))?;
    }
    if scan.exit() != Exit::Yes {
        writeln!(out, "why, and the fix: `sslpoke doctor HOST:PORT` with the same options")?;
    }
    Ok(())
}

fn write_line(
    scanned: &Scanned,
    widest: usize,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (mark, paint) = match (scanned.poke.exit, scanned.poke.result) {
        (Exit::Yes, _) => ("✓", Paint::Good),
        (_, Outcome::Undetermined) => ("?", Paint::Strong),
        _ => ("✗", Paint::Bad),
    };
    let name = printable(&scanned.name);
    let gap = widest.saturating_sub(name.width());
    let until = scanned.not_after.map(date).unwrap_or_default();
    let took = scanned.seconds().map(|took| format!("{:.0} ms", took * 1e3)).unwrap_or_default();
    let line = format!("{} {name}{:gap$}  {until:<10} {took:>8}", screen.paint(paint, mark), "");
    let room = screen.width.saturating_sub(widest + FACTS).max(16);
    match scanned.trouble() {
        Some(trouble) => writeln!(out, "{line}  {}", Screen::cut(&printable(&trouble), room)),
        None => writeln!(out, "{line}"),
    }
}

fn summary(scan: &ScanReport) -> String {
    let count = |outcome: Outcome| {
        scan.results.iter().filter(|scanned| scanned.poke.result == outcome).count()
    };
    let mut text = format!(
        "Java {} connects to {} of {}",
        scan.runtime.release,
        count(Outcome::Connected),
        scan.results.len()
    );
    for (outcome, name) in [
        (Outcome::Refused, "refused"),
        (Outcome::Unreachable, "unreachable"),
        (Outcome::Undetermined, "undetermined"),
    ] {
        let count = count(outcome);
        if count > 0 {
            text.push_str(&format!(", {count} {name}"));
        }
    }
    text
}
