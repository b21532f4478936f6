//! Distinguished names as `sun.security.x509.X500Name` reads, compares and prints them.

mod keywords;

use std::fmt::Write as _;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

pub(crate) use self::keywords::{COMMON_NAME, EMAIL_ADDRESS};

use self::keywords::{RFC_2253, keyword};
use crate::der::{Reader, Value, fault as io, tag, whole};
use crate::exception::JavaException;
use crate::oid::Oid;
use crate::profile::Profile;

/// A distinguished name.
#[derive(Clone, Debug, Default)]
pub(crate) struct DistinguishedName<'a> {
    /// The name with its header.
    whole: &'a [u8],
    /// The attributes in the order of the encoding, each with the place of the relative name that it belongs to.
    attributes: Vec<(usize, Attribute<'a>)>,
    /// How many relative names there are; one may be empty.
    depth: usize,
    reads_universal: bool,
    high_blank: bool,
    canonical: OnceLock<String>,
}

/// An attribute of a relative distinguished name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute<'a> {
    /// Its type.
    pub(crate) oid: Oid<'a>,
    /// Its value.
    pub(crate) value: Value<'a>,
}

/// Returns the form in which Java compares a name in DER (`X500Principal.equals`); none if it is no name to Java.
pub fn canonical_name(name: &[u8], profile: &Profile) -> Option<String> {
    let value = whole(name, profile).ok()?;
    DistinguishedName::parse(value, profile).ok().map(|name| name.canonical().to_owned())
}

impl<'a> DistinguishedName<'a> {
    /// Reads a `Name` (RFC 5280, section 4.1.2.4) with its header.
    ///
    /// # Errors
    /// What `X500Name` throws.
    pub(crate) fn parse(value: Value<'a>, profile: &Profile) -> Result<Self, JavaException> {
        // Java reads what is no sequence of values once more, as the content of one.
        let no_sequence = |_retried| io("X500 RDN");
        let mut reader = Reader::of(value, tag::SEQUENCE, profile).map_err(no_sequence)?;
        let depth = count(reader).map_err(no_sequence)?;
        // A name may be of millions of empty sets.
        let mut attributes = Vec::with_capacity(depth.min(USUAL_DEPTH));
        for place in 0..depth {
            let set = reader.value().map_err(no_sequence)?;
            if set.tag != SET {
                return Err(io("X500 RDN"));
            }
            read_set(set, profile, |attribute| attributes.push((place, attribute)))?;
        }
        Ok(Self {
            whole: value.encoded(),
            attributes,
            depth,
            reads_universal: profile.reads_universal_string,
            high_blank: profile.high_blank_in_printable_string,
            canonical: OnceLock::new(),
        })
    }

