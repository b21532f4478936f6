//! The way from a server's certificate up to the truststore, as a drawing.

use super::super::screen::Screen;
use super::super::{Branch, trust::day};
use super::{Html, Text};

/// Measures of the drawing, in its own units.
const WIDTH: usize = 360;
const BOX: usize = 64;
const GAP: usize = 30;

/// How wide the text of a box is.
const INNER: usize = WIDTH - 52 - 14;

/// Columns that fit into a line of a box.
const NAME_COLUMNS: usize = 36;
const LINE_COLUMNS: usize = 46;

/// More certificates on the way are only counted.
const MOST_BRANCHES: usize = 24;

/// Draws the way, the truststore at the top.
pub(super) fn draw(tree: &[Branch], html: &mut Html) {
    if tree.is_empty() {
        return;
    }
    let shown: Vec<&Branch> = tree.iter().take(MOST_BRANCHES).collect();
    let height = shown.len() * (BOX + GAP) - GAP + 4;
    html.drawings += 1;
    let number = html.drawings;
    html.line(format_args!("<section>\n<h2>Chain</h2>"));
    html.line(format_args!(
        "<svg class=\"chain\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"chain-title-{number} chain-text-{number}\">"
    ));
    html.line(format_args!(
        "<title id=\"chain-title-{number}\">The way from the server's certificate to the truststore</title>"
    ));
    html.line(format_args!("<desc id=\"chain-text-{number}\">{}</desc>", Text(&in_words(&shown))));
    for (place, branch) in shown.iter().rev().enumerate() {
        let top = 2 + place * (BOX + GAP);
        let above = shown.len().checked_sub(place).and_then(|index| shown.get(index));
        if let Some(above) = above {
            link(top, branch, above, html);
        }
        draw_box(top, branch, html);
    }
    html.line(format_args!("</svg>"));
    let more = tree.len() - shown.len();
    if more > 0 {
        html.line(format_args!("<p class=\"soft\">and {more} more above</p>"));
    }
    html.line(format_args!("</section>"));
}

/// The link from a certificate up to its issuer.
fn link(top: usize, branch: &Branch, above: &Branch, html: &mut Html) {
    let is_broken = above.broken.is_some_and(|why| why == "missing" || why == "does not fit")
        || branch.broken.is_some_and(|why| why.contains("signature"));
    let (class, x) = (if is_broken { "link bad" } else { "link" }, WIDTH / 2);
    let (from, to) = (top, top - GAP);
    html.line(format_args!("<path class=\"{class}\" d=\"M{x} {from}V{to}\"/>"));
    let middle = top - GAP / 2;
    if is_broken {
        let (left, right, up, down) = (x - 5, x + 5, middle - 5, middle + 5);
        html.line(format_args!(
            "<path class=\"icon bad\" d=\"M{left} {up}L{right} {down}M{right} {up}L{left} {down}\"/>"
        ));
    } else {
        let (left, right, tip) = (x - 4, x + 4, to + 6);
        html.line(format_args!(
            "<path class=\"link\" d=\"M{left} {tip}L{x} {to}L{right} {tip}\"/>"
        ));
    }
}

