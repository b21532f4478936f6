//! Several releases at once: `upgrade check TARGET`, and `--java all` of poke, doctor and judge.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]

use std::fs;

use serde_json::Value;

use crate::scenarios::wire::{OpenSsl, openssl};
use crate::scenarios::{finding, java_home};
use crate::stage::{GOOD, Server, Stage, closed_port, sslpoke, stderr, stdout};

/// What an old server is told so that it is one.
const STATIC_RSA: [&str; 3] = ["-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"];
const SHA1_SIGNATURE: [&str; 5] = ["-tls1_2", "-sigalgs", "RSA+SHA1", "-cipher", "ALL:@SECLEVEL=0"];
const WEAK: [&str; 2] = ["-cipher", "ALL:@SECLEVEL=0"];

/// Starts a server of openssl whose root goes into the stage's store; none where there is no openssl.
fn old_server(stage: &Stage, digest: &str, options: &[&str]) -> Option<OpenSsl> {
    let server = OpenSsl::start(stage, digest, options)?;
    let root = stage.path("openssl.pem");
    let added = sslpoke(&["trust", "add", &root, "--to", &stage.store(), "--no-backup"]);
    assert_eq!(added.status.code(), Some(0), "{added:?}");
    Some(server)
}

/// Runs a line and returns its JSON and exit code.
fn told(words: &[&str]) -> (Value, Option<i32>) {
    let output = sslpoke(&[words, &["--format", "json"]].concat());
    assert!(!output.stdout.is_empty(), "{}", stderr(&output));
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

fn target(port: &str) -> String {
    format!("localhost:{port}")
}

#[test]
fn an_upgrade_from_17_to_21_breaks_what_21_offers_no_more() {
    let stage = Stage::new();
    let (good, store) = (stage.serve(GOOD), stage.store());
    let old =
        [("-sha256", &STATIC_RSA[..]), ("-sha256", &SHA1_SIGNATURE[..]), ("-sha1", &WEAK[..])];
    let started: Option<Vec<OpenSsl>> =
        old.into_iter().map(|(digest, options)| old_server(&stage, digest, options)).collect();
    let Some(started) = started else { return };
    let places: Vec<String> = started.iter().map(|server| target(&server.1)).collect();
    let good = format!("https://localhost:{good}");
    let words = ["upgrade", "check", "--from", "17", "--to", "21", "--truststore", &store, &good];
    let words: Vec<&str> = words.into_iter().chain(places.iter().map(String::as_str)).collect();
    let (report, exit) = told(&words);
    assert_eq!(exit, Some(1), "{report:#}");
    let verdict = "2 of 4 endpoints will fail after the upgrade from Java 17.0.15 to Java 21.0.13";
    assert_eq!(report["verdict"], verdict);
    let endpoints = report["endpoints"].as_array().unwrap();
    for (endpoint, (change, code, why)) in endpoints.iter().zip([
        ("works", "", ""),
        ("breaks", "no-common-suite", "\"TLS_RSA_*\" in jdk.tls.disabledAlgorithms"),
        ("breaks", "handshake-signature", "\"rsa_pkcs1_sha1 usage HandshakeSignature\""),
        ("works", "", ""),
    ]) {
        assert_eq!(endpoint["change"], change, "{endpoint:#}");
        assert_eq!(endpoint["from"]["result"], "connected", "{endpoint:#}");
        if change == "breaks" {
            let told = finding(&endpoint["to"], code);
            assert!(told.contains(why), "{told}");
        }
    }
    screen_and_ticket(&words, verdict, &places);
}

/// On a screen the verdict stands first, then a line for each endpoint; in a ticket, too.
fn screen_and_ticket(words: &[&str], verdict: &str, places: &[String]) {
    let text = stdout(&sslpoke(words));
    assert!(text.starts_with(&format!("✗ {verdict}\n\n✓ localhost:")), "{text}");
    let row = format!(
        "✗ {}  works      FAILS      no-common-suite: the server takes TLSv1.2 with ",
        places[0]
    );
    assert!(text.contains(&row), "{row}: {text}");
    assert!(text.contains("\nFix       let the server speak TLS 1.2 or 1.3 with ECDHE"), "{text}");
    let ticket = stdout(&sslpoke(&[words, &["--format", "md"]].concat()));
    assert!(ticket.starts_with(&format!("**{verdict}**\n")), "{ticket}");
    assert!(ticket.contains(&format!("| {} | works | FAILS | ", places[1])), "{ticket}");
}

#[test]
fn a_root_that_the_new_store_lacks_breaks_the_endpoint_and_is_named() {
    let (stage, other) = (Stage::new(), Stage::named("Other"));
    let (port, stores) = (stage.serve(GOOD), [stage.store(), other.store()]);
    let (from, to) = (stage.path("jdk-17"), stage.path("jdk-21"));
    java_home(&from, &stores[0]);
    java_home(&to, &stores[1]);
    fs::write(format!("{to}/release"), "JAVA_VERSION=\"21.0.13\"\n").unwrap();
    let lost = format!("{to}/lib/security/cacerts");
    for (words, store) in [
        (&["--from", &from, "--to", &to][..], &lost),
        (&["--from", "17", "--to", "21", "--old", &stores[0], "--new", &stores[1]], &stores[1]),
    ] {
        let place = target(&port);
        let (report, exit) = told(&[&["upgrade", "check"], words, &[&place]].concat());
        assert_eq!(exit, Some(1), "{report:#}");
        let endpoint = &report["endpoints"][0];
        assert_eq!(endpoint["change"], "breaks", "{report:#}");
        let told = finding(&endpoint["to"], "root-in-other-store");
        assert!(
            told.contains("CN=Stage Root CA is in ") && told.contains(store.as_str()),
            "{told}"
        );
        assert!(told.contains("sslpoke trust add "), "{told}");
        assert_eq!(report["notes"], Value::Null, "{report:#}");
    }
}

#[test]
fn an_installations_own_java_security_decides_about_an_upgrade() {
    let stage = Stage::new();
    let store = stage.store();
    let Some(server) = old_server(&stage, "-sha256", &[&["-tls1"], &WEAK[..]].concat()) else {
        return;
    };
    let home = stage.path("jdk-old");
    java_home(&home, &store);
    let security = format!("{home}/conf/security/java.security");
    let text = fs::read_to_string(&security).unwrap();
    fs::write(&security, text.replace("TLSv1, TLSv1.1, ", "")).unwrap();
    let (place, new) = (target(&server.1), ["--to", "17", "--new", &store]);
    let words = [&["upgrade", "check", "--from", &home], &new[..], &[&place]].concat();
    let (report, exit) = told(&words);
    assert_eq!((exit, &report["endpoints"][0]["change"]), (Some(1), &"breaks".into()));
    let told = finding(&report["endpoints"][0]["to"], "tls-too-old");
    assert!(told.contains("\"TLSv1\" in jdk.tls.disabledAlgorithms"), "{told}");
}

#[test]
fn what_does_not_change_is_no_failure_of_the_upgrade() {
    let stage = Stage::new();
    let (store, empty) = (stage.store(), stage.path("empty.jks"));
    fs::write(&empty, "").unwrap();
    let expired = target(&stage.serve(Server { last_year: 2024, ..GOOD }));
    let (good, closed) = (target(&stage.serve(GOOD)), target(&closed_port()));
    for (from, to, place, change, exit) in [
        (&store, &store, &expired, "fails-as-before", 0),
        (&store, &store, &closed, "unreached", 3),
        (&empty, &store, &good, "repaired", 0),
        (&store, &empty, &good, "breaks", 1),
        (&empty, &empty, &good, "fails-as-before", 4),
    ] {
        let words = ["upgrade", "check", "--from", "17", "--to", "21", "--old", from, "--new", to];
        let (report, ended) = told(&[&words[..], &[place]].concat());
        let found = (report["endpoints"][0]["change"].as_str(), ended);
        assert_eq!(found, (Some(change), Some(exit)), "{report:#}");
    }
    let words = ["upgrade", "check", "--from", "17", "--to", "21"];
    let (report, _) = told(&[&words[..], &[&closed]].concat());
    assert!(report["notes"][0].as_str().unwrap().contains("the same store"), "{report:#}");
    for words in [&words[..], &["upgrade", "check", &good], &["upgrade", "check"]] {
        assert_eq!(sslpoke(words).status.code(), Some(2), "{words:?}");
    }
}

#[test]
fn poke_under_all_releases_groups_those_that_agree_and_says_why_others_do_not() {
    let stage = Stage::new();
    let store = stage.store();
    let Some(server) = old_server(&stage, "-sha256", &STATIC_RSA) else { return };
    let place = target(&server.1);
    let words = ["poke", "--java", "all", "--truststore", &store, &place];
    let text = stdout(&sslpoke(&words));
    let groups = format!(
        "connected: Java 8u504, 17.0.15 for {place}\n\
         refused: Java 11.0.33, 21.0.13, 25.0.5, 26.0.2 for {place}: no-common-suite\n  \
         the server takes TLSv1.2 with TLS_RSA_WITH_AES_128_CBC_SHA, which Java does not offer\n  \
         javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure\n  → "
    );
    assert!(text.starts_with(&groups), "{text}");
    let (report, exit) = told(&words);
    assert_eq!(exit, Some(1));
    let releases = report["releases"].as_array().unwrap();
    let of = |field: &str| -> Vec<&str> {
        releases.iter().map(|held| held.pointer(field).unwrap().as_str().unwrap()).collect()
    };
    let names = ["8u504", "11.0.33", "17.0.15", "21.0.13", "25.0.5", "26.0.2"];
    assert_eq!(of("/runtime/release"), names);
    let results = ["connected", "refused", "connected", "refused", "refused", "refused"];
    assert_eq!(of("/result"), results);
}

#[test]
fn all_releases_ask_for_the_password_once() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let stage = Stage::new();
    let (place, store) = (target(&stage.serve(GOOD)), stage.path("store.p12"));
    let made = ["trust", "convert", &stage.store(), &store, "--to-type", "pkcs12"];
    let made = sslpoke(&made);
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let mut child = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["poke", "--java", "all", "--storepass-stdin", "--truststore", &store, &place])
        .env("PATH", "/nonexistent")
        .env_remove("JAVA_HOME")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"changeit\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let text = stdout(&output);
    assert!(text.starts_with("connected: Java 8u504, 11.0.33, 17.0.15, 21.0.13, "), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn a_silent_server_is_waited_for_once_and_not_once_a_release() {
    let stage = Stage::new();
    let port = crate::stage::scripted(b"", true);
    let began = std::time::Instant::now();
    let (store, place) = (stage.store(), target(&port));
    let words = ["poke", "--java", "all", "--timeout", "1", "--truststore", &store, &place];
    let output = sslpoke(&words);
    assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(stdout(&output).starts_with("unreachable: Java 8u504, 11.0.33, "), "{output:?}");
}

#[test]
fn the_doctor_sees_all_releases_and_examines_one_of_each_group_that_fails() {
    let stage = Stage::new();
    let store = stage.store();
    let Some(server) = old_server(&stage, "-sha256", &STATIC_RSA) else { return };
    let place = target(&server.1);
    let words = ["doctor", "--java", "all", "--truststore", &store, &place];
    let output = sslpoke(&words);
    let (text, exit) = (stdout(&output), output.status.code());
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.starts_with(&format!("connected: Java 8u504, 17.0.15 for {place}\n")), "{text}");
    assert_eq!(text.matches("✗ Java ").count(), 1, "{text}");
    assert!(text.contains(&format!("✗ Java 11.0.33 does not connect to {place}\n")), "{text}");
    let html = stdout(&sslpoke(&[&words[..], &["--format", "html"]].concat()));
    let title = format!("<title>2 of 6 releases of Java connect to {place}</title>");
    let rows = html.matches("<tr><th scope=\"row\">").count();
    assert!(html.contains(&title) && rows == 6, "{rows} rows: {html}");
    assert!(html.contains("<span class=\"bad\">refused</span><code>no-common-suite</code>"));
    let ticket = stdout(&sslpoke(&[&words[..], &["--format", "md"]].concat()));
    assert!(ticket.starts_with(&format!("## 2 of 6 releases of Java connect to {place}\n")));
    assert_eq!(ticket.matches("| refused | the server takes TLSv1.2").count(), 4, "{ticket}");
    let (report, _) = told(&words);
    assert_eq!(report["releases"][3]["findings"][0]["code"], "no-common-suite", "{report:#}");
    let fix = sslpoke(&[&words[..], &["--fix", "--yes"]].concat());
    assert_eq!(fix.status.code(), Some(2), "{fix:?}");
}

