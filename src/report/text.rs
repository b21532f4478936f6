//! For people, and for scripts that grep as they grep SSLPoke's output.

use std::io::{self, Write};

use super::{ExceptionLine, Outcome, PokeReport};
use crate::diagnosis::Finding;

/// What SSLPoke prints when it has connected.
const CONNECTED: &str = "Successfully connected";

/// Writes pokes: a single one as SSLPoke and Java would, several with the target before each line.
pub(super) fn write(
    pokes: &[PokeReport],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    match pokes {
        [poke] => write_one(poke, out, err),
        pokes => pokes.iter().try_for_each(|poke| write_of_many(poke, out, err)),
    }
}

/// Writes what SSLPoke prints when it is not given a host and a port.
pub(super) fn write_usage(
    told: &[String],
    hint: Option<&str>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<()> {
    told.iter().try_for_each(|line| writeln!(err, "{line}"))?;
    writeln!(out, "Usage: SSLPoke <host> <port>")?;
    hint.iter().try_for_each(|hint| writeln!(err, "sslpoke: {hint}"))
}

/// Writes what Java says when it does not start.
pub(super) fn write_not_launched(
    told: &[String],
    not_imitated: Option<&str>,
    err: &mut dyn Write,
) -> io::Result<()> {
    told.iter().try_for_each(|line| writeln!(err, "{line}"))?;
    not_imitated
        .iter()
        .try_for_each(|option| writeln!(err, "sslpoke: {option}: only SSLPoke is imitated here"))
}

fn write_one(poke: &PokeReport, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
    for line in &poke.told {
        writeln!(err, "{line}")?;
    }
    if poke.result == Outcome::Connected {
        writeln!(out, "{CONNECTED}")?;
    }
    for (number, line) in poke.exception.iter().enumerate() {
        let before = match number {
            // SSLPoke catches exceptions, not errors.
            0 if line.class.ends_with("Error") => "Exception in thread \"main\" ",
            0 => "",
            _ => "Caused by: ",
        };
        write!(err, "{before}")?;
        write_exception(line, err)?;
        writeln!(err)?;
    }
    for line in &poke.provenance {
        writeln!(err, "sslpoke: {line}")?;
    }
    poke.findings.iter().try_for_each(|finding| write_finding(finding, "", err))
}

fn write_of_many(poke: &PokeReport, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
    let target = format!("{}:{}: ", poke.target.host, poke.target.port);
    write!(out, "{target}")?;
    match (poke.result, poke.exception.first()) {
        (Outcome::Connected, _) => write!(out, "{CONNECTED}")?,
        (_, Some(line)) => write_exception(line, out)?,
        (Outcome::Unreachable, None) => write!(out, "unreachable")?,
        (Outcome::Refused, None) => write!(out, "refused")?,
        (Outcome::Undetermined, None) => write!(out, "undetermined")?,
    }
    writeln!(out)?;
    for line in &poke.provenance {
        writeln!(err, "sslpoke: {target}{line}")?;
    }
    poke.findings.iter().try_for_each(|finding| write_finding(finding, &target, err))
}

fn write_exception(line: &ExceptionLine, to: &mut dyn Write) -> io::Result<()> {
    match &line.message {
        Some(message) => write!(to, "{}: {message}", line.class),
        None => write!(to, "{}", line.class),
    }
}

/// Every line begins with our name, so that a script can tell them from Java's.
fn write_finding(finding: &Finding, target: &str, err: &mut dyn Write) -> io::Result<()> {
    for line in finding.what.lines().chain(finding.why.iter().flat_map(|why| why.lines())) {
        writeln!(err, "sslpoke: {target}{line}")?;
    }
    for line in finding.remedy.iter().flat_map(|remedy| remedy.lines()) {
        writeln!(err, "sslpoke: {target}  {line}")?;
    }
    Ok(())
}
