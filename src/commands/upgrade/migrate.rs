//! `upgrade migrate`: own roots of the old store, put into the new one as it is.

use super::plan::{Carried, Compared, Plan, names, take_name};
use super::stores::Access;
use crate::cli::{UpgradeMigrateArgs, UpgradeStores};
use crate::commands::trust::editing::{Absent, Edit, changed, created_now};
use crate::commands::trust::opening::TrustError;
use crate::report::{Report, TrustChange, UpgradeMigrated};
use crate::settings::Surroundings;

pub(super) fn run(
    args: &UpgradeMigrateArgs,
    surroundings: &Surroundings,
) -> Result<Report, TrustError> {
    let UpgradeStores { old, new, base, access } = &args.stores;
    let access = Access::of(access, surroundings)?;
    let old = access.open(old)?;
    let base = base.as_deref().map(|base| access.open(base)).transpose()?;
    let now = surroundings.now_or_at(None)?;
    let mut plan = Plan::default();
    let edit = Edit {
        verb: "upgrade-migrate",
        store: new,
        password: access.of_new(new)?,
        writing: &args.writing,
        absent: Absent::Refused(""),
        surroundings,
    };
    let change = edit.make(|store, told| {
        // The new store is looked at under the lock that it is written under.
        plan = Compared { old: &old, new: store, base: base.as_ref(), now }.plan();
        if args.include_ambiguous {
            plan.missing.append(&mut plan.ambiguous);
        }
        if !plan.ambiguous.is_empty() {
            return Ok(());
        }
        let mut taken = names(store);
        plan.missing.iter().try_for_each(|carried| {
            let alias = take_name(&mut taken, carried);
            let created = carried.created.unwrap_or_else(|| created_now(surroundings));
            store.trust(&alias, &carried.certificate, created)?;
            told.added.push(changed(alias.as_str(), &carried.certificate));
            Ok(())
        })
    })?;
    Ok(Report::UpgradeMigrated(told(change, plan)))
}

fn told(mut change: TrustChange, plan: Plan) -> UpgradeMigrated {
    change.unchanged = plan.present;
    change.skipped = plan.skipped;
    let is_refused = !plan.ambiguous.is_empty();
    let waiting =
        if is_refused { plan.missing.iter().map(Carried::named).collect() } else { Vec::new() };
    UpgradeMigrated {
        change,
        not_resurrected: plan.not_resurrected,
        ambiguous: plan.ambiguous.iter().map(Carried::left).collect(),
        waiting,
        vendor_added: plan.vendor_added,
    }
}
