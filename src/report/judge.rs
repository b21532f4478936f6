//! What is told of a verdict without a connection.

use std::io::{self, Write};

use serde::Serialize;

use super::screen::{Paint, Screen};
use super::several::{grouped, verdict_line};
use super::tree::{Branch, write_tree};
use super::{ChainEntry, ExceptionLine, Exit, RuntimeUsed};
use crate::certificates::printable;
use crate::diagnosis::Finding;

mod json;

/// Verdicts on one chain.
#[derive(Debug)]
pub(crate) struct JudgeReport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) host: String,
    pub(crate) at: String,
    pub(crate) runtime: RuntimeUsed,
    pub(crate) truststore: Option<String>,
    pub(crate) anchors: usize,
    pub(crate) chain: Vec<ChainEntry>,
    pub(crate) verdicts: Vec<Judgement>,
    pub(crate) differences: Vec<Difference>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) tree: Vec<Branch>,
}

/// What a release decides under a version of TLS.
#[derive(Debug, Serialize)]
pub(crate) struct Judgement {
    pub(crate) release: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recorded_as: Option<String>,
    pub(crate) tls: &'static str,
    pub(crate) verdict: Decision,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    /// Index into `chain` of the certificate concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alert: Option<&'static str>,
    pub(crate) exception: Vec<ExceptionLine>,
    /// Subjects from the end entity to the anchor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) path: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tried: Vec<Tried>,
    /// What Java may answer as well: `accept`, or another reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) either_way: Option<&'static str>,
    #[serde(skip)]
    pub(crate) static_rsa: bool,
    /// Whether the release can open the truststore.
    #[serde(skip)]
    pub(crate) has_store: bool,
}

/// What is decided.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Decision {
    /// Java trusts the chain.
    Accept,
    /// Java rejects it.
    Reject,
    /// It cannot be told.
    Undetermined,
    /// Not every release, or not every version of TLS, decides alike.
    Differs,
}

/// A candidate for the path that Java dropped.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Tried {
    /// Index into `chain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<usize>,
    /// The entry of the truststore.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    pub(crate) reason: &'static str,
}

/// Why two releases disagree.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(crate) struct Difference {
    pub(crate) releases: [String; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) switch: Option<&'static str>,
    pub(crate) what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) values: Option<[String; 2]>,
}

impl JudgeReport {
    pub(crate) fn exit(&self) -> Exit {
        if self.verdicts.iter().any(|held| !held.has_store) {
            return Exit::Unreadable;
        }
        match self.decision() {
            Decision::Accept => Exit::Yes,
            Decision::Reject | Decision::Differs => Exit::No,
            Decision::Undetermined => Exit::Undetermined,
        }
    }

    /// Returns what all decide, or that they differ.
    pub(super) fn decision(&self) -> Decision {
        let mut decisions = self.verdicts.iter().map(|held| held.verdict);
        let Some(first) = decisions.next() else { return Decision::Undetermined };
        if decisions.all(|other| other == first) { first } else { Decision::Differs }
    }

    /// Returns the verdict that tells most: the first rejection, or else the first.
    pub(super) fn telling(&self) -> Option<&Judgement> {
        let rejected = self.verdicts.iter().find(|held| held.verdict != Decision::Accept);
        rejected.or_else(|| self.verdicts.first())
    }

    /// Returns verdicts that are alike, told together: of releases and of versions of TLS.
    fn groups(&self) -> Vec<Vec<&Judgement>> {
        grouped(&self.verdicts, |held| (held.verdict, held.reason, held.certificate))
    }
}

/// Writes the verdicts first, then the path drawn, what helps, and Java's words.
pub(super) fn write(report: &JudgeReport, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let groups = report.groups();
    let all_tls = report.verdicts.iter().any(|held| held.tls != "TLSv1.3");
    for group in &groups {
        write_verdict(report, group, all_tls, screen, out)?;
    }
    let store = report.truststore.as_deref().unwrap_or("Mozilla's roots, built in");
    let many = if report.anchors == 1 { "" } else { "s" };
    let anchors = format!("{} anchor{many}, judged at {}", report.anchors, report.at);
    writeln!(out, "{}\n", screen.paint(Paint::Faint, &format!("truststore {store}, {anchors}")))?;
    write_tree(&report.tree, 2, screen, out)?;
    write_unused(report, screen, out)?;
    write_tried(report, screen, out)?;
    write_differences(report, out)?;
    write_findings(report, screen, out)?;
    groups.iter().try_for_each(|group| write_words(group, groups.len() > 1, screen, out))
}