#[test]
fn a_store_that_only_some_releases_open_is_judged_by_those_and_told_of_the_others() {
    let stage = Stage::new();
    // Java 8 takes the type at its word; since 9 both are tried
    let (root, store) = (stage.path("root.pem"), stage.store());
    let kind = "-Djavax.net.ssl.trustStoreType=PKCS12";
    let words = ["judge", "--chain", &root, "--host", "localhost", "--truststore", &store, kind];
    let (report, exit) = told(&[&words[..], &["--java", "all"]].concat());
    assert_eq!(exit, Some(4), "{report:#}");
    let verdicts = report["verdicts"].as_array().unwrap();
    let reasons: Vec<&str> =
        verdicts.iter().step_by(2).map(|held| held["reason"].as_str().unwrap()).collect();
    let other = "host-name-mismatch";
    assert_eq!(reasons, ["store-type-mismatch", other, other, other, other, other]);
    let codes: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(codes, ["store-type-mismatch", other], "{report:#}");
    let output = sslpoke(&[&words[..], &["--java", "8"]].concat());
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(4), ""), "{output:?}");
}

#[test]
fn a_mac_that_only_new_releases_know_keeps_the_others_from_the_store() {
    let stage = Stage::new();
    let (port, root) = (stage.serve(GOOD), stage.path("root.pem"));
    let store = format!("{}/fixtures/keystores/jdk25/pbmac1.p12", env!("CARGO_MANIFEST_DIR"));
    let password = "-Djavax.net.ssl.trustStorePassword=changeit";
    let all = ["--java", "all", "--truststore", &store, password];
    let (closed, open) = ("store-too-new", "pkix-no-path");
    let expected = [closed, closed, closed, closed, open, open];
    let judge = ["judge", "--chain", &root, "--host", "localhost", "--tls", "1.3"];
    let (report, exit) = told(&[&judge[..], &all].concat());
    let verdicts = report["verdicts"].as_array().unwrap();
    let reasons: Vec<_> = verdicts.iter().map(|held| held["reason"].as_str().unwrap()).collect();
    assert_eq!((exit, &reasons[..]), (Some(4), &expected[..]), "{report:#}");
    let (report, exit) = told(&[&["poke", &target(&port)], &all[..]].concat());
    let releases = report["releases"].as_array().unwrap();
    let is_too_new: Vec<_> =
        releases.iter().map(|held| held["findings"][0]["code"] == closed).collect();
    assert_eq!(is_too_new, [true, true, true, true, false, false], "{report:#}");
    assert_eq!(exit, Some(4));
}

