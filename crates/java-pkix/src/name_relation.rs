//! How a constraint's subtree and a name relate: `GeneralNameInterface.constrains` of each kind of name.

use crate::exception::JavaException;
use crate::general_name::GeneralName;
use crate::profile::{DerWords, EmptyDnsConstraint, Profile};

/// How a name relates to a subtree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Relation {
    /// It is of another kind.
    OtherKind,
    /// It is the subtree's own name.
    Match,
    /// It lies within the subtree.
    Narrows,
    /// The subtree lies within it.
    Widens,
    /// It is of the kind, but neither lies within the other.
    SameKind,
    /// It is a wildcard that stands for names of the subtree, among others.
    Overlaps,
}

/// Returns how `name` relates to `tree`.
///
/// # Errors
/// The `RuntimeException` that Java throws for kinds it does not compare, and where it fails.
pub(crate) fn relation(
    tree: &GeneralName<'_>,
    name: &GeneralName<'_>,
    profile: &Profile,
) -> Result<Relation, JavaException> {
    match (tree, name) {
        (GeneralName::Dns(tree), GeneralName::Dns(name)) => dns(tree, name, profile),
        (GeneralName::Rfc822(tree), GeneralName::Rfc822(name)) => Ok(rfc822(tree, name)),
        (GeneralName::Uri { host: tree, .. }, GeneralName::Uri { host: name, .. }) => {
            let Some(name) = name else { return Err(no_host(profile)) };
            uri(tree.as_deref().unwrap_or_default(), name, profile)
        }
        (GeneralName::Address(tree), GeneralName::Address(name)) => address(tree, name, profile),
        (GeneralName::Directory(tree), GeneralName::Directory(name)) => Ok(if tree == name {
            Relation::Match
        } else if name.depth() == 0 {
            Relation::Widens
        } else if tree.depth() == 0 || name.is_within(tree) {
            Relation::Narrows
        } else if tree.is_within(name) {
            Relation::Widens
        } else {
            Relation::SameKind
        }),
        (GeneralName::Registered(tree), GeneralName::Registered(name)) if tree == name => {
            Ok(Relation::Match)
        }
        (GeneralName::Registered(_), GeneralName::Registered(_)) => {
            Err(unsupported("Narrowing and widening are not supported for OIDNames"))
        }
        (GeneralName::Other(..), GeneralName::Other(..)) => {
            Err(unsupported("Narrowing, widening, and matching are not supported for OtherName."))
        }
        (GeneralName::X400(_), GeneralName::X400(_)) => {
            Err(unsupported("Narrowing, widening, and match are not supported for X400Address."))
        }
        (GeneralName::EdiParty(_), GeneralName::EdiParty(_)) => Err(unsupported(
            "Narrowing, widening, and matching of names not supported for EDIPartyName",
        )),
        _ => Ok(Relation::OtherKind),
    }
}

fn dns(tree: &str, name: &str, profile: &Profile) -> Result<Relation, JavaException> {
    let (tree, name) = (tree.to_ascii_lowercase(), name.to_ascii_lowercase());
    if tree == name {
        if profile.fails_over_equal_dotted_names && (tree.is_empty() || tree.starts_with('.')) {
            let class = "java.lang.StringIndexOutOfBoundsException";
            return Err(JavaException::new(class, "String index out of range: -1"));
        }
        return Ok(Relation::Match);
    }
    if tree.is_empty() || name.is_empty() {
        return empty_dns(profile);
    }
    if profile.leading_dot_constraint_admits_base && tree.strip_prefix('.') == Some(&name) {
        return Ok(Relation::Match);
    }
    if let Some(rest) = tree.strip_suffix(&name) {
        let is_wider = is_boundary(rest, &name, profile);
        return Ok(if is_wider { Relation::Widens } else { Relation::SameKind });
    }
    if let Some(rest) = name.strip_suffix(&tree) {
        let is_within = is_boundary(rest, &tree, profile);
        return Ok(if is_within { Relation::Narrows } else { Relation::SameKind });
    }
    let below = name.strip_prefix('*').and_then(|domain| tree.strip_suffix(domain));
    if profile.wildcard_falls_under_excluded_name
        && below.is_some_and(|label| !label.is_empty() && !label.contains('.'))
    {
        let is_match = profile.wildcard_lies_under_permitted_name;
        return Ok(if is_match { Relation::Match } else { Relation::Overlaps });
    }
    Ok(Relation::SameKind)
}

/// Returns whether `suffix` begins a label behind `rest`.
fn is_boundary(rest: &str, suffix: &str, profile: &Profile) -> bool {
    let (dot_before, dot_first) = (rest.ends_with('.'), suffix.starts_with('.'));
    if profile.leading_dot_constraint_is_subtree { dot_before != dot_first } else { dot_before }
}

fn empty_dns(profile: &Profile) -> Result<Relation, JavaException> {
    let text = match profile.empty_dns_constraint {
        EmptyDnsConstraint::MatchesNothing => return Ok(Relation::SameKind),
        EmptyDnsConstraint::StringIndexCrash => "String index out of range: 0",
        EmptyDnsConstraint::BoundsCrash => "Index 0 out of bounds for length 0",
    };
    Err(JavaException::new("java.lang.StringIndexOutOfBoundsException", text))
}

