//! Peers that are asked again: what they answer must not depend on how hastily or roughly they were asked.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use handshake_probe::{Cause, Offer, Operation, ProbeRequest, Stage, probe};

use crate::server::{ACCEPT, record_of, request};

/// Starts a server that serves connection after connection for as long as the test runs.
fn serve(connection: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || listener.incoming().for_each(|socket| connection(socket.unwrap())));
    address
}

/// An offer whose hello rustls can only nearly send.
fn with_certificate_schemes(address: SocketAddr) -> ProbeRequest {
    let request = request(address);
    let offer =
        Offer { certificate_signature_schemes: vec![0x0403, 0x0201], ..request.offer.clone() };
    ProbeRequest { offer, ..request }
}

#[test]
fn a_reset_before_the_hello_is_told_from_one_after_it() {
    let before = serve(|socket| {
        rustix::net::sockopt::set_socket_linger(&socket, Some(Duration::ZERO)).unwrap();
    });
    // What is left unread makes the system send RST, too.
    let after = serve(|mut socket| {
        let _hello_without_its_end = socket.read(&mut [0]);
    });
    for (address, expected) in [(before, Operation::Write), (after, Operation::Read)] {
        for _ in 0..10 {
            let failure = probe(&request(address), &ACCEPT).outcome.unwrap_err();
            let Cause::Io { operation, .. } = failure.cause else { panic!("{:?}", failure.cause) };
            assert_eq!((failure.stage, operation), (Stage::Hello, expected));
        }
    }
}

#[test]
fn the_exact_hello_has_the_last_word_about_a_refusal() {
    let address = serve(|mut socket| {
        let mut hello = vec![0; 4096];
        let count = socket.read(&mut hello).unwrap();
        hello.truncate(count);
        let is_exact = hello.windows(8).any(|some| some == [0, 50, 0, 6, 0, 4, 4, 3]);
        let description = if is_exact { 71 } else { 40 };
        socket.write_all(&record_of(21, &[2, description])).unwrap();
        let _ = socket.read(&mut hello);
    });
    for (request, expected) in [(request(address), 40), (with_certificate_schemes(address), 71)] {
        let cause = probe(&request, &ACCEPT).outcome.unwrap_err().cause;
        let Cause::AlertReceived { description, .. } = cause else { panic!("{cause:?}") };
        assert_eq!(description, expected);
    }
}

#[test]
fn a_peer_that_answers_only_once_has_answered() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let served = thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 4096]);
        socket.write_all(&record_of(21, &[2, 40])).unwrap();
    });
    let observation = probe(&with_certificate_schemes(address), &ACCEPT);
    served.join().unwrap();
    assert!(!observation.first_bytes.is_empty());
    let cause = observation.outcome.unwrap_err().cause;
    assert!(matches!(cause, Cause::AlertReceived { description: 40, fatal: true }), "{cause:?}");
}
