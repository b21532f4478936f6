//! The commands of the shell that set something, or say something that is put into a setting.

use std::fs;
use std::path::{Path, PathBuf};

use super::conditions::{is_like, is_same};
use super::tree::{Assignment, Command, Word, is_name};
use super::{DEEPEST, LONGEST_VALUE, Shell, Status, UNKNOWN};

/// Commands that set nothing, write nothing and succeed.
const SILENT: [&str; 12] = [
    ":", "true", "mkdir", "chmod", "chown", "touch", "umask", "ulimit", "trap", "shift", "ln", "rm",
];

impl Shell {
    pub(super) fn simple(&mut self, assignments: &[Assignment], words: &[Word]) -> Status {
        let declares = words.first().and_then(Word::plain).is_some_and(|name| {
            ["export", "readonly", "declare", "typeset", "local"].contains(&name.as_str())
        });
        let words: Vec<String> = words
            .iter()
            .flat_map(|word| match word.assignment() {
                Some(_) if declares => vec![self.text(word)],
                Some(_) | None => self.fields(word),
            })
            .collect();
        let Some((name, arguments)) = words.split_first() else {
            self.of_substitution = Some(true);
            assignments.iter().for_each(|assignment| self.assign(assignment));
            return self.of_substitution;
        };
        // what stands before a command is for that command alone
        self.call(name, arguments)
    }

    fn assign(&mut self, assignment: &Assignment) {
        let mut value = self.text(&assignment.value);
        if assignment.appends {
            value.insert_str(0, self.value(&assignment.name).unwrap_or_default());
        }
        self.set(&assignment.name, &value);
    }

    fn call(&mut self, name: &str, arguments: &[String]) -> Status {
        if let Some(body) = self.functions.get(name).cloned() {
            return self.function(&body, arguments);
        }
        match name {
            "[" => {
                let words = arguments.split_last().map(|(_, rest)| rest).unwrap_or_default();
                self.test(words, is_same)
            }
            "test" => self.test(arguments, is_same),
            "[[" => self.test(arguments, is_like),
            "export" | "readonly" | "declare" | "typeset" | "local" => self.declare(arguments),
            "unset" => {
                for name in arguments {
                    self.variables.remove(name);
                }
                Some(true)
            }
            "." | "source" => {
                let file = arguments.first().map(PathBuf::from).unwrap_or_default();
                Some(self.source(&file))
            }
            "eval" => self.eval(arguments),
            "exec" => {
                self.executed = (!arguments.is_empty()).then(|| arguments.to_vec());
                self.ended |= self.executed.is_some();
                Some(true)
            }
            "exit" | "return" => {
                self.ended |= name == "exit";
                self.returns |= name == "return";
                Some(arguments.first().is_none_or(|code| code == "0"))
            }
            "false" => Some(false),
            "cd" | "pushd" | "popd" | "set" => self.within(name, arguments),
            name if SILENT.contains(&name) => Some(true),
            name => self.write(name, arguments),
        }
    }

    fn function(&mut self, body: &Command, arguments: &[String]) -> Status {
        if self.depth >= DEEPEST {
            return None;
        }
        let name = self.arguments.first().cloned().unwrap_or_default();
        let own = [name].into_iter().chain(arguments.iter().cloned()).collect();
        let before = std::mem::replace(&mut self.arguments, own);
        self.depth += 1;
        let status = self.command(body);
        self.depth -= 1;
        self.returns = false;
        self.arguments = before;
        status
    }

    fn declare(&mut self, arguments: &[String]) -> Status {
        for argument in arguments {
            if let Some((name, value)) = argument.split_once('=').filter(|(name, _)| is_name(name))
            {
                self.set(name, value);
            }
        }
        Some(true)
    }

    fn eval(&mut self, arguments: &[String]) -> Status {
        if self.depth >= DEEPEST {
            return None;
        }
        let (list, unread) = super::syntax::parse(&arguments.join(" "));
        self.depth += 1;
        let status = self.list(&list);
        self.depth -= 1;
        status.filter(|_| unread.is_none())
    }

    fn within(&mut self, name: &str, arguments: &[String]) -> Status {
        if name == "set" {
            return Some(true);
        }
        let folder = arguments.iter().find(|argument| !argument.starts_with('-'));
        match folder {
            Some(folder) if folder.contains(UNKNOWN) => None,
            Some(folder) if name != "popd" => {
                if name == "pushd" {
                    self.pushed = Some(self.directory.clone());
                }
                self.directory = lexical(&self.directory.join(folder));
                Some(self.root.outside(&self.directory).is_dir())
            }
            Some(_) | None => {
                let before = self.pushed.take_if(|_| name == "popd");
                self.directory = before.unwrap_or_else(|| self.directory.clone());
                Some(true)
            }
        }
    }

    /// Writes what a command writes, if it is one whose output is known.
    fn write(&mut self, name: &str, arguments: &[String]) -> Status {
        let text = match (name, arguments) {
            ("echo", arguments) => {
                let words =
                    arguments.iter().skip_while(|word| ["-n", "-e", "-E"].contains(&word.as_str()));
                words.map(String::as_str).collect::<Vec<_>>().join(" ") + "\n"
            }
            ("pwd", _) => self.directory.display().to_string(),
            ("printf", [format, text]) if format == "%s" || format == "%s\\n" => text.clone(),
            ("printf", [text]) if !text.contains(['%', '\\']) => text.clone(),
            ("dirname", [path]) => dirname(path),
            ("basename", [path]) => basename(path),
            ("readlink" | "realpath", [.., path]) => {
                self.root.real(&self.directory.join(path)).display().to_string()
            }
            ("uname", []) => "Linux".to_owned(),
            ("cat", [file]) => self.contents(file)?,
            (_, _) => return None,
        };
        if let Some(output) = self.output.as_mut().filter(|held| held.len() < LONGEST_VALUE) {
            output.push_str(&text);
        }
        Some(true)
    }

    fn contents(&self, file: &str) -> Option<String> {
        let file = self.root.outside(&self.directory.join(file));
        let length = fs::metadata(&file).ok().filter(fs::Metadata::is_file)?.len();
        let is_short = usize::try_from(length).is_ok_and(|length| length <= LONGEST_VALUE);
        let bytes = is_short.then(|| fs::read(file).ok())??;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn dirname(path: &str) -> String {
    let path = path.trim_end_matches('/');
    match path.rsplit_once('/') {
        Some((folder, _)) if folder.trim_end_matches('/').is_empty() => "/".to_owned(),
        Some((folder, _)) => folder.trim_end_matches('/').to_owned(),
        None => ".".to_owned(),
    }
}

fn basename(path: &str) -> String {
    let path = path.trim_end_matches('/');
    path.rsplit_once('/').map_or(path, |(_, name)| name).to_owned()
}

/// Takes `.` and `..` out of a path by its names alone, as `cd` does.
fn lexical(path: &Path) -> PathBuf {
    use std::path::Component;

    let mut done = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                done.pop();
            }
            other @ (Component::Normal(_) | Component::RootDir | Component::Prefix(_)) => {
                done.push(other);
            }
        }
    }
    done
}
