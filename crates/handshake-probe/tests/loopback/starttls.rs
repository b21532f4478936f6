//! Dialogues that lead to TLS, and all the ways in which they do not.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use handshake_probe::{Cause, Failure, Stage, StartTls, StartTlsFault, probe};

use crate::server::{ACCEPT, Kind, Server, request, tls};

/// What a scripted server does: waits for these bytes, then says those.
type Step = (&'static [u8], &'static [u8]);

const LDAP: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
const POSTGRES: &[u8] = &[0, 0, 0, 8, 4, 210, 22, 47];
const STREAM: &[u8] = b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' to='Server.example.test' version='1.0'>";
const STREAM_OF_SERVERS: &[u8] = b"<?xml version='1.0'?><stream:stream xmlns='jabber:server' \
    xmlns:stream='http://etherx.jabber.org/streams' to='Server.example.test' version='1.0'>";
const GREETING: &[u8] = b"\x3a\0\0\0\x0a8.0.36\0\x01\0\0\0abcdefgh\0\xff\xff\x21\x02\0\xff\xdf\x15\
    \0\0\0\0\0\0\0\0\0\0abcdefghijkl\0native";

/// Plays the steps; what the client says instead of what was waited for ends the script.
fn play(client: &mut TcpStream, steps: &[Step]) {
    for (asked, answer) in steps {
        let mut bytes = vec![0; asked.len()];
        if client.read_exact(&mut bytes).is_err() {
            return;
        }
        assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(asked));
        client.write_all(answer).unwrap();
    }
}

fn fault(protocol: StartTls, steps: &'static [Step]) -> String {
    let server = Server::start(move |mut client| {
        play(&mut client, steps);
        let _ = client.shutdown(std::net::Shutdown::Write);
        let _ = client.read_to_end(&mut Vec::new());
    });
    let mut request = request(server.address);
    request.starttls = Some(protocol);
    let Failure { stage, cause } = probe(&request, &ACCEPT).outcome.unwrap_err();
    assert_eq!(stage, Stage::StartTls, "{cause}");
    if let Cause::StartTls(fault) = cause { fault.to_string() } else { cause.to_string() }
}

