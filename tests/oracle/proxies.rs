//! Which proxy each JRE's `ProxySelector` picks, and which one we go through.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::jre::{FEATURES, Matrix, compile};

/// Who asks, the host, and the properties behind `-D`.
type Case = (&'static str, &'static str, &'static [&'static str]);

const SOCKS: &str = "socksProxyHost=127.0.0.1";
const HTTPS: &str = "https.proxyHost=127.0.0.1";

const CASES: [Case; 46] = [
    ("socket", "h.test", &[]),
    ("socket", "h.test", &[SOCKS]),
    ("socket", "localhost", &[SOCKS]),
    ("socket", "LOCALHOST", &[SOCKS]),
    ("socket", "localhost.", &[SOCKS]),
    ("socket", "127.0.0.1", &[SOCKS]),
    ("socket", "0.0.0.0", &[SOCKS]),
    ("socket", "[::1]", &[SOCKS]),
    ("socket", "localhost", &[SOCKS, "socksNonProxyHosts="]),
    ("socket", "localhost", &[SOCKS, "socksNonProxyHosts=x"]),
    ("socket", "localhost", &[SOCKS, "socksNonProxyHosts=|"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=*.test"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts= *.test"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=*.test |x"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=h*"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=*.te*"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=*"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=**"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=h*t"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=H.TEST"]),
    ("socket", "h.test", &[SOCKS, "socksNonProxyHosts=||h.test"]),
    ("socket", "h.test", &[SOCKS, "http.nonProxyHosts=h.test"]),
    ("socket", "h.test", &[HTTPS]),
    ("socket", "h.test", &[SOCKS, "socksProxyPort=9"]),
    ("socket", "h.test", &[SOCKS, "socksProxyPort=0x9"]),
    ("socket", "h.test", &[SOCKS, "socksProxyPort=011"]),
    ("socket", "h.test", &[SOCKS, "socksProxyPort=+9"]),
    ("socket", "h.test", &[SOCKS, "socksProxyPort= 9"]),
    ("socket", "h.test", &[SOCKS, "socksProxyPort=x"]),
    ("socket", "h.test", &[SOCKS, "socksProxyPort=0"]),
    ("https", "h.test", &[HTTPS]),
    ("https", "h.test", &[HTTPS, "https.proxyPort=9"]),
    ("https", "h.test", &[HTTPS, "proxyPort=9"]),
    ("https", "h.test", &["proxyHost=127.0.0.1"]),
    ("https", "h.test", &["proxyHost=127.0.0.1", "https.proxyPort=9"]),
    ("https", "h.test", &["https.proxyHost=", "proxyHost=127.0.0.1"]),
    ("https", "h.test", &["http.proxyHost=127.0.0.1", "http.proxyPort=9"]),
    ("https", "h.test", &[SOCKS, HTTPS]),
    ("https", "h.test", &[HTTPS, "http.nonProxyHosts=*.test"]),
    ("https", "h.test", &[HTTPS, "https.nonProxyHosts=*.test"]),
    ("https", "h.test", &[HTTPS, "http.nonProxyHosts=x|*.te*"]),
    ("https", "localhost", &[HTTPS]),
    ("https", "localhost", &[HTTPS, "http.nonProxyHosts="]),
    ("https", "127.0.0.1", &[HTTPS, "http.nonProxyHosts=x"]),
    ("https", "[::1]", &[HTTPS]),
    ("https", "[::1]", &[HTTPS, "http.nonProxyHosts="]),
];

#[test]
fn the_proxy_is_the_one_that_java_would_take() {
    let Some(matrix) = Matrix::find() else { return };
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    compile(folder.path(), "ProxyOracle");
    for feature in FEATURES {
        let mut java = Command::new(matrix.path(&format!("java{feature}")))
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"])
            .arg(folder.path())
            .arg("ProxyOracle")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        java.stdin.take().unwrap().write_all(questions().as_bytes()).unwrap();
        let output = java.wait_with_output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert_eq!(told.lines().count(), CASES.len(), "java{feature}: {told}");
        for (case, expected) in CASES.iter().zip(told.lines()) {
            assert_eq!(ours(feature, case), expected, "java{feature}: {case:?}");
        }
    }
}

/// A socket has the address of a literal, and asks for that.
fn questions() -> String {
    let mut questions = String::new();
    for (client, host, properties) in CASES {
        let expanded = client == "socket" && host == "[::1]";
        let host = if expanded { "[0:0:0:0:0:0:0:1]" } else { host };
        let fields = [&[client, host], properties].concat();
        writeln!(questions, "{}", fields.join("\t")).unwrap();
    }
    questions
}

/// Returns what our findings say of the way, in the oracle's words. Nobody listens at its end.
fn ours(feature: u16, (client, host, properties): &Case) -> String {
    let scheme = if *client == "https" { "https" } else { "ldaps" };
    let mut command = Command::new(env!("CARGO_BIN_EXE_sslpoke"));
    command.env("PATH", "/nonexistent").args(["poke", "--format", "json", "--timeout", "5"]);
    command.args(["--java", &feature.to_string(), "--resolve", "h.test:9:127.0.0.1"]);
    command.args(properties.iter().map(|property| format!("-D{property}")));
    let output = command.arg(format!("{scheme}://{host}:9")).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report.pointer("/findings").and_then(serde_json::Value::as_array).unwrap();
    let text = |finding: &serde_json::Value, name: &str| {
        finding.get(name).and_then(|text| text.as_str()).unwrap_or_default().to_owned()
    };
    for finding in findings {
        let what = text(finding, "what");
        let port = || what.rsplit(':').next().unwrap().split(',').next().unwrap().to_owned();
        match text(finding, "code").as_str() {
            "socks-proxy" => return format!("SOCKS {}", port()),
            "http-proxy" => return format!("HTTP {}", port()),
            _ => {}
        }
    }
    "DIRECT".to_owned()
}