    /// Makes a name of one commonName.
    #[cfg(test)]
    pub(crate) fn common_name(text: &str) -> DistinguishedName<'static> {
        let value = crate::ber::encode(UTF8_STRING, text.as_bytes());
        let pair = [&[6, 3, 0x55, 4, 3][..], &value].concat();
        let set = crate::ber::encode(SET, &crate::ber::encode(tag::SEQUENCE, &pair));
        let encoded = crate::ber::encode(tag::SEQUENCE, &set).leak();
        let profile = Profile::nearest("26".parse().unwrap());
        DistinguishedName::parse(Reader::new(encoded, profile).value().unwrap(), profile).unwrap()
    }

    /// Returns the name with its header.
    pub(crate) fn encoded(&self) -> &'a [u8] {
        self.whole
    }

    /// Returns whether no attribute is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// Returns how many relative names there are.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Returns the attributes in the order of the encoding.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Attribute<'a>> {
        self.attributes.iter().map(|(_, attribute)| attribute)
    }

    /// Returns the attributes of each relative name.
    fn sets(&self) -> impl DoubleEndedIterator<Item = &[(usize, Attribute<'a>)]> {
        (0..self.depth).map(|place| {
            let start = self.attributes.partition_point(|(held, _)| *held < place);
            let end = self.attributes.partition_point(|(held, _)| *held <= place);
            self.attributes.get(start..end).unwrap_or_default()
        })
    }

    /// Returns the last encoded value of an attribute type.
    pub(crate) fn most_specific(&self, oid: &[u8]) -> Option<Value<'a>> {
        let first = |set: &[(usize, Attribute<'a>)]| {
            let found = set.iter().find(|(_, attribute)| attribute.oid.0 == oid);
            found.map(|(_, attribute)| attribute.value)
        };
        self.sets().rev().find_map(first)
    }

    /// Returns whether this name is `other` or lies below it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        let top = |name: &Self| name.sets().map(|set| self.canonical_set(set)).collect::<Vec<_>>();
        let (own, others) = (top(self), top(other));
        own.starts_with(&others)
    }

    /// Returns the form in which names are compared (`X500Name.getRFC2253CanonicalName`).
    pub(crate) fn canonical(&self) -> &str {
        self.canonical.get_or_init(|| {
            let sets: Vec<String> = self.sets().rev().map(|set| self.canonical_set(set)).collect();
            sets.join(",")
        })
    }

    /// Returns whether the canonical forms, which are backwards, differ in what they begin or end with: that settles most
    /// comparisons.
    fn differs_at_an_end(&self, other: &Self) -> bool {
        let canonical = |(own, others)| (self.canonical_set(own), other.canonical_set(others));
        let begins = self.sets().next_back().zip(other.sets().next_back()).map(canonical);
        let ends = || self.sets().next().zip(other.sets().next()).map(canonical);
        begins.is_some_and(|(own, others)| !own.starts_with(&others) && !others.starts_with(&own))
            || ends()
                .is_some_and(|(own, others)| !own.ends_with(&others) && !others.ends_with(&own))
    }

    /// Returns whether the canonical forms differ in the first letter of what they begin with; letters and digits of ASCII
    /// are all that is looked at, for nothing but their case changes.
    fn differs_at_the_first_letter(&self, other: &Self) -> bool {
        let first = |name: &Self| {
            let [(_, attribute)] = name.sets().next_back()? else { return None };
            let is_text = matches!(attribute.value.tag, PRINTABLE_STRING | UTF8_STRING);
            let letter = *attribute.value.content().first()?;
            (is_text && letter.is_ascii_alphanumeric())
                .then_some((attribute.oid, letter.to_ascii_lowercase()))
        };
        matches!((first(self), first(other)), (Some((kind, own)), Some((others_kind, others)))
            if kind == others_kind && own != others)
    }

    fn canonical_set(&self, set: &[(usize, Attribute<'a>)]) -> String {
        let mut texts: Vec<String> =
            set.iter().map(|(_, attribute)| self.canonical_attribute(attribute)).collect();
        texts.sort_unstable();
        texts.join("+")
    }

    /// Text is compared only where the type has a keyword of RFC 2253 and both encodings are PrintableString or UTF8String.
    fn canonical_attribute(&self, attribute: &Attribute<'a>) -> String {
        let (tag, content, whole) =
            (attribute.value.tag, attribute.value.content(), attribute.value.encoded());
        let keyword = keyword(attribute.oid).filter(|_| RFC_2253.contains(&attribute.oid.0));
        let text = match (keyword, tag) {
            (Some(_), PRINTABLE_STRING) if self.high_blank => latin(content),
            (Some(_), PRINTABLE_STRING | UTF8_STRING) => {
                String::from_utf8_lossy(content).into_owned()
            }
            _ => {
                let mut text = keyword.map_or_else(|| attribute.oid.to_string(), str::to_owned);
                text.push_str("=#");
                push_hex(&mut text, whole);
                return text.to_lowercase();
            }
        };
        let mut collapsed = String::with_capacity(text.len());
        for character in text.chars() {
            if character == ' ' && collapsed.ends_with(' ') {
                continue;
            }
            if matches!(character, ',' | '+' | '<' | '>' | ';' | '"' | '\\')
                || (character == '#' && collapsed.is_empty())
            {
                collapsed.push('\\');
            }
            collapsed.push(character);
        }
        let trimmed = collapsed.trim_matches(|character| character <= ' ');
        let text = [keyword.unwrap_or_default(), "=", trimmed].concat();
        if text.is_ascii() {
            return text.to_ascii_lowercase();
        }
        text.to_uppercase().to_lowercase().nfkd().collect()
    }

    /// Reads an attribute's value as `DerValue.getAsString` does; none for a type that is no text to it.
    pub(crate) fn text_of(&self, value: Value<'_>) -> Option<String> {
        text_of(value, self.reads_universal)
    }

    /// Writes the name as `X500Principal.toString()` does.
    pub(crate) fn display(&self) -> String {
        let sets: Vec<String> = self
            .sets()
            .rev()
            .map(|set| {
                let texts: Vec<String> =
                    set.iter().map(|(_, attribute)| self.display_attribute(attribute)).collect();
                texts.join(" + ")
            })
            .collect();
        sets.join(", ")
    }

    fn display_attribute(&self, attribute: &Attribute<'a>) -> String {
        let mut text =
            keyword(attribute.oid).map_or_else(|| format!("OID.{}", attribute.oid), str::to_owned);
        text.push('=');
        match self.text_of(attribute.value) {
            Some(value) => text.push_str(&quoted(&value)),
            None => {
                text.push('#');
                push_hex(&mut text, attribute.value.encoded());
            }
        }
        text
    }
}

/// Names are equal if their canonical forms are.
impl PartialEq for DistinguishedName<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.encoded() == other.encoded()
            || (self.depth == other.depth
                && !self.differs_at_the_first_letter(other)
                && !self.differs_at_an_end(other)
                && self.canonical() == other.canonical())
    }
}

