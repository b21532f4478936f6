//! Key usages, purposes, who is a CA and how deep, versions and times.

use crate::case::Path;
use crate::der::{bits, integer, oid, sequence, tlv};
use crate::draft::{BASIC_CONSTRAINTS, DAY, Draft, EXTENDED_KEY_USAGE, KEY_USAGE, validity};
use crate::random::Random;

const PURPOSES: [&str; 7] = [
    "1.3.6.1.5.5.7.3.1",
    "1.3.6.1.5.5.7.3.1",
    "1.3.6.1.5.5.7.3.2",
    "2.5.29.37.0",
    "1.3.6.1.4.1.311.10.3.3",
    "2.16.840.1.113730.4.1",
    "1.2.3.4",
];

/// Returns a path whose certificates are for this and that.
pub(crate) fn path(random: &mut Random, now: i64) -> Path {
    let cas = random.pick(&[0, 1, 1, 2, 3]);
    let mut path = Path::new(random, "www.corp.example", cas, now);
    path.tags.push("usages".to_owned());
    path.is_well_written = true;
    let last = path.drafts.len() - 1;
    for number in 0..=last {
        extend(&mut path.drafts[number], number == last, random);
        if random.percent(5) {
            let days = random.pick(&[(-400, -1), (1, 300), (300, -300), (-400, 400)]);
            path.drafts[number].validity = validity(now + days.0 * DAY, now + days.1 * DAY);
        }
    }
    if cas > 0 && random.percent(20) {
        path.anchors = vec![1 + random.below(cas)];
    }
    path
}

fn extend(draft: &mut Draft, is_leaf: bool, random: &mut Random) {
    if random.percent(if is_leaf { 70 } else { 35 }) {
        let purposes: Vec<Vec<u8>> =
            (0..random.below(3)).map(|_| oid(random.pick(&PURPOSES))).collect();
        draft.extend(EXTENDED_KEY_USAGE, random.percent(40), tlv(0x30, &purposes.concat()));
    }
    if random.percent(50) {
        let mut usage = random.byte() & random.byte();
        if !is_leaf && random.percent(75) {
            usage |= 0x04;
        }
        let unused = u8::try_from(usage.trailing_zeros().min(7)).unwrap();
        draft.extend(KEY_USAGE, random.percent(70), bits(unused, &[usage]));
    } else if random.percent(30) {
        draft.without(KEY_USAGE);
    }
    if random.percent(15) {
        let usage = bits(0, &[random.byte()]);
        draft.extend("2.16.840.1.113730.1.1", random.percent(25), usage);
    }
    if random.percent(25) {
        let depth = random.pick(&[
            vec![],
            integer(&[0]),
            integer(&[1]),
            integer(&[0x7f]),
            integer(&[0xff]),
        ]);
        let is_ca: &[u8] = if random.percent(80) { &[1, 1, 0xff] } else { &[] };
        draft.extend(BASIC_CONSTRAINTS, random.percent(50), sequence(&[is_ca, &depth]));
    } else if random.percent(5) {
        draft.without(BASIC_CONSTRAINTS);
    }
    if random.percent(4) {
        draft.version = Vec::new();
        draft.extensions.clear();
    }
}
