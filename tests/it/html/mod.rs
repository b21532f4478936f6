//! `--format html`: pages in a headless Chromium. They load nothing, run nothing, fit the screen, and axe finds no fault.

#![expect(clippy::indexing_slicing, reason = "a failed test panics")]
#![expect(clippy::print_stderr, reason = "a test says when it is skipped")]

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rcgen::{DnType, KeyPair};
use serde_json::{Value, json};

use crate::judge::{Corp, params};
use crate::stage::{GOOD, Server, Stage, closed_port, sslpoke, stdout};

mod browser;

use browser::Browser;

const SCRIPT: &str = "<script>document.title='owned'</script>";

/// What has no element, no attribute and no style of its own can do nothing.
#[test]
fn a_page_has_no_script_and_loads_nothing() {
    let corp = Corp::new();
    let page = page(&corp, &[&hostile(&corp, SCRIPT)], &[]);
    for forbidden in [
        "<script",
        "<link",
        "<img",
        "<iframe",
        "<base",
        "javascript:",
        " on",
        "style=\"",
        "src=",
        "@import",
        "url(",
    ] {
        let shown = page.replace(" on the ", " ").replace(" on ", " ");
        let markup: String = shown
            .split('<')
            .map(|tag| tag.split('>').next().unwrap())
            .fold(String::new(), |all, tag| format!("{all}<{tag}>"));
        let place = if forbidden == "@import" || forbidden == "url(" { &shown } else { &markup };
        assert!(!place.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"));
    assert!(page.contains("&lt;script&gt;"), "{page}");
}

#[test]
fn pages_hold_in_a_browser() {
    let Some((mut browser, axe)) = tools() else { return };
    let corp = Corp::new();
    let good = corp.leaf(&["host.corp"], 2039);
    let issuing = corp.issuing.pem();
    let many = "x".repeat(64 << 10);
    let cases = [
        ("accepted", page(&corp, &[&good, &issuing], &["--java", "all"])),
        ("missing-intermediate", page(&corp, &[&good], &["--java", "all"])),
        ("one-release", page(&corp, &[&good, &issuing], &["--java", "17.0.15"])),
        ("script", page(&corp, &[&hostile(&corp, SCRIPT), &issuing], &[])),
        ("long", page(&corp, &[&hostile(&corp, &many)], &["--java", "all"])),
    ];
    let cases = cases.into_iter().chain(doctored(&Stage::named("<svg onload=alert(1)>")));
    for (name, html) in cases {
        let file = PathBuf::from(corp.path(&format!("{name}.html")));
        fs::write(&file, html).unwrap();
        holds(&mut browser, &axe, name, &file);
        prints(&mut browser, name, &file);
    }
    let file = PathBuf::from(corp.path("script.html"));
    browser.open(&file);
    assert_eq!(browser.evaluate("document.scripts.length"), 0);
    assert_ne!(browser.evaluate("document.title"), "owned");
    assert_eq!(
        browser.evaluate(&format!("document.body.textContent.includes({})", json!(SCRIPT))),
        true
    );
    browser.open(Path::new(&corp.path("long.html")));
    let shown = browser.evaluate(
        "Math.max(...[...document.querySelectorAll('dd')].map(d => d.textContent.length))",
    );
    assert!(shown.as_u64().unwrap() >= 64 << 10, "{shown}");
    if let Some(folder) = std::env::var_os("SSLPOKE_SCREENSHOTS") {
        let stage = Stage::named("Example Corp");
        let doctored = doctored(&stage);
        fs::write(corp.path("missing-intermediate.html"), &doctored[1].1).unwrap();
        for (name, page) in [("judge", "accepted"), ("doctor", "missing-intermediate")] {
            let page = PathBuf::from(corp.path(&format!("{page}.html")));
            for scheme in ["light", "dark"] {
                let shot = screenshot(&mut browser, &page, scheme);
                fs::write(Path::new(&folder).join(format!("{name}-{scheme}.png")), shot).unwrap();
            }
        }
    }
}

/// Looks at a page as it is printed: what is folded on the screen is there.
fn prints(browser: &mut Browser, name: &str, file: &Path) {
    browser.look(794, 1123, "light");
    browser.call("Emulation.setEmulatedMedia", &json!({"media": "print"}));
    browser.open(file);
    assert_eq!(browser.evaluate(OVERFLOW), json!([]), "{name} in print");
    let all = "[...document.querySelectorAll('details > :not(summary)')].every(e => e.getBoundingClientRect().height > 0)";
    assert_eq!(browser.evaluate(all), true, "{name} in print");
    browser.call("Emulation.setEmulatedMedia", &json!({"media": ""}));
}

/// Looks at a page at two widths, in light and dark, with all that is folded open.
fn holds(browser: &mut Browser, axe: &str, name: &str, file: &Path) {
    for (width, scheme) in [(400, "light"), (1040, "dark"), (1040, "light"), (400, "dark")] {
        browser.look(width, 900, scheme);
        browser.open(file);
        let requests: Vec<&str> = browser
            .events
            .iter()
            .filter(|event| event["method"] == "Network.requestWillBeSent")
            .map(|event| event["params"]["request"]["url"].as_str().unwrap())
            .collect();
        assert_eq!(requests, [format!("file://{}", file.display())], "{name}");
        for step in ["folded", "open"] {
            let wide = browser.evaluate(OVERFLOW);
            assert_eq!(wide, json!([]), "{name} at {width}, {step}");
            browser
                .evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })");
        }
        let complaints: Vec<&Value> =
            browser.events.iter().filter(|event| is_complaint(event)).collect();
        assert!(complaints.is_empty(), "{name}: {complaints:?}");
        browser.evaluate(axe);
        let found = browser.evaluate(
            "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200)).join(' ')))",
        );
        assert_eq!(found, json!([]), "{name} at {width}, {scheme}");
    }
}

