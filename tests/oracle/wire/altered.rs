//! What the servers of the situations say, cut off, altered, dripped or without an end: ours ends, in time and within its means.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::peer::{Peer, serve};
use super::situation::{Server, Situation, pki, situations};
use super::{BUILDS, Lab, NAMES, THREADS};
use crate::play::play;

/// How many are played unless `WIRE_ALTERED` says how many.
const USUAL: u64 = 240;

/// What ours is told to take at most, and what it may take besides, on a machine that does much else.
const TIMEOUT: &str = "1";
const IN_TIME: Duration = Duration::from_secs(5);

/// What ours may hold, in KiB.
const MEMORY: u64 = 32 * 1024;

#[test]
fn no_altered_server_makes_ours_panic_hang_or_hold_more_than_32_mib() {
    let count = std::env::var("WIRE_ALTERED").map_or(USUAL, |it| it.parse().unwrap());
    let all = situations();
    let some: Vec<_> = all.iter().filter(|it| speaks(it)).collect();
    let lab = Lab::new();
    let seeds: Vec<_> = (1..=count).collect();
    let most = AtomicU64::new(0);
    let faults = play(THREADS, &seeds, |&seed| {
        let mut lot = Lot(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let situation = *lot.one(&some);
        let (alteration, is_verb) = (Alteration::draw(&mut lot), lot.draw(2) == 0);
        let peer = Peer::start(&situation.server);
        let upstream = SocketAddr::from((Ipv4Addr::LOCALHOST, peer.port));
        let port = serve(move |client| alter(&client, upstream, alteration));
        let ended = end(if is_verb { verb(port) } else { line(&lab, situation, port, &mut lot) });
        most.fetch_max(ended.memory, Ordering::Relaxed);
        let fault = ended.fault(is_verb)?;
        Some(format!("seed {seed}, {}, {alteration:?}: {fault}", situation.name))
    });
    assert!(faults.is_empty(), "{faults}");
    eprintln!("{count} altered servers, at most {} KiB held", most.into_inner());
}

/// Whether there is a server, and ours comes to it.
fn speaks(situation: &Situation) -> bool {
    !matches!(situation.server, Server::None)
        && NAMES.split(' ').any(|name| name == situation.host.trim_end_matches('.'))
}

/// The classic line, under a release drawn by lot.
fn line(lab: &Lab, situation: &Situation, port: u16, lot: &mut Lot) -> Command {
    let (_, release) = *lot.one(&BUILDS);
    lab.our_line(&["--java", release, "--timeout", TIMEOUT], situation, port)
}

fn verb(port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sslpoke"));
    command.args(["poke", &format!("tls.example.test:{port}"), "--timeout", TIMEOUT]);
    command.args(["--resolve", &format!("tls.example.test:{port}:127.0.0.1")]);
    command.args(["--format", "json", "--truststore"]).arg(pki().join("ts.jks"));
    command
}

/// How ours ended.
struct Ended {
    output: Output,
    took: Duration,
    /// The most that was held, in KiB.
    memory: u64,
}

/// Runs ours to its end, or ends it.
fn end(mut command: Command) -> Ended {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|it| it.split_whitespace().next()).map(|it| it.parse().unwrap());
        memory = peak.unwrap_or(memory);
        if began.elapsed() > IN_TIME * 2 {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(1));
    }
    let took = began.elapsed();
    Ended { output: child.wait_with_output().unwrap(), took, memory }
}

impl Ended {
    /// Returns what is wrong with that end.
    fn fault(&self, is_verb: bool) -> Option<String> {
        let errors = String::from_utf8_lossy(&self.output.stderr);
        let exit_codes: &[i32] = if is_verb { &[0, 1, 3, 6] } else { &[0, 1] };
        let is_known = self.output.status.code().is_some_and(|code| exit_codes.contains(&code));
        let is_told =
            !is_verb || serde_json::from_slice::<serde_json::Value>(&self.output.stdout).is_ok();
        let faults = [
            (!is_known, format!("ended with {}", self.output.status)),
            (errors.contains("panic"), "panicked".to_owned()),
            (self.took > IN_TIME, format!("took {:?}", self.took)),
            (self.memory > MEMORY, format!("held {} KiB", self.memory)),
            (!is_told, "told no JSON".to_owned()),
        ];
        let (_, fault) = faults.into_iter().find(|(is_so, _)| *is_so)?;
        Some(format!("{fault}\n{errors}"))
    }
}

