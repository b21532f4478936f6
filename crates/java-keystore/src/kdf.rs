//! PKCS12's key derivation (RFC 7292, appendix B.2).

use sha2::Digest;
use sha2::digest::Output;
use sha2::digest::block_api::BlockSizeUser;
use zeroize::{Zeroize, Zeroizing};

/// Derives `length` octets for a purpose: 1 for a key, 2 for an initial vector, 3 for a MAC.
pub(crate) fn pkcs12_key<D: Digest + BlockSizeUser>(
    password: &[u8],
    salt: &[u8],
    purpose: u8,
    iterations: u64,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = D::block_size();
    let fill = |octets: &[u8]| {
        let length = octets.len().div_ceil(block) * block;
        let filled: Vec<u8> = octets.iter().copied().cycle().take(length).collect();
        Zeroizing::new(filled)
    };
    let diversifier = vec![purpose; block];
    let mut input = Zeroizing::new([fill(salt).as_slice(), &fill(password)].concat());
    let mut key = Zeroizing::new(Vec::with_capacity(length));
    while key.len() < length {
        let mut hash =
            D::new().chain_update(&diversifier).chain_update(input.as_slice()).finalize();
        for _ in 1..iterations {
            hash = D::digest(&hash);
        }
        let wanted = length - key.len();
        key.extend(hash.iter().take(wanted));
        add_to_blocks::<D>(&mut input, &hash, block);
        hash.as_mut_slice().zeroize();
    }
    key
}

/// Adds the hash, repeated to the size of a block, and one to every block of the input.
fn add_to_blocks<D: Digest>(input: &mut [u8], hash: &Output<D>, block: usize) {
    let addend: Vec<u8> = hash.iter().copied().cycle().take(block).collect();
    let addend = Zeroizing::new(addend);
    for chunk in input.chunks_mut(block) {
        let mut carry = 1_u16;
        for (octet, add) in chunk.iter_mut().zip(addend.iter()).rev() {
            let sum = u16::from(*octet) + u16::from(*add) + carry;
            let [high, low] = sum.to_be_bytes();
            *octet = low;
            carry = u16::from(high);
        }
    }
}
