//! Conditions of a disabled algorithm: `keySize`, `jdkCA`, `usage`, `denyAfter`, joined by `&`.

use crate::constraints::{ConstraintFault, size_text};
use crate::date::{civil_from_days, days_from_civil};
use crate::distinguished_name::DistinguishedName;
use crate::public_key::PublicKey;

/// An entry of the property: an algorithm and what must all hold for it to be disabled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Restriction {
    /// The algorithm as the messages spell it.
    pub(super) algorithm: String,
    /// Empty for an algorithm that is disabled whatever holds.
    pub(super) conditions: Vec<Condition>,
}

/// One condition.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Condition {
    /// `keySize op n`.
    KeySize(KeySize),
    /// `jdkCA`: the anchor is one of Java's own.
    JdkCa,
    /// `denyAfter YYYY-MM-DD`.
    DenyAfter(Date),
    /// `usage A B`: any one of them.
    Usage(Vec<String>),
}

/// A date of the property: its text and its first millisecond since 1970.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Date {
    pub(super) text: String,
    pub(super) milliseconds: i64,
}

/// The sizes that `keySize op n` leaves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct KeySize {
    pub(super) least: u32,
    pub(super) most: u32,
    pub(super) prohibited: Option<u32>,
}

/// What a restriction is judged on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// The key in question, where keys are looked at.
    pub(super) key: Option<&'a PublicKey>,
    /// The key's algorithm in the sense of the release.
    pub(super) key_algorithm: &'a str,
    /// Whether the anchor is one of Java's own.
    pub(super) jdk_ca: bool,
    /// Milliseconds since 1970.
    pub(super) now: i64,
    /// The certificate's subject; none where an anchor's key is judged.
    pub(super) certificate: Option<&'a DistinguishedName<'a>>,
}

impl Restriction {
    /// Returns whether the restriction begins with a key size: it is passed over where no key is looked at.
    pub(super) fn begins_with_key_size(&self) -> bool {
        matches!(self.conditions.first(), Some(Condition::KeySize(_)))
    }

    /// Returns whether it begins with one of the usages that TLS gives to signatures: `CertificateSignature`, say.
    pub(super) fn bars_usage(&self, wanted: &str) -> bool {
        let Some(Condition::Usage(usages)) = self.conditions.first() else { return false };
        usages.iter().any(|usage| usage.eq_ignore_ascii_case(wanted))
    }

    /// Returns whether mere parameters of this size pass: only a size that stands first is looked at.
    pub(super) fn permits_size(&self, bits: u32) -> bool {
        match self.conditions.first() {
            Some(Condition::KeySize(size)) => size.contains(bits),
            Some(Condition::JdkCa | Condition::DenyAfter(_) | Condition::Usage(_)) | None => true,
        }
    }

    /// Checks `subject`: the last condition that holds speaks.
    ///
    /// # Errors
    /// The message of the last condition where all hold.
    pub(super) fn check(&self, subject: &Subject<'_>) -> Result<(), ConstraintFault> {
        let Some((last, before)) = self.conditions.split_last() else {
            let text = "Algorithm constraints check failed on disabled algorithm: ";
            return Err(self.fault(text, "", subject));
        };
        let algorithm = &self.algorithm;
        if !before.iter().all(|condition| condition.holds(algorithm, subject).is_some()) {
            return Ok(());
        }
        match (last, last.holds(algorithm, subject)) {
            (_, None) => Ok(()),
            (Condition::KeySize(_), Some(_)) => {
                let size = subject.key.map_or_else(String::new, size_text);
                let text = "Algorithm constraints check failed on keysize limits: ";
                Err(self.fault(text, &format!(" {size} bit key"), subject))
            }
            (Condition::JdkCa, Some(_)) => {
                let text = "Algorithm constraints check failed on certificate anchor limits. ";
                Err(self.fault(text, "", subject))
            }
            (Condition::DenyAfter(date), Some(_)) => {
                let (date, now) = (&date.text, instant(subject.now));
                let tail = format!(" used with Constraint date: {date}; params date: {now}");
                Err(self.fault("denyAfter constraint check failed: ", &tail, subject))
            }
            (Condition::Usage(_), Some(usage)) => {
                let text = format!("Usage constraint {usage} check failed: ");
                Err(self.fault(&text, "", subject))
            }
        }
    }

