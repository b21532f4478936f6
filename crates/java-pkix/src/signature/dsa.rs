//! DSA.

use ::dsa::signature::hazmat::PrehashVerifier;
use ::dsa::{Components, Signature, VerifyingKey};
use ::rsa::BoxedUint;

use crate::exception::JavaException;
use crate::profile::Profile;
use crate::public_key::DsaKey;
use crate::signature::{Digest, does_not_match, invalid_key, numbers, signature_fault};

/// Larger moduli are not computed with: nobody has such a key, and it would take its time.
const MOST_OCTETS: usize = 2048;

/// Verifies a signature by a DSA key.
///
/// # Errors
/// What `Signature.initVerify` or `Signature.verify` throws.
pub(super) fn verify(
    key: &DsaKey,
    digest: Digest,
    message: &[u8],
    signature: &[u8],
    profile: &Profile,
) -> Result<(), JavaException> {
    let Some([p, q, g]) = &key.domain else {
        return Err(invalid_key("DSA public key lacks parameters"));
    };
    let [r, s] = numbers(signature, profile)
        .map_err(|fault| signature_fault("Invalid encoding for signature").caused_by(fault))?;
    let in_range =
        |number: &[u8]| !number.is_empty() && (number.len(), number) < (q.len(), q.as_slice());
    if !in_range(r) || !in_range(s) {
        return Err(signature_fault("invalid signature: out of range values"));
    }
    let hash = digest.of(&[message]);
    let verified = || {
        let odd = |number: &[u8]| number.last().is_some_and(|octet| octet & 1 == 1);
        if p.len() > MOST_OCTETS || q.len() > p.len() || !odd(p) || !odd(q) {
            return None;
        }
        let [p, q, r, s] = [p, q, r, s].map(BoxedUint::from_be_slice_vartime);
        // What is computed with modulo p has to be as wide as p.
        let [g, y] = [g, &key.y].map(|number| BoxedUint::from_be_slice(number, p.bits_precision()));
        let (g, y) = (g.ok()?, y.ok()?);
        let components = Components::from_components_unchecked(p, q, g).ok()?;
        let key = VerifyingKey::from_components(components, y).ok()?;
        let signature = Signature::from_components(r, s)?;
        key.verify_prehash(&hash, &signature).ok()
    };
    verified().ok_or_else(does_not_match)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn a_generator_or_key_shorter_than_the_modulus_is_computed_with() {
        let rules = Rules::built_in("8u504".parse().unwrap());
        for (g, y) in [(vec![4], vec![9; 128]), (vec![4; 128], vec![9]), (vec![4; 200], vec![9])] {
            let domain = Some([vec![0xff; 128], vec![0xff; 20], g]);
            let key = DsaKey { y, domain };
            let signature = [0x30, 6, 2, 1, 1, 2, 1, 1];
            let verified = verify(&key, Digest::Sha1, b"", &signature, rules.profile());
            assert_eq!(verified, Err(does_not_match()));
        }
    }
}
