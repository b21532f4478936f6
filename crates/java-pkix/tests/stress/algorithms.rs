//! Keys and digests of every kind, and signatures that claim to be of another.

use crate::case::Path;
use crate::der::{octets, oid, sequence};
use crate::draft::{Draft, SUBJECT_KEY, key_id};
use crate::keys::{Hash, Key};
use crate::random::Random;

/// Signature algorithms, fit for the key or not, known or not.
const CLAIMED: [&str; 10] = [
    "1.2.840.113549.1.1.2",
    "1.2.840.113549.1.1.4",
    "1.2.840.113549.1.1.5",
    "1.2.840.113549.1.1.11",
    "1.2.840.10045.4.1",
    "1.2.840.10045.4.3.1",
    "1.2.840.10045.4.3.2",
    "1.2.840.10045.2.1",
    "1.3.101.112",
    "1.2.3.4",
];

/// Returns a path with keys and signatures of several kinds.
pub(crate) fn path(random: &mut Random, now: i64) -> Path {
    let cas = random.below(3);
    let mut path = Path::new(random, "www.corp.example", cas, now);
    path.tags.push("algorithms".to_owned());
    path.is_well_written = true;
    for draft in &mut path.drafts {
        if random.percent(50) {
            draft.key = Key::any(random);
            draft.public_key = draft.key.public();
            draft.extend(SUBJECT_KEY, false, octets(&key_id(&draft.public_key)));
        }
    }
    for number in 0..path.drafts.len() {
        let issuer = path.drafts[number.saturating_sub(1)].clone();
        let draft = &mut path.drafts[number];
        draft.hash = random.pick(&Hash::ALL);
        draft.issued_by(&issuer);
        if random.percent(8) {
            claim(draft, random);
        }
    }
    path
}

fn claim(draft: &mut Draft, random: &mut Random) {
    let parameters = random.pick(&[&[][..], &[5, 0]]);
    let claimed = sequence(&[&oid(random.pick(&CLAIMED)), parameters]);
    if random.percent(20) {
        draft.outer_algorithm = Some(claimed);
    } else {
        draft.algorithm = claimed;
    }
}
