//! What was found, and what it means: the Overview, findings, vendors and restrictions. All of it is counted from sets of
//! machines; rows are read for what is shown.

use std::sync::Arc;

use interdict_app::store::{DetectionRow, Store};
use interdict_app::{Exposure, FleetFinding};
use interdict_model::VendorId;

use super::{Answer, Desk, unexpected};
use crate::error::DeskError;
use crate::present::{self, Asked};
use crate::wire::{
    Context, FindingDetail, FindingMachines, FindingMachinesRequest, FindingRequest, FindingsReply, FindingsRequest,
    Overview, RestrictionDetail, RestrictionRequest, RestrictionsReply, VendorDossier, VendorRequest, VendorsReply,
};

impl Desk {
    /// The Overview.
    pub fn overview_get(&self, context: &Context) -> Answer<Overview> {
        self.ask(context, |asked, store| {
            let exposure = self.exposure(asked, store)?;
            let chronicle = self.lists.chronicle(store)?;
            let most = present::MOST_CHANGES;
            let parts = present::Parts {
                exposure: &exposure,
                totals: store.totals()?,
                worst: exposure.worst_machines(store, present::MOST_MACHINES)?,
                changes: asked.workbench.changes(store, &chronicle, &asked.circumstances, most)?,
                history: &self.lists.history(asked.workbench, store, &asked.circumstances)?,
                unseen: &*self.lists.unseen(store, present::MOST_UNSEEN)?,
                told: &self.lists.told_findings(asked.workbench, store, &asked.circumstances)?,
            };
            Ok(present::overview(asked, &parts))
        })
    }

    /// All findings.
    pub fn findings_list(&self, request: &FindingsRequest) -> Answer<FindingsReply> {
        self.ask(&request.context, |asked, store| {
            let exposure = self.exposure(asked, store)?;
            let chronicle = self.lists.chronicle(store)?;
            let machine = request.machine.as_deref().map(|id| store.named_machine(id)).transpose()?.flatten();
            let told = self.lists.told_findings(asked.workbench, store, &asked.circumstances)?;
            Ok(present::findings(asked, &exposure, &chronicle, (&told, machine.as_ref())))
        })
    }

    /// One finding.
    pub fn finding_get(&self, request: &FindingRequest) -> Answer<FindingDetail> {
        self.ask(&request.context, |asked, store| {
            let exposure = self.exposure(asked, store)?;
            let finding = known(&exposure, &request.id)?;
            let rows = finding.places(store, 0, present::FIRST_MACHINES)?;
            let chronicle = self.lists.chronicle(store)?;
            Ok(present::finding(asked, finding, chronicle.seen(finding), (&rows, chronicle.sureness(finding))))
        })
    }

    /// A part of where a finding is.
    pub fn finding_machines(&self, request: &FindingMachinesRequest) -> Answer<FindingMachines> {
        self.ask(&request.context, |asked, store| {
            let exposure = self.exposure(asked, store)?;
            let finding = known(&exposure, &request.id)?;
            let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
            let rows = finding.places(store, number(request.offset), number(request.limit).min(present::MOST_HITS))?;
            Ok(present::finding_machines(&rows, finding.machine_count()))
        })
    }

    /// All vendors.
    pub fn vendors_list(&self, context: &Context) -> Answer<VendorsReply> {
        self.ask(context, |asked, store| {
            let told = self.lists.told_counts(asked.workbench, store)?;
            Ok(present::vendors(asked, &*self.exposure(asked, store)?, &told))
        })
    }

    /// One vendor.
    pub fn vendor_get(&self, request: &VendorRequest) -> Answer<VendorDossier> {
        self.ask(&request.context, |asked, store| {
            let subject = asked.workbench.vendor(&request.id)?;
            let exposure = self.exposure(asked, store)?;
            let used = used(store, &exposure, &request.id)?;
            let told = self.lists.told_of_vendor(asked.workbench, store, &VendorId::new(&request.id))?;
            let dossier = present::dossier(asked, &exposure, (&used, told.as_ref()), &subject, &request.id);
            dossier.ok_or_else(|| unexpected(format!("no vendor {}", request.id)))
        })
    }

    /// All restrictions.
    pub fn restrictions_list(&self, context: &Context) -> Answer<RestrictionsReply> {
        self.ask(context, |asked, store| Ok(present::restrictions(asked, &*self.exposure(asked, store)?)))
    }

    /// One restriction.
    pub fn restriction_get(&self, request: &RestrictionRequest) -> Answer<RestrictionDetail> {
        self.ask(&request.context, |asked, store| {
            let restriction = asked.workbench.restriction(&request.id)?;
            Ok(present::restriction(asked, &*self.exposure(asked, store)?, restriction))
        })
    }

    fn exposure(&self, asked: &Asked<'_>, store: &Store) -> Answer<Arc<Exposure>> {
        Ok(self.lists.exposure(asked.workbench, store, &asked.circumstances)?)
    }
}

fn known<'e>(exposure: &'e Exposure, id: &str) -> Answer<&'e FleetFinding> {
    exposure.finding(id).ok_or_else(|| DeskError::UnknownFinding(id.to_owned()).into())
}

/// Where a vendor's products are: worst first, then by host name; the first of them.
fn used<'e>(store: &Store, exposure: &'e Exposure, vendor: &str) -> Answer<Vec<(&'e FleetFinding, DetectionRow)>> {
    let mut used = Vec::new();
    for finding in exposure.findings.iter().filter(|finding| finding.vendor.id.as_str() == vendor) {
        let room = present::MOST_USED.saturating_sub(used.len());
        if room == 0 {
            break;
        }
        used.extend(finding.places(store, 0, room)?.into_iter().map(|row| (finding, row)));
    }
    Ok(used)
}
