//! The users and groups of another root: `/etc/passwd` and `/etc/group` in it.

use std::fs;
use std::path::Path;

use super::root::Root;

/// A larger file is not read.
const LONGEST_FILE: u64 = 4 << 20;

/// The users and groups of a root.
pub(super) struct Passwd {
    users: String,
    groups: String,
}

/// A user in `/etc/passwd`.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) number: u32,
    pub(super) groups: Vec<u32>,
}

impl Passwd {
    pub(super) fn of(root: &Root) -> Self {
        let text = |path: &str| {
            let file = root.outside(Path::new(path));
            let is_short = fs::metadata(&file).is_ok_and(|held| held.len() <= LONGEST_FILE);
            let bytes = if is_short { fs::read(file).unwrap_or_default() } else { Vec::new() };
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Self { users: text("/etc/passwd"), groups: text("/etc/group") }
    }

    /// Returns the name of a user.
    pub(super) fn name(&self, number: u32) -> Option<String> {
        let number = number.to_string();
        self.users.lines().find_map(|line| match *fields(line) {
            [name, _, held, ..] if held == number => Some(name.to_owned()),
            _ => None,
        })
    }

    /// Finds a user by name or number.
    pub(super) fn user(&self, named: &str) -> Option<User> {
        self.users.lines().find_map(|line| match *fields(line) {
            [name, _, number, group, ..] if name == named || number == named => Some(User {
                name: name.to_owned(),
                number: number.parse().ok()?,
                groups: self.groups_of(name, group.parse().ok()?),
            }),
            _ => None,
        })
    }

    fn groups_of(&self, user: &str, own: u32) -> Vec<u32> {
        let others = self.groups.lines().filter_map(|line| match *fields(line) {
            [_, _, number, members] if members.split(',').any(|name| name == user) => {
                number.parse().ok()
            }
            _ => None,
        });
        [own].into_iter().chain(others).collect()
    }
}

fn fields(line: &str) -> Vec<&str> {
    line.split(':').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_an_image_are_found_with_their_groups() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir(scratch.path().join("etc")).unwrap();
        let users = "root:x:0:0::/:/bin/sh\njira:x:2001:2001:Jira:/var/jira:/bin/bash\n";
        fs::write(scratch.path().join("etc/passwd"), users).unwrap();
        fs::write(scratch.path().join("etc/group"), "jira:x:2001:\ntls:x:77:bob,jira\nx\n")
            .unwrap();
        let passwd = Passwd::of(&Root::at(scratch.path()));
        let jira = User { name: "jira".into(), number: 2001, groups: vec![2001, 77] };
        assert_eq!(passwd.user("jira"), Some(jira));
        assert_eq!(passwd.user("2001").unwrap().name, "jira");
        assert_eq!(passwd.user("nobody"), None);
        assert_eq!(passwd.name(2001).as_deref(), Some("jira"));
        assert_eq!(passwd.name(1), None);
    }
}
