//! The command line of `runtimes`.

use std::ffi::OsString;

use super::Colour;

/// The arguments of `runtimes`.
#[derive(Debug, clap::Args)]
pub(crate) struct RuntimesArgs {
    /// The root of an image or of a mounted disk, instead of this machine
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<OsString>,
    /// Say of each store whether the certificate with this fingerprint is in it
    #[arg(long, value_name = "FINGERPRINT")]
    pub(crate) sha256: Option<String>,
    /// When the report has colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
}
