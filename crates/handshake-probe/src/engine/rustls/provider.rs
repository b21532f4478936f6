//! What rustls is given to offer: real suites and groups, and baits in the place of others.
//!
//! A bait is offered and never used: if the peer chooses it, the classic engine goes on, or it is at
//! least known what the peer wanted.

use std::sync::{Mutex, PoisonError};

use rustls::crypto::{ActiveKeyExchange, CryptoProvider, SharedSecret, SupportedKxGroup};
use rustls::crypto::{CompletedKeyExchange, WebPkiSupportedAlgorithms, ring};
use rustls::{
    CipherSuite, CipherSuiteCommon, Error, NamedGroup, PeerMisbehaved, SupportedCipherSuite,
    Tls12CipherSuite,
};

use crate::engine::agreement::{self, Agreement};
use crate::engine::suites;
use crate::request::Offer;

/// Returns the provider for an offer.
pub(crate) fn provider(offer: &Offer) -> CryptoProvider {
    CryptoProvider {
        cipher_suites: offer.cipher_suites.iter().filter_map(|code| suite(*code)).collect(),
        kx_groups: groups(offer),
        // Never asked: the recorder verifies signatures itself.
        signature_verification_algorithms: WebPkiSupportedAlgorithms { all: &[], mapping: &[] },
        ..ring::default_provider()
    }
}

/// Whether the suite can be used, and not only offered.
pub(crate) fn takes_suite(code: u16) -> bool {
    matches!(code, 0x1301..=0x1303 | 0xc02b | 0xc02c | 0xc02f | 0xc030 | 0xcca8 | 0xcca9)
}

/// Whether the suite is offered at all.
pub(crate) fn is_offered_suite(code: u16) -> bool {
    takes_suite(code) || suites::suite(code).is_some()
}

/// Returns the groups of which key shares go out at once: two at most.
pub(crate) fn shares(offer: &Offer) -> Vec<u16> {
    let wanted = offer.key_shares.iter().filter(|code| offer.groups.contains(code));
    let mut shares: Vec<u16> =
        wanted.copied().filter(|code| agreement::is_possible(*code)).take(2).collect();
    if shares.is_empty() {
        shares.extend(offer.groups.iter().find(|code| agreement::is_possible(**code)));
    }
    shares
}

fn real_suite(code: u16) -> Option<SupportedCipherSuite> {
    ring::ALL_CIPHER_SUITES.iter().find(|suite| u16::from(suite.suite()) == code).copied()
}

fn suite(code: u16) -> Option<SupportedCipherSuite> {
    real_suite(code).or_else(|| {
        suites::suite(code)?;
        Some(SupportedCipherSuite::Tls12(bait(code)?))
    })
}

/// Returns a suite that has this number and else nothing of its own.
fn bait(code: u16) -> Option<&'static Tls12CipherSuite> {
    let SupportedCipherSuite::Tls12(model) = real_suite(MODEL)? else { return None };
    Some(kept(
        &BAITS,
        |bait| u16::from(bait.common.suite) == code,
        || Tls12CipherSuite {
            common: CipherSuiteCommon { suite: CipherSuite::from(code), ..model.common },
            ..*model
        },
    ))
}

fn groups(offer: &Offer) -> Vec<&'static dyn SupportedKxGroup> {
    let shares = shares(offer);
    let mut groups: Vec<&'static dyn SupportedKxGroup> = Vec::with_capacity(offer.groups.len());
    for code in &offer.groups {
        match *shares.as_slice() {
            [first, second] if first == *code => groups.push(pair(first, second)),
            _ => groups.push(group(*code)),
        }
    }
    groups
}

fn group(code: u16) -> &'static Group {
    kept(&GROUPS, |group| group.0 == code, || Group(code))
}

fn pair(first: u16, second: u16) -> &'static Pair {
    kept(
        &PAIRS,
        |pair| (pair.first.0, pair.second.0) == (first, second),
        || Pair { first: Group(first), second: Group(second) },
    )
}

/// Returns the one value of its kind that lives for ever, as rustls wants them; there are only as
/// many as the registries have numbers, and few are ever asked for.
fn kept<T>(
    all: &'static Mutex<Vec<&'static T>>,
    is_it: impl Fn(&T) -> bool,
    make: impl FnOnce() -> T,
) -> &'static T {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = all.iter().find(|value| is_it(value)) {
        return found;
    }
    let made: &'static T = Box::leak(Box::new(make()));
    all.push(made);
    made
}

/// A key exchange group.
#[derive(Debug)]
struct Group(u16);

