//! The extensions of a hello, and the properties that take some away.

use handshake_probe::ProtocolVersion;

use super::super::system_properties::SystemProperties;
use super::groups::Kind;
use super::release::Release;
use super::suites::Suite;

/// Returns the extensions that are sent, in their order.
pub(super) fn sent(
    versions: &[ProtocolVersion],
    suites: &[Suite],
    properties: &SystemProperties,
    release: Release,
) -> Vec<u16> {
    let speaks = |wanted: fn(&ProtocolVersion) -> bool| versions.iter().any(wanted);
    let has_older = speaks(|version| *version < ProtocolVersion::Tls13);
    let has_tls12 = speaks(|version| *version >= ProtocolVersion::Tls12);
    let has_tls13 = speaks(|version| *version == ProtocolVersion::Tls13);
    // Suites of TLS 1.3 count, which could be used with any kind of group.
    let has_curves = suites.iter().any(|suite| suite.kinds().contains(&Kind::Curve));
    let is_sent = |extension: &u16| {
        let switched_off = |switch: &str| properties.is_false(switch);
        let wanted = match *extension {
            STATUS_REQUEST => !switched_off(STAPLING),
            POINT_FORMATS => has_older && has_curves,
            STATUS_REQUEST_V2 => has_older && !switched_off(STAPLING),
            EXTENDED_MASTER_SECRET => has_older && !switched_off(EXTENDED_MASTER),
            SESSION_TICKET => has_older && !switched_off(TICKETS),
            SIGNATURE_ALGORITHMS | SIGNATURE_ALGORITHMS_CERT => has_tls12,
            PSK_MODES | KEY_SHARE => has_tls13,
            RENEGOTIATION_INFO => has_older && !suites.iter().any(|suite| suite.is_signal()),
            _ => true,
        };
        wanted && !is_disabled(*extension, properties, release)
    };
    release.extensions().iter().copied().filter(is_sent).collect()
}

/// Returns whether `jdk.tls.client.disableExtensions` names an extension.
pub(super) fn is_disabled(extension: u16, properties: &SystemProperties, release: Release) -> bool {
    let named = NAMES.iter().find(|(code, _)| *code == extension);
    let list = properties.value(DISABLED).filter(|_| release.disables_extensions());
    list.zip(named)
        .is_some_and(|(list, (_, name))| list.split(',').any(|part| part.trim() == *name))
}

const DISABLED: &str = "jdk.tls.client.disableExtensions";
const STAPLING: &str = "jdk.tls.client.enableStatusRequestExtension";
const TICKETS: &str = "jdk.tls.client.enableSessionTicketExtension";
const EXTENDED_MASTER: &str = "jdk.tls.useExtendedMasterSecret";

const STATUS_REQUEST: u16 = 5;
const POINT_FORMATS: u16 = 11;
const SIGNATURE_ALGORITHMS: u16 = 13;
const STATUS_REQUEST_V2: u16 = 17;
const EXTENDED_MASTER_SECRET: u16 = 23;
const SESSION_TICKET: u16 = 35;
const PSK_MODES: u16 = 45;
const SIGNATURE_ALGORITHMS_CERT: u16 = 50;
const KEY_SHARE: u16 = 51;
const RENEGOTIATION_INFO: u16 = 0xff01;

/// Names in `jdk.tls.client.disableExtensions`.
const NAMES: [(u16, &str); 13] = [
    (0, "server_name"),
    (STATUS_REQUEST, "status_request"),
    (10, "supported_groups"),
    (POINT_FORMATS, "ec_point_formats"),
    (SIGNATURE_ALGORITHMS, "signature_algorithms"),
    (STATUS_REQUEST_V2, "status_request_v2"),
    (EXTENDED_MASTER_SECRET, "extended_master_secret"),
    (SESSION_TICKET, "session_ticket"),
    (43, "supported_versions"),
    (PSK_MODES, "psk_key_exchange_modes"),
    (SIGNATURE_ALGORITHMS_CERT, "signature_algorithms_cert"),
    (KEY_SHARE, "key_share"),
    (RENEGOTIATION_INFO, "renegotiation_info"),
];