impl Eq for DistinguishedName<'_> {}

/// Counts the values that are left: Java reads them all before it looks into the first.
fn count(mut reader: Reader<'_, '_>) -> Result<usize, JavaException> {
    let mut count = 0;
    while !reader.is_at_end() {
        reader.value()?;
        count += 1;
    }
    Ok(count)
}

/// Reads the attributes of a relative name and hands them to `take`.
fn read_set<'a>(
    set: Value<'a>,
    profile: &Profile,
    mut take: impl FnMut(Attribute<'a>),
) -> Result<(), JavaException> {
    let mut reader = set.copied(profile).as_vector();
    count(reader)?;
    while !reader.is_at_end() {
        let pair = reader.value()?;
        if pair.tag != tag::SEQUENCE {
            return Err(io("AVA not a sequence"));
        }
        let mut inner = pair.reader(profile);
        let oid = inner.oid()?;
        let value = inner.value()?;
        let left = inner.left();
        if left > 0 {
            return Err(io(format!("AVA, extra bytes = {left}")));
        }
        take(Attribute { oid, value });
    }
    Ok(())
}

/// Reads a string value as `DerValue.getAsString` does.
pub(crate) fn text_of(value: Value<'_>, reads_universal: bool) -> Option<String> {
    let content = value.content();
    match value.tag {
        UTF8_STRING => Some(String::from_utf8_lossy(content).into_owned()),
        PRINTABLE_STRING | IA5_STRING | GENERAL_STRING => Some(ascii(content)),
        T61_STRING => Some(latin(content)),
        BMP_STRING => {
            let units: Vec<u16> = content
                .chunks(2)
                .map(|pair| match *pair {
                    [high, low] => u16::from_be_bytes([high, low]),
                    _ => 0xfffd,
                })
                .collect();
            Some(String::from_utf16_lossy(&units))
        }
        UNIVERSAL_STRING if reads_universal => Some(
            content
                .chunks(4)
                .map(|four| match *four {
                    [a, b, c, d] => char::from_u32(u32::from_be_bytes([a, b, c, d])),
                    _ => None,
                })
                .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        ),
        _ => None,
    }
}

/// Reads octets as ASCII; others become U+FFFD.
pub(crate) fn ascii(content: &[u8]) -> String {
    content
        .iter()
        .map(
            |octet| if octet.is_ascii() { char::from(*octet) } else { char::REPLACEMENT_CHARACTER },
        )
        .collect()
}

fn latin(content: &[u8]) -> String {
    content.iter().map(|octet| char::from(*octet)).collect()
}

/// Puts a value in quotes where Java does: special characters, blanks at its ends, two blanks in a row.
fn quoted(value: &str) -> String {
    let is_quoted = value.len() > 1 && value.starts_with('"') && value.ends_with('"');
    let last = value.chars().count().saturating_sub(1);
    let (mut text, mut needs_quotes, mut after_blank) = (String::new(), false, false);
    for (index, character) in value.chars().enumerate() {
        if is_quoted && (index == 0 || index == last) {
            text.push(character);
            continue;
        }
        let is_blank = character == ' ' || character == '\n';
        let is_special =
            matches!(character, ',' | '+' | '=' | '\n' | '<' | '>' | '#' | ';' | '\\' | '"');
        needs_quotes |= is_special || (is_blank && (index == 0 || after_blank));
        if character == '"' || character == '\\' {
            text.push('\\');
        }
        after_blank = is_blank;
        text.push(character);
    }
    needs_quotes |= text.ends_with([' ', '\n']);
    if needs_quotes && !is_quoted { format!("\"{text}\"") } else { text }
}

fn push_hex(text: &mut String, octets: &[u8]) {
    for octet in octets {
        // Writing to a string cannot fail.
        let _ = write!(text, "{octet:02x}");
    }
}

/// Hardly a name has more relative names.
const USUAL_DEPTH: usize = 8;

const SET: u8 = 0x31;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const T61_STRING: u8 = 0x14;
const IA5_STRING: u8 = 0x16;
const GENERAL_STRING: u8 = 0x1b;
const UNIVERSAL_STRING: u8 = 0x1c;
const BMP_STRING: u8 = 0x1e;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_runs_of_blanks() {
        for (one, other, equal) in [
            ("Root CA", "Root CA", true),
            ("Root CA", "rOOT  ca", true),
            (" Root CA ", "Root CA", true),
            ("Root CA", "Soot CA", false),
            ("Root CA", "Root CB", false),
            ("1 Root", "2 Root", false),
            ("\u{212a}elvin", "kelvin", true),
            ("#root", "root", false),
        ] {
            let [one, other] = [one, other].map(DistinguishedName::common_name);
            assert_eq!(one == other, equal, "{} {}", one.canonical(), other.canonical());
            assert_eq!(one.canonical() == other.canonical(), equal);
        }
    }
}
