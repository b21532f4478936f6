//! `poke` and the classic line against servers in this process, with no Java on the machine.

#![expect(clippy::panic, reason = "a failed test panics")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::stage::{
    GOOD, Server, Stage, closed_port, scripted, sslpoke, stderr, stdout, without_java,
};

const NO_PATH: &str = "PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target";

/// Pokes localhost with a store and says what the JSON says, and the exit code.
fn poked(store: &str, port: &str, more: &[&str]) -> (Value, Option<i32>) {
    let words = ["poke", "--java", "21", "--format", "json", "--truststore", store];
    let output = sslpoke(&[&words[..], more, &["localhost", port]].concat());
    let report = serde_json::from_slice(&output.stdout);
    let report = report.unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (report, output.status.code())
}

/// Returns the path of a store that keytool 17 made.
fn fixture(name: &str) -> String {
    format!("{}/fixtures/keystores/jdk17/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Returns what the finding with this code says, and why.
fn finding(report: &Value, code: &str) -> String {
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|held| held["code"] == code);
    let found = found.unwrap_or_else(|| panic!("no {code}: {report:#}"));
    format!("{} | {}", found["what"].as_str().unwrap(), found["why"].as_str().unwrap_or_default())
}

#[test]
fn a_trusted_server_connects_and_pokes_without_a_word_more() {
    let stage = Stage::new();
    let (port, store) = (stage.serve(GOOD), stage.store());
    let property = format!("-Djavax.net.ssl.trustStore={store}");
    for words in [
        &["poke", "--java", "17", "--truststore", &store, "localhost", &port][..],
        &["--java", "17", &property, "localhost", &port],
        &["--java", "17", &property, "SSLPoke", "localhost", &port],
        &["--java", "17", "java", &property, "-classpath", "/tmp", "SSLPoke", "localhost", &port],
    ] {
        let output = sslpoke(words);
        assert_eq!(stdout(&output), "Successfully connected\n", "{words:?}");
        assert_eq!(stderr(&output), "", "{words:?}");
        assert_eq!(output.status.code(), Some(0), "{words:?}");
    }
    let (report, code) = poked(&store, &port, &[]);
    assert_eq!((report["result"].as_str(), code), (Some("connected"), Some(0)));
    assert_eq!(report["connection"]["protocol"], "TLSv1.3");
}

#[test]
fn a_refused_certificate_is_explained_by_a_finding_that_names_what_is_wrong() {
    let stage = Stage::new();
    let (store, untrusting) = (stage.store(), fixture("few.jks"));
    let expired = Server { last_year: 2024, ..GOOD };
    let misnamed = Server { names: &["git.example.com", "www.example.com"], ..GOOD };
    let alone = Server { sends_issuing: false, ..GOOD };
    for (server, store, reason, code, named) in [
        (GOOD, &untrusting, "pkix-no-path", "root-not-trusted", "CN=Stage Root CA"),
        (alone, &store, "pkix-no-path", "issuer-missing", "CN=Stage Issuing CA"),
        (expired, &store, "pkix-expired", "certificate-expired", "CN=Stage Leaf expired"),
        (
            misnamed,
            &store,
            "host-name-mismatch",
            "host-name-mismatch",
            "git.example.com, www.example",
        ),
    ] {
        let (report, exit) = poked(store, &stage.serve(server), &[]);
        assert_eq!((report["result"].as_str(), exit), (Some("refused"), Some(1)), "{report:#}");
        assert_eq!(report["reason"], reason, "{report:#}");
        let told = finding(&report, code);
        assert!(told.contains(named), "{told}");
    }
}

#[test]
fn s08_s09_a_store_that_does_not_serve_is_explained_and_ends_with_4() {
    let stage = Stage::new();
    let (port, empty) = (stage.serve(GOOD), stage.path("empty.jks"));
    fs::write(&empty, "").unwrap();
    let store = stage.store();
    let pkcs12 = fixture("few.p12");
    let (pem, cut, der) = (stage.path("root.pem"), stage.path("cut.jks"), stage.path("root.der"));
    let bytes = fs::read(&store).unwrap();
    fs::write(&cut, bytes.split_at(bytes.len() / 2).0).unwrap();
    let output = Command::new("openssl").args(["x509", "-outform", "DER", "-in", &pem]).output();
    fs::write(&der, output.unwrap().stdout).unwrap();
    let wrong = "-Djavax.net.ssl.trustStorePassword=changeme";
    for (file, more, exit, code, named) in [
        (store.as_str(), &[wrong][..], 4, "store-password-wrong", "well-formed JKS v2, 1 entry"),
        (&pkcs12, &[wrong], 4, "store-password-wrong", "well-formed PKCS12"),
        (&cut, &[], 4, "store-damaged", "damaged at byte"),
        (&der, &[], 4, "store-is-certificate", "no store"),
        (&pem, &[], 4, "store-is-pem", "PEM"),
        (&empty, &[], 4, "store-empty-file", "no content"),
        (&pkcs12, &[], 4, "pkcs12-without-password", "8 encrypted certificates"),
    ] {
        let (report, ended) = poked(file, &port, more);
        assert_eq!(ended, Some(exit), "{file} {more:?}: {report:#}");
        assert_eq!(report["result"], "refused", "{file} {more:?}");
        let told = finding(&report, code);
        assert!(told.contains(named) && told.contains(file), "{told}");
    }
    let password = "-Djavax.net.ssl.trustStorePassword=changeit";
    let (report, _) = poked(&pkcs12, &port, &[password]);
    assert_eq!(report["reason"], "pkix-no-path", "{report:#}");
}

#[test]
fn a_missing_store_falls_back_and_a_finding_says_so() {
    let stage = Stage::new();
    let (port, missing) = (stage.serve(GOOD), stage.path("no such store.jks"));
    let property = format!("-Djavax.net.ssl.trustStore={missing}");
    let words = ["poke", "--java", "17", "--format", "json", &property, "localhost", &port];
    let report: Value = serde_json::from_slice(&sslpoke(&words).stdout).unwrap();
    assert_eq!(report["truststore"]["fallback_from"], missing.as_str());
    let told = finding(&report, "truststore-fallback");
    assert!(told.contains(&missing) && told.contains("there is no such file"), "{told}");
    let output = sslpoke(&["poke", "--truststore", &missing, "localhost", &port]);
    assert_eq!(output.status.code(), Some(4), "who names it with our option wants to know");
    assert!(stderr(&output).contains(&missing), "{output:?}");
}

#[test]
fn a_peer_that_is_no_tls_server_is_named() {
    let stage = Stage::new();
    let store = stage.store();
    let http = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    for (port, named) in [
        (scripted(http, true), "HTTP"),
        (scripted(b"SSH-2.0-OpenSSH_9.2p1\r\n", false), "SSH"),
        (scripted(b"220 mail.example.com ESMTP\r\n", false), "SMTP"),
    ] {
        let (report, exit) = poked(&store, &port, &[]);
        assert_eq!((report["result"].as_str(), exit), (Some("refused"), Some(1)), "{named}");
        let told = finding(&report, "plaintext-protocol");
        assert!(told.contains(&format!("not speak TLS but {named}:")), "{told}");
    }
}

#[test]
fn a_refused_connection_is_unreachable_and_a_silent_server_ends_by_the_timeout() {
    let stage = Stage::new();
    let store = stage.store();
    let (report, exit) = poked(&store, &closed_port(), &[]);
    assert_eq!((report["result"].as_str(), exit), (Some("unreachable"), Some(3)));
    assert_eq!(report["exception"][0]["class"], "java.net.ConnectException");
    assert_eq!(report["exception"][0]["message"], "Connection refused");
    let began = Instant::now();
    let (report, exit) = poked(&store, &scripted(b"", false), &["--timeout", "1"]);
    let took = began.elapsed();
    assert!((Duration::from_secs(1)..Duration::from_secs(10)).contains(&took), "{took:?}");
    assert_eq!((report["result"].as_str(), exit), (Some("unreachable"), Some(3)));
    assert!(finding(&report, "timeout").contains("says nothing"), "{report:#}");
}

#[test]
fn a_certificate_required_after_the_handshake_is_reported_in_every_run() {
    let stage = Stage::new();
    let store = stage.store();
    let port = stage.serve(Server { wants_client: true, ..GOOD });
    for run in 0..100 {
        let (report, exit) = poked(&store, &port, &[]);
        assert_eq!((report["result"].as_str(), exit), (Some("connected"), Some(1)), "{run}");
        let told = finding(&report, "client-certificate-required");
        assert!(told.contains("certificate_required"), "{run}: {told}");
    }
}

/// Java does not wait for the alert: the classic line ends as Java, and says what Java does not.
#[test]
fn the_classic_line_connects_and_names_the_demand_in_every_run() {
    let stage = Stage::new();
    let store = format!("-Djavax.net.ssl.trustStore={}", stage.store());
    let port = stage.serve(Server { wants_client: true, ..GOOD });
    for run in 0..100 {
        let output = sslpoke(&["--java", "17", &store, "SSLPoke", "localhost", &port]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.stdout, b"Successfully connected\n", "{run}: {told}");
        assert_eq!(output.status.code(), Some(0), "{run}: {told}");
        assert!(told.contains("sslpoke: the server demands a client certificate"), "{run}: {told}");
        assert!(told.contains("certificate_required"), "{run}: {told}");
    }
}

#[test]
fn the_release_decides_whether_the_alert_is_named_before_the_message() {
    let stage = Stage::new();
    let (port, store) = (stage.serve(Server { sends_issuing: false, ..GOOD }), stage.store());
    for (release, prefix) in [
        ("8u504", ""),
        ("17.0.15", ""),
        ("21", "(certificate_unknown) "),
        ("25", "(certificate_unknown) "),
    ] {
        let output =
            sslpoke(&["poke", "--java", release, "--truststore", &store, "localhost", &port]);
        let expected = format!("javax.net.ssl.SSLHandshakeException: {prefix}{NO_PATH}");
        assert_eq!(stderr(&output).lines().next(), Some(expected.as_str()), "{release}");
        assert_eq!(stdout(&output), "", "{release}");
    }
}

#[test]
fn where_java_checks_revocation_the_answer_is_open_unless_it_is_no() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (good, untrusted) = (stage.serve(GOOD), other.serve(GOOD));
    let told = |value: &str| format!("-Dcom.sun.net.ssl.checkRevocation={value}");
    let (on, off) = (told("True"), told("yes"));
    let (report, exit) = poked(&stage.store(), &good, &[&on]);
    assert_eq!((report["result"].as_str(), exit), (Some("undetermined"), Some(6)), "{report:#}");
    assert!(finding(&report, "revocation-not-checked").contains("revocation status"));
    let (report, exit) = poked(&stage.store(), &untrusted, &[&on]);
    assert_eq!((report["result"].as_str(), exit), (Some("refused"), Some(1)), "{report:#}");
    let (report, exit) = poked(&stage.store(), &good, &[&off]);
    assert_eq!((report["findings"].as_array().unwrap().len(), exit), (0, Some(0)), "{report:#}");
}

