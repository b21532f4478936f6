//! Words of a log as they are shown: cut, without what steers a terminal, and without secrets.

use crate::certificates::printable;

/// Longer ones are cut.
const LONGEST: usize = 300;

/// What stands before a secret.
const SECRETS: [&str; 10] = [
    "token=",
    "secret=",
    "password=",
    "passwd=",
    "Password=",
    "code=",
    "key=",
    "glpat-",
    "ghu_",
    "gho_",
];

/// Returns `bytes` as they may be shown.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes.get(..LONGEST * 4).unwrap_or(bytes));
    let mut masked = without_users(&printable(text.trim()));
    for secret in SECRETS {
        masked = without(&masked, secret);
    }
    if masked.chars().count() > LONGEST {
        masked = masked.chars().take(LONGEST).collect();
        masked.push('…');
    }
    masked
}

/// Takes user and password out of URLs.
fn without_users(text: &str) -> String {
    let mut parts = text.split("://");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str("://");
        let end = part.find(|c: char| c == '/' || c == '?' || c.is_whitespace());
        let (authority, rest) =
            part.split_at_checked(end.unwrap_or(part.len())).unwrap_or((part, ""));
        kept.push_str(authority.rsplit_once('@').map_or(authority, |(_, host)| host));
        kept.push_str(rest);
    }
    kept
}

/// Masks what follows `secret` up to the end of the word.
fn without(text: &str, secret: &str) -> String {
    let mut parts = text.split(secret);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(secret);
        kept.push_str("***");
        let ends = |c: char| c.is_whitespace() || "&\"'<>,;)]}".contains(c);
        let end = part.find(ends).unwrap_or(part.len());
        kept.push_str(part.get(end..).unwrap_or_default());
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_control_characters_are_not_shown() {
        for (bytes, expected) in [
            (&b"  a\tb "[..], "a\u{fffd}b"),
            (b"\x1b[2Jx\xff", "\u{fffd}[2Jx\u{fffd}"),
            (
                b"GET https://u:s3cret@h/p?private_token=s3cret&x=1 y",
                "GET https://h/p?private_token=***&x=1 y",
            ),
            (
                b"-Djavax.net.ssl.trustStorePassword=s3cret -Dx=y",
                "-Djavax.net.ssl.trustStorePassword=*** -Dx=y",
            ),
            (b"glpat-abc, ghu_abc", "glpat-***, ghu_***"),
        ] {
            assert_eq!(shown(bytes), expected);
        }
        assert_eq!(shown(&[b'a'; 4000]).chars().count(), LONGEST + 1);
    }
}
