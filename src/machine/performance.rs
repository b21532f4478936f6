//! What a JVM tells of itself in `/tmp/hsperfdata_USER/PID` (`HotSpot`'s `perfMemory.hpp`): its options, however it was started.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use crate::settings::Root;

/// The JVM makes 32 KiB of it, unless it is told otherwise.
const LONGEST_FILE: u64 = 1 << 20;

/// A JVM writes no more of its options than this, the final zero counted.
const LONGEST_VALUE: usize = 1024;

/// So many folders of users are looked into.
const MOST_FOLDERS: usize = 1000;

/// What stands before the entries.
const HEADER: usize = 32;

/// The options of a JVM, as it was given them.
#[derive(Debug, Default, Eq, PartialEq)]
pub(super) struct Options {
    pub(super) words: Vec<String>,
    /// Whether there were more than it says.
    pub(super) is_cut: bool,
}

/// Finds what the process `number` of a root tells, if it is its user's file.
pub(super) fn options(root: &Root, number: u32, user: u32) -> Option<Options> {
    let folders = fs::read_dir(root.outside(Path::new("/tmp"))).ok()?.flatten();
    let own = folders
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("hsperfdata_"))
        .take(MOST_FOLDERS);
    let mut files = own.map(|folder| folder.path().join(number.to_string()));
    let file = files.find(|file| owner(file) == Some(user))?;
    let mut bytes = Vec::new();
    File::open(file).ok()?.take(LONGEST_FILE).read_to_end(&mut bytes).ok()?;
    Some(of_text(&value(&bytes, b"java.rt.vmArgs")?))
}

/// Returns whose plain file it is; anybody may put a link there.
#[cfg(unix)]
fn owner(file: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;

    fs::symlink_metadata(file).ok().filter(|file| file.is_file()).map(|file| file.uid())
}

#[cfg(not(unix))]
fn owner(_file: &Path) -> Option<u32> {
    None
}

/// The options are joined by blanks, and a value may have some: an option begins with a dash.
fn of_text(text: &str) -> Options {
    let mut words: Vec<String> = Vec::new();
    for part in text.split(' ').filter(|part| !part.is_empty()) {
        match words.last_mut().filter(|_| !part.starts_with('-')) {
            Some(word) => *word = format!("{word} {part}"),
            None => words.push(part.to_owned()),
        }
    }
    Options { words, is_cut: text.len() + 1 >= LONGEST_VALUE }
}

/// Finds a text by its name.
fn value(bytes: &[u8], name: &[u8]) -> Option<String> {
    let data = Data { bytes, is_little: *bytes.get(4)? == 1 };
    if bytes.get(..4)? != [0xca, 0xfe, 0xc0, 0xc0] {
        return None;
    }
    let (mut at, count) = (data.number(24)?, data.number(28)?);
    for _ in 0..count.min(bytes.len() / HEADER) {
        let length = data.number(at)?;
        let held = text_at(bytes.get(at.checked_add(data.number(at + 4)?)?..)?);
        if held == name {
            let from = at.checked_add(data.number(at + 16)?)?;
            let vector = bytes.get(from..from.checked_add(data.number(at + 8)?)?)?;
            return Some(String::from_utf8_lossy(text_at(vector)).into_owned());
        }
        at = at.checked_add(length).filter(|_| length > 0)?;
    }
    None
}

fn text_at(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

struct Data<'a> {
    bytes: &'a [u8],
    is_little: bool,
}

impl Data<'_> {
    fn number(&self, at: usize) -> Option<usize> {
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let number =
            if self.is_little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
        usize::try_from(number).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a file with one text, as a JVM writes it.
    fn file(name: &str, value: &str) -> Vec<u8> {
        let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
        let mut bytes = vec![0xca, 0xfe, 0xc0, 0xc0, 1, 2, 0, 1];
        bytes.extend([0; 16]);
        bytes.extend([number(HEADER), number(1)].concat());
        let after = 20 + name.len() + 1;
        let length = after + value.len() + 1;
        bytes.extend(
            [number(length), number(20), number(value.len() + 1), *b"B\0\x05\x01"].concat(),
        );
        bytes.extend(number(after));
        bytes.extend(format!("{name}\0{value}\0").bytes());
        bytes
    }

    #[test]
    fn the_options_are_found_by_name_and_a_cut_is_noticed() {
        let bytes = file("java.rt.vmArgs", "-Da=b c -Xmx1g");
        let text = value(&bytes, b"java.rt.vmArgs").unwrap();
        let words = vec!["-Da=b c".to_owned(), "-Xmx1g".to_owned()];
        assert_eq!(of_text(&text), Options { words, is_cut: false });
        assert_eq!(value(&bytes, b"java.rt.vmFlags"), None);
        assert!(of_text(&"x".repeat(1023)).is_cut);
    }

    #[test]
    fn a_damaged_file_tells_nothing_and_harms_nothing() {
        let whole = file("java.rt.vmArgs", "-Da=b");
        for cut in 0..whole.len() {
            let _ = value(&whole[..cut], b"java.rt.vmArgs");
        }
        for at in 0..whole.len() {
            for byte in [0, 0x7f, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                let _ = value(&bytes, b"java.rt.vmArgs");
            }
        }
    }
}
