//! Any bytes as the answers of a server that is asked to begin TLS: an end, and nothing swallowed behind a go-ahead.

#![no_main]

use handshake_probe::StartTls;
use handshake_probe::fuzzing::starttls;
use libfuzzer_sys::fuzz_target;

const PROTOCOLS: [StartTls; 10] = [
    StartTls::Smtp,
    StartTls::Lmtp,
    StartTls::Imap,
    StartTls::Pop3,
    StartTls::Ldap,
    StartTls::Ftp,
    StartTls::Postgres,
    StartTls::Mysql,
    StartTls::Xmpp,
    StartTls::XmppServer,
];

fuzz_target!(|input: &[u8]| {
    let [protocol, at_once, answers @ ..] = input else { return };
    let protocol = PROTOCOLS[usize::from(*protocol) % PROTOCOLS.len()];
    let all = starttls(protocol, "jira.example.com", answers, usize::MAX);
    let some = starttls(protocol, "jira.example.com", answers, usize::from(*at_once));
    for held in [&all, &some] {
        // a name, a few commands, and an error that can be read
        assert!(held.asked < 1024, "{protocol:?} was asked {} bytes", held.asked);
        assert!(held.fault.as_ref().is_none_or(|fault| fault.len() < 4096));
    }
    if all.fault.is_none() {
        // what came along with the go-ahead had been an error; one read takes 1 KiB
        assert!(all.unread == 0 || answers.len() > 1024, "{protocol:?}: {} unread", all.unread);
    }
});
