//! `explain`: every recorded failure of six JREs, the messages of GitLab's page, and logs that mean no good.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a test says when it is skipped")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::stage::without_java;

const RELEASES: [&str; 6] = ["8", "11", "17", "21", "25", "26"];

/// Explains a text as it comes on standard input.
fn explain(text: &[u8], words: &[&str]) -> Output {
    let mut child = without_java(Path::new(env!("CARGO_BIN_EXE_sslpoke")))
        .arg("explain")
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = text.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&text).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn json(text: &str) -> Value {
    let output = explain(text.as_bytes(), &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns how often each code occurs.
fn codes(report: &Value) -> BTreeMap<String, u64> {
    let groups = report["groups"].as_array().unwrap().iter();
    groups
        .map(|group| (group["code"].as_str().unwrap().to_owned(), group["count"].as_u64().unwrap()))
        .collect()
}

fn group<'a>(report: &'a Value, code: &str) -> &'a Value {
    let groups = report["groups"].as_array().unwrap();
    groups.iter().find(|group| group["code"] == code).unwrap()
}

/// A stack trace as SSLPoke printed it; none where it had none.
struct Recorded {
    case: String,
    release: &'static str,
    trace: String,
}

/// Reads what the six JREs printed, from the material that is used in place.
fn recorded() -> Option<Vec<Recorded>> {
    let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") else {
        assert!(std::env::var_os("CI").is_none(), "SSLPOKE_TESTDATA is not set");
        eprintln!("skipped: SSLPOKE_TESTDATA is not set");
        return None;
    };
    let folder = PathBuf::from(data).join("wire");
    let index: Value =
        serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
    let mut held = Vec::new();
    for (case, outcomes) in index.as_object().unwrap() {
        for release in RELEASES {
            let threw = outcomes[release]["exceptions"].as_array().is_some_and(|e| !e.is_empty());
            if outcomes[release]["exit"] == 0 || !threw {
                continue;
            }
            let text =
                fs::read_to_string(folder.join(case).join(format!("{release}.txt"))).unwrap();
            let trace = text.split_once("--- stderr\n").unwrap().1.to_owned();
            held.push(Recorded { case: case.clone(), release, trace });
        }
    }
    assert!(held.len() > 1500, "{}", held.len());
    Some(held)
}

/// Wraps a trace as Jira writes it: a line of the log, an exception of an application, and the trace as its cause.
fn as_jira_logs(number: usize, recorded: &Recorded) -> String {
    let (minute, second) = (number / 60 % 60, number % 60);
    let first = recorded.trace.lines().next().unwrap_or_default();
    let mut log = format!(
        "2026-11-22 12:{minute:02}:{second:02},123+0000 Caesium-1-2 ERROR ServiceRunner     \
         [c.a.j.p.dvcs.sync.Synchronizer] could not synchronize\n\
         com.atlassian.sal.api.net.ResponseException: {first}\n\
         \tat com.atlassian.sal.core.net.HttpClientRequest.executeAndReturn(HttpClientRequest.java:377)\n\
         \tat com.atlassian.jira.plugins.dvcs.Remote.get(Remote.java:88)\n"
    );
    writeln!(log, "Caused by: {}", recorded.trace.trim_end()).unwrap();
    log.push_str("\t... 17 more\n");
    log.push_str(
        "2026-11-22 12:59:59,000+0000 http-nio-8080-exec-3 INFO admin 1x2x1 abc 10.0.0.1 /secure/x [c.a.j.x.Y] fine\n",
    );
    log
}

#[test]
fn every_recorded_failure_is_recognised_in_a_log_and_counted_once() {
    let Some(recorded) = recorded() else { return };
    for release in RELEASES {
        let of_release: Vec<&Recorded> =
            recorded.iter().filter(|held| held.release == release).collect();
        let log: String = of_release
            .iter()
            .enumerate()
            .map(|(number, held)| as_jira_logs(number, held))
            .collect();
        let wrapped = json(&log);
        let plain = json(&of_release.iter().map(|held| held.trace.as_str()).collect::<String>());
        let expected = u64::try_from(of_release.len()).unwrap();
        for (kind, report) in [("wrapped", &wrapped), ("plain", &plain)] {
            assert_eq!(report["known"], expected, "{release}, {kind}: {:?}", codes(report));
            assert!(!codes(report).contains_key("handshake-failed"), "{release}: {report:#}");
        }
        assert_eq!(codes(&wrapped), codes(&plain), "{release}");
    }
}

