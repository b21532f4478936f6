//! Certificate policies, their mappings and constraints.

use crate::case::Path;
use crate::der::{integer, oid, sequence, tlv};
use crate::draft::Draft;
use crate::random::Random;

const POLICIES: [&str; 5] = ["1.2.3.4", "1.2.3.5", "1.2.3.6", "2.5.29.32.0", "2.5.29.32.0"];

/// Returns a path with policies.
pub(crate) fn path(random: &mut Random, now: i64) -> Path {
    let cas = random.pick(&[1, 2, 2, 3, 3, 4]);
    let mut path = Path::new(random, "www.corp.example", cas, now);
    path.tags.push("policies".to_owned());
    path.is_well_written = true;
    for ca in 1..=cas {
        // what a CA issues to itself is counted differently
        if random.percent(10) {
            let own = path.drafts[ca].issuer.clone();
            path.rename(ca, own);
        }
    }
    let last = path.drafts.len() - 1;
    for number in 1..=last {
        extend(&mut path.drafts[number], number == last, random);
    }
    path
}

fn extend(draft: &mut Draft, is_leaf: bool, random: &mut Random) {
    if random.percent(85) {
        let mut all: Vec<&str> = (0..random.below(4)).map(|_| random.pick(&POLICIES)).collect();
        all.sort_unstable();
        all.dedup();
        let all: Vec<Vec<u8>> = all.iter().map(|policy| information(policy, random)).collect();
        draft.extend("2.5.29.32", random.percent(25), tlv(0x30, &all.concat()));
    }
    if random.percent(if is_leaf { 8 } else { 45 }) {
        let pair = |_| sequence(&[&oid(mapped(random)), &oid(mapped(random))]);
        let pairs: Vec<Vec<u8>> = (0..3).map(pair).collect();
        let count = 1 + random.below(3);
        draft.extend("2.5.29.33", random.percent(50), tlv(0x30, &pairs[..count].concat()));
    }
    if random.percent(if is_leaf { 20 } else { 45 }) {
        let (explicit, mapping) = random.pick(&[(true, false), (true, true), (false, true)]);
        let mut value = Vec::new();
        if explicit {
            value.extend(tlv(0x80, &skipped(random)));
        }
        if mapping {
            value.extend(tlv(0x81, &skipped(random)));
        }
        draft.extend("2.5.29.36", random.percent(50), tlv(0x30, &value));
    }
    if random.percent(if is_leaf { 10 } else { 30 }) {
        let value = integer(&skipped(random));
        draft.extend("2.5.29.54", random.percent(50), value);
    }
}

/// Writes a policy, now and then with a qualifier.
fn information(policy: &str, random: &mut Random) -> Vec<u8> {
    let statement = sequence(&[&oid("1.3.6.1.5.5.7.2.1"), &tlv(0x16, b"http://x/")]);
    let qualifiers = if random.percent(15) { sequence(&[&statement]) } else { Vec::new() };
    sequence(&[&oid(policy), &qualifiers])
}

fn mapped(random: &mut Random) -> &'static str {
    if random.percent(5) { "2.5.29.32.0" } else { random.pick(&POLICIES[..3]) }
}

/// Returns the content of a count of certificates to skip.
fn skipped(random: &mut Random) -> Vec<u8> {
    let odd: &[&[u8]] = &[&[3], &[5], &[0x7f], &[0, 0x80], &[0x7f, 0xff, 0xff, 0xff]];
    if random.percent(15) {
        random.pick(odd).to_vec()
    } else {
        random.pick(&[vec![0], vec![0], vec![1], vec![2]])
    }
}
