//! Host names, and what a certificate says of them.

use crate::case::Path;
use crate::der::tlv;
use crate::draft::{ALTERNATIVE_NAMES, COMMON_NAME, UNIT, UTF8, attribute, name, names};
use crate::random::Random;

/// Hosts, and names in certificates: each is tried with each.
const NAMES: [&str; 48] = [
    "www.corp.example",
    "WWW.corp.EXAMPLE",
    "corp.example",
    "www.corp.example.",
    "localhost",
    "*.corp.example",
    "*.example",
    "*.com",
    "*.co.uk",
    "a.co.uk",
    "example.com",
    "w*.corp.example",
    "*w.corp.example",
    "w*w.corp.example",
    "www.*.example",
    "*.*.example",
    "*",
    "**.corp.example",
    "*.",
    ".corp.example",
    "10.1.2.3",
    "10.1.2.4",
    "010.1.2.3",
    "1.2.3",
    "1.2.3.4.5",
    "0x7f.0.0.1",
    "256.1.1.1",
    "::1",
    "0:0:0:0:0:0:0:1",
    "2001:db8::1",
    "::ffff:10.1.2.3",
    "[::1]",
    "fe80::1%lo",
    "b\u{fc}cher.example",
    "xn--bcher-kva.example",
    "XN--BCHER-KVA.example",
    "xn--b*.example",
    "*.xn--bcher-kva.example",
    "www.b\u{fc}cher.example",
    "stra\u{df}e.example",
    "strasse.example",
    "xn--strae-oqa.example",
    "a_b.corp.example",
    "-a.corp.example",
    "a-.corp.example",
    "a..example",
    "www corp.example",
    "",
];

/// Returns a path whose leaf may or may not be the host's.
pub(crate) fn path(random: &mut Random, now: i64) -> Path {
    let mut host = random.pick(&NAMES);
    while host.is_empty() || host.contains(' ') {
        host = random.pick(&NAMES);
    }
    let related = |name: &&str| name.split('.').next_back() == host.split('.').next_back();
    let near: Vec<&str> = NAMES.into_iter().filter(related).collect();
    let cas = random.below(2);
    let mut path = Path::new(random, host, cas, now);
    path.tags.push("hosts".to_owned());
    let mut all = Vec::new();
    let count = random.pick(&[0, 1, 1, 1, 2, 3]);
    for _ in 0..count {
        all.push(alternative(random, host, &near));
    }
    if random.percent(20) {
        path.leaf().without(ALTERNATIVE_NAMES);
    } else {
        path.leaf().extend(ALTERNATIVE_NAMES, random.percent(40), names(&all));
    }
    let mut parts = Vec::new();
    let count = random.pick(&[0, 1, 1, 1, 2]);
    for _ in 0..count {
        let text = if random.percent(50) { host } else { random.pick(&near) };
        let tag = if random.percent(70) {
            UTF8
        } else {
            random.pick(&[0x12, 0x13, 0x14, 0x16, 0x1e, 0x1c, 0x1a, 0x1b])
        };
        let mut part = attribute(COMMON_NAME, tag, text);
        if tag == 0x1e {
            part[0].2 = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        }
        if random.percent(20) {
            part.extend(attribute(
                random.pick(&[UNIT, COMMON_NAME]),
                UTF8,
                random.pick(&["x", "y"]),
            ));
        }
        parts.push(part);
        if random.percent(30) {
            parts.push(attribute(UNIT, UTF8, "Unit"));
        }
    }
    path.leaf().subject = name(&parts);
    path
}

fn alternative(random: &mut Random, host: &str, near: &[&'static str]) -> Vec<u8> {
    let text = match random.below(10) {
        0..=2 => host.to_owned(),
        3..=7 => random.pick(near).to_owned(),
        _ => random.pick(&NAMES).to_owned(),
    };
    match random.below(20) {
        0 => tlv(0x81, text.as_bytes()),
        1 => tlv(0x86, format!("https://{text}/").as_bytes()),
        2 => tlv(0x82, &[text.as_bytes(), &[random.pick(&[0, b' ', b'.', 0xff, b'\n'])]].concat()),
        3 => tlv(
            0x87,
            &random.pick(&[
                vec![],
                vec![10, 1, 2],
                vec![0; 16],
                vec![10, 1, 2, 3, 255, 255, 255, 0],
            ]),
        ),
        4 => tlv(0xa4, &name(&[attribute(COMMON_NAME, UTF8, &text)])),
        5 => tlv(random.pick(&[0x83, 0xa3, 0xa5, 0x8a, 0xa2, 0x42]), text.as_bytes()),
        _ => match text.parse::<std::net::IpAddr>() {
            Ok(std::net::IpAddr::V4(address)) if random.percent(80) => tlv(0x87, &address.octets()),
            Ok(std::net::IpAddr::V6(address)) if random.percent(80) => tlv(0x87, &address.octets()),
            _ => tlv(0x82, text.as_bytes()),
        },
    }
}
