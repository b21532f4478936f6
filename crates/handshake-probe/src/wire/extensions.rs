//! Lists of extensions, read as JSSE reads them, whatever message they are in.

use crate::judge::Judge;
use crate::misbehaviour::{ExtensionFault, Misbehaviour};
use crate::wire::Cursor;

/// Extensions in their order, with what they hold.
#[derive(Debug, Default)]
pub(crate) struct Extensions<'a> {
    /// The handshake message that they are in.
    kind: u8,
    held: Vec<(u16, &'a [u8])>,
}

impl<'a> Extensions<'a> {
    /// Reads a list behind its length in two bytes; `check` may object to a number.
    ///
    /// # Errors
    ///
    /// What is wrong with the list, or what `check` says.
    pub(crate) fn read(
        kind: u8,
        cursor: &mut Cursor<'a>,
        judge: &dyn Judge,
        check: impl Fn(u16) -> Result<(), Misbehaviour>,
    ) -> Result<Self, Misbehaviour> {
        let length = usize::from(cursor.u16().ok_or(Misbehaviour::NoExtensions)?);
        // JSSE lets an extension reach beyond the list, and more bytes follow it.
        let end = cursor.0.len().checked_sub(length).ok_or(Misbehaviour::ExtensionsLength)?;
        let mut read = Self { kind, held: Vec::new() };
        while cursor.0.len() > end {
            let end = Misbehaviour::MessageEnd(kind);
            let code = cursor.u16().ok_or(end)?;
            let length = cursor.u16().ok_or(end)?;
            let value = cursor.take(length.into()).ok_or(Misbehaviour::ExtensionLength(code))?;
            let oddity = Misbehaviour::DuplicateExtension(code);
            if read.value(code).is_some() && !judge.bears(oddity) {
                return Err(oddity);
            }
            check(code)?;
            read.held.push((code, value));
        }
        Ok(read)
    }

    /// Returns the numbers.
    pub(crate) fn codes(&self) -> Vec<u16> {
        self.held.iter().map(|(code, _)| *code).collect()
    }

    /// Returns what an extension holds; of one that came twice, the second time.
    pub(crate) fn value(&self, code: u16) -> Option<&'a [u8]> {
        self.held.iter().rev().find(|(held, _)| *held == code).map(|(_, value)| *value)
    }

    /// Checks that an extension did not come.
    ///
    /// # Errors
    ///
    /// [`Misbehaviour::UnsolicitedExtension`].
    pub(crate) fn refuse(&self, code: u16) -> Result<(), Misbehaviour> {
        match self.value(code) {
            Some(_) => Err(Misbehaviour::UnsolicitedExtension { kind: self.kind, code }),
            None => Ok(()),
        }
    }

    /// Checks what an extension holds, if it came; `check` says what is wrong.
    ///
    /// # Errors
    ///
    /// [`Misbehaviour::Extension`].
    pub(crate) fn check(
        &self,
        code: u16,
        check: impl FnOnce(&'a [u8]) -> Option<ExtensionFault>,
    ) -> Result<(), Misbehaviour> {
        let Some(value) = self.value(code) else { return Ok(()) };
        match check(value) {
            Some(fault) => Err(self.fault(code, value.len(), fault)),
            None => Ok(()),
        }
    }

    /// Reads a list of numbers of two bytes; none if the extension did not come.
    ///
    /// # Errors
    ///
    /// [`Misbehaviour::Extension`] or [`Misbehaviour::MessageEnd`].
    pub(crate) fn numbers(&self, code: u16) -> Result<Option<Vec<u16>>, Misbehaviour> {
        let Some(value) = self.value(code) else { return Ok(None) };
        let fault = |fault| self.fault(code, value.len(), fault);
        if value.len() < 2 {
            return Err(fault(ExtensionFault::Short));
        }
        let mut cursor = Cursor(value);
        let list = cursor.vector16().ok_or(Misbehaviour::MessageEnd(self.kind))?;
        if !cursor.is_empty() {
            return Err(fault(ExtensionFault::Long));
        }
        let numbers = Cursor(value).numbers16().filter(|_| !list.is_empty());
        numbers.map(Some).ok_or_else(|| fault(ExtensionFault::List))
    }

    /// Returns what is wrong with an extension.
    pub(crate) fn fault(&self, code: u16, length: usize, fault: ExtensionFault) -> Misbehaviour {
        Misbehaviour::Extension { kind: self.kind, code, length, fault }
    }
}
