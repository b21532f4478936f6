//! The store's password, from wherever our options say.

use std::ffi::OsStr;
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
    let place = SecretPlace {
        file: options.storepass_file.as_deref(),
        variable: options.storepass_env.as_deref(),
        stream: options.storepass_stdin,
        options: ["--storepass-file", "--storepass-env", "--storepass-stdin"],
    };
    let Some(Sourced { value, source }) = place.read(surroundings)? else { return Ok(None) };
    Ok(Some(Sourced::new(text(&value, &source)?, source)))
}

/// Where a secret is to be had that must not stand on the command line.
pub(super) struct SecretPlace<'a> {
    pub(super) file: Option<&'a OsStr>,
    pub(super) variable: Option<&'a str>,
    pub(super) stream: bool,
    /// The options that say so, in this order.
    pub(super) options: [&'static str; 3],
}

impl SecretPlace<'_> {
    /// Reads the first line of the file or of standard input, or the variable; none where nothing is named.
    pub(super) fn read(
        &self,
        surroundings: &Surroundings,
    ) -> Result<Option<Sourced<Zeroizing<Vec<u8>>>>, SettingsError> {
        let [of_file, of_variable, of_stream] = self.options;
        if let Some(file) = self.file {
            let path = surroundings.absolute(Path::new(file));
            let bytes = fs::File::open(&path)
                .and_then(|file| first_line(&mut io::BufReader::new(file)))
                .map_err(|error| SettingsError::Unreadable { path, error })?;
            return Ok(Some(Sourced::new(bytes, Source::Option(of_file))));
        }
        if let Some(name) = self.variable {
            let value = surroundings.variable(name).and_then(|value| value.to_str());
            let value = value.ok_or_else(|| SettingsError::PasswordVariable {
                option: of_variable,
                name: name.to_owned(),
            })?;
            let bytes = Zeroizing::new(value.as_bytes().to_vec());
            return Ok(Some(Sourced::new(bytes, Source::Option(of_variable))));
        }
        if !self.stream {
            return Ok(None);
        }
        let bytes = first_line(&mut io::stdin().lock())
            .map_err(|error| SettingsError::Unreadable { path: "standard input".into(), error })?;
        Ok(Some(Sourced::new(bytes, Source::Option(of_stream))))
    }
}

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

fn text(bytes: &[u8], source: &Source) -> Result<Password, SettingsError> {
    let text = std::str::from_utf8(bytes);
    text.map(Password::new).map_err(|_not_utf8| SettingsError::PasswordText(source.to_string()))
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
