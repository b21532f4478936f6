//! Name constraints of every form, on one CA or several, and subjects that they do or do not admit.

use crate::case::Path;
use crate::der::{octets, oid, tlv};
use crate::draft::{
    ALTERNATIVE_NAMES, Attribute, COMMON_NAME, COUNTRY, DOMAIN, EMAIL, IA5, NAME_CONSTRAINTS,
    ORGANIZATION, PRINTABLE, UNIT, UTF8, attribute, dns, name, names,
};
use crate::random::Random;

const HOST: &str = "www.corp.example";

/// Returns a path with name constraints.
pub(crate) fn path(random: &mut Random, now: i64) -> Path {
    let host = if random.percent(20) { "10.1.2.3" } else { HOST };
    let cas = random.pick(&[1, 1, 2, 2, 3]);
    let mut path = Path::new(random, host, cas, now);
    path.tags.push("names".to_owned());
    let kind = random.below(6);
    subject(&mut path, random, kind);
    alternatives(&mut path, random, host, kind);
    for ca in 1..=cas {
        if random.percent(20) {
            let other = ca_subject(random, kind);
            path.rename(ca, other);
        }
        if ca == 1 || random.percent(60) {
            let value = constraints(random, kind);
            path.drafts[ca].extend(NAME_CONSTRAINTS, random.percent(70), value);
        }
    }
    if random.percent(10) {
        let value = constraints(random, kind);
        path.drafts[0].extend(NAME_CONSTRAINTS, true, value);
    }
    path
}

fn ca_subject(random: &mut Random, kind: usize) -> Vec<u8> {
    if random.percent(70) {
        return name(&directory(random));
    }
    let text = random.pick(&["ca.corp.example", "one", "10.1.2.9", "CA x", "*.corp.example"]);
    let mut parts = vec![attribute(COMMON_NAME, UTF8, text)];
    if kind == 1 {
        parts.push(attribute(EMAIL, IA5, "ca@corp.example"));
    }
    name(&parts)
}

fn subject(path: &mut Path, random: &mut Random, kind: usize) {
    let parts = match random.below(8) {
        0 => Vec::new(),
        1 => vec![attribute(COMMON_NAME, string_tag(random), common_name(random))],
        2 => vec![
            attribute(COMMON_NAME, UTF8, common_name(random)),
            attribute(COMMON_NAME, UTF8, common_name(random)),
        ],
        3 => {
            let mut parts = directory(random);
            parts.push(attribute(EMAIL, IA5, mail(random)));
            if random.percent(30) {
                parts.push(attribute(EMAIL, UTF8, mail(random)));
            }
            parts
        }
        4 | 5 => {
            let mut parts = directory(random);
            parts.push(attribute(COMMON_NAME, UTF8, common_name(random)));
            parts
        }
        _ if kind == 3 => directory(random),
        _ => return,
    };
    path.leaf().subject = name(&parts);
}

fn alternatives(path: &mut Path, random: &mut Random, host: &str, kind: usize) {
    let mut all = vec![match host {
        HOST => dns(HOST),
        _ => tlv(0x87, &[10, 1, 2, 3]),
    }];
    for _ in 0..random.below(3) {
        let odd = random.percent(30);
        let kind = if odd { random.below(8) } else { kind };
        all.push(general_name(random, kind, false));
    }
    let is_critical = random.percent(30);
    if random.percent(12) {
        path.leaf().without(ALTERNATIVE_NAMES);
    } else {
        path.leaf().extend(ALTERNATIVE_NAMES, is_critical, names(&all));
    }
}

fn constraints(random: &mut Random, kind: usize) -> Vec<u8> {
    let (permitted, excluded) =
        random.pick(&[(true, false), (true, false), (false, true), (true, true)]);
    let mut value = Vec::new();
    if permitted {
        value.extend(tlv(0xa0, &subtrees(random, kind)));
    }
    if excluded {
        value.extend(tlv(0xa1, &subtrees(random, kind)));
    }
    tlv(0x30, &value)
}

