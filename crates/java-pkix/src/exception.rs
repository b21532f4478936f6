//! A Java exception: class, message, cause.

use std::borrow::Cow;
use std::fmt;

/// An exception as Java would print it: a class, perhaps a message, perhaps a cause.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JavaException {
    /// The class with its package.
    pub class: Cow<'static, str>,
    /// `Throwable.getMessage()`.
    pub message: Option<String>,
    /// `Throwable.getCause()`.
    pub cause: Option<Box<Self>>,
}

impl JavaException {
    /// Makes an exception of `class` with `message` and no cause.
    pub fn new(class: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { class: class.into(), message: Some(message.into()), cause: None }
    }

    /// Makes an exception of `class` without message and cause.
    pub fn bare(class: impl Into<Cow<'static, str>>) -> Self {
        Self { class: class.into(), message: None, cause: None }
    }

    /// Returns the exception with `cause` as its cause.
    #[must_use]
    pub fn caused_by(mut self, cause: Self) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// Returns the exception and its causes, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |exception| exception.cause.as_deref())
    }
}

/// Writes the exception as `Throwable.toString()` does.
impl fmt::Display for JavaException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "{}: {message}", self.class),
            None => f.write_str(&self.class),
        }
    }
}
