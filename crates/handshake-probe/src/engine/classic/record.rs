//! The protection of records (RFC 5246, section 6.2.3; RFC 5288; RFC 7905).

use aes::{Aes128, Aes256};
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use des::TdesEde3;
use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::engine::classic::keys::{DirectionKeys, mac, mac_length};
use crate::engine::suites::{AeadCipher, BlockCipher, Mac, Protection};
use crate::misbehaviour::{BlockFault, Misbehaviour};
use crate::request::ProtocolVersion;

/// Seals or opens the records of one direction.
#[derive(Debug)]
pub(crate) struct Protector {
    protection: Protection,
    version: ProtocolVersion,
    keys: DirectionKeys,
    sequence: u64,
}

impl Protector {
    pub(crate) fn new(
        protection: Protection,
        version: ProtocolVersion,
        keys: DirectionKeys,
    ) -> Self {
        Self { protection, version, keys, sequence: 0 }
    }

    /// Returns a whole record that holds `fragment`; none if a cipher refuses, which it never does.
    pub(crate) fn seal(&mut self, content_type: u8, fragment: &[u8]) -> Option<Vec<u8>> {
        let sealed = match self.protection {
            Protection::Aead(cipher) => self.seal_aead(cipher, content_type, fragment),
            Protection::Cbc(cipher, kind) => self.seal_cbc(cipher, kind, content_type, fragment),
        }?;
        self.sequence += 1;
        Some(plain(content_type, self.version, &sealed))
    }

    /// Returns what a record's fragment holds.
    ///
    /// # Errors
    ///
    /// [`Misbehaviour::Decryption`] or [`Misbehaviour::Block`].
    pub(crate) fn open(
        &mut self,
        content_type: u8,
        fragment: &[u8],
    ) -> Result<Vec<u8>, Misbehaviour> {
        let opened = match self.protection {
            Protection::Aead(cipher) => {
                check_length(cipher, fragment.len())?;
                self.open_aead(cipher, content_type, fragment).ok_or(Misbehaviour::Decryption)
            }
            Protection::Cbc(cipher, kind) => {
                self.open_cbc(cipher, kind, content_type, fragment).map_err(Misbehaviour::Block)
            }
        };
        self.sequence += 1;
        opened
    }

    fn seal_aead(&self, cipher: AeadCipher, content_type: u8, fragment: &[u8]) -> Option<Vec<u8>> {
        let explicit = self.sequence.to_be_bytes();
        let nonce = self.nonce(cipher, explicit)?;
        let mut sealed = fragment.to_vec();
        let header = self.header(content_type, fragment.len());
        key(cipher, &self.keys.key)?
            .seal_in_place_append_tag(nonce, Aad::from(header), &mut sealed)
            .ok()?;
        Some(match cipher {
            AeadCipher::ChaCha20Poly1305 => sealed,
            AeadCipher::Aes128Gcm | AeadCipher::Aes256Gcm => {
                [explicit.as_slice(), &sealed].concat()
            }
        })
    }

    fn open_aead(&self, cipher: AeadCipher, content_type: u8, fragment: &[u8]) -> Option<Vec<u8>> {
        let (explicit, sealed) = match cipher {
            AeadCipher::ChaCha20Poly1305 => (self.sequence.to_be_bytes(), fragment),
            AeadCipher::Aes128Gcm | AeadCipher::Aes256Gcm => {
                let (explicit, sealed) = fragment.split_first_chunk()?;
                (*explicit, sealed)
            }
        };
        let length = sealed.len().checked_sub(TAG)?;
        let mut opened = sealed.to_vec();
        let header = self.header(content_type, length);
        let nonce = self.nonce(cipher, explicit)?;
        key(cipher, &self.keys.key)?.open_in_place(nonce, Aad::from(header), &mut opened).ok()?;
        opened.truncate(length);
        Some(opened)
    }

    fn nonce(&self, cipher: AeadCipher, explicit: [u8; 8]) -> Option<Nonce> {
        let nonce = match cipher {
            AeadCipher::Aes128Gcm | AeadCipher::Aes256Gcm => {
                [self.keys.iv.as_slice(), &explicit].concat()
            }
            AeadCipher::ChaCha20Poly1305 => {
                let sequence = [&[0; 4], self.sequence.to_be_bytes().as_slice()].concat();
                self.keys.iv.iter().zip(sequence).map(|(a, b)| a ^ b).collect()
            }
        };
        Nonce::try_assume_unique_for_key(&nonce).ok()
    }

