//! Passwords in the forms that the formats want.

use zeroize::Zeroizing;

/// A store's password. It has no `Debug` that shows it, and is wiped on drop.
#[derive(Clone)]
pub struct Password(Zeroizing<Vec<u16>>);

impl Password {
    /// Takes the UTF-16 code units of `text`, as Java's `char[]` holds them.
    pub fn new(text: &str) -> Self {
        // With room for all: a buffer that grows leaves its old self behind, unwiped.
        let mut units = Zeroizing::new(Vec::with_capacity(text.len()));
        units.extend(text.encode_utf16());
        Self(units)
    }

    /// Returns whether there is no character in it; Java's TLS takes an empty property for no password.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether all characters are ASCII: Java up to 21 refuses others for PKCS12.
    pub fn is_ascii(&self) -> bool {
        self.0.iter().all(|unit| *unit < 0x80)
    }

    /// Returns the bytes that JKS digests: each code unit, high byte first.
    pub(crate) fn utf16(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * self.0.len() + 2));
        bytes.extend(self.0.iter().flat_map(|unit| unit.to_be_bytes()));
        bytes
    }

    /// Returns the bytes that PKCS12's key derivation takes (RFC 7292, appendix B.1): with a NUL at the end. As in Java a
    /// single NUL stands for no bytes at all.
    pub(crate) fn bmp_string(&self) -> Zeroizing<Vec<u8>> {
        if self.0.as_slice() == [0] {
            return Zeroizing::default();
        }
        let mut bytes = self.utf16();
        bytes.extend([0, 0]);
        bytes
    }

    /// Returns the bytes that PBKDF2 takes: UTF-8.
    pub(crate) fn utf8(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(String::from_utf16_lossy(&self.0).into_bytes())
    }
}

/// Shows only that there is one.
impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}