/// What is done to the server's bytes, from the one at `at` on.
#[derive(Clone, Copy, Debug)]
enum Alteration {
    /// No more come, and the connection is closed, reset or kept.
    Cut { at: usize, end: usize },
    /// Some are others, are missing or come twice.
    Changed { lot: Lot },
    /// So few come at a time.
    Slow { at_once: usize, pause: Duration },
    /// Others come, for ever: these, and so many bytes `0x16`.
    Endless { at: usize, begin: &'static [u8], length: usize },
}

impl Alteration {
    fn draw(lot: &mut Lot) -> Self {
        let at = lot.draw(2500);
        match lot.draw(4) {
            0 => Self::Cut { at, end: lot.draw(3) },
            1 => Self::Changed { lot: Lot(lot.0) },
            2 => {
                let pause = Duration::from_millis(u64::try_from(lot.draw(20)).unwrap());
                Self::Slow { at_once: 1 + lot.draw(200), pause }
            }
            _ => {
                let (at, (begin, length)) = (at * lot.draw(2), *lot.one(&ENDLESS));
                Self::Endless { at, begin, length }
            }
        }
    }
}

/// What comes without an end: how it begins, and how many bytes of `0x16` follow.
const ENDLESS: [(&[u8], usize); 8] = [
    (&[22, 3, 3, 0, 0], 0),                            // empty records
    (&[22, 3, 3, 0x40, 0, 11, 0, 0x7f, 0xff], 16_380), // a long message, in the midst of which another begins
    (&[22, 3, 3, 0, 4, 0, 0, 0, 0], 0),                // requests to say hello
    (&[21, 3, 3, 0, 2, 1, 90], 0),                     // warnings
    (&[20, 3, 3, 0, 1, 1], 0),
    (&[23, 3, 3, 0x40, 0], 16_384),
    (b"220-wait\r\n", 0),
    (&[0], 4096),
];

/// Stands between client and server.
fn alter(client: &TcpStream, server: SocketAddr, alteration: Alteration) {
    let Ok(upstream) = TcpStream::connect(server) else { return };
    let (mut from, mut to) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
    let up = thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
    // What the client no longer takes is of no importance.
    let _ = down(upstream, client, alteration);
    let _ = up.join();
}

fn down(
    mut server: TcpStream,
    mut client: &TcpStream,
    alteration: Alteration,
) -> std::io::Result<()> {
    match alteration {
        Alteration::Cut { at, end } => {
            std::io::copy(&mut server.take(u64::try_from(at).unwrap()), &mut client)?;
            match end {
                0 => client.shutdown(Shutdown::Write),
                // the end of what is read ends the connection, with what is not read
                1 => {
                    rustix::net::sockopt::set_socket_linger(client, Some(Duration::ZERO))?;
                    client.shutdown(Shutdown::Read)
                }
                _ => Ok(()),
            }
        }
        Alteration::Changed { mut lot } => {
            pieces(&mut server, client, 4096, |piece| lot.change(piece))
        }
        Alteration::Slow { at_once, pause } => {
            pieces(&mut server, client, at_once, |_| thread::sleep(pause))
        }
        Alteration::Endless { at, begin, length } => {
            std::io::copy(&mut server.take(u64::try_from(at).unwrap()), &mut client)?;
            let chunk = [begin, &vec![0x16; length]].concat();
            loop {
                client.write_all(&chunk)?;
            }
        }
    }
}

/// Passes on what comes, piece by piece, and then the end.
fn pieces(
    server: &mut TcpStream,
    mut client: &TcpStream,
    length: usize,
    mut change: impl FnMut(&mut Vec<u8>),
) -> std::io::Result<()> {
    let mut some = vec![0; length];
    loop {
        let count = server.read(&mut some)?;
        if count == 0 {
            return client.shutdown(Shutdown::Write);
        }
        let mut piece = some.iter().take(count).copied().collect();
        change(&mut piece);
        client.write_all(&piece)?;
    }
}

/// A generator of pseudo-random numbers (xorshift), so that a fault can be had again.
#[derive(Clone, Copy, Debug)]
struct Lot(u64);

impl Lot {
    fn draw(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        all.get(self.draw(all.len())).unwrap()
    }

    /// Changes a few of the bytes, cuts them off, or repeats their end.
    fn change(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.draw(3) {
            let at = self.draw(bytes.len());
            match self.draw(6) {
                0 => bytes.truncate(at),
                1 => bytes.extend_from_within(at..),
                2 => bytes.insert(at, u8::try_from(self.draw(256)).unwrap()),
                _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << self.draw(8)),
            }
        }
    }
}
