//! A scan as metrics (Prometheus, text exposition format 0.0.4).

use std::io::{self, Write};

use super::{ScanReport, Scanned};
use crate::report::Exit;

/// A metric: its name, what it is, and its value for a target that has one.
type Metric = (&'static str, &'static str, fn(&Scanned) -> Option<String>);

const METRICS: [Metric; 4] = [
    ("sslpoke_up", "Whether Java connects to the server: 1, or 0.", |scanned| {
        Some(u8::from(scanned.poke.exit == Exit::Yes).to_string())
    }),
    (
        "sslpoke_exit_code",
        "How a poke of the server ends: 0 yes, 1 no, 3 unreachable, 4 store unreadable, 6 undetermined.",
        |scanned| Some(scanned.poke.exit.code().to_string()),
    ),
    (
        "sslpoke_certificate_not_after_seconds",
        "When the server's certificate expires, in seconds since 1970-01-01T00:00:00Z.",
        |scanned| Some(scanned.not_after?.to_string()),
    ),
    ("sslpoke_handshake_seconds", "How long the TLS handshake took.", |scanned| {
        scanned.seconds().map(|took| format!("{took:.6}"))
    }),
];

/// Writes all values of a metric together, as the format wants it.
pub(super) fn write(scan: &ScanReport, out: &mut dyn Write) -> io::Result<()> {
    for (name, help, value) in METRICS {
        writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")?;
        for scanned in &scan.results {
            if let Some(value) = value(scanned) {
                writeln!(out, "{name}{{target=\"{}\"}} {value}", escaped(&scanned.name))?;
            }
        }
    }
    Ok(())
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_label_cannot_end_itself() {
        assert_eq!(escaped("a\"} 1\nb\\"), "a\\\"} 1\\nb\\\\");
    }
}
