//! Public suffixes, under which anybody may register a name (<https://publicsuffix.org>, ICANN section).

/// One rule a line.
const RULES: &str = include_str!("../../data/public-suffixes.txt");

/// Returns whether `domain` is a public suffix under which names are registered.
///
/// A domain that no rule speaks of is none.
pub(super) fn is(domain: &str) -> bool {
    let domain = domain.to_lowercase();
    let is_rule = |rule: &str| RULES.lines().any(|line| line == rule);
    if is_rule(&format!("!{domain}")) {
        return false;
    }
    let is_under_star =
        || domain.split_once('.').is_some_and(|(_, parent)| is_rule(&format!("*.{parent}")));
    // Where every label under it is a suffix itself, no name is registered directly below.
    is_under_star() || (is_rule(&domain) && !is_rule(&format!("*.{domain}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_registered_under_a_suffix() {
        for (domain, expected) in [
            ("com", true),
            ("CO.UK", true),
            ("tokyo.jp", true),
            ("example.com", false),
            ("github.io", false),
            ("nowhere.invalid", false),
            ("foo.ck", true),
            ("www.ck", false),
            ("ck", false),
        ] {
            assert_eq!(is(domain), expected, "{domain}");
        }
    }
}
