//! Certificates in text: PEM blocks wherever they stand, or bare base64.

use std::borrow::Cow;

use super::base64::{Fault, decode as base64};
use super::{CertificatesError, Content, Damage, DamageKind, Found, der};

/// Returns the text that `bytes` are, without byte order mark and with line feeds only; none if they are no text.
pub(crate) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => eight_bits(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [first, 0, ..] if first.is_ascii() && *first != 0 => utf16(bytes, u16::from_le_bytes)?,
        [0, second, ..] if second.is_ascii() && *second != 0 => utf16(bytes, u16::from_be_bytes)?,
        _ if is_binary(bytes) => return None,
        _ => eight_bits(bytes),
    };
    if text.contains('\r') {
        return Some(text.replace("\r\n", "\n").replace('\r', "\n").into());
    }
    Some(text)
}

/// Takes what is not UTF-8 for Windows-1252, of which only the dashes matter.
fn eight_bits(bytes: &[u8]) -> Cow<'_, str> {
    let one = |byte: &u8| match byte {
        0x96 => '\u{2013}',
        0x97 => '\u{2014}',
        byte => char::from(*byte),
    };
    std::str::from_utf8(bytes)
        .map_or_else(|_other| bytes.iter().map(one).collect::<String>().into(), Cow::Borrowed)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Cow<'_, str>> {
    let (units, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).ok().map(Cow::Owned)
}

fn is_binary(bytes: &[u8]) -> bool {
    let start = bytes.get(..4096).unwrap_or(bytes);
    start.contains(&0) && !start.windows(BEGIN.len()).any(|window| window == BEGIN)
}

const BEGIN: &[u8] = b"-----BEGIN ";

/// Adds to `found` what `text` holds.
pub(super) fn find(text: &str, found: &mut Found) -> Result<(), CertificatesError> {
    let (mut rest, mut line) = (text, 1);
    let mut is_empty = true;
    while let Some(block) = Block::first_of(rest) {
        is_empty = false;
        line += lines_before(rest, block.label);
        let after = block.read(line, found)?;
        line += lines_before(block.label, after);
        rest = after;
    }
    if is_empty { find_without_blocks(text, found) } else { Ok(()) }
}

/// A PEM block: its label, and the text from there on.
struct Block<'a> {
    /// The label, and all that follows it.
    label: &'a str,
    name: &'a str,
    after: &'a str,
}

impl<'a> Block<'a> {
    /// Finds `-----BEGIN LABEL-----`, whatever dashes an office program made of it and however many.
    fn first_of(text: &'a str) -> Option<Self> {
        let mut rest = text;
        loop {
            let (before, label) = rest.split_once("BEGIN ")?;
            // the line is looked for only where a dash is: a file of one line is not walked through for every word
            if before.ends_with(is_dash)
                && let Some((name, _)) =
                    label.lines().next().and_then(|line| line.split_once(is_dash))
            {
                let after = label.get(name.len()..).unwrap_or_default();
                let after = after.trim_start_matches(is_dash);
                return Some(Self { label, name: name.trim(), after });
            }
            rest = label;
        }
    }

    /// Adds to `found` what is in the block, and returns the text after it.
    fn read(&self, line: usize, found: &mut Found) -> Result<&'a str, CertificatesError> {
        let damaged = |kind| CertificatesError::from(Damage::of_block(line, kind));
        let end = format!("END {}", self.name);
        let Some((body, rest)) = self.after.split_once(&end).filter(|(body, _)| !begins_in(body))
        else {
            return Err(damaged(DamageKind::NoEnd));
        };
        if let Some(other) = Content::of_label(self.name) {
            found.leave(other, Some(line));
            return Ok(rest);
        }
        let bytes = base64(body.trim_end_matches(is_dash)).map_err(|fault| {
            damaged(match fault {
                Fault::InLine(number) => DamageKind::NotBase64 { line: line + number },
                Fault::Uneven => DamageKind::UnevenBase64,
            })
        })?;
        let mut part = Found::default();
        der::find(&bytes, &mut part).map_err(damaged)?;
        // What OpenSSL adds behind a trusted certificate says how it is trusted there; Java does not look at it.
        if self.name == "TRUSTED CERTIFICATE" {
            part.certificates.truncate(1);
            part.others.clear();
        }
        if part.certificates.is_empty() && part.others.is_empty() {
            return Err(damaged(DamageKind::NotDer { offset: 0 }));
        }
        found.take_in(part, line);
        Ok(rest)
    }
}

/// Returns whether another block begins before this one ends.
fn begins_in(body: &str) -> bool {
    body.split_once("BEGIN ").is_some_and(|(before, _)| before.ends_with(is_dash))
}

/// Minus, hyphens and dashes of any length.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}')
}

/// Counts the line ends in `text` before its tail.
fn lines_before(text: &str, tail: &str) -> usize {
    let length = text.len().saturating_sub(tail.len());
    text.as_bytes().iter().take(length).filter(|byte| **byte == b'\n').count()
}

fn find_without_blocks(text: &str, found: &mut Found) -> Result<(), CertificatesError> {
    match base64(text) {
        // Lines with a colon are headers of a PEM block, and no part of base64 that stands alone.
        Ok(bytes) if is_wanted(&bytes) && !text.contains(':') => find_in_value(&bytes, found),
        Err(Fault::InLine(number)) if text.trim_start().starts_with("MII") => {
            Err(Damage::of_file(DamageKind::NotBase64 { line: number + 1 }).into())
        }
        Ok(_) | Err(_) => {
            find_values(text, found)?;
            if found.certificates.is_empty() && found.others.is_empty() {
                found.leave(Content::of_text(text), None);
            }
            Ok(())
        }
    }
}

/// Returns whether bytes look like a certificate, or like PEM as Kubernetes keeps it in base64.
fn is_wanted(bytes: &[u8]) -> bool {
    der::begins(bytes) || bytes.starts_with(BEGIN)
}

fn find_in_value(bytes: &[u8], found: &mut Found) -> Result<(), CertificatesError> {
    if bytes.starts_with(BEGIN) {
        return find(&eight_bits(bytes), found);
    }
    der::find(bytes, found).map_err(|kind| Damage::of_file(kind).into())
}

/// Finds base64 among other things: secrets and configurations of Kubernetes, metadata of SAML, key sets in JSON.
fn find_values(text: &str, found: &mut Found) -> Result<(), CertificatesError> {
    let is_markup = |c: char| matches!(c, '<' | '>' | '"' | '\'' | ',' | '[' | ']' | '{' | '}');
    let is_space = |c: char| c.is_whitespace() || c == ':' || is_markup(c);
    let (words, texts) = (text.split(is_space), text.split(is_markup));
    for values in [texts.collect::<Vec<_>>(), words.collect()] {
        for value in values {
            let value = value.trim();
            if !(value.starts_with("MII") || value.starts_with("LS0tLS1CRUdJTi")) {
                continue;
            }
            if let Ok(bytes) = base64(value)
                && is_wanted(&bytes)
            {
                find_in_value(&bytes, found)?;
            }
        }
        if !found.certificates.is_empty() {
            break;
        }
    }
    Ok(())
}