fn write_verdict(
    report: &JudgeReport,
    group: &[&Judgement],
    all_tls: bool,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    let (paint, word) = match first.verdict {
        Decision::Accept => (Paint::Good, "accept"),
        Decision::Reject => (Paint::Bad, "reject"),
        Decision::Undetermined | Decision::Differs => (Paint::Strong, "undetermined"),
    };
    let is_whole = |held: &&&Judgement| {
        group.iter().filter(|other| other.release == held.release).count()
            == report.verdicts.iter().filter(|other| other.release == held.release).count()
    };
    let mut names: Vec<String> = Vec::new();
    for held in group {
        let name = match (is_whole(&held), all_tls) {
            (true, _) | (_, false) => held.release.clone(),
            (false, true) => format!("{} ({})", held.release, held.tls),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    writeln!(out, "{}", verdict_line((paint, word), &names, &report.host, first.reason, screen))?;
    for held in group.iter().filter(|held| held.either_way.is_some()).take(1) {
        let other = held.either_way.unwrap_or_default();
        writeln!(
            out,
            "  Java may answer either way, {word} or {other}: two certificates in the truststore share a subject"
        )?;
    }
    let mut with_static_rsa: Vec<&str> =
        group.iter().filter(|held| held.static_rsa).map(|held| held.release.as_str()).collect();
    with_static_rsa.dedup();
    if !with_static_rsa.is_empty() {
        let releases = with_static_rsa.join(", ");
        writeln!(
            out,
            "  with a cipher suite of static RSA (TLS_RSA_…), if the server takes one, Java {releases} would accept"
        )?;
    }
    let nearest = group.iter().find_map(|held| Some((&held.release, held.recorded_as.as_ref()?)));
    nearest.iter().try_for_each(|(asked, recorded)| {
        writeln!(out, "  {asked} was not recorded; its rules are those of {recorded}, the nearest")
    })
}

/// Certificates that lie beside the way.
fn write_unused(report: &JudgeReport, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let is_used = |place: usize| report.tree.iter().any(|branch| branch.place == Some(place));
    let unused = report.chain.iter().enumerate().filter(|(index, _)| !is_used(index + 1));
    for (index, entry) in unused.take(10) {
        let text = format!("  not on the way: certificate {}, {}", index + 1, entry.subject);
        writeln!(out, "{}", Screen::cut(&text, screen.width))?;
    }
    Ok(())
}

/// The candidates that Java dropped without a word.
fn write_tried(report: &JudgeReport, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    // The only anchor that was tried, dropped for the very reason that is told, tells nothing more.
    let tells_more = |held: &&Judgement| match held.tried.as_slice() {
        [] => false,
        [one] => Some(one.reason) != held.reason,
        _ => true,
    };
    let Some(held) = report.telling().filter(tells_more) else { return Ok(()) };
    let mut told: Vec<String> = Vec::new();
    for tried in &held.tried {
        let which = match (tried.certificate, &tried.alias) {
            (Some(index), _) => format!("certificate {}", index + 1),
            (None, alias) => {
                let alias = alias.as_deref().filter(|alias| !alias.is_empty());
                format!("the truststore's {}", alias.unwrap_or_default())
            }
        };
        let subject = tried.subject.as_deref().unwrap_or_default();
        let line = Screen::cut(&format!("  {}: {which}, {subject}", tried.reason), screen.width);
        if !told.contains(&line) {
            told.push(line);
        }
    }
    writeln!(out, "\ntried and dropped (Java does not say so):")?;
    told.iter().take(MOST_TRIED).try_for_each(|line| writeln!(out, "{line}"))?;
    match told.len().saturating_sub(MOST_TRIED) {
        0 => {}
        more => writeln!(out, "  and {more} more, see --format json")?,
    }
    Ok(())
}

/// More candidates than this are only counted.
const MOST_TRIED: usize = 5;

fn write_differences(report: &JudgeReport, out: &mut dyn Write) -> io::Result<()> {
    for (place, difference) in report.differences.iter().enumerate() {
        if place == 0 {
            writeln!(out)?;
        }
        let [one, other] = &difference.releases;
        write!(out, "{one} and {other} differ: {}", difference.what)?;
        match &difference.values {
            Some([before, after]) => writeln!(out, " ({one}: {before}, {other}: {after})")?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

fn write_findings(report: &JudgeReport, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    for (place, finding) in report.findings.iter().enumerate() {
        if place == 0 {
            writeln!(out)?;
        }
        let what = Screen::cut(&finding.what, LONGEST_TEXT);
        writeln!(out, "{}", screen.paint(Paint::Strong, &what))?;
        finding
            .why
            .iter()
            .try_for_each(|why| writeln!(out, "  {}", Screen::cut(why, LONGEST_TEXT)))?;
        finding.remedy.iter().try_for_each(|remedy| writeln!(out, "  → {remedy}"))?;
    }
    Ok(())
}

/// Java's own words: each wording once, whatever the alert before it.
fn write_words(
    group: &[&Judgement],
    is_one_of_many: bool,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut told: Vec<Vec<String>> = Vec::new();
    for held in group.iter().filter(|held| !held.exception.is_empty()) {
        let words = told_words(&held.exception);
        let plain = |words: &[String]| words.get(1..).map(<[String]>::to_vec);
        if told.iter().any(|other| plain(other) == plain(&words)) {
            continue;
        }
        let who = if is_one_of_many || !told.is_empty() { &held.release } else { "" };
        let says = format!("Java{}{who} says:", if who.is_empty() { "" } else { " " });
        writeln!(out, "\n{}", screen.paint(Paint::Faint, &says))?;
        words.iter().try_for_each(|line| writeln!(out, "  {}", Screen::cut(line, LONGEST_TEXT)))?;
        told.push(words);
    }
    Ok(())
}

/// Returns an exception and its causes, line by line, as Java prints them.
pub(super) fn told_words(exception: &[ExceptionLine]) -> Vec<String> {
    exception.iter().enumerate().map(exception_line).collect()
}

fn exception_line((number, line): (usize, &ExceptionLine)) -> String {
    let cause = if number == 0 { "" } else { "Caused by: " };
    match &line.message {
        Some(message) => printable(&format!("{cause}{}: {message}", line.class)),
        None => format!("{cause}{}", line.class),
    }
}

/// A message with a name in it may be as long as the certificate.
const LONGEST_TEXT: usize = 1000;
