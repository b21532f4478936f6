//! The store's password, from wherever our options say.

use std::fs;
use std::io::{self, BufRead};
use std::path::Path;

use java_keystore::Password;
use zeroize::Zeroizing;

use super::error::SettingsError;
use super::{Source, Sourced, Surroundings};
use crate::cli::PasswordOptions;

/// The password of a store whose owner gave it none of his own.
pub(crate) const USUAL_PASSWORD: &str = "changeit";

/// A first line longer than this is no password.
const LONGEST_PASSWORD: usize = 64 << 10;

/// Reads the password that the options name; none if they name none.
///
/// # Errors
///
/// Says which file, variable or stream it could not be had from.
pub(crate) fn store_password(
    options: &PasswordOptions,
    surroundings: &Surroundings,
) -> Result<Option<Sourced<Password>>, SettingsError> {
    if let Some(file) = &options.storepass_file {
        let path = surroundings.absolute(Path::new(file));
        let bytes = fs::File::open(&path)
            .and_then(|file| first_line(&mut io::BufReader::new(file)))
            .map_err(|error| SettingsError::Unreadable { path, error })?;
        return Ok(Some(Sourced::new(text(&bytes, FILE)?, Source::Option(FILE))));
    }
    if let Some(name) = &options.storepass_env {
        let value = surroundings.variable(name).and_then(|value| value.to_str());
        let value = value.ok_or_else(|| SettingsError::PasswordVariable(name.clone()))?;
        return Ok(Some(Sourced::new(Password::new(value), Source::Option(VARIABLE))));
    }
    if options.storepass_stdin {
        let bytes = first_line(&mut io::stdin().lock())
            .map_err(|error| SettingsError::Unreadable { path: "standard input".into(), error })?;
        return Ok(Some(Sourced::new(text(&bytes, STREAM)?, Source::Option(STREAM))));
    }
    Ok(None)
}

const FILE: &str = "--storepass-file";
const VARIABLE: &str = "--storepass-env";
const STREAM: &str = "--storepass-stdin";

fn first_line(input: &mut dyn BufRead) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(Vec::new());
    loop {
        let held = input.fill_buf()?;
        if held.is_empty() || line.len() > LONGEST_PASSWORD {
            break;
        }
        let end = held.iter().position(|byte| *byte == b'\n');
        let taken = held.iter().take(end.unwrap_or(held.len()));
        line.extend(taken);
        let used = end.map_or(held.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(line)
}

fn text(bytes: &[u8], option: &'static str) -> Result<Password, SettingsError> {
    let text = std::str::from_utf8(bytes);
    text.map(Password::new).map_err(|_not_utf8| SettingsError::PasswordText(option))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_first_line_without_its_end() {
        for (input, expected) in
            [("changeit\n", "changeit"), ("a b\r\nc", "a b"), ("x", "x"), ("", "")]
        {
            let line = first_line(&mut input.as_bytes()).unwrap();
            assert_eq!(line.as_slice(), expected.as_bytes());
        }
    }
}