#[test]
fn the_json_of_a_poke_has_the_fields_that_are_documented() {
    let stage = Stage::new();
    let (report, _) =
        poked(&stage.store(), &stage.serve(Server { names: &["a.test"], ..GOOD }), &[]);
    let has = |held: &Value, names: &[&str]| {
        for name in names {
            assert!(!held[name].is_null(), "{name} in {report:#}");
        }
    };
    assert_eq!((&report["schema"], &report["verb"]), (&"sslpoke/1".into(), &"poke".into()));
    has(&report, &["target", "runtime", "truststore", "result", "exception", "reason"]);
    has(&report["target"], &["host", "port"]);
    has(&report["runtime"], &["release", "source"]);
    has(&report["truststore"], &["path", "type", "entries", "anchors", "source"]);
    assert_eq!(report["runtime"]["java_home"], Value::Null, "a Java was found: {report:#}");
    has(&report["exception"][1], &["class", "message"]);
    has(&report["connection"], &["address", "timings_ms"]);
    assert_eq!(report["chain"].as_array().unwrap().len(), 2);
    for (held, role) in report["chain"].as_array().unwrap().iter().zip(["leaf", "intermediate"]) {
        has(held, &["subject", "issuer", "not_before", "not_after", "sha256", "in_truststore"]);
        assert_eq!(held["role"], role);
        let digest = held["sha256"].as_str().unwrap();
        assert!(digest.len() == 64 && digest.bytes().all(|b| b"0123456789ABCDEF".contains(&b)));
    }
    has(&report["findings"][0], &["code", "severity", "what", "remedy"]);
}