/// Elements that reach out of the page, or out of what they stand in.
const OVERFLOW: &str = "(() => { const w = document.documentElement.clientWidth; \
    const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > w + 0.5 \
      || e instanceof HTMLElement && getComputedStyle(e).display !== 'inline' && e.scrollWidth > e.clientWidth + 1) \
      .filter(e => !(e instanceof SVGTextElement)) \
      .map(e => e.tagName + '.' + (e.getAttribute('class') || '')); \
    if (document.documentElement.scrollWidth > w) out.push('page'); return out.slice(0, 5); })()";

fn is_complaint(event: &Value) -> bool {
    match event["method"].as_str().unwrap_or_default() {
        "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" => true,
        "Log.entryAdded" => event["params"]["entry"]["level"] != "verbose",
        _ => false,
    }
}

fn screenshot(browser: &mut Browser, page: &Path, scheme: &str) -> Vec<u8> {
    browser.look(1040, 800, scheme);
    browser.open(page);
    let height = browser.evaluate("document.documentElement.scrollHeight").as_u64().unwrap();
    browser.look(1040, u32::try_from(height).unwrap(), scheme);
    let shot = browser.call("Page.captureScreenshot", &json!({"format": "png"}));
    BASE64_STANDARD.decode(shot["data"].as_str().unwrap()).unwrap()
}

/// A browser and axe-core; none where they are not at hand.
fn tools() -> Option<(Browser, String)> {
    let axe = std::env::var_os("SSLPOKE_AXE").and_then(|path| fs::read_to_string(path).ok());
    let (Some(browser), Some(axe)) = (Browser::start(), axe) else {
        let is_ci = std::env::var_os("CI").is_some();
        assert!(!is_ci, "no Chromium, or SSLPOKE_AXE is not set, and this is CI");
        eprintln!("skipped: no Chromium, or SSLPOKE_AXE does not name axe.min.js");
        return None;
    };
    Some((browser, axe))
}

/// Judges certificates of `host.corp` and returns the page.
fn page(corp: &Corp, pems: &[&str], words: &[&str]) -> String {
    let words = [&["--host", "host.corp", "--format", "html"], words].concat();
    let (exit, page) = corp.judge(pems, &words);
    assert!(exit == 0 || exit == 1, "{exit}: {page}");
    assert!(page.starts_with("<!doctype html>"), "{page}");
    page
}

/// Pages of the doctor: all is well, an intermediate is missing, targets of which one is closed, and that under all releases.
fn doctored(stage: &Stage) -> [(&'static str, String); 4] {
    let fine = format!("localhost:{}", stage.serve(GOOD));
    let server = Server { sends_issuing: false, ..GOOD };
    let broken = format!("localhost:{}", stage.serve(server));
    let closed = format!("localhost:{}", closed_port());
    let store = stage.store();
    let doctor = |java: &str, targets: &[&str]| {
        let words = ["doctor", "--java", java, "--truststore", &store, "--format", "html"];
        let output = sslpoke(&[&words[..], targets].concat());
        let page = stdout(&output);
        assert!(page.starts_with("<!doctype html>"), "{page}");
        page
    };
    [
        ("doctor-fine", doctor("17.0.15", &[&fine])),
        ("doctor-intermediate", doctor("17.0.15", &[&broken])),
        ("doctor-several", doctor("17.0.15", &[&fine, &closed, &broken])),
        ("doctor-all-releases", doctor("all", &[&fine, &broken])),
    ]
}

/// A certificate with a common name that means no good.
fn hostile(corp: &Corp, name: &str) -> String {
    let mut params = params(name, &["host.corp"], 2039);
    params.distinguished_name.push(DnType::OrganizationName, "\"><svg onload=alert(1)>");
    params.signed_by(&KeyPair::generate().unwrap(), &corp.issuing).unwrap().pem()
}
