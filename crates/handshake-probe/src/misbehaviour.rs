//! How a peer broke the protocol, as facts.

use crate::alert::{
    BAD_RECORD_MAC, DECODE_ERROR, DECRYPT_ERROR, HANDSHAKE_FAILURE, ILLEGAL_PARAMETER,
    INTERNAL_ERROR, PROTOCOL_VERSION, UNEXPECTED_MESSAGE, UNSUPPORTED_EXTENSION,
};

/// How a peer broke the protocol. Numbers are those of the IANA registries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Misbehaviour {
    /// A record says that it is longer than 32 KiB (plus what a cipher may add).
    OversizedRecord(u16),
    /// A record of this content type without a fragment.
    EmptyRecord(u8),
    /// A record of this content type came where none may.
    UnexpectedRecord(u8),
    /// A handshake message ended in the middle when a record of this content type came.
    InterruptedMessage(u8),
    /// An alert of fewer than two bytes.
    ShortAlert,
    /// A handshake message says that it is longer than 32 KiB.
    OversizedMessage(u32),
    /// A handshake message that no registry knows.
    UnknownMessage(u8),
    /// A handshake message at the wrong moment; 0 is `HelloRequest`.
    UnexpectedMessage(u8),
    /// A handshake message that ends before its fields do.
    TruncatedMessage(u8),
    /// A handshake message that ends within a field.
    MessageEnd(u8),
    /// A handshake message that is not made as it must be.
    MalformedMessage {
        /// Which one.
        kind: u8,
        /// What is wrong.
        fault: MessageFault,
    },
    /// A handshake message that comes before one that must be there, or after one that ends its time.
    OutOfOrder(u8),
    /// A session identifier of so many bytes, more than 32.
    SessionIdentifier(u8),
    /// A message has no list of extensions.
    NoExtensions,
    /// A message's extensions are longer than the message.
    ExtensionsLength,
    /// This extension is longer than the message.
    ExtensionLength(u16),
    /// An extension that belongs into another message.
    MisplacedExtension(u16),
    /// An extension came twice in `ServerHello`.
    DuplicateExtension(u16),
    /// An extension that does not hold what it must.
    Extension {
        /// The message that it is in.
        kind: u8,
        /// Which one.
        code: u16,
        /// How many bytes it holds.
        length: usize,
        /// What is wrong.
        fault: ExtensionFault,
    },
    /// An extension that was not asked for.
    UnsolicitedExtension {
        /// The message that it is in.
        kind: u8,
        /// Which one.
        code: u16,
    },
    /// `ServerHello.legacy_version` is no version of SSL or TLS.
    UnknownVersion(u16),
    /// The version chosen (by `supported_versions` if that is there) was not offered.
    VersionNotOffered(u16),
    /// `supported_versions` is there, and `legacy_version` is not TLS 1.2.
    LegacyVersion(u16),
    /// The random value says that a better version was possible (RFC 8446, section 4.1.3).
    Downgrade,
    /// The cipher suite was not offered.
    SuiteNotOffered(u16),
    /// The cipher suite was offered, but belongs to another version.
    SuiteOfOtherVersion(u16),
    /// The compression method is not null.
    Compression(u8),
    /// `HelloRetryRequest`, and the version chosen is not TLS 1.3.
    RetryOfOldVersion(u16),
    /// `HelloRetryRequest` asks for a group that was not offered.
    RetryGroupNotOffered(u16),
    /// `HelloRetryRequest` asks for a group whose share had been sent.
    RetryGroupShared(u16),
    /// TLS 1.3 without a key share.
    KeyShareMissing,
    /// The key share is of a group for which none was sent.
    KeyShareGroup(u16),
    /// The key share, or the key in `ServerKeyExchange`, is no key of this group; 0 is a group
    /// without a number.
    InvalidKeyShare(u16),
    /// `ServerKeyExchange` is of a group that was not offered.
    KeyExchangeGroup(u16),
    /// The signature over the handshake is made with a scheme that was not offered.
    SignatureScheme(u16),
    /// The signature over the handshake does not verify.
    Signature,
    /// The handshake is signed, and no certificate says with which key.
    NoCredentials,
    /// The signature over the handshake can't be verified.
    Unverifiable(SignatureFault),
    /// The peer asks for a client certificate and takes none of the schemes that were offered.
    NoCommonScheme,
    /// The peer's certificates were not followed by its half of this agreement.
    NoKeyExchange(Exchange),
    /// `ServerKeyExchange` without a certificate that signs it.
    UnsignedKeyExchange,
    /// The peer's half of an agreement in a finite field is no number that can be one.
    PublicValue(ValueFault),
    /// The peer asks for a client certificate of a type that no registry knows.
    CertificateType(u8),
    /// A curve is not named but described, in this way (RFC 8422, section 5.4).
    CurveType(u8),
    /// The key in `ServerKeyExchange` is no point as it would be sent.
    Point(u16, PointFault),
    /// `ChangeCipherSpec` is not what it must be.
    MalformedCipherSpec,
    /// `Finished` without `ChangeCipherSpec`.
    MissingCipherSpec,
    /// An encrypted record of so many bytes, too few for what its cipher adds.
    ShortRecord {
        /// The bytes that came.
        length: usize,
        /// The bytes of the nonce that are sent.
        nonce: usize,
    },
    /// An encrypted record of TLS 1.3 that holds nothing, or nothing that says what it is.
    NoContentType,
    /// An encrypted record of TLS 1.3 that holds what no registry knows.
    UnknownContentType(u8),
    /// A record does not decrypt.
    Decryption,
    /// A record does not decrypt, whose cipher works block by block.
    Block(BlockFault),
    /// An alert that is not encrypted where all else is.
    PlainAlert {
        /// Its level.
        level: u8,
        /// Its number.
        description: u8,
    },
    /// The peer's `Finished` does not fit the handshake.
    Finished,
    /// The peer sent no certificate.
    NoCertificate,
}

