//! Any bytes as the answers of a proxy: an end, and not a byte taken that is the endpoint's.

#![no_main]

use handshake_probe::fuzzing::tunnel;
use handshake_probe::{HttpConnect, Names, Route, Secret, Socks, SocksVersion};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [kind, at_once, answers @ ..] = input else { return };
    let (host, port) = ("proxy.example.com".to_owned(), 1080);
    let socks = |version, names| {
        let user = b"jira".to_vec();
        let (host, password) = (host.clone(), Secret::new(b"secret".to_vec()));
        Route::Socks(Socks { host, port, version, names, user, password })
    };
    let route = match kind % 5 {
        0 => socks(SocksVersion::V4, Names::Here),
        1 => socks(SocksVersion::V4, Names::AtProxy),
        2 => socks(SocksVersion::V5, Names::Here),
        3 => socks(SocksVersion::V5, Names::AtProxy),
        _ => Route::HttpConnect(HttpConnect { host: host.clone(), port, headers: Vec::new() }),
    };
    let name = (kind & 0x80 != 0).then_some("jira.example.com");
    let some = tunnel(&route, name, answers, usize::from(*at_once));
    assert!(some.asked < 1024);
    assert!(some.fault.as_ref().is_none_or(|fault| fault.len() < 4096));
    // what is read does not depend on how it comes
    assert_eq!(some, tunnel(&route, name, answers, usize::MAX));
    // and nothing behind the answer is
    let more = [answers, b"\x16\x03\x03".as_slice()].concat();
    if some.fault.is_none() && !answers.contains(&0xfe) {
        assert_eq!(tunnel(&route, name, &more, usize::MAX).unread, some.unread + 3);
    }
});