fn subtrees(random: &mut Random, kind: usize) -> Vec<u8> {
    let mut all = Vec::new();
    let count = random.pick(&[1, 1, 1, 2, 2, 3]);
    for _ in 0..count {
        let kind = if random.percent(15) { random.below(8) } else { kind };
        let mut subtree = general_name(random, kind, true);
        match random.below(25) {
            0 => subtree.extend(tlv(0x80, &[0])),
            1 => subtree.extend(tlv(0x80, &[1])),
            2 => subtree.extend(tlv(0x81, &[random.pick(&[0, 1, 5])])),
            _ => {}
        }
        all.extend(tlv(0x30, &subtree));
    }
    if random.percent(2) { Vec::new() } else { all }
}

/// Returns a `GeneralName` of a form, as a constraint or as a name.
fn general_name(random: &mut Random, kind: usize, is_constraint: bool) -> Vec<u8> {
    match kind {
        0 | 5 if is_constraint => dns(random.pick(&DNS_CONSTRAINTS)),
        0 | 5 => dns(random.pick(&DNS_NAMES)),
        1 if is_constraint => tlv(0x81, random.pick(&MAIL_CONSTRAINTS).as_bytes()),
        1 => tlv(0x81, mail(random).as_bytes()),
        2 => tlv(0x87, &address(random, is_constraint)),
        3 => tlv(0xa4, &name(&directory(random))),
        4 if is_constraint => tlv(0x86, random.pick(&URI_CONSTRAINTS).as_bytes()),
        4 => tlv(0x86, random.pick(&URIS).as_bytes()),
        6 => tlv(0x88, random.pick(&[[0x2a, 3, 4], [0x2a, 3, 5]]).as_slice()),
        _ => {
            let text = tlv(UTF8, random.pick(&["x", "y"]).as_bytes());
            let kind = random.pick(&["1.3.6.1.4.1.311.20.2.3", "1.2.3.4"]);
            tlv(0xa0, &[oid(kind), tlv(0xa0, &random.pick(&[text, octets(b"x")]))].concat())
        }
    }
}

const DNS_CONSTRAINTS: [&str; 25] = [
    "corp.example",
    "www.corp.example",
    ".corp.example",
    "example",
    ".example",
    "",
    ".",
    "CORP.Example",
    "other.test",
    "orp.example",
    "*.corp.example",
    "corp.example.",
    "a.www.corp.example",
    "w.corp.example",
    "*",
    "-x.example",
    "co rp.example",
    "1.2.3.4",
    "corp_x.example",
    "..corp.example",
    ".www.corp.example",
    "xn--bcher-kva.example",
    "corp.example ",
    "z.corp.example",
    "y.other.test",
];
const DNS_NAMES: [&str; 17] = [
    "corp.example",
    "www.corp.example",
    "a.www.corp.example",
    "*.corp.example",
    "*.www.corp.example",
    "WWW.CORP.EXAMPLE",
    "x.other.test",
    "other.test",
    "xcorp.example",
    "w*.corp.example",
    "www.corp.example.",
    "*",
    "1.2.3.4",
    "a_b.corp.example",
    "xn--bcher-kva.example",
    "example",
    "-a.corp.example",
];
const MAIL_CONSTRAINTS: [&str; 16] = [
    "corp.example",
    ".corp.example",
    "a@corp.example",
    "A@Corp.Example",
    "@corp.example",
    "",
    "other.test",
    "example",
    ".example",
    "a@b@corp.example",
    "a",
    "a@",
    "corp.example.",
    "x.corp.example",
    ".",
    "b@corp.example",
];
const MAILS: [&str; 13] = [
    "a@corp.example",
    "A@CORP.example",
    "a@x.corp.example",
    "b@corp.example",
    "a@other.test",
    "corp.example",
    "a@",
    "@corp.example",
    "",
    "a b@corp.example",
    "a@b@corp.example",
    "a@.corp.example",
    "a@corp.example.",
];
const URI_CONSTRAINTS: [&str; 17] = [
    "corp.example",
    ".corp.example",
    "www.corp.example",
    "other.test",
    "",
    ".",
    "http://corp.example",
    "http://.corp.example/",
    "10.1.2.3",
    "corp.example:80",
    "CORP.example",
    "corp.example/x",
    "//corp.example",
    "[::1]",
    "example",
    ".example",
    "1.2.3.4/8",
];
const URIS: [&str; 20] = [
    "http://corp.example/",
    "https://www.corp.example:443/x",
    "http://a@corp.example/",
    "urn:x:y",
    "mailto:a@corp.example",
    "http://10.1.2.3/",
    "http://[::1]/",
    "corp.example",
    "",
    "ldap://x.corp.example/cn=a?b",
    "http://WWW.corp.example",
    "http:///x",
    "http://corp.example./",
    "http://other.test/",
    "http://a_b.corp.example/",
    "file:/x",
    "http://x y/",
    "spiffe://corp.example/ns",
    "http://-a.example/",
    "//corp.example/x",
];

