//! Fields and extensions that are written oddly.

use crate::case::Path;
use crate::der::{bits, integer, octets, oid, sequence, tlv};
use crate::draft::{
    ALTERNATIVE_NAMES, AUTHORITY_KEY, BASIC_CONSTRAINTS, COMMON_NAME, Draft, EXTENDED_KEY_USAGE,
    KEY_USAGE, NAME_CONSTRAINTS, ORGANIZATION, SUBJECT_KEY, UTF8, attribute, dns, key_id, name,
    utc_time,
};
use crate::random::Random;

const HOST: &str = "www.corp.example";

/// Returns a path with one or two certificates that are written oddly.
pub(crate) fn path(random: &mut Random, now: i64) -> Path {
    let cas = random.pick(&[0, 1, 1, 2]);
    let mut path = Path::new(random, HOST, cas, now);
    path.tags.push("encodings".to_owned());
    let count = random.pick(&[1, 1, 1, 2]);
    for _ in 0..count {
        let number = if random.percent(10) { 0 } else { 1 + random.below(cas + 1) };
        if random.percent(50) {
            if random.percent(40) {
                more_extensions(&mut path.drafts[number], random);
            }
            let list = if random.percent(90) { &mut path.bent } else { &mut path.bent_outside };
            list.push(number);
        } else {
            odd(&mut path, number, random, now);
        }
    }
    path
}

fn odd(path: &mut Path, number: usize, random: &mut Random, now: i64) {
    let which = random.below(16);
    path.tags.push(format!("{number}:odd{which}"));
    if which == 15 {
        let subject = odd_name(random);
        path.rename(number, subject);
        return;
    }
    let draft = &mut path.drafts[number];
    match which {
        0 => draft.version = random.pick(&VERSIONS).to_vec(),
        1 => draft.serial = integer(&serial(random)),
        2 | 3 => draft.validity = validity(random, now),
        4 => {
            let algorithm = algorithm(random);
            if random.percent(50) {
                draft.outer_algorithm = Some(algorithm);
            } else {
                draft.algorithm = algorithm;
            }
        }
        5 => {
            draft.unique = tlv(
                random.pick(&[0x81, 0x82, 0xa1, 0xa2, 0x83]),
                random.pick(&[&[0, 5][..], &[], &[9, 1], &[3, 2, 0, 1]]),
            );
        }
        _ => odd_extension(draft, which, random),
    }
}

fn odd_extension(draft: &mut Draft, which: usize, random: &mut Random) {
    match which {
        6 => {
            let value = bits(
                random.pick(&[0, 1, 5, 7, 8]),
                random.pick(&[
                    &[][..],
                    &[0],
                    &[0x80],
                    &[0x06],
                    &[0, 0x80],
                    &[0xa6, 0, 0],
                    &[0xff, 0xff, 0xff],
                ]),
            );
            draft.extend(KEY_USAGE, random.percent(60), value);
        }
        7 => draft.extend(BASIC_CONSTRAINTS, random.percent(60), basic_constraints(random)),
        8 => {
            let value = authority_key(draft, random);
            draft.extend(AUTHORITY_KEY, random.percent(20), value);
        }
        9 => draft.extend(
            SUBJECT_KEY,
            random.percent(20),
            random.pick(&[
                octets(&[]),
                octets(&[1]),
                tlv(5, &[]),
                bits(0, &[1]),
                octets(&[7; 200]),
            ]),
        ),
        10 => {
            let kind = random.pick(&EXTENSIONS);
            draft.extend(kind, random.percent(60), random.pick(&VALUES).to_vec());
        }
        11 => {
            let mut twin = random.pick(&draft.extensions);
            twin.critical = random.pick(&[None, Some(0xff)]);
            draft.extensions.push(twin);
        }
        12 => {
            let extension = random.below(draft.extensions.len());
            draft.extensions[extension].critical = Some(random.pick(&[0, 1, 0x7f, 0x80, 0xff]));
        }
        13 => {
            let kind = random.pick(&[
                "2.5.29.99",
                "1.3.6.1.5.5.7.1.99",
                "2.16.840.1.113730.1.1",
                "1.2.840.113549.1.9.14",
                "2.999.1",
            ]);
            draft.extend(kind, random.percent(50), random.pick(&VALUES).to_vec());
        }
        _ => draft.extend(EXTENDED_KEY_USAGE, random.percent(50), purposes(random)),
    }
}

fn purposes(random: &mut Random) -> Vec<u8> {
    const PURPOSES: [&str; 5] =
        ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "2.5.29.37.0", "1.2.3", "2.16.840.1.113730.4.1"];
    let all: Vec<Vec<u8>> = (0..random.below(3)).map(|_| oid(random.pick(&PURPOSES))).collect();
    tlv(0x30, &all.concat())
}

