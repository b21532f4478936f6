//! Internationalised names as `java.net.IDN` (RFC 3490, IDNA 2003) and `SNIHostName` take them.

use std::borrow::Cow;

use stringprep::{nameprep, tables};
use unicode_normalization::UnicodeNormalization;

use crate::exception::JavaException;
use crate::host_name::punycode;

/// Returns the host name that goes into a hello: `new SNIHostName(name)`.
///
/// # Errors
/// The `IllegalArgumentException` it throws.
pub(super) fn host_name(name: &str) -> Result<Cow<'_, str>, JavaException> {
    let ascii = to_ascii(name, true)?;
    if ascii.is_empty() {
        return Err(illegal("Server name value of host_name cannot be empty"));
    }
    if ascii.ends_with('.') {
        return Err(illegal("Server name value of host_name cannot have the trailing dot"));
    }
    Ok(ascii)
}

/// Returns `IDN.toUnicode(IDN.toASCII(name))`.
///
/// # Errors
/// The `IllegalArgumentException` of `toASCII`.
pub(super) fn normalized(name: &str) -> Result<String, JavaException> {
    if is_ordinary(name) {
        return Ok(name.to_owned());
    }
    let ascii = to_ascii(name, false)?;
    Ok(labels_of(&ascii).map(|label| to_unicode(label)).collect::<Vec<_>>().join("."))
}

/// Returns `IDN.toASCII(name, flags)`, `std3` being `USE_STD3_ASCII_RULES`.
fn to_ascii(name: &str, std3: bool) -> Result<Cow<'_, str>, JavaException> {
    if is_plain(name) {
        return Ok(Cow::Borrowed(name));
    }
    let mut characters = name.chars();
    if characters.next().is_some_and(is_dot) && characters.next().is_none() {
        return Ok(Cow::Borrowed("."));
    }
    if name.is_empty() {
        return Ok(Cow::Borrowed(""));
    }
    let mut ascii = String::with_capacity(name.len());
    let mut rest = name;
    while !rest.is_empty() {
        let (label, dot) = rest.split_at(rest.find(is_dot).unwrap_or(rest.len()));
        ascii.push_str(&label_to_ascii(label, std3)?);
        let mut after = dot.chars();
        if after.next().is_some() {
            ascii.push('.');
        }
        rest = after.as_str();
    }
    Ok(Cow::Owned(ascii))
}

/// Returns whether a name is the same in ASCII and in Unicode.
pub(super) fn is_ordinary(name: &str) -> bool {
    is_plain(name) && !labels_of(name).any(has_ace_prefix)
}

/// Returns whether each label has what every rule allows: letters, digits and inner hyphens of ASCII, one to 63 of them.
fn is_plain(name: &str) -> bool {
    labels_of(name).all(|label| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

/// `ToASCII` (RFC 3490, section 4.1).
fn label_to_ascii(label: &str, std3: bool) -> Result<Cow<'_, str>, JavaException> {
    let is_ascii = label.is_ascii();
    let prepared = if is_ascii { Cow::Borrowed(label) } else { prepared(label)? };
    if prepared.is_empty() {
        return Err(illegal("Empty label is not a legal name"));
    }
    if std3 {
        if prepared.chars().any(is_other_ascii) {
            return Err(illegal("Contains non-LDH ASCII characters"));
        }
        if prepared.starts_with('-') || prepared.ends_with('-') {
            return Err(illegal("Has leading or trailing hyphen"));
        }
    }
    let ascii = match prepared {
        prepared if prepared.is_ascii() => prepared,
        prepared if has_ace_prefix(&prepared) => {
            return Err(illegal("The input starts with the ACE Prefix"));
        }
        prepared => {
            let encoded = punycode::encode(&prepared).unwrap_or_default();
            Cow::Owned(format!("{ACE_PREFIX}{}", encoded.to_ascii_lowercase()))
        }
    };
    if ascii.len() > LONGEST_LABEL {
        return Err(illegal("The label in the input is too long"));
    }
    Ok(ascii)
}

/// `ToUnicode` (RFC 3490, section 4.2) of an ASCII label: what can't be decoded stays as it is.
fn to_unicode(label: &str) -> Cow<'_, str> {
    let decoded = || {
        let (_, encoded) =
            label.split_at_checked(ACE_PREFIX.len()).filter(|_| has_ace_prefix(label))?;
        let decoded = punycode::decode(encoded)?;
        let again = to_ascii(&decoded, false).ok()?;
        again.eq_ignore_ascii_case(label).then_some(decoded)
    };
    decoded().map_or(Cow::Borrowed(label), Cow::Owned)
}

