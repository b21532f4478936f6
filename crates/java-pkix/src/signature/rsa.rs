//! RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017) with keys of 512 to 16384 bits.

use ::rsa::hazmat::rsa_encrypt;
use ::rsa::traits::PublicKeyParts;
use ::rsa::{BoxedUint, Pkcs1v15Sign, PublicKey};
use ring::signature::{self as fast, RsaParameters, RsaPublicKeyComponents};

use crate::exception::JavaException;
use crate::profile::{DerWords, Profile};
use crate::public_key::RsaKey;
use crate::signature::{Digest, PssParameters, does_not_match, invalid_key, signature_fault};

/// Verifies a PKCS #1 v1.5 signature.
///
/// # Errors
/// What `Signature.initVerify` or `Signature.verify` throws.
pub(super) fn verify_pkcs1(
    key: &RsaKey,
    digest: Digest,
    message: &[u8],
    signature: &[u8],
) -> Result<(), JavaException> {
    if key.restriction.is_some() {
        let cause =
            JavaException::new("java.security.ProviderException", "null params expected for RSA");
        return Err(invalid_key("Invalid key for RSA signatures").caused_by(cause));
    }
    let size = key.modulus.len();
    // The encoded digest is 10 octets longer than identifier and digest; padding takes 11 at least.
    if digest.oid().len() + digest.length() + 21 > size {
        return Err(invalid_key("Key is too short for this signature algorithm"));
    }
    if signature.len() != size {
        let got = signature.len();
        return Err(signature_fault(format!(
            "Bad signature length: got {got} but was expecting {size}"
        )));
    }
    if let Some(fast) = fast_pkcs1(digest, size)
        && is_signed(fast, key, message, signature)
    {
        return Ok(());
    }
    let hash = digest.of(&[message]);
    let is_padded = |with_null| {
        let prefix = digest_prefix(digest, with_null).into_boxed_slice();
        let scheme = Pkcs1v15Sign { hash_len: Some(digest.length()), prefix };
        public_key(key).is_some_and(|key| key.verify(scheme, &hash, signature).is_ok())
    };
    // Some vendors leave out the NULL after the identifier, and Java takes that, too.
    if is_padded(true) || is_padded(false) { Ok(()) } else { Err(does_not_match()) }
}

/// Verifies a PSS signature.
///
/// # Errors
/// What `Signature.setParameter`, `Signature.initVerify` or `Signature.verify` throws.
pub(super) fn verify_pss(
    key: &RsaKey,
    parameters: Option<&PssParameters>,
    message: &[u8],
    signature: &[u8],
    profile: &Profile,
) -> Result<(), JavaException> {
    let Some(parameters) = parameters else {
        return Err(signature_fault("Parameters required for RSASSA-PSS signatures"));
    };
    let digest = usable_digest(&parameters.digest)?;
    if key.restriction.as_ref().is_some_and(|restriction| !fits(restriction, parameters)) {
        return Err(invalid_key("Key contains incompatible PSS parameter values"));
    }
    let least = digest.length().saturating_add(parameters.salt).saturating_add(2);
    let size = key.modulus.len();
    if size < least {
        let text = format!("Key is too short, need min {least} bytes");
        if profile.der_words == DerWords::Current {
            return Err(invalid_key(text));
        }
        let cause = signature_fault(text);
        return Err(invalid_key(cause.to_string()).caused_by(cause));
    }
    if signature.len() != size {
        let got = signature.len();
        return Err(signature_fault(format!(
            "Signature length not correct: got {got} but was expecting {size}"
        )));
    }
    if let Some(fast) = fast_pss(digest, parameters, size)
        && is_signed(fast, key, message, signature)
    {
        return Ok(());
    }
    let verified = || {
        let encoded = recovered(key, signature)?;
        let bits = bit_length(&key.modulus).checked_sub(1)?;
        is_encoded(&encoded, bits, digest, parameters, &digest.of(&[message]))
    };
    if verified() == Some(true) { Ok(()) } else { Err(does_not_match()) }
}

/// Returns the digest that a PSS signature names, if it can serve.
fn usable_digest(name: &str) -> Result<Digest, JavaException> {
    match Digest::named(name) {
        None => {
            let text = format!("Unsupported digest algorithm {name}");
            let cause =
                JavaException::new("java.security.InvalidAlgorithmParameterException", text);
            let text = cause.to_string();
            Err(JavaException::new("java.security.cert.CertificateException", text)
                .caused_by(cause))
        }
        Some(Digest::Md2 | Digest::Md5) => {
            let text = format!("Unsupported digest algo: {name}");
            Err(JavaException::new("java.security.cert.CertificateException", text))
        }
        Some(digest) => Ok(digest),
    }
}

/// Returns whether a signature keeps to what its key is restricted to (RFC 4055, section 1.2).
fn fits(restriction: &PssParameters, parameters: &PssParameters) -> bool {
    restriction.salt <= parameters.salt
        && restriction.digest == parameters.digest
        && restriction.mask_digest == parameters.mask_digest
}

