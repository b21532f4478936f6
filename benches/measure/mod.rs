//! Whole processes, measured: CPU time, instructions and memory.

use std::process::{Command, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// How often each program runs.
pub(crate) const RUNS: u32 = 20;

/// A program to measure, with its arguments; `{run}` in them is the number of the run.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) words: Vec<String>,
}

/// Returns the CPU time of one run in milliseconds: user and system, the process and its threads.
pub(crate) fn cpu(contender: &Contender) -> f64 {
    let spent = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        (usage.user_time() + usage.system_time()).num_microseconds()
    };
    run(contender, 0);
    let before = spent();
    for number in 1..=RUNS {
        run(contender, number);
    }
    let micros = u32::try_from(spent() - before).unwrap();
    f64::from(micros) / 1000.0 / f64::from(RUNS)
}

/// Returns the instructions of one run as valgrind counts them; a JVM is too much for it.
pub(crate) fn instructions(contender: &Contender) -> Option<u64> {
    if ["java", "keytool"].contains(&contender.words.first()?.as_str()) {
        return None;
    }
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(contender.words_of(RUNS + 1))
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let line = told.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(' ').next()?.parse().ok()
}

impl Contender {
    fn words_of(&self, number: u32) -> Vec<String> {
        self.words.iter().map(|word| word.replace("{run}", &number.to_string())).collect()
    }
}

fn run(contender: &Contender, number: u32) {
    let words = contender.words_of(number);
    let (program, arguments) = words.split_first().unwrap();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{words:?}: {status}");
}
