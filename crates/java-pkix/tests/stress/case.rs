//! A case: what a server sends, what is trusted, and what is asked; written as `sslpoke judge --jsonl` reads it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::der::{bend, sequence};
use crate::draft::{ALTERNATIVE_NAMES, Draft, EXTENDED_KEY_USAGE, dns, name, names, plain_name};
use crate::keys::Key;
use crate::random::Random;

/// A path from the root down to the leaf, before it is signed.
pub(crate) struct Path {
    pub(crate) host: String,
    pub(crate) now: i64,
    pub(crate) drafts: Vec<Draft>,
    /// The certificates of the path to be bent inside the signed part.
    pub(crate) bent: Vec<usize>,
    /// The certificates of the path to be bent after they were signed.
    pub(crate) bent_outside: Vec<usize>,
    pub(crate) is_root_sent: bool,
    /// No certificate is trusted but these, where there are any.
    pub(crate) anchors: Vec<usize>,
    /// How it was made.
    pub(crate) tags: Vec<String>,
    /// Whether Java's words must be ours, too.
    pub(crate) is_well_written: bool,
}

impl Path {
    /// Returns a path that every Java accepts for `host`, with so many CAs under the root.
    pub(crate) fn new(random: &mut Random, host: &str, cas: usize, now: i64) -> Self {
        let unique = random.below(1 << 30);
        let root_name = name(&plain_name(&format!("Root {unique}")));
        let mut drafts = vec![Draft::new(root_name, Key::new(random), true, now)];
        for number in 1..=cas {
            let subject = name(&plain_name(&format!("CA {number} of {unique}")));
            Self::issue(&mut drafts, Draft::new(subject, Key::new(random), true, now));
        }
        let mut leaf = Draft::new(name(&plain_name(host)), Key::new(random), false, now);
        leaf.extend(ALTERNATIVE_NAMES, false, names(&[dns(host)]));
        leaf.extend(EXTENDED_KEY_USAGE, false, sequence(&[&crate::der::oid("1.3.6.1.5.5.7.3.1")]));
        Self::issue(&mut drafts, leaf);
        Self {
            host: host.to_owned(),
            now,
            drafts,
            bent: Vec::new(),
            bent_outside: Vec::new(),
            is_root_sent: random.percent(15),
            anchors: vec![0],
            tags: Vec::new(),
            is_well_written: false,
        }
    }

    fn issue(drafts: &mut Vec<Draft>, mut draft: Draft) {
        draft.issued_by(drafts.last().unwrap());
        drafts.push(draft);
    }

    /// Gives a certificate of the path another subject, and its children the issuer to it.
    pub(crate) fn rename(&mut self, number: usize, subject: Vec<u8>) {
        if number == 0 {
            self.drafts[0].issuer.clone_from(&subject);
        }
        if let Some(child) = self.drafts.get_mut(number + 1) {
            child.issuer.clone_from(&subject);
        }
        self.drafts[number].subject = subject;
    }

    /// Returns the leaf.
    pub(crate) fn leaf(&mut self) -> &mut Draft {
        self.drafts.last_mut().unwrap()
    }

    /// Signs it all.
    pub(crate) fn case(mut self, id: String, random: &mut Random) -> Case {
        let mut certificates = Vec::new();
        let mut issuer = self.drafts[0].key.clone();
        for (number, draft) in self.drafts.iter().enumerate() {
            let mut signed_part = draft.signed_part();
            for _ in self.bent.iter().filter(|bent| **bent == number) {
                let (bent, how) = bend(&signed_part, random);
                signed_part = bent;
                self.tags.push(format!("{number}:{how}"));
            }
            let mut certificate = draft.signed(&signed_part, &issuer);
            if self.bent_outside.contains(&number) {
                let (bent, how) = bend(&certificate, random);
                certificate = bent;
                self.tags.push(format!("{number}:outside:{how}"));
            }
            certificates.push(certificate);
            issuer = draft.key.clone();
        }
        let anchors = self.anchors.iter().map(|number| certificates[*number].clone()).collect();
        let mut chain: Vec<Vec<u8>> = certificates.into_iter().rev().collect();
        if !self.is_root_sent {
            chain.pop();
        }
        Case {
            id,
            host: self.host,
            time: self.now,
            chain,
            anchors,
            tags: self.tags,
            is_well_written: self.is_well_written,
        }
    }
}

/// What a server sends, what is trusted, and what is asked.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) host: String,
    pub(crate) time: i64,
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) anchors: Vec<Vec<u8>>,
    pub(crate) tags: Vec<String>,
    /// Whether Java's words must be ours, too.
    pub(crate) is_well_written: bool,
}

impl Case {
    /// Returns the case as a line of JSON.
    pub(crate) fn json(&self) -> Value {
        let texts = |all: &[Vec<u8>]| -> Vec<String> {
            all.iter().map(|der| BASE64_STANDARD.encode(der)).collect()
        };
        json!({
            "id": self.id,
            "host": self.host,
            "time": self.time,
            "chain": texts(&self.chain),
            "anchors": texts(&self.anchors),
            "tags": self.tags,
        })
    }
}
