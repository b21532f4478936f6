//! How JKS and JCEKS seal private keys (`sun.security.provider.KeyProtector`, `com.sun.crypto.provider.KeyProtector`).

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use md5::Md5;
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::JCEKS_MAGIC;
use crate::der::{self, INTEGER, SEQUENCE};
use crate::oid;
use crate::password::Password;
use crate::private_key::{KeyError, PrivateKey, Work};

/// Unseals an `EncryptedPrivateKeyInfo` (RFC 5208, section 6).
pub(super) fn unseal(
    sealed: &[u8],
    magic: u32,
    password: &Password,
    work: &mut Work,
) -> Result<PrivateKey, KeyError> {
    let (value, _) = der::read(sealed).ok_or(KeyError::Malformed)?;
    let mut parts = value.values();
    let mut algorithm = parts.sequence("algorithm")?;
    let identifier = algorithm.identifier("algorithm")?;
    let octets = parts.octets("sealed key")?;
    let plain = match identifier {
        oid::JDK_KEY_PROTECTOR => xor(&octets.bytes, password)?,
        oid::JCE_KEY_PROTECTOR if magic == JCEKS_MAGIC => {
            let mut parameters = algorithm.next(SEQUENCE, "PBE parameters")?.values();
            let salt = parameters.octets("salt")?.bytes.into_owned();
            let count = parameters.next(INTEGER, "iteration count")?;
            let iterations = der::number(count).unwrap_or(u64::MAX);
            if iterations > MAX_ITERATIONS {
                return Err(KeyError::TooManyIterations(iterations));
            }
            work.spend(iterations.saturating_mul(2))?;
            triple_des(&octets.bytes, password, &salt, iterations)?
        }
        other => return Err(KeyError::UnsupportedAlgorithm(oid::dotted(other))),
    };
    PrivateKey::of(plain)
}

/// Unseals what is hidden under a stream of SHA-1, with salt before and digest behind.
fn xor(sealed: &[u8], password: &Password) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (salt, rest) = sealed.split_first_chunk::<20>().ok_or(KeyError::Malformed)?;
    let (hidden, expected) = rest.split_last_chunk::<20>().ok_or(KeyError::Malformed)?;
    let password = password.utf16();
    let mut plain = Zeroizing::new(Vec::with_capacity(hidden.len()));
    let mut mask = Sha1::new().chain_update(password.as_slice()).chain_update(salt).finalize();
    for chunk in hidden.chunks(20) {
        plain.extend(chunk.iter().zip(mask.iter()).map(|(byte, mask)| byte ^ mask));
        mask = Sha1::new().chain_update(password.as_slice()).chain_update(mask).finalize();
    }
    let digest = Sha1::new().chain_update(password.as_slice()).chain_update(plain.as_slice());
    if digest.finalize().as_slice() == expected { Ok(plain) } else { Err(KeyError::WrongPassword) }
}

/// Unseals by `PBEWithMD5AndTripleDES`: each half of the salt makes half of key and initial vector.
fn triple_des(
    sealed: &[u8],
    password: &Password,
    salt: &[u8],
    iterations: u64,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let password = password.utf8();
    let [a, b, c, d, second @ ..]: [u8; 8] =
        salt.try_into().map_err(|_length| KeyError::Malformed)?;
    // Equal halves would make equal keys: Java turns the first one round.
    let first = if [a, b, c, d] == second { [d, c, b, a] } else { [a, b, c, d] };
    let mut derived = Zeroizing::new(Vec::with_capacity(32));
    for half in [first, second] {
        let mut hash = Md5::new().chain_update(half).chain_update(password.as_slice()).finalize();
        for _ in 1..iterations {
            hash = Md5::new().chain_update(hash).chain_update(password.as_slice()).finalize();
        }
        derived.extend_from_slice(&hash);
    }
    let (key, vector) = derived.split_at_checked(24).unwrap_or_default();
    let cipher = cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, vector)
        .map_err(|_length| KeyError::Malformed)?;
    let plain = cipher.decrypt_padded_vec::<Pkcs7>(sealed);
    plain.map(Zeroizing::new).map_err(|_padding| KeyError::WrongPassword)
}

/// More Java refuses.
const MAX_ITERATIONS: u64 = 5_000_000;
