//! Passwords in the forms that the formats want.

use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

/// A store's password. It has no `Debug` that shows it, and is wiped on drop.
#[derive(Clone)]
pub struct Password {
    units: Zeroizing<Vec<u16>>,
    /// The last keys that were derived from it, and of what: a store that was just written is read at once to prove it.
    derived: Arc<Mutex<Vec<(Question, Key)>>>,
}

/// All that a derivation goes by, but for the password.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Question {
    /// `PBKDF2` or `PKCS12`.
    pub(crate) function: &'static str,
    pub(crate) hash: &'static str,
    pub(crate) salt: Vec<u8>,
    pub(crate) iterations: u64,
    /// Of the key; none where the hash says it.
    pub(crate) length: Option<usize>,
}

type Key = Zeroizing<Vec<u8>>;

/// As many as a store of two parts and a MAC takes when it is read and written.
const REMEMBERED: usize = 6;

impl Password {
    /// Takes the UTF-16 code units of `text`, as Java's `char[]` holds them.
    pub fn new(text: &str) -> Self {
        // With room for all: a buffer that grows leaves its old self behind, unwiped.
        let mut units = Zeroizing::new(Vec::with_capacity(text.len()));
        units.extend(text.encode_utf16());
        Self { units, derived: Arc::default() }
    }

    /// Returns whether there is no character in it; Java's TLS takes an empty property for no password.
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Returns whether all characters are ASCII: Java up to 21 refuses others for PKCS12.
    pub fn is_ascii(&self) -> bool {
        self.units.iter().all(|unit| *unit < 0x80)
    }

    /// Returns a key that was derived of late, or derives it.
    pub(crate) fn key(&self, question: Question, derive: impl FnOnce() -> Key) -> Key {
        let mut derived = self.derived.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, key)) = derived.iter().find(|(held, _)| *held == question) {
            return key.clone();
        }
        let key = derive();
        if derived.len() == REMEMBERED {
            derived.remove(0);
        }
        derived.push((question, key.clone()));
        key
    }

    /// Returns the bytes that JKS digests: each code unit, high byte first.
    pub(crate) fn utf16(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * self.units.len() + 2));
        bytes.extend(self.units.iter().flat_map(|unit| unit.to_be_bytes()));
        bytes
    }

    /// Returns the bytes that PKCS12's key derivation takes (RFC 7292, appendix B.1): with a NUL at the end. As in Java a
    /// single NUL stands for no bytes at all.
    pub(crate) fn bmp_string(&self) -> Zeroizing<Vec<u8>> {
        if self.units.as_slice() == [0] {
            return Zeroizing::default();
        }
        let mut bytes = self.utf16();
        bytes.extend([0, 0]);
        bytes
    }

    /// Returns the bytes that PBKDF2 takes: UTF-8.
    pub(crate) fn utf8(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(String::from_utf16_lossy(&self.units).into_bytes())
    }
}

/// Shows only that there is one.
impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}
