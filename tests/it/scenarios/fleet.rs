//! S33: many servers in one run.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::stage::{
    GOOD, Server, Stage, closed_port, scripted, sslpoke, stderr, stdout, without_java,
};

/// Servers on loopback, every tenth of which fails, each in its own way; and the list of them.
struct Fleet {
    stage: Stage,
    /// Each port, and by which code it fails.
    ports: Vec<(String, Option<&'static str>)>,
    hosts: String,
}

const KINDS: [&str; 5] = [
    "certificate-expired",
    "root-not-trusted",
    "host-name-mismatch",
    "plaintext-protocol",
    "closed-in-handshake",
];

impl Fleet {
    fn new() -> Self {
        let (stage, other) = (Stage::new(), Stage::named("Other"));
        let serve = |number: usize| match number {
            4 => stage.serve(Server { last_year: 2024, ..GOOD }),
            14 => other.serve(GOOD),
            24 => stage.serve(Server { names: &["git.example.com"], ..GOOD }),
            34 => scripted(b"HTTP/1.1 400 Bad Request\r\n\r\n", true),
            44 => scripted(b"\x00", true),
            _ => stage.serve(GOOD),
        };
        let code = |number: usize| KINDS.get(number / 10).copied().filter(|_| number % 10 == 4);
        let ports: Vec<_> = (0..50).map(|number| (serve(number), code(number))).collect();
        let hosts = stage.path("hosts.txt");
        let mut list = "\u{feff}# the fleet\r\n\r\n".to_owned();
        for (number, (port, _)) in ports.iter().enumerate() {
            list.push_str(&match number % 3 {
                0 => format!("localhost {port}\r\n"),
                1 => format!("localhost:{port} # again\r\n"),
                _ => format!("https://localhost:{port}/x\r\nlocalhost:{port}\r\n"),
            });
        }
        fs::write(&hosts, list).unwrap();
        Self { stage, ports, hosts }
    }

    fn scan(&self, format: &str) -> (String, Option<i32>) {
        let store = self.stage.store();
        let words = ["scan", &self.hosts, "--java", "17", "--truststore", &store];
        let began = Instant::now();
        let output = sslpoke(&[&words[..], &["--format", format, "--timeout", "2"]].concat());
        assert!(began.elapsed() < Duration::from_secs(3), "{format}: {:?}", began.elapsed());
        assert_eq!(stderr(&output), "");
        (stdout(&output), output.status.code())
    }
}

#[test]
fn s33_a_fleet_is_scanned_in_its_order() {
    let fleet = Fleet::new();
    let before = fs::read(fleet.stage.store()).unwrap();
    let (table, exit) = fleet.scan("text");
    assert_eq!(exit, Some(1), "{table}");
    let lines: Vec<&str> = table.lines().collect();
    for ((port, code), line) in fleet.ports.iter().zip(&lines) {
        let mark = if code.is_some() { "✗" } else { "✓" };
        assert!(line.starts_with(&format!("{mark} localhost:{port} ")), "{line}");
        assert!(code.is_none_or(|code| line.contains(code)), "{line}");
    }
    assert!(table.contains("\nJava 17.0.15 connects to 45 of 50, 5 refused\n"), "{table}");
    assert_eq!(fs::read(fleet.stage.store()).unwrap(), before);
}

#[test]
fn s33_a_fleet_is_one_object_or_one_a_line() {
    let fleet = Fleet::new();
    let (text, exit) = fleet.scan("json");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((exit, &report["verb"], text.lines().count()), (Some(1), &"scan".into(), 1));
    let results = report["results"].as_array().unwrap();
    let (text, _) = fleet.scan("ndjson");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((results.len(), lines.len()), (50, 50));
    for ((port, code), (result, line)) in fleet.ports.iter().zip(results.iter().zip(&lines)) {
        for held in [result, line] {
            assert_eq!(held["name"], format!("localhost:{port}"));
            assert_eq!(held["result"], if code.is_some() { "refused" } else { "connected" });
            assert_eq!(held["findings"][0]["code"].as_str(), *code, "{held:#}");
        }
    }
}

#[test]
fn s33_a_fleet_is_told_to_monitoring_and_to_ci() {
    let fleet = Fleet::new();
    let (metrics, exit) = fleet.scan("prometheus");
    assert_eq!(exit, Some(1), "{metrics}");
    let values = |name: &str| -> Vec<&str> {
        let start = format!("{name}{{target=\"localhost:");
        let lines = metrics.lines().filter(|line| line.starts_with(&start));
        lines.map(|line| line.rsplit_once(' ').unwrap().1).collect()
    };
    for ((_, code), up) in fleet.ports.iter().zip(values("sslpoke_up")) {
        assert_eq!(up, if code.is_some() { "0" } else { "1" });
    }
    assert_eq!(values("sslpoke_exit_code").iter().filter(|code| **code == "1").count(), 5);
    let ends = values("sslpoke_certificate_not_after_seconds");
    let (good, expired) = ("2493072000", "1704067200");
    assert_eq!((ends.len(), ends[0], ends[4]), (48, good, expired), "{metrics}");
    let took = values("sslpoke_handshake_seconds");
    assert!(took.iter().all(|took| took.parse::<f64>().unwrap() < 2.0), "{took:?}");
    for name in ["up", "exit_code", "certificate_not_after_seconds", "handshake_seconds"] {
        assert_eq!(metrics.matches(&format!("# TYPE sslpoke_{name} gauge\n")).count(), 1);
    }

    let (xml, _) = fleet.scan("junit");
    assert!(xml.contains(" tests=\"50\" failures=\"5\" errors=\"0\">"), "{xml}");
    assert_eq!((xml.matches("<testcase ").count(), xml.matches("<failure ").count()), (50, 5));
    for code in KINDS {
        assert!(xml.contains(&format!("<failure type=\"{code}\"")), "{code}: {xml}");
    }
}

/// Scans what standard input lists.
fn scan_list(list: &str, more: &[&str]) -> Output {
    let mut child = without_java(Path::new(env!("CARGO_BIN_EXE_sslpoke")))
        .args(["scan", "-", "--java", "17"])
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // who refuses a list need not read it to its end
    let _ = child.stdin.take().unwrap().write_all(list.as_bytes());
    child.wait_with_output().unwrap()
}

#[test]
fn s33_the_worst_that_occurred_is_the_exit_code_and_nobody_waits_for_the_silent() {
    let stage = Stage::new();
    let (good, closed, silent) = (stage.serve(GOOD), closed_port(), scripted(b"", true));
    let list = format!("localhost:{silent}\nlocalhost:{closed}\nlocalhost:{good}\n");
    let store = stage.store();
    let began = Instant::now();
    let output = scan_list(&list, &["--truststore", &store, "--timeout", "1", "--jobs", "2"]);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let table = stdout(&output);
    assert!(table.contains("connects to 1 of 3, 2 unreachable"), "{table}");
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].contains("says nothing") && lines[1].contains("refused"), "{table}");
}

