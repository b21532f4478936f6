//! Where in a set of anchors a name or a certificate may stand: a few places to look at instead of all.

use std::collections::HashMap;

use crate::der::Reader;
use crate::profile::Profile;
use crate::release::JavaRelease;

/// The places of anchors by what is cheaply known of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct AnchorIndex {
    by_name: HashMap<Vec<u8>, Vec<usize>>,
    /// Whose name says nothing cheaply.
    unnamed: Vec<usize>,
    by_certificate: HashMap<Vec<u8>, Vec<usize>>,
}

impl AnchorIndex {
    /// Adds an anchor with its certificate and the encoding of its subject.
    pub(crate) fn add(&mut self, place: usize, certificate: &[u8], subject: Option<&[u8]>) {
        match subject.map(plain_text) {
            Some(Some(text)) => self.by_name.entry(text).or_default().push(place),
            Some(None) => self.unnamed.push(place),
            // An anchor without subject that can be found is found by no name.
            None => {}
        }
        self.by_certificate.entry(end(certificate).to_vec()).or_default().push(place);
    }

    /// Returns the places where a name that equals `encoded` can stand, in order; none: anywhere.
    pub(crate) fn with_name(&self, encoded: &[u8]) -> Option<Vec<usize>> {
        let named = self.by_name.get(&plain_text(encoded)?).into_iter().flatten();
        let mut places: Vec<usize> = named.chain(&self.unnamed).copied().collect();
        places.sort_unstable();
        Some(places)
    }

    /// Returns the places where this certificate can stand, in order.
    pub(crate) fn with_certificate(&self, certificate: &[u8]) -> &[usize] {
        self.by_certificate.get(end(certificate)).map_or(&[], Vec::as_slice)
    }
}

/// The end of a certificate is that of its signature, which is like no other.
fn end(certificate: &[u8]) -> &[u8] {
    certificate.split_last_chunk::<16>().map_or(certificate, |(_, end)| end)
}

/// Returns the letters and digits of a name's values, in lower case: equal names agree in them. None if they need not:
/// several attributes stand in one place, or a text is not ASCII.
fn plain_text(encoded: &[u8]) -> Option<Vec<u8>> {
    // The newest release reads all lengths that any release reads.
    let profile = Profile::nearest(JavaRelease { feature: u16::MAX, update: 0 });
    let mut sets = Reader::new(encoded, profile).value().ok()?.reader(profile);
    let mut text = Vec::with_capacity(encoded.len());
    while !sets.is_at_end() {
        let mut attributes = sets.value().ok()?.reader(profile);
        let mut attribute = attributes.value().ok()?.reader(profile);
        let (_type, value) = (attribute.value().ok()?, attribute.value().ok()?);
        if !attributes.is_at_end() || !value.content().is_ascii() {
            return None;
        }
        let plain = value.content().iter().filter(|octet| octet.is_ascii_alphanumeric());
        text.extend(plain.map(u8::to_ascii_lowercase));
        text.push(0);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(tag: u8, text: &[u8]) -> Vec<u8> {
        let tlv = |tag: u8, content: &[u8]| {
            [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
        };
        let pair = [tlv(6, &[0x55, 4, 3]), tlv(tag, text)].concat();
        tlv(0x30, &tlv(0x31, &tlv(0x30, &pair)))
    }

    #[test]
    fn names_that_java_takes_for_equal_are_found() {
        let mut index = AnchorIndex::default();
        let names =
            [name(0x13, b"Corp Root"), name(0x0c, b"Other"), name(0x0c, "Größe".as_bytes())];
        for (place, name) in names.iter().enumerate() {
            index.add(place, &[], Some(name));
        }
        for (query, expected) in [
            (name(0x0c, b" corp  ROOT"), Some(vec![0, 2])),
            (name(0x13, b"nobody"), Some(vec![2])),
            (name(0x0c, "größe".as_bytes()), None),
            (vec![1], None),
        ] {
            assert_eq!(index.with_name(&query), expected, "{query:02x?}");
        }
    }
}
