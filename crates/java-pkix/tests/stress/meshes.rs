//! CAs that certify each other: few names and keys, many certificates, several anchors, any order.

use crate::case::Case;
use crate::der::{integer, octets, sequence, tlv};
use crate::draft::{
    ALTERNATIVE_NAMES, AUTHORITY_KEY, BASIC_CONSTRAINTS, DAY, Draft, KEY_USAGE, SUBJECT_KEY, dns,
    name, names, plain_name, validity,
};
use crate::keys::Key;
use crate::random::Random;

const HOST: &str = "www.corp.example";

/// Returns a case with a leaf of one of the CAs.
pub(crate) fn case(id: String, random: &mut Random, now: i64) -> Case {
    let count = random.pick(&[2, 3, 3, 4, 5]);
    let keys: Vec<Key> = (0..count).map(|_| Key::new(random)).collect();
    let names: Vec<Vec<u8>> = (0..random.pick(&[2, 3, 3, 4]))
        .map(|number| name(&plain_name(&format!("Mesh {number}"))))
        .collect();
    let entities: Vec<Draft> = (0..random.pick(&[2, 3, 4, 5]))
        .map(|_| Draft::new(random.pick(&names), random.pick(&keys), true, now))
        .collect();
    let mut drafts = Vec::new();
    let mut certificates = Vec::new();
    for subject in &entities {
        for issuer in &entities {
            if random.percent(50) {
                let mut draft = subject.clone();
                draft.issued_by(issuer);
                disturb(&mut draft, random, now);
                certificates.push(draft.signed(&draft.signed_part(), &issuer.key));
                drafts.push(draft);
            }
        }
    }
    let issuer = random.pick(&entities);
    let mut leaf = Draft::new(name(&plain_name(HOST)), Key::new(random), false, now);
    leaf.extend(ALTERNATIVE_NAMES, false, names_of_host());
    leaf.issued_by(&issuer);
    if random.percent(50) {
        leaf.without(AUTHORITY_KEY);
    }
    let leaf = leaf.signed(&leaf.signed_part(), &issuer.key);
    let is_root = |draft: &Draft| draft.subject == draft.issuer;
    let roots: Vec<usize> = (0..drafts.len()).filter(|at| is_root(&drafts[*at])).collect();
    let mut anchors = Vec::new();
    for _ in 0..random.pick(&[1, 1, 1, 2, 3]) {
        let at = if random.percent(60) && !roots.is_empty() {
            random.pick(&roots)
        } else {
            random.below(certificates.len().max(1))
        };
        anchors.extend(certificates.get(at).cloned());
    }
    anchors.dedup();
    if anchors.is_empty() {
        anchors.push(leaf.clone());
    }
    let mut chain = vec![leaf];
    while !certificates.is_empty() && chain.len() < 9 && random.percent(85) {
        chain.push(certificates.swap_remove(random.below(certificates.len())));
    }
    Case {
        id,
        host: HOST.to_owned(),
        time: now,
        chain,
        anchors,
        tags: vec!["meshes".to_owned()],
        is_well_written: true,
    }
}

fn names_of_host() -> Vec<u8> {
    names(&[dns(HOST)])
}

/// Makes a serial number of its own, and something wrong now and then.
fn disturb(draft: &mut Draft, random: &mut Random, now: i64) {
    draft.serial = integer(&[0x10, random.byte(), random.byte(), random.byte()]);
    if random.percent(30) {
        draft.without(random.pick(&[AUTHORITY_KEY, SUBJECT_KEY]));
    }
    match random.below(40) {
        0 | 1 => draft.validity = validity(now - 400 * DAY, now - DAY),
        2 => draft.validity = validity(now + DAY, now + 400 * DAY),
        3 => draft.extend(SUBJECT_KEY, false, octets(&[7; 20])),
        4 => draft.extend(AUTHORITY_KEY, false, sequence(&[&tlv(0x80, &[7; 20])])),
        5 => draft.without(BASIC_CONSTRAINTS),
        6 => draft.extend(BASIC_CONSTRAINTS, true, sequence(&[])),
        7..10 => {
            let depth = integer(&[random.pick(&[0, 1, 2])]);
            draft.extend(BASIC_CONSTRAINTS, true, sequence(&[&[1, 1, 0xff], &depth]));
        }
        10 => draft.extend(KEY_USAGE, true, crate::der::bits(7, &[0x80])),
        11 => draft.extend("1.2.3.4", true, vec![5, 0]),
        12 => {
            draft.version = Vec::new();
            draft.extensions.clear();
        }
        _ => {}
    }
}