fn draw_box(top: usize, branch: &Branch, html: &mut Html) {
    let tone = match (branch.broken, branch.in_truststore) {
        (Some(_), _) => "bad",
        (None, true) => "good",
        (None, false) => "plain",
    };
    let inner = WIDTH - 4;
    html.line(format_args!(
        "<rect class=\"box {tone}\" x=\"2\" y=\"{top}\" width=\"{inner}\" height=\"{BOX}\" rx=\"9\"/>"
    ));
    html.line(format_args!(
        "<path class=\"icon {tone}\" transform=\"translate(16 {})\" d=\"{}\"/>",
        top + 20,
        icon(branch)
    ));
    let (name, rest) = split(&branch.subject);
    let why = branch.broken.map(|why| why.trim_start_matches("pkix-"));
    let left = LINE_COLUMNS.saturating_sub(why.map_or(0, |why| why.len() + 4));
    // what is wider than its letters promise is cut off at the edge of this
    html.line(format_args!("<svg x=\"52\" y=\"{top}\" width=\"{INNER}\" height=\"{BOX}\">"));
    let (first, last) = if rest.is_empty() { (28, 47) } else { (21, 54) };
    for (class, y, text) in [
        ("name", first, Screen::cut(&name, NAME_COLUMNS)),
        ("rest", 38, Screen::cut(&rest, left)),
        ("place", last, Screen::cut(&place(branch), LINE_COLUMNS)),
    ] {
        html.line(format_args!("<text class=\"{class}\" y=\"{y}\">{}</text>", Text(&text)));
    }
    if let Some(why) = why {
        let why = Text(why);
        html.line(format_args!(
            "<text class=\"why\" x=\"{INNER}\" y=\"38\" text-anchor=\"end\">{why}</text>"
        ));
    }
    html.line(format_args!("</svg>"));
}

/// A shield for what is trusted, a server, a chain's ring, a question.
fn icon(branch: &Branch) -> &'static str {
    match (branch.in_truststore, branch.place) {
        (true, _) => "M12 1L22 5V12C22 18 17 22 12 24C7 22 2 18 2 12V5ZM7 12L11 16L17 8",
        (false, Some(1)) => "M2 4H22V11H2ZM2 14H22V21H2ZM6 7.5H6.5M6 17.5H6.5M11 7.5H18M11 17.5H18",
        (false, Some(_)) => {
            "M9 15L15 9M10 6L12 4A5 5 0 0 1 20 12L18 14M6 10L4 12A5 5 0 0 0 12 20L14 18"
        }
        (false, None) => "M8 8A4.5 4.5 0 1 1 12.5 12.5V16M12.5 21V21.2",
    }
}

/// Parts a subject into its common name, wherever that stands, and the rest.
fn split(subject: &str) -> (String, String) {
    let parts: Vec<&str> = subject.split(", ").collect();
    let Some(place) = parts.iter().position(|part| part.starts_with("CN=")) else {
        return (subject.to_owned(), String::new());
    };
    let rest = parts.iter().enumerate().filter(|(index, _)| *index != place);
    let name = parts.get(place).and_then(|part| part.strip_prefix("CN=")).unwrap_or_default();
    (name.to_owned(), rest.map(|(_, part)| *part).collect::<Vec<_>>().join(", "))
}

fn place(branch: &Branch) -> String {
    let until = branch.until.as_deref().map(|until| format!(", until {}", day(until)));
    let place = match (branch.place, branch.in_truststore) {
        (Some(place), true) => format!("certificate {place}, in the truststore"),
        (Some(place), false) => format!("certificate {place}"),
        (None, true) => "in the truststore".to_owned(),
        (None, false) => return "neither sent nor in the truststore".to_owned(),
    };
    place + until.as_deref().unwrap_or_default()
}

/// The drawing for those who cannot see it.
fn in_words(shown: &[&Branch]) -> String {
    let words: Vec<String> = shown
        .iter()
        .map(|branch| {
            let broken = branch.broken.map(|why| format!(" ({why})")).unwrap_or_default();
            format!("{}{broken}", Screen::cut(&branch.subject, 80))
        })
        .collect();
    words.join(", issued by ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_name_is_found_wherever_it_stands() {
        for (subject, name, rest) in [
            ("CN=a, O=b, C=c", "a", "O=b, C=c"),
            ("O=b, CN=a", "a", "O=b"),
            ("CN=a", "a", ""),
            ("O=b, C=c", "O=b, C=c", ""),
            ("", "", ""),
        ] {
            assert_eq!(split(subject), (name.to_owned(), rest.to_owned()), "{subject}");
        }
    }
}
