//! `*` in a presented name (RFC 2818, section 3.1, as Java reads it).

use crate::host_name::public_suffix;
use crate::profile::PublicSuffixRule;

/// Returns whether a presented name has a `*` where there may be none: alone, in the last label, or right under a
/// public suffix where that is asked.
pub(super) fn is_illegal(presented: &str, host: &str, rule: Option<PublicSuffixRule>) -> bool {
    if presented == "*" || presented == "*." {
        return true;
    }
    let Some((_, after)) = presented.rsplit_once('*') else { return false };
    let Some((_, domain)) = after.split_once('.') else { return true };
    match rule {
        None => false,
        Some(PublicSuffixRule::OfPresented) => public_suffix::is(domain),
        Some(PublicSuffixRule::OfHost) => {
            let below = host.strip_suffix(domain).and_then(|below| below.strip_suffix('.'));
            below.is_some_and(|below| below.contains('.')) && public_suffix::is(domain)
        }
    }
}

/// Returns whether a host matches a presented name, letter case aside.
pub(super) fn matches(host: &str, presented: &str, in_any_label: bool) -> bool {
    let (host, presented) = (host.to_lowercase(), presented.to_lowercase());
    if in_any_label {
        let labels = |name: &str| -> Vec<String> {
            name.split('.').filter(|label| !label.is_empty()).map(str::to_owned).collect()
        };
        let (host, presented) = (labels(&host), labels(&presented));
        return host.len() == presented.len()
            && host.iter().zip(&presented).all(|(label, pattern)| label_matches(label, pattern));
    }
    let split = |name: &str| {
        let (label, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
        (label.to_owned(), rest.to_owned())
    };
    let ((label, rest), (pattern, expected)) = (split(&host), split(&presented));
    rest == expected && label_matches(&label, &pattern)
}

/// Matches one label: each `*` stands for any characters, none included.
fn label_matches(label: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let (Some(first), Some(last)) = (parts.next(), parts.next_back()) else {
        return label == pattern;
    };
    let Some(mut rest) = label.strip_prefix(first) else { return false };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_characters_of_one_label() {
        for (host, presented, expected) in [
            ("www.example.com", "*.example.com", true),
            ("WWW.example.com", "www.EXAMPLE.com", true),
            ("example.com", "*.example.com", false),
            ("a.b.example.com", "*.example.com", false),
            ("www.example.com", "w*.example.com", true),
            ("www.example.com", "*w.example.com", true),
            ("www.example.com", "w*w.example.com", true),
            ("www.example.com", "w*x.example.com", false),
            ("www.example.com", "*w*w*.example.com", true),
            ("w.example.com", "w*w.example.com", false),
            ("www.example.com", "x*.example.com", false),
        ] {
            assert_eq!(matches(host, presented, false), expected, "{host} {presented}");
            assert_eq!(matches(host, presented, true), expected, "{host} {presented}");
        }
    }

    #[test]
    fn only_older_releases_take_a_star_in_another_label() {
        for (host, presented) in
            [("www.a.com", "www.*.com"), ("x.y.example.com", "*.*.example.com")]
        {
            assert!(matches(host, presented, true));
            assert!(!matches(host, presented, false));
        }
    }

    #[test]
    fn a_star_needs_a_dot_behind_it() {
        for (presented, expected) in [
            ("*", true),
            ("*.", true),
            ("*com", true),
            ("www.*", true),
            ("*.com", false),
            ("www", false),
        ] {
            assert_eq!(is_illegal(presented, "", None), expected, "{presented}");
        }
        let rule = Some(PublicSuffixRule::OfPresented);
        assert!(is_illegal("*.co.uk", "", rule));
        assert!(is_illegal("f*.com", "", rule));
        assert!(!is_illegal("*.example.com", "", rule));
        let rule = Some(PublicSuffixRule::OfHost);
        assert!(is_illegal("www.*.com", "www.example.com", rule));
        assert!(!is_illegal("*.com", "example.com", rule));
    }
}
