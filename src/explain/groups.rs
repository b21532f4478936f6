//! Failures of one kind, together: how many, from when to when, and which servers they concern. All of it is bounded.

use super::causes::Cause;
use super::moment::Moment;
use super::quoted::shown;
use super::site::Site;

/// One failure in a log.
#[derive(Debug)]
pub(super) struct Occurrence<'a> {
    pub(super) moment: Option<Moment>,
    pub(super) site: Option<Site>,
    /// What the log says, as it is.
    pub(super) words: &'a [u8],
}

/// Failures of one kind.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) cause: Cause,
    pub(crate) seen: Seen,
    /// The servers, in the order in which they came.
    pub(crate) sites: Vec<(Site, Seen)>,
    /// Failures with a server that came after the last one that is listed.
    pub(crate) more_sites: u64,
    /// Java's or the program's words, each once.
    pub(crate) examples: Vec<String>,
    bursts: Bursts,
}

/// How often, and from when to when.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) count: u64,
    pub(crate) first: Option<Moment>,
    pub(crate) last: Option<Moment>,
}

/// More servers of one failure nobody reads.
const MOST_SITES: usize = 64;

/// A message that is in no list is quoted, each once, up to this many.
const MOST_EXAMPLES: usize = 5;

impl Seen {
    pub(super) fn add(&mut self, moment: Option<Moment>) {
        self.count = self.count.saturating_add(1);
        let Some(moment) = moment else { return };
        self.first = Some(self.first.map_or(moment, |first| first.min(moment)));
        self.last = Some(self.last.map_or(moment, |last| last.max(moment)));
    }
}

impl Group {
    pub(super) fn new(cause: Cause) -> Self {
        Self {
            cause,
            seen: Seen::default(),
            sites: Vec::new(),
            more_sites: 0,
            examples: Vec::new(),
            bursts: Bursts::default(),
        }
    }

    pub(super) fn add(&mut self, one: Occurrence<'_>) {
        self.seen.add(one.moment);
        if let Some(moment) = one.moment {
            self.bursts.add(moment);
        }
        if let Some(site) = one.site {
            self.add_site(site, one.moment);
        }
        let most = if self.cause == Cause::HandshakeFailed { MOST_EXAMPLES } else { 1 };
        if self.examples.len() < most {
            let words = shown(one.words);
            if !words.is_empty() && !self.examples.contains(&words) {
                self.examples.push(words);
            }
        }
    }

    fn add_site(&mut self, site: Site, moment: Option<Moment>) {
        if let Some((_, seen)) = self.sites.iter_mut().find(|(held, _)| *held == site) {
            seen.add(moment);
        } else if self.sites.len() < MOST_SITES {
            let mut seen = Seen::default();
            seen.add(moment);
            self.sites.push((site, seen));
        } else {
            self.more_sites = self.more_sites.saturating_add(1);
        }
    }

    /// Returns the seconds between the beginnings of bursts, if they come as a clock strikes.
    pub(crate) fn period(&self) -> Option<i64> {
        self.bursts.period()
    }
}

/// Failures with less than half an hour between them, as one.
#[derive(Clone, Copy, Debug, Default)]
struct Bursts {
    last: Option<Moment>,
    begun: Option<Moment>,
    shortest: i64,
    longest: i64,
    sum: i64,
    count: i64,
}

const APART: i64 = 30 * 60;

impl Bursts {
    fn add(&mut self, moment: Moment) {
        let since = self.last.map(|last| moment.seconds_since(last));
        self.last = Some(moment);
        if since.is_some_and(|since| since < APART) {
            return;
        }
        if let Some(begun) = self.begun {
            let between = moment.seconds_since(begun);
            self.shortest = if self.count == 0 { between } else { self.shortest.min(between) };
            self.longest = self.longest.max(between);
            self.sum = self.sum.saturating_add(between);
            self.count += 1;
        }
        self.begun = Some(moment);
    }

    /// Three intervals that differ by no more than a tenth are no accident.
    fn period(&self) -> Option<i64> {
        if self.count < 3 || self.shortest <= 0 {
            return None;
        }
        let mean = self.sum / self.count;
        let is_regular = (self.longest - self.shortest) * 10 <= mean;
        is_regular.then_some(mean)
    }
}
