//! The deadline holds at every stage, whatever the peer does or leaves undone.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use handshake_probe::{
    Cause, Engine, HttpConnect, Names, Operation, ProbeRequest, ProtocolVersion, Route, Secret,
    Socks, SocksVersion, Stage, probe,
};
use rustls::version::{TLS12, TLS13};

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
fn wait(mut socket: TcpStream) {
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
fn a_server_that_falls_silent_anywhere_ends_with_the_deadline_under_both_engines() {
    use ProtocolVersion::{Tls12, Tls13};
    // Without TLS 1.3 the classic engine says hello, and goes on where the peer wants TLS 1.2. Before TLS 1.3 the server's first flight is one record here.
    let in_two = [Stage::Hello, Stage::Finished];
    for (version, offered, engine, stages) in [
        (&TLS13, &[Tls13, Tls12][..], Engine::Rustls, [Stage::Hello, Stage::Certificate]),
        (&TLS12, &[Tls13, Tls12], Engine::Classic, in_two),
        (&TLS12, &[Tls12], Engine::Classic, in_two),
    ] {
        let silent_after = |limit| {
            let (server, _) = tls(Kind { version: Some(version), ..Kind::default() });
            let between = Server::start(move |client| pass_some(&client, server.address, limit));
            let mut request = request(between.address);
            request.offer.versions = offered.to_vec();
            request.timeouts.total = Some(LIMIT);
            let start = Instant::now();
            let observation = probe(&request, &ACCEPT);
            assert!(start.elapsed() < LIMIT * 4, "took {:?}", start.elapsed());
            // it hands over when the peer has chosen
            assert!(observation.engine == engine || observation.server_hello.is_none());
            observation.outcome
        };
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let probe = |limit| scope.spawn(move || silent_after(limit));
            let probes: Vec<_> = (0..1500).step_by(50).map(probe).collect();
            probes.into_iter().map(|probe| probe.join().unwrap()).collect()
        });
        assert!(outcomes.last().unwrap().is_ok(), "{engine:?}: silent after the handshake");
        let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
        assert!(failures.iter().all(|it| matches!(it.cause, Cause::TimedOut)), "{failures:?}");
        let mut seen: Vec<_> = failures.iter().map(|failure| failure.stage).collect();
        seen.dedup();
        assert_eq!(seen, stages, "{engine:?}");
    }
}

/// Passes everything on, and of the answers the first `limit` bytes.
fn pass_some(client: &TcpStream, server: SocketAddr, limit: usize) {
    let upstream = TcpStream::connect(server).unwrap();
    let (mut from, mut to) = (client.try_clone().unwrap(), upstream.try_clone().unwrap());
    let forward = std::thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
    let _ = std::io::copy(&mut upstream.take(u64::try_from(limit).unwrap()), &mut { client });
    forward.join().unwrap();
}

#[test]
fn a_proxy_that_falls_silent_ends_with_the_deadline() {
    let socks = |version| {
        Route::Socks(Socks {
            host: "127.0.0.1".to_owned(),
            port: 0,
            version,
            names: Names::Here,
            user: b"admin".to_vec(),
            password: Secret::default(),
        })
    };
    let http = || {
        let (host, port) = ("127.0.0.1".to_owned(), 0);
        Route::HttpConnect(HttpConnect { host, port, headers: Vec::new() })
    };
    let cases: [(Route, &[u8]); 8] = [
        (socks(SocksVersion::V4), b""),
        (socks(SocksVersion::V4), &[0, 90, 0]),
        (socks(SocksVersion::V5), b""),
        (socks(SocksVersion::V5), &[5]),
        (socks(SocksVersion::V5), &[5, 0]),
        (socks(SocksVersion::V5), &[5, 2, 1, 0, 5, 0, 0]),
        (http(), b""),
        (http(), b"HTTP/1.1 200 OK\r\nVia: x\r\n"),
    ];
    for (mut route, answer) in cases {
        let proxy = Server::start(move |mut socket| {
            socket.write_all(answer).unwrap();
            wait(socket);
        });
        let mut request = request(SocketAddr::from(([127, 0, 0, 1], 443)));
        if let Route::Socks(Socks { port, .. }) | Route::HttpConnect(HttpConnect { port, .. }) =
            &mut route
        {
            *port = proxy.address.port();
        }
        request.route = route;
        let (stage, cause) = within_limit(request);
        assert_eq!(stage, Stage::Tunnel, "{answer:?}");
        assert!(matches!(cause, Cause::TimedOut), "{answer:?}: {cause:?}");
    }
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
    while let Ok(socket) = TcpStream::connect_timeout(&address, LIMIT) {
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
