//! The recorded situations of `fixtures/wire`: a server, what java is told, and what SSLPoke printed under each release.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One situation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Situation {
    pub(super) name: String,
    pub(super) server: Server,
    /// The host that is poked.
    #[serde(default = "usual_host")]
    pub(super) host: String,
    /// SSLPoke's arguments, if they are not that host and the server's port.
    pub(super) arguments: Option<Vec<String>>,
    /// What java is told before the class.
    #[serde(default)]
    pub(super) java: Vec<String>,
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    told: Vec<Recorded>,
}

/// What serves.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Server {
    /// Nothing listens.
    None,
    /// `openssl s_server`, perhaps with somebody between who alters what it says.
    Openssl { certificate: String, options: Vec<String>, tamper: Option<Tamper> },
    /// Bytes.
    Script(Script),
}

/// What is altered on the way.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Tamper {
    /// The warning `unrecognized_name` comes first.
    WarningFirst,
    /// The last byte of the first record that is encrypted in TLS 1.3.
    FirstEncrypted,
    /// The last byte of `Finished`, before TLS 1.3.
    Finished,
    /// The last byte of `ServerKeyExchange`, which is its signature's.
    KeyExchangeSignature,
}

/// Bytes in hexadecimal, sent by turns. In braces stand what is only known when the client has spoken: its `session-id`, its
/// `hello`, a `signature` over its random value and `signed`, and `BYTE*COUNT` for what would be long.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Script {
    /// What is sent at once.
    #[serde(default)]
    pub(super) before: String,
    /// Whether the client's hello is awaited.
    #[serde(default = "yes")]
    pub(super) waits: bool,
    /// What is sent then.
    #[serde(default)]
    pub(super) reply: String,
    #[serde(default)]
    pub(super) signed: String,
    #[serde(default)]
    pub(super) digest: String,
    pub(super) end: End,
}

/// How a script ends.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum End {
    /// No more is sent.
    Fin,
    /// The connection is reset.
    Rst,
    /// The server falls silent.
    Hang,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    releases: Vec<u16>,
    #[serde(flatten)]
    told: Told,
}

/// What a run ends with.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
pub(super) struct Told {
    /// The exit code; none if it waits for ever.
    pub(super) exit: Option<i32>,
    #[serde(default)]
    pub(super) stdout: String,
    /// What comes before the exception, the exception, and its causes.
    #[serde(default)]
    pub(super) exceptions: Vec<String>,
}

impl Situation {
    /// Returns what was recorded under a release.
    pub(super) fn recorded(&self, feature: u16) -> Option<&Told> {
        self.told.iter().find(|it| it.releases.contains(&feature)).map(|it| &it.told)
    }

    /// Whether Java waits for ever here.
    pub(super) fn hangs(&self) -> bool {
        self.told.iter().any(|it| it.told.exit.is_none())
    }
}

/// Where ours says something else than what was recorded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Divergence {
    pub(super) name: String,
    pub(super) releases: Vec<u16>,
    #[expect(dead_code, reason = "for who reads the file")]
    why: String,
}

/// Returns where the certificates, keys and stores are.
pub(super) fn pki() -> PathBuf {
    fixtures().join("pki")
}

pub(super) fn situations() -> Vec<Situation> {
    lines("situations.jsonl")
}

pub(super) fn divergences() -> Vec<Divergence> {
    lines("divergences.jsonl")
}

fn lines<T: for<'a> Deserialize<'a>>(file: &str) -> Vec<T> {
    let text = fs::read_to_string(fixtures().join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wire")
}

fn usual_host() -> String {
    "tls.example.test".to_owned()
}

fn yes() -> bool {
    true
}
