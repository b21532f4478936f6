//! S05, S21, S22 and S29: what is wrong with the certificates that come.

use std::fs;

use super::{examined, finding, first, screen};
use crate::route::proxy_to;
use crate::stage::{GOOD, Server, Stage, http, sslpoke, stderr, stdout};

/// A whole answer of HTTP with this body.
fn answer(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn s05_a_missing_intermediate_is_named_and_with_aia_proven() {
    let stage = Stage::new();
    let issuer_port = Some(http(answer(&stage.issuing())));
    let server = Server { sends_issuing: false, issuer_port, ..GOOD };
    let (port, store) = (stage.serve(server), stage.store());
    let before = fs::read(&store).unwrap();
    let base = ["--java", "17", "--truststore", &store];
    let (report, exit) = examined(&base, &port);
    assert_eq!((exit, first(&report)), (Some(1), "issuer-missing"), "{report:#}");
    let told = finding(&report, "issuer-missing");
    for said in ["the server sent 1 certificate", "CN=Stage Issuing CA", "/issuer.der", "--aia"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let (report, exit) = examined(&[&base[..], &["--aia"]].concat(), &port);
    assert_eq!((exit, first(&report)), (Some(1), "intermediate-missing"), "{report:#}");
    let told = finding(&report, "intermediate-missing");
    for said in
        ["CN=Stage Issuing CA", "with it Java accepts the chain", &store, "allowedAIALocations"]
    {
        assert!(told.contains(said), "{said}: {told}");
    }
    let letter = report["letter"].as_str().unwrap();
    assert!(letter.contains("CN=Stage Leaf") && letter.contains("openssl s_client"), "{letter}");
    let (text, exit) = screen(&[&base[..], &["--aia", "--fix", "--yes"]].concat(), &port);
    assert_eq!(exit, Some(1), "nothing is to be added here: {text}");
    assert!(text.starts_with("✗ Java 17.0.15 refuses localhost:"), "{text}");
    assert!(text.contains("PKIX path building failed"), "{text}");
    assert_eq!(fs::read(&store).unwrap(), before);
}

#[test]
fn what_is_no_certificate_at_the_issuer_s_place_is_told_and_harms_nothing() {
    let stage = Stage::new();
    let long = [b"HTTP/1.0 200 OK\r\n\r\n".to_vec(), vec![b'x'; 2 << 20]].concat();
    for (body, said) in [
        (b"HTTP/1.1 404 Not Found\r\n\r\n".to_vec(), "404 Not Found"),
        (b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/\r\n\r\n".to_vec(), "no http URL"),
        (b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n".to_vec(), "no http URL"),
        (b"SSH-2.0-x\r\n\r\n".to_vec(), "no plain HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx".to_vec(), "longer than"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx".to_vec(), "ended too early"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec(),
            "no plain HTTP",
        ),
        (answer(b"<html>log in</html>"), "HTML"),
        (long, "longer than"),
    ] {
        let issuer_port = Some(http(body));
        let port = stage.serve(Server { sends_issuing: false, issuer_port, ..GOOD });
        let store = stage.store();
        let words = ["--java", "17", "--truststore", &store, "--aia"];
        let (report, exit) = examined(&words, &port);
        assert_eq!(exit, Some(1), "{said}");
        let told = finding(&report, "intermediate-not-fetched");
        assert!(told.contains(said), "{said}: {told}");
        assert_eq!(first(&report), "issuer-missing", "{said}: {report:#}");
    }
}

#[test]
fn s21_a_proxy_that_opens_tls_is_told_from_a_private_root() {
    let (stage, zscaler) = (Stage::new(), Stage::named("Zscaler"));
    let (server, store) = (stage.serve(GOOD), stage.store());
    let proxy = format!("http://127.0.0.1:{}", proxy_to(zscaler.serve(GOOD)));
    let before = fs::read(&store).unwrap();
    let root = zscaler.path("root.pem");
    let base = ["--java", "17", "--truststore", &store, "--proxy", &proxy];
    let (report, exit) = examined(&base, &server);
    assert_eq!(exit, Some(1), "{report:#}");
    let told = finding(&report, "tls-inspection");
    assert!(
        told.contains("CN=Zscaler Issuing CA") && told.contains("CN=Stage Issuing CA"),
        "{told}"
    );
    let told = finding(&report, "tls-inspection-suspected");
    assert!(told.contains("replaces the certificate") && told.contains("Zscaler"), "{told}");
    // its root is in the folder that was named, and is not added all the same
    let fix = [&base[..], &["--candidates", &root, "--fix", "--yes"]].concat();
    let (report, exit) = examined(&fix, &server);
    assert_eq!((exit, &report["fix"]["outcome"]), (Some(5), &"refused".into()), "{report:#}");
    let why = report["fix"]["why"].as_str().unwrap();
    assert!(why.contains(&zscaler.root_sha256()), "{why}");
    assert_eq!(fs::read(&store).unwrap(), before);
    // a private root is no sign of anything
    let (report, _) = examined(&["--java", "17", "--truststore", &zscaler.store()], &server);
    let findings = report["findings"].as_array().unwrap();
    let is_inspection =
        |held: &serde_json::Value| held["code"].as_str().unwrap().starts_with("tls-inspection");
    assert!(!findings.iter().any(is_inspection), "{report:#}");
    assert_eq!(first(&report), "root-not-trusted", "{report:#}");
}

#[test]
fn s22_a_wrong_name_is_told_with_the_nearest_one() {
    let stage = Stage::new();
    let names = &["git.example.com", "localhosts"];
    let (port, store) = (stage.serve(Server { names, ..GOOD }), stage.store());
    let base = ["--java", "17", "--truststore", &store];
    let (report, exit) = examined(&base, &port);
    assert_eq!((exit, first(&report)), (Some(1), "host-name-mismatch"), "{report:#}");
    let told = finding(&report, "host-name-mismatch");
    assert!(told.contains("the nearest of its 2 names is localhosts"), "{told}");
    assert!(told.contains("git.example.com"), "{told}");
    assert!(report["exception"][0]["message"].as_str().unwrap().contains("localhost found"));
    let (report, exit) = examined(&[&base[..], &["--hostname-check", "none"]].concat(), &port);
    assert_eq!((exit, report["result"].as_str()), (Some(0), Some("connected")));
    // as the first SSLPoke did, and with a word about it
    let property = format!("-Djavax.net.ssl.trustStore={store}");
    let classic = ["--java", "17", &property, "--hostname-check", "none"];
    let output = sslpoke(&[&classic[..], &["SSLPoke", "localhost", &port]].concat());
    assert_eq!(
        (stdout(&output).as_str(), output.status.code()),
        ("Successfully connected\n", Some(0))
    );
    let said = stderr(&output);
    assert!(said.starts_with("sslpoke: the name was not checked"), "{said}");
    assert!(said.contains("No subject alternative DNS name matching localhost found"), "{said}");
    let right = stage.serve(GOOD);
    let output = sslpoke(&[&classic[..], &["SSLPoke", "localhost", &right]].concat());
    assert_eq!(stderr(&output), "");
}

#[test]
fn s29_an_expired_certificate_is_told_and_a_wrong_clock_from_it() {
    let stage = Stage::new();
    let (port, store) = (stage.serve(Server { last_year: 2024, ..GOOD }), stage.store());
    let base = ["--java", "17", "--truststore", &store];
    let (report, exit) = examined(&base, &port);
    assert_eq!((exit, first(&report)), (Some(1), "certificate-expired"), "{report:#}");
    let told = finding(&report, "certificate-expired");
    assert!(told.contains("CN=Stage Leaf expired") && told.contains("2024-01-01"), "{told}");
    let words = report["exception"].as_array().unwrap().last().unwrap();
    assert!(words["message"].as_str().unwrap().starts_with("NotAfter: Mon Jan 01 00:00:00"));
    let good = stage.serve(GOOD);
    let early = [&base[..], &["--at", "2019-06-01T00:00:00Z"]].concat();
    let (report, exit) = examined(&early, &good);
    assert_eq!((exit, first(&report)), (Some(1), "certificate-not-yet-valid"), "{report:#}");
    if rustls_native_certs::load_native_certs().certs.len() < 20 {
        eprintln!("skipped: this system trusts nobody");
        return;
    }
    let late = [&base[..], &["--at", "2090-01-01T00:00:00Z"]].concat();
    let (report, exit) = examined(&late, &good);
    assert_eq!((exit, first(&report)), (Some(1), "clock-wrong"), "{report:#}");
}

#[test]
fn what_a_peer_says_becomes_no_markup_and_steers_no_terminal() {
    let name = "<script>alert(1)</script>|`x`\u{1b}[31m @all \u{202e}";
    let stage = Stage::named(name);
    let other = Stage::new();
    let (port, store) = (stage.serve(GOOD), other.store());
    let words = ["doctor", "--java", "17", "--truststore", &store, "localhost", &port];
    for format in ["text", "md"] {
        let text = stdout(&sslpoke(&[&words[..], &["--format", format]].concat()));
        assert!(text.contains("script"), "{format}: {text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{format}: {text}");
        let outside: String = text
            .split("\n```")
            .enumerate()
            .filter_map(|(number, part)| (number % 2 == 0).then_some(part))
            .collect();
        if format == "md" {
            assert!(outside.contains("\\<script\\>"), "{text}");
            assert!(!outside.contains("<script>"), "{text}");
            assert!(!outside.contains("@all"), "{text}");
        }
    }
}
