//! What the targets need to get behind the encryption of PKCS12.

/// Wraps bytes as the bags of a store without password: mutations reach the bags without a key.
#[allow(dead_code, reason = "not every target makes stores")]
pub fn store_of(bags: &[u8]) -> Vec<u8> {
    let part = data(&element(0x30, &[bags]));
    element(0x30, &[&[2, 1, 3], &data(&element(0x30, &[&part]))])
}

/// Returns whether the bytes may ask for more than 4,095 iterations of a key derivation. Java takes 5,000,000, and what
/// keytool writes has 10,000 and more, which is longer than a fuzzer should wait: such bytes are read without password
/// only. The kept inputs were written by keytool with one iteration.
pub fn asks_for_much_work(bytes: &[u8]) -> bool {
    bytes.windows(5).any(|window| match window {
        [2, 3, 1, 0, 1] => false, // the exponent of RSA keys
        [2, 2, 0x10..0x80, ..] | [2, 3, 0..0x80, ..] | [2, 4..=8, ..] => true,
        _ => false,
    })
}

/// A `ContentInfo` of plain data.
fn data(content: &[u8]) -> Vec<u8> {
    const DATA: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    element(0x30, &[&DATA, &element(0xa0, &[&element(4, &[content])])])
}

fn element(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let content = contents.concat();
    let length = u32::try_from(content.len()).expect("inputs are short").to_be_bytes();
    [&[tag, 0x84], &length[..], &content].concat()
}
