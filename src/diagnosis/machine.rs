//! What a running JVM makes of its settings that the settings do not say: it has read them once.

use std::path::Path;
use std::time::Duration;

use super::{Finding, Severity};
use crate::certificates::printable;
use crate::machine::{Started, ToldAnew};
use crate::settings::TrustStoreChoice;

/// Explains what is particular to a JVM of this machine.
pub(crate) fn of_started(started: &Started, trust_store: &TrustStoreChoice) -> Vec<Finding> {
    let store = trust_store.found_at.as_deref();
    let mut findings: Vec<Finding> =
        store.and_then(|store| restart_pending(started, store)).into_iter().collect();
    findings.extend(scripts_changed(started));
    findings.extend(java_replaced(started));
    findings.extend(started.unread.iter().map(|what| {
        Finding::new("process-partly-hidden", Severity::Warning, format!("not read: {what}"))
            .repaired_by("ask again as root, or as the user of the process")
    }));
    findings
}

fn restart_pending(started: &Started, store: &Path) -> Option<Finding> {
    let change = started.change_since_start(store)?;
    let how = if change.is_content { "changed" } else { "replaced, or given other rights," };
    let finding = Finding::new(
        "restart-pending",
        Severity::Warning,
        format!(
            "{} was {how} {} after the JVM had started: restart pending",
            store.display(),
            how_long(change.after)
        ),
    );
    let why = "Java reads its default trust store once: what was connected before goes on by the old one, \
               while contexts made anew already see the new one";
    Some(finding.because(why).repaired_by(restart(started)))
}

/// What has to be done that a JVM reads everything anew.
pub(crate) fn restart(started: &Started) -> String {
    started.product.as_ref().map_or_else(
        || "restart the program".to_owned(),
        |product| format!("restart {}", product.kind),
    )
}

/// A script that was corrected helps a JVM only when it is started the next time.
fn scripts_changed(started: &Started) -> Option<Finding> {
    let anew = started.told_anew();
    let ToldAnew { file, change, .. } = anew.first()?;
    let what = format!(
        "{} was changed {} after the JVM had started: restart pending",
        file.display(),
        how_long(change.after)
    );
    let told = anew.iter().map(|ToldAnew { property, value, .. }| match value {
        Some(_) if property.ends_with("Password") => format!("another -D{property}"),
        Some(value) => format!("-D{property}={}", printable(value)),
        None => format!("no -D{property}"),
    });
    let told: Vec<String> = told.collect();
    let finding = Finding::new("restart-pending", Severity::Warning, what);
    let why = format!("it is still told what stood there before; now there is {}", told.join(", "));
    Some(finding.because(why).repaired_by(restart(started)))
}

fn java_replaced(started: &Started) -> Option<Finding> {
    let process = started.process.as_ref().filter(|process| process.is_replaced)?;
    let what = format!(
        "the java that process {} runs has been deleted or replaced since it started",
        process.number
    );
    let finding = Finding::new("java-replaced", Severity::Warning, what)
        .because("what is said here is that of the files which lie there now")
        .repaired_by("restart it, and ask again");
    Some(finding)
}

/// Names a span of time by its two greatest units.
fn how_long(span: Duration) -> String {
    let seconds = span.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes, seconds % 60) {
        (0, 0, 0, 0) => format!("{} ms", span.as_millis()),
        (0, 0, 0, seconds) => format!("{seconds} s"),
        (0, 0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (0, hours, minutes, _) => format!("{hours} h {minutes} min"),
        (days, hours, _, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_named_by_its_two_greatest_units() {
        for (milliseconds, expected) in [
            (30, "30 ms"),
            (12_999, "12 s"),
            (61_000, "1 min 1 s"),
            (3_660_000, "1 h 1 min"),
            (90_000_000, "1 d 1 h"),
        ] {
            assert_eq!(how_long(Duration::from_millis(milliseconds)), expected);
        }
    }
}