/// Nameprep (RFC 3491): mapped, normalised, and without what is prohibited or unassigned in Unicode 3.2.
fn prepared(label: &str) -> Result<Cow<'_, str>, JavaException> {
    if label.chars().any(tables::unassigned_code_point) {
        let text = format!("An unassigned code point was found in the input {label}");
        return Err(unprepared(text));
    }
    nameprep(label).map_err(|_fault| {
        let mapped = label
            .chars()
            .filter(|character| !tables::commonly_mapped_to_nothing(*character))
            .flat_map(tables::case_fold_for_nfkc)
            .nfkc();
        let mapped: String = mapped.collect();
        let fault = if mapped.chars().any(is_prohibited) {
            "A prohibited code point was found in the input"
        } else {
            "The input does not conform to the rules for BiDi code points."
        };
        unprepared(format!("{fault}{mapped}"))
    })
}

/// The tables of RFC 3491, section 5.
fn is_prohibited(character: char) -> bool {
    [
        tables::non_ascii_space_character,
        tables::non_ascii_control_character,
        tables::private_use,
        tables::non_character_code_point,
        tables::inappropriate_for_plain_text,
        tables::inappropriate_for_canonical_representation,
        tables::change_display_properties_or_deprecated,
        tables::tagging_character,
    ]
    .iter()
    .any(|table| table(character))
}

fn unprepared(text: String) -> JavaException {
    let cause = JavaException::new("java.text.ParseException", text);
    illegal(&cause.to_string()).caused_by(cause)
}

fn labels_of(ascii: &str) -> impl Iterator<Item = &str> {
    ascii.split('.')
}

fn has_ace_prefix(label: &str) -> bool {
    label.get(..ACE_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(ACE_PREFIX))
}

/// The full stops of RFC 3490, section 3.1.
fn is_dot(character: char) -> bool {
    matches!(character, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

/// Returns whether a character is ASCII, but neither letter, digit nor hyphen.
fn is_other_ascii(character: char) -> bool {
    character.is_ascii() && !character.is_ascii_alphanumeric() && character != '-'
}

fn illegal(text: &str) -> JavaException {
    JavaException::new("java.lang.IllegalArgumentException", text)
}

const ACE_PREFIX: &str = "xn--";
const LONGEST_LABEL: usize = 63;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_brought_to_ascii() {
        for (name, expected) in [
            ("www.example.com", "www.example.com"),
            ("b\u{fc}cher.example", "xn--bcher-kva.example"),
            ("B\u{dc}CHER.example", "xn--bcher-kva.example"),
            ("stra\u{df}e.de", "strasse.de"),
            ("\u{fc}\u{3002}de", "xn--tda.de"),
            ("\u{ff37}\u{ff37}\u{ff37}.com", "www.com"),
        ] {
            assert_eq!(host_name(name).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn an_illegal_name_is_told_why() {
        for (name, expected) in [
            ("a_b.com", "Contains non-LDH ASCII characters"),
            ("a b", "Contains non-LDH ASCII characters"),
            ("-a.com", "Has leading or trailing hyphen"),
            ("a-.com", "Has leading or trailing hyphen"),
            ("a..b", "Empty label is not a legal name"),
            (".a", "Empty label is not a legal name"),
            ("", "Server name value of host_name cannot be empty"),
            ("a.", "Server name value of host_name cannot have the trailing dot"),
            (
                "a23456789012345678901234567890123456789012345678901234567890abcd.com",
                "The label in the input is too long",
            ),
        ] {
            let fault = host_name(name).unwrap_err();
            assert_eq!(fault.message.as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn names_are_compared_in_unicode() {
        for (name, expected) in [
            ("xn--bcher-kva.example", "b\u{fc}cher.example"),
            ("XN--BCHER-KVA.example", "B\u{fc}CHER.example"),
            ("xn--99999999.example", "xn--99999999.example"),
            ("*.example", "*.example"),
        ] {
            assert_eq!(normalized(name).unwrap(), expected, "{name}");
        }
    }
}
