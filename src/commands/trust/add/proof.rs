//! Whether servers are accepted by a store: asked before anything is written.

use java_pkix::{EndpointIdentification, Parameters, TrustAnchors, Verdict, validate};

use super::server::{Server, Shown};
use crate::cli::TrustAddArgs;
use crate::commands::handshake::endpoint_identification;
use crate::commands::trust::opening::TrustError;
use crate::commands::trust::releases::{Release, Releases};
use crate::java::DefaultZone;
use crate::report::{Proof, Refused};
use crate::settings::{Surroundings, Wiring};

/// A server, and what it showed to each release; whom a store trusts is asked later.
pub(super) struct Evidence<'a> {
    endpoint_identification: EndpointIdentification,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    now: i64,
    server: Server,
    shown: Vec<Shown>,
    /// The releases, and which of these handshakes each would have made.
    asked: Vec<(&'a Release, usize)>,
}

impl<'a> Evidence<'a> {
    /// Makes the handshakes with every server of `--for`: one for all releases that could have agreed on the same.
    pub(super) fn gather(
        args: &'a TrustAddArgs,
        releases: &'a Releases,
        wiring: &Wiring<'_>,
        surroundings: &Surroundings,
    ) -> Result<Vec<Self>, TrustError> {
        let endpoint_identification = endpoint_identification(&args.wire.hostname_check)?;
        let now = surroundings.now_or_at(args.wire.at.as_deref())?;
        let gather = |word: &String| {
            let server = Server::parse(word)?;
            let (mut shown, mut asked): (Vec<Shown>, Vec<_>) = (Vec::new(), Vec::new());
            for release in releases.iter() {
                let place = shown.iter().position(|seen| seen.suits(&server, release));
                asked.push((release, place.unwrap_or(shown.len())));
                if place.is_none() {
                    shown.push(server.show(release, wiring, true)?);
                }
            }
            asked.sort_by_key(|(release, _)| release.rules.release());
            Ok(Self { endpoint_identification, now, server, shown, asked })
        };
        args.targets.iter().map(gather).collect()
    }

    /// Asks every release whether it accepts the server by a store that trusts `after`, and whether it did by `before`.
    pub(super) fn prove(&self, before: &TrustAnchors, after: &TrustAnchors) -> Proof {
        let (mut accepted, mut refused, mut was_accepted) = (Vec::new(), Vec::new(), true);
        for (release, place) in &self.asked {
            let Some(shown) = self.shown.get(*place) else { continue };
            was_accepted &= self.ask(release, shown, before).is_ok();
            let name = release.rules.release().to_string();
            match self.ask(release, shown, after) {
                Ok(()) => accepted.push(name),
                Err(exception) => refused.push(Refused { release: name, exception }),
            }
        }
        Proof { target: self.server.to_string(), accepted, refused, needed: !was_accepted }
    }

    /// Returns in Java's words why a release refuses, if it does.
    fn ask(&self, release: &Release, shown: &Shown, anchors: &TrustAnchors) -> Result<(), String> {
        let agreed = shown.agreed.as_ref().map_err(Clone::clone)?;
        let rules = &release.rules;
        let parameters = Parameters {
            rules,
            host: &self.server.host,
            endpoint_identification: self.endpoint_identification,
            protocol: agreed.protocol,
            auth_type: agreed.auth_type,
            now: self.now,
            zone: &DefaultZone::new(&release.settings, rules),
        };
        match validate(&shown.chain, anchors, &parameters) {
            Verdict::Trusted(_) => Ok(()),
            Verdict::Rejected(rejection) => Err(rejection.exception.to_string()),
        }
    }
}
