//! The way through a log, line by line: an entry, the exception in it with its causes, and what of that is known.

use std::collections::BTreeMap;
use std::mem;

use aho_corasick::BuildError;
use memchr::memmem::find;

use super::causes::Cause;
use super::groups::{Group, Occurrence};
use super::jira::JiraVersion;
use super::moment::{self, Moment};
use super::phrases::Weight;
use super::refined::refined;
use super::search::{Hit, Search};
use super::shape::{Kind, Shape, is_frame, is_head};
use super::site::Site;

/// What a log was found to say.
#[derive(Debug, Default)]
pub(crate) struct Explained {
    pub(crate) lines: u64,
    /// By code.
    pub(crate) groups: BTreeMap<&'static str, Group>,
    /// The last version of Jira that the log names.
    pub(crate) jira: Option<JiraVersion>,
}

/// A log as it is read.
pub(super) struct Entries {
    search: Search,
    year: i16,
    /// The line that the entry began with, and heads of exceptions in it.
    entry: Vec<u8>,
    /// Whether that line has a time.
    is_stamped: bool,
    open: Option<Open>,
    /// What `-Djavax.net.debug` told last.
    debugged: Option<Cause>,
    hits: Vec<Hit>,
    explained: Explained,
}

/// A failure of which more may follow.
#[derive(Default)]
struct Open {
    best: Option<(Cause, Weight)>,
    words: Vec<u8>,
    moment: Option<Moment>,
    site: Option<Site>,
    has_head: bool,
    is_debug: bool,
    /// Whether the line ends with a colon: what follows without a time belongs to it.
    announces_more: bool,
    /// Whether a frame is that of `SSLPoke`.
    is_of_sslpoke: bool,
}

/// What is kept of an entry to look for its time and its server.
const MOST_OF_ENTRY: usize = 2048;

/// What is kept of a line to be quoted.
const MOST_WORDS: usize = 1200;

/// More phrases in one line say nothing more.
const MOST_HITS: usize = 32;

impl Entries {
    pub(super) fn new(year: i16) -> Result<Self, BuildError> {
        Ok(Self {
            search: Search::new()?,
            year,
            entry: Vec::new(),
            is_stamped: false,
            open: None,
            debugged: None,
            hits: Vec::new(),
            explained: Explained::default(),
        })
    }

    /// Takes the next line.
    pub(super) fn line(&mut self, line: &[u8]) {
        self.explained.lines += 1;
        if is_frame(line) {
            self.frame(line);
            return;
        }
        let mut hits = mem::take(&mut self.hits);
        hits.clear();
        hits.extend(self.search.hits(line).take(MOST_HITS));
        if !hits.is_empty() {
            self.hit(line, &hits);
        } else if self.open.is_some() {
            self.more(line);
        } else if moment::may_begin(line) {
            self.begin(line);
        } else if is_head(line) {
            self.remember_head(line);
        }
        self.hits = hits;
    }

    /// Ends a file.
    pub(super) fn end(&mut self) {
        self.close();
        self.entry.clear();
        self.is_stamped = false;
        self.debugged = None;
    }

    pub(super) fn explained(self) -> Explained {
        self.explained
    }

    /// SSLPoke's own failures are told from others of the same words by its frame.
    fn frame(&mut self, line: &[u8]) {
        if let Some(open) = &mut self.open
            && open.best.is_some_and(|(_, weight)| weight == Weight::OfSslPoke)
        {
            open.is_of_sslpoke |= find(line, b"SSLPoke.main(").is_some();
        }
    }

    /// Remembers the beginning of an entry.
    fn begin(&mut self, line: &[u8]) {
        self.entry.clear();
        self.entry.extend(line.iter().take(MOST_OF_ENTRY));
        self.is_stamped = true;
    }

    fn remember_head(&mut self, line: &[u8]) {
        if !self.is_stamped {
            self.entry.clear();
        }
        let left = MOST_OF_ENTRY.saturating_sub(self.entry.len());
        self.entry.push(b'\n');
        self.entry.extend(line.iter().take(left));
    }

