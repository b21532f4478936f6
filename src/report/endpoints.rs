//! What is told of endpoints before an upgrade of Java: which work, which will fail, and why.

use std::io::{self, Write};

use serde::Serialize;

use super::doctor::{remedy_parts, runtime_line, store_line};
use super::markdown::{code, escaped};
use super::page::Page;
use super::screen::{Paint, Screen};
use super::several::Answer;
use super::{Exit, PokeReport, RuntimeUsed, write_lines};
use crate::certificates::printable;
use crate::cli::Format;
use crate::diagnosis::Finding;

/// What an upgrade of Java does to endpoints.
#[derive(Debug, Serialize)]
pub(crate) struct UpgradeEndpoints {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    /// In a line.
    pub(crate) verdict: String,
    pub(crate) from: RuntimeUsed,
    pub(crate) to: RuntimeUsed,
    pub(crate) endpoints: Vec<Endpoint>,
    /// What else is to be known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
}

/// An endpoint, poked as the old Java would and as the new one would.
#[derive(Debug, Serialize)]
pub(crate) struct Endpoint {
    pub(crate) change: Change,
    pub(crate) from: PokeReport,
    pub(crate) to: PokeReport,
}

/// What the upgrade does to an endpoint.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Change {
    /// It works under both.
    Works,
    /// It works under the old Java, and not under the new one.
    Breaks,
    /// It works under the new Java only.
    Repaired,
    /// It fails under both.
    FailsAsBefore,
    /// The peer could not be reached.
    Unreached,
    /// What one of them does could not be decided.
    Undetermined,
}

impl Endpoint {
    pub(crate) fn new(from: PokeReport, to: PokeReport) -> Self {
        let change = match (from.exit, to.exit) {
            (Exit::Undetermined, _) | (_, Exit::Undetermined) => Change::Undetermined,
            (Exit::Unreachable, _) | (_, Exit::Unreachable) => Change::Unreached,
            (Exit::Yes, Exit::Yes) => Change::Works,
            (Exit::Yes, _) => Change::Breaks,
            (_, Exit::Yes) => Change::Repaired,
            (_, _) => Change::FailsAsBefore,
        };
        Self { change, from, to }
    }

    /// A store that neither Java can open leaves the question open.
    fn exit(&self) -> Exit {
        match self.change {
            Change::Breaks => Exit::No,
            Change::Unreached => Exit::Unreachable,
            Change::Undetermined => Exit::Undetermined,
            Change::FailsAsBefore if self.from.exit == Exit::Unreadable => Exit::Unreadable,
            Change::Works | Change::Repaired | Change::FailsAsBefore => Exit::Yes,
        }
    }

    /// Returns the side that does not work: the new one first.
    fn sick(&self) -> Option<Answer<'_>> {
        [&self.to, &self.from].map(PokeReport::answer).into_iter().find(|it| it.exit != Exit::Yes)
    }

    /// Says what is wrong in a line, and how Java says it; the code comes first, for a line may be cut.
    fn why(&self) -> String {
        let Some(sick) = self.sick() else { return String::new() };
        let of_finding =
            |finding: &Finding| format!("{}: {}", finding.code, printable(&finding.what));
        let what = sick.finding.map(of_finding);
        let says = sick.says().map(|says| short(&says));
        [what, says].into_iter().flatten().collect::<Vec<_>>().join("; Java: ")
    }
}

impl UpgradeEndpoints {
    pub(crate) fn new(
        from: RuntimeUsed,
        to: RuntimeUsed,
        endpoints: Vec<Endpoint>,
        notes: Vec<String>,
    ) -> Self {
        let count = |wanted| endpoints.iter().filter(|held| held.change == wanted).count();
        let (all, failing) = (endpoints.len(), count(Change::Breaks));
        let upgrade = format!("the upgrade from Java {} to Java {}", from.release, to.release);
        let many = if all == 1 { "" } else { "s" };
        let works = if all == 1 { "the endpoint works" } else { "all endpoints work" };
        let verdict = if failing > 0 {
            format!("{failing} of {all} endpoint{many} will fail after {upgrade}")
        } else if count(Change::Works) == all {
            format!("{works} after {upgrade}")
        } else {
            format!("none of {all} endpoint{many} is known to fail because of {upgrade}")
        };
        let (schema, verb) = (super::SCHEMA, "upgrade-check");
        Self { schema, verb, verdict, from, to, endpoints, notes }
    }

    pub(super) fn exit(&self) -> Exit {
        self.endpoints.iter().map(Endpoint::exit).max().unwrap_or(Exit::Yes)
    }
}

/// Writes what the upgrade does to the endpoints.
pub(super) fn write(
    told: &UpgradeEndpoints,
    format: Format,
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => write_text(told, screen, out),
        Format::Md => write_markdown(told, out),
        Format::Json
        | Format::Ndjson
        | Format::Html
        | Format::Pem
        | Format::Prometheus
        | Format::Junit => write_lines(std::slice::from_ref(told), out),
    }
}

