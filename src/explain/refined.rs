//! What a phrase stands for where the rest of the line decides.

use memchr::memmem::find;

use super::causes::Cause;
use super::phrases::Phrase;

/// Returns the cause of a phrase in a line; none if it stands for nothing there.
#[expect(clippy::wildcard_enum_match_arm, reason = "most phrases say all by themselves")]
pub(super) fn refined(phrase: &Phrase, line: &[u8]) -> Option<Cause> {
    let has = |text: &str| find(line, text.as_bytes()).is_some();
    match phrase.cause {
        // Other programs connect, too.
        Cause::SslPokeConnected if line.trim_ascii() != phrase.text.as_bytes() => None,
        Cause::GitlabForbidden => Some(forbidden(&has, line)),
        Cause::GitlabScope if phrase.text.ends_with('?') => {
            if has("scope=api") {
                Some(Cause::GitlabScopeAsked)
            } else {
                // Other applications ask for other scopes.
                has("client_id=").then_some(Cause::GitlabScope)
            }
        }
        Cause::HostUnknown if is_more_than_a_host(phrase, line) => Some(Cause::HostIsUrl),
        cause => Some(cause),
    }
}

/// The path of the request names what is refused.
fn forbidden(has: &dyn Fn(&str) -> bool, line: &[u8]) -> Cause {
    let is_of_gitlab = has("/api/v4/")
        || has("/api/v3/")
        || has("\"403 Forbidden\"")
        || has("Failed to execute request")
        || line.trim_ascii().len() < 32;
    if !is_of_gitlab {
        return Cause::HttpStatus;
    }
    let resources: [(&str, Cause); 6] = [
        ("/merge_requests", Cause::MergeRequestsForbidden),
        ("/hooks", Cause::HooksForbidden),
        ("/repository/", Cause::RepositoryForbidden),
        ("/repository?", Cause::RepositoryForbidden),
        ("/commits", Cause::RepositoryForbidden),
        ("/issues", Cause::IssuesForbidden),
    ];
    let found = resources.iter().find(|(path, _)| has(path));
    found.map_or(Cause::GitlabForbidden, |(_, cause)| *cause)
}

/// Whether what could not be looked up has a path, a port or a blank in it.
fn is_more_than_a_host(phrase: &Phrase, line: &[u8]) -> bool {
    let Some(place) = find(line, phrase.text.as_bytes()) else { return false };
    let rest = line.get(place + phrase.text.len()..).unwrap_or_default();
    let Some(host) = rest.strip_prefix(b": ") else { return false };
    let end = host.iter().position(u8::is_ascii_whitespace).unwrap_or(host.len());
    let host = host.get(..end).unwrap_or_default();
    host.contains(&b'/') || (host.contains(&b':') && !host.starts_with(b"["))
}
