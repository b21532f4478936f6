//! One question put to several releases: answers that are alike are told together.

use std::io::{self, Write};

use serde::Serialize;

use super::doctor::{self, DoctorReport, exception_lines};
use super::screen::{Paint, Screen};
use super::{ExceptionLine, Exit, Outcome, PokeReport, TargetNamed, html, write_lines};
use crate::certificates::printable;
use crate::cli::Format;
use crate::diagnosis::Finding;

/// What several releases make of one target.
#[derive(Debug, Serialize)]
pub(crate) struct Several {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    /// None: the runtime and its truststore alone were looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<TargetNamed>,
    /// The oldest first.
    pub(crate) releases: Told,
}

/// What is told of each release.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Told {
    /// By `poke`.
    Pokes(Vec<PokeReport>),
    /// By `doctor`.
    Doctored(Vec<DoctorReport>),
}

/// What a release makes of a target, in short.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer<'a> {
    pub(super) release: &'a str,
    pub(super) exit: Exit,
    /// None where there was no target.
    result: Option<Outcome>,
    /// What matters most, if it does not work.
    pub(super) finding: Option<&'a Finding>,
    reason: Option<&'static str>,
    exception: &'a [ExceptionLine],
}

impl Several {
    pub(super) fn exit(&self) -> Exit {
        self.answers().iter().map(|answer| answer.exit).max().unwrap_or(Exit::Yes)
    }

    /// Returns what each release makes of the target.
    pub(super) fn answers(&self) -> Vec<Answer<'_>> {
        match &self.releases {
            Told::Pokes(pokes) => pokes.iter().map(PokeReport::answer).collect(),
            Told::Doctored(reports) => reports.iter().map(DoctorReport::answer).collect(),
        }
    }

    /// Returns of each group of reports that tell of a problem the first one; where none does, the first of all.
    pub(super) fn telling(&self) -> Vec<&DoctorReport> {
        let Told::Doctored(reports) = &self.releases else { return Vec::new() };
        let groups = grouped(reports, |report| report.answer().key());
        let firsts = groups.iter().filter_map(|group| group.first().copied());
        let sick: Vec<&DoctorReport> =
            firsts.filter(|report| report.answer().exit != Exit::Yes).collect();
        if sick.is_empty() { reports.first().into_iter().collect() } else { sick }
    }

    /// Says in a line how many releases connect.
    pub(super) fn verdict(&self) -> String {
        let answers = self.answers();
        let (all, good) =
            (answers.len(), answers.iter().filter(|answer| answer.exit == Exit::Yes).count());
        let does = if self.target.is_some() { "connect to" } else { "can use" };
        format!("{good} of {all} releases of Java {does} {}", self.whom())
    }

    /// Names the target, or what else was looked at.
    pub(super) fn whom(&self) -> String {
        self.target.as_ref().map_or_else(|| "the truststore".to_owned(), TargetNamed::place)
    }
}

impl PokeReport {
    /// Returns what it comes down to.
    pub(super) fn answer(&self) -> Answer<'_> {
        Answer {
            release: &self.runtime.release,
            exit: self.exit,
            result: Some(self.result),
            finding: self.findings.first().filter(|_| self.exit != Exit::Yes),
            reason: self.reason,
            exception: &self.exception,
        }
    }
}

impl DoctorReport {
    /// Returns what it comes down to.
    pub(super) fn answer(&self) -> Answer<'_> {
        Answer {
            release: &self.runtime.release,
            exit: self.exit,
            result: self.result,
            finding: self.main(),
            reason: self.reason,
            exception: &self.exception,
        }
    }
}

impl<'a> Answer<'a> {
    /// Returns the answer in a word, and how that is painted.
    pub(super) fn word(&self) -> (Paint, &'static str) {
        match (self.result, self.exit) {
            (Some(Outcome::Connected), Exit::Yes) => (Paint::Good, "connected"),
            (Some(Outcome::Connected), _) => (Paint::Bad, "connected, but"),
            (Some(Outcome::Refused), _) => (Paint::Bad, "refused"),
            (Some(Outcome::Unreachable), _) => (Paint::Bad, "unreachable"),
            (Some(Outcome::Undetermined), _) => (Paint::Strong, "undetermined"),
            (None, Exit::Yes) => (Paint::Good, "usable"),
            (None, _) => (Paint::Bad, "unusable"),
        }
    }

