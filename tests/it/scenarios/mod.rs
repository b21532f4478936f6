//! The doctor, scenario by scenario: what it says, what changes on disk, how it ends.

#![expect(
    clippy::panic,
    clippy::print_stderr,
    reason = "a failed test panics, and a skipped one says so"
)]

mod certificate;
mod classic;
mod fix;
mod fleet;
mod machine;
mod store;
pub(crate) mod wire;

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::stage::{sslpoke, stderr, stdout};

/// Examines localhost and returns the JSON and the exit code; the text and the Markdown must come, too.
pub(crate) fn examined(words: &[&str], port: &str) -> (Value, Option<i32>) {
    let all = [&["doctor", "--format", "json"], words, &["localhost", port]].concat();
    let output = sslpoke(&all);
    let report = serde_json::from_slice(&output.stdout);
    (report.unwrap_or_else(|error| panic!("{error}: {output:?}")), output.status.code())
}

/// Examines localhost and returns the screen and the exit code.
pub(crate) fn screen(words: &[&str], port: &str) -> (String, Option<i32>) {
    let output = sslpoke(&[&["doctor"], words, &["localhost", port]].concat());
    (all_of(&output), output.status.code())
}

fn all_of(output: &Output) -> String {
    stdout(output) + &stderr(output)
}

/// Returns the finding with this code as one text.
pub(crate) fn finding(report: &Value, code: &str) -> String {
    let findings = report["findings"].as_array().unwrap();
    let found = findings.iter().find(|held| held["code"] == code);
    let found = found.unwrap_or_else(|| panic!("no {code}: {report:#}"));
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    format!("{} | {} | {}", text("what"), text("why"), text("remedy"))
}

/// Returns the code of what matters most.
pub(crate) fn first(report: &Value) -> &str {
    report.pointer("/findings/0/code").and_then(Value::as_str).unwrap_or_default()
}

/// Makes a Java 17 installation with this file as cacerts, as far as the doctor looks at one.
pub(crate) fn java_home(folder: &str, cacerts: &str) {
    let security = Path::new(folder).join("lib/security");
    std::fs::create_dir_all(&security).unwrap();
    std::fs::create_dir_all(Path::new(folder).join("conf/security")).unwrap();
    std::fs::create_dir_all(Path::new(folder).join("bin")).unwrap();
    std::fs::copy(cacerts, security.join("cacerts")).unwrap();
    let release = Path::new(folder).join("release");
    std::fs::write(release, "JAVA_VERSION=\"17.0.19\"\n").unwrap();
    let security = Path::new(folder).join("conf/security/java.security");
    std::fs::write(security, JAVA_SECURITY).unwrap();
}

/// The lines of `java.security` that decide here.
const JAVA_SECURITY: &str = "security.provider.1=SUN
keystore.type=pkcs12
jdk.certpath.disabledAlgorithms=MD2, MD5, SHA1 jdkCA & usage TLSServer, \\
    RSA keySize < 1024, DSA keySize < 1024, EC keySize < 224
jdk.tls.disabledAlgorithms=SSLv3, TLSv1, TLSv1.1, RC4, DES, \\
    MD5withRSA, DH keySize < 1024, EC keySize < 224, 3DES_EDE_CBC, anon, NULL, ECDH, \\
    TLS_RSA_*
";

/// The numbers of the scenarios; those that are missing were never written down.
const SCENARIOS: [u8; 30] = [
    1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 24, 26, 27, 29, 31,
    32, 33, 34, 36,
];

#[test]
fn every_scenario_has_a_test_of_its_name() {
    let mut text = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                text.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    for number in SCENARIOS {
        let names = [format!("fn s{number:02}_"), format!("_s{number:02}_")];
        assert!(names.iter().any(|name| text.contains(name)), "S{number:02}");
    }
}