#[test]
fn the_exit_code_of_the_verb_tells_more_than_that_of_the_classic_line() {
    let stage = Stage::new();
    let (good, refused) = (stage.serve(GOOD), closed_port());
    let misnamed = stage.serve(Server { names: &["a.test"], ..GOOD });
    let store = format!("-Djavax.net.ssl.trustStore={}", stage.store());
    let wrong = "-Djavax.net.ssl.trustStorePassword=changeme";
    for (more, java, port, verb, classic) in [
        (&[][..], "17", &good, 0, 0),
        (&[], "17", &misnamed, 1, 1),
        (&[], "17.x", &good, 2, 1),
        (&[], "17", &refused, 3, 1),
        (&[wrong], "17", &good, 4, 1),
    ] {
        let words = [&["--java", java, &store], more, &["localhost", port]].concat();
        let output = sslpoke(&[&["poke"], &words[..]].concat());
        assert_eq!(output.status.code(), Some(verb), "poke {words:?}: {output:?}");
        let output = sslpoke(&words);
        assert_eq!(output.status.code(), Some(classic), "{words:?}: {output:?}");
    }
    let words = ["poke", "--java", "17", &store, "localhost", &good, "localhost", &refused];
    assert_eq!(sslpoke(&words).status.code(), Some(3), "the highest that occurred");
}

