//! Values written anew with lengths in their shortest form.

use std::borrow::Cow;

use super::Value;
use crate::ber;
use crate::profile::Profile;

/// Writes a value and those inside with lengths in their shortest form, as Java does before it reads them again.
pub(crate) fn shortest<'a>(value: Value<'a>, depth: usize, profile: &Profile) -> Cow<'a, [u8]> {
    let unchanged = Cow::Borrowed(value.encoded());
    if is_shortest(value, depth, profile) {
        return unchanged;
    }
    if value.tag & 0x20 == 0 || depth == 0 {
        return Cow::Owned(ber::encode(value.tag, value.content()));
    }
    let mut content = Vec::new();
    let mut reader = value.reader(profile);
    while !reader.is_at_end() {
        let is_indefinite = reader.is_indefinite();
        let Ok(part) = reader.value() else { return unchanged };
        if is_indefinite && part.tag & 0x20 == 0 {
            return unchanged;
        }
        content.extend_from_slice(&shortest(part, depth - 1, profile));
    }
    Cow::Owned(ber::encode(value.tag, &content))
}

/// Returns whether the lengths are in their shortest form already, of the value and of all inside that can be read.
fn is_shortest(value: Value<'_>, depth: usize, profile: &Profile) -> bool {
    let content = value.content().len();
    if value.encoded().len() != content + ber::header_size(content) {
        return false;
    }
    let mut parts = value.reader(profile);
    let looks_inside = value.tag & 0x20 != 0 && depth > 0;
    while looks_inside && !parts.is_at_end() {
        if parts.is_indefinite() {
            return false;
        }
        let Ok(part) = parts.value() else { return true };
        if !is_shortest(part, depth - 1, profile) {
            return false;
        }
    }
    true
}