    /// Takes a line without a phrase after one with.
    fn more(&mut self, line: &[u8]) {
        let shape = Shape::of(line, self.year);
        match shape.kind {
            Kind::Entry | Kind::Debug => {
                self.close();
                self.begin(line);
            }
            Kind::Head => {
                if self.open.as_ref().is_some_and(|open| open.has_head) {
                    self.close();
                }
                self.remember_head(line);
            }
            Kind::Continuation => {
                self.frame(shape.rest);
                self.look_for_site(line);
            }
            Kind::Text if self.is_stamped => self.look_for_site(line),
            Kind::Text => self.close(),
        }
    }

    fn look_for_site(&mut self, line: &[u8]) {
        if let Some(open) = &mut self.open
            && open.site.is_none()
        {
            open.site = Site::in_text(line);
        }
    }

    /// Takes a line with phrases.
    fn hit(&mut self, line: &[u8], hits: &[Hit]) {
        let shape = Shape::of(line, self.year);
        match shape.kind {
            Kind::Entry | Kind::Debug => {
                self.close();
                self.begin(line);
            }
            Kind::Head if self.open.as_ref().is_some_and(|open| open.has_head) => self.close(),
            Kind::Text if !self.is_stamped => {
                if !self.open.as_ref().is_some_and(|open| open.announces_more) {
                    self.close();
                }
            }
            Kind::Head | Kind::Continuation | Kind::Text => {}
        }
        let (entry, year) = (&self.entry, self.year);
        let open = self.open.get_or_insert_with(|| Open {
            moment: shape.moment.or_else(|| moment::stamp(entry, year).map(|(moment, _)| moment)),
            is_debug: shape.kind == Kind::Debug,
            ..Open::default()
        });
        open.announces_more = line.ends_with(b":");
        open.has_head |= matches!(shape.kind, Kind::Head | Kind::Continuation);
        if open.site.is_none() {
            open.site = Site::in_text(shape.rest);
        }
        for hit in hits {
            match hit {
                Hit::Phrase { phrase, place } => {
                    if let Some(cause) = refined(phrase, line) {
                        open.weigh(cause, phrase.weight, line, *place);
                    }
                }
                Hit::JiraVersion { place } => {
                    let found = JiraVersion::before_hash(line, *place);
                    self.explained.jira = found.or(self.explained.jira);
                }
            }
        }
    }

    /// Counts the failure that is open.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let Some((cause, weight)) = open.best else { return };
        let is_told_already = self.debugged == Some(cause);
        if open.is_debug {
            self.debugged = Some(cause);
        } else if is_told_already {
            self.debugged = None;
        }
        let is_foreign = weight == Weight::OfSslPoke && !open.is_of_sslpoke;
        if is_told_already || is_foreign || cause == Cause::Unrelated {
            return;
        }
        let site = open.site.or_else(|| Site::in_text(&self.entry));
        let group = self.explained.groups.entry(cause.in_words().code);
        group.or_insert_with(|| Group::new(cause)).add(Occurrence {
            moment: open.moment,
            site,
            words: &open.words,
        });
    }
}

impl Open {
    /// Takes a phrase if it says more than what was found before.
    fn weigh(&mut self, cause: Cause, weight: Weight, line: &[u8], place: usize) {
        let is_more = match (self.best, weight) {
            (best, Weight::OfStore) => best.is_some_and(|(held, _)| held == Cause::StoreNotOpened),
            (Some((_, held)), _) => weight > held,
            (None, _) => true,
        };
        if is_more {
            self.best = Some((cause, weight));
            self.words.clear();
            self.words.extend(words(line, place).iter().take(MOST_WORDS));
        }
    }
}

/// Returns the message around a phrase: from the class of the exception, or from what follows the logger's name.
fn words(line: &[u8], place: usize) -> &[u8] {
    let before = line.get(..place).unwrap_or_default();
    let start = match find(before, b"Exception: ").or_else(|| find(line, b"Exception")) {
        Some(exception) if exception <= place + 64 => {
            let is_class = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'$');
            let head = line.get(..exception).unwrap_or_default();
            head.iter().rposition(|byte| !is_class(byte)).map_or(0, |start| start + 1)
        }
        Some(_) | None => {
            let bracket = before.windows(2).rposition(|pair| pair == b"] ");
            bracket.map_or_else(|| place.saturating_sub(200), |bracket| bracket + 2)
        }
    };
    line.get(start..).unwrap_or_default()
}
