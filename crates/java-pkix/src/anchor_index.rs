//! Where in a set of anchors a name or a certificate may stand: a few places to look at instead of all.

use crate::der::Reader;
use crate::profile::Profile;

/// The places of anchors by what is cheaply known of them: what two anchors may share by chance is looked at more closely
/// later.
#[derive(Clone, Debug, Default)]
pub(crate) struct AnchorIndex {
    /// In ascending order.
    by_name: Vec<(u64, usize)>,
    /// Whose name says no more cheaply than of how many sets of attributes it is.
    unnamed: Vec<(usize, Option<usize>)>,
    /// In ascending order.
    by_certificate: Vec<(u64, usize)>,
}

impl AnchorIndex {
    /// Indexes anchors, each given by its certificate and the encoding of its subject.
    pub(crate) fn of<'a>(anchors: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>) -> Self {
        let mut index = Self::default();
        for (place, (certificate, subject)) in anchors.enumerate() {
            match subject.map(plain_text) {
                Some(Some(text)) => index.by_name.push((text, place)),
                Some(None) => index.unnamed.push((place, subject.and_then(depth))),
                // An anchor without subject that can be found is found by no name.
                None => {}
            }
            index.by_certificate.push((end(certificate), place));
        }
        index.by_name.sort_unstable();
        index.by_certificate.sort_unstable();
        index
    }

    /// Returns the places where a name that equals `encoded` can stand, in order; none: anywhere.
    pub(crate) fn with_name(&self, encoded: &[u8]) -> Option<Vec<usize>> {
        let named = places(&self.by_name, plain_text(encoded)?);
        let wanted = depth(encoded);
        let as_deep = self.unnamed.iter().filter(|(_, held)| held.is_none() || *held == wanted);
        let mut places: Vec<usize> = named.chain(as_deep.map(|(place, _)| *place)).collect();
        places.sort_unstable();
        Some(places)
    }

    /// Returns the places where this certificate can stand, in order.
    pub(crate) fn with_certificate(&self, certificate: &[u8]) -> impl Iterator<Item = usize> {
        places(&self.by_certificate, end(certificate))
    }
}

/// Returns the places under a key.
fn places(index: &[(u64, usize)], key: u64) -> impl Iterator<Item = usize> {
    let first = index.partition_point(|(held, _)| *held < key);
    let rest = index.get(first..).unwrap_or_default().iter();
    rest.take_while(move |(held, _)| *held == key).map(|(_, place)| *place)
}

/// The end of a certificate is that of its signature, which is like no other.
fn end(certificate: &[u8]) -> u64 {
    certificate.last_chunk().map_or(0, |end| u64::from_le_bytes(*end))
}

/// Returns a number made of the letters and digits of a name's values, in lower case: equal names agree in it. None if they
/// need not: several attributes stand in one place, or a text is not ASCII.
fn plain_text(encoded: &[u8]) -> Option<u64> {
    let profile = Profile::newest();
    let mut sets = Reader::new(encoded, profile).value().ok()?.reader(profile);
    let mut text = FNV_OFFSET;
    let mut add = |octet: u8| text = (text ^ u64::from(octet)).wrapping_mul(FNV_PRIME);
    while !sets.is_at_end() {
        let mut attributes = sets.value().ok()?.reader(profile);
        let mut attribute = attributes.value().ok()?.reader(profile);
        let (_type, value) = (attribute.value().ok()?, attribute.value().ok()?);
        if !attributes.is_at_end() || !value.content().is_ascii() {
            return None;
        }
        let plain = value.content().iter().filter(|octet| octet.is_ascii_alphanumeric());
        plain.for_each(|octet| add(octet.to_ascii_lowercase()));
        add(0);
    }
    Some(text)
}

/// Returns of how many sets of attributes a name is: equal names agree in it.
fn depth(encoded: &[u8]) -> Option<usize> {
    let profile = Profile::newest();
    let mut sets = Reader::new(encoded, profile).value().ok()?.reader(profile);
    let mut count = 0;
    while !sets.is_at_end() {
        sets.value().ok()?;
        count += 1;
    }
    Some(count)
}

/// FNV-1a, of 64 bits.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x100_0000_01b3;

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
    fn names_of_another_depth_are_not_looked_at() {
        let one = name(0x0c, "Größe".as_bytes());
        let set = one.get(2..).unwrap();
        let two = [&[0x30, u8::try_from(2 * set.len()).unwrap()], set, set].concat();
        let names = [one.as_slice(), &two, &[0x30, 3, 0x31, 9, 0]];
        let index = AnchorIndex::of(names.iter().map(|name| (&[][..], Some(*name))));
        assert_eq!(index.with_name(&name(0x13, b"nobody")), Some(vec![0, 2]));
    }

    #[test]
    fn names_that_java_takes_for_equal_are_found() {
        let names =
            [name(0x13, b"Corp Root"), name(0x0c, b"Other"), name(0x0c, "Größe".as_bytes())];
        let index = AnchorIndex::of(names.iter().map(|name| (&[][..], Some(name.as_slice()))));
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
