//! Certificates in text: PEM blocks wherever they stand, or bare base64.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::engine::{DecodePaddingMode, general_purpose::NO_PAD};

use super::{CertificatesError, Content, Damage, Found, der};

/// Takes base64 with or without padding, and whatever bits are left over.
const LENIENT: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, NO_PAD_CONFIG);
const NO_PAD_CONFIG: GeneralPurposeConfig = NO_PAD
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

/// Returns the text that `bytes` are, without byte order mark; none if they are no text.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Some(String::from_utf8_lossy(rest)),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, ..] if first.is_ascii() && *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, second, ..] if second.is_ascii() && *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ if bytes.iter().take(4096).any(|byte| *byte == 0) => None,
        _ => Some(String::from_utf8_lossy(bytes)),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Cow<'_, str>> {
    let (units, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16(&units).ok().map(Cow::Owned)
}

/// Adds to `found` what `text` holds.
pub(super) fn find(text: &str, found: &mut Found) -> Result<(), CertificatesError> {
    let mut rest = text;
    let mut blocks = 0;
    while let Some(block) = Block::first_of(rest) {
        blocks += 1;
        let line = line_of(text, block.label);
        rest = block.read(line, found)?;
    }
    if blocks == 0 { find_without_blocks(text, found) } else { Ok(()) }
}

/// A PEM block: its label, and the text from there on.
struct Block<'a> {
    label: &'a str,
    after: &'a str,
}

impl<'a> Block<'a> {
    /// Finds `-----BEGIN LABEL-----`, whatever dashes an office program made of it and however many.
    fn first_of(text: &'a str) -> Option<Self> {
        let mut rest = text;
        loop {
            let (before, after) = rest.split_once("BEGIN ")?;
            let line = after.lines().next().unwrap_or_default();
            if before.ends_with(is_dash)
                && let Some((label, _)) = line.split_once(is_dash)
            {
                let after = after.get(label.len()..).unwrap_or_default();
                return Some(Self {
                    label: label.trim(),
                    after: after.trim_start_matches(is_dash),
                });
            }
            rest = after;
        }
    }

    /// Adds to `found` what is in the block, and returns the text after it.
    fn read(&self, line: usize, found: &mut Found) -> Result<&'a str, CertificatesError> {
        let end = format!("END {}", self.label);
        let Some((body, rest)) = self.after.split_once(&end) else {
            return Err(CertificatesError::Damaged(Damage::NoEnd { line }));
        };
        if let Some(other) = Content::of_label(self.label) {
            found.others.push(other);
            return Ok(rest);
        }
        let damage = CertificatesError::Damaged(Damage::NotBase64 { line });
        let bytes = base64(body.trim_end_matches(is_dash)).ok_or(damage)?;
        match self.label {
            // What OpenSSL adds behind a trusted certificate says how it is trusted there; Java does not look at it.
            "TRUSTED CERTIFICATE" => {
                let mut with_addition = Found::default();
                der::find(&bytes, &mut with_addition)?;
                found.certificates.extend(with_addition.certificates.into_iter().next());
            }
            _ => der::find(&bytes, found)?,
        }
        Ok(rest)
    }
}

/// Minus, hyphens and dashes of any length.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ad}')
}

fn line_of(text: &str, part: &str) -> usize {
    let offset = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

fn find_without_blocks(text: &str, found: &mut Found) -> Result<(), CertificatesError> {
    let start = text.trim_start();
    if let Some(bytes) = base64(start).filter(|bytes| bytes.first() == Some(&der::SEQUENCE)) {
        return der::find(&bytes, found);
    }
    let lower = start.chars().take(4096).collect::<String>().to_ascii_lowercase();
    let html = lower.starts_with('<') && (lower.contains("<html") || lower.contains("<!doctype"));
    found.others.push(if html { Content::Html } else { Content::Unknown });
    Ok(())
}

/// Decodes base64 with white space in it, and header lines before it (`Proc-Type: …`).
fn base64(text: &str) -> Option<Vec<u8>> {
    let text: String = text
        .lines()
        .filter(|line| !line.contains(':'))
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace() && *c != '\u{feff}')
        .collect();
    LENIENT.decode(text).ok().filter(|bytes| !bytes.is_empty())
}
