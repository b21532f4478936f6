//! What a server shows of itself: its certificates for `--from`, a whole handshake for `--for`.

use handshake_probe::{Observation, Offer, ProtocolVersion, probe};
use java_pkix::{AuthType, Protocol};
use pki_types::CertificateDer;

use crate::cli::{Target, host_port, targets};
use crate::commands::handshake::{Endpoint, outcome, request, starttls};
use crate::commands::trust::opening::TrustError;
use crate::commands::trust::releases::Release;
use crate::java::{Witness, parse_int};
use crate::report::{Exit, Outcome};
use crate::settings::{Client, Wiring, offer, offer_to_anybody};

/// A server, named on the command line.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    target: Target,
}

/// A handshake in which nobody judged the certificates.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) chain: Vec<CertificateDer<'static>>,
    /// What a verdict on the certificates needs to know, or in Java's words how the handshake ended.
    pub(super) agreed: Result<Agreed, String>,
}

/// What was agreed on in a handshake.
#[derive(Debug)]
pub(super) struct Agreed {
    pub(super) protocol: Protocol,
    pub(super) auth_type: AuthType,
    version: ProtocolVersion,
    cipher_suite: u16,
    group: Option<u16>,
}

impl Server {
    pub(super) fn parse(word: &str) -> Result<Self, TrustError> {
        let usage = |text: String| TrustError::Usage(text);
        let named = targets(&[word.to_owned()]).map_err(|error| usage(error.to_string()))?;
        let [target] = named.as_slice() else {
            return Err(usage(format!("{word:?} is no HOST:PORT")));
        };
        let Target { host, port, .. } = target;
        let number = parse_int(port).and_then(|port| u16::try_from(port).ok());
        let port = number.ok_or_else(|| usage(format!("{word:?}: {port:?} is no port")))?;
        Ok(Self { host: host.clone(), port, target: target.clone() })
    }

    /// Fetches the certificates that the server sends. The handshake ends there, and nothing is trusted.
    pub(super) fn fetch(
        &self,
        release: &Release,
        wiring: &Wiring<'_>,
    ) -> Result<Vec<CertificateDer<'static>>, TrustError> {
        let shown = self.show(release, wiring, false)?;
        match shown.agreed {
            Err(why) if shown.chain.is_empty() => Err(TrustError::Peer {
                text: format!("{self} sent no certificate: {why}"),
                exit: Exit::Unreachable,
            }),
            Ok(_) | Err(_) => Ok(shown.chain),
        }
    }

    /// Makes the handshake that `release` would make, to its end if it `goes_on`.
    pub(super) fn show(
        &self,
        release: &Release,
        wiring: &Wiring<'_>,
        goes_on: bool,
    ) -> Result<Shown, TrustError> {
        let (settings, rules) = (&release.settings, &release.rules);
        let wire = wiring.options;
        let starttls = starttls(&self.target, wire);
        let endpoint = Endpoint { host: &self.host, port: self.port, starttls };
        let way = wiring.way(&self.host, Client::Socket, settings);
        let Ok(offer) = offer_to_anybody(&settings.properties, rules) else {
            return Err(self.unreachable("its protocols are switched off in Java's settings"));
        };
        let request = request(&endpoint, &way, Vec::new(), settings, offer, wire)?;
        let witness = Witness::new(rules, goes_on);
        let observation = probe(&request, &witness);
        let (outcome, exception) = outcome(&observation, None, &self.host, &request.offer, rules);
        let agreed = match (outcome, exception, witness.agreed.get()) {
            (Outcome::Connected, _, Some(agreed)) => Ok(of_session(&observation, agreed)),
            (Outcome::Unreachable, exception, _) => {
                let why = exception.map_or_else(
                    || "nothing came in time".to_owned(),
                    |exception| exception.to_string(),
                );
                return Err(self.unreachable(&why));
            }
            (_, Some(exception), _) => Err(exception.to_string()),
            (_, None, _) => Err(undecided(&observation)),
        };
        Ok(Shown { chain: observation.chain, agreed })
    }

    fn unreachable(&self, why: &str) -> TrustError {
        let text = format!("{self} cannot be reached: {why}");
        TrustError::Peer { text, exit: Exit::Unreachable }
    }
}

impl std::fmt::Display for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&host_port(&self.host, self.port))
    }
}

impl Shown {
    /// Returns whether another release, had it been in this handshake, could have agreed on the same.
    pub(super) fn suits(&self, server: &Server, release: &Release) -> bool {
        let (Ok(agreed), Ok(offer)) =
            (&self.agreed, offer(&server.host, &release.settings.properties, &release.rules))
        else {
            return false;
        };
        let Offer { versions, cipher_suites, groups, .. } = offer;
        versions.contains(&agreed.version)
            && cipher_suites.contains(&agreed.cipher_suite)
            && agreed.group.is_none_or(|group| groups.contains(&group))
    }
}

fn of_session(observation: &Observation, (protocol, auth_type): (Protocol, AuthType)) -> Agreed {
    let hello = observation.server_hello.as_ref();
    let of_key_agreement = observation.key_agreement.and_then(|agreement| match agreement {
        handshake_probe::KeyAgreement::Ecdhe { group } => Some(group),
        handshake_probe::KeyAgreement::Rsa | handshake_probe::KeyAgreement::Dhe { .. } => None,
    });
    Agreed {
        protocol,
        auth_type,
        version: observation.protocol().unwrap_or(ProtocolVersion::Tls13),
        cipher_suite: hello.map_or(0, |hello| hello.cipher_suite),
        group: hello.and_then(|hello| hello.group).or(of_key_agreement),
    }
}

/// What ended the handshake where it is not known what Java would say.
fn undecided(observation: &Observation) -> String {
    let cause = observation.outcome.as_ref().err().map(|failure| failure.cause.to_string());
    format!("what Java would say could not be decided: {}", cause.unwrap_or_default())
}
