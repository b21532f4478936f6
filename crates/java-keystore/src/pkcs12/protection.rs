//! How a part of a store is encrypted: PKCS12's own schemes (RFC 7292, appendix C) and PBES2 (RFC 8018).

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyIvInit};
use sha1::Sha1;
use zeroize::Zeroizing;

use super::derivation::{Derivation, iterations, random, renew_salt, unsupported};
use super::hashing::Hash;
use crate::der::{self, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::error::{ReadError, ReadErrorKind, WriteError};
use crate::kdf::pkcs12_key;
use crate::oid;
use crate::password::Password;

/// How a part is encrypted, with the salt and the initial vector it was found with.
#[derive(Clone, Debug)]
pub(super) struct Protection(Option<Scheme>);

#[derive(Clone, Debug)]
enum Scheme {
    /// A scheme of PKCS12.
    Pkcs12 { cipher: Cipher, salt: Vec<u8>, iterations: u64 },
    /// PBES2 with PBKDF2.
    Pbes2 { cipher: Cipher, derivation: Derivation, iv: Vec<u8> },
    /// Something else, by its identifier.
    Unknown(String),
}

/// A block cipher in CBC mode.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Cipher {
    TripleDes,
    TwoKeyTripleDes,
    Rc2(usize),
    Aes(usize),
}

const PKCS12_CIPHERS: [(&[u8], Cipher, &str); 4] = [
    (oid::PBE_SHA1_3DES, Cipher::TripleDes, "PBEWithSHA1AndDESede"),
    (oid::PBE_SHA1_2DES, Cipher::TwoKeyTripleDes, "PBEWithSHA1And2KeyDESede"),
    (oid::PBE_SHA1_RC2_128, Cipher::Rc2(16), "PBEWithSHA1AndRC2_128"),
    (oid::PBE_SHA1_RC2_40, Cipher::Rc2(5), "PBEWithSHA1AndRC2_40"),
];

const AES: [(&[u8], usize); 3] =
    [(oid::AES_128_CBC, 16), (oid::AES_192_CBC, 24), (oid::AES_256_CBC, 32)];

impl Protection {
    /// No encryption.
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// What keytool 11 and later take: AES-256, PBKDF2 with HMAC-SHA-256, 10,000 iterations.
    pub(super) fn usual() -> Self {
        let derivation = Derivation {
            hash: Hash::Sha256,
            salt: vec![0; 20],
            iterations: 10_000,
            length: Some(32),
        };
        Self(Some(Scheme::Pbes2 { cipher: Cipher::Aes(32), derivation, iv: vec![0; 16] }))
    }

    /// Encryption that cannot be made sense of.
    pub(super) fn unknown() -> Self {
        Self(Some(Scheme::Unknown("an unknown encryption".to_owned())))
    }