#[test]
fn recorded_failures_are_told_for_what_they_are() {
    let Some(recorded) = recorded() else { return };
    for (case, code) in [
        ("alert_fatal_040_handshake_failure", "no-common-suite"),
        ("alert_fatal_048_unknown_ca", "certificate-refused-by-peer"),
        ("alert_fatal_070_protocol_version", "tls-too-old"),
        ("alert_fatal_112_unrecognized_name", "server-name-refused"),
        ("alert_fatal_116_certificate_required", "client-certificate-required"),
        ("alert_fatal_080_internal_error", "alert-received"),
        ("arg_host_url", "host-is-url"),
        ("arg_port_text", "port-invalid"),
    ] {
        let traces: Vec<&Recorded> = recorded.iter().filter(|held| held.case == case).collect();
        assert_eq!(traces.len(), 6, "{case}");
        let report = json(&traces.iter().map(|held| held.trace.as_str()).collect::<String>());
        assert_eq!(codes(&report), BTreeMap::from([(code.to_owned(), 6)]), "{case}");
    }
}

#[test]
fn wordings_of_8u251_and_older_are_the_same_failures() {
    let Some(recorded) = recorded() else { return };
    let (head, old) = (
        "javax.net.ssl.SSLHandshakeException: ",
        "javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: ",
    );
    let validated = |held: &&Recorded| {
        held.release == "8" && held.trace.contains("\nCaused by: sun.security.validator.Validator")
    };
    let traces: Vec<&Recorded> = recorded.iter().filter(validated).collect();
    assert!(traces.len() > 20);
    let today: String = traces.iter().map(|held| held.trace.as_str()).collect();
    let then = today.replace(head, old);
    assert_eq!(codes(&json(&today)), codes(&json(&then)));
    // a log that has only the first lines
    let lines: Vec<String> = then
        .lines()
        .filter(|line| line.starts_with(old))
        .map(|line| format!("2019-03-27 20:47:26,000 main WARN [c.a.x.Y] {line}\n"))
        .collect();
    let report = json(&lines.concat());
    assert_eq!(report["known"], u64::try_from(lines.len()).unwrap(), "{report:#}");
    assert!(codes(&report).contains_key("pkix-no-path"), "{report:#}");
}

