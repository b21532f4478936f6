//! The names of the alerts (RFC 8446, section 6; RFC 5246, section 7.2; the IANA registry).

/// Returns the name of an alert, or none if the registry has no such number.
pub fn alert_name(description: u8) -> Option<&'static str> {
    ALERTS.iter().find(|(code, _)| *code == description).map(|(_, name)| *name)
}

/// Returns the number of the alert that is so named.
pub fn alert_code(name: &str) -> Option<u8> {
    ALERTS.iter().find(|(_, known)| *known == name).map(|(code, _)| *code)
}

pub(crate) const CLOSE_NOTIFY: u8 = 0;
pub(crate) const UNEXPECTED_MESSAGE: u8 = 10;
pub(crate) const BAD_RECORD_MAC: u8 = 20;
pub(crate) const HANDSHAKE_FAILURE: u8 = 40;
pub(crate) const BAD_CERTIFICATE: u8 = 42;
pub(crate) const ILLEGAL_PARAMETER: u8 = 47;
pub(crate) const DECODE_ERROR: u8 = 50;
pub(crate) const DECRYPT_ERROR: u8 = 51;
pub(crate) const PROTOCOL_VERSION: u8 = 70;
pub(crate) const INTERNAL_ERROR: u8 = 80;
pub(crate) const USER_CANCELED: u8 = 90;
pub(crate) const UNSUPPORTED_EXTENSION: u8 = 110;

const ALERTS: &[(u8, &str)] = &[
    (CLOSE_NOTIFY, "close_notify"),
    (UNEXPECTED_MESSAGE, "unexpected_message"),
    (BAD_RECORD_MAC, "bad_record_mac"),
    (21, "decryption_failed"),
    (22, "record_overflow"),
    (30, "decompression_failure"),
    (HANDSHAKE_FAILURE, "handshake_failure"),
    (41, "no_certificate"),
    (BAD_CERTIFICATE, "bad_certificate"),
    (43, "unsupported_certificate"),
    (44, "certificate_revoked"),
    (45, "certificate_expired"),
    (46, "certificate_unknown"),
    (ILLEGAL_PARAMETER, "illegal_parameter"),
    (48, "unknown_ca"),
    (49, "access_denied"),
    (DECODE_ERROR, "decode_error"),
    (DECRYPT_ERROR, "decrypt_error"),
    (60, "export_restriction"),
    (PROTOCOL_VERSION, "protocol_version"),
    (71, "insufficient_security"),
    (INTERNAL_ERROR, "internal_error"),
    (86, "inappropriate_fallback"),
    (USER_CANCELED, "user_canceled"),
    (100, "no_renegotiation"),
    (109, "missing_extension"),
    (UNSUPPORTED_EXTENSION, "unsupported_extension"),
    (111, "certificate_unobtainable"),
    (112, "unrecognized_name"),
    (113, "bad_certificate_status_response"),
    (114, "bad_certificate_hash_value"),
    (115, "unknown_psk_identity"),
    (116, "certificate_required"),
    (120, "no_application_protocol"),
    (121, "ech_required"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_number() {
        for (code, name) in ALERTS {
            assert_eq!(alert_code(name), Some(*code));
            assert_eq!(alert_name(*code), Some(*name));
        }
        assert_eq!(alert_name(200), None);
    }
}
