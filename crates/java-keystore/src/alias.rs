//! Names of entries, compared as Java compares them.

use std::fmt;

/// The name of an entry, in the lower case that Java looks it up by.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Alias(String);

impl Alias {
    /// Makes an alias of `name`, in lower case as Java stores it.
    pub fn new(name: &str) -> Self {
        Self(name.to_lowercase())
    }

    /// Returns the alias as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Alias {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_that_differ_in_case_are_equal() {
        assert_eq!(Alias::new("Corp-Root"), Alias::new("corp-root"));
    }
}