/// Returns the quick implementation for keys of 2048 to 8192 bits.
fn fast_pkcs1(digest: Digest, size: usize) -> Option<&'static RsaParameters> {
    let fast = [
        (Digest::Sha256, &fast::RSA_PKCS1_2048_8192_SHA256),
        (Digest::Sha384, &fast::RSA_PKCS1_2048_8192_SHA384),
        (Digest::Sha512, &fast::RSA_PKCS1_2048_8192_SHA512),
        (Digest::Sha1, &fast::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
    ];
    let known = fast.into_iter().find(|(known, _)| *known == digest);
    known.filter(|_| (256..=1024).contains(&size)).map(|(_, fast)| fast)
}

/// Returns the quick implementation, which knows one digest and a salt of its length.
fn fast_pss(
    digest: Digest,
    parameters: &PssParameters,
    size: usize,
) -> Option<&'static RsaParameters> {
    let fast = [
        (Digest::Sha256, &fast::RSA_PSS_2048_8192_SHA256),
        (Digest::Sha384, &fast::RSA_PSS_2048_8192_SHA384),
        (Digest::Sha512, &fast::RSA_PSS_2048_8192_SHA512),
    ];
    let is_plain = parameters.mask_digest == digest && parameters.salt == digest.length();
    let known = fast.into_iter().find(|(known, _)| *known == digest);
    known.filter(|_| is_plain && (256..=1024).contains(&size)).map(|(_, fast)| fast)
}

fn is_signed(fast: &'static RsaParameters, key: &RsaKey, message: &[u8], signature: &[u8]) -> bool {
    RsaPublicKeyComponents { n: &key.modulus, e: &key.exponent }
        .verify(fast, message, signature)
        .is_ok()
}

/// Returns the key in the form of the thorough implementation, which wants the modulus to be odd.
///
/// Java's own limits were checked when the key was read; the implementation's are narrower.
fn public_key(key: &RsaKey) -> Option<PublicKey> {
    let is_odd = key.modulus.last().is_some_and(|octet| octet & 1 == 1);
    let [modulus, exponent] =
        [&key.modulus, &key.exponent].map(|number| BoxedUint::from_be_slice_vartime(number));
    is_odd.then(|| PublicKey::new_unchecked(modulus, exponent))
}

/// Returns what stands before the digest in a PKCS #1 v1.5 encoding.
fn digest_prefix(digest: Digest, with_null: bool) -> Vec<u8> {
    let octet = |length: usize| u8::try_from(length).unwrap_or(u8::MAX);
    let (oid, null) = (digest.oid(), if with_null { &[5, 0][..] } else { &[] });
    let identifier = oid.len() + 2 + null.len();
    let mut prefix = vec![0x30, octet(identifier + 4 + digest.length()), 0x30, octet(identifier)];
    prefix.extend_from_slice(&[6, octet(oid.len())]);
    prefix.extend_from_slice(oid);
    prefix.extend_from_slice(null);
    prefix.extend_from_slice(&[4, octet(digest.length())]);
    prefix
}

/// Applies the public key to a signature (RSAVP1): the encoded message, as long as the modulus.
fn recovered(key: &RsaKey, signature: &[u8]) -> Option<Vec<u8>> {
    let public = public_key(key)?;
    let representative = BoxedUint::from_be_slice(signature, public.n_bits_precision()).ok()?;
    if representative >= *public.n().as_ref() {
        return None;
    }
    let octets = rsa_encrypt(&public, &representative).ok()?.to_be_bytes();
    let surplus = octets.len().checked_sub(key.modulus.len())?;
    octets.get(surplus..).map(<[u8]>::to_vec)
}

/// Checks an encoded message of `bits` bits against the digest of the message (EMSA-PSS-VERIFY,
/// RFC 8017, section 9.1.2); unlike the crates at hand it allows the mask a digest of its own.
fn is_encoded(
    encoded: &[u8],
    bits: usize,
    digest: Digest,
    parameters: &PssParameters,
    hash: &[u8],
) -> Option<bool> {
    let length = bits.div_ceil(8);
    let (surplus, encoded) = encoded.split_at_checked(encoded.len().checked_sub(length)?)?;
    let [before @ .., 0xbc] = encoded else { return Some(false) };
    let (masked, seed) = before.split_at_checked(before.len().checked_sub(digest.length())?)?;
    let unused = u32::try_from(8 * length - bits).ok()?;
    let top = 0xff_u8.checked_shr(unused)?;
    let mut block = xor(masked, &mask(seed, masked.len(), parameters.mask_digest));
    let first = block.first_mut()?;
    *first &= top;
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(parameters.salt)?)?;
    let [zeros @ .., 1] = padding else { return Some(false) };
    Some(
        surplus.iter().chain(zeros).all(|octet| *octet == 0)
            && masked.first().is_some_and(|octet| octet & !top == 0)
            && digest.of(&[&[0; 8], hash, salt]) == seed,
    )
}

/// MGF1 (RFC 8017, appendix B.2.1).
fn mask(seed: &[u8], length: usize, digest: Digest) -> Vec<u8> {
    let blocks = (0_u32..).take(length.div_ceil(digest.length()));
    blocks.flat_map(|counter| digest.of(&[seed, &counter.to_be_bytes()])).take(length).collect()
}

fn xor(left: &[u8], right: &[u8]) -> Vec<u8> {
    left.iter().zip(right).map(|(left, right)| left ^ right).collect()
}

fn bit_length(number: &[u8]) -> usize {
    let zeros = number.first().map_or(0, |octet| octet.leading_zeros());
    (number.len() * 8).saturating_sub(usize::try_from(zeros).unwrap_or(0))
}
