//! The options that the launcher and the virtual machine know, and since and until when.

use crate::cli::takes_next_word;

/// What an option is to the launcher.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// `-Dname=value`.
    Definition,
    /// The class path; the next word belongs to it.
    ClassPath,
    /// The next word belongs to it.
    TwoWords,
    /// The virtual machine takes it.
    Machine,
    /// The launcher takes it; the virtual machine would not.
    Launcher,
    /// Java prints something else than we do: `-version`, `-help`.
    Terminal,
    /// It names another program than our class: `-jar`, `-m`.
    Program,
    /// Nobody knows it.
    Unknown,
}

/// Tells what `option` is to the launcher of `feature`.
pub(super) fn kind_of(option: &str, feature: u16) -> Kind {
    if option.starts_with("-D") {
        return Kind::Definition;
    }
    if TERMINAL.contains(&option) {
        return Kind::Terminal;
    }
    if ["-jar", "-m", "--module"].contains(&option) || option.starts_with("--module=") {
        return Kind::Program;
    }
    let since_9 = option.starts_with("--");
    if since_9 && feature < 9 {
        return Kind::Unknown;
    }
    if ["-cp", "-classpath", "--class-path"].contains(&option) {
        return Kind::ClassPath;
    }
    if takes_next_word(option) {
        let known = option != "-p" || feature >= 9;
        return if known && in_releases(option, feature) { Kind::TwoWords } else { Kind::Unknown };
    }
    if let Some(flag) = option.strip_prefix("-XX:") {
        let has_value = flag.starts_with(['+', '-']) || flag.contains('=');
        // There are thousands of flags; only what cannot be one is refused.
        return if has_value { Kind::Machine } else { Kind::Unknown };
    }
    known_kind(option, feature).unwrap_or(Kind::Unknown)
}

fn known_kind(option: &str, feature: u16) -> Option<Kind> {
    let known = KNOWN.iter().find(|known| {
        let fits = match known.name.strip_suffix('*') {
            Some(prefix) => option.starts_with(prefix),
            None => option == known.name,
        };
        fits && (known.since..=known.until).contains(&feature)
    });
    known.map(|known| known.kind)
}

/// Whether an option with a value in the next word is known to the release, as it is with `=` before the value.
fn in_releases(option: &str, feature: u16) -> bool {
    !option.starts_with("--")
        || option == "--source"
        || known_kind(&format!("{option}="), feature).is_some()
}

/// Options at which Java prints something and exits.
const TERMINAL: [&str; 15] = [
    "-version",
    "--version",
    "-fullversion",
    "--full-version",
    "-help",
    "--help",
    "-h",
    "-?",
    "-X",
    "--help-extra",
    "--list-modules",
    "--describe-module",
    "-d",
    "--validate-modules",
    "--dry-run",
];

struct Known {
    name: &'static str,
    kind: Kind,
    since: u16,
    until: u16,
}

const fn always(name: &'static str, kind: Kind) -> Known {
    Known { name, kind, since: 0, until: u16::MAX }
}

const fn since(name: &'static str, kind: Kind, since: u16) -> Known {
    Known { name, kind, since, until: u16::MAX }
}

const fn until(name: &'static str, kind: Kind, until: u16) -> Known {
    Known { name, kind, since: 0, until }
}