const MIXED: &str = "\
2026-11-01 08:12:01,299+0000 Caesium-1-2 WARN ServiceRunner [c.a.j.p.d.Client] Failed to sync https://gitlab.example.com/api/v4/projects
javax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target
\tat sun.security.ssl.Alerts.getSSLException(Alerts.java:192)
\tat java.lang.Thread.run(Thread.java:748)
Caused by: sun.security.validator.ValidatorException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target
\t... 17 more
2026-11-01 08:12:02,000+0000 main INFO [c.a.x.Y] nothing of note
no time here, and no failure
2026-11-03 09:00:00,000+0000 main ERROR [c.a.x.Y] Could not reach https://gitlab.example.com/
javax.net.ssl.SSLHandshakeException: (certificate_unknown) PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target
\tat java.base/sun.security.ssl.Alert.createSSLException(Alert.java:130)
Caused by: sun.security.validator.ValidatorException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target
\t... 17 more
Caused by: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target
\t... 20 more
2026-11-02 10:00:00,000+0000 Caesium-1-1 WARN ServiceRunner [c.a.j.p.d.Client] Failed to execute request [https://gitlab.example.com/api/v4/projects/7/merge_requests?page=1&per_page=100 GET https://gitlab.example.com/api/v4/projects/7/merge_requests?page=1&per_page=100 returned a response status of 403 Forbidden] errors:
{\"message\":\"403 Forbidden\"}
";

#[test]
fn s31_a_mixed_log_is_grouped_and_counted() {
    let report = json(MIXED);
    assert_eq!(report["known"], 3, "{report:#}");
    let untrusted = group(&report, "pkix-no-path");
    assert_eq!(untrusted["count"], 2);
    assert_eq!(untrusted["first"], "2026-11-01T08:12:01Z");
    assert_eq!(untrusted["last"], "2026-11-03T09:00:00Z");
    assert_eq!(untrusted["hosts"][0]["host"], "gitlab.example.com");
    assert_eq!(untrusted["hosts"][0]["count"], 2);
    assert_eq!(untrusted["next"], "sslpoke doctor https://gitlab.example.com");
    let refused = group(&report, "gitlab-merge-requests-forbidden");
    assert_eq!(refused["count"], 1);
    assert_eq!(refused["first"], "2026-11-02T10:00:00Z");
    let text = explain(MIXED.as_bytes(), &[]);
    assert_eq!(text.status.code(), Some(0));
    let told = String::from_utf8(text.stdout).unwrap();
    assert!(told.starts_with("3 failures of 2 kinds in "), "{told}");
    for words in [&["--fail-on-known"][..], &["--fail-on-known", "--format", "md"]] {
        assert_eq!(explain(MIXED.as_bytes(), words).status.code(), Some(1));
    }
    assert_eq!(explain(b"all is well\n", &["--fail-on-known"]).status.code(), Some(0));
}

#[test]
fn a_log_in_utf_16_is_read_and_a_packed_one_is_named() {
    let bytes: Vec<u8> =
        format!("\u{feff}{MIXED}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (wide, plain) = (explain(&bytes, &[]), explain(MIXED.as_bytes(), &[]));
    assert_eq!((wide.status.code(), wide.stdout), (Some(0), plain.stdout));
    let packed = explain(b"\x1f\x8b\x08\0\0\0", &[]);
    assert_eq!(packed.status.code(), Some(4), "{packed:?}");
    let said = String::from_utf8(packed.stderr).unwrap();
    assert!(said.ends_with("zcat FILE | sslpoke explain -\n"), "{said}");
}

#[test]
fn logs_of_tomcat_the_journal_and_the_debug_output_are_read_alike() {
    let trace = "javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake\n\
                 \tat a.B.c(B.java:1)\nCaused by: java.io.EOFException: SSL peer shut down incorrectly\n\t... 3 more\n";
    let journal: String = trace
        .lines()
        .map(|line| format!("Nov 24 18:44:55 jira catalina.sh[77]: {line}\n"))
        .collect();
    let container: String =
        trace.lines().map(|line| format!("2026-11-24T18:44:55.123456789Z {line}\n")).collect();
    let tomcat = format!("24-Nov-2026 18:44:55.001 SEVERE [main] a.B.c failed\n{trace}");
    let debug = format!(
        "javax.net.ssl|ERROR|10|main|2026-11-24 18:44:55.709 GMT|TransportContext.java:370|Fatal (HANDSHAKE_FAILURE): Remote host terminated the handshake (\n\
         \"throwable\" : {{\n  {}\n)\n{trace}",
        trace.trim_end().replace('\n', "\n  ")
    );
    for (log, time) in [
        (&journal, ":55"),
        (&container, "2026-11-24T18:44:55Z"),
        (&tomcat, "2026-11-24T18:44:55"),
        (&debug, "2026-11-24T18:44:55Z"),
    ] {
        let report = json(log);
        assert_eq!(codes(&report), BTreeMap::from([("handshake-ended".to_owned(), 1)]), "{log}");
        let first = report["groups"][0]["first"].as_str().unwrap();
        assert!(first.ends_with(time), "{first}");
    }
}

#[test]
fn failures_of_other_libraries_are_told_with_their_hosts() {
    for (said, code, host) in [
        (
            "javax.naming.CommunicationException: simple bind failed: ad.example.com:636 [Root exception is javax.net.ssl.SSLHandshakeException: No subject alternative DNS name matching ad.example.com found.]",
            "host-name-mismatch",
            "ad.example.com:636",
        ),
        (
            "javax.mail.MessagingException: Could not connect to SMTP host: mail.example.com, port: 465;\n  nested exception is:\n\tjavax.net.ssl.SSLHandshakeException: sun.security.validator.ValidatorException: PKIX path validation failed: java.security.cert.CertPathValidatorException: timestamp check failed",
            "pkix-expired",
            "mail.example.com:465",
        ),
        (
            "javax.net.ssl.SSLPeerUnverifiedException: Certificate for <git.example.com> doesn't match any of the subject alternative names: [a.example.com]",
            "host-name-mismatch",
            "git.example.com",
        ),
        (
            "org.apache.http.conn.HttpHostConnectException: Connect to git.example.com:443 [git.example.com/10.0.0.1] failed: Connection refused (Connection refused)",
            "connection-refused",
            "git.example.com:443",
        ),
        (
            "org.springframework.web.client.ResourceAccessException: I/O error on GET request for \"https://api.example.com/v1\": PKIX path building failed; nested exception is javax.net.ssl.SSLHandshakeException: PKIX path building failed",
            "pkix-no-path",
            "api.example.com",
        ),
        (
            "org.apache.http.NoHttpResponseException: git.example.com:443 failed to respond",
            "connection-reset",
            "git.example.com:443",
        ),
    ] {
        let report = json(&format!("2026-11-01 08:12:01,299 main ERROR [c.a.X] {said}\n"));
        assert_eq!(codes(&report), BTreeMap::from([(code.to_owned(), 1)]), "{said}");
        assert_eq!(report["groups"][0]["hosts"][0]["host"], host, "{said}");
    }
    let gone = "2026-11-01 08:12:01,299 main ERROR [x] org.apache.catalina.connector.ClientAbortException: java.io.IOException: Connection reset by peer\n";
    assert_eq!(json(gone)["known"], 0, "the browser went away");
}

#[test]
fn s32_every_message_of_the_page_has_its_entry() {
    let request = "Failed to execute request [https://gitlab.com/api/v4/projects/:id/RESOURCE?page=1 GET \
                   https://gitlab.com/api/v4/projects/:id/RESOURCE?page=1 returned a response status of 403 Forbidden] errors:\n\
                   {\"message\":\"403 Forbidden\"}";
    let refused = |resource: &str| request.replace("RESOURCE", resource);
    for (message, code) in [
        ("Error obtaining access token. Cannot access https://gitlab.example.com from Jira.".to_owned(), "dvcs-no-access"),
        ("Error obtaining access token. Please check your credentials.".to_owned(), "dvcs-token"),
        ("Error obtaining access token: Incorrect client credentials".to_owned(), "dvcs-token"),
        ("The requested scope is invalid, unknown, or malformed.".to_owned(), "gitlab-scope"),
        ("https://gitlab.example.com/oauth/authorize?client_id=1&scope=repo".to_owned(), "gitlab-scope"),
        ("https://gitlab.example.com/oauth/authorize?client_id=1&scope=api".to_owned(), "gitlab-scope-asked"),
        ("410 Gone".to_owned(), "gitlab-410-gone"),
        ("Sync Failed".to_owned(), "dvcs-sync-failed"),
        (refused("merge_requests"), "gitlab-merge-requests-forbidden"),
        (refused("repository/branches"), "gitlab-repository-forbidden"),
        (refused("repository/commits"), "gitlab-repository-forbidden"),
        (refused("hooks"), "gitlab-hooks-forbidden"),
        (refused("members"), "gitlab-forbidden"),
        ("Failed to execute request [GET /users/ORG1234] response code: 401, errors:\nBad credentials (401)".to_owned(), "dvcs-credentials"),
        ("Successfully connected".to_owned(), "sslpoke-connected"),
    ] {
        let german = format!("## Fehler\n\n```plaintext\n{message}\n```\n\nDas ist alles.\n");
        let japanese = format!(
            "## JiraがGitLabサーバーにアクセスできない {{#x}}\n\n他のエラーメッセージはどのログにも表示されません:\n\n```plaintext\n{message}\n```\n\n考えられる解決策:\n"
        );
        let logged = format!("2026-11-01 08:12:01,299+0000 main WARN [c.a.j.p.d.Client] {message}\n");
        for text in [message.clone(), german, japanese, logged] {
            if code == "sslpoke-connected" && text.starts_with("2026") {
                continue;
            }
            let report = json(&text);
            assert_eq!(codes(&report), BTreeMap::from([(code.to_owned(), 1)]), "{text}");
        }
    }
    for (heading, code) in [
        ("## Session token bug in Jira", "jira-session-token"),
        ("## Jiraのセッションバグ {#session-token-bug-in-jira}", "jira-session-token"),
        ("## SSL and TLS problems", "tls-direction"),
        ("## SSLおよびTLSの問題 {#ssl-and-tls-problems}", "tls-direction"),
        ("## Synchronization issues", "dvcs-refresh"),
        ("## 同期の問題 {#synchronization-issues}", "dvcs-refresh"),
        ("## Find webhook logs in a DVCS-linked project", "webhook-logs"),
        (
            "## 分散型バージョン管理システムにリンクされたプロジェクトでWebhookログを検索する",
            "webhook-logs",
        ),
        ("## エラー: `410 Gone` {#error-410-gone}", "gitlab-410-gone"),
        ("## エラー: `Sync Failed` {#error-sync-failed}", "dvcs-sync-failed"),
    ] {
        assert_eq!(codes(&json(heading)).keys().collect::<Vec<_>>(), [code], "{heading}");
    }
}

#[test]
fn s32_the_session_token_bug_is_told_by_version() {
    let log = "2026-11-01 08:12:01,299 main INFO [c.a.j.x] JIRA Build : VERSION#940006-sha1:abc\n\
               2026-11-01 08:12:02,299 main WARN [c.a.j.x] Token is expired. You can either do re-authorization or token refresh.\n";
    for (version, listing, told) in [
        ("9.4.6", "affected", "listed as affected although 9.1.0+ is called fixed"),
        ("8.21.0", "not-listed", "not listed"),
        ("8.20.12", "fixed", "called fixed"),
    ] {
        let from_log = json(&log.replace("VERSION", version));
        assert_eq!(from_log["jira"]["source"], "log");
        let words = ["--jira-version", version, "--format", "json"];
        let output = explain(log.replace("VERSION", "7.0.0").as_bytes(), &words);
        let from_option: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(from_option["jira"]["source"], "--jira-version");
        for report in [&from_log, &from_option] {
            assert_eq!(report["jira"]["session_token_bug"], listing, "{version}");
            assert!(report["jira"]["what"].as_str().unwrap().contains(told), "{report:#}");
        }
        let text = explain(b"", &["--jira-version", version]);
        assert!(String::from_utf8(text.stdout).unwrap().contains(told), "{version}");
    }
    assert_eq!(explain(b"", &["--jira-version", "nine"]).status.code(), Some(2));
}

#[test]
fn a_token_of_eight_hours_shows_in_the_times() {
    let mut log = String::new();
    for hour in [0, 8, 16] {
        for (day, minute) in [(1, 3), (1, 9), (2, 3), (2, 9)] {
            writeln!(log, "2026-11-{day:02} {hour:02}:{minute:02}:00,000+0000 main WARN [c.a.j.p.d.X] Bad credentials (401)").unwrap();
        }
    }
    let mut lines: Vec<&str> = log.lines().collect();
    lines.sort_unstable();
    let report = json(&lines.join("\n"));
    assert_eq!(group(&report, "dvcs-credentials")["period"], 8 * 3600, "{report:#}");
}

#[test]
fn a_hostile_log_is_read_within_bounds_and_never_reaches_the_terminal() {
    let mut log = b"\xff\xfe\x00javax.net.ssl.SSLHandshakeException: \x1b[2J\x1b]0;owned\x07 \xe2\x80\xae x\r\n".to_vec();
    for number in 0..20_000 {
        writeln!(log, "java.net.UnknownHostException: host{number}.example.test").unwrap();
    }
    log.extend(b"https://".iter().cycle().take(3_000_000));
    log.extend(b"\njavax.net.ssl.SSLException: ");
    log.extend(std::iter::repeat_n(b'A', 1_000_000));
    log.extend(b"\nGET https://user:s3cret@git.example.com/?private_token=s3cret javax.net.ssl.SSLException: s\n");
    log.extend(b"-Djavax.net.ssl.trustStorePassword=s3cret javax.net.ssl.SSLException: t\n");
    for format in ["text", "json", "md"] {
        let output = explain(&log, &["--format", format, "--color", "never"]);
        assert_eq!(output.status.code(), Some(0));
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(told.len() < 64_000, "{} bytes", told.len());
        let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!told.contains(steers), "{told}");
        assert!(!told.contains("s3cret"), "{told}");
    }
    let report: Value =
        serde_json::from_slice(&explain(&log, &["--format", "json"]).stdout).unwrap();
    let unknown = group(&report, "host-unknown");
    assert_eq!(unknown["count"], 20_000);
    assert_eq!(unknown["hosts"].as_array().unwrap().len(), 64);
    assert_eq!(unknown["more_hosts"], 20_000 - 64);
}

#[test]
fn a_file_that_is_not_there_is_told_of() {
    let output = explain(b"", &["/no/such.log"]);
    assert_eq!(output.status.code(), Some(4));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("sslpoke: /no/such.log: "), "{told}");
}
