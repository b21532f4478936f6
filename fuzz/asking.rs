//! Who asks a server: an offer of all that can be offered, and a judge of any mind.

use std::time::Duration;

use handshake_probe::{
    Decision, Families, Judge, KeyAgreement, Misbehaviour, Offer, PeerCertificates, ProbeRequest,
    ProtocolVersion, Route, Timeouts,
};

/// Bears what can be borne, or refuses what can be refused.
pub struct Whim(pub u8);

impl Whim {
    fn says(&self, bit: u8) -> Decision {
        match self.0 & bit {
            0 => Decision::Accept,
            _ => Decision::Refuse { alert: "certificate_unknown" },
        }
    }
}

impl Judge for Whim {
    fn judge(&self, _peer: &PeerCertificates<'_>) -> Decision {
        self.says(1)
    }

    fn judge_key_agreement(&self, _agreement: KeyAgreement) -> Decision {
        self.says(2)
    }

    fn bears(&self, _oddity: Misbehaviour) -> bool {
        self.0 & 4 == 0
    }
}

/// Returns what is asked.
pub fn request() -> ProbeRequest {
    let (tls12, tls11, tls10) =
        (ProtocolVersion::Tls12, ProtocolVersion::Tls11, ProtocolVersion::Tls10);
    ProbeRequest {
        host: "jira.example.com".to_owned(),
        port: 443,
        resolved: None,
        families: Families::Ipv4First,
        route: Route::Direct,
        starttls: None,
        offer: Offer {
            versions: vec![ProtocolVersion::Tls13, tls12, tls11, tls10],
            cipher_suites: vec![
                0x1301, 0xc02c, 0xc02f, 0xcca8, 0x009f, 0x009e, 0x00a2, 0xc028, 0xc023, 0x006b,
                0x0040, 0xc014, 0xc009, 0x0039, 0x0032, 0x009d, 0x009c, 0x003d, 0x002f, 0x000a,
            ],
            groups: vec![0x1d, 0x17, 0x18, 0x19, 0x1e, 0x100],
            signature_schemes: vec![
                0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0809, 0x0401, 0x0601,
                0x0402, 0x0203, 0x0201, 0x0202,
            ],
            ..Offer::default()
        },
        identity: None,
        poke: vec![1],
        timeouts: Timeouts { total: None, late_alert: Duration::ZERO },
    }
}