    fn seal_cbc(
        &mut self,
        cipher: BlockCipher,
        kind: Mac,
        content_type: u8,
        fragment: &[u8],
    ) -> Option<Vec<u8>> {
        let mut inner = fragment.to_vec();
        let header = self.header(content_type, fragment.len());
        inner.extend(mac(kind, &self.keys.mac, &[&header, fragment]));
        let block = block_length(cipher);
        let padding = block - inner.len() % block;
        inner.resize(inner.len() + padding, u8::try_from(padding.checked_sub(1)?).ok()?);
        if self.has_explicit_iv() {
            SystemRandom::new().fill(&mut self.keys.iv).ok()?;
        }
        let sealed = encrypt(cipher, &self.keys.key, &self.keys.iv, &inner)?;
        if self.has_explicit_iv() {
            return Some([self.keys.iv.as_slice(), &sealed].concat());
        }
        self.keys.iv = sealed.get(sealed.len().checked_sub(block)?..)?.to_vec();
        Some(sealed)
    }

    fn open_cbc(
        &mut self,
        cipher: BlockCipher,
        kind: Mac,
        content_type: u8,
        fragment: &[u8],
    ) -> Result<Vec<u8>, BlockFault> {
        let opened = self.decrypt_cbc(cipher, fragment);
        let mut opened =
            opened.filter(|opened| opened.len() > mac_length(kind)).ok_or(BlockFault::Length)?;
        let (&padding, _) = opened.split_last().ok_or(BlockFault::Length)?;
        let content = opened.len().checked_sub(usize::from(padding) + 1);
        let length = content.and_then(|content| content.checked_sub(mac_length(kind)));
        let (Some(content), Some(length)) = (content, length) else {
            return Err(BlockFault::PaddingLength(padding));
        };
        if opened.iter().skip(content).any(|byte| *byte != padding) {
            return Err(BlockFault::Padding);
        }
        let claimed = opened.get(length..content).unwrap_or_default().to_vec();
        opened.truncate(length);
        let header = self.header(content_type, length);
        let authentic = mac(kind, &self.keys.mac, &[&header, &opened]) == claimed;
        if authentic { Ok(opened) } else { Err(BlockFault::Mac) }
    }

    /// Decrypts a fragment; none if it is not as long as one can be.
    fn decrypt_cbc(&mut self, cipher: BlockCipher, fragment: &[u8]) -> Option<Vec<u8>> {
        let block = block_length(cipher);
        if !self.has_explicit_iv() {
            let opened = decrypt(cipher, &self.keys.key, &self.keys.iv, fragment)?;
            self.keys.iv = fragment.get(fragment.len().checked_sub(block)?..)?.to_vec();
            return Some(opened);
        }
        let (iv, sealed) = fragment.split_at_checked(block)?;
        decrypt(cipher, &self.keys.key, iv, sealed)
    }

    /// What is authenticated besides the fragment.
    fn header(&self, content_type: u8, length: usize) -> [u8; 13] {
        let [s0, s1, s2, s3, s4, s5, s6, s7] = self.sequence.to_be_bytes();
        let [major, minor] = self.version.code().to_be_bytes();
        let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
        [s0, s1, s2, s3, s4, s5, s6, s7, content_type, major, minor, high, low]
    }

    fn has_explicit_iv(&self) -> bool {
        self.version > ProtocolVersion::Tls10
    }
}

/// Returns a record that is not protected.
pub(crate) fn plain(content_type: u8, version: ProtocolVersion, fragment: &[u8]) -> Vec<u8> {
    let [major, minor] = version.code().to_be_bytes();
    let [high, low] = u16::try_from(fragment.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&[content_type, major, minor, high, low], fragment].concat()
}

fn key(cipher: AeadCipher, bytes: &[u8]) -> Option<LessSafeKey> {
    let algorithm = match cipher {
        AeadCipher::Aes128Gcm => &AES_128_GCM,
        AeadCipher::Aes256Gcm => &AES_256_GCM,
        AeadCipher::ChaCha20Poly1305 => &CHACHA20_POLY1305,
    };
    UnboundKey::new(algorithm, bytes).ok().map(LessSafeKey::new)
}

/// Checks that there is a fragment behind what the cipher adds, as JSSE counts it.
fn check_length(cipher: AeadCipher, length: usize) -> Result<(), Misbehaviour> {
    let (nonce, least) = match cipher {
        AeadCipher::Aes128Gcm | AeadCipher::Aes256Gcm => (8, 8 + TAG),
        AeadCipher::ChaCha20Poly1305 => (0, TAG + 1),
    };
    if length < least { Err(Misbehaviour::ShortRecord { length, nonce }) } else { Ok(()) }
}

fn block_length(cipher: BlockCipher) -> usize {
    match cipher {
        BlockCipher::Aes128 | BlockCipher::Aes256 => 16,
        BlockCipher::TripleDes => 8,
    }
}

