//! What real Java runtimes do today, beside what we say: the tests that need JREs.
//!
//! `JAVA_MATRIX` names a folder with `java8` … `java26` and `keytool8` … `keytool26`; `tests/oracle/java-matrix`
//! makes one. Without it the tests say so and pass, except where `CI` is set: there they fail.

#![expect(clippy::unwrap_used, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod client_certificates;
mod handshakes; // servers of every kind, poked by JREs and by us
mod hello; //  what a ClientHello offers, under each JRE and by us
mod jks; //    JKS and JCEKS changed by keytools and by us: the same bytes
mod jre; //    the runtimes and their keytools
mod keytool_loses; // what keytool does to a store where we do not
mod machine; //  running JVMs, as they see themselves
mod observed; // what is told of a connection beside the verdict
mod pki; //    a root, an issuing CA and leaves of every kind
mod plain; //  servers that do not speak TLS
mod play; //   many runs: several at once, or a sample of them
mod poke; //   SSLPoke under each JRE, and ours in its place
mod proxies; // which proxy is gone through
mod scenarios; // the doctor beside the machine's own Java
mod server; // openssl s_server
mod stores; // stores of every shape, one root added and removed: nothing else changes, and every JRE agrees
mod trust; //  what we write into stores, read by every keytool and trusted by every JRE
mod trust_check; // what trust check says of a root, beside what each JRE does under it
mod unreadable; //  stores with a certificate that Java cannot read
mod upgrade; //     own roots that were carried over, endpoints that fail after it
mod verbs; //       what the other verbs write, read by every keytool and by openssl
mod wire; //         every recorded situation of a handshake, played again
