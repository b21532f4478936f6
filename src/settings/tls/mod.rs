//! What Java's `ClientHello` would offer: versions, suites, groups, signature schemes, extensions.

mod extensions;
mod groups;
mod release;
mod server_name;
mod suites;

use handshake_probe::{Offer, ProtocolVersion};
use java_pkix::{Protocol, Rules};

use self::groups::{Group, Kind};
use self::release::Release;
pub(crate) use self::server_name::is_address;
use self::server_name::server_name;
use self::suites::Suite;
use super::system_properties::SystemProperties;

/// The property that lists the protocol versions of a client.
pub(crate) const CLIENT_PROTOCOLS: &str = "jdk.tls.client.protocols";
/// The property that lists signature schemes.
pub(super) const SIGNATURE_SCHEMES: &str = "jdk.tls.client.SignatureSchemes";
const CLIENT_SUITES: &str = "jdk.tls.client.cipherSuites";
const NAMED_GROUPS: &str = "jdk.tls.namedGroups";
/// The extension `server_name` (RFC 6066, section 3).
const SERVER_NAME: u16 = 0;
/// Switches all suites with elliptic curves off.
const ELLIPTIC_CURVES: &str = "com.sun.net.ssl.enableECC";
/// Switches the groups of finite fields off, though not the suites.
const FIELDS: &str = "jsse.enableFFDHE";

/// Why Java says no hello, though there is something to offer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum NoHello {
    /// A name in `jdk.tls.client.protocols` that Java does not know: then it makes no default context at all.
    UnknownProtocol(String),
    /// `jdk.tls.namedGroups` names no group that Java knows: then a class of it does not start.
    NoNamedGroup(String),
    /// A pattern in `jdk.tls.disabledAlgorithms` is none of suites: then a class of it does not start.
    Pattern,
    /// All suites that could be offered are disabled.
    NoSuite,
    /// The curve of a key share, as Java describes it: it is listed, but Java makes no keys on it.
    NoKeyPair(&'static str),
}

/// Returns what Java offers to `host`. Without a version there is nothing to offer.
///
/// # Errors
///
/// Says why Java says no hello.
pub(crate) fn offer(
    host: &str,
    properties: &SystemProperties,
    rules: &Rules,
) -> Result<Offer, NoHello> {
    offer_to_anybody(properties, rules).map(|offer| offer_to(host, offer, properties))
}

/// Makes what is offered to anybody an offer to `host`.
pub(crate) fn offer_to(host: &str, offer: Offer, properties: &SystemProperties) -> Offer {
    let server_name = server_name(host, properties);
    let mut extensions = offer.extensions;
    extensions.retain(|extension| *extension != SERVER_NAME || server_name.is_some());
    Offer { server_name, extensions, ..offer }
}

