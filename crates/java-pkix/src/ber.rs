//! Writing values, and rewriting BER of indefinite length.

/// How deep constructed strings may nest; Java has no limit but its stack.
const MAXIMUM_NESTING: usize = 64;

/// Rewrites BER of indefinite length as `DerIndefLenConverter` does; `None` where ends are missing.
pub(crate) fn definite(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut rest = encoded;
    definite_value(&mut rest, MAXIMUM_NESTING)
}

/// Rewrites the first value of `rest` and moves on behind it.
fn definite_value(rest: &mut &[u8], depth: usize) -> Option<Vec<u8>> {
    let (&tag, after) = rest.split_first()?;
    let (&first, after) = after.split_first()?;
    if first != 0x80 {
        let count = if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
        let (octets, _) = after.split_at_checked(count)?;
        let length = match first {
            ..0x80 => usize::from(first),
            _ => octets.iter().try_fold(0_usize, |length, octet| {
                length.checked_mul(256)?.checked_add(usize::from(*octet))
            })?,
        };
        let size = length.checked_add(2 + count)?;
        let (value, after) = rest.split_at_checked(size)?;
        *rest = after;
        return Some(value.to_vec());
    }
    let mut content = Vec::new();
    *rest = after;
    while !rest.starts_with(&[0, 0]) {
        content.extend(definite_value(rest, depth.checked_sub(1)?)?);
    }
    *rest = rest.get(2..)?;
    Some(encode(tag, &content))
}

/// Writes a value.
pub(crate) fn encode(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut value = vec![tag];
    value.extend(encoded_length(content.len()));
    value.extend(content);
    value
}

fn encoded_length(length: usize) -> Vec<u8> {
    if let Ok(short @ ..0x80) = u8::try_from(length) {
        return vec![short];
    }
    let octets = length.to_be_bytes();
    let significant: Vec<u8> = octets.into_iter().skip_while(|octet| *octet == 0).collect();
    let count = u8::try_from(significant.len()).unwrap_or(u8::MAX);
    std::iter::once(0x80 | count).chain(significant).collect()
}