    /// Returns whether a mere key passes: only sizes and dates are looked at, and the last of them decides.
    pub(super) fn permits_key(&self, key: &PublicKey, key_algorithm: &str, now: i64) -> bool {
        if self.conditions.is_empty() {
            return false;
        }
        self.conditions.iter().rev().fold(false, |next, condition| match condition {
            Condition::JdkCa | Condition::Usage(_) => true,
            Condition::DenyAfter(date) => next || date.milliseconds > now,
            Condition::KeySize(size) => next || size.permits(&self.algorithm, key, key_algorithm),
        })
    }

    fn fault(&self, text: &str, tail: &str, subject: &Subject<'_>) -> ConstraintFault {
        let algorithm = &self.algorithm;
        let end = subject
            .certificate
            .map(DistinguishedName::display)
            .map_or_else(|| ".".to_owned(), |name| format!(" used with certificate: {name}"));
        ConstraintFault::constrained(format!("{text}{algorithm}{tail}{end}"))
    }
}

impl Condition {
    /// Returns what holds, if it does: the usage that matched, or an empty text.
    fn holds<'a>(&'a self, algorithm: &str, subject: &Subject<'_>) -> Option<&'a str> {
        let holds = match self {
            Self::KeySize(size) => {
                subject.key.is_some_and(|key| !size.permits(algorithm, key, subject.key_algorithm))
            }
            Self::JdkCa => subject.jdk_ca,
            Self::DenyAfter(date) => date.milliseconds <= subject.now,
            Self::Usage(usages) => {
                let server = |usage: &&String| usage.eq_ignore_ascii_case("TLSServer");
                return usages.iter().find(server).map(String::as_str);
            }
        };
        holds.then_some("")
    }
}

impl KeySize {
    /// Returns the sizes that are left where those that are `operator` `size` are forbidden.
    pub(super) fn forbidding(operator: &str, size: u32) -> Option<Self> {
        const ANY: u32 = i32::MAX.unsigned_abs();
        let (least, most, prohibited) = match operator {
            "==" => (0, ANY, Some(size)),
            "!=" => (size, size, None),
            "<" => (size, ANY, None),
            "<=" => (size.checked_add(1)?, ANY, None),
            ">" => (0, size, None),
            ">=" => (0, size.saturating_sub(1), None),
            _ => return None,
        };
        Some(Self { least, most, prohibited })
    }

    /// Returns whether `key` may be used; a key of another algorithm or of unknown size always may.
    fn permits(self, algorithm: &str, key: &PublicKey, key_algorithm: &str) -> bool {
        if !algorithm.eq_ignore_ascii_case(key_algorithm) {
            return true;
        }
        match key.bits() {
            None => true,
            Some(0) => false,
            Some(bits) => self.contains(bits),
        }
    }

    fn contains(self, bits: u32) -> bool {
        (self.least..=self.most).contains(&bits) && self.prohibited != Some(bits)
    }
}

/// Writes an instant as `java.time.Instant.toString()` does, to the millisecond.
fn instant(milliseconds: i64) -> String {
    let (days, rest) = (milliseconds.div_euclid(86_400_000), milliseconds.rem_euclid(86_400_000));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    let fraction = match rest % 1000 {
        0 => String::new(),
        fraction => format!(".{fraction:03}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Returns the first millisecond since 1970 of a Gregorian date, if there is such a date.
pub(super) fn first_millisecond(year: i64, month: i64, day: i64) -> Option<i64> {
    let days = days_from_civil(year, month) + day - 1;
    (civil_from_days(days) == (year, month, day)).then_some(days * 86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_and_its_first_millisecond_belong_together() {
        for (date, milliseconds, text) in [
            ((1970, 1, 1), 0, "1970-01-01T00:00:00Z"),
            ((2019, 1, 1), 1_546_300_800_000, "2019-01-01T00:00:00Z"),
            ((2000, 2, 29), 951_782_400_000, "2000-02-29T00:00:00Z"),
            ((1969, 12, 31), -86_400_000, "1969-12-31T00:00:00Z"),
        ] {
            assert_eq!(first_millisecond(date.0, date.1, date.2), Some(milliseconds));
            assert_eq!(instant(milliseconds), text);
        }
        assert_eq!(first_millisecond(2019, 2, 29), None);
        assert_eq!(first_millisecond(2019, 13, 1), None);
        assert_eq!(instant(1_546_300_800_012), "2019-01-01T00:00:00.012Z");
    }
}