const VERSIONS: [&[u8]; 13] = [
    &[],
    &[0xa0, 3, 2, 1, 0],
    &[0xa0, 3, 2, 1, 1],
    &[0xa0, 3, 2, 1, 3],
    &[0xa0, 3, 2, 1, 0xff],
    &[0xa0, 4, 2, 2, 0, 2],
    &[0xa0, 0],
    &[0xa0, 2, 2, 0],
    &[0xa0, 5, 2, 1, 2, 5, 0],
    &[0x80, 1, 2],
    &[2, 1, 2],
    &[0xa0, 3, 10, 1, 2],
    &[0xa0, 6, 2, 4, 0x7f, 0xff, 0xff, 0xff],
];

const EXTENSIONS: [&str; 18] = [
    BASIC_CONSTRAINTS,
    KEY_USAGE,
    EXTENDED_KEY_USAGE,
    ALTERNATIVE_NAMES,
    NAME_CONSTRAINTS,
    SUBJECT_KEY,
    AUTHORITY_KEY,
    "2.5.29.18",
    "2.5.29.31",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.54",
    "2.5.29.16",
    "2.5.29.46",
    "1.3.6.1.5.5.7.1.1",
    "2.5.29.20",
    "2.16.840.1.113730.1.1",
];

/// Extension values that hardly any extension means.
const VALUES: [&[u8]; 16] = [
    &[],
    &[5, 0],
    &[0x30, 0],
    &[0x30, 2, 5, 0],
    &[0x30, 2, 0x30, 0],
    &[2, 1, 0],
    &[2, 1, 0xff],
    &[4, 0],
    &[3, 1, 0],
    &[3, 2, 0, 0x40],
    &[0x30, 3, 0x80, 1, 0],
    &[0x30, 3, 0x81, 1, 0xff],
    &[0x30, 0x80, 0, 0],
    &[0x30, 4, 0x30, 2, 0x82, 0],
    &[0x30, 5, 6, 3, 0x2a, 3, 4],
    &[0x30, 7, 0x30, 5, 6, 3, 0x2a, 3, 4],
];

/// Adds extensions of the kinds that real certificates carry, so that there is more to bend.
fn more_extensions(draft: &mut Draft, random: &mut Random) {
    let uri = tlv(0x86, b"http://127.0.0.1:9/x");
    let policy = sequence(&[&oid("2.23.140.1.2.1")]);
    let notice = sequence(&[&oid("1.3.6.1.5.5.7.2.1"), &tlv(0x16, b"http://x/")]);
    let qualified = sequence(&[&oid("2.5.29.32.0"), &sequence(&[&notice])]);
    let more: [(&str, Vec<u8>); 8] = [
        ("2.5.29.32", sequence(&[&policy, &qualified])),
        ("2.5.29.31", sequence(&[&sequence(&[&tlv(0xa0, &tlv(0xa0, &uri))])])),
        ("1.3.6.1.5.5.7.1.1", sequence(&[&sequence(&[&oid("1.3.6.1.5.5.7.48.1"), &uri])])),
        ("2.5.29.36", sequence(&[&tlv(0x80, &[9]), &tlv(0x81, &[9])])),
        ("2.5.29.54", integer(&[9])),
        (NAME_CONSTRAINTS, sequence(&[&tlv(0xa1, &sequence(&[&dns("other.test")]))])),
        ("2.5.29.33", sequence(&[&sequence(&[&oid("1.2.3"), &oid("1.2.4")])])),
        ("2.5.29.18", sequence(&[&uri])),
    ];
    for (kind, value) in more {
        if random.percent(35) {
            draft.extend(kind, random.percent(20), value);
        }
    }
}

fn serial(random: &mut Random) -> Vec<u8> {
    random.pick(&[
        vec![],
        vec![0],
        vec![0xff],
        vec![0x80, 0],
        vec![0, 0, 1],
        vec![0xff, 0xff],
        vec![0x7f; 20],
        vec![0x7f; 300],
        vec![0; 21],
    ])
}

fn validity(random: &mut Random, now: i64) -> Vec<u8> {
    let (mut before, mut after) = (utc_time(now - 9_000_000), utc_time(now + 9_000_000));
    let which = random.below(3);
    if which != 0 {
        before = tlv(random.pick(&[0x17, 0x17, 0x18]), random.pick(&BEFORE).as_bytes());
    }
    if which != 1 {
        after = tlv(random.pick(&[0x18, 0x18, 0x17]), random.pick(&AFTER).as_bytes());
    }
    if random.percent(5) { sequence(&[&before]) } else { sequence(&[&before, &after]) }
}

