//! The deadline holds at every stage, whatever the peer does or leaves undone.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use handshake_probe::{Cause, Operation, ProbeRequest, Stage, probe};
use rustls::version::TLS13;

use crate::server::{ACCEPT, Kind, Server, record_of, request, tls};

const LIMIT: Duration = Duration::from_millis(300);

/// Probes with a short deadline; returns the stage and the cause, both within twice the time.
fn within_limit(mut request: ProbeRequest) -> (Stage, Cause) {
    request.timeouts.total = Some(LIMIT);
    let start = Instant::now();
    let observation = probe(&request, &ACCEPT);
    let took = start.elapsed();
    assert!(took < LIMIT * 3, "took {took:?}");
    let failure = observation.outcome.unwrap_err();
    (failure.stage, failure.cause)
}

/// Holds the connection until the client goes.
fn wait(mut socket: std::net::TcpStream) {
    let _ = socket.read_to_end(&mut Vec::new());
}

#[test]
fn a_silent_server_ends_with_the_deadline() {
    for answer in [&[][..], b"\x16", b"\x16\x03\x03\x02\x00\x02\x00"] {
        let server = Server::start(move |mut socket| {
            socket.write_all(answer).unwrap();
            wait(socket);
        });
        let (stage, cause) = within_limit(request(server.address));
        assert_eq!(stage, Stage::Hello);
        assert!(matches!(cause, Cause::TimedOut), "{cause:?}");
        server.saw();
    }
}

#[test]
fn a_server_that_falls_silent_later_ends_with_the_deadline() {
    let (server, _) = tls(Kind { version: Some(&TLS13), ..Kind::default() });
    let half = Server::start(move |client| relay_some(client, server.address, 300));
    let (stage, cause) = within_limit(request(half.address));
    assert!(stage >= Stage::Certificate);
    assert!(matches!(cause, Cause::TimedOut), "{cause:?}");
}

/// Passes the client's bytes on, and the first `limit` bytes of the answer back.
fn relay_some(mut client: std::net::TcpStream, server: SocketAddr, limit: usize) {
    let mut upstream = std::net::TcpStream::connect(server).unwrap();
    let mut bytes = vec![0; 8192];
    let count = client.read(&mut bytes).unwrap();
    upstream.write_all(bytes.get(..count).unwrap()).unwrap();
    let mut answer = vec![0; limit];
    upstream.read_exact(&mut answer).unwrap();
    client.write_all(&answer).unwrap();
    wait(client);
}

#[test]
fn a_slow_drip_ends_with_the_deadline() {
    let server = Server::start(|mut socket| {
        let record = record_of(22, &[2; 2000]);
        for byte in record {
            std::thread::sleep(Duration::from_millis(20));
            if socket.write_all(&[byte]).is_err() {
                break;
            }
        }
    });
    let (_, cause) = within_limit(request(server.address));
    assert!(matches!(cause, Cause::TimedOut), "{cause:?}");
}

#[test]
fn a_connection_that_nobody_accepts_ends_with_the_deadline() {
    // A listener with a full queue answers no more.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(socket) = std::net::TcpStream::connect_timeout(&address, LIMIT) {
        queue.push(socket);
        assert!(queue.len() < 5000, "the queue has no end");
    }
    let (stage, cause) = within_limit(request(address));
    assert_eq!(stage, Stage::Connect);
    assert!(matches!(cause, Cause::TimedOut), "{cause:?}");
}

#[test]
fn a_closed_port_is_refused() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let failure = probe(&request(address), &ACCEPT).outcome.unwrap_err();
    assert_eq!(failure.stage, Stage::Connect);
    let Cause::Io { operation, error } = failure.cause else { panic!("{:?}", failure.cause) };
    assert_eq!(operation, Operation::Connect);
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[test]
fn only_the_first_address_is_tried() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let good = listener.local_addr().unwrap();
    let closed = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), good.port()));
    let mut request = request(good);
    request.resolved = Some(vec![closed, good]);
    let observation = probe(&request, &ACCEPT);
    assert_eq!(observation.addresses, [closed, good]);
    assert_eq!(observation.peer, None);
    assert_eq!(observation.outcome.unwrap_err().stage, Stage::Connect);
}

#[test]
fn an_unknown_host_is_told_at_once() {
    for host in ["no-such-host.invalid", "[::zz]", "a b"] {
        let mut request = request(SocketAddr::from(([127, 0, 0, 1], 1)));
        request.host = host.to_owned();
        let failure = probe(&request, &ACCEPT).outcome.unwrap_err();
        assert_eq!(failure.stage, Stage::Resolve);
        assert!(matches!(failure.cause, Cause::UnknownHost), "{host}: {:?}", failure.cause);
    }
}
