//! What is told of logs.

use std::cmp::Reverse;
use std::io::{self, Write};

use serde::Serialize;

use super::screen::{Paint, Screen};
use super::{Exit, SCHEMA};
use crate::diagnosis::Severity;
use crate::explain::{Cause, Explained, Group, JiraVersion, Next, Seen};

/// What logs say.
#[derive(Debug, Serialize)]
pub(crate) struct ExplainReport {
    pub(crate) schema: &'static str,
    pub(crate) verb: &'static str,
    pub(crate) lines: u64,
    /// How many failures were recognised.
    pub(crate) known: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jira: Option<JiraNamed>,
    pub(crate) groups: Vec<GroupNamed>,
    #[serde(skip)]
    pub(crate) exit: Exit,
}

/// The version of Jira, and what the page says of it.
#[derive(Debug, Serialize)]
pub(crate) struct JiraNamed {
    pub(crate) version: String,
    pub(crate) source: &'static str,
    pub(crate) session_token_bug: &'static str,
    pub(crate) what: String,
    /// Whether anything in the log may have to do with it.
    #[serde(skip)]
    pub(crate) matters: bool,
}

/// Failures of one kind.
#[derive(Debug, Serialize)]
pub(crate) struct GroupNamed {
    pub(crate) code: &'static str,
    pub(crate) severity: Severity,
    #[serde(flatten)]
    pub(crate) seen: SeenNamed,
    /// Seconds from burst to burst, where they come regularly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) period: Option<i64>,
    pub(crate) hosts: Vec<HostNamed>,
    /// Failures with hosts beyond those.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) more_hosts: u64,
    pub(crate) what: &'static str,
    pub(crate) remedy: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
    /// The words of the log.
    pub(crate) examples: Vec<String>,
}

/// How often, and from when to when.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SeenNamed {
    pub(crate) count: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last: Option<String>,
}

/// A server.
#[derive(Debug, Serialize)]
pub(crate) struct HostNamed {
    pub(crate) host: String,
    #[serde(flatten)]
    pub(crate) seen: SeenNamed,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ExplainReport {
    pub(crate) fn new(
        explained: &Explained,
        told: Option<JiraVersion>,
        fail_on_known: bool,
    ) -> Self {
        let mut groups: Vec<GroupNamed> = explained.groups.values().map(GroupNamed::of).collect();
        groups
            .sort_by_key(|group| (Reverse(group.severity), Reverse(group.seen.count), group.code));
        let is_failure = |group: &&GroupNamed| group.severity > Severity::Note;
        let known = groups.iter().filter(is_failure).map(|group| group.seen.count).sum();
        let matters =
            told.is_some() || explained.groups.values().any(|group| group.cause.is_of_connector());
        let source = if told.is_some() { "--jira-version" } else { "log" };
        let jira = told.or(explained.jira).map(|version| JiraNamed {
            version: version.to_string(),
            source,
            session_token_bug: version.listing().word(),
            what: version.in_words(),
            matters,
        });
        if jira.is_some() {
            let asked = Cause::SessionToken.in_words().code;
            groups
                .iter_mut()
                .filter(|group| group.code == asked)
                .for_each(|group| group.next = None);
        }
        let exit = if fail_on_known && known > 0 { Exit::No } else { Exit::Yes };
        Self { schema: SCHEMA, verb: "explain", lines: explained.lines, known, jira, groups, exit }
    }

    /// Returns what is said first.
    pub(super) fn verdict(&self) -> String {
        let lines =
            if self.lines == 1 { "1 line".to_owned() } else { format!("{} lines", self.lines) };
        let kinds = self.groups.iter().filter(|group| group.severity > Severity::Note).count();
        match (self.known, kinds) {
            (0, _) => format!("no known failure in {lines}"),
            (1, _) => format!("1 failure in {lines}"),
            (known, 1) => format!("{known} failures of one kind in {lines}"),
            (known, kinds) => format!("{known} failures of {kinds} kinds in {lines}"),
        }
    }
}

impl GroupNamed {
    fn of(group: &Group) -> Self {
        let words = group.cause.in_words();
        let mut sites: Vec<_> = group.sites.iter().collect();
        sites.sort_by_key(|(_, seen)| Reverse(seen.count));
        let target = sites.first().map(|(site, _)| site.target());
        let next = match words.next {
            Next::Doctor => {
                Some(format!("sslpoke doctor {}", target.as_deref().unwrap_or("https://HOST")))
            }
            Next::Command(command) => Some(command.to_owned()),
            Next::Nothing => None,
        };
        let named = |(site, seen): &&(_, Seen)| HostNamed {
            host: ToString::to_string(site),
            seen: SeenNamed::of(seen),
        };
        Self {
            code: words.code,
            severity: words.severity,
            seen: SeenNamed::of(&group.seen),
            period: group.period(),
            hosts: sites.iter().map(named).collect(),
            more_hosts: group.more_sites,
            what: words.what,
            remedy: words.remedy,
            next,
            examples: group.examples.clone(),
        }
    }