/// What is wrong with the making of a handshake message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MessageFault {
    /// It has so many bytes, too few for its fields.
    Short(usize),
    /// Its list claims so many bytes, other than there are.
    ListLength(usize),
    /// An entry of its list is empty.
    EmptyEntry,
    /// A list of numbers is empty or ends within one.
    Numbers,
    /// It must be empty.
    NotEmpty,
    /// It has so many bytes for its only field, which has another length.
    Length {
        /// The bytes that there must be.
        needed: usize,
        /// The bytes that there are.
        found: usize,
    },
    /// There is too little for its extensions.
    ShortExtensions,
    /// So many bytes are too few for its list.
    ShortList(usize),
    /// A name in it is none.
    Name,
    /// It is of a type that no registry knows.
    Type(u8),
    /// The response in it is empty.
    EmptyResponse,
}

/// What is wrong with an extension's content.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ExtensionFault {
    /// There is too little of it.
    Short,
    /// There is more of it than there may be.
    Long,
    /// Its length is not the only one that there can be.
    OtherLength,
    /// A list in it is empty or ends within an entry.
    List,
    /// It does not name what everybody must know.
    Mandatory,
    /// A name in it is none.
    Name,
    /// The response in it is empty.
    EmptyResponse,
    /// The response in it is none.
    NoResponse,
    /// A list in it claims more than there is.
    Beyond,
    /// It is a required extension that is not there.
    Absent,
}

/// Why a signature can't be verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignatureFault {
    /// The scheme is for keys of another kind than the certificate's.
    OtherKey {
        /// The scheme.
        scheme: u16,
        /// The certificate's key.
        key: KeyKind,
    },
    /// It has another length than the key's modulus.
    Length {
        /// The bytes that there must be.
        needed: usize,
        /// The bytes that there are.
        found: usize,
    },
    /// It is not encoded as its scheme wants.
    Encoding,
}

