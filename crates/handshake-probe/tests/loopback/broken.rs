//! Peers that do not speak TLS, or speak it badly.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};

use handshake_probe::{
    Cause, Decision, Failure, Judge, Misbehaviour, Operation, PeerCertificates, Stage, probe,
};
use rustls::version::{TLS12, TLS13};

use crate::server::{ACCEPT, Kind, Server, record_of, request, scripted, tls};

fn failure(before: &'static [u8], after: &[u8]) -> Failure {
    let server = scripted(before, after.to_vec());
    let observation = probe(&request(server.address), &ACCEPT);
    let expected: Vec<u8> = before.iter().chain(after).copied().take(64).collect();
    assert_eq!(observation.first_bytes, expected);
    observation.outcome.unwrap_err()
}

#[test]
fn a_greeting_is_not_tls() {
    for greeting in [b"SSH-2.0-OpenSSH_9.2\r\n".as_slice(), b"220 mail ESMTP\r\n", &[0; 64]] {
        let failure = failure(greeting, b"");
        assert!(matches!(failure.cause, Cause::NotTls), "{:?}", failure.cause);
        assert_eq!(failure.stage, Stage::Hello);
    }
    assert!(matches!(failure(b"", b"HTTP/1.1 400 Bad Request\r\n\r\n").cause, Cause::NotTls));
    assert!(matches!(failure(b"", b"\x80\x2e\x04\x00\x01\x00\x02").cause, Cause::Ssl2));
}

#[test]
fn fewer_than_five_bytes_are_a_closed_connection() {
    for bytes in [b"".as_slice(), b"HTTP", b"\x16\x03"] {
        assert!(matches!(failure(b"", bytes).cause, Cause::Closed));
    }
}

#[test]
fn an_alert_is_reported_with_its_level() {
    for (level, description, fatal) in [(2, 40, true), (1, 112, false), (3, 40, true)] {
        let cause = failure(b"", &[21, 3, 3, 0, 2, level, description]).cause;
        let Cause::AlertReceived { description: seen, fatal: was_fatal } = cause else {
            panic!("{cause:?}");
        };
        assert_eq!((seen, was_fatal), (description, fatal));
    }
    let cause = failure(b"", &[21, 3, 3, 0, 1, 2]).cause;
    assert!(matches!(cause, Cause::Misbehaved(Misbehaviour::ShortAlert)));
}

#[test]
fn a_reset_is_told_with_what_was_being_done() {
    // What is left unread makes the system send RST.
    let server = Server::start(|socket| socket.peek(&mut [0]).unwrap());
    let failure = probe(&request(server.address), &ACCEPT).outcome.unwrap_err();
    assert_eq!(failure.stage, Stage::Hello);
    let Cause::Io { operation, error } = failure.cause else { panic!("{:?}", failure.cause) };
    assert_eq!(operation, Operation::Read);
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn an_end_is_told_at_every_point() {
    for version in [&TLS12, &TLS13] {
        for limit in [0, 3, 5, 50, 130, 300] {
            let (server, _) = tls(Kind { version: Some(version), ..Kind::default() });
            let cut = Server::start(move |client| pass(client, server.address, limit));
            let observation = probe(&request(cut.address), &ACCEPT);
            let failure = observation.outcome.unwrap_err();
            assert!(matches!(failure.cause, Cause::Closed), "{limit}: {:?}", failure.cause);
            assert_eq!(observation.received, u64::try_from(limit).unwrap());
            if limit <= 50 {
                assert_eq!(failure.stage, Stage::Hello);
            }
        }
    }
}

/// Passes the client's first bytes on, and that many bytes of the answer back.
fn pass(mut client: TcpStream, server: SocketAddr, limit: usize) {
    let mut upstream = TcpStream::connect(server).unwrap();
    let mut bytes = vec![0; 8192];
    let count = client.read(&mut bytes).unwrap();
    upstream.write_all(bytes.get(..count).unwrap()).unwrap();
    let mut answer = vec![0; limit];
    upstream.read_exact(&mut answer).unwrap();
    client.write_all(&answer).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let _ = client.read_to_end(&mut bytes);
}

/// A judge that accepts, and bears an oddity or not.
struct Bears {
    bears: bool,
    oddity: Misbehaviour,
}

impl Judge for Bears {
    fn judge(&self, _peer: &PeerCertificates<'_>) -> Decision {
        Decision::Accept
    }

    fn bears(&self, oddity: Misbehaviour) -> bool {
        assert_eq!(oddity, self.oddity);
        self.bears
    }
}

#[test]
fn an_oddity_is_borne_only_if_the_judge_bears_it() {
    // ServerHello of TLS 1.2 with renegotiation_info twice.
    let mut hello = vec![2, 0, 0, 50, 3, 3];
    hello.extend([0x11; 32]);
    hello.extend([0, 0xc0, 0x2f, 0, 0, 10, 0xff, 1, 0, 1, 0, 0xff, 1, 0, 1, 0]);
    for (oddity, record) in [
        (Misbehaviour::EmptyRecord(22), record_of(22, b"")),
        (Misbehaviour::DuplicateExtension(0xff01), record_of(22, &hello)),
    ] {
        for bears in [true, false] {
            let server = scripted(b"", record.clone());
            let judge = Bears { bears, oddity };
            let cause = probe(&request(server.address), &judge).outcome.unwrap_err().cause;
            let expected = if bears {
                "the peer closed the connection".to_owned()
            } else {
                format!("the peer broke the protocol: {oddity:?}")
            };
            assert_eq!(cause.to_string(), expected);
        }
    }
}
