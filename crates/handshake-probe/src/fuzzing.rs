//! The dialogues with a recorded peer: for the fuzz targets, and not built otherwise.

use std::net::{Ipv4Addr, SocketAddr};

use crate::cause::Cause;
use crate::conversation::Conversation;
use crate::engine;
use crate::judge::Judge;
use crate::observation::Observation;
use crate::probe::nothing_seen;
use crate::request::{ProbeRequest, Route, StartTls};
use crate::route::{self, Target};
use crate::starttls;
use crate::wire::{Cursor, Event, HANDSHAKE, SERVER_HELLO, Seal, Watch, message, vector16};

/// A peer that says what was recorded, whatever it is asked: so many bytes at a time, and never more at once than up to the
/// next border.
struct Recorded<'a> {
    answers: &'a [u8],
    at_once: usize,
    /// The byte between what comes in one segment of TCP and what comes in the next.
    border: Option<u8>,
    asked: usize,
}

impl<'a> Recorded<'a> {
    /// A peer that speaks a plaintext protocol.
    fn plain(answers: &'a [u8], at_once: usize) -> Self {
        Self { answers, at_once, border: Some(BORDER), asked: 0 }
    }

    /// Returns how many bytes are left of this segment.
    fn segment(&self) -> usize {
        let border = self.answers.iter().position(|byte| Some(*byte) == self.border);
        border.unwrap_or(self.answers.len())
    }
}

impl Conversation for Recorded<'_> {
    fn listen(&mut self, buffer: &mut [u8]) -> Result<usize, Cause> {
        while let Some((_, rest)) = self.answers.split_first().filter(|_| self.segment() == 0) {
            self.answers = rest;
        }
        let count = self.segment().min(buffer.len()).min(self.at_once.max(1));
        let (said, rest) = self.answers.split_at(count);
        for (to, from) in buffer.iter_mut().zip(said) {
            *to = *from;
        }
        self.answers = rest;
        Ok(count)
    }

    fn say(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        self.asked += bytes.len();
        Ok(())
    }
}

/// What came of a dialogue.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Held {
    /// Why it led to nothing.
    pub fault: Option<String>,
    /// How many bytes the peer was sent.
    pub asked: usize,
    /// How many of the peer's bytes were not read although they came with those that were.
    pub unread: usize,
}

/// Holds the dialogue of `protocol` with a peer that says `answers`, `at_once` bytes at a time.
pub fn starttls(protocol: StartTls, host: &str, answers: &[u8], at_once: usize) -> Held {
    let mut peer = Recorded::plain(answers, at_once);
    let held = starttls::begin(protocol, host, &mut peer);
    of(held, &peer)
}

/// Asks a proxy that says `answers` for a tunnel: to port 443 of loopback, or of the host of this name.
pub fn tunnel(route: &Route, name: Option<&str>, answers: &[u8], at_once: usize) -> Held {
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 443));
    let target = name.map_or(Target::Address(loopback), |name| Target::Name(name, 443));
    let mut peer = Recorded::plain(answers, at_once);
    let held = match route {
        Route::Direct => Ok(()),
        Route::Socks(proxy) => route::socks::tunnel(proxy, target, &mut peer),
        Route::HttpConnect(proxy) => route::http_connect::tunnel(proxy, target, &mut peer),
    };
    of(held, &peer)
}

/// Goes on with the classic engine from a hello that is always the same, with a server that says `answers`, `at_once` bytes at
/// a time.
pub fn classic(
    request: &ProbeRequest,
    judge: &dyn Judge,
    answers: &[u8],
    at_once: usize,
) -> (Held, Observation) {
    let mut peer = Recorded { answers, at_once, border: None, asked: 0 };
    let mut observation = nothing_seen();
    engine::go_on(request, judge, &RANDOM, &mut peer, &mut observation);
    let fault = observation.outcome.as_ref().err().map(|failure| failure.cause.to_string());
    let held = Held { fault, asked: peer.asked, unread: peer.segment() };
    (held, observation)
}

/// Shows the watch of a handshake of TLS 1.3 records with these contents, each behind its type and its length in two bytes; returns
/// the messages that were taken, and what was wrong with the next.
pub fn sealed(
    request: &ProbeRequest,
    judge: &dyn Judge,
    contents: &[u8],
) -> (Vec<u8>, Option<String>) {
    let mut taken = Vec::new();
    let fault = show(request, judge, contents, &mut taken).err();
    (taken, fault.map(|cause| cause.to_string()))
}

fn show(
    request: &ProbeRequest,
    judge: &dyn Judge,
    contents: &[u8],
    taken: &mut Vec<u8>,
) -> Result<(), Cause> {
    const SECRET: [u8; 32] = [5; 32];
    const SUITE: u16 = 0x1301;
    const GROUP: u16 = 0x001d;
    let mut watch = Watch::new(&request.offer, vec![GROUP], judge);
    let share = [&GROUP.to_be_bytes()[..], &vector16(&[9; 32])].concat();
    let extensions = [&[0, 43, 0, 2, 3, 4, 0, 51][..], &vector16(&share)].concat();
    let head = [&[3, 3][..], &RANDOM, &[0], &SUITE.to_be_bytes(), &[0]].concat();
    let hello = message(SERVER_HELLO, &[head, vector16(&extensions)].concat());
    watch.record(&[&[HANDSHAKE, 3, 3][..], &vector16(&hello)].concat())?;
    watch.step()?;
    watch.unseal(&SECRET);
    let Some(mut theirs) = Seal::new(SUITE, &SECRET) else { return Ok(()) };
    let mut contents = Cursor(contents);
    while let (Some(kind), Some(content)) = (contents.u8(), contents.vector16()) {
        let Some(record) = theirs.seal(kind, content) else { return Ok(()) };
        watch.record(&record)?;
        while let Some(event) = watch.step()? {
            if let Event::Message(kind, _) = event {
                taken.push(kind);
            }
        }
    }
    Ok(())
}

fn of(held: Result<(), Cause>, peer: &Recorded<'_>) -> Held {
    let fault = held.err().map(|cause| cause.to_string());
    Held { fault, asked: peer.asked, unread: peer.segment() }
}

const BORDER: u8 = 0xfe;

/// What the peer signs, besides what it says itself, when it agrees on keys.
const RANDOM: [u8; 32] = [7; 32];
