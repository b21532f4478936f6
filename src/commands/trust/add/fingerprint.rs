//! Fingerprints as people copy them.

use crate::commands::trust::opening::TrustError;

/// Reads a SHA-256 fingerprint: with colons or blanks, in any case, with what openssl or keytool write before it.
pub(in crate::commands) fn parse(text: &str) -> Result<String, TrustError> {
    let after_equals = text.rsplit_once('=').map_or(text, |(_, digits)| digits).trim();
    let lower = after_equals.to_ascii_lowercase();
    let prefix = ["sha256:", "sha-256:", "sha256 ", "sha-256 "];
    let digits = prefix.iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
    let digits: String = digits.chars().filter(|c| !matches!(c, ':' | ' ' | '-' | '\t')).collect();
    if digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Ok(digits.to_ascii_uppercase());
    }
    let hint = match digits.len() {
        40 => "; this looks like SHA-1",
        32 => "; this looks like MD5",
        _ => "",
    };
    Err(TrustError::Usage(format!(
        "--sha256 wants the 64 hexadecimal digits of a SHA-256 fingerprint, not {text:?}{hint}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_written_in_many_ways() {
        let plain = "0a".repeat(32);
        let colons = vec!["0A"; 32].join(":");
        for text in [
            plain.clone(),
            plain.to_uppercase(),
            colons.clone(),
            colons.replace(':', " "),
            format!("sha256 Fingerprint={colons}"),
            format!("SHA256: {colons}"),
            format!(" {colons}\n"),
        ] {
            assert_eq!(parse(&text).ok(), Some(plain.to_uppercase()), "{text}");
        }
        for text in ["", "0a", &"0g".repeat(32), &"0a".repeat(20)] {
            assert!(matches!(parse(text), Err(TrustError::Usage(_))), "{text}");
        }
    }
}
