//! The command line of `scan`.

use clap::value_parser;

use super::{Colour, MachineOptions, RuntimeOptions, StoreOptions, WireOptions};

/// The arguments of `scan`.
#[derive(Debug, clap::Args)]
pub(crate) struct ScanArgs {
    /// Targets as `poke` takes them; a word without a port is a file with one target a line, `-` standard input
    #[arg(required = true, value_name = "FILE|-|TARGET")]
    pub(crate) from: Vec<String>,
    /// Connect to so many servers at a time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,
    /// When the report has colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
    #[command(flatten)]
    pub(crate) machine: MachineOptions,
    #[command(flatten)]
    pub(crate) runtime: RuntimeOptions,
    #[command(flatten)]
    pub(crate) store: StoreOptions,
    #[command(flatten)]
    pub(crate) wire: WireOptions,
}
