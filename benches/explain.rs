//! `explain` on logs of 200 MB: CPU time and the most memory that was held.
//!
//! `cargo bench --bench explain`. The usual log is mostly lines that say nothing and frames; the worst is nothing but
//! failures. It ends with 1 if the usual log takes more than 2 s or either more than 32 MB.

#![expect(clippy::unwrap_used, reason = "a failed measurement panics")]
#![expect(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// Makes the entry of a number.
type Entry = fn(usize) -> String;

const SIZE: usize = 200_000_000;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let mut is_fine = true;
    println!("{:<10} {:>10} {:>10}", "200 MB", "CPU ms", "MB held");
    let logs: [(&str, Entry, i64); 2] = [("usual", usual, 2000), ("worst", worst, 8000)];
    for (name, entry, most) in logs {
        let path = folder.path().join(name);
        write(&path, entry);
        let (milliseconds, held) = measured(&path);
        println!("{name:<10} {milliseconds:>10} {held:>10}");
        is_fine &= milliseconds <= most && held <= 32;
    }
    if is_fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn write(path: &Path, entry: Entry) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let (mut written, mut number) = (0, 0);
    while written < SIZE {
        let text = entry(number);
        file.write_all(text.as_bytes()).unwrap();
        written += text.len();
        number += 1;
    }
    file.flush().unwrap();
}

/// Ninety-nine lines of the application's life, and in one entry of ten a trace of thirty frames.
fn usual(number: usize) -> String {
    let (minute, second) = (number / 60 % 60, number % 60);
    let stamp = format!(
        "2026-11-24 18:{minute:02}:{second:02},123+0000 http-nio-8080-exec-{}",
        number % 25
    );
    let mut text = String::new();
    for line in 0..99 {
        text.push_str(&format!(
            "{stamp} INFO admin {number}x{line}x1 1abcdef 10.0.0.7 /rest/api/2/issue [c.a.j.issue.index.DefaultIndexManager] indexed {line} issues\n"
        ));
    }
    if number.is_multiple_of(10) {
        text.push_str(&format!(
            "{stamp} ERROR admin [c.a.j.p.d.Client] Could not reach https://gitlab{}.example.com/api/v4\n\
             javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target\n",
            number % 7
        ));
        for frame in 0..30 {
            text.push_str(&format!("\tat com.atlassian.jira.plugins.dvcs.sync.Synchronizer.step{frame}(Synchronizer.java:{frame})\n"));
        }
    }
    text
}

/// A failure in each line, each with another host.
fn worst(number: usize) -> String {
    format!(
        "2026-11-24 18:44:55,123+0000 main ERROR [c.a.X] https://host{number}.example.com javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake\n"
    )
}

fn measured(path: &Path) -> (i64, i64) {
    let spent = || {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
        (usage.user_time() + usage.system_time()).num_milliseconds()
    };
    let before = spent();
    let status = Command::new(env!("CARGO_BIN_EXE_sslpoke"))
        .arg("explain")
        .arg(path)
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    let held = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() / 1024;
    (spent() - before, held)
}
