//! Names of signature algorithms, taken apart as `sun.security.util.AlgorithmDecomposer` does.

use std::iter;

/// Digest names in the two spellings that stand for each other.
const DIGESTS: [(&str, &str); 5] = [
    ("SHA-1", "SHA1"),
    ("SHA-224", "SHA224"),
    ("SHA-256", "SHA256"),
    ("SHA-384", "SHA384"),
    ("SHA-512", "SHA512"),
];

/// Returns the parts of `algorithm` under which it may be disabled as a whole: `SHA256withRSA` gives
/// `SHA256`, `SHA-256` and `RSA`.
pub(super) fn parts_by_name(algorithm: &str) -> impl Iterator<Item = &str> {
    parts(algorithm).flat_map(|part| {
        let digests = if part.starts_with("SHA") { DIGESTS.as_slice() } else { &[] };
        let other = digests.iter().find_map(|(hyphened, plain)| match part {
            _ if part == *hyphened => Some(*plain),
            _ if part == *plain => Some(*hyphened),
            _ => None,
        });
        iter::once(part).chain(other)
    })
}

/// Returns the names under which conditions on `algorithm` and `key_algorithm` are looked up, in
/// the order in which a `java.util.HashSet` gives them: which of two violations is told depends on it.
pub(super) fn names_for_conditions<'a>(
    algorithm: &'a str,
    key_algorithm: Option<&'a str>,
) -> Vec<&'a str> {
    let mut names: Vec<&str> = parts(algorithm).collect();
    for (hyphened, plain) in DIGESTS {
        if let Some(part) = names.iter_mut().find(|part| **part == hyphened) {
            *part = plain;
        }
    }
    names.push(algorithm);
    names.extend(key_algorithm);
    hash_order(names)
}

/// Returns the entry's own name in the spelling under which conditions are kept.
pub(super) fn entry_name(name: &str, drops_hyphens: bool) -> String {
    if drops_hyphens {
        return name.replace('-', "");
    }
    let known = |(hyphened, _): &&(&str, &str)| *hyphened == name;
    match name {
        "SHA-512/224" => "SHA512/224".to_owned(),
        "SHA-512/256" => "SHA512/256".to_owned(),
        _ => DIGESTS.iter().find(known).map_or(name, |(_, plain)| plain).to_owned(),
    }
}

/// Splits at `/` and at `with`, `and` and `in` in any case, but not at the `in` of `padding`.
fn parts(algorithm: &str) -> impl Iterator<Item = &str> {
    let split = |transformation| {
        let mut rest = Some(transformation);
        iter::from_fn(move || {
            let text: &str = rest?;
            let Some((at, length)) = separator(text) else { return rest.take() };
            let (part, tail) = text.split_at(at);
            rest = tail.split_at_checked(length).map(|(_, rest)| rest);
            Some(part)
        })
    };
    algorithm.split('/').flat_map(split).filter(|part| !part.is_empty())
}

/// Returns where the first separator begins, and its length.
fn separator(text: &str) -> Option<(usize, usize)> {
    let octets = text.as_bytes();
    let stands = |at: usize, word: &str| {
        let there = octets.get(at..).and_then(|tail| tail.get(..word.len()));
        there.is_some_and(|there| there.eq_ignore_ascii_case(word.as_bytes()))
    };
    octets.iter().enumerate().find_map(|(at, octet)| {
        let word = match octet.to_ascii_lowercase() {
            b'w' => "with",
            b'a' => "and",
            b'i' if at < 4 || !stands(at - 4, "padd") => "in",
            _ => return None,
        };
        stands(at, word).then_some((at, word.len()))
    })
}

/// Orders strings as a `HashSet` of sixteen buckets iterates them, each once.
fn hash_order(names: Vec<&str>) -> Vec<&str> {
    let mut ordered = Vec::with_capacity(names.len());
    for name in names {
        if !ordered.contains(&name) {
            ordered.push(name);
        }
    }
    ordered.sort_by_key(|name| {
        let hash = name
            .encode_utf16()
            .fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
        (hash ^ hash >> 16) & 15
    });
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_name_is_a_digest_and_a_key_algorithm() {
        for (name, expected) in [
            ("SHA256withRSA", vec!["SHA256", "SHA-256", "RSA"]),
            ("SHA1withECDSA", vec!["SHA1", "SHA-1", "ECDSA"]),
            ("RSASSA-PSS", vec!["RSASSA-PSS"]),
            ("SHA512/256withRSA", vec!["SHA512", "SHA-512", "256", "RSA"]),
            ("SHA256WITHRSAANDMGF1", vec!["SHA256", "SHA-256", "RSA", "MGF1"]),
            ("OAEPPadding", vec!["OAEPPadding"]),
            ("brainpoolP256r1", vec!["bra", "poolP256r1"]),
            ("Ed25519", vec!["Ed25519"]),
            ("1.2.3.4", vec!["1.2.3.4"]),
        ] {
            assert_eq!(parts_by_name(name).collect::<Vec<_>>(), expected, "{name}");
        }
    }

    #[test]
    fn conditions_know_one_spelling_of_a_digest() {
        let mut names = names_for_conditions("SHA-1", None);
        names.sort();
        assert_eq!(names, ["SHA-1", "SHA1"]);
        let mut names = names_for_conditions("SHA256withRSA", Some("RSA"));
        names.sort();
        assert_eq!(names, ["RSA", "SHA256", "SHA256withRSA"]);
    }

    #[test]
    fn an_entry_loses_its_hyphens_in_older_releases() {
        for (name, older, newer) in [
            ("SHA-1", "SHA1", "SHA1"),
            ("RSASSA-PSS", "RSASSAPSS", "RSASSA-PSS"),
            ("SHA3-256", "SHA3256", "SHA3-256"),
        ] {
            assert_eq!(
                (entry_name(name, true).as_str(), entry_name(name, false).as_str()),
                (older, newer)
            );
        }
    }
}