#[test]
fn static_rsa_is_spoken_of_for_releases_that_offer_it_alone() {
    let stage = Stage::new();
    let Some(_server) = old_server(&stage, "-sha256", &STATIC_RSA) else { return };
    let [root, key, request, extensions, leaf] =
        ["openssl.pem", "openssl.key", "own.csr", "leaf.ext", "leaf.pem"].map(|it| stage.path(it));
    fs::write(&extensions, "subjectAltName=DNS:localhost\nkeyUsage=critical,keyEncipherment\n")
        .unwrap();
    let signed = ["x509", "-req", "-days", "30", "-in", &request, "-CA", &root, "-CAkey", &key];
    assert!(openssl(&[&signed[..], &["-extfile", &extensions, "-out", &leaf]].concat()));
    let store = stage.store();
    let words = ["judge", "--java", "all", "--tls", "1.2", "--host", "localhost"];
    let output = sslpoke(&[&words[..], &["--chain", &leaf, "--truststore", &store]].concat());
    let (text, exit) = (stdout(&output), output.status.code());
    let group = "reject: Java 8u504, 11.0.33, 17.0.15, 21.0.13, 25.0.5, 26.0.2 for localhost: pkix-key-usage\n  \
        with a cipher suite of static RSA (TLS_RSA_…), if the server takes one, Java 8u504, 17.0.15 would accept\n";
    assert!(exit == Some(1) && text.starts_with(group), "{text}");
}

#[test]
fn cases_by_line_are_judged_under_each_release_in_its_turn() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let mut child = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .args(["judge", "--jsonl", "--java", "all"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let case =
        |id: &str| format!("{{\"id\":\"{id}\",\"host\":\"h\",\"chain\":[],\"anchors\":[]}}\n");
    let cases = case("a") + "no case\n" + &case("b");
    child.stdin.take().unwrap().write_all(cases.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let lines: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), output.status.code()), (13, Some(4)), "{lines:#?}");
    let releases = ["8u504", "11.0.33", "17.0.15", "21.0.13", "25.0.5", "26.0.2"];
    for (held, release) in lines.iter().zip(releases) {
        assert_eq!((&held["id"], &held["release"]), (&"a".into(), &release.into()));
    }
    assert!(lines[6]["error"].is_string() && lines[7]["id"] == "b", "{lines:#?}");
}
