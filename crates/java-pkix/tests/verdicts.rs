//! Our verdicts and words are those that six JREs gave: on the cases in `fixtures/verdicts`, and on whole suites in place.

#![expect(clippy::unwrap_used, reason = "well-formed recordings")]
#![expect(clippy::indexing_slicing, reason = "well-formed recordings")]
#![expect(clippy::print_stderr, reason = "says what was measured, or why not")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use java_pkix::{JavaRelease, Rules};
use serde_json::Value;

mod recorded;

use recorded::Case;

const RELEASES: [(i64, &str); 6] = [
    (8, "8u504"),
    (11, "11.0.33"),
    (17, "17.0.15"),
    (21, "21.0.13"),
    (25, "25.0.5"),
    (26, "26.0.2"),
];

/// What a runtime says of a case, or what we say.
#[derive(Debug, PartialEq)]
struct Answer {
    verdict: String,
    /// The exception and its causes; none where it is the recorder's own.
    exceptions: Option<Vec<String>>,
}

#[test]
fn written_cases_are_answered_as_six_jres_answer() {
    check_fixture("written");
}

#[test]
fn mutated_chains_are_answered_as_six_jres_answer() {
    check_fixture("mutated");
}

#[test]
fn generated_chains_are_answered_as_six_jres_answer() {
    check_fixture("generated");
}

#[test]
fn whole_suites_are_answered_as_six_jres_answer() {
    let Some(data) = std::env::var_os("SSLPOKE_TESTDATA") else {
        eprintln!("SSLPOKE_TESTDATA is not set: the whole suites are not run");
        return;
    };
    for suite in ["limbo", "bettertls", "found", "stress-dev"] {
        let read = |kind: &str| {
            let file = Path::new(&data).join(format!("verdicts/{suite}.{kind}.jsonl.xz"));
            let output = Command::new("xz").arg("-dc").arg(file).output().unwrap();
            assert!(output.status.success(), "xz can't read {suite}");
            String::from_utf8(output.stdout).unwrap()
        };
        check(suite, &read("cases"), &read("gold"));
    }
}

fn check_fixture(suite: &str) {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/verdicts");
    let read =
        |kind: &str| std::fs::read_to_string(folder.join(format!("{suite}.{kind}.jsonl"))).unwrap();
    check(suite, &read("cases"), &read("gold"));
}

/// Answers every case for every release; what differs must be what the list of divergences says, no more and no less.
fn check(suite: &str, cases: &str, gold: &str) {
    let gold: BTreeMap<String, Value> = gold
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|recorded| (recorded["id"].as_str().unwrap().to_owned(), recorded))
        .collect();
    let rules = RELEASES.map(|(jre, release)| (jre, rules(release)));
    let mut found = Vec::new();
    let mut count = 0;
    for case in cases.lines() {
        let case = Case::read(&serde_json::from_str(case).unwrap());
        let id = case.id.as_str();
        // Of unstable cases a runtime gives several answers.
        let Some(recorded) = gold.get(id).filter(|recorded| recorded["unstable"].is_null()) else {
            continue;
        };
        for (jre, rules) in &rules {
            let Some(expected) = expected(recorded, *jre) else { continue };
            let actual = judge(&case, rules);
            count += 1;
            if !actual.iter().any(|answer| is_same(answer, &expected)) {
                found.push(divergence(suite, id, *jre, &expected, &actual[0]));
            }
        }
    }
    eprintln!("{suite}: {} of {count} answers are the same to the letter", count - found.len());
    assert!(count > 0, "{suite} holds no case");
    let listed: Vec<&str> = include_str!("../../../fixtures/verdicts/divergences.tsv")
        .lines()
        .filter(|line| line.split('\t').next() == Some(suite))
        .map(|line| line.rsplit_once('\t').unwrap().0)
        .collect();
    let unlisted: Vec<_> = found.iter().filter(|line| !listed.contains(&line.as_str())).collect();
    let settled: Vec<_> =
        listed.iter().filter(|line| found.iter().all(|one| one != *line)).collect();
    assert!(
        unlisted.is_empty() && settled.is_empty(),
        "not in divergences.tsv: {unlisted:#?}\nno divergence any more: {settled:#?}"
    );
}

/// Tells whether two answers are the same to the letter, the recorder's own words apart.
fn is_same(one: &Answer, other: &Answer) -> bool {
    one.verdict == other.verdict
        && (one.exceptions == other.exceptions
            || one.exceptions.is_none()
            || other.exceptions.is_none())
}

/// Writes a divergence as the list has it: suite, case, JRE, what it says, what we say; the reason follows there.
fn divergence(suite: &str, id: &str, jre: i64, expected: &Answer, actual: &Answer) -> String {
    let (java, ours) = (differing(expected, actual), differing(actual, expected));
    format!("{suite}\t{id}\t{jre}\t{java}\t{ours}")
}

/// Returns the first of what `one` says and `other` does not.
fn differing(one: &Answer, other: &Answer) -> String {
    if one.verdict != other.verdict {
        return one.verdict.clone();
    }
    let lines = |answer: &Answer| answer.exceptions.clone().unwrap_or_default();
    let others = lines(other);
    let mut own = lines(one).into_iter().enumerate();
    own.find(|(at, line)| others.get(*at) != Some(line))
        .map_or_else(|| "nothing more".to_owned(), |(_, line)| line)
}

fn rules(release: &str) -> Rules {
    let release: JavaRelease = release.parse().unwrap();
    let rules = Rules::built_in(release);
    assert_eq!(rules.recorded_as(), release);
    rules
}

fn expected(recorded: &Value, jre: i64) -> Option<Answer> {
    let is_of = |outcome: &&Value| outcome["jre"].as_array().unwrap().contains(&jre.into());
    let outcome = recorded["outcomes"].as_array().unwrap().iter().find(is_of)?;
    let text = |line: &Value| line.as_str().unwrap().to_owned();
    let lines = outcome["exc"].as_array().map(|lines| lines.iter().map(text).collect());
    let is_own = outcome["stage"] == "anchors";
    let exceptions = if is_own { None } else { Some(lines.unwrap_or_default()) };
    Some(Answer { verdict: text(&outcome["verdict"]), exceptions })
}

/// Judges a case: several answers where Java's differs from run to run.
fn judge(case: &Case, rules: &Rules) -> Vec<Answer> {
    let Ok(answers) = case.answers(rules) else {
        // The store does not load: what is thrown is the recorder's.
        return vec![Answer { verdict: "reject".to_owned(), exceptions: None }];
    };
    let answer = |(verdict, lines): (&str, _)| Answer {
        verdict: verdict.to_owned(),
        exceptions: Some(lines),
    };
    answers.into_iter().map(answer).collect()
}
