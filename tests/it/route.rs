//! Proxies and dialogues as the program sees and tells them; real servers are in `tests/servers`.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

use serde_json::Value;

use crate::stage::{GOOD, Stage, closed_port, scripted, sslpoke, stderr, stdout};

/// Starts an HTTP proxy that leads every `CONNECT` to a port of loopback; returns its own.
pub(crate) fn proxy_to(port: String) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let own = listener.local_addr().unwrap().port().to_string();
    thread::spawn(move || {
        for client in listener.incoming() {
            let (mut client, port) = (client.unwrap(), port.parse::<u16>().unwrap());
            thread::spawn(move || {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    client.read_exact(&mut byte).unwrap();
                    head.extend(byte);
                }
                assert!(head.starts_with(b"CONNECT localhost:"));
                client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
                join(client, TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap());
            });
        }
    });
    own
}

fn join(mut client: TcpStream, mut server: TcpStream) {
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
    let _ = std::io::copy(&mut server, &mut client);
    let _ = client.shutdown(std::net::Shutdown::Write);
}

fn told(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn finding<'r>(report: &'r Value, code: &str) -> Option<&'r Value> {
    let findings = report.pointer("/findings").and_then(Value::as_array).unwrap();
    findings.iter().find(|held| held.pointer("/code").is_some_and(|held| held == code))
}

#[test]
fn a_proxy_that_inspects_tls_is_told_by_its_issuer() {
    let (stage, inspecting) = (Stage::new(), Stage::named("Inspecting Proxy"));
    let (server, store) = (stage.serve(GOOD), stage.store());
    let proxy = proxy_to(inspecting.serve(GOOD));
    let port = format!("-Dhttps.proxyPort={proxy}");
    let properties = ["-Dhttps.proxyHost=127.0.0.1", &port, "-Dhttp.nonProxyHosts="];
    let store = ["--java", "17", "--format", "json", "--truststore", &store];
    // as Jira would: through the proxy, whose root is not in the store
    let words = [&["poke"], &store[..], &properties, &["localhost", &server]].concat();
    let report = told(&sslpoke(&words));
    assert_eq!(report["result"], "refused", "{report:#}");
    assert_eq!(report["connection"]["proxy"], format!("http://127.0.0.1:{proxy}"));
    assert_eq!(report["compared"]["connected"], true, "{report:#}");
    assert!(report["compared"]["proxy"].is_null(), "{report:#}");
    let what = finding(&report, "tls-inspection").unwrap()["what"].as_str().unwrap();
    assert!(what.contains("CN=Inspecting Proxy Issuing CA, straight"), "{what}");
    // as SSLPoke does: straight to the host, and the diagnosis says what Jira would see
    let words = [&store[..], &properties, &["SSLPoke", "localhost", &server]].concat();
    let report = told(&sslpoke(&words));
    assert_eq!(report["result"], "connected", "{report:#}");
    assert_eq!(report["compared"]["connected"], false, "{report:#}");
    assert!(finding(&report, "proxy-ignored").is_some(), "{report:#}");
    assert!(finding(&report, "tls-inspection").is_some(), "{report:#}");
}

#[test]
fn only_the_one_way_that_works_is_told_as_a_difference() {
    let stage = Stage::new();
    let (server, store, closed) = (stage.serve(GOOD), stage.store(), closed_port());
    let proxy = proxy_to(server.clone());
    let url = format!("http://127.0.0.1:{proxy}");
    let base = ["poke", "--java", "17", "--format", "json", "--truststore", &store];
    for (more, target, result, exit) in [
        (&["--proxy", &url][..], &closed, "connected", 0),
        (&["--proxy", "socks5://127.0.0.1:1"], &server, "unreachable", 3),
        (&["--proxy", "http://127.0.0.1:1"], &server, "unreachable", 3),
    ] {
        let output = sslpoke(&[&base[..], more, &["localhost", target]].concat());
        let report = told(&output);
        assert_eq!((report["result"].as_str(), output.status.code()), (Some(result), Some(exit)));
        assert!(finding(&report, "ways-differ").is_some(), "{report:#}");
    }
    let output =
        sslpoke(&[&base[..], &["--proxy", "http://u:s3cret@p:1", "localhost", "1"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(!(stdout(&output) + &stderr(&output)).contains("s3cret"), "{output:?}");
    let nobody = ["--proxy", &url, "--proxy-pass-env", "PATH", "localhost", "1"];
    let output = sslpoke(&[&base[..], &nobody].concat());
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stderr(&output), "sslpoke: --proxy-pass-env: --proxy-user NAME is wanted, too\n");
}

#[test]
fn what_a_server_answers_to_starttls_is_told_and_nothing_of_java_is_made_up() {
    let stage = Stage::new();
    let port = scripted(b"554 mail.example.com is full\r\n", false);
    let url = format!("smtp://localhost:{port}");
    let output = sslpoke(&["poke", "--java", "17", "--truststore", &stage.store(), &url]);
    assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(1)));
    let expected = "sslpoke: the server did not begin TLS: to greeting it answered \"554 mail.example.com is full\"\n";
    assert_eq!(stderr(&output), expected);
    // a classic line takes the option, too
    let port = scripted(b"220 mail.example.com ESMTP\r\n", false);
    let output =
        sslpoke(&["--truststore", &stage.store(), "localhost", &port, "--starttls", "imap"]);
    assert!(stderr(&output).contains("does not speak IMAP but SMTP"), "{output:?}");
}
