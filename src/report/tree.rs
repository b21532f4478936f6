//! The way from a server's certificate up to the truststore, drawn with the break marked.

use std::io::{self, Write};

use serde::Serialize;

use super::screen::{Paint, Screen};

/// A certificate on the way up, as it is drawn.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Branch {
    pub(crate) subject: String,
    /// Its number in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<String>,
    pub(crate) in_truststore: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alias: Option<String>,
    /// Why the way ends here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) broken: Option<&'static str>,
}

/// Draws the way, the top first.
pub(super) fn write_tree(
    tree: &[Branch],
    margin: usize,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (depth, branch) in tree.iter().rev().enumerate() {
        let indent = margin + 2 * depth.saturating_sub(1).min(20);
        let fork = if depth == 0 { "" } else { "└ " };
        let (paint, mark) = match branch.broken {
            Some(why) => (Paint::Bad, format!("  ✗ {}", why.trim_start_matches("pkix-"))),
            None => (Paint::Strong, String::new()),
        };
        let taken = indent + 2 + mark.chars().count();
        let subject = Screen::cut(&branch.subject, screen.width.saturating_sub(taken).max(20));
        let line = screen.paint(paint, &format!("{subject}{mark}"));
        writeln!(out, "{:indent$}{fork}{line}", "")?;
        let below = indent + if depth == 0 { 0 } else { 2 };
        writeln!(out, "{:below$}{}", "", screen.paint(Paint::Faint, &place(branch, screen)))?;
    }
    Ok(())
}

fn place(branch: &Branch, screen: Screen) -> String {
    let mut words = Vec::new();
    match (branch.place, branch.in_truststore, &branch.alias) {
        (Some(place), true, _) => {
            words.push(format!("certificate {place}, also in the truststore"))
        }
        (Some(place), false, _) => words.push(format!("certificate {place}")),
        (None, true, alias) => {
            let alias = Screen::cut(alias.as_deref().unwrap_or_default(), screen.width / 2);
            words.push(format!("in the truststore as {alias}"));
        }
        (None, false, _) => words.push("missing: neither here nor in the truststore".to_owned()),
    }
    words
        .extend(branch.until.as_deref().map(|until| format!("until {}", super::trust::day(until))));
    words.join(", ")
}