fn encrypt(cipher: BlockCipher, key: &[u8], iv: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    macro_rules! with {
        ($cipher:ty) => {
            cbc::Encryptor::<$cipher>::new_from_slices(key, iv)
                .ok()?
                .encrypt_padded_vec::<NoPadding>(plain)
        };
    }
    Some(match cipher {
        BlockCipher::Aes128 => with!(Aes128),
        BlockCipher::Aes256 => with!(Aes256),
        BlockCipher::TripleDes => with!(TdesEde3),
    })
}

fn decrypt(cipher: BlockCipher, key: &[u8], iv: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    if !sealed.len().is_multiple_of(block_length(cipher)) {
        return None;
    }
    macro_rules! with {
        ($cipher:ty) => {
            cbc::Decryptor::<$cipher>::new_from_slices(key, iv)
                .ok()?
                .decrypt_padded_vec::<NoPadding>(sealed)
                .ok()
        };
    }
    match cipher {
        BlockCipher::Aes128 => with!(Aes128),
        BlockCipher::Aes256 => with!(Aes256),
        BlockCipher::TripleDes => with!(TdesEde3),
    }
}

const TAG: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::classic::keys::Prf;
    use crate::engine::suites::suite;

    const VERSIONS: [ProtocolVersion; 3] =
        [ProtocolVersion::Tls10, ProtocolVersion::Tls11, ProtocolVersion::Tls12];

    /// Both ends of one direction.
    fn ends(code: u16, version: ProtocolVersion) -> (Protector, Protector) {
        let suite = suite(code).unwrap();
        let (keys, _) = Prf::of(suite, version).keys(&[7; 48], &[9; 64], suite.protection).unwrap();
        let end = || Protector::new(suite.protection, version, keys.clone());
        (end(), end())
    }

    #[test]
    fn what_is_sealed_opens_again() {
        for code in [0x000a, 0x002f, 0x0035, 0x003c, 0xc028, 0xc02f, 0xc030, 0xcca8] {
            for version in VERSIONS {
                let (mut ours, mut theirs) = ends(code, version);
                // JSSE takes no empty record of ChaCha20
                let least = usize::from(code == 0xcca8);
                for length in [least, 1, 15, 16, 40, 4000] {
                    let record = ours.seal(23, &vec![5; length]).unwrap();
                    let opened = theirs.open(23, &record[5..]).unwrap();
                    assert_eq!(opened, vec![5; length], "{code:#06x} {version:?}");
                }
            }
        }
    }

    #[test]
    fn what_was_altered_or_cut_does_not_open() {
        for code in [0x000a, 0x002f, 0xc028, 0xc02f, 0xcca8] {
            let (mut ours, _) = ends(code, ProtocolVersion::Tls12);
            let record = ours.seal(23, b"poke").unwrap();
            for at in 5..record.len() {
                let mut altered = record.clone();
                altered[at] ^= 1;
                for fragment in [&altered[5..], &record[5..at], &[]] {
                    let (_, mut theirs) = ends(code, ProtocolVersion::Tls12);
                    let fault = theirs.open(23, fragment).unwrap_err();
                    let is_block = matches!(fault, Misbehaviour::Block(_));
                    let is_short = matches!(fault, Misbehaviour::ShortRecord { .. });
                    assert!(is_block || is_short || fault == Misbehaviour::Decryption, "{fault:?}");
                    assert_eq!(is_block, !matches!(code, 0xc02f | 0xcca8), "{fault:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_block_is_told() {
        let seal = |inner: &[u8]| {
            let (ours, theirs) = ends(0x002f, ProtocolVersion::Tls12);
            let iv = [3; 16];
            let sealed = encrypt(BlockCipher::Aes128, &ours.keys.key, &iv, inner).unwrap();
            ([iv.as_slice(), &sealed].concat(), theirs)
        };
        for (last, expected) in [
            (&[11; 12][..], BlockFault::Mac),
            (&[10; 12], BlockFault::Mac),
            (&[9, 12], BlockFault::Padding),
            (&[1; 1], BlockFault::Padding),
            (&[12], BlockFault::Padding),
            (&[40], BlockFault::PaddingLength(40)),
            (&[255], BlockFault::PaddingLength(255)),
        ] {
            let mut inner = vec![7; 48 - last.len()];
            inner.extend(last);
            let (fragment, mut theirs) = seal(&inner);
            assert_eq!(theirs.open(23, &fragment), Err(Misbehaviour::Block(expected)), "{last:?}");
        }
        for length in [0, 5, 15, 16, 17, 32, 47] {
            let (_, mut theirs) = ends(0x002f, ProtocolVersion::Tls12);
            let expected = Err(Misbehaviour::Block(BlockFault::Length));
            assert_eq!(theirs.open(23, &vec![1; length]), expected);
        }
    }
}
