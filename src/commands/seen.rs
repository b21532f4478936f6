//! What was seen of a connection, in words: for `--verbose`.

use crate::report::Connection;

/// Says which addresses there are, what was agreed on, which alerts went to and fro, and how long it took.
pub(super) fn lines(addresses: &[String], connection: Option<&Connection>) -> Vec<String> {
    let mut lines = Vec::new();
    if let [first, others @ ..] = addresses {
        let others: String =
            others.iter().map(|other| format!("; Java does not try {other}")).collect();
        lines.push(format!("address {first}{others}"));
    }
    let Some(connection) = connection else { return lines };
    let agreed = [connection.protocol, connection.cipher_suite, connection.group];
    let agreed: Vec<&str> = agreed.into_iter().flatten().collect();
    if !agreed.is_empty() {
        let signed = connection.signature_scheme;
        let signed = signed.map(|scheme| format!(", signed by {scheme}")).unwrap_or_default();
        lines.push(format!("{}{signed} ({} engine)", agreed.join(", "), connection.engine));
    }
    if let Some(is_stapled) = connection.ocsp_stapled {
        let answer = if is_stapled { "an" } else { "no" };
        lines.push(format!("{answer} OCSP response stapled"));
    }
    let alerts = [("sent", &connection.alert_sent), ("received", &connection.alert_received)];
    for (went, alert) in alerts {
        lines.extend(alert.as_ref().map(|alert| format!("alert {went}: {alert}")));
    }
    let timings = &connection.timings_ms;
    let stages = [
        ("name", timings.resolve),
        ("TCP", timings.connect),
        ("proxy", timings.tunnel),
        ("STARTTLS", timings.starttls),
        ("TLS", timings.handshake),
    ];
    let took: Vec<String> = stages
        .into_iter()
        .filter_map(|(stage, took)| Some(format!("{stage} {:.1} ms", took?)))
        .collect();
    lines.push(took.join(", "));
    lines
}