fn rfc822(tree: &str, name: &str) -> Relation {
    let (tree, name) = (tree.to_ascii_lowercase(), name.to_ascii_lowercase());
    // A host stands for its mailboxes, a domain with a leading dot for its hosts.
    let lies_in = |inner: &str, outer: &str| {
        inner.strip_suffix(outer).is_some_and(|rest| {
            !outer.contains('@') && (outer.starts_with('.') || rest.ends_with('@'))
        })
    };
    if tree == name {
        Relation::Match
    } else if tree.ends_with(&name) {
        if lies_in(&tree, &name) { Relation::Widens } else { Relation::SameKind }
    } else if lies_in(&name, &tree) {
        Relation::Narrows
    } else {
        Relation::SameKind
    }
}

fn uri(tree: &str, name: &str, profile: &Profile) -> Result<Relation, JavaException> {
    if tree.eq_ignore_ascii_case(name) {
        return Ok(Relation::Match);
    }
    if !crate::general_name::is_dns_name(name.strip_prefix('.').unwrap_or(name), profile) {
        return Ok(Relation::SameKind);
    }
    let (tree_is_domain, name_is_domain) = (tree.starts_with('.'), name.starts_with('.'));
    let bare = |host: &str| host.strip_prefix('.').unwrap_or(host).to_owned();
    let related = dns(&bare(tree), &bare(name), profile)?;
    Ok(match related {
        Relation::Widens | Relation::Narrows if !tree_is_domain && !name_is_domain => {
            Relation::SameKind
        }
        Relation::Match if tree_is_domain && !name_is_domain => Relation::Widens,
        Relation::Match if name_is_domain && !tree_is_domain => Relation::Narrows,
        Relation::Overlaps | Relation::SameKind => Relation::SameKind,
        Relation::OtherKind | Relation::Match | Relation::Narrows | Relation::Widens => related,
    })
}

fn address(tree: &[u8], name: &[u8], profile: &Profile) -> Result<Relation, JavaException> {
    if is_same_address(tree, name) {
        return Ok(Relation::Match);
    }
    let is_range = |octets: &[u8]| octets.len() == 8 || octets.len() == 32;
    match (is_range(tree), is_range(name)) {
        (true, true) if tree.len() == name.len() => Ok(ranges(tree, name)),
        (_, true) => contains(name, tree, profile, Relation::Widens),
        (true, false) => contains(tree, name, profile, Relation::Narrows),
        (false, false) => Ok(Relation::SameKind),
    }
}

/// Two ranges are the same if their masks are and what they keep.
fn is_same_address(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        8 | 32 => {
            let half = one.len() / 2;
            let (first, mask) = one.split_at(half);
            let (second, other_mask) = other.split_at(half);
            mask == other_mask
                && first.iter().zip(second).zip(mask).all(|((a, b), mask)| a & mask == b & mask)
        }
        _ => one == other,
    }
}

/// Returns `inside` if `address` lies in `range`.
fn contains(
    range: &[u8],
    address: &[u8],
    profile: &Profile,
    inside: Relation,
) -> Result<Relation, JavaException> {
    let (base, mask) = range.split_at(range.len() / 2);
    if !profile.ip_constraints_ignore_family && base.len() != address.len() {
        return Ok(Relation::SameKind);
    }
    for (index, (base, mask)) in base.iter().zip(mask).enumerate() {
        let Some(octet) = address.get(index) else {
            let length = address.len();
            let text = match profile.der_words {
                DerWords::Legacy if profile.compares_names_in_unicode => {
                    format!("Index {index} out of bounds for length {length}")
                }
                DerWords::Legacy => index.to_string(),
                DerWords::Current => format!("Index {index} out of bounds for length {length}"),
            };
            let class = "java.lang.ArrayIndexOutOfBoundsException";
            return Err(JavaException::new(class, text));
        };
        if octet & mask != *base {
            return Ok(Relation::SameKind);
        }
    }
    Ok(inside)
}

fn ranges(tree: &[u8], name: &[u8]) -> Relation {
    let half = tree.len() / 2;
    let ((base, mask), (other, other_mask)) = (tree.split_at(half), name.split_at(half));
    let is_empty = |base: &[u8], mask: &[u8]| base.iter().zip(mask).any(|(b, m)| b & m != *b);
    let is_within = |base: &[u8], mask: &[u8], other: &[u8], other_mask: &[u8]| {
        base.iter()
            .zip(mask)
            .zip(other.iter().zip(other_mask))
            .all(|((b, m), (o, om))| m & om == *m && b & m == o & m)
    };
    match (is_empty(base, mask), is_empty(other, other_mask)) {
        (true, true) => Relation::Match,
        (true, false) => Relation::Widens,
        (false, true) => Relation::Narrows,
        (false, false) if is_within(base, mask, other, other_mask) => Relation::Narrows,
        (false, false) if is_within(other, other_mask, base, mask) => Relation::Widens,
        (false, false) => Relation::SameKind,
    }
}

fn no_host(profile: &Profile) -> JavaException {
    let class = "java.lang.NullPointerException";
    match profile.der_words {
        DerWords::Legacy => JavaException::bare(class),
        DerWords::Current => JavaException::new(
            class,
            "Cannot invoke \"String.equalsIgnoreCase(String)\" because \"otherHost\" is null",
        ),
    }
}

fn unsupported(text: &str) -> JavaException {
    JavaException::new("java.lang.UnsupportedOperationException", text)
}
