//! The page of a verdict without a connection: releases side by side.

use std::io::{self, Write};

use super::super::judge::{Decision, JudgeReport, Judgement, told_words};
use super::parts::{self, Cell};
use super::{Head, Html, Text, Tone, chain, write_page};

/// Writes the page.
pub(in crate::report) fn write(report: &JudgeReport, out: &mut dyn Write) -> io::Result<()> {
    let (tone, verdict) = verdict(report);
    let mut html = Html::default();
    table(report, &mut html);
    let findings: Vec<_> = report.findings.iter().collect();
    parts::findings("What would help", &findings, &mut html);
    chain::draw(&report.tree, &mut html);
    let now = report.at.parse().ok();
    parts::certificates(&report.chain, now, &mut html);
    differences(report, &mut html);
    parts::facts("What was asked", &facts(report), &mut html);
    parts::words(&words(report), &mut html);
    let code = report.telling().and_then(|held| held.reason);
    let head = Head { kind: "judge", tone, verdict: &verdict, below: None, code };
    write_page(&head, &html.text, out)
}

fn verdict(report: &JudgeReport) -> (Tone, String) {
    let mut releases: Vec<&str> =
        report.verdicts.iter().map(|held| held.release.as_str()).collect();
    releases.dedup();
    let java = match releases.as_slice() {
        [one] => format!("Java {one}"),
        [] => "Java".to_owned(),
        many => format!("Each of {} releases of Java", many.len()),
    };
    let host = &report.host;
    match report.decision() {
        Decision::Accept => (Tone::Good, format!("{java} accepts the chain for {host}")),
        Decision::Reject => (Tone::Bad, format!("{java} refuses the chain for {host}")),
        Decision::Differs => {
            (Tone::Warn, format!("Releases of Java differ about the chain for {host}"))
        }
        Decision::Undetermined => {
            (Tone::Warn, format!("What Java makes of the chain for {host} is not certain"))
        }
    }
}

/// The verdict of each release under each version of TLS.
fn table(report: &JudgeReport, html: &mut Html) {
    let versions: Vec<&str> = ["TLSv1.3", "TLSv1.2"]
        .into_iter()
        .filter(|version| report.verdicts.iter().any(|held| held.tls == *version))
        .collect();
    let mut releases: Vec<&str> =
        report.verdicts.iter().map(|held| held.release.as_str()).collect();
    releases.dedup();
    let rows: Vec<(&str, Vec<Option<Cell<'_>>>)> = releases
        .into_iter()
        .map(|release| {
            let held = |version: &&str| {
                let mut verdicts = report.verdicts.iter();
                verdicts.find(|held| held.release == release && held.tls == *version).map(cell)
            };
            (release, versions.iter().map(held).collect())
        })
        .collect();
    let columns: Vec<String> =
        versions.iter().map(|version| version.replace("TLSv", "TLS ")).collect();
    parts::by_release(&columns, &rows, html);
}

fn cell(held: &Judgement) -> Cell<'_> {
    let (tone, word) = match held.verdict {
        Decision::Accept => (Tone::Good, "✓ accepts"),
        Decision::Reject => (Tone::Bad, "✗ refuses"),
        Decision::Undetermined | Decision::Differs => (Tone::Warn, "? not certain"),
    };
    Cell { tone, word, code: held.reason }
}

fn differences(report: &JudgeReport, html: &mut Html) {
    if report.differences.is_empty() {
        return;
    }
    html.line(format_args!("<section>\n<h2>Where releases differ</h2>\n<dl>"));
    for difference in &report.differences {
        let [one, other] = &difference.releases;
        let values =
            difference.values.as_ref().map(|[a, b]| format!(" ({one}: {a}, {other}: {b})"));
        let what = format!("{}{}", difference.what, values.unwrap_or_default());
        html.line(format_args!(
            "<dt>{} and {}</dt>\n<dd>{}</dd>",
            Text(one),
            Text(other),
            Text(&what)
        ));
    }
    html.line(format_args!("</dl>\n</section>"));
}

fn facts(report: &JudgeReport) -> Vec<(&'static str, String)> {
    let store = report.truststore.clone().unwrap_or_else(|| "Mozilla's roots, built in".to_owned());
    let many = if report.anchors == 1 { "" } else { "s" };
    let runtime = &report.runtime;
    let mut facts = vec![
        ("Host", report.host.clone()),
        ("Judged at", report.at.clone()),
        ("Truststore", format!("{store}, {} trusted certificate{many}", report.anchors)),
        ("Java", format!("{} ({})", runtime.release, runtime.source)),
    ];
    facts.extend(runtime.java_home.clone().map(|home| ("Java home", home)));
    facts
}

/// Each wording once, and who has it.
fn words(report: &JudgeReport) -> Vec<(String, Vec<String>)> {
    let mut said: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for held in report.verdicts.iter().filter(|held| !held.exception.is_empty()) {
        let lines = told_words(&held.exception);
        match said.iter_mut().find(|(_, other)| *other == lines) {
            Some((releases, _)) if releases.contains(&held.release.as_str()) => {}
            Some((releases, _)) => releases.push(&held.release),
            None => said.push((vec![&held.release], lines)),
        }
    }
    said.into_iter().map(|(who, lines)| (format!("Java {}", who.join(", ")), lines)).collect()
}