/// Each was given to the launchers of 8, 11, 17, 21, 25 and 26, or stands in their `-X` texts.
/// A name that ends in `*` is the beginning of one.
const KNOWN: &[Known] = &[
    always("-ea*", Kind::Machine),
    always("-da*", Kind::Machine),
    always("-enableassertions*", Kind::Machine),
    always("-disableassertions*", Kind::Machine),
    always("-esa", Kind::Machine),
    always("-dsa", Kind::Machine),
    always("-enablesystemassertions", Kind::Machine),
    always("-disablesystemassertions", Kind::Machine),
    always("-verbose*", Kind::Machine),
    always("-agentlib:*", Kind::Machine),
    always("-agentpath:*", Kind::Machine),
    always("-javaagent:*", Kind::Machine),
    always("-server", Kind::Launcher),
    always("-client", Kind::Launcher),
    always("-splash:*", Kind::Launcher),
    always("-showversion", Kind::Launcher),
    always("-Xdiag*", Kind::Launcher),
    always("-XshowSettings*", Kind::Launcher),
    always("-noverify", Kind::Launcher),
    always("-noclassgc", Kind::Launcher),
    until("-d64", Kind::Launcher, 8),
    until("-jre-restrict-search", Kind::Launcher, 8),
    until("-no-jre-restrict-search", Kind::Launcher, 8),
    since("--show-version", Kind::Launcher, 9),
    since("--disable-@files", Kind::Launcher, 21),
    since("--source*", Kind::Launcher, 11),
    since("--class-path=*", Kind::Launcher, 9),
    since("--module-path=*", Kind::Machine, 9),
    since("--upgrade-module-path=*", Kind::Machine, 9),
    since("--add-modules=*", Kind::Machine, 9),
    since("--add-exports=*", Kind::Machine, 9),
    since("--add-opens=*", Kind::Machine, 9),
    since("--add-reads=*", Kind::Machine, 9),
    since("--limit-modules=*", Kind::Machine, 9),
    since("--patch-module=*", Kind::Machine, 9),
    since("--illegal-access=*", Kind::Machine, 9),
    since("--enable-preview", Kind::Machine, 11),
    since("--enable-native-access=*", Kind::Machine, 17),
    since("--illegal-native-access=*", Kind::Machine, 24),
    since("--finalization=*", Kind::Machine, 18),
    since("--sun-misc-unsafe-memory-access=*", Kind::Machine, 23),
    always("-Xmx*", Kind::Machine),
    always("-Xms*", Kind::Machine),
    always("-Xmn*", Kind::Machine),
    always("-Xss*", Kind::Machine),
    always("-Xint", Kind::Machine),
    always("-Xcomp", Kind::Machine),
    always("-Xmixed", Kind::Machine),
    always("-Xbatch", Kind::Machine),
    always("-Xcheck*", Kind::Machine),
    always("-Xdebug", Kind::Machine),
    always("-Xnoclassgc", Kind::Machine),
    always("-Xrs", Kind::Machine),
    always("-Xrun*", Kind::Machine),
    always("-Xshare*", Kind::Machine),
    always("-Xverify*", Kind::Machine),
    always("-Xloggc:*", Kind::Machine),
    always("-Xbootclasspath/a:*", Kind::Machine),
    always("-Xinternalversion", Kind::Machine),
    always("-Xprof", Kind::Machine),
    always("-Xmaxjitcodesize*", Kind::Machine),
    always("-Xmaxf*", Kind::Machine),
    always("-Xminf*", Kind::Machine),
    since("-Xlog*", Kind::Machine, 9),
    until("-Xfuture", Kind::Machine, 21),
    until("-Xnoagent", Kind::Machine, 21),
    until("-Xconcgc", Kind::Machine, 11),
    until("-Xincgc", Kind::Machine, 8),
    until("-Xusealtsigs", Kind::Machine, 8),
    until("-Xbootclasspath*", Kind::Machine, 8),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_known_to_the_releases_that_know_them() {
        for (option, on_8, on_11, on_26) in [
            ("-Dx=y", Kind::Definition, Kind::Definition, Kind::Definition),
            ("-D", Kind::Definition, Kind::Definition, Kind::Definition),
            ("-cp", Kind::ClassPath, Kind::ClassPath, Kind::ClassPath),
            ("--class-path", Kind::Unknown, Kind::ClassPath, Kind::ClassPath),
            ("-classpath=/tmp", Kind::Unknown, Kind::Unknown, Kind::Unknown),
            ("--add-opens", Kind::Unknown, Kind::TwoWords, Kind::TwoWords),
            ("--enable-native-access", Kind::Unknown, Kind::Unknown, Kind::TwoWords),
            ("-d64", Kind::Launcher, Kind::Unknown, Kind::Unknown),
            ("-Xmx64m", Kind::Machine, Kind::Machine, Kind::Machine),
            ("-Xfuture", Kind::Machine, Kind::Machine, Kind::Unknown),
            ("-Xbogus", Kind::Unknown, Kind::Unknown, Kind::Unknown),
            ("-XX:+UseSerialGC", Kind::Machine, Kind::Machine, Kind::Machine),
            ("-XX:Bogus", Kind::Unknown, Kind::Unknown, Kind::Unknown),
            ("-Zbogus", Kind::Unknown, Kind::Unknown, Kind::Unknown),
            ("-version", Kind::Terminal, Kind::Terminal, Kind::Terminal),
            ("-jar", Kind::Program, Kind::Program, Kind::Program),
        ] {
            for (feature, kind) in [(8, on_8), (11, on_11), (26, on_26)] {
                assert_eq!(kind_of(option, feature), kind, "{option} on {feature}");
            }
        }
    }
}