    /// Returns how many iterations it takes to open a part.
    pub(super) fn iterations(&self) -> u64 {
        match &self.0 {
            // A key and an initial vector.
            Some(Scheme::Pkcs12 { iterations, .. }) => iterations.saturating_mul(2),
            Some(Scheme::Pbes2 { derivation, .. }) => derivation.iterations,
            Some(Scheme::Unknown(_)) | None => 0,
        }
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn is_pbes2(&self) -> bool {
        matches!(self.0, Some(Scheme::Pbes2 { .. }))
    }

    /// Names the scheme as Java does.
    pub(super) fn name(&self) -> String {
        match &self.0 {
            None => "none".to_owned(),
            Some(Scheme::Unknown(oid)) => oid.clone(),
            Some(Scheme::Pkcs12 { cipher, .. }) => PKCS12_CIPHERS
                .iter()
                .find(|(_, held, _)| held == cipher)
                .map_or_else(String::new, |(_, _, name)| (*name).to_owned()),
            Some(Scheme::Pbes2 { cipher, derivation, .. }) => {
                let bits = cipher.key_length() * 8;
                format!("PBEWithHmac{}AndAES_{bits}", derivation.hash.name())
            }
        }
    }

    /// Reads an `AlgorithmIdentifier`.
    pub(super) fn read(value: der::Value<'_>) -> Result<Self, ReadError> {
        let mut parts = value.values();
        let identifier = parts.identifier("algorithm")?;
        if let Some((_, cipher, _)) = PKCS12_CIPHERS.iter().find(|(held, ..)| *held == identifier) {
            let mut parameters = parts.sequence("PBE parameters")?;
            let salt = parameters.octets("salt")?.bytes.into_owned();
            let iterations = iterations(parameters.next(INTEGER, "iteration count")?)?;
            return Ok(Self(Some(Scheme::Pkcs12 { cipher: *cipher, salt, iterations })));
        }
        if identifier == oid::PBES2 {
            return pbes2(parts.next(SEQUENCE, "PBES2 parameters")?).map(|s| Self(Some(s)));
        }
        Ok(Self(Some(Scheme::Unknown(oid::dotted(identifier)))))
    }

    /// Decrypts a part.
    pub(super) fn open(&self, sealed: &[u8], password: &Password) -> Result<Vec<u8>, ReadError> {
        let failed = |kind| ReadError { offset: 0, kind };
        match &self.0 {
            None => Ok(sealed.to_vec()),
            Some(Scheme::Unknown(oid)) => {
                Err(failed(ReadErrorKind::UnsupportedAlgorithm(oid.clone())))
            }
            Some(scheme) => {
                let (cipher, key, iv) = scheme.key(password);
                cipher
                    .decrypt(&key, &iv, sealed)
                    .ok_or_else(|| failed(ReadErrorKind::DecryptionFailed))
            }
        }
    }

    /// Encrypts a part with the same scheme and count and a fresh initial vector.
    pub(super) fn renew(
        &self,
        plain: &[u8],
        password: &Password,
    ) -> Result<(Vec<u8>, Vec<u8>), WriteError> {
        let cannot = || WriteError::CannotProtect(self.name());
        let Some(scheme) = &self.0 else { return Err(cannot()) };
        let fresh = scheme.fresh()?;
        let (cipher, key, iv) = fresh.key(password);
        let sealed = cipher.encrypt(&key, &iv, plain).ok_or_else(cannot)?;
        Ok((fresh.algorithm().ok_or_else(cannot)?, sealed))
    }
}

fn pbes2(parameters: der::Value<'_>) -> Result<Scheme, ReadError> {
    let mut parts = parameters.values();
    let derivation = Derivation::read(parts.next(SEQUENCE, "key derivation")?)?;
    let scheme = parts.next(SEQUENCE, "encryption scheme")?;
    let mut encryption = scheme.values();
    let identifier = encryption.identifier("cipher")?;
    let (_, length) = AES
        .iter()
        .find(|(held, _)| *held == identifier)
        .ok_or_else(|| unsupported(scheme, identifier))?;
    let iv = encryption.octets("initial vector")?.bytes.into_owned();
    Ok(Scheme::Pbes2 { cipher: Cipher::Aes(*length), derivation, iv })
}

/// A key or an initial vector.
type Bytes = Zeroizing<Vec<u8>>;

impl Scheme {
    /// Derives key and initial vector.
    fn key(&self, password: &Password) -> (Cipher, Bytes, Bytes) {
        match self {
            Self::Pkcs12 { cipher, salt, iterations } => {
                let password = password.bmp_string();
                let derive = |purpose, length| {
                    pkcs12_key::<Sha1>(&password, salt, purpose, *iterations, length)
                };
                (*cipher, derive(1, cipher.key_length()), derive(2, cipher.block_length()))
            }
            Self::Pbes2 { cipher, derivation, iv } => {
                let key = derivation.key(password, cipher.key_length());
                (*cipher, key, Zeroizing::new(iv.clone()))
            }
            Self::Unknown(_) => (Cipher::Aes(32), Bytes::default(), Bytes::default()),
        }
    }

    fn fresh(&self) -> Result<Self, WriteError> {
        let mut fresh = self.clone();
        match &mut fresh {
            // the initial vector is made of it
            Self::Pkcs12 { salt, .. } => random(salt)?,
            Self::Pbes2 { derivation, iv, .. } => {
                renew_salt(&mut derivation.salt)?;
                random(iv)?;
            }
            Self::Unknown(_) => {}
        }
        Ok(fresh)
    }

    /// Writes the `AlgorithmIdentifier`; none for a scheme that is unknown.
    fn algorithm(&self) -> Option<Vec<u8>> {
        let identifier = |oid: &[u8]| der::write(OBJECT_IDENTIFIER, oid);
        match self {
            Self::Pkcs12 { cipher, salt, iterations } => {
                let (oid, ..) = PKCS12_CIPHERS.iter().find(|(_, held, _)| held == cipher)?;
                let parameters =
                    der::sequence(&[&der::write(OCTET_STRING, salt), &der::integer(*iterations)]);
                Some(der::sequence(&[&identifier(oid), &parameters]))
            }
            Self::Pbes2 { cipher, derivation, iv } => {
                let (oid, _) = AES.iter().find(|(_, held)| *held == cipher.key_length())?;
                let encryption = der::sequence(&[&identifier(oid), &der::write(OCTET_STRING, iv)]);
                let parameters = der::sequence(&[&derivation.write(), &encryption]);
                Some(der::sequence(&[&identifier(oid::PBES2), &parameters]))
            }
            Self::Unknown(_) => None,
        }
    }
}

impl Cipher {
    fn key_length(self) -> usize {
        match self {
            Self::TripleDes => 24,
            Self::TwoKeyTripleDes => 16,
            Self::Rc2(length) | Self::Aes(length) => length,
        }
    }

