//! Entries in the order of their places in a store.

use crate::entry::Entry;

/// Entries that a store shows, each at a place; a change of one costs no look at the others.
#[derive(Clone, Debug)]
pub(crate) struct Listing<P> {
    entries: Vec<Entry>,
    /// In ascending order.
    places: Vec<P>,
}

impl<P> Default for Listing<P> {
    fn default() -> Self {
        Self { entries: Vec::new(), places: Vec::new() }
    }
}

impl<P: Ord> Listing<P> {
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    pub(crate) fn with_places(&self) -> impl Iterator<Item = (&P, &Entry)> {
        self.places.iter().zip(&self.entries)
    }

    pub(crate) fn get(&self, place: &P) -> Option<&Entry> {
        self.entries.get(self.places.binary_search(place).ok()?)
    }

    /// Makes room for so many more.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.entries.reserve(count);
        self.places.reserve(count);
    }

    /// Puts an entry at a place, in the stead of the one that was there.
    pub(crate) fn put(&mut self, place: P, entry: Entry) {
        match self.places.binary_search(&place) {
            Ok(index) => {
                if let Some(held) = self.entries.get_mut(index) {
                    *held = entry;
                }
            }
            Err(index) => {
                self.places.insert(index, place);
                self.entries.insert(index, entry);
            }
        }
    }

    /// Takes the entry at a place out.
    pub(crate) fn take(&mut self, place: &P) -> Option<Entry> {
        let index = self.places.binary_search(place).ok()?;
        self.places.remove(index);
        (index < self.entries.len()).then(|| self.entries.remove(index))
    }
}
