//! Search.

use std::collections::BTreeSet;

use interdict_app::{Found, FoundKind};

use super::software::told_count;
use super::words::found_word;
use crate::wire;

/// At most so many items.
const MOST: usize = 20;

/// What was found, best first. A company leads to its vendor, which is listed once.
pub(crate) fn search(found: Vec<Found>) -> wire::SearchReply {
    let mut seen: BTreeSet<(&'static str, String)> = BTreeSet::new();
    let mut items = Vec::new();
    for found in found {
        let kind = found_word(found.kind);
        let id = match (found.kind, &found.vendor) {
            (FoundKind::Entity, Some(vendor)) => vendor.clone(),
            _ => found.id,
        };
        if items.len() < MOST && seen.insert((kind, id.clone())) {
            items.push(wire::SearchItem {
                kind: kind.to_owned(),
                id,
                vendor: found.vendor,
                title: found.title,
                subtitle: found.subtitle,
                told: found.told.as_ref().map(told_count),
            });
        }
    }
    wire::SearchReply { items }
}
