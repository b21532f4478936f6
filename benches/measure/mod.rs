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

/// Returns the CPU time of one run of each program in milliseconds: user and system, the process and its threads. They take
/// turns, so that what the machine does beside falls on all, and the median of the runs counts.
pub(crate) fn cpu<const N: usize>(contenders: [&Contender; N]) -> [f64; N] {
    let spent = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        (usage.user_time() + usage.system_time()).num_microseconds()
    };
    let mut taken = contenders.map(|_| Vec::new());
    for number in 0..=RUNS {
        for (contender, taken) in contenders.iter().zip(&mut taken) {
            let before = spent();
            run(contender, number);
            taken.push(u32::try_from(spent() - before).unwrap());
        }
    }
    taken.map(|mut taken| {
        // the first run fills the caches
        let measured = taken.get_mut(1..).unwrap();
        measured.sort_unstable();
        f64::from(*measured.get(measured.len() / 2).unwrap()) / 1000.0
    })
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