impl SupportedKxGroup for Group {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        Ok(Box::new(Active::start(self.0)?))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::from(self.0)
    }
}

/// Two groups of which key shares go out together.
#[derive(Debug)]
struct Pair {
    first: Group,
    second: Group,
}

impl SupportedKxGroup for Pair {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let (first, second) =
            (Active::start(self.first.0)?, Active::start_or_spare(self.second.0)?);
        Ok(Box::new(ActivePair { first, second }))
    }

    fn start_and_complete(&self, peer: &[u8]) -> Result<CompletedKeyExchange, Error> {
        self.first.start_and_complete(peer)
    }

    fn name(&self) -> NamedGroup {
        self.first.name()
    }
}

struct Active {
    group: u16,
    agreement: Agreement,
}

impl Active {
    fn start(group: u16) -> Result<Self, Error> {
        let agreement = Agreement::start(group).ok_or(Error::FailedToGetRandomBytes)?;
        Ok(Self { group, agreement })
    }

    /// Takes a spare key of the group, or else draws one.
    fn start_or_spare(group: u16) -> Result<Self, Error> {
        let mut spares = SPARES.lock().unwrap_or_else(PoisonError::into_inner);
        let place = spares.iter().position(|spare| spare.group == group);
        let spare = place.map(|place| spares.swap_remove(place));
        // Nobody waits while another draws a key: in some groups that takes long.
        drop(spares);
        spare.map_or_else(|| Self::start(group), Ok)
    }

    /// Keeps a key that went out and was not taken.
    fn spare(self) {
        let mut spares = SPARES.lock().unwrap_or_else(PoisonError::into_inner);
        if spares.len() < MOST_SPARES {
            spares.push(self);
        }
    }
}

impl ActiveKeyExchange for Active {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let secret = self.agreement.complete(peer);
        secret.map(SharedSecret::from).ok_or_else(|| PeerMisbehaved::InvalidKeyShare.into())
    }

    fn pub_key(&self) -> &[u8] {
        &self.agreement.public
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::from(self.group)
    }
}

struct ActivePair {
    first: Active,
    second: Active,
}

impl ActiveKeyExchange for ActivePair {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let Self { first, second } = *self;
        second.spare();
        Box::new(first).complete(peer)
    }

    fn hybrid_component(&self) -> Option<(NamedGroup, &[u8])> {
        Some((self.second.group(), self.second.pub_key()))
    }

    fn complete_hybrid_component(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        Box::new(self.second).complete(peer)
    }

    fn pub_key(&self) -> &[u8] {
        self.first.pub_key()
    }

    fn group(&self) -> NamedGroup {
        self.first.group()
    }
}

static BAITS: Mutex<Vec<&'static Tls12CipherSuite>> = Mutex::new(Vec::new());
static GROUPS: Mutex<Vec<&'static Group>> = Mutex::new(Vec::new());
static PAIRS: Mutex<Vec<&'static Pair>> = Mutex::new(Vec::new());

/// Keys of second shares that no peer took. Nothing was agreed on with them, so that they can go out again: each is used for
/// one agreement at most, and a handshake in a loop costs one key as one that offers a single share.
static SPARES: Mutex<Vec<Active>> = Mutex::new(Vec::new());

/// As many as handshakes go on at once.
const MOST_SPARES: usize = 64;

/// The suite after which baits are made: `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`.
const MODEL: u16 = 0xc02f;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suites_that_can_be_used_are_those_of_ring() {
        let taken: Vec<u16> = (0..=u16::MAX).filter(|code| takes_suite(*code)).collect();
        let mut real: Vec<u16> =
            ring::ALL_CIPHER_SUITES.iter().map(|suite| suite.suite().into()).collect();
        real.sort_unstable();
        assert_eq!(taken, real);
    }

    #[test]
    fn a_key_that_no_peer_took_goes_out_again_and_one_that_was_taken_does_not() {
        let sent = |shares: &dyn ActiveKeyExchange| {
            let (_, second) = shares.hybrid_component().unwrap();
            second.to_vec()
        };
        // P-521 is offered second by no other test
        let pair = pair(0x001d, 0x0019);
        let peer = |group| Agreement::start(group).unwrap().public;
        let first = pair.start().unwrap();
        let spare = sent(&*first);
        first.complete(&peer(0x001d)).unwrap();
        let again = pair.start().unwrap();
        assert_eq!(sent(&*again), spare);
        again.complete_hybrid_component(&peer(0x0019)).unwrap();
        assert_ne!(sent(&*pair.start().unwrap()), spare);
    }
}
