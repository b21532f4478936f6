//! The users of another root: `/etc/passwd` in it.

use std::fs;
use std::path::Path;

use super::root::Root;

/// A larger file is not read.
const LONGEST_FILE: u64 = 4 << 20;

/// The users of a root.
pub(super) struct Passwd(String);

impl Passwd {
    pub(super) fn of(root: &Root) -> Self {
        let file = root.outside(Path::new("/etc/passwd"));
        let is_short = fs::metadata(&file).is_ok_and(|held| held.len() <= LONGEST_FILE);
        let bytes = if is_short { fs::read(file).unwrap_or_default() } else { Vec::new() };
        Self(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns the name of a user.
    pub(super) fn name(&self, number: u32) -> Option<String> {
        let number = number.to_string();
        self.0.lines().find_map(|line| match *fields(line) {
            [name, _, held, ..] if held == number => Some(name.to_owned()),
            _ => None,
        })
    }
}

fn fields(line: &str) -> Vec<&str> {
    line.split(':').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_an_image_have_names() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir(scratch.path().join("etc")).unwrap();
        let users = "root:x:0:0::/:/bin/sh\njira:x:2001:2001:Jira:/var/jira:/bin/bash\n";
        fs::write(scratch.path().join("etc/passwd"), users).unwrap();
        let passwd = Passwd::of(&Root::at(scratch.path()));
        assert_eq!(passwd.name(2001).as_deref(), Some("jira"));
        assert_eq!(passwd.name(1), None);
    }
}
