//! What is asked of the inventory itself: machines and software, a page at a time.

use super::{Answer, Desk};
use crate::present;
use crate::wire::{MachinesPage, MachinesRequest};

impl Desk {
    /// A part of the list of machines.
    pub fn machines_list(&self, request: &MachinesRequest) -> Answer<MachinesPage> {
        self.ask(&request.context, |asked, store| {
            let query = present::machine_query(&request.query);
            let (fleet, tiers, chosen) =
                self.lists.machines(asked.workbench, store, &asked.circumstances, &query, asked.today)?;
            Ok(present::machines(asked, &fleet, &tiers, &chosen, (request.offset, request.limit)))
        })
    }
}