    /// Returns how often and when, in words.
    pub(super) fn when(&self) -> String {
        let SeenNamed { count, first, last } = &self.seen;
        let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
        let when = match (first, last) {
            (Some(first), Some(last)) if first != last => {
                format!("{times}, {} to {}", spaced(first), spaced(last))
            }
            (Some(first), _) => format!("{times}, {}", spaced(first)),
            (None, _) => times,
        };
        match self.period {
            Some(seconds) => format!("{when}, every {}", duration(seconds)),
            None => when,
        }
    }

    /// Returns the servers, in words.
    pub(super) fn at(&self, most: usize) -> String {
        let shown: Vec<String> = self
            .hosts
            .iter()
            .take(most)
            .map(|host| match (self.hosts.len(), host.seen.count) {
                (1, _) => host.host.clone(),
                (_, count) => format!("{} ({count})", host.host),
            })
            .collect();
        let more = self.hosts.len().saturating_sub(shown.len());
        let and_more = if self.more_hosts > 0 { "many more" } else { "" };
        match (more, and_more) {
            (0, "") => shown.join(", "),
            (0, more) => format!("{} and {more}", shown.join(", ")),
            (more, "") => format!("{} and {more} more", shown.join(", ")),
            (_, more) => format!("{} and {more}", shown.join(", ")),
        }
    }
}

impl SeenNamed {
    fn of(seen: &Seen) -> Self {
        Self {
            count: seen.count,
            first: seen.first.map(|moment| moment.to_string()),
            last: seen.last.map(|moment| moment.to_string()),
        }
    }
}

/// `2026-11-24T18:44:55Z` as people read it.
fn spaced(time: &str) -> String {
    time.replacen('T', " ", 1)
}

fn duration(seconds: i64) -> String {
    let minutes = (seconds + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// More servers in a line nobody reads.
const MOST_HOSTS: usize = 5;

/// Writes the failures, what matters most first.
pub(super) fn write(report: &ExplainReport, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let paint = if report.known == 0 { Paint::Good } else { Paint::Bad };
    writeln!(out, "{}", screen.paint(paint, &report.verdict()))?;
    if let Some(jira) = report.jira.as_ref().filter(|jira| jira.matters) {
        let what = format!("{} (session token bug JSWSERVER-21389)", jira.what);
        Screen::wrap(&what, screen.width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    report.groups.iter().try_for_each(|group| write_group(group, screen, out))
}

fn write_group(group: &GroupNamed, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let (mark, paint) = match group.severity {
        Severity::Error => ("✗", Paint::Bad),
        Severity::Warning => ("!", Paint::Strong),
        Severity::Note => ("·", Paint::Faint),
    };
    let code = screen.paint(Paint::Strong, group.code);
    writeln!(out, "\n{} {code}  {}", screen.paint(paint, mark), group.when())?;
    if !group.hosts.is_empty() {
        write_item("where", &group.at(MOST_HOSTS), screen, out)?;
    }
    write_item("what", group.what, screen, out)?;
    write_item("fix", group.remedy, screen, out)?;
    if let Some(next) = &group.next {
        writeln!(out, "  {:<5}  {}", "next", screen.paint(Paint::Good, next))?;
    }
    group.examples.iter().try_for_each(|words| write_item("says", words, screen, out))
}

fn write_item(name: &str, text: &str, screen: Screen, out: &mut dyn Write) -> io::Result<()> {
    let mut name = name;
    for line in Screen::wrap(text, screen.width.saturating_sub(9)) {
        writeln!(out, "  {name:<5}  {line}")?;
        name = "";
    }
    Ok(())
}
