//! Peers that do not speak TLS, or speak it badly.

use handshake_probe::{Cause, Failure, Misbehaviour, Stage, probe};

use crate::server::{ACCEPT, request, scripted};

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