fn mail(random: &mut Random) -> &'static str {
    random.pick(&MAILS)
}

fn common_name(random: &mut Random) -> &'static str {
    random.pick(&[
        HOST,
        "corp.example",
        "x.other.test",
        "10.1.2.3",
        "10.9.9.9",
        "::1",
        "2001:db8::1",
        "Some Body",
        "one",
        "*.corp.example",
        "",
        "a_b.corp.example",
        "WWW.CORP.EXAMPLE",
        "www.corp.example.",
        " www.corp.example",
        "1.2.3",
        "a@corp.example",
        "x-.corp.example",
        "256.1.1.1",
        "host\u{e9}.example",
        "fe80::1%1",
        "[::1]",
        "10.1",
        "a..b",
        "www.*.example",
    ])
}

fn string_tag(random: &mut Random) -> u8 {
    random.pick(&[UTF8, UTF8, PRINTABLE, IA5, 0x14, 0x12, 0x1e, 0x1c, 0x1a, 0x1b])
}

/// Returns an address, or an address and a mask.
fn address(random: &mut Random, is_constraint: bool) -> Vec<u8> {
    if random.percent(6) {
        let count = random.pick(&[0, 1, 3, 5, 7, 9, 12, 16, 31, 33]);
        return (0..count).map(|_| random.byte()).collect();
    }
    let is_v6 = random.percent(30);
    let mut bytes: Vec<u8> = if is_v6 {
        let mut bytes = vec![0x20, 1, 0x0d, 0xb8];
        bytes.extend([0; 11]);
        bytes.push(random.pick(&[1, 2]));
        bytes
    } else {
        random
            .pick(&[[10, 1, 2, 3], [10, 1, 2, 0], [10, 9, 9, 9], [192, 168, 0, 1], [0, 0, 0, 0]])
            .to_vec()
    };
    if is_constraint {
        let bits = random.below(bytes.len() * 8 + 1);
        let odd = random.percent(15);
        for number in 0..bytes.len() {
            let set = bits.saturating_sub(number * 8).min(8);
            let mask = u8::try_from((0xff00_u32 >> set) & 0xff).unwrap();
            bytes.push(if odd && random.percent(30) { random.byte() } else { mask });
        }
    }
    bytes
}

/// Returns the parts of a directory name: a short one may be the beginning of a long one.
fn directory(random: &mut Random) -> Vec<Vec<Attribute>> {
    let mut parts = Vec::new();
    let full = random.percent(60);
    if full || random.percent(80) {
        parts.push(attribute(COUNTRY, PRINTABLE, random.pick(&["AU", "AU", "au", "DE", "AU "])));
    }
    if full || random.percent(60) {
        let text = random.pick(&[
            "Corp",
            "Corp",
            "CORP",
            "Corp Ltd",
            "Corp  Ltd",
            " Corp",
            "C\u{f6}rp",
            "Co\u{308}rp",
            "Stra\u{df}e",
            "STRASSE",
            "",
        ]);
        parts.push(attribute(ORGANIZATION, string_tag(random), text));
    }
    if random.percent(30) {
        let mut pair = attribute(UNIT, UTF8, random.pick(&["A", "a", "B"]));
        pair.extend(attribute(
            random.pick(&[UNIT, COMMON_NAME, "2.5.4.5", "1.2.3.4.5"]),
            random.pick(&[UTF8, PRINTABLE]),
            random.pick(&["A", "x", "1"]),
        ));
        if random.percent(50) {
            pair.reverse();
        }
        parts.push(pair);
    }
    if random.percent(15) {
        parts.push(attribute(DOMAIN, random.pick(&[IA5, UTF8]), random.pick(&["corp", "Corp"])));
    }
    if random.percent(8) {
        parts.reverse();
    }
    parts
}
