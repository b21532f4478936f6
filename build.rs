//! Links the unwinder into the program on Linux, where it would be a shared library of its own: to load one costs every
//! start some twenty page faults, and this one asks the processor what it can, which on a virtual machine takes long.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|held| held == value);
    let is_gnu = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let is_native = std::env::var("HOST") == std::env::var("TARGET");
    if is_gnu && is_native && has_archive() {
        println!("cargo::rustc-link-lib=gcc_eh");
    }
}

/// Whether the C compiler that links has the unwinder as an archive: it names the whole path of a file that it has.
fn has_archive() -> bool {
    let named = Command::new("cc").arg("-print-file-name=libgcc_eh.a").output();
    named.is_ok_and(|named| named.stdout.starts_with(b"/"))
}