/// What leads to TLS, for each protocol.
const DIALOGUES: [(StartTls, &[Step]); 12] = [
    (
        StartTls::Smtp,
        &[
            (b"", b"220-mail.example.test\r\n220 ESMTP\r\n"),
            (b"EHLO [127.0.0.1]\r\n", b"250-mail\r\n250-SIZE 1\r\n250 starttls\r\n"),
            (b"STARTTLS\r\n", b"220 go\r\n"),
        ],
    ),
    (
        StartTls::Lmtp,
        &[
            (b"", b"220 LMTP\n"),
            (b"LHLO [127.0.0.1]\r\n", b"250-x\n250-STARTTLS\n250 8BITMIME\n"),
            (b"STARTTLS\r\n", b"220\n"),
        ],
    ),
    (
        StartTls::Imap,
        &[(b"", b"* OK [CAPABILITY IMAP4rev1] hi\r\n"), (b"a STARTTLS\r\n", b"* X\r\na OK go\r\n")],
    ),
    (StartTls::Pop3, &[(b"", b"+OK\r\n"), (b"STLS\r\n", b"+ok go\r\n")]),
    (StartTls::Ldap, &[(LDAP, b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00")]),
    // as Active Directory writes lengths, with the name of the operation behind
    (
        StartTls::Ldap,
        &[(
            LDAP,
            b"\x30\x84\0\0\0\x28\x02\x01\x01\x78\x84\0\0\0\x1f\x0a\x01\x00\x04\x00\x04\x00\x8a\x161.3.6.1.4.1.1466.20037",
        )],
    ),
    (StartTls::Ftp, &[(b"", b"220-a\r\n220 b\r\n"), (b"AUTH TLS\r\n", b"234 go\r\n")]),
    (StartTls::Postgres, &[(POSTGRES, b"S")]),
    (StartTls::Mysql, &[(b"", GREETING), (b"\x20\0\0\x01\x01\x8a\0\0\0\0\0\x01\x21", b"")]),
    (
        StartTls::Xmpp,
        &[
            (STREAM, b"<?xml version='1.0'?><stream:stream id='1'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"),
            (b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        ],
    ),
    (
        StartTls::Xmpp,
        &[
            (STREAM, b"<stream:stream><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"),
            (b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", b"<proceed xmlns='x'></proceed>"),
        ],
    ),
    (
        StartTls::XmppServer,
        &[
            (STREAM_OF_SERVERS, b"<stream:stream><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"),
            (b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", b"<proceed/>"),
        ],
    ),
];

#[test]
fn each_dialogue_leads_to_tls_in_one_piece_or_byte_by_byte() {
    for drips in [false, true] {
        for (protocol, steps) in DIALOGUES {
            let (tls, certificate) = tls(Kind::default());
            let front = Server::start(move |mut client| {
                for (asked, answer) in steps {
                    let mut bytes = vec![0; asked.len()];
                    client.read_exact(&mut bytes).unwrap();
                    assert_eq!(bytes, *asked, "{protocol:?}");
                    for part in answer.chunks(if drips { 1 } else { answer.len().max(1) }) {
                        client.write_all(part).unwrap();
                        std::thread::sleep(Duration::from_millis(u64::from(drips)));
                    }
                }
                if protocol == StartTls::Mysql {
                    client.read_exact(&mut [0; 23]).unwrap();
                }
                relay(client, TcpStream::connect(tls.address).unwrap());
            });
            let mut request = request(front.address);
            request.starttls = Some(protocol);
            request.poke.clear();
            let observation = probe(&request, &ACCEPT);
            assert!(observation.outcome.is_ok(), "{protocol:?}: {:?}", observation.outcome);
            assert_eq!(observation.chain, [certificate]);
            assert!(observation.timings.starttls.is_some());
            assert_eq!(observation.first_bytes.first(), Some(&22), "TLS alone is remembered");
        }
    }
}

fn relay(mut client: TcpStream, mut server: TcpStream) {
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let forward = std::thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
    let _ = std::io::copy(&mut server, &mut client);
    let _ = client.shutdown(std::net::Shutdown::Write);
    forward.join().unwrap();
}

/// What does not lead to TLS, and what is told of it.
const REFUSALS: [(StartTls, &[Step], &str); 24] = [
    (StartTls::Smtp, &[(b"", b"554 no\r\n")], "to greeting it answered \"554 no\""),
    (
        StartTls::Smtp,
        &[(b"", b"220 x\r\n"), (b"EHLO [127.0.0.1]\r\n", b"550-a\r\n550 b\r\n")],
        "to EHLO it answered \"550 a\\nb\"",
    ),
    (
        StartTls::Smtp,
        &[(b"", b"220 x\r\n"), (b"EHLO [127.0.0.1]\r\n", b"250-x\r\n250 SIZE\r\n")],
        "it offers no TLS, but \"250 x\\nSIZE\"",
    ),
    (
        StartTls::Smtp,
        &[
            (b"", b"220 x\r\n"),
            (b"EHLO [127.0.0.1]\r\n", b"250-x\r\n250 STARTTLS\r\n"),
            (b"STARTTLS\r\n", b"454 no key\r\n"),
        ],
        "to STARTTLS it answered \"454 no key\"",
    ),
    (StartTls::Smtp, &[(b"", b"220-a\r\n250 b\r\n")], "it speaks another protocol: \"250 b\""),
    (
        StartTls::Smtp,
        &[(b"", b"HTTP/1.1 400 Bad Request\r\n\r\n")],
        "it speaks another protocol: \"HTTP/1.1 400 Bad Request\"",
    ),
    (StartTls::Smtp, &[(b"", b"220 x")], "it speaks another protocol: \"220 x\""),
    (StartTls::Smtp, &[(b"", b"")], "the peer closed the connection"),
    (StartTls::Imap, &[(b"", b"* BYE full\r\n")], "to greeting it answered \"* BYE full\""),
    (
        StartTls::Imap,
        &[(b"", b"* OK x\r\n"), (b"a STARTTLS\r\n", b"a BAD what\r\n")],
        "to STARTTLS it answered \"a BAD what\"",
    ),
    (
        StartTls::Imap,
        &[(b"", b"* OK x\r\n"), (b"a STARTTLS\r\n", b"b OK\r\n")],
        "it speaks another protocol: \"b OK\"",
    ),
    (
        StartTls::Pop3,
        &[(b"", b"+OK\r\n"), (b"STLS\r\n", b"-ERR no\r\n")],
        "to STLS it answered \"-ERR no\"",
    ),
    (StartTls::Pop3, &[(b"", b"* OK\r\n")], "it speaks another protocol: \"* OK\""),
    (
        StartTls::Ftp,
        &[(b"", b"220 x\r\n"), (b"AUTH TLS\r\n", b"530 Please login\r\n")],
        "to AUTH TLS it answered \"530 Please login\"",
    ),
    (
        StartTls::Ldap,
        &[(LDAP, b"\x30\x0f\x02\x01\x01\x78\x0a\x0a\x01\x34\x04\x00\x04\x03bad")],
        "to StartTLS it answered \"unavailable (52) bad\"",
    ),
    (
        StartTls::Ldap,
        &[(LDAP, b"\x30\x0f\x02\x01\x00\x78\x0a\x0a\x01\x00\x04\x00\x04\x03bye")],
        "to StartTLS it answered \"result (0) bye\"",
    ),
    (
        StartTls::Ldap,
        &[(LDAP, b"\x30\x84\xff\xff\xff\xff")],
        "it speaks another protocol: \"0\u{fffd}\"",
    ),
    (
        StartTls::Ldap,
        &[(LDAP, b"\x15\x03\x03\x00\x02\x02\x46")],
        "it speaks TLS from the first byte",
    ),
    (
        StartTls::Postgres,
        &[(POSTGRES, b"N")],
        "it offers no TLS, but \"N: its setting ssl is off\"",
    ),
    (
        StartTls::Postgres,
        &[(POSTGRES, b"E\0\0\0\x10SFATAL\0Mno\0\0")],
        "to SSLRequest it answered \"no\"",
    ),
    (
        StartTls::Mysql,
        &[(b"", b"\x0f\0\0\0\xff\x6a\x04#HY000Host x")],
        "to greeting it answered \"Host x\"",
    ),
    (
        StartTls::Mysql,
        &[(b"", b"\xff\xff\xff\0\x0a")],
        "it speaks another protocol: \"\u{fffd}\u{fffd}\u{fffd}\\0\"",
    ),
    (
        StartTls::Xmpp,
        &[(STREAM, b"<stream:stream><stream:error><host-unknown/></stream:error></stream:stream>")],
        "to stream it answered \"<stream:error><host-unknown/></stream:error>\"",
    ),
    (
        StartTls::Xmpp,
        &[(STREAM, b"<stream:stream><stream:features/>")],
        "it offers no TLS, but \"<stream:features/>\"",
    ),
];

#[test]
fn a_refusal_is_told_in_the_servers_words() {
    for (protocol, steps, expected) in REFUSALS {
        assert_eq!(fault(protocol, steps), expected, "{protocol:?} {steps:?}");
    }
}

#[test]
fn bytes_behind_the_go_ahead_are_never_taken_for_what_comes_under_tls() {
    use StartTls::{Ftp, Imap, Ldap, Mysql, Pop3, Postgres, Smtp, Xmpp};
    let ehlo: &[u8] = b"250-x\r\n250 STARTTLS\r\n";
    let ehlo_and_more: &[u8] = b"250-x\r\n250 STARTTLS\r\n220 go\r\n";
    let cases: [(StartTls, Vec<Step>, usize); 9] = [
        (
            Smtp,
            vec![(b"", b"220 x\r\n"), (b"EHLO [127.0.0.1]\r\n", ehlo), (b"STARTTLS\r\n", b"220 go\r\n250 x\r\n")],
            7,
        ),
        (Smtp, vec![(b"", b"220 x\r\n"), (b"EHLO [127.0.0.1]\r\n", ehlo_and_more)], 8),
        (Imap, vec![(b"", b"* OK x\r\n"), (b"a STARTTLS\r\n", b"a OK go\r\n* X\r\n")], 5),
        (Pop3, vec![(b"", b"+OK\r\n"), (b"STLS\r\n", b"+OK\r\n+OK\r\n")], 5),
        (Ftp, vec![(b"", b"220 x\r\n"), (b"AUTH TLS\r\n", b"234 go\r\n331\r\n")], 5),
        (
            Ldap,
            vec![(LDAP, b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00\x30\x0c")],
            2,
        ),
        (Postgres, vec![(POSTGRES, b"SR\0\0")], 3),
        (Mysql, vec![(b"", b"\x3a\0\0\0\x0a8.0.36\0\x01\0\0\0abcdefgh\0\xff\xff\x21\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0abcdefghijkl\0native\0")], 1),
        (
            Xmpp,
            vec![
                (STREAM, b"<stream:stream><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"),
                (b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", b"<proceed/><x/>"),
            ],
            4,
        ),
    ];
    for (protocol, steps, bytes) in cases {
        let steps: &'static [Step] = steps.leak();
        let expected = StartTlsFault::Injected { bytes }.to_string();
        assert_eq!(fault(protocol, steps), expected, "{protocol:?} {steps:?}");
    }
}

#[test]
fn answers_without_an_end_and_silence_end_by_themselves() {
    for (first, endless) in [
        (&b""[..], &b"220-x\r\n"[..]),
        (b"", b"x"),
        (b"* OK x\r\n", b"* x\r\n"),
        (b"", b"<stream:stream>"),
        (b"\x30\x84\0\0\x40\0", b"\0"),
    ] {
        for protocol in [StartTls::Smtp, StartTls::Imap, StartTls::Xmpp, StartTls::Ldap] {
            let server = Server::start(move |mut client| {
                client.write_all(first).unwrap();
                let chunk = endless.repeat(1000);
                while client.write_all(&chunk).is_ok() {}
            });
            let mut request = request(server.address);
            request.starttls = Some(protocol);
            let began = Instant::now();
            let failure = probe(&request, &ACCEPT).outcome.unwrap_err();
            assert!(began.elapsed() < Duration::from_secs(5), "{protocol:?} {endless:?}");
            assert!(matches!(failure.cause, Cause::StartTls(_)), "{:?}", failure.cause);
        }
    }
    for (protocol, steps) in DIALOGUES {
        for length in 0..steps.len() {
            let server = Server::start(move |mut client| {
                play(&mut client, steps.get(..length).unwrap());
                let _ = client.read_to_end(&mut Vec::new());
            });
            let mut request = request(server.address);
            request.starttls = Some(protocol);
            request.timeouts.total = Some(Duration::from_millis(150));
            let began = Instant::now();
            let failure = probe(&request, &ACCEPT).outcome.unwrap_err();
            assert!(began.elapsed() < Duration::from_secs(2), "{protocol:?} after {length}");
            assert!(matches!(failure.cause, Cause::TimedOut), "{:?}", failure.cause);
        }
    }
}
