//! Client certificates: asked for, demanded, and the alert that comes after the handshake.

use std::time::{Duration, Instant};

use handshake_probe::{Cause, probe};
use rustls::version::{TLS12, TLS13};

use crate::server::{ACCEPT, Kind, request, tls};

#[test]
fn a_demanded_client_certificate_gives_the_same_answer_every_time() {
    for _ in 0..50 {
        let (server, certificate) = tls(Kind { version: Some(&TLS13), demands_certificate: true });
        let observation = probe(&request(server.address), &ACCEPT);
        assert!(observation.client_certificate_requested);
        assert_eq!(observation.client_authorities.len(), 1);
        assert_eq!(observation.chain, [certificate]);
        let session = observation.outcome.unwrap();
        assert!(session.client_certificate_requested);
        assert_eq!(session.late_alert, Some("certificate_required"));
    }
}

#[test]
fn a_demanded_client_certificate_is_an_alert_before_tls13() {
    for _ in 0..50 {
        let (server, _) = tls(Kind { version: Some(&TLS12), demands_certificate: true });
        let observation = probe(&request(server.address), &ACCEPT);
        assert!(observation.client_certificate_requested);
        let cause = observation.outcome.unwrap_err().cause;
        // What rustls sends here is `certificate_required`, too.
        let Cause::AlertReceived { description, fatal } = cause else { panic!("{cause:?}") };
        assert_eq!((description, fatal), (116, true));
    }
}

#[test]
fn nothing_is_awaited_from_a_server_that_did_not_ask_for_a_certificate() {
    let (server, _) = tls(Kind { version: Some(&TLS13), ..Kind::default() });
    let mut request = request(server.address);
    request.timeouts.late_alert = Duration::from_secs(8);
    let start = Instant::now();
    let session = probe(&request, &ACCEPT).outcome.unwrap();
    assert!(start.elapsed() < Duration::from_secs(4));
    assert_eq!((session.late_alert, session.ended_by_peer), (None, false));
}