#[test]
fn what_is_wrong_with_a_list_is_told_with_the_line() {
    let stage = Stage::new();
    let port = stage.serve(GOOD);
    let good = format!("localhost:{port}\n");
    for (list, said) in [
        (
            format!("{good}\ngitlab\n"),
            "sslpoke: standard input, line 3: \"gitlab\": a port is wanted",
        ),
        (format!("{good}gopher://x\n"), "sslpoke: standard input, line 2: gopher://: not a scheme"),
        (format!("{good}a:1 b:2\n"), "sslpoke: standard input, line 2: 2 targets; one a line"),
        ("# nothing\n".to_owned(), "sslpoke: no target is named"),
        ("a:1\n".repeat(10) + &"x".repeat(5 << 20), "longer than 4 MiB"),
        ((0..10_001).map(|n| format!("h:{n}\n")).collect(), "10001 targets"),
    ] {
        let output = scan_list(&list, &[]);
        let told = stderr(&output);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), String::new()), "{told}");
        assert!(told.contains(said), "{told}");
    }
    let output = sslpoke(&["scan", "gitlab.example.com"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("such as gitlab.example.com:443"), "{output:?}");
    let output = sslpoke(&["scan", "localhost:1", "--truststore", "/nonexistent/store"]);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    for format in ["md", "html", "pem"] {
        let output = sslpoke(&["scan", "localhost:1", "--format", format]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}

#[test]
fn a_hostile_name_stays_a_name_in_metrics_and_test_results() {
    let list = "a\"}\\1<b>&:1\n";
    let (metrics, xml) =
        (scan_list(list, &["--format", "prometheus"]), scan_list(list, &["--format", "junit"]));
    assert_eq!((metrics.status.code(), xml.status.code()), (Some(3), Some(3)));
    let (metrics, xml) = (stdout(&metrics), stdout(&xml));
    assert!(metrics.contains("sslpoke_up{target=\"a\\\"}\\\\1<b>&:1\"} 0\n"), "{metrics}");
    assert!(xml.contains("name=\"a&quot;}\\1&lt;b&gt;&amp;:1\""), "{xml}");
    assert!(!xml.contains("<b>"), "{xml}");
}