#[test]
fn by_the_name_of_sslpoke_nothing_is_printed_that_java_would_not_print() {
    let stage = Stage::new();
    let program = stage.path("SSLPoke");
    symlink(env!("CARGO_BIN_EXE_sslpoke"), &program).unwrap();
    let store = format!("-Djavax.net.ssl.trustStore={}", stage.store());
    let connected = "Successfully connected\n";
    for (server, code, out, failed) in [
        (GOOD, 0, connected, false),
        (Server { wants_client: true, ..GOOD }, 0, connected, false),
        (Server { sends_issuing: false, ..GOOD }, 1, "", true),
        (Server { names: &["a.test"], ..GOOD }, 1, "", true),
    ] {
        let port = stage.serve(server);
        let output =
            without_java(Path::new(&program)).args([&store, "localhost", &port]).output().unwrap();
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(code), out));
        let told = stderr(&output);
        assert_eq!(!told.is_empty(), failed, "{told}");
        for line in told.lines() {
            let line = line.strip_prefix("Caused by: ").unwrap_or(line);
            assert!(line.starts_with("java") || line.starts_with("sun."), "{line}");
        }
    }
    let output = without_java(Path::new(&program)).output().unwrap();
    assert_eq!(stdout(&output), "Usage: SSLPoke <host> <port>\n");
    assert_eq!(stderr(&output), "");
}

#[test]
fn a_password_is_never_printed() {
    const SECRET: &str = "s3cret-Pa55";
    let stage = Stage::new();
    let (good, refused) = (stage.serve(GOOD), closed_port());
    let (store, pem) = (stage.store(), stage.path("root.pem"));
    let missing = stage.path("missing.jks");
    let trust = format!("-Djavax.net.ssl.trustStorePassword={SECRET}");
    let key = format!("-Djavax.net.ssl.keyStorePassword={SECRET}");
    let key_store = format!("-Djavax.net.ssl.keyStore={store}");
    let mistyped = format!("-Djavax.net.ssl.truststorePassword={SECRET}");
    for password in [
        &[trust.as_str()][..],
        &[&mistyped],
        &[&key, &key_store],
        &["-D", trust.trim_start_matches("-D")],
        &["--storepass-env", "STAGE_PASSWORD"],
    ] {
        for file in [&store, &pem, &missing] {
            let file = format!("-Djavax.net.ssl.trustStore={file}");
            for port in [&good, &refused, "https", "70000"] {
                for more in [&["-v"][..], &["-v", "--format", "json"], &["--java", "x"], &["--no"]]
                {
                    let words = [password, &[&file], more, &["localhost", port]].concat();
                    for verb in [&["poke"][..], &[]] {
                        let words = [verb, &words].concat();
                        let program = Path::new(env!("CARGO_BIN_EXE_sslpoke"));
                        let output = without_java(program)
                            .env("STAGE_PASSWORD", SECRET)
                            .args(&words)
                            .output()
                            .unwrap();
                        let told = stdout(&output) + &stderr(&output);
                        assert!(!told.is_empty(), "{words:?}");
                        assert!(!told.contains(SECRET), "{words:?}: {told}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_closed_standard_output_is_success() {
    let stage = Stage::new();
    let (port, store) = (stage.serve(GOOD), stage.store());
    let refused = closed_port();
    for (format, port) in [("text", &port), ("json", &port), ("json", &refused)] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = without_java(Path::new(env!("CARGO_BIN_EXE_sslpoke")))
            .args(["poke", "--java", "17", "--format", format, "--truststore", &store])
            .args(["localhost", port])
            .stdout(Stdio::from(writer))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{format} {port}");
        assert_eq!(stderr(&output), "", "{format} {port}");
    }
}