    fn block_length(self) -> usize {
        match self {
            Self::TripleDes | Self::TwoKeyTripleDes | Self::Rc2(_) => 8,
            Self::Aes(_) => 16,
        }
    }

    fn decrypt(self, key: &[u8], iv: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        fn run<M: KeyIvInit + BlockModeDecrypt>(
            key: &[u8],
            iv: &[u8],
            sealed: &[u8],
        ) -> Option<Vec<u8>> {
            M::new_from_slices(key, iv).ok()?.decrypt_padded_vec::<Pkcs7>(sealed).ok()
        }
        match self {
            Self::TripleDes => run::<cbc::Decryptor<des::TdesEde3>>(key, iv, sealed),
            Self::TwoKeyTripleDes => run::<cbc::Decryptor<des::TdesEde2>>(key, iv, sealed),
            Self::Rc2(_) => {
                let bits = key.len().checked_mul(8)?;
                let cipher = rc2::Rc2::new_with_eff_key_len(key, bits);
                let mode = cbc::Decryptor::inner_iv_slice_init(cipher, iv).ok()?;
                mode.decrypt_padded_vec::<Pkcs7>(sealed).ok()
            }
            Self::Aes(16) => run::<cbc::Decryptor<aes::Aes128>>(key, iv, sealed),
            Self::Aes(24) => run::<cbc::Decryptor<aes::Aes192>>(key, iv, sealed),
            Self::Aes(_) => run::<cbc::Decryptor<aes::Aes256>>(key, iv, sealed),
        }
    }

    fn encrypt(self, key: &[u8], iv: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        fn run<M: KeyIvInit + BlockModeEncrypt>(
            key: &[u8],
            iv: &[u8],
            plain: &[u8],
        ) -> Option<Vec<u8>> {
            Some(M::new_from_slices(key, iv).ok()?.encrypt_padded_vec::<Pkcs7>(plain))
        }
        match self {
            Self::TripleDes => run::<cbc::Encryptor<des::TdesEde3>>(key, iv, plain),
            Self::TwoKeyTripleDes => run::<cbc::Encryptor<des::TdesEde2>>(key, iv, plain),
            Self::Rc2(_) => {
                let bits = key.len().checked_mul(8)?;
                let cipher = rc2::Rc2::new_with_eff_key_len(key, bits);
                let mode = cbc::Encryptor::inner_iv_slice_init(cipher, iv).ok()?;
                Some(mode.encrypt_padded_vec::<Pkcs7>(plain))
            }
            Self::Aes(16) => run::<cbc::Encryptor<aes::Aes128>>(key, iv, plain),
            Self::Aes(24) => run::<cbc::Encryptor<aes::Aes192>>(key, iv, plain),
            Self::Aes(_) => run::<cbc::Encryptor<aes::Aes256>>(key, iv, plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::Sequence;

    /// Encrypts anew as `protection` does; returns how that was done and what came of it.
    fn renewed(protection: &Protection) -> (Protection, Vec<u8>) {
        let (algorithm, sealed) = protection.renew(b"plain", &Password::new("changeit")).unwrap();
        let value = Sequence::of_file(&algorithm).next(SEQUENCE, "algorithm").unwrap();
        (Protection::read(value).unwrap(), sealed)
    }

    #[test]
    fn what_is_encrypted_again_keeps_its_salt_and_has_another_initial_vector() {
        let parts = |protection: &Protection| match &protection.0 {
            Some(Scheme::Pbes2 { derivation, iv, .. }) => (derivation.salt.clone(), iv.clone()),
            other => panic!("{other:?}"),
        };
        let (first, sealed) = renewed(&Protection::usual());
        let (again, sealed_again) = renewed(&first);
        let ((salt, vector), (same_salt, other_vector)) = (parts(&first), parts(&again));
        assert_ne!(salt, [0; 20]);
        assert_eq!(salt, same_salt);
        assert_ne!(vector, other_vector);
        assert_ne!(sealed, sealed_again);
    }

    #[test]
    fn a_salt_that_makes_the_initial_vector_is_drawn_anew() {
        let salt_of = |protection: &Protection| match &protection.0 {
            Some(Scheme::Pkcs12 { salt, .. }) => salt.clone(),
            other => panic!("{other:?}"),
        };
        let scheme = Scheme::Pkcs12 { cipher: Cipher::TripleDes, salt: vec![7; 20], iterations: 9 };
        let found = Protection(Some(scheme));
        assert_ne!(salt_of(&renewed(&found).0), salt_of(&found));
    }
}