    /// Returns the code of why it does not work.
    pub(super) fn code(&self) -> Option<&'a str> {
        self.finding.map(|finding| finding.code).or(self.reason)
    }

    /// Returns Java's first line.
    pub(super) fn says(&self) -> Option<String> {
        exception_lines(self.exception).into_iter().next().map(|line| printable(&line))
    }

    fn key(&self) -> (&'static str, Option<&'a str>) {
        (self.word().1, self.code())
    }
}

/// Writes what each release makes of each target.
pub(super) fn write(
    all: &[Several],
    format: Format,
    screen: Screen,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => write_text(all, screen, out, err),
        Format::Md => doctor::write_several_markdown(all, out),
        Format::Html => html::write_several(all, out),
        Format::Json | Format::Ndjson | Format::Pem | Format::Prometheus | Format::Junit => {
            write_lines(all, out)
        }
    }
}

/// Writes who decides how; then the doctor's screens, or where the settings came from.
fn write_text(
    all: &[Several],
    screen: Screen,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    for (number, several) in all.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        write_groups(several, screen, out)?;
        match &several.releases {
            Told::Pokes(pokes) => {
                let lines = pokes.iter().flat_map(|poke| &poke.provenance);
                lines.into_iter().try_for_each(|line| writeln!(err, "sslpoke: {line}"))?;
            }
            Told::Doctored(_) => {
                writeln!(out)?;
                doctor::write_screens(&several.telling(), screen, out)?;
            }
        }
    }
    Ok(())
}

/// Writes the groups of one target: how it goes, and where it does not connect why.
fn write_groups(several: &Several, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let (answers, whom) = (several.answers(), several.whom());
    for group in grouped(&answers, Answer::key) {
        let Some(first) = group.first() else { continue };
        let names: Vec<&str> = group.iter().map(|answer| answer.release).collect();
        writeln!(out, "{}", verdict_line(first.word(), &names, &whom, first.code(), screen))?;
        if let Some(finding) = first.finding {
            writeln!(out, "  {}", Screen::cut(&printable(&finding.what), LONGEST_TEXT))?;
        }
        let is_short = matches!(several.releases, Told::Pokes(_));
        let says = first.says().filter(|_| is_short && first.exit != Exit::Yes);
        says.iter().try_for_each(|says| writeln!(out, "  {}", Screen::cut(says, LONGEST_TEXT)))?;
        let remedy = first.finding.and_then(|finding| finding.remedy.as_deref());
        for line in remedy.filter(|_| is_short).iter().flat_map(|remedy| remedy.lines()) {
            writeln!(out, "  → {}", printable(line))?;
        }
    }
    Ok(())
}

/// A message with a name in it may be as long as the certificate.
const LONGEST_TEXT: usize = 1000;

/// Says in a line which releases decide so about whom, and why.
pub(super) fn verdict_line(
    (paint, word): (Paint, &str),
    releases: &[impl AsRef<str>],
    whom: &str,
    reason: Option<&str>,
    screen: Screen,
) -> String {
    let releases: Vec<&str> = releases.iter().map(AsRef::as_ref).collect();
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    let whom = printable(whom);
    format!("{}: Java {} for {whom}{reason}", screen.paint(paint, word), releases.join(", "))
}

/// Puts together what is alike, in the order in which each kind comes first.
pub(super) fn grouped<'a, T, K: PartialEq>(
    all: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&'a T) -> K,
) -> Vec<Vec<&'a T>> {
    let mut groups: Vec<(K, Vec<&T>)> = Vec::new();
    for one in all {
        let kind = key(one);
        match groups.iter_mut().find(|(held, _)| *held == kind) {
            Some((_, group)) => group.push(one),
            None => groups.push((kind, vec![one])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
