//! The machine's Java beside us: it judges fresh cases by real handshakes, and we must say the same.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use java_pkix::{
    AuthType, EndpointIdentification, JavaRelease, Parameters, Protocol, Rules, TrustAnchor,
    TrustAnchors, Utc, Verdict, possible_verdicts,
};
use pki_types::CertificateDer;

use crate::case::Case;

/// What the runtime is asked for, so that we judge by the rules that it has.
const PROPERTIES: [&str; 5] = [
    "jdk.certpath.disabledAlgorithms",
    "jdk.tls.disabledAlgorithms",
    "jdk.disabled.namedCurves",
    "jdk.security.caDistrustPolicies",
    "jdk.security.allowNonCaAnchor",
];

#[test]
fn the_machines_java_judges_fresh_chains_as_we_do() {
    let Some(mut oracle) = Oracle::start() else { return };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seed = crate::number("STRESS_SEED").unwrap_or_else(|| now.subsec_nanos().into());
    let count = crate::number("STRESS_COUNT").unwrap_or(300);
    eprintln!("{count} cases of STRESS_SEED={seed} under Java {}", oracle.rules.release());
    let mut differing = Vec::new();
    for case in crate::cases(seed, count, i64::try_from(now.as_secs()).unwrap()) {
        let theirs = oracle.judge(&case);
        let ours = ours(&case, &oracle.rules);
        // what is written oddly is refused with other causes at times; the verdict and its first line must be the same
        let is_same = |ours: &Vec<String>| match case.is_well_written {
            true => *ours == theirs,
            false => ours.iter().take(2).eq(theirs.iter().take(2)),
        };
        if !ours.iter().any(is_same) && theirs != ["unasked"] {
            differing.push(format!("{}\n  java: {theirs:?}\n  ours: {ours:?}", case.json()));
        }
    }
    oracle.stop();
    assert!(differing.is_empty(), "STRESS_SEED={seed}\n{}", differing.join("\n"));
}

/// `ChainOracle` in a JVM of its own.
struct Oracle {
    child: Child,
    answers: BufReader<std::process::ChildStdout>,
    rules: Rules,
    _classes: Folder,
}

/// A folder that goes with its owner.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // what can't be removed stays in the build folder
        drop(std::fs::remove_dir_all(&self.0));
    }
}

impl Oracle {
    /// Compiles and starts it; says so where there is no Java 17.
    fn start() -> Option<Self> {
        let javac = Command::new("javac").arg("-version").output();
        let version = javac.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        if !version.is_ok_and(|version| version.starts_with("javac 17.")) {
            assert!(std::env::var_os("CI").is_none(), "no javac 17, and this is CI");
            eprintln!("skipped: the machine's javac is not of Java 17");
            return None;
        }
        let name = format!("chain-oracle-{}", std::process::id());
        let classes = Folder(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        std::fs::create_dir_all(&classes.0).unwrap();
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stress/ChainOracle.java");
        let status = Command::new("javac").arg("-d").arg(&classes.0).arg(source).status().unwrap();
        assert!(status.success(), "javac");
        let mut child = Command::new("java")
            .args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Duser.timezone=UTC"])
            .args(["-Duser.language=en", "-cp"])
            .arg(&classes.0)
            .arg("ChainOracle")
            .args(PROPERTIES)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let rules = read_rules(&mut answers);
        Some(Self { child, answers, rules, _classes: classes })
    }

    /// Returns `accepted`, `rejected` and the exceptions, `store`, or `unasked`.
    fn judge(&mut self, case: &Case) -> Vec<String> {
        let encode = |all: &[Vec<u8>]| -> String {
            all.iter().map(|der| BASE64_STANDARD.encode(der)).collect::<Vec<_>>().join(",")
        };
        let question =
            format!("{}\t{}\t{}\n", case.host, encode(&case.anchors), encode(&case.chain));
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(question.as_bytes()).unwrap();
        stdin.flush().unwrap();
        let answer = line(&mut self.answers);
        let mut fields = answer.split('\t');
        let stage = fields.next().unwrap().to_owned();
        let mut told = vec![stage];
        if told[0] == "rejected" {
            told.extend(fields.map(decode));
        }
        told
    }

    fn stop(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

/// Reads the version, the security properties and the block list.
fn read_rules(answers: &mut impl BufRead) -> Rules {
    let release: JavaRelease = line(answers).parse().unwrap();
    let values = PROPERTIES.map(|property| (property, line(answers)));
    let blocked = line(answers);
    let rules = Rules::built_in(release).with_security_properties(&|asked| {
        let (_, value) = values.iter().find(|(property, _)| *property == asked)?;
        value.strip_prefix('+').map(str::to_owned)
    });
    if blocked == "-" { rules } else { rules.with_blocked_certs(&decode(&blocked)) }
}

fn line(answers: &mut impl BufRead) -> String {
    let mut line = String::new();
    assert!(answers.read_line(&mut line).unwrap() > 0, "the oracle is gone");
    line.trim_end_matches(['\r', '\n']).to_owned()
}

fn decode(text: &str) -> String {
    String::from_utf8(BASE64_STANDARD.decode(text).unwrap()).unwrap()
}

/// Returns what we say, in the form of [`Oracle::judge`]: several answers where Java's differs from run to run.
fn ours(case: &Case, rules: &Rules) -> Vec<Vec<String>> {
    let certificates = |all: &[Vec<u8>]| -> Vec<CertificateDer<'static>> {
        all.iter().map(|der| der.clone().into()).collect()
    };
    let anchors: TrustAnchors = certificates(&case.anchors)
        .into_iter()
        .map(|certificate| TrustAnchor { name: String::new(), certificate, jdk_ca: false })
        .collect();
    if anchors.first_unreadable(rules).is_some() {
        return vec![vec!["store".to_owned()]];
    }
    let parameters = Parameters {
        rules,
        host: &case.host,
        endpoint_identification: EndpointIdentification::Https,
        protocol: Protocol::Tls13,
        auth_type: AuthType::Unknown,
        now: case.time * 1000,
        zone: &Utc,
    };
    let answer = |verdict: &Verdict| match verdict {
        Verdict::Trusted(_) => vec!["accepted".to_owned()],
        Verdict::Rejected(rejection) => {
            let texts = rejection.exception.chain().map(ToString::to_string);
            std::iter::once("rejected".to_owned()).chain(texts).collect()
        }
    };
    possible_verdicts(&certificates(&case.chain), &anchors, &parameters)
        .iter()
        .map(answer)
        .collect()
}
