//! Many runs: several at once, or another sample of them every day.

use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::SystemTime;

/// Plays several at once; returns what there is to say about them.
pub(crate) fn play<T: Sync>(
    threads: usize,
    all: &[T],
    differs: impl Fn(&T) -> Option<String> + Sync,
) -> String {
    let (next, told) = (AtomicUsize::new(0), Mutex::new(String::new()));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(difference) = differs(one) {
                        writeln!(told.lock().unwrap(), "{difference}").unwrap();
                    }
                }
            });
        }
    });
    told.into_inner().unwrap()
}

/// Another one every day, the same all day.
pub(crate) fn seed_of_today() -> usize {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    usize::try_from(now.as_secs() / 86_400).unwrap()
}
