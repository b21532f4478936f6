//! Groups for DHE: those that have a name, and primes of other sizes.

use std::fs;
use std::process::Command;

use super::keys::Keys;

/// Parameters: a name, and the group's name in OpenSSL or the parameters as PEM holds them.
pub(super) struct Prime {
    pub(super) name: &'static str,
    text: Option<&'static str>,
}

const fn named(name: &'static str) -> Prime {
    Prime { name, text: None }
}

/// Sizes up to the largest that Java takes; OpenSSL serves none below 1024 bits.
pub(super) const ALL: [Prime; 9] = [
    Prime {
        name: "1032",
        text: Some(
            "MIGIAoGCANbUfxk3lVrySYUTsOcq5oc/VP7q5nV1PPshbIDgxe0A9qU5EF6aMJeW\n\
             FGAU70gU4YVjQWv76hAuwHp78c4RiD49PBwCMP6aug7/fVjAofVPCv4QWeC+/bpI\n\
             sd8LvHZNzsUDFGpSwq6DZH6Cpb60Q1+PjreGAtAkjmgmf6ZbMfp+PwIBAg==\n",
        ),
    },
    named("dh_1024_160"),
    named("modp_1536"),
    named("modp_2048"),
    named("modp_3072"),
    named("modp_4096"),
    named("modp_8192"),
    named("ffdhe2048"),
    named("ffdhe4096"),
];

impl Prime {
    /// Writes the parameters down; returns where.
    pub(super) fn file(&self, keys: &Keys) -> String {
        let path = keys.path(&format!("prime-{}.pem", self.name));
        if let Some(text) = self.text {
            let head = "DH PARAMETERS-----\n";
            fs::write(&path, format!("-----BEGIN {head}{text}-----END {head}")).unwrap();
        } else {
            let group = format!("group:{}", self.name);
            let made = Command::new("openssl")
                .args(["genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", &group, "-out"])
                .arg(&path)
                .status()
                .unwrap();
            assert!(made.success(), "{}", self.name);
        }
        path
    }
}
