//! Signatures that were found good, kept: one authority signs for a whole fleet, and one server is asked again and again.

use std::sync::{Mutex, PoisonError};

use crate::certificate::Certificate;
use crate::exception::JavaException;
use crate::public_key::PublicKey;

/// The certificates whose signatures were found good, and the keys that they were verified with; the last asked for first.
///
/// Java, too, remembers with a certificate the key that it was verified with, and gives the same object for the same bytes.
#[derive(Debug, Default)]
pub(crate) struct Proven(Mutex<Vec<Proof>>);

#[derive(Debug)]
struct Proof {
    sha256: [u8; 32],
    issuer: PublicKey,
}

impl Proven {
    /// Verifies the signature of a certificate, unless the same was found good before.
    ///
    /// # Errors
    /// What `verify` returns; failures are not kept.
    pub(crate) fn or_verify(
        &self,
        certificate: &Certificate<'_>,
        issuer: &PublicKey,
        verify: impl FnOnce() -> Result<(), JavaException>,
    ) -> Result<(), JavaException> {
        let is_it =
            |proof: &Proof| proof.sha256 == *certificate.sha256() && proof.issuer == *issuer;
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = held.iter().position(is_it) {
            if let Some(before) = held.get_mut(..=place) {
                before.rotate_right(1);
            }
            return Ok(());
        }
        drop(held);
        verify()?;
        self.keep(Proof { sha256: *certificate.sha256(), issuer: issuer.clone() });
        Ok(())
    }

    fn keep(&self, proof: Proof) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.truncate(MOST.saturating_sub(1));
        held.insert(0, proof);
    }
}

/// Enough for the authorities of an organisation; peers may show more, but not fill the memory with them.
const MOST: usize = 64;

/// A copy finds out again.
impl Clone for Proven {
    fn clone(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ber::Conversions;
    use crate::profile::Profile;
    use crate::signature::recorded::base64;

    const CHAINS: &str = include_str!("../../../fixtures/constraints/chains.txt");

    /// Returns the first chain of the fixtures: end entity, issuing CA, root.
    fn chain() -> Vec<Vec<u8>> {
        let (_, chain) = CHAINS.lines().next().unwrap().split_once(' ').unwrap();
        chain.split(' ').map(base64).collect()
    }

    /// Returns what comes of a question, and whether the signature was computed for it.
    fn ask(proven: &Proven, certificate: &[u8], issuer: &[u8]) -> (bool, bool) {
        let (profile, conversions) = (Profile::newest(), Conversions::default());
        let read = |der| Certificate::parse(der, &conversions, profile).unwrap();
        let (certificate, issuer) = (read(certificate), read(issuer).key);
        let mut computed = false;
        let answer = proven.or_verify(&certificate, &issuer, || {
            computed = true;
            certificate.verify(&issuer, profile)
        });
        (answer.is_ok(), computed)
    }

    #[test]
    fn a_good_signature_is_computed_once_and_proves_nothing_else() {
        let [leaf, issuing, root] = chain().try_into().unwrap();
        let proven = Proven::default();
        assert_eq!(ask(&proven, &leaf, &issuing), (true, true));
        assert_eq!(ask(&proven, &leaf, &issuing), (true, false));
        assert_eq!(ask(&proven, &issuing, &root), (true, true));
        assert_eq!(ask(&proven, &leaf, &issuing), (true, false));
        // another key, another signature: bad, and as bad the second time
        let mut altered = leaf.clone();
        *altered.last_mut().unwrap() ^= 1;
        for _ in 0..2 {
            assert_eq!(ask(&proven, &leaf, &root), (false, true));
            assert_eq!(ask(&proven, &altered, &issuing), (false, true));
        }
        assert_eq!(ask(&proven.clone(), &leaf, &issuing), (true, true));
    }

    #[test]
    fn the_last_asked_for_are_kept() {
        let [leaf, issuing, root] = chain().try_into().unwrap();
        let proven = Proven::default();
        let count = || proven.0.lock().unwrap().len();
        assert_eq!(ask(&proven, &leaf, &issuing), (true, true));
        assert_eq!(ask(&proven, &issuing, &root), (true, true));
        let fill = |number: usize| {
            let issuer = proven.0.lock().unwrap().first().unwrap().issuer.clone();
            let mut sha256 = [0; 32];
            sha256[..8].copy_from_slice(&number.to_be_bytes());
            proven.keep(Proof { sha256, issuer });
        };
        for number in 0..1000 {
            fill(number);
            assert_eq!(ask(&proven, &leaf, &issuing), (true, false));
        }
        assert_eq!(count(), MOST);
        assert_eq!(ask(&proven, &issuing, &root), (true, true));
        assert_eq!(count(), MOST);
    }
}