/// Returns what Java offers to every host; the extension of the name stands in it, the name does not.
///
/// # Errors
///
/// Says why Java says no hello.
pub(crate) fn offer_to_anybody(
    properties: &SystemProperties,
    rules: &Rules,
) -> Result<Offer, NoHello> {
    if rules.has_bad_pattern() {
        return Err(NoHello::Pattern);
    }
    let listed = versions(properties, rules)?;
    let release = Release::of(rules);
    let known = groups::configured(properties.value(NAMED_GROUPS), release)
        .map_err(|none| NoHello::NoNamedGroup(none.0))?;
    let permitted = groups::permitted(&known, rules);
    let enabled = usable_suites(&known, &permitted, properties, rules);
    let has_suite = |version: &ProtocolVersion| enabled.iter().any(|suite| suite.is_of(*version));
    let versions: Vec<ProtocolVersion> = listed.into_iter().filter(has_suite).collect();
    let is_active = |suite: &Suite| versions.iter().any(|version| suite.is_of(*version));
    let suites: Vec<Suite> = enabled.iter().copied().filter(is_active).collect();
    if !suites.is_empty() && suites.iter().all(|suite| suite.is_signal()) {
        return Err(NoHello::NoSuite);
    }
    let groups = if extensions::is_disabled(10, properties, release) {
        Vec::new()
    } else {
        groups_of(&permitted, &versions, &suites, properties)
    };
    let has_tls13 = versions.contains(&ProtocolVersion::Tls13);
    let shares = if has_tls13 { groups::shares(&groups, release) } else { Vec::new() };
    if let Some(curve) = shares.iter().find_map(|group| group.forsaken)
        && release.forsakes_curves()
    {
        return Err(NoHello::NoKeyPair(curve));
    }
    let protocols: Vec<Protocol> = versions.iter().map(|version| protocol(*version)).collect();
    let mut extensions = extensions::sent(&versions, &suites, properties, release);
    extensions.retain(|extension| match extension {
        10 => !groups.is_empty(),
        51 => !shares.is_empty(),
        _ => true,
    });
    Ok(Offer {
        cipher_suites: suites.iter().map(|suite| suite.code).collect(),
        groups: groups.iter().map(|group| group.code).collect(),
        key_shares: shares.iter().map(|group| group.code).collect(),
        signature_schemes: rules.handshake_schemes(&protocols),
        certificate_signature_schemes: rules.certificate_schemes(&protocols),
        extensions,
        server_name: None,
        versions,
    })
}

/// Returns the suites that are enabled and not disabled, and for which there is a group.
fn usable_suites(
    known: &[Group],
    permitted: &[Group],
    properties: &SystemProperties,
    rules: &Rules,
) -> Vec<Suite> {
    // Where no field is listed a server may still bring its own.
    let takes_any_field = known.iter().all(|group| group.kind != Kind::Field);
    let is_possible = |kind: &Kind| {
        permitted.iter().any(|group| group.kind == *kind) || *kind == Kind::Field && takes_any_field
    };
    let has_curves = !properties.is_false(ELLIPTIC_CURVES);
    let mut suites = suites::enabled(properties.value(CLIENT_SUITES), Release::of(rules));
    suites.retain(|suite| {
        let needs_group = !suite.is_of(ProtocolVersion::Tls13) && !suite.kinds().is_empty();
        suites::is_permitted(*suite, rules)
            && (has_curves || !suite.is_elliptic())
            && (!needs_group || suite.kinds().iter().any(is_possible))
    });
    suites
}

/// Returns the groups that versions and suites can do something with.
fn groups_of(
    permitted: &[Group],
    versions: &[ProtocolVersion],
    suites: &[Suite],
    properties: &SystemProperties,
) -> Vec<Group> {
    let has_tls13 = versions.contains(&ProtocolVersion::Tls13);
    let has_older = versions.iter().any(|version| *version < ProtocolVersion::Tls13);
    let has_fields = !properties.is_false(FIELDS);
    let is_of_version =
        |group: &Group| has_tls13 && group.is_of_tls13() || has_older && !group.wants_tls13();
    let is_wanted = |group: &Group| suites.iter().any(|suite| suite.kinds().contains(&group.kind));
    let groups = permitted.iter().filter(|group| has_fields || group.kind != Kind::Field);
    groups.filter(|group| is_of_version(group) && is_wanted(group)).copied().collect()
}

/// Returns the versions that are listed and not disabled, newest first.
fn versions(properties: &SystemProperties, rules: &Rules) -> Result<Vec<ProtocolVersion>, NoHello> {
    let mut listed = None;
    if let Some(list) = properties.value(CLIENT_PROTOCOLS).map(unquoted).filter(|l| !l.is_empty()) {
        let names: Vec<&str> = list.split(',').map(str::trim).collect();
        if let Some(unknown) = names.iter().find(|name| !is_protocol(name)) {
            return Err(NoHello::UnknownProtocol((*unknown).to_owned()));
        }
        listed = Some(names);
    }
    let is_listed = |name: &str| listed.as_ref().is_none_or(|names| names.contains(&name));
    let mut versions: Vec<ProtocolVersion> = rules
        .enabled_protocols()
        .filter(|protocol| is_listed(protocol.java_name()))
        .map(version)
        .collect();
    versions.sort_unstable_by(|one, other| other.cmp(one));
    Ok(versions)
}

