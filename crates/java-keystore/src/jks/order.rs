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
        let mut table = Table { buckets: vec![Vec::new(); 11], count: 0 };
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
        let walk = table.buckets.iter().rev().flat_map(|bucket| bucket.iter().rev());
        walk.map(|(_, place)| *place).collect()
    }

    fn hash_of(&self, place: usize) -> u32 {
        self.puts.get(place).copied().unwrap_or_default()
    }
}

/// A `java.util.Hashtable`.
struct Table {
    /// Newcomers stand at the end of a bucket here, so buckets are walked backwards.
    buckets: Vec<Vec<(u32, usize)>>,
    count: usize,
}

impl Table {
    fn put(&mut self, hash: u32, place: usize) {
        if self.count >= self.buckets.len() * 3 / 4 {
            self.grow();
        }
        self.insert(hash, place);
        self.count += 1;
    }

    fn remove(&mut self, hash: u32, place: usize) {
        if let Some(bucket) = self.bucket(hash) {
            bucket.retain(|(_, held)| *held != place);
        }
        self.count -= 1;
    }

    fn bucket(&mut self, hash: u32) -> Option<&mut Vec<(u32, usize)>> {
        let index = usize::try_from(hash & 0x7fff_ffff).unwrap_or_default() % self.buckets.len();
        self.buckets.get_mut(index)
    }

    fn insert(&mut self, hash: u32, place: usize) {
        if let Some(bucket) = self.bucket(hash) {
            bucket.push((hash, place));
        }
    }

    fn grow(&mut self) {
        let capacity = self.buckets.len() * 2 + 1;
        let old = std::mem::replace(&mut self.buckets, vec![Vec::new(); capacity]);
        for (hash, place) in old.into_iter().rev().flat_map(|bucket| bucket.into_iter().rev()) {
            self.insert(hash, place);
        }
    }
}

/// `String.hashCode()`.
fn hash(key: &[u16]) -> u32 {
    key.iter().fold(0, |hash: u32, unit| hash.wrapping_mul(31).wrapping_add(u32::from(*unit)))
}