/// Writes the verdict, a line for each endpoint, then why those fail that will.
fn write_text(told: &UpgradeEndpoints, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { screen, out };
    let (mark, paint) = match told.exit() {
        Exit::Yes => ("✓", Paint::Good),
        Exit::Undetermined => ("?", Paint::Strong),
        Exit::No | Exit::Usage | Exit::Unreachable | Exit::Unreadable | Exit::NotWritten => {
            ("✗", Paint::Bad)
        }
    };
    page.headline(mark, paint, &told.verdict)?;
    page.blank()?;
    write_rows(told, screen, page.out)?;
    for endpoint in told.endpoints.iter().filter(|held| held.change == Change::Breaks) {
        write_remedy(endpoint, &mut page)?;
    }
    page.blank()?;
    for (label, runtime, poke) in [
        ("From", &told.from, told.endpoints.first().map(|held| &held.from)),
        ("To", &told.to, told.endpoints.first().map(|held| &held.to)),
    ] {
        page.row(label, &format!("Java {}", runtime_line(runtime)))?;
        poke.iter().try_for_each(|poke| page.row("", &store_line(&poke.truststore)))?;
    }
    told.notes.iter().try_for_each(|note| page.row("Note", note))
}

fn write_rows(told: &UpgradeEndpoints, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let places: Vec<String> =
        told.endpoints.iter().map(|held| printable(&held.from.target.place())).collect();
    let widest = places.iter().map(|place| place.chars().count()).max().unwrap_or_default();
    let widest = widest.min(WIDEST_PLACE);
    for (endpoint, place) in told.endpoints.iter().zip(&places) {
        let (mark, paint) = match endpoint.change {
            Change::Works | Change::Repaired => ("✓", Paint::Good),
            Change::Breaks => ("✗", Paint::Bad),
            Change::FailsAsBefore => ("-", Paint::Plain),
            Change::Unreached | Change::Undetermined => ("?", Paint::Plain),
        };
        let (from, to) = words(endpoint);
        let line =
            format!("{mark} {place:<widest$}  {from:<WORD$}  {to:<WORD$}  {}", endpoint.why());
        writeln!(out, "{}", screen.paint(paint, &Screen::cut(line.trim_end(), screen.width)))?;
    }
    Ok(())
}

/// How it goes under the old Java and under the new one.
fn words(endpoint: &Endpoint) -> (&'static str, &'static str) {
    let fails = if endpoint.change == Change::Breaks { "FAILS" } else { "fails" };
    let word = |poke: &PokeReport| match poke.exit {
        Exit::Yes => "works",
        Exit::No | Exit::Usage | Exit::Unreadable | Exit::NotWritten => fails,
        Exit::Unreachable => "unreached",
        Exit::Undetermined => "undecided",
    };
    (word(&endpoint.from), word(&endpoint.to))
}

fn write_remedy(endpoint: &Endpoint, page: &mut Page<'_>) -> io::Result<()> {
    let to = endpoint.to.answer();
    page.blank()?;
    page.label(&printable(&endpoint.to.target.place()))?;
    if let Some(finding) = to.finding {
        page.row("What", &finding.what)?;
        finding.why.iter().try_for_each(|why| page.row("Why", why))?;
        finding.remedy.iter().try_for_each(|remedy| page.remedy("Fix", remedy))?;
    }
    to.says().iter().try_for_each(|says| page.row("Java says", says))
}

/// Writes the same for a ticket.
fn write_markdown(told: &UpgradeEndpoints, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", escaped(&told.verdict))?;
    let (from, to) = (&told.from.release, &told.to.release);
    writeln!(out, "| Endpoint | Java {from} | Java {to} | Why |\n|---|---|---|---|")?;
    for endpoint in &told.endpoints {
        let (before, after) = words(endpoint);
        let (place, why) = (escaped(&endpoint.from.target.place()), escaped(&endpoint.why()));
        writeln!(out, "| {place} | {before} | {after} | {why} |")?;
    }
    for endpoint in told.endpoints.iter().filter(|held| held.change == Change::Breaks) {
        let remedy = endpoint.to.answer().finding.and_then(|held| held.remedy.as_deref());
        let Some(remedy) = remedy else { continue };
        let (prose, commands) = remedy_parts(remedy);
        let place = escaped(&endpoint.to.target.place());
        writeln!(out, "\n- {place}: {}", escaped(&printable(&prose.replace('\n', " "))))?;
        commands.iter().try_for_each(|command| writeln!(out, "  {}", code(&printable(command))))?;
    }
    told.notes.iter().try_for_each(|note| writeln!(out, "\n{}", escaped(note)))
}

/// Java's first line without the package of its class, and not longer than a line can be.
fn short(says: &str) -> String {
    let class = says.split(':').next().unwrap_or_default();
    let package = class.rfind('.').map_or(0, |dot| dot + 1);
    Screen::cut(says.get(package..).unwrap_or(says), LONGEST_SAYING)
}

/// The columns of a word, of a place, and of Java's words in a line.
const WORD: usize = 9;
const WIDEST_PLACE: usize = 60;
const LONGEST_SAYING: usize = 90;