/// The kinds of a certificate's key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyKind {
    /// `rsaEncryption`.
    Rsa,
    /// `id-RSASSA-PSS`.
    RsaPss,
    /// DSA.
    Dsa,
    /// On a curve of NIST.
    Ec,
    /// Ed25519 or Ed448.
    Edwards,
}

/// What is wrong with a point on a curve, as it is sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PointFault {
    /// It is empty.
    Empty,
    /// It is not in the uncompressed form.
    Compressed,
    /// It has not the length that the curve's points have.
    Length,
}

/// What is wrong with a number in a finite field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ValueFault {
    /// It is less than 2.
    Small,
    /// It is the prime less 1, or more.
    Large,
}

/// How keys are to be agreed on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exchange {
    /// On a curve.
    Ecdhe,
    /// In a finite field.
    Dhe,
    /// A secret is encrypted to the key of the certificate.
    Rsa,
}

/// What is wrong with a record whose cipher works block by block (RFC 5246, section 6.2.3.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BlockFault {
    /// It is no row of whole blocks, or has too few of them.
    Length,
    /// The padding claims to be so long that the rest does not hold the authentication code.
    PaddingLength(u8),
    /// The padding's bytes are not what they must be.
    Padding,
    /// The authentication code does not fit.
    Mac,
}

impl Misbehaviour {
    /// Returns the alert that tells the peer.
    pub(crate) fn answer(self) -> u8 {
        match self {
            Self::OversizedRecord(_)
            | Self::EmptyRecord(_)
            | Self::UnexpectedRecord(_)
            | Self::UnknownContentType(_)
            | Self::InterruptedMessage(_)
            | Self::OversizedMessage(_)
            | Self::UnknownMessage(_)
            | Self::UnexpectedMessage(_)
            | Self::OutOfOrder(_)
            | Self::MalformedCipherSpec
            | Self::MissingCipherSpec
            | Self::PlainAlert { .. }
            | Self::Extension { .. }
            | Self::UnsolicitedExtension { .. } => UNEXPECTED_MESSAGE,
            Self::TruncatedMessage(_)
            | Self::MessageEnd(_)
            | Self::NoExtensions
            | Self::NoCertificate
            | Self::ExtensionsLength
            | Self::ExtensionLength(_) => DECODE_ERROR,
            Self::MisplacedExtension(_) => UNSUPPORTED_EXTENSION,
            Self::UnknownVersion(_)
            | Self::VersionNotOffered(_)
            | Self::LegacyVersion(_)
            | Self::RetryOfOldVersion(_) => PROTOCOL_VERSION,
            Self::ShortAlert
            | Self::SessionIdentifier(_)
            | Self::MalformedMessage { .. }
            | Self::DuplicateExtension(_)
            | Self::Downgrade
            | Self::SuiteNotOffered(_)
            | Self::SuiteOfOtherVersion(_)
            | Self::Compression(_)
            | Self::RetryGroupNotOffered(_)
            | Self::RetryGroupShared(_)
            | Self::CurveType(_)
            | Self::KeyExchangeGroup(_)
            | Self::SignatureScheme(_) => ILLEGAL_PARAMETER,
            Self::KeyShareGroup(_)
            | Self::InvalidKeyShare(_)
            | Self::Point(..)
            | Self::NoCredentials
            | Self::Signature
            | Self::Unverifiable(_)
            | Self::NoCommonScheme
            | Self::UnsignedKeyExchange
            | Self::PublicValue(_)
            | Self::ShortRecord { .. }
            | Self::NoContentType
            | Self::Block(_) => HANDSHAKE_FAILURE,
            Self::KeyShareMissing | Self::NoKeyExchange(_) | Self::CertificateType(_) => {
                INTERNAL_ERROR
            }
            Self::Decryption => BAD_RECORD_MAC,
            Self::Finished => DECRYPT_ERROR,
        }
    }
}
