//! The JVM's default time zone, in which Java writes the dates of its messages.
//!
//! Nothing is read before a date must be written. Names are those of the time zone database unless Java's own differ
//! (`zone_names.rs`). Not known are names of zones that only a newer database than the recorded runtimes' has.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use java_pkix::{Rules, Zone};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::zone_names::{CURRENT, LEGACY};
use crate::settings::{Root, Settings};

/// The zone where no other is known.
const GREENWICH: &str = "GMT";

/// The JVM's default time zone.
#[derive(Debug)]
pub(crate) struct DefaultZone {
    property: Option<String>,
    variable: Option<OsString>,
    root: Root,
    abbreviates_only_known_zones: bool,
    found: OnceLock<Found>,
}

#[derive(Clone, Debug)]
struct Found {
    id: String,
    zone: TimeZone,
}

impl DefaultZone {
    /// Takes `-Duser.timezone` and `TZ` as Java does.
    pub(crate) fn new(settings: &Settings, rules: &Rules) -> Self {
        Self {
            property: settings.properties.non_empty("user.timezone").map(str::to_owned),
            variable: settings.seen.variable("TZ").map(ToOwned::to_owned),
            abbreviates_only_known_zones: rules.profile().abbreviates_only_known_zones,
            root: settings.seen.root.clone(),
            found: OnceLock::new(),
        }
    }

    fn find(&self) -> Found {
        let variable = self.variable.as_ref().and_then(|value| value.to_str());
        let variable = variable.map(|value| value.strip_prefix(':').unwrap_or(value));
        match (&self.property, variable.filter(|value| !value.is_empty())) {
            (Some(id), _) => Found::named(id),
            (None, Some(id)) if id != "localtime" => Found::named(id),
            (None, _) => Found::of_machine(&self.root),
        }
    }
}

impl Zone for DefaultZone {
    fn at(&self, seconds: i64) -> (i32, String) {
        let found = self.found.get_or_init(|| self.find());
        let Ok(instant) = Timestamp::from_second(seconds) else {
            return (0, GREENWICH.to_owned());
        };
        let at = found.zone.to_offset_info(instant);
        let offset = at.offset().seconds();
        let table = if self.abbreviates_only_known_zones { CURRENT } else { LEGACY };
        let own = table.iter().find(|(id, ..)| *id == found.id);
        let name = match own {
            Some((_, _, daylight)) if at.dst().is_dst() => (*daylight).to_owned(),
            Some((_, standard, _)) => (*standard).to_owned(),
            None if found.id == GREENWICH => GREENWICH.to_owned(),
            None if at.abbreviation().starts_with(['+', '-']) => offset_name(offset),
            None => at.abbreviation().to_owned(),
        };
        (offset, name)
    }
}

impl Found {
    /// An identifier that Java does not know means GMT.
    fn named(id: &str) -> Self {
        let known = TimeZone::get(id).ok().or_else(|| custom(id));
        match known {
            Some(zone) => Self { id: id.to_owned(), zone },
            None => Self::greenwich(),
        }
    }

    /// The machine's zone is where `/etc/localtime` points to; its bytes if it is a copy.
    fn of_machine(root: &Root) -> Self {
        let target = fs::read_link(root.outside(Path::new("/etc")).join("localtime")).ok();
        let id = target.as_ref().and_then(|path| path.to_str()?.split_once("zoneinfo/"));
        if let Some((_, id)) = id {
            return Self::named(id);
        }
        fs::read(root.outside(Path::new("/etc/localtime")))
            .ok()
            .and_then(|bytes| TimeZone::tzif("", &bytes).ok())
            .map_or_else(Self::greenwich, |zone| Self { id: String::new(), zone })
    }

    fn greenwich() -> Self {
        Self { id: GREENWICH.to_owned(), zone: TimeZone::UTC }
    }
}

/// Reads `GMT+8`, `GMT-0330` and `GMT+03:30`, which `TimeZone.getTimeZone` takes; the database's abbreviation of such a
/// zone is a number, and so it prints as `GMT+08:00`.
fn custom(id: &str) -> Option<TimeZone> {
    let offset = id.strip_prefix("GMT")?;
    let (sign, digits) = match offset.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if digits.len() <= 2 => (digits, "0"),
        None => digits.split_at_checked(digits.len() - 2)?,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let in_range = (0..24).contains(&hours) && (0..60).contains(&minutes);
    let seconds = sign * (hours * 3600 + minutes * 60);
    in_range.then(|| Offset::from_seconds(seconds).ok()).flatten().map(TimeZone::fixed)
}

/// Writes an offset as `SimpleTimeZone` names itself: `GMT`, `GMT+08:00`.
fn offset_name(seconds: i32) -> String {
    let minutes = seconds.abs() / 60;
    match seconds {
        0 => GREENWICH.to_owned(),
        1.. => format!("GMT+{:02}:{:02}", minutes / 60, minutes % 60),
        ..0 => format!("GMT-{:02}:{:02}", minutes / 60, minutes % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(id: &str, since_25: bool, seconds: i64) -> (i32, String) {
        let zone = DefaultZone {
            property: Some(id.to_owned()),
            variable: None,
            abbreviates_only_known_zones: since_25,
            root: Root::default(),
            found: OnceLock::new(),
        };
        zone.at(seconds)
    }

    #[test]
    fn zones_are_named_as_each_release_names_them() {
        let (winter, summer) = (1_768_435_200, 1_784_073_600);
        for (id, seconds, legacy, current) in [
            ("Europe/Berlin", winter, "CET", "CET"),
            ("Europe/Berlin", summer, "CEST", "CEST"),
            ("Asia/Singapore", winter, "SGT", "GMT+08:00"),
            ("America/Sao_Paulo", winter, "BRT", "GMT-03:00"),
            ("Asia/Tokyo", winter, "JST", "JST"),
            ("UTC", winter, "UTC", "UTC"),
            ("GMT", winter, "GMT", "GMT"),
            ("GMT+8", winter, "GMT+08:00", "GMT+08:00"),
            ("GMT-0330", winter, "GMT-03:30", "GMT-03:30"),
            ("No/Such", winter, "GMT", "GMT"),
        ] {
            assert_eq!(at(id, false, seconds).1, legacy, "{id}");
            assert_eq!(at(id, true, seconds).1, current, "{id}");
        }
    }
}
