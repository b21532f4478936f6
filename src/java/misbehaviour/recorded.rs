//! What the six releases threw at servers that broke the protocol in one place each, beside what is said here of the same fault.

use std::collections::BTreeMap;

use handshake_probe::{
    Exchange, ExtensionFault as Wrong, KeyKind, MessageFault as Message, Misbehaviour as Is,
    PointFault as Point, ProtocolVersion, SignatureFault as Signed, ValueFault as Number,
};
use java_pkix::Rules;
use serde_json::Value;

use super::exception;
use crate::java::exception::Attempt;

const RECORDED: &str = include_str!("../../../fixtures/wire/misbehaviour.jsonl");

fn extension(kind: u8, code: u16, length: usize, fault: Wrong) -> Is {
    Is::Extension { kind, code, length, fault }
}

fn unsolicited(kind: u8, code: u16) -> Is {
    Is::UnsolicitedExtension { kind, code }
}

fn malformed(kind: u8, fault: Message) -> Is {
    Is::MalformedMessage { kind, fault }
}

/// The name of the recording, the suite that the server had chosen, and what it did wrong.
#[expect(clippy::too_many_lines, reason = "a table")]
fn faults() -> Vec<(&'static str, u16, Is)> {
    vec![
        ("sh13_suite_1399", 0x1301, Is::SuiteNotOffered(0x1399)),
        ("sh13_suite_00ff", 0x1301, Is::SuiteNotOffered(0x00ff)),
        ("sh13_sid_long", 0x1301, Is::SessionIdentifier(33)),
        ("sh13_sv_303", 0x1301, Is::SuiteOfOtherVersion(0x1301)),
        ("sh13_suite_c02f", 0xc02f, Is::SuiteOfOtherVersion(0xc02f)),
        ("sh13_sv_short", 0x1301, extension(2, 43, 1, Wrong::Short)),
        ("sh13_ks_short", 0x1301, extension(2, 51, 1, Wrong::Short)),
        ("sh13_ks_trailing", 0x1301, extension(2, 51, 37, Wrong::Long)),
        ("sh13_ks_len_over", 0x1301, Is::MessageEnd(2)),
        ("sh13_ks_unknown_group", 0x1301, Is::KeyShareGroup(2570)),
        ("sh13_ks_mlkem", 0x1301, Is::KeyShareGroup(0x11ec)),
        ("sh13_ks_p256_compressed", 0x1301, Is::Point(23, Point::Compressed)),
        ("sh13_ext_psk", 0x1301, unsolicited(2, 41)),
        ("hrr_no_sv", 0x1301, Is::RetryOfOldVersion(0x0303)),
        ("hrr_ks_short", 0x1301, extension(2, 51, 1, Wrong::OtherLength)),
        ("hrr_cookie_empty", 0x1301, extension(2, 44, 2, Wrong::Short)),
        ("ccs13_value2", 0x1301, Is::MalformedCipherSpec),
        ("ccs13_two", 0x1301, Is::UnexpectedRecord(20)),
        ("in13_ee_appdata", 0x1301, Is::UnexpectedRecord(23)),
        ("in13_ee_type99", 0x1301, Is::UnknownContentType(99)),
        ("in13_ee_inner_zero", 0x1301, Is::NoContentType),
        ("in13_ee_short_rec", 0x1301, Is::ShortRecord { length: 3, nonce: 0 }),
        ("in13_ee_plain_alert", 0x1301, Is::PlainAlert { level: 2, description: 40 }),
        ("in13_ee_alert_short", 0x1301, Is::ShortAlert),
        ("in13_ee_bad_mac", 0x1301, Is::Decryption),
        ("in13_ee_type98", 0x1301, Is::UnknownMessage(98)),
        ("cert_type25", 0x1301, Is::UnknownMessage(25)),
        ("in13_ee_huge", 0x1301, Is::OversizedMessage(1_048_576)),
        ("in13_ee_ch", 0x1301, Is::UnexpectedMessage(1)),
        ("in13_ee_mh", 0x1301, Is::UnexpectedMessage(254)),
        ("ee_alpn", 0x1301, unsolicited(8, 16)),
        ("ee_sni", 0x1301, unsolicited(8, 0)),
        ("ee_mfl", 0x1301, unsolicited(8, 1)),
        ("ee_groups_empty", 0x1301, extension(8, 10, 0, Wrong::Short)),
        ("ee_groups_odd", 0x1301, extension(8, 10, 5, Wrong::List)),
        ("ee_short", 0x1301, malformed(8, Message::Short(1))),
        ("ee_len_over", 0x1301, Is::ExtensionsLength),
        ("ee_missing", 0x1301, Is::OutOfOrder(11)),
        ("cr_before_ee", 0x1301, Is::OutOfOrder(13)),
        ("cr_short", 0x1301, malformed(13, Message::Short(1))),
        ("cr_no_sigalgs", 0x1301, extension(13, 13, 0, Wrong::Absent)),
        ("cr_sigalgs_odd", 0x1301, extension(13, 13, 5, Wrong::List)),
        ("cr_sigalgs_unknown", 0x1301, Is::NoCommonScheme),
        ("cr_ca_empty", 0x1301, extension(13, 47, 2, Wrong::Short)),
        ("cert_empty_list", 0x1301, Is::NoCertificate),
        ("cert13_short", 0x1301, malformed(11, Message::Short(1))),
        ("cert13_list_over", 0x1301, malformed(11, Message::ListLength(9999))),
        ("cert13_zero_cert", 0x1301, malformed(11, Message::EmptyEntry)),
        ("cert13_entry_over", 0x1301, Is::MessageEnd(11)),
        ("cert13_no_ext_len", 0x1301, Is::NoExtensions),
        ("cert13_status_empty", 0x1301, extension(11, 5, 0, Wrong::Short)),
        ("cert13_status_empty_resp", 0x1301, extension(11, 5, 4, Wrong::EmptyResponse)),
        ("cert13_cv_missing", 0x1301, Is::OutOfOrder(20)),
        ("cv_short", 0x1301, malformed(15, Message::Short(1))),
        ("cv_ec_unoffered", 0x1301, Is::SignatureScheme(0x0a0a)),
        ("cv_rsa_md5", 0x1301, Is::SignatureScheme(0x0101)),
        ("cv_bad_sig", 0x1301, Is::Signature),
        ("cv_rsa_short_sig", 0x1301, Is::Unverifiable(Signed::Length { needed: 256, found: 7 })),
        (
            "cv_ec_ed25519",
            0x1301,
            Is::Unverifiable(Signed::OtherKey { scheme: 0x0807, key: KeyKind::Ec }),
        ),
        (
            "cv_rsa_ecdsa",
            0x1301,
            Is::Unverifiable(Signed::OtherKey { scheme: 0x0403, key: KeyKind::Rsa }),
        ),
        ("fin_wrong", 0x1301, Is::Finished),
        ("fin_short", 0x1301, malformed(20, Message::Length { needed: 32, found: 31 })),
        ("sh12_reneg_full", 0xc02b, extension(2, 0xff01, 2, Wrong::Long)),
        ("sh12_reneg_empty", 0xc02b, extension(2, 0xff01, 0, Wrong::Short)),
        ("sh12_ems_full", 0xc02b, extension(2, 23, 1, Wrong::Long)),
        ("sh12_points_none", 0xc02b, extension(2, 11, 2, Wrong::Mandatory)),
        ("sh12_points_bad", 0xc02b, extension(2, 11, 0, Wrong::Short)),
        ("at1_12_cr", 0xc02b, Is::OutOfOrder(13)),
        ("at2_12_cr", 0xc02b, Is::OutOfOrder(12)),
        ("at4_12_fin", 0xc02b, Is::MissingCipherSpec),
        ("no_ske12", 0xc02b, Is::NoKeyExchange(Exchange::Ecdhe)),
        ("no_cert12", 0xc02b, Is::UnsignedKeyExchange),
        ("shd_content", 0xc02b, malformed(14, Message::NotEmpty)),
        ("ske12_type9", 0xc02b, Is::CurveType(9)),
        ("ske12_pt_empty", 0xc02b, Is::Point(23, Point::Empty)),
        ("ske12_pt_compressed", 0xc02b, Is::Point(23, Point::Compressed)),
        ("ske12_group_p521_pt256", 0xc02b, Is::Point(25, Point::Length)),
        ("ske12_sc_unoffered", 0xc02b, Is::SignatureScheme(0x0a0a)),
        (
            "ske12_sc_rsa_on_ec",
            0xc02b,
            Is::Unverifiable(Signed::OtherKey { scheme: 0x0401, key: KeyKind::Ec }),
        ),
        (
            "ske12_rsa_short_sig",
            0xc02f,
            Is::Unverifiable(Signed::Length { needed: 256, found: 100 }),
        ),
        ("ske12_rsa_wrong", 0xc02f, Is::Signature),
        ("cert12_empty", 0xc02b, Is::NoCertificate),
        ("cert12_over", 0xc02b, malformed(11, Message::ListLength(9999))),
        ("cr12_none", 0xc02b, malformed(13, Message::Short(0))),
        ("cr12_sigs_odd", 0xc02b, malformed(13, Message::Numbers)),
        ("cstat12_type9", 0xc02b, malformed(22, Message::Type(9))),
        ("cstat12_nil_resp", 0xc02b, malformed(22, Message::EmptyResponse)),
        ("sh12_status", 0xc02b, unsolicited(2, 5)),
        ("ccs12_two", 0xc02b, Is::ShortRecord { length: 1, nonce: 8 }),
        ("fin12_short", 0xc02b, malformed(20, Message::Length { needed: 12, found: 11 })),
        ("nst12_bad", 0xc02b, malformed(4, Message::Short(1))),
        ("b_bad_1303", 0x1303, Is::Decryption),
        ("b_plain_alert_lvl3", 0x1301, Is::PlainAlert { level: 3, description: 40 }),
        ("b_plain_alert_unknown", 0x1301, Is::PlainAlert { level: 2, description: 200 }),
        ("b_cr_sig_trail", 0x1301, extension(13, 13, 5, Wrong::Long)),
        ("b_ee_groups_trail", 0x1301, extension(8, 10, 5, Wrong::Long)),
        ("b_cr_ca_over", 0x1301, extension(13, 47, 4, Wrong::Beyond)),
        ("b_cr_ctx_rest", 0x1301, malformed(13, Message::ShortExtensions)),
        ("b_cert_ctx_rest2", 0x1301, malformed(11, Message::ShortList(2))),
        ("b_sh_ks_secp256k1", 0x1301, Is::KeyShareGroup(22)),
        ("b_hrr_p256k1", 0x1301, Is::RetryGroupNotOffered(22)),
        ("b_hrr_mlkem", 0x1301, Is::RetryGroupNotOffered(0x11ec)),
        ("b12_dhe_wrong", 0x009e, Is::Signature),
        ("b12_dhe_y_one", 0x009e, Is::PublicValue(Number::Small)),
        ("b12_dhe_y_big", 0x009e, Is::PublicValue(Number::Large)),
        ("b12_dhe_no_ske", 0x009e, Is::NoKeyExchange(Exchange::Dhe)),
        ("b12_rsa_kx_no_cert", 0x009c, Is::NoKeyExchange(Exchange::Rsa)),
        ("b12_sh_status_v2_full", 0xc02b, extension(2, 17, 1, Wrong::Long)),
        ("b12_cr_ca_over", 0xc02b, malformed(13, Message::ListLength(9))),
        ("b12_cr_type_two", 0xc02b, Is::CertificateType(0x77)),
        ("b12_cstat_before_cert", 0xc02b, Is::OutOfOrder(22)),
    ]
}

#[test]
fn java_is_quoted_word_for_word() {
    let recorded: BTreeMap<String, Value> = RECORDED
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| (line["name"].as_str().unwrap().to_owned(), line["told"].clone()))
        .collect();
    let faults = faults();
    assert_eq!(faults.len(), recorded.len());
    for (name, suite, misbehaviour) in faults {
        for told in recorded[name].as_array().unwrap() {
            for release in told["releases"].as_array().unwrap() {
                let rules = Rules::built_in(release.to_string().parse().unwrap());
                let attempt = Attempt {
                    host: "localhost",
                    versions: &[ProtocolVersion::Tls13, ProtocolVersion::Tls12],
                    cipher_suite: Some(suite),
                    prime_bits: None,
                    rules: &rules,
                };
                let exception = exception(misbehaviour, &attempt);
                let chain: Vec<String> = exception
                    .iter()
                    .flat_map(|exception| exception.chain().map(ToString::to_string))
                    .collect();
                assert_eq!(Value::from(chain), told["exceptions"], "{name} under {release}");
            }
        }
    }
}
