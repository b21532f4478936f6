//! `upgrade check`: which own roots the new store lacks.

use std::ffi::OsStr;
use std::path::Path;

use super::installed;
use super::plan::{Carried, Compared};
use super::stores::Access;
use crate::cli::UpgradeCheckArgs;
use crate::commands::trust::opening::TrustError;
use crate::report::{Report, SCHEMA, UpgradeCheck};
use crate::settings::Surroundings;

pub(super) fn run(
    args: &UpgradeCheckArgs,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    let access = Access::of(&args.access, surroundings)?;
    let now = surroundings.now_or_at(args.wire.at.as_deref())?;
    let base = args.base.as_deref();
    match (&args.old, &args.new, &args.java_home) {
        (Some(old), Some(new), None) => {
            compare(old, new, base, &access, now, surroundings).map(Report::UpgradeCheck)
        }
        (None, None, Some(home)) => {
            installed::run(home, base, &access, surroundings).map(Report::UpgradeInstalled)
        }
        (_, _, _) => Err(TrustError::Usage(
            "either --old and --new, or --java-home, say what is to be checked".to_owned(),
        )),
    }
}

fn compare(
    old: &OsStr,
    new: &OsStr,
    base: Option<&OsStr>,
    access: &Access<'_>,
    now: i64,
    surroundings: &Surroundings,
) -> Result<UpgradeCheck, TrustError> {
    let (old_store, new_store) = (access.open(old)?, access.open(new)?);
    let base_store = base.map(|base| access.open(base)).transpose()?;
    let compared = Compared { old: &old_store, new: &new_store, base: base_store.as_ref(), now };
    let plan = compared.plan();
    let shown = |path: &OsStr| surroundings.absolute(Path::new(path)).display().to_string();
    Ok(UpgradeCheck {
        schema: SCHEMA,
        verb: "upgrade-check",
        old: shown(old),
        new: shown(new),
        base: base.map(shown),
        missing: plan.missing.iter().map(Carried::named).collect(),
        present: plan.present,
        skipped: plan.skipped,
        not_resurrected: plan.not_resurrected,
        ambiguous: plan.ambiguous.iter().map(Carried::left).collect(),
        vendor_added: plan.vendor_added,
    })
}
