//! The order in which Java writes entries: that of `java.util.Hashtable`.
//!
//! Recorded on 25 of 25 files of six JDKs: capacity 11, load factor 0.75, growth to twice the size and one; a newcomer goes to
//! the front of its bucket; buckets are walked from the last one down.

/// What was done to a table: keys that were put, by their hash, and keys that were removed, each with how many had been put.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    puts: Vec<u32>,
    removals: Vec<(usize, usize)>,
}

impl History {
    /// Puts a key that is not in the table; returns its place in the history.
    pub(super) fn put(&mut self, key: &[u16]) -> usize {
        self.puts.push(hash(key));
        self.puts.len() - 1
    }

    /// Removes the key that was put at `place`.
    pub(super) fn remove(&mut self, place: usize) {
        self.removals.push((self.puts.len(), place));
    }

    /// Returns the places of the keys that are left, in the order in which the table is written.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut table = Table::new(self.puts.len());
        let mut removals = self.removals.iter().peekable();
        for (place, hash) in self.puts.iter().enumerate() {
            while let Some((_, removed)) = removals.next_if(|(when, _)| *when == place) {
                table.remove(self.hash_of(*removed), *removed);
            }
            table.put(*hash, place);
        }
        for (_, removed) in removals {
            table.remove(self.hash_of(*removed), *removed);
        }
        table.walk().map(|key| key.place).collect()
    }

    fn hash_of(&self, place: usize) -> u32 {
        self.puts.get(place).copied().unwrap_or_default()
    }
}

/// A `java.util.Hashtable`.
struct Table {
    /// What each bucket begins with.
    buckets: Vec<Option<Key>>,
    /// What follows a key in its bucket, by the key's place.
    following: Vec<Option<Key>>,
    count: usize,
}

/// A key in a table.
#[derive(Clone, Copy, Debug)]
struct Key {
    hash: u32,
    place: usize,
}

impl Table {
    /// Makes a table for so many places.
    fn new(places: usize) -> Self {
        Self { buckets: vec![None; 11], following: vec![None; places], count: 0 }
    }

    fn put(&mut self, hash: u32, place: usize) {
        if self.count >= self.buckets.len() * 3 / 4 {
            self.grow();
        }
        self.insert(Key { hash, place });
        self.count += 1;
    }

    fn remove(&mut self, hash: u32, place: usize) {
        let after = self.following.get(place).copied().flatten();
        let index = self.bucket(hash);
        let bucket = self.buckets.get(index).copied().flatten();
        let is_before = |key: &Key| self.next(*key).is_some_and(|next| next.place == place);
        let before = self.chain(bucket).find(is_before);
        let link = match before {
            Some(before) => self.following.get_mut(before.place),
            None => self.buckets.get_mut(index),
        };
        if let Some(link) = link {
            *link = after;
        }
        self.count -= 1;
    }

    /// Returns the keys from the last bucket down to the first.
    fn walk(&self) -> impl Iterator<Item = Key> {
        self.buckets.iter().rev().flat_map(|first| self.chain(*first))
    }

    fn chain(&self, first: Option<Key>) -> impl Iterator<Item = Key> {
        std::iter::successors(first, |key| self.next(*key))
    }

    fn next(&self, key: Key) -> Option<Key> {
        self.following.get(key.place).copied().flatten()
    }

    fn bucket(&self, hash: u32) -> usize {
        usize::try_from(hash & 0x7fff_ffff).unwrap_or_default() % self.buckets.len()
    }

    /// Puts a key at the front of its bucket.
    fn insert(&mut self, key: Key) {
        let index = self.bucket(key.hash);
        if let (Some(bucket), Some(following)) =
            (self.buckets.get_mut(index), self.following.get_mut(key.place))
        {
            *following = bucket.replace(key);
        }
    }

    fn grow(&mut self) {
        let keys: Vec<Key> = self.walk().collect();
        self.buckets = vec![None; self.buckets.len() * 2 + 1];
        keys.into_iter().for_each(|key| self.insert(key));
    }
}

/// `String.hashCode()`.
fn hash(key: &[u16]) -> u32 {
    key.iter().fold(0, |hash: u32, unit| hash.wrapping_mul(31).wrapping_add(u32::from(*unit)))
}
