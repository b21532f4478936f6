//! Where the certificates come from that are to be added.

use std::ffi::OsString;
use std::path::Path;

use pki_types::CertificateDer;

use crate::certificates;
use crate::cli::TrustAddArgs;
use crate::commands::trust::opening::TrustError;
use crate::settings::Surroundings;

/// What was handed over, and what is to be said about it.
#[derive(Debug, Default)]
pub(super) struct Input {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) notes: Vec<String>,
}

impl Input {
    /// Reads all that the arguments name; one file that is none of certificates spoils all.
    pub(super) fn gather(
        args: &TrustAddArgs,
        surroundings: &Surroundings,
    ) -> Result<Self, TrustError> {
        let mut input = Self::default();
        for file in &args.files {
            input.load(file, surroundings)?;
        }
        Ok(input)
    }

    fn load(&mut self, file: &OsString, surroundings: &Surroundings) -> Result<(), TrustError> {
        let is_standard = file == "-";
        let path = if is_standard { file.into() } else { surroundings.absolute(Path::new(file)) };
        let loaded = certificates::load(&path);
        let path = if is_standard { "standard input".into() } else { path };
        let found = match loaded {
            Ok(found) => found,
            Err(error) => return Err(TrustError::Certificates { path, error }),
        };
        let others = found.others.iter();
        self.notes.extend(others.map(|other| format!("{}: {other} is left alone", path.display())));
        self.certificates.extend(found.certificates);
        Ok(())
    }
}
