//! The doctor's page: the verdict, the one fix, the chain drawn, which Java and which store, and Java's words.

use std::io::{self, Write};

use super::super::Exit;
use super::super::doctor::{
    DoctorReport, Fix, connection_line, exception_lines, jvm_line, runtime_line, store_line,
    store_lines,
};
use super::super::several::{Answer, Several};
use super::parts::{self, Cell};
use super::{Head, Html, Text, Tone, chain, write_page};

/// Writes one page about all targets.
pub(in crate::report) fn write(reports: &[DoctorReport], out: &mut dyn Write) -> io::Result<()> {
    let mut html = Html::default();
    if let [report] = reports {
        sections(report, &mut html);
        let main = report.main();
        let head = Head {
            kind: "doctor",
            tone: tone(report.exit),
            verdict: &report.verdict,
            below: main.map(|finding| finding.what.as_str()),
            code: main.map(|finding| finding.code),
        };
        return write_page(&head, &html.text, out);
    }
    reports.iter().for_each(|report| part(report, &mut html));
    let sick = reports.iter().filter(|report| report.exit != Exit::Yes).count();
    let verdict = format!("{} targets, {sick} with a problem", reports.len());
    let worst = reports.iter().map(|report| report.exit).max().unwrap_or(Exit::Yes);
    let head =
        Head { kind: "doctor", tone: tone(worst), verdict: &verdict, below: None, code: None };
    write_page(&head, &html.text, out)
}

/// Writes one page about all targets, each under several releases.
pub(in crate::report) fn write_several(all: &[Several], out: &mut dyn Write) -> io::Result<()> {
    let mut html = Html::default();
    for several in all {
        if all.len() > 1 {
            let class = tone(several.exit()).class();
            html.line(format_args!(
                "<h2 class=\"target {class}\">{}</h2>",
                Text(&several.verdict())
            ));
        }
        let answers = several.answers();
        let rows: Vec<_> =
            answers.iter().map(|answer| (answer.release, vec![Some(cell(answer))])).collect();
        parts::by_release(&["Verdict".to_owned()], &rows, &mut html);
        several.telling().into_iter().for_each(|report| part(report, &mut html));
    }
    let worst = all.iter().map(Several::exit).max().unwrap_or(Exit::Yes);
    let verdict = match all {
        [only] => only.verdict(),
        _ => format!("{} targets, under several releases of Java", all.len()),
    };
    let head =
        Head { kind: "doctor", tone: tone(worst), verdict: &verdict, below: None, code: None };
    write_page(&head, &html.text, out)
}

fn cell<'a>(answer: &Answer<'a>) -> Cell<'a> {
    Cell { tone: tone(answer.exit), word: answer.word().1, code: answer.code() }
}

/// One report among several.
fn part(report: &DoctorReport, html: &mut Html) {
    let class = tone(report.exit).class();
    html.line(format_args!("<h2 class=\"target {class}\">{}</h2>", Text(&report.verdict)));
    if let Some(finding) = report.main() {
        html.line(format_args!("<p>{}</p>", Text(&finding.what)));
    }
    sections(report, html);
}

fn tone(exit: Exit) -> Tone {
    match exit {
        Exit::Yes => Tone::Good,
        Exit::Undetermined => Tone::Warn,
        Exit::No | Exit::Usage | Exit::Unreachable | Exit::Unreadable | Exit::NotWritten => {
            Tone::Bad
        }
    }
}

fn sections(report: &DoctorReport, html: &mut Html) {
    remedy(report, html);
    report.fix.iter().for_each(|fix| fixed(fix, html));
    chain::draw(&report.tree, html);
    let others: Vec<_> = report.others().collect();
    parts::findings("Also found", &others, html);
    parts::facts("Which Java, which store", &facts(report), html);
    parts::certificates(&report.chain, report.at.parse().ok(), html);
    if let Some(letter) = &report.letter {
        html.line(format_args!("<section>\n<h2>To the server's owner</h2>"));
        html.line(format_args!("<blockquote>{}</blockquote>\n</section>", Text(letter)));
    }
    if !report.exception.is_empty() {
        let who = format!("Java {}", report.runtime.release);
        parts::words(&[(who, exception_lines(&report.exception))], html);
    }
}

/// Why it fails, the fix, and how to prove it.
fn remedy(report: &DoctorReport, html: &mut Html) {
    let Some(finding) = report.main() else { return };
    if finding.why.is_none() && finding.remedy.is_none() && report.proof.is_none() {
        return;
    }
    html.line(format_args!("<section>\n<h2>Why, and the fix</h2>"));
    parts::why_and_remedy(finding, html);
    if let Some(proof) = &report.proof {
        html.line(format_args!("<p class=\"soft\">To prove it:</p>\n<pre>{}</pre>", Text(proof)));
    }
    html.line(format_args!("</section>"));
}

fn fixed(fix: &Fix, html: &mut Html) {
    let (heading, lines): (&str, Vec<String>) = match fix {
        Fix::Changed { change, restart } => {
            let done = if change.dry_run { "Would be done" } else { "What was done" };
            let added = change.added.iter().map(|entry| {
                let subject = entry.subject.as_deref().unwrap_or_default();
                format!("added {subject} as {}, SHA-256 {}", entry.alias, entry.sha256)
            });
            (done, added.chain([restart.clone()]).collect())
        }
        Fix::Refused { why } | Fix::Nothing { why } => ("Not fixed", vec![why.clone()]),
    };
    html.line(format_args!("<section>\n<h2>{heading}</h2>"));
    lines.iter().for_each(|line| html.line(format_args!("<p>{}</p>", Text(line))));
    html.line(format_args!("</section>"));
}

fn facts(report: &DoctorReport) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(report.jvm.as_ref().map(|jvm| ("JVM", jvm_line(jvm))));
    facts.push(("Java", runtime_line(&report.runtime)));
    facts.push(("Store", store_line(&report.truststore)));
    let fallback = report.truststore.fallback_from.as_ref();
    facts.extend(fallback.map(|path| ("Told, and not used", path.clone())));
    facts.extend(store_lines(&report.stores).into_iter().map(|line| ("Stores", line)));
    facts.extend(report.connection.as_ref().map(|held| ("Server", connection_line(held))));
    facts.push(("Looked at", report.at.clone()));
    facts.extend(report.provenance.iter().map(|line| ("Setting", line.clone())));
    facts
}
