//! What a vendor was, came from and belongs to, which goods it makes, and what was compared where nothing speaks of it.

use std::collections::BTreeSet;

use interdict_app::catalogue::Catalogue;
use interdict_model::{RelationKind, Restriction, RestrictionScope, Vendor, VendorRelation};

use super::super::Asked;
use super::super::restrictions::vendor_ref;
use crate::wire;

/// The vendors that own it on the day, the nearest first.
pub(super) fn owners(asked: &Asked<'_>, vendor: &Vendor) -> Vec<wire::VendorRef> {
    let mut owners: Vec<wire::VendorRef> = Vec::new();
    let mut next: Vec<_> = vendor.owners_on(asked.as_of()).cloned().collect();
    while let Some(id) = (!next.is_empty()).then(|| next.remove(0)) {
        let is_new = id != vendor.id && !owners.iter().any(|known| known.id == id.as_str());
        let Some(owner) = asked.catalogue().vendor(&id).filter(|_| is_new) else { continue };
        owners.push(vendor_ref(asked.catalogue(), &id));
        next.extend(owner.owners_on(asked.as_of()).cloned());
    }
    owners
}

/// What its own file says, newest first.
pub(super) fn relations(asked: &Asked<'_>, vendor: &Vendor) -> Vec<wire::RelationRow> {
    let mut relations: Vec<&VendorRelation> = vendor.relations.iter().collect();
    relations.sort_by_key(|relation| (std::cmp::Reverse(relation.from), relation.kind));
    relations.into_iter().map(|relation| row(asked, relation)).collect()
}

fn row(asked: &Asked<'_>, relation: &VendorRelation) -> wire::RelationRow {
    let catalogue = asked.catalogue();
    let known = relation.vendor.as_ref().filter(|id| catalogue.vendor(id).is_some());
    let vendor = known.map(|id| vendor_ref(catalogue, id));
    let named = relation.name.clone().or_else(|| relation.vendor.as_ref().map(ToString::to_string));
    wire::RelationRow {
        kind: relation.kind.to_string(),
        name: vendor.as_ref().map_or_else(|| named.unwrap_or_default(), |vendor| vendor.name.clone()),
        vendor,
        from: relation.from.map(|day| day.to_string()),
        until: relation.until.map(|day| day.to_string()),
        holds: relation.holds_on(asked.as_of()),
        share: relation.share.clone(),
        says: relation.says.clone(),
        source: relation.source.clone(),
    }
}

/// What other vendors' files say of it: who belongs to it, came from it or carries on its business.
pub(super) fn related(asked: &Asked<'_>, vendor: &Vendor) -> Vec<wire::RelationRow> {
    let others = asked.catalogue().vendors().iter().filter(|other| other.id != vendor.id);
    let mut related: Vec<wire::RelationRow> = Vec::new();
    for other in others {
        let this = |relation: &&VendorRelation| relation.vendor.as_ref() == Some(&vendor.id);
        let theirs = vendor_ref(asked.catalogue(), &other.id);
        let told = other.relations.iter().filter(this).map(|relation| wire::RelationRow {
            name: theirs.name.clone(),
            vendor: Some(theirs.clone()),
            ..row(asked, relation)
        });
        let before = related.len();
        related.extend(told);
        if related.len() == before && other.parent.as_ref() == Some(&vendor.id) {
            related.push(plain_child(theirs));
        }
    }
    related
}

/// A vendor whose file names this one as its parent and says no more.
fn plain_child(vendor: wire::VendorRef) -> wire::RelationRow {
    wire::RelationRow {
        kind: RelationKind::OwnedBy.to_string(),
        name: vendor.name.clone(),
        says: String::new(),
        vendor: Some(vendor),
        from: None,
        until: None,
        holds: true,
        share: None,
        source: None,
    }
}

/// The classes of goods that its file speaks of.
pub(super) fn goods(vendor: &Vendor) -> Vec<wire::GoodsRow> {
    let claim = |claim: &interdict_model::GoodsClaim| wire::GoodsRow {
        word: claim.kind.to_string(),
        belongs: claim.belongs,
        says: claim.says.clone(),
        source: claim.source.clone(),
    };
    vendor.goods.iter().map(claim).collect()
}

/// What was compared, for a vendor that no instrument names and none that touches us reaches.
pub(super) fn checked(
    asked: &Asked<'_>,
    vendor: &Vendor,
    owners: &[wire::VendorRef],
    lanes: &[wire::TimelineLane],
) -> Option<String> {
    let catalogue = asked.catalogue();
    if naming(catalogue, vendor) > 0 || lanes.iter().any(|lane| lane.touches_us) {
        return None;
    }
    let restrictions = catalogue.restrictions();
    let issuers: BTreeSet<_> = restrictions.iter().map(|restriction| &restriction.issuer).collect();
    let stamp = catalogue.stamp();
    let name = vendor.name.trim_end_matches('.');
    let found = match lanes {
        [] => format!("None speaks of {name}."),
        [one] => format!(
            "None names {name} itself; one reaches it through a class of goods or an owner and binds others: {}.",
            title(one)
        ),
        several => {
            let titles: Vec<&str> = several.iter().map(title).collect();
            let count = several.len();
            format!(
                "None names {name} itself; {count} reach it through a class of goods or an owner and bind others: {}.",
                joined(&titles)
            )
        }
    };
    Some(format!(
        "Compared with {} instruments of {} issuers (catalogue {}, facts of {}): {}, and the classes of goods they speak \
         of. {found}{} The catalogue does not hold every list there is.",
        restrictions.len(),
        issuers.len(),
        stamp.version,
        stamp.date.for_reading(),
        compared(vendor, owners),
        open_classes(catalogue, vendor),
    ))
}

/// How many instruments name it, its companies or its people; those on a class of goods name nobody.
pub(super) fn naming(catalogue: &Catalogue, vendor: &Vendor) -> usize {
    let names = |scope: &RestrictionScope| {
        scope.vendors.contains(&vendor.id)
            || vendor.entities.iter().any(|entity| scope.entities.contains(&entity.id))
            || vendor.people.iter().any(|person| scope.persons.iter().any(|listed| listed.id == person.id))
    };
    catalogue.restrictions().iter().filter(|restriction| names(&restriction.scope)).count()
}

/// The instruments on a class of software for which nobody has said whether the vendor belongs to it.
fn open_classes(catalogue: &Catalogue, vendor: &Vendor) -> String {
    let is_open = |restriction: &&Restriction| {
        let goods = &restriction.scope.goods;
        goods.iter().any(|goods| goods.is_software()) && !vendor.goods.iter().any(|claim| goods.contains(&claim.kind))
    };
    let open: Vec<&str> = catalogue
        .restrictions_on_classes()
        .filter(is_open)
        .map(|restriction| restriction.short_title.as_str())
        .collect();
    match open.as_slice() {
        [] => String::new(),
        [one] => format!(" Whether it belongs to the class that {one} speaks of is not stated."),
        several => format!(" Whether it belongs to the classes that {} speak of is not stated.", joined(several)),
    }
}

fn title(lane: &wire::TimelineLane) -> &str {
    &lane.restriction.short_title
}

/// What of a vendor there was to compare.
fn compared(vendor: &Vendor, owners: &[wire::VendorRef]) -> String {
    let parts = [
        Some("its name"),
        (!vendor.entities.is_empty()).then_some("its companies"),
        (!vendor.people.is_empty()).then_some("its people"),
        (!owners.is_empty()).then_some("who owns it"),
    ];
    joined(&parts.into_iter().flatten().collect::<Vec<_>>())
}

fn joined(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
