//! Judges recorded cases: `verdicts RELEASE < CASES.jsonl > VERDICTS.jsonl`, as `sslpoke judge --jsonl` does.

#![expect(clippy::unwrap_used, reason = "a measuring tool for well-formed cases")]
#![expect(clippy::indexing_slicing, reason = "a measuring tool for well-formed cases")]
#![expect(clippy::print_stdout, reason = "a measuring tool")]

use std::io::BufRead;

use java_pkix::{JavaRelease, Rules};
use serde_json::{Value, json};

#[path = "../tests/recorded/mod.rs"]
mod recorded;

use recorded::Case;

fn main() {
    let release: JavaRelease = std::env::args().nth(1).unwrap().parse().unwrap();
    let rules = Rules::built_in(release);
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let case = Case::read(&case);
        let answers = case.answers(&rules).unwrap_or_else(|fault| vec![("reject", vec![fault])]);
        let answer =
            |(verdict, exceptions): &(_, _)| json!({"verdict": verdict, "exc": exceptions});
        let mut first = answer(&answers[0]);
        first["id"] = case.id.into();
        if answers.len() > 1 {
            first["or"] = answers[1..].iter().map(answer).collect();
        }
        println!("{first}");
    }
}
