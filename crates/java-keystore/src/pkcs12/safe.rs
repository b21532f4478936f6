//! A part of a PKCS12 store: bags under one protection.

use super::bag::{Bag, BagKind};
use super::protection::Protection;

/// A part of a store. Its bags keep their places; none is where one was removed.
#[derive(Clone, Debug)]
pub(super) struct Safe {
    pub(super) protection: Protection,
    /// Its bytes as they were found; none if it was changed.
    pub(super) found: Option<Vec<u8>>,
    /// Whether it was not looked into: it is encrypted, and there was no password.
    pub(super) is_closed: bool,
    pub(super) has_keys: bool,
    /// Whether there are certificates in it, or were.
    pub(super) has_certificates: bool,
    bags: Vec<Option<Bag>>,
}

impl Safe {
    /// A part that is new.
    pub(super) fn empty(protection: Protection) -> Self {
        Self {
            protection,
            found: None,
            is_closed: false,
            has_keys: false,
            has_certificates: false,
            bags: Vec::new(),
        }
    }

    /// A part as it was found, with its bags.
    pub(super) fn found(protection: Protection, found: Vec<u8>, bags: Vec<Bag>) -> Self {
        Self {
            found: Some(found),
            has_keys: bags.iter().any(|bag| bag.kind == BagKind::PrivateKey),
            has_certificates: bags.iter().any(Bag::is_certificate),
            bags: bags.into_iter().map(Some).collect(),
            ..Self::empty(protection)
        }
    }

    /// A part as it was found, not looked into.
    pub(super) fn closed(protection: Protection, found: Vec<u8>) -> Self {
        Self { found: Some(found), is_closed: true, ..Self::empty(protection) }
    }

    pub(super) fn bag(&self, index: usize) -> Option<&Bag> {
        self.bags.get(index)?.as_ref()
    }

    pub(super) fn bags(&self) -> impl Iterator<Item = (usize, &Bag)> {
        self.bags.iter().enumerate().filter_map(|(index, bag)| Some((index, bag.as_ref()?)))
    }

    /// Returns the bags for what is not written.
    pub(super) fn bags_mut(&mut self) -> impl Iterator<Item = (usize, &mut Bag)> {
        self.bags.iter_mut().enumerate().filter_map(|(index, bag)| Some((index, bag.as_mut()?)))
    }

    /// Puts a bag in the place of another, or takes that out.
    pub(super) fn set(&mut self, index: usize, bag: Option<Bag>) {
        if let Some(held) = self.bags.get_mut(index) {
            *held = bag;
            self.found = None;
        }
    }

    /// Puts a bag behind the others; returns its place.
    pub(super) fn push(&mut self, bag: Bag) -> usize {
        self.has_certificates |= bag.is_certificate();
        self.bags.push(Some(bag));
        self.found = None;
        self.bags.len() - 1
    }
}
