//! What pages have in common: findings, certificates, Java's words, facts.

use jiff::Timestamp;

use super::super::doctor::remedy_parts;
use super::super::screen::Screen;
use super::super::{ChainEntry, trust::day};
use super::{Html, Text, Tone};
use crate::diagnosis::{Finding, Severity};

/// Longer names stand folded.
const LONGEST_NAME: usize = 200;

/// A certificate that has less than this part of its life left will soon be missed.
const SOON: i64 = 30 * DAY;
const DAY: i64 = 86_400;

/// What a release decides: a word, and a code that goes with it.
pub(super) struct Cell<'a> {
    pub(super) tone: Tone,
    pub(super) word: &'a str,
    pub(super) code: Option<&'a str>,
}

/// Writes what each release decides, a row each.
pub(super) fn by_release(
    columns: &[String],
    rows: &[(&str, Vec<Option<Cell<'_>>>)],
    html: &mut Html,
) {
    html.line(format_args!(
        "<section>\n<h2>Verdict by release</h2>\n<table>\n<thead>\n<tr><th scope=\"col\">Java</th>"
    ));
    for column in columns {
        html.line(format_args!("<th scope=\"col\">{}</th>", Text(column)));
    }
    html.line(format_args!("</tr>\n</thead>\n<tbody>"));
    for (release, cells) in rows {
        html.line(format_args!("<tr><th scope=\"row\">{}</th>", Text(release)));
        for cell in cells {
            let Some(Cell { tone, word, code }) = cell else {
                html.line(format_args!("<td></td>"));
                continue;
            };
            let code = code.map(|code| format!("<code>{}</code>", Text(code))).unwrap_or_default();
            let class = tone.class();
            html.line(format_args!("<td><span class=\"{class}\">{}</span>{code}</td>", Text(word)));
        }
        html.line(format_args!("</tr>"));
    }
    html.line(format_args!("</tbody>\n</table>\n</section>"));
}

/// Writes facts, each with its name.
pub(super) fn facts(heading: &str, facts: &[(&str, String)], html: &mut Html) {
    html.line(format_args!("<section>\n<h2>{}</h2>\n<dl>", Text(heading)));
    for (name, value) in facts {
        html.line(format_args!("<dt>{}</dt>\n<dd>{}</dd>", Text(name), Text(value)));
    }
    html.line(format_args!("</dl>\n</section>"));
}

/// Writes what was found, what matters most first.
pub(super) fn findings(heading: &str, findings: &[&Finding], html: &mut Html) {
    if findings.is_empty() {
        return;
    }
    html.line(format_args!("<section>\n<h2>{}</h2>\n<ul class=\"finding\">", Text(heading)));
    for finding in findings {
        let tone = match finding.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Warn,
            Severity::Note => Tone::Plain,
        };
        html.line(format_args!("<li class=\"{}\">", tone.class()));
        html.line(format_args!("<p class=\"what\">{}</p>", Text(&finding.what)));
        why_and_remedy(finding, html);
        html.line(format_args!("<p class=\"code\">{}</p>\n</li>", Text(finding.code)));
    }
    html.line(format_args!("</ul>\n</section>"));
}

/// Writes why, what is to be done, and the commands to copy.
pub(super) fn why_and_remedy(finding: &Finding, html: &mut Html) {
    for line in finding.why.iter().flat_map(|why| why.lines()) {
        html.line(format_args!("<p>{}</p>", Text(line)));
    }
    let Some(remedy) = &finding.remedy else { return };
    let (prose, commands) = remedy_parts(remedy);
    for line in prose.lines() {
        html.line(format_args!("<p>{}</p>", Text(line)));
    }
    commands.iter().for_each(|command| html.line(format_args!("<pre>{}</pre>", Text(command))));
}

/// Writes Java's words, folded: who says them, and the lines.
pub(super) fn words(said: &[(String, Vec<String>)], html: &mut Html) {
    if said.is_empty() {
        return;
    }
    html.line(format_args!("<section>\n<h2>Java's words</h2>"));
    for (who, lines) in said {
        let lines = lines.join("\n");
        html.line(format_args!("<details>\n<summary>{}</summary>", Text(who)));
        html.line(format_args!("<pre>{}</pre>\n</details>", Text(&lines)));
    }
    html.line(format_args!("</section>"));
}

/// Writes when the first certificate expires, and each of them, folded.
pub(super) fn certificates(chain: &[ChainEntry], now: Option<Timestamp>, html: &mut Html) {
    if chain.is_empty() {
        return;
    }
    html.line(format_args!("<section>\n<h2>Certificates as they were sent</h2>"));
    let first = chain.iter().min_by_key(|entry| &entry.not_after);
    if let (Some(first), Some(now)) = (first, now) {
        let (tone, when) = until(first, now);
        html.line(format_args!(
            "<p><span class=\"{}\">{}</span>: {}</p>",
            tone.class(),
            Text(&when),
            Text(&Screen::cut(&first.subject, LONGEST_NAME))
        ));
    }
    for (index, entry) in chain.iter().enumerate() {
        certificate(index + 1, entry, now, html);
    }
    html.line(format_args!("</section>"));
}

fn certificate(number: usize, entry: &ChainEntry, now: Option<Timestamp>, html: &mut Html) {
    let subject = Screen::cut(&entry.subject, LONGEST_NAME);
    html.line(format_args!("<details>\n<summary>{number}. {}</summary>", Text(&subject)));
    if let Some(now) = now {
        life(entry, now, html);
    }
    html.line(format_args!("<dl>"));
    let trusted = if entry.in_truststore { "yes" } else { "no" };
    for (name, value) in [
        ("Role", entry.role),
        ("Subject", &entry.subject),
        ("Issuer", &entry.issuer),
        ("Valid from", &entry.not_before),
        ("Valid until", &entry.not_after),
        ("In the truststore", trusted),
    ] {
        html.line(format_args!("<dt>{name}</dt>\n<dd>{}</dd>", Text(value)));
    }
    let digest = Text(&entry.sha256);
    html.line(format_args!(
        "<dt>SHA-256</dt>\n<dd class=\"mono\">{digest}</dd>\n</dl>\n</details>"
    ));
}

/// Draws how much of a certificate's life is over.
fn life(entry: &ChainEntry, now: Timestamp, html: &mut Html) {
    let (Ok(from), Ok(to)) =
        (entry.not_before.parse::<Timestamp>(), entry.not_after.parse::<Timestamp>())
    else {
        return;
    };
    let whole = to.as_second().saturating_sub(from.as_second()).max(1);
    let spent = now.as_second().saturating_sub(from.as_second()).clamp(0, whole);
    let percent = spent.saturating_mul(100) / whole;
    let (tone, _) = until(entry, now);
    html.line(format_args!(
        "<svg class=\"life\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"whole\" width=\"100\" height=\"4\" rx=\"2\"/>\
         <rect class=\"spent {}\" width=\"{percent}\" height=\"4\" rx=\"2\"/></svg>",
        tone.class()
    ));
}

/// Says when a certificate expires, or that it has.
fn until(entry: &ChainEntry, now: Timestamp) -> (Tone, String) {
    let day = day(&entry.not_after);
    let Ok(until) = entry.not_after.parse::<Timestamp>() else {
        return (Tone::Plain, format!("Valid until {day}"));
    };
    let left = until.as_second().saturating_sub(now.as_second());
    let days = left.abs() / DAY;
    let many = if days == 1 { "day" } else { "days" };
    if left < 0 {
        (Tone::Bad, format!("Expired on {day}, {days} {many} before"))
    } else {
        let tone = if left < SOON { Tone::Warn } else { Tone::Good };
        (tone, format!("The first expires on {day}, in {days} {many}"))
    }
}
