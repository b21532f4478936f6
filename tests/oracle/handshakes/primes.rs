//! Groups for DHE: those that have a name, and primes of other sizes.

use std::fs;

use super::keys::{Keys, openssl};

/// Parameters, with a name.
pub(super) struct Prime {
    pub(super) name: &'static str,
    made: Made,
}

/// Where parameters come from.
enum Made {
    /// OpenSSL knows the group by its name.
    Named,
    /// As PEM holds them.
    Text(&'static str),
    /// A number of 8,256 bits, all of them ones: that it is no prime is nothing to OpenSSL.
    Ones,
}

const fn named(name: &'static str) -> Prime {
    Prime { name, made: Made::Named }
}

/// Sizes up to the largest that Java takes, and a larger one; OpenSSL serves none below 1024 bits.
pub(super) const ALL: [Prime; 10] = [
    Prime {
        name: "1032",
        made: Made::Text(
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
    Prime { name: "8256", made: Made::Ones },
];

impl Prime {
    /// Writes the parameters down; returns where.
    pub(super) fn file(&self, keys: &Keys) -> String {
        let path = keys.path(&format!("prime-{}.pem", self.name));
        match self.made {
            Made::Text(text) => {
                let head = "DH PARAMETERS-----\n";
                fs::write(&path, format!("-----BEGIN {head}{text}-----END {head}")).unwrap();
            }
            Made::Ones => {
                let head = [0x30, 0x82, 4, 0x10, 2, 0x82, 4, 9, 0];
                let der = [&head, [0xff; 1032].as_slice(), &[2, 1, 2]].concat();
                let file = keys.path("prime.der");
                fs::write(&file, der).unwrap();
                openssl(&format!("dhparam -inform DER -in {file} -out {path}"));
            }
            Made::Named => {
                let group = self.name;
                openssl(&format!(
                    "genpkey -genparam -algorithm DH -pkeyopt group:{group} -out {path}"
                ));
            }
        }
        path
    }
}
