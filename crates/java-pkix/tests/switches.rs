//! `docs/java-behaviour.md` is held to the switches: each has its line, its values by release, and a recorded run that shows it.

#![expect(clippy::unwrap_used, reason = "a failed test panics")]
#![expect(clippy::indexing_slicing, reason = "well-formed recordings")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use java_pkix::{Profile, Rules, Switch};
use serde_json::Value;

mod recorded;

use recorded::Case;

/// The builds whose answers the fixtures hold.
const RECORDED: [(i64, &str); 6] = [
    (8, "8u504"),
    (11, "11.0.33"),
    (17, "17.0.15"),
    (21, "21.0.13"),
    (25, "25.0.5"),
    (26, "26.0.2"),
];

const SUITES: [&str; 3] = ["written", "mutated", "generated"];

/// A line of the page.
struct Line {
    name: String,
    what: String,
    values: String,
    evidence: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn page() -> Vec<Line> {
    let page = fs::read_to_string(root().join("docs/java-behaviour.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, what, values, evidence] = cells.try_into().unwrap();
        Line {
            name: name.trim_matches('`').to_owned(),
            what: what.to_owned(),
            values: values.to_owned(),
            evidence: evidence.to_owned(),
        }
    })
    .collect()
}

/// Writes a switch's values as the page has them: each value with the builds that have it.
fn values(switch: &Switch) -> String {
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for profile in &Profile::RECORDED {
        let (value, build) = (switch.value(profile), profile.recorded.to_string());
        match told.iter_mut().find(|(held, _)| *held == value) {
            Some((_, builds)) => builds.push(build),
            None => told.push((value, vec![build])),
        }
    }
    let most = told.iter().map(|(_, builds)| builds.len()).max().unwrap();
    let is_most = |builds: &[String]| builds.len() == most;
    let mut parts: Vec<String> = Vec::new();
    let mut rest = None;
    for (value, builds) in told {
        if rest.is_none() && is_most(&builds) {
            rest = Some(value);
        } else {
            parts.push(format!("{value}: {}", builds.join(", ")));
        }
    }
    parts.push(format!("{}: all others", rest.unwrap()));
    parts.join("; ").replace("\\\"", "'").replace('|', "/")
}

#[test]
fn every_switch_has_its_line_and_its_values() {
    let page = page();
    let told: Vec<(&str, &str, &str)> =
        page.iter().map(|line| (&*line.name, &*line.what, &*line.values)).collect();
    let all: Vec<(&str, &str, String)> = Switch::of_profile()
        .iter()
        .map(|switch| (switch.name, switch.what, values(switch)))
        .collect();
    let held: Vec<_> = all.iter().map(|(name, what, values)| (*name, *what, &**values)).collect();
    let rows: String = held
        .iter()
        .map(|(name, what, values)| format!("| `{name}` | {what} | {values} |\n"))
        .collect();
    assert_eq!(told, held, "the lines should begin with:\n{rows}");
}

#[test]
fn every_line_is_backed_by_a_run() {
    let cases: Vec<HashMap<String, Case>> = SUITES.iter().map(|suite| cases(suite)).collect();
    let gold: Vec<HashMap<String, Value>> =
        SUITES.iter().map(|suite| read(suite, "gold")).collect();
    let (mut shown_by_case, mut shown_by_test, mut told_in_profile) = (0, 0, 0);
    for line in page() {
        let switch = Switch::of_profile().iter().find(|switch| switch.name == line.name).unwrap();
        let evidence = line.evidence.trim_matches('`');
        if evidence == "profile.rs" {
            told_in_profile += 1;
            continue;
        }
        if let Some((file, test)) = evidence.split_once(": ") {
            let text = fs::read_to_string(root().join(file)).unwrap();
            assert!(text.contains(&format!("fn {test}(")), "{}: {evidence}", line.name);
            shown_by_test += 1;
            continue;
        }
        let at = cases.iter().position(|suite| suite.contains_key(evidence));
        let at = at.unwrap_or_else(|| unreachable!("{}: no case {evidence}", line.name));
        assert!(
            shows(&cases[at][evidence], &gold[at][evidence], switch),
            "{}: {evidence}",
            line.name
        );
        shown_by_case += 1;
    }
    // A line without a case or a test of its own is a debt that may only shrink.
    let count = (shown_by_case, shown_by_test, told_in_profile);
    assert!(shown_by_case >= 22 && told_in_profile <= 1, "{count:?}");
}

/// Returns whether a recorded answer of one build is ours with the switch as that build has it, and not with that of another.
fn shows(case: &Case, gold: &Value, switch: &Switch) -> bool {
    RECORDED.iter().any(|(feature, release)| {
        let Some(recorded) = outcome(gold, *feature) else { return false };
        let own = Rules::built_in(release.parse().unwrap());
        let others = RECORDED.iter().map(|(_, other)| Rules::built_in(other.parse().unwrap()));
        let mut others =
            others.filter(|other| switch.value(other.profile()) != switch.value(own.profile()));
        others.any(|other| answer(case, &own.with_switch_of(switch, &other)) != recorded)
            && answer(case, &own) == recorded
    })
}

fn outcome(gold: &Value, feature: i64) -> Option<(String, Vec<String>)> {
    let outcomes = gold["outcomes"].as_array().unwrap();
    let is_it = |held: &&Value| held["jre"].as_array().unwrap().contains(&feature.into());
    let outcome = outcomes.iter().find(is_it)?;
    if outcome["stage"] == "anchors" {
        return None;
    }
    let lines = outcome["exc"].as_array().map(Vec::as_slice).unwrap_or_default();
    let lines = lines.iter().map(|line| line.as_str().unwrap().to_owned()).collect();
    Some((outcome["verdict"].as_str().unwrap().to_owned(), lines))
}

fn answer(case: &Case, rules: &Rules) -> (String, Vec<String>) {
    let answers = case.answers(rules).unwrap_or_else(|fault| vec![("reject", vec![fault])]);
    let (verdict, lines) = answers.into_iter().next().unwrap();
    (verdict.to_owned(), lines)
}

fn cases(suite: &str) -> HashMap<String, Case> {
    let cases = read(suite, "cases").into_values().map(|value| Case::read(&value));
    cases.map(|case| (case.id.clone(), case)).collect()
}

fn read(suite: &str, kind: &str) -> HashMap<String, Value> {
    let text = fs::read_to_string(root().join(format!("fixtures/verdicts/{suite}.{kind}.jsonl")));
    let values = text.unwrap();
    let values = values.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    values.map(|value| (value["id"].as_str().unwrap().to_owned(), value)).collect()
}
