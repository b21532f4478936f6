//! Fresh random chains, judged by us and by the machine's own Java: certificates, names and encodings, paths and policies.
//!
//! `STRESS_SEED` names the seed of a run to be repeated, `STRESS_COUNT` how many cases (300). Cases of a seed are the same
//! everywhere. `STRESS_WRITE=FILE` writes them for other judges, with the time that recorded cases have:
//! `STRESS_WRITE=/tmp/cases.jsonl STRESS_SEED=1 STRESS_COUNT=2000 cargo test -p java-pkix --test stress cases_are_written`.

#![expect(clippy::unwrap_used, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "says what is run, or why not")]
#![expect(clippy::indexing_slicing, reason = "lengths are known here")]

mod algorithms; // keys, digests and what a signature claims to be
mod case; //      what a server sends, what is trusted, what is asked
mod der; //       the writer, and what bends what is written
mod draft; //     certificates before they are signed
mod encodings; // fields and extensions that are written oddly
mod hosts; //     host names and what a certificate says of them
mod keys; //      key pairs of a seed
mod live; //      the machine's Java beside us
mod meshes; //    CAs that certify each other
mod names; //     name constraints of every form
mod policies; //  policies, their mappings and constraints
mod random; //    a seed gives the same cases everywhere
mod usages; //    key usages, purposes and who is a CA

use std::io::Write;

use crate::case::Case;
use crate::random::Random;

/// The time of recorded cases.
const RECORDED: i64 = 1_795_348_800;

/// Makes the cases of a seed.
fn cases(seed: u64, count: u64, now: i64) -> Vec<Case> {
    let make = |number| {
        let mut random = Random::new(seed, number);
        let id = format!("{seed}-{number:05}");
        let path = match number % 10 {
            0 | 1 => names::path(&mut random, now),
            2 | 3 => encodings::path(&mut random, now),
            4 => hosts::path(&mut random, now),
            5 | 6 => return meshes::case(id, &mut random, now),
            7 => policies::path(&mut random, now),
            8 => usages::path(&mut random, now),
            _ => algorithms::path(&mut random, now),
        };
        path.case(id, &mut random)
    };
    (0..count).map(make).collect()
}

/// Returns the number that an environment variable holds.
fn number(variable: &str) -> Option<u64> {
    Some(std::env::var(variable).ok()?.parse().unwrap())
}

#[test]
fn cases_are_written_where_somebody_asks_for_them() {
    let Some(file) = std::env::var_os("STRESS_WRITE") else { return };
    let mut out = std::io::BufWriter::new(std::fs::File::create(file).unwrap());
    let (seed, count) = (number("STRESS_SEED"), number("STRESS_COUNT"));
    for case in cases(seed.unwrap_or(1), count.unwrap_or(300), RECORDED) {
        writeln!(out, "{}", case.json()).unwrap();
    }
    out.flush().unwrap();
}

#[test]
fn a_seed_gives_the_same_cases() {
    let texts = || -> Vec<String> {
        cases(7, 20, RECORDED).iter().map(|case| case.json().to_string()).collect()
    };
    assert_eq!(texts(), texts());
}