const BEFORE: [&str; 24] = [
    "200101000000Z",
    "2001010000Z",
    "200101000000",
    "200101000000+0100",
    "200101000000-2359",
    "2001010000+0100",
    "200101000000.5Z",
    "200101000000z",
    "200100000000Z",
    "200132000000Z",
    "200230000000Z",
    "201301000000Z",
    "200101240000Z",
    "200101006000Z",
    "200101000060Z",
    "500101000000Z",
    "490101000000Z",
    "20200101000000Z",
    "20200101000000.123456789Z",
    "20200101000000,5Z",
    "2020010100Z",
    "202001010000Z",
    "00000101000000Z",
    "",
];
const AFTER: [&str; 22] = [
    "20400101000000Z",
    "204001010000Z",
    "2040010100Z",
    "20400101000000",
    "20400101000000+0100",
    "20400101000000.5Z",
    "20400101000000.Z",
    "20400101000000,25Z",
    "20400101000000.5+0100",
    "99991231235959Z",
    "99991231235960Z",
    "20401301000000Z",
    "20400230000000Z",
    "20400101240000Z",
    "10000101000000Z",
    "400101000000Z",
    "400101000000+0000",
    "20400101000000+01",
    "20400101000000+2500",
    "2040 101000000Z",
    "-0400101000000Z",
    "20400101000000.1234Z",
];

fn algorithm(random: &mut Random) -> Vec<u8> {
    let kind = random.pick(&[
        "1.2.840.10045.4.3.2",
        "1.2.840.10045.4.3.2",
        "1.2.840.10045.4.3.3",
        "1.2.840.113549.1.1.11",
        "1.2.840.10045.4.3",
        "1.2.840.10045.4.1",
        "1.2.3.4",
        "1.3.101.112",
        "1.2.840.113549.1.1.10",
    ]);
    let parameters = random.pick(&[
        vec![],
        vec![5, 0],
        vec![5, 1, 0],
        vec![0x30, 0],
        oid("1.2.3"),
        vec![5, 0, 5, 0],
        vec![2, 1, 1],
    ]);
    sequence(&[&oid(kind), &parameters])
}

fn basic_constraints(random: &mut Random) -> Vec<u8> {
    let ca = random.pick(&[
        vec![],
        vec![1, 1, 0xff],
        vec![1, 1, 0xff],
        vec![1, 1, 0],
        vec![1, 1, 1],
        vec![1, 0],
        vec![1, 2, 0xff, 0xff],
    ]);
    let length = random.pick(&[
        vec![],
        vec![2, 1, 0],
        vec![2, 1, 1],
        vec![2, 1, 0xff],
        vec![2, 0],
        vec![2, 2, 0, 0],
        vec![2, 5, 1, 0, 0, 0, 0],
        vec![2, 4, 0x7f, 0xff, 0xff, 0xff],
        vec![10, 1, 3],
        vec![2, 1, 9, 5, 0],
    ]);
    sequence(&[&ca, &length])
}

fn authority_key(draft: &Draft, random: &mut Random) -> Vec<u8> {
    let id = tlv(0x80, &random.pick(&[key_id(&draft.public_key), vec![], vec![1, 2, 3]]));
    let issuer = tlv(
        0xa1,
        &random.pick(&[tlv(0xa4, &draft.issuer), dns("x"), vec![], tlv(0xa4, &name(&[]))]),
    );
    let serial = tlv(0x82, &random.pick(&[vec![0x11], vec![0x12], vec![], vec![0xff]]));
    let mut parts = Vec::new();
    for part in [id, issuer, serial] {
        if random.percent(60) {
            parts.push(part);
        }
    }
    if random.percent(15) {
        parts.reverse();
    }
    tlv(0x30, &parts.concat())
}

fn odd_name(random: &mut Random) -> Vec<u8> {
    let tag = random.pick(&[
        0x0c, 0x12, 0x13, 0x14, 0x16, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x04, 0x03, 0x02, 0x05,
        0x30,
    ]);
    let bytes: &[u8] = random.pick(&[
        &b"plain"[..],
        b"",
        b" lead",
        b"trail ",
        b"two  blanks",
        b"a,b+c=d<e>f#g;h\"i\\j",
        b"#hash",
        b"\xff\xfe",
        b"\xc3\xa9",
        b"\xe9",
        b"\x00",
        b"a\nb",
        b"\xed\xa0\x80",
        b"\xf0\x9f\x98\x80",
        b"\x00a\x00b",
        b"\xd8\x3d\xde\x00",
        b"\x00\x00\x00a",
        b"12 34",
        b"\xc2\xa0x",
        b"a\x00b",
        b"\x7f",
        b"x\xcc\x88",
    ]);
    let kind = random.pick(&[
        COMMON_NAME,
        ORGANIZATION,
        "2.5.4.5",
        "2.5.4.12",
        "2.5.4.46",
        "2.5.4.4",
        "2.5.4.9",
        "1.2.840.113549.1.9.1",
        "1.2.3.4.5.6",
        "2.5.4.17",
        "0.9.2342.19200300.100.1.1",
        "2.5.4.42",
    ]);
    let mut parts = vec![attribute(ORGANIZATION, UTF8, "Odd")];
    parts.insert(random.below(2), vec![(kind, tag, bytes.to_vec())]);
    if random.percent(30) {
        parts[0].extend(attribute(COMMON_NAME, UTF8, "pair"));
    }
    if random.percent(5) {
        parts.push(Vec::new());
    }
    name(&parts)
}
