//! Judges recorded cases: `verdicts RELEASE < CASES.jsonl > VERDICTS.jsonl`, as `sslpoke judge --jsonl` does.

#![expect(clippy::unwrap_used, reason = "a measuring tool for well-formed cases")]
#![expect(clippy::indexing_slicing, reason = "a measuring tool for well-formed cases")]
#![expect(clippy::print_stdout, reason = "a measuring tool")]

use std::io::BufRead;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use java_pkix::{
    AuthType, EndpointIdentification, JavaRelease, Parameters, Protocol, Rules, TrustAnchor,
    TrustAnchors, Utc, Verdict, possible_verdicts,
};
use pki_types::CertificateDer;
use serde_json::{Value, json};

fn main() {
    let release: JavaRelease = std::env::args().nth(1).unwrap().parse().unwrap();
    let rules = Rules::built_in(release);
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let answers = judge(&case, &rules);
        let answer =
            |(verdict, exceptions): &(_, _)| json!({"verdict": verdict, "exc": exceptions});
        let mut first = answer(&answers[0]);
        first["id"] = case["id"].clone();
        if answers.len() > 1 {
            first["or"] = answers[1..].iter().map(answer).collect();
        }
        println!("{first}");
    }
}

fn judge(case: &Value, rules: &Rules) -> Vec<(&'static str, Vec<String>)> {
    let certificates = |name: &str| -> Vec<CertificateDer<'static>> {
        let texts = case[name].as_array().unwrap();
        let decode = |text: &Value| BASE64_STANDARD.decode(text.as_str().unwrap()).unwrap().into();
        texts.iter().map(decode).collect()
    };
    let anchors: TrustAnchors = certificates("anchors")
        .into_iter()
        .map(|certificate| TrustAnchor::new("", certificate))
        .collect();
    if let Some((_, fault)) = anchors.first_unreadable(rules) {
        return vec![("reject", vec![fault.to_string()])];
    }
    let is_tls12 = case["tls"] == "TLSv1.2";
    let parameters = Parameters {
        rules,
        host: case["host"].as_str().unwrap(),
        endpoint_identification: if case["endpoint"] == "" {
            EndpointIdentification::None
        } else {
            EndpointIdentification::Https
        },
        protocol: if is_tls12 { Protocol::Tls12 } else { Protocol::Tls13 },
        auth_type: if is_tls12 { AuthType::EcdheRsa } else { AuthType::Unknown },
        now: case["time"].as_i64().unwrap_or(1_795_348_800) * 1000,
        zone: &Utc,
    };
    let answer = |verdict: &Verdict| match verdict {
        Verdict::Trusted(_) => ("accept", Vec::new()),
        Verdict::Rejected(rejection) => {
            ("reject", rejection.exception.chain().map(ToString::to_string).collect())
        }
    };
    possible_verdicts(&certificates("chain"), &anchors, &parameters).iter().map(answer).collect()
}
