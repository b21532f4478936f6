//! Server bytes that are cut off, altered or drawn by lot: every probe ends, none panics.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use handshake_probe::{Cause, probe};
use rustls::version::{TLS12, TLS13};

use crate::server::{ACCEPT, Kind, Server, record_of, request, tls};

/// A generator of pseudo-random numbers (xorshift), so that a failure can be had again.
struct Lot(u64);

impl Lot {
    fn draw(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(below.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.draw(256)).unwrap()
    }
}

/// Alters some of the bytes, or cuts them off, or doubles a part.
fn mutate(bytes: &mut Vec<u8>, lot: &mut Lot) {
    for _ in 0..=lot.draw(3) {
        let at = lot.draw(bytes.len());
        match lot.draw(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, lot.byte()),
            2 => bytes.extend_from_within(at..),
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = lot.byte();
                }
            }
        }
    }
}

/// Passes everything on and alters the first answers of the server.
pub(crate) fn tamper(mut client: TcpStream, server: std::net::SocketAddr, seed: u64) {
    let mut lot = Lot(seed);
    let mut upstream = TcpStream::connect(server).unwrap();
    upstream.set_read_timeout(Some(Duration::from_millis(30))).unwrap();
    client.set_read_timeout(Some(Duration::from_millis(30))).unwrap();
    let mut bytes = vec![0; 8192];
    for _ in 0..4 {
        if let Ok(count) = client.read(&mut bytes) {
            let _ = upstream.write_all(bytes.get(..count).unwrap());
        }
        let Ok(count) = upstream.read(&mut bytes) else { break };
        let mut answer = bytes.get(..count).unwrap().to_vec();
        mutate(&mut answer, &mut lot);
        if client.write_all(&answer).is_err() {
            break;
        }
    }
}

#[test]
fn every_tampered_handshake_ends() {
    for seed in 1..300 {
        let version = if seed % 2 == 0 { &TLS12 } else { &TLS13 };
        let (server, _) = tls(Kind { version: Some(version), ..Kind::default() });
        let between =
            Server::start(move |client| tamper(client, server.address, seed * 0x9e37_79b9));
        let mut request = request(between.address);
        request.timeouts.total = Some(Duration::from_secs(2));
        request.timeouts.late_alert = Duration::from_millis(50);
        let start = Instant::now();
        let observation = probe(&request, &ACCEPT);
        assert!(start.elapsed() < Duration::from_secs(4), "seed {seed}");
        assert!(observation.first_bytes.len() <= 64);
    }
}

#[test]
fn every_nonsense_ends() {
    for seed in 1..300_u64 {
        let mut lot = Lot(seed * 0x1234_5677);
        let mut bytes = Vec::new();
        for _ in 0..lot.draw(20) {
            let body: Vec<u8> = (0..lot.draw(200)).map(|_| lot.byte()).collect();
            let content_type = [20, 21, 22, 22, 22, 23][lot.draw(6)];
            bytes.extend(record_of(content_type, &body));
        }
        let server = Server::start(move |mut socket| {
            let _ = socket.read(&mut [0; 4096]);
            let _ = socket.write_all(&bytes);
        });
        let failure = probe(&request(server.address), &ACCEPT).outcome.unwrap_err();
        assert!(!matches!(failure.cause, Cause::TimedOut), "seed {seed}");
    }
}

#[test]
fn an_endless_server_is_left_at_the_deadline() {
    for record in [record_of(22, b""), record_of(21, &[1, 90]), record_of(22, &[4; 16_000])] {
        let server = Server::start(move |mut socket| while socket.write_all(&record).is_ok() {});
        let mut request = request(server.address);
        request.timeouts.total = Some(Duration::from_millis(300));
        let start = Instant::now();
        assert!(probe(&request, &ACCEPT).outcome.is_err());
        assert!(start.elapsed() < Duration::from_secs(2));
    }
}