fn version(protocol: Protocol) -> ProtocolVersion {
    match protocol {
        Protocol::Tls10 => ProtocolVersion::Tls10,
        Protocol::Tls11 => ProtocolVersion::Tls11,
        Protocol::Tls12 => ProtocolVersion::Tls12,
        Protocol::Tls13 => ProtocolVersion::Tls13,
    }
}

/// Returns the version as Java's rules know it.
pub(crate) fn protocol(version: ProtocolVersion) -> Protocol {
    match version {
        ProtocolVersion::Tls10 => Protocol::Tls10,
        ProtocolVersion::Tls11 => Protocol::Tls11,
        ProtocolVersion::Tls12 => Protocol::Tls12,
        ProtocolVersion::Tls13 => Protocol::Tls13,
    }
}

fn is_protocol(name: &str) -> bool {
    ["SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].contains(&name)
}

/// Java strips one pair of double quotes.
fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Source;

    fn properties(definition: &str) -> SystemProperties {
        let mut properties = SystemProperties::default();
        properties.define(definition, Source::CommandLine);
        properties
    }

    #[test]
    fn the_property_lists_versions_and_the_disabled_ones_fall_away() {
        use ProtocolVersion::{Tls12, Tls13};
        let rules = Rules::built_in("17.0.15".parse().unwrap());
        for (value, expected) in [
            ("", Ok(vec![Tls13, Tls12])),
            ("TLSv1.2", Ok(vec![Tls12])),
            ("TLSv1.2, TLSv1.3", Ok(vec![Tls13, Tls12])),
            ("\"TLSv1.2\"", Ok(vec![Tls12])),
            ("TLSv1,TLSv1.1,TLSv1.2", Ok(vec![Tls12])),
            ("SSLv3", Ok(vec![])),
            ("TLSv9", Err("TLSv9")),
            ("tlsv1.2", Err("tlsv1.2")),
            ("TLSv1.2,TLSv9", Err("TLSv9")),
        ] {
            let found = versions(&properties(&format!("{CLIENT_PROTOCOLS}={value}")), &rules);
            let expected = expected.map_err(|name: &str| NoHello::UnknownProtocol(name.to_owned()));
            assert_eq!(found, expected, "{value}");
        }
    }

    /// A hello as it was recorded; numbers in hexadecimal.
    struct Recorded<'a> {
        case: &'a str,
        host: &'a str,
        properties: SystemProperties,
        security: &'a str,
        /// The lists in their order; or why there was none.
        hello: Result<Vec<&'a str>, &'a str>,
    }

    fn recorded(line: &str) -> (Vec<&str>, Recorded<'_>) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [case, releases, host, definitions, rest @ ..] = fields.as_slice() else {
            panic!("{line}")
        };
        let mut properties = SystemProperties::default();
        let mut security = "";
        for definition in definitions.split('|').filter(|definition| !definition.is_empty()) {
            match definition.split_once("java.security.properties=") {
                Some((_, file)) => security = file,
                None => properties.define(definition, Source::CommandLine),
            }
        }
        let hello = match rest {
            ["none", _, why] => Err(*why),
            lists => Ok(lists.to_vec()),
        };
        (releases.split(',').collect(), Recorded { case, host, properties, security, hello })
    }

    /// What the files that the recordings named hold.
    fn security(file: &str, name: &str) -> Option<String> {
        match (file, name) {
            (
                "nodisabled.security",
                "jdk.tls.disabledAlgorithms" | "jdk.certpath.disabledAlgorithms",
            ) => Some(String::new()),
            ("tls10on.security", "jdk.tls.disabledAlgorithms") => Some(
                "SSLv3, RC4, DES, MD5withRSA, DH keySize < 1024, EC keySize < 224, anon, NULL"
                    .to_owned(),
            ),
            _ => None,
        }
    }

    fn hex(codes: &[u16]) -> String {
        codes.iter().map(|code| format!("{code:04x}")).collect::<Vec<_>>().join(" ")
    }

    fn some(codes: &[u16]) -> String {
        if codes.is_empty() { "-".to_owned() } else { hex(codes) }
    }

    fn told(offer: Result<Offer, NoHello>) -> Result<Vec<String>, String> {
        match offer {
            Err(no_hello) => Err(format!("{no_hello:?}")),
            Ok(offer) if offer.versions.is_empty() => Err("No appropriate protocol".to_owned()),
            Ok(offer) => {
                let versions: Vec<u16> =
                    offer.versions.iter().map(|version| version.code()).collect();
                let signs = offer.extensions.contains(&13);
                let schemes = |schemes: &[u16]| if signs { hex(schemes) } else { "-".to_owned() };
                Ok(vec![
                    hex(&versions),
                    hex(&offer.cipher_suites),
                    some(&offer.groups),
                    some(&offer.key_shares),
                    schemes(&offer.signature_schemes),
                    schemes(&offer.certificate_signature_schemes),
                    hex(&offer.extensions),
                    offer.server_name.unwrap_or_else(|| "-".to_owned()),
                ])
            }
        }
    }

    #[test]
    fn every_recorded_hello_is_offered() {
        let mut wrong = Vec::new();
        let mut seen = 0;
        for line in include_str!("../../../fixtures/hello/offers.txt").lines() {
            let (releases, recorded) = recorded(line);
            for release in releases {
                let release = if release == "17" { "17.0.15" } else { release };
                let schemes = recorded
                    .properties
                    .value("jdk.tls.client.SignatureSchemes")
                    .unwrap_or("")
                    .to_owned();
                let rules = Rules::built_in(release.parse().unwrap())
                    .with_security_properties(&|name| security(recorded.security, name))
                    .with_signature_schemes(&schemes);
                let ours = told(offer(recorded.host, &recorded.properties, &rules));
                let theirs = recorded.hello.clone();
                let same = match (&theirs, &ours) {
                    (Err(why), Err(ours)) => fits(why, ours),
                    (Ok(theirs), Ok(ours)) => {
                        // Last stands the length of the session's name.
                        theirs.iter().zip(ours).all(|(theirs, ours)| theirs == ours)
                    }
                    _ => false,
                };
                seen += 1;
                if same == is_divergence(release, recorded.case) {
                    wrong.push(format!(
                        "{release} {}\n  java {theirs:?}\n  ours {ours:?}",
                        recorded.case
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {seen} wrong\n{}", wrong.len(), wrong.join("\n"));
    }

    /// Whether the reason that Java gives is the one that was found.
    fn fits(java: &str, ours: &str) -> bool {
        [
            ("No appropriate protocol", "No appropriate protocol"),
            ("is not a supported SSL protocol name", "UnknownProtocol"),
            ("contains no supported named groups", "NoNamedGroup"),
            ("Curve not supported", "NoKeyPair"),
            ("No negotiable cipher suite", "NoSuite"),
        ]
        .iter()
        .any(|(words, kind)| java.contains(words) && ours.starts_with(kind))
    }

    /// What is not said as Java says it, and why.
    fn is_divergence(release: &str, case: &str) -> bool {
        match case {
            // The names of all anchors (`certificate_authorities`) are not sent.
            "ca_ext_true"
            // No server of today understands a hello of SSL 2, and none is sent.
            | "clientprotocols_sslv2hello_tls12" => true,
            // SSL 3 is not offered, even where it is not disabled.
            "security_nodisabled" => release == "8",
            _ => false,
        }
    }
}
