//! Judges one chain: `judge RELEASE HOST ANCHOR.der CERTIFICATE.der...`, end entity first.

use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, error::Error, fs, io, io::Write};

use java_pkix::{
    AuthType, EndpointIdentification, Parameters, Protocol, Rules, TrustAnchor, TrustAnchors, Utc,
    Verdict, validate,
};
use pki_types::CertificateDer;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [release, host, anchor, chain @ ..] = words.as_slice() else {
        return Err("usage: judge RELEASE HOST ANCHOR.der CERTIFICATE.der...".into());
    };
    let read = |path: &String| fs::read(path).map(CertificateDer::from);
    let chain = chain.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let anchors: TrustAnchors = [TrustAnchor::new(anchor, read(anchor)?)].into_iter().collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();

    let verdict = validate(
        &chain,
        &anchors,
        &Parameters {
            rules: &Rules::built_in(release.parse()?),
            host,
            endpoint_identification: EndpointIdentification::Https,
            protocol: Protocol::Tls13,
            auth_type: AuthType::Unknown,
            now: i64::try_from(now)?,
            zone: &Utc,
        },
    );
    match verdict {
        Verdict::Trusted(trusted) => writeln!(io::stdout(), "trusted by {}", trusted.anchor.name)?,
        Verdict::Rejected(rejection) => {
            writeln!(io::stdout(), "{}: {}", rejection.reason.code(), rejection.exception)?;
        }
    }
    Ok(())
}
