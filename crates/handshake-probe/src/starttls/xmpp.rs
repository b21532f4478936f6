//! XMPP's STARTTLS (RFC 6120, section 5), of clients and of servers.

use super::answer::Answers;
use super::{foreign, not_offered, refused};
use crate::cause::Cause;

/// Opens a stream of `namespace` to the domain `host`, reads the features and begins TLS.
pub(super) fn begin(namespace: &str, host: &str, answers: &mut Answers<'_>) -> Result<(), Cause> {
    let host = escaped(host);
    answers.ask(
        format!(
            "<?xml version='1.0'?><stream:stream xmlns='{namespace}' \
             xmlns:stream='http://etherx.jabber.org/streams' to='{host}' version='1.0'>"
        )
        .as_bytes(),
    )?;
    // a comment or an attribute could hold these words, too; then the next answer is no go-ahead
    let ends = ["</stream:features>", "<stream:features/>", "</stream:error>", "</stream:stream>"];
    if !answers.begin_with(b'<')? {
        return Err(foreign(answers.left()));
    }
    let (opening, end) = answers.until(&ends)?;
    if end.ends_with("error>") || end.ends_with("stream>") {
        return Err(refused("stream", from(&opening, b"<stream:error")));
    }
    let features = from(&opening, b"<stream:features");
    if !contains(features, TLS_NAMESPACE) {
        return Err(not_offered(features));
    }
    answers.ask(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")?;
    let (answer, _) = answers.until(&[">"])?;
    let answer = answer.trim_ascii();
    if !answer.starts_with(b"<proceed") {
        return Err(refused("starttls", answer));
    }
    if answer.ends_with(b"/>") {
        return Ok(());
    }
    match answers.until(&[">"])? {
        (end, _) if end.trim_ascii() == b"</proceed>" => Ok(()),
        (end, _) => Err(foreign(&end)),
    }
}

/// Returns `text` from `word` on, or all of it.
fn from<'t>(text: &'t [u8], word: &[u8]) -> &'t [u8] {
    let place = text.windows(word.len()).position(|held| held == word);
    text.get(place.unwrap_or(0)..).unwrap_or_default()
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|held| held == word)
}

fn escaped(host: &str) -> String {
    host.replace('&', "&amp;").replace('<', "&lt;").replace('\'', "&apos;")
}

const TLS_NAMESPACE: &[u8] = b"urn:ietf:params:xml:ns:xmpp-tls";
