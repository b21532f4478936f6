//! What to write to the owner of a server whose fault it is.

use crate::certificates::printable;
use crate::report::DoctorReport;

/// Findings that only the server's owner can do something about.
const AT_THE_SERVER: [&str; 17] = [
    "intermediate-missing",
    "chain-order",
    "certificate-superfluous",
    "certificate-expired",
    "host-name-mismatch",
    "host-name-illegal",
    "algorithm-disabled",
    "tls-too-old",
    "no-common-suite",
    "handshake-signature",
    "weak-key-agreement",
    "pkix-extended-key-usage",
    "pkix-key-usage",
    "pkix-netscape-type",
    "pkix-critical-extension",
    "pkix-signature-unsupported",
    "pkix-too-many-certificates",
];

/// Writes the letter, if the first finding is one for it.
pub(super) fn to_owner(report: &DoctorReport, now: &str) -> Option<String> {
    let main = report.findings.first().filter(|first| AT_THE_SERVER.contains(&first.code))?;
    let target = report.target.as_ref()?;
    let (host, port) = (printable(&target.host), target.port);
    let mut lines = vec![
        format!(
            "Programs in Java {} cannot connect to {host}:{port} (seen {now}).",
            report.runtime.release
        ),
        format!("What is wrong: {}.", printable(&main.what)),
    ];
    lines.extend(main.remedy.as_ref().map(|remedy| format!("What helps: {}.", asked(remedy))));
    let count = report.chain.len();
    for (number, sent) in report.chain.iter().enumerate() {
        lines.push(format!(
            "Certificate {} of {count} that it sends: {}, issued by {}, until {}, SHA-256 {}",
            number + 1,
            printable(&sent.subject),
            printable(&sent.issuer),
            sent.not_after,
            sent.sha256
        ));
    }
    let said = report.exception.first().and_then(|line| line.message.as_ref());
    lines.extend(said.map(|message| format!("Java says: {}", printable(message))));
    lines.push(format!(
        "To see it without Java: openssl s_client -connect {host}:{port} -servername {host} -showcerts"
    ));
    Some(lines.join("\n"))
}

/// The remedy as it is asked of the owner: without commands for this side.
fn asked(remedy: &str) -> String {
    let prose = remedy.split("; that is for").next().unwrap_or(remedy);
    printable(prose.trim_end_matches('.'))
}
