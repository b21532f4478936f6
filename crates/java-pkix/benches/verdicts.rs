//! Verdicts per second of CPU on ordinary chains, beside `rustls-webpki`; few anchors beside many; whole recorded suites and
//! their slowest case.
//!
//! `cargo bench -p java-pkix`. Figures of one run are comparable with each other only. Where `SSLPOKE_TESTDATA` is not set,
//! the suites are those of `fixtures/verdicts`.

#![expect(clippy::unwrap_used, reason = "a failed measurement panics")]
#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use java_pkix::{
    AuthType, EndpointIdentification, Parameters, Profile, Protocol, Rules, TrustAnchor,
    TrustAnchors, Utc, Verdict, validate,
};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use pki_types::{CertificateDer, ServerName, UnixTime};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

#[path = "../tests/recorded/mod.rs"]
mod recorded;

use recorded::Case;

/// 2026-11-24.
const NOW: u64 = 1_795_478_400;
const HOST: &str = "gitlab.example.com";
const ROUNDS: u32 = 2_000;

/// A leaf, its issuing CA, and the root.
struct Chain {
    sent: Vec<CertificateDer<'static>>,
    root: CertificateDer<'static>,
}

fn main() {
    println!("{:<44} {:>16}", "", "us of CPU each");
    for (kind, is_p256) in [("P-256", true), ("RSA-2048", false)] {
        let chain = Chain::make(if is_p256 { p256_key } else { rsa_key }, 0);
        let java = ours(&chain, &anchors(&[&chain.root]));
        let theirs = webpki_verdicts(&chain);
        println!("{:<44} {java:>16.1}", format!("java-pkix, {kind}, 1 anchor"));
        println!("{:<44} {theirs:>16.1}", format!("rustls-webpki, {kind}, 1 anchor"));
        println!("{:<44} {:>16.2}", format!("ratio, {kind}"), java / theirs);
    }
    let chain = Chain::make(p256_key, 0);
    let others: Vec<CertificateDer<'static>> =
        (1..1_000).map(|number| Chain::make(p256_key, number).root).collect();
    let with_others = |count: usize| {
        let others = others.iter().take(count).chain([&chain.root]);
        ours(&chain, &anchors(&others.collect::<Vec<_>>()))
    };
    let (few, many) = (with_others(9), with_others(999));
    println!("{:<44} {few:>16.1}", "java-pkix, P-256, 10 anchors");
    println!("{:<44} {many:>16.1}", "java-pkix, P-256, 1,000 anchors");
    println!("{:<44} {:>16.2}", "ratio", many / few);
    suites();
}

/// Judges all recorded cases as each release does, and tells which took longest.
fn suites() {
    let cases = recorded_cases();
    println!("{:<44} {:>16} {:>16}", format!("{} cases", cases.len()), "s of CPU", "slowest, ms");
    for release in Profile::RECORDED.map(|profile| profile.recorded) {
        let rules = Rules::built_in(release);
        let (mut total, mut slowest) = (0.0, (0.0, ""));
        for case in &cases {
            let taken = once(case, &rules);
            total += taken;
            if taken > slowest.0 {
                // What another program took is not this one's.
                let again = (0..4).map(|_| once(case, &rules)).fold(taken, f64::min);
                slowest = if again > slowest.0 { (again, &case.id) } else { slowest };
            }
        }
        let (total, longest) = (total / 1e6, slowest.0 / 1e3);
        println!("{:<44} {total:>16.2} {longest:>16.1} {}", release.to_string(), slowest.1);
    }
}

fn once(case: &Case, rules: &Rules) -> f64 {
    let before = cpu();
    std::hint::black_box(case.answers(rules)).ok();
    cpu() - before
}

