//! Passwords in the forms that the formats want.

use zeroize::Zeroizing;

/// A store's password. It has no `Debug`, so that it cannot be logged, and is wiped on drop.
pub struct Password(Zeroizing<Vec<u16>>);

impl Password {
    /// Takes the UTF-16 code units of `text`, as Java's `char[]` holds them.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.encode_utf16().collect()))
    }

    /// Returns whether there is no character in it; Java's TLS takes an empty property for no password.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