fn recorded_cases() -> Vec<Case> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/verdicts");
    let mut texts: Vec<String> = ["written", "mutated", "generated"]
        .iter()
        .map(|suite| {
            std::fs::read_to_string(fixtures.join(format!("{suite}.cases.jsonl"))).unwrap()
        })
        .collect();
    if let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") {
        for suite in ["limbo", "bettertls", "found", "stress-dev"] {
            let file = Path::new(&data).join(format!("verdicts/{suite}.cases.jsonl.xz"));
            let output = Command::new("xz").arg("-dc").arg(file).output().unwrap();
            texts.push(String::from_utf8(output.stdout).unwrap());
        }
    }
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.map(|line| Case::read(&serde_json::from_str(line).unwrap())).collect()
}

fn anchors(certificates: &[&CertificateDer<'static>]) -> TrustAnchors {
    let anchor = |certificate: &&CertificateDer<'static>| TrustAnchor {
        name: String::new(),
        certificate: (*certificate).clone(),
        jdk_ca: false,
    };
    certificates.iter().map(anchor).collect()
}

fn ours(chain: &Chain, anchors: &TrustAnchors) -> f64 {
    let rules = Rules::built_in("26.0.2".parse().unwrap());
    let parameters = Parameters {
        rules: &rules,
        host: HOST,
        endpoint_identification: EndpointIdentification::Https,
        protocol: Protocol::Tls13,
        auth_type: AuthType::Unknown,
        now: i64::try_from(NOW * 1000).unwrap(),
        zone: &Utc,
    };
    each(|| {
        assert!(matches!(validate(&chain.sent, anchors, &parameters), Verdict::Trusted(_)));
    })
}

fn webpki_verdicts(chain: &Chain) -> f64 {
    let anchor = webpki::anchor_from_trusted_cert(&chain.root).unwrap();
    let anchors = [anchor];
    let host = ServerName::try_from(HOST).unwrap();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW));
    each(|| {
        let leaf = chain.sent.first().unwrap();
        let leaf = webpki::EndEntityCert::try_from(leaf).unwrap();
        let usage = webpki::KeyUsage::server_auth();
        leaf.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &anchors,
            chain.sent.get(1..).unwrap(),
            now,
            usage,
            None,
            None,
        )
        .unwrap();
        leaf.verify_is_valid_for_subject_name(&host).unwrap();
    })
}

/// Returns the microseconds of CPU that a call takes.
fn each(mut call: impl FnMut()) -> f64 {
    (0..ROUNDS / 10).for_each(|_| call());
    let before = cpu();
    (0..ROUNDS).for_each(|_| call());
    (cpu() - before) / f64::from(ROUNDS)
}

fn cpu() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    let total = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    f64::from(i32::try_from(total).unwrap())
}

impl Chain {
    fn make(key: fn() -> KeyPair, number: u32) -> Self {
        let (root_key, issuing_key, leaf_key) = (key(), key(), key());
        let root_parameters = authority(&format!("Example Corp Root CA {number}"));
        let root = root_parameters.self_signed(&root_key).unwrap();
        let issuing_parameters = authority(&format!("Example Corp Issuing CA {number}"));
        let by_root = Issuer::from_params(&root_parameters, &root_key);
        let issuing = issuing_parameters.signed_by(&issuing_key, &by_root).unwrap();
        let mut leaf = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
        leaf.not_before = date_time_ymd(2024, 1, 1);
        leaf.not_after = date_time_ymd(2049, 1, 1);
        leaf.use_authority_key_identifier_extension = true;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let by_issuing = Issuer::from_params(&issuing_parameters, &issuing_key);
        let leaf = leaf.signed_by(&leaf_key, &by_issuing).unwrap();
        Self { sent: vec![leaf.der().clone(), issuing.der().clone()], root: root.der().clone() }
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::OrganizationName, "Example Corp");
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.not_before = date_time_ymd(2024, 1, 1);
    parameters.not_after = date_time_ymd(2049, 1, 1);
    parameters
}

fn p256_key() -> KeyPair {
    KeyPair::generate().unwrap()
}

/// Makes an RSA key with openssl: ring makes none.
fn rsa_key() -> KeyPair {
    let output = Command::new("openssl")
        .args(["genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])
        .output()
        .unwrap();
    KeyPair::from_pem(&String::from_utf8(output.stdout).unwrap()).unwrap()
}
