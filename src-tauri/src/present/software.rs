//! The rows of the Software screen, the page of a product, and who has it.

use std::collections::BTreeSet;

use interdict_app::store::{Telling, ToldTitle};
use interdict_app::{
    ChosenMachines, ChosenTitles, Exposure, Family, Fleet, ShownTitle, SoftwareFacets, SoftwareQuery, SoftwareSort,
    TitleTiers, Titles, ToldCount, ToldFinding, View, ViewList, Whereabouts, machines_with, source_in_words,
};
use interdict_model::{ObservationSource, ProductId, Tier, VendorId};

use super::machines::{facet, facets as machine_facets, machine_row, page, teller};
use super::restrictions::vendor_ref;
use super::words::asked_tier;
use super::{Asked, count};
use crate::wire;

/// What the window asks for. Words that are not known choose nothing; an unknown order is the usual one.
pub(crate) fn software_query(asked: &wire::SoftwareQuery) -> SoftwareQuery {
    SoftwareQuery {
        text: asked.text.clone(),
        publisher: asked.publisher.clone(),
        vendor: asked.vendor.clone(),
        sources: asked.sources.iter().filter_map(|word| word.parse().ok()).collect(),
        tiers: asked.tiers.iter().map(|tier| asked_tier(*tier)).collect(),
        is_identified: asked.identified,
        sort: match asked.sort.as_str() {
            "name" => SoftwareSort::Name,
            "version" => SoftwareSort::Version,
            "publisher" => SoftwareSort::Publisher,
            "vendor" => SoftwareSort::Vendor,
            "machines" => SoftwareSort::Machines,
            _ => SoftwareSort::Tier,
        },
        is_descending: asked.descending,
        whereabouts: match asked.whereabouts.as_deref() {
            Some("machines") => Some(Whereabouts::OnMachines),
            Some("told") => Some(Whereabouts::ToldWithoutMachine),
            Some(_) | None => None,
        },
    }
}

/// The places of a part of the titles that were chosen.
pub(crate) fn software_part((_, _, chosen): &ChosenTitles, part: (u32, u32)) -> &[usize] {
    page(&chosen.places, part)
}

/// A part of the titles that were chosen.
pub(crate) fn software(
    asked: &Asked<'_>,
    machines: usize,
    (titles, tiers, chosen): &ChosenTitles,
    rows: &[ShownTitle],
) -> wire::SoftwarePage {
    wire::SoftwarePage {
        rows: rows.iter().filter_map(|row| software_row(asked, titles, tiers, row)).collect(),
        total: count(chosen.places.len()),
        all: count(titles.len()),
        machines: count(machines),
        facets: facets(asked, &chosen.facets),
    }
}

/// The title at a place.
pub(crate) fn software_row(
    asked: &Asked<'_>,
    titles: &Titles,
    tiers: &TitleTiers,
    shown: &ShownTitle,
) -> Option<wire::SoftwareRow> {
    let (place, row) = (shown.place, &shown.software);
    let identity = titles.identity(place)?;
    let product = identity.product.as_ref().and_then(|id| asked.catalogue().product(id));
    Some(wire::SoftwareRow {
        family: titles.family_id(place, &row.name, row.publisher.as_deref()),
        name: row.name.clone(),
        version: row.version.clone(),
        publisher: row.publisher.clone(),
        sources: row.sources.iter().map(|source| source_in_words(*source)).collect(),
        machines: count(row.machines),
        told: tellings(&shown.told),
        vendor: identity.vendor.as_ref().map(|id| vendor_ref(asked.catalogue(), id)),
        product: product.map(|product| product.name.clone()),
        tier: tiers.of(titles, place).map(Tier::into),
    })
}

fn facets(asked: &Asked<'_>, facets: &SoftwareFacets) -> wire::SoftwareFacets {
    let vendor =
        |(id, number): (&VendorId, &usize)| facet(id.as_str(), &vendor_ref(asked.catalogue(), id).name, *number);
    let mut vendors: Vec<wire::FacetValue> = facets.vendors.iter().map(vendor).collect();
    vendors.sort_by(|left, right| {
        (left.label.to_lowercase(), &left.value).cmp(&(right.label.to_lowercase(), &right.value))
    });
    let source =
        |(source, number): (&ObservationSource, &usize)| facet(source.as_str(), &source_in_words(*source), *number);
    wire::SoftwareFacets {
        publisher_count: count(facets.publisher_count),
        publishers: facets.publishers.iter().map(|(name, number)| facet(name, name, *number)).collect(),
        vendors,
        sources: facets.sources.iter().map(source).collect(),
        tiers: facets.tiers.iter().map(|(tier, number)| facet(tier.as_str(), tier.as_str(), *number)).collect(),
        identified: count(facets.identified),
        unidentified: count(facets.unidentified),
        on_machines: count(facets.on_machines),
        told: count(facets.told),
    }
}

/// Who tells of a title without a machine, the newest first. One tool may tell of it under several identifiers.
fn tellings(told: &[ToldTitle]) -> Vec<wire::Telling> {
    let telling = |telling: &Telling| wire::Telling {
        tool: teller(&telling.origin),
        import: u32::try_from(telling.batch).unwrap_or_default(),
        at: telling.at.clone(),
        count: telling.devices.map(|devices| u32::try_from(devices).unwrap_or(u32::MAX)),
        newer: count(telling.newer),
    };
    let mut tellings: Vec<wire::Telling> = told.iter().flat_map(|told| &told.tellings).map(telling).collect();
    tellings.sort_by(|left, right| right.at.cmp(&left.at));
    tellings
}

/// How much is told of something without a machine, and by whom.
pub(super) fn told_count(told: &ToldCount) -> wire::ToldCount {
    wire::ToldCount {
        titles: count(told.titles),
        tools: told.tellers.iter().map(|known| teller(&known.origin)).collect(),
        at: told.tellers.first().map(|known| known.at.clone()).unwrap_or_default(),
    }
}

/// A title of a vendor of which tools tell without a machine.
pub(super) fn vendor_title((product, title): &(Option<ProductId>, ToldTitle)) -> wire::VendorTitle {
    wire::VendorTitle {
        family: product.as_ref().map(family_of_product),
        title: wire::ToldTitle {
            name: title.name.clone(),
            version: title.version.clone(),
            publisher: title.publisher.clone(),
            told: tellings(std::slice::from_ref(title)),
        },
    }
}

/// The page of all versions of a product.
fn family_of_product(product: &ProductId) -> String {
    format!("product:{product}")
}

/// A title of which tools tell without a machine.
fn told_title(shown: &ShownTitle) -> Option<wire::ToldTitle> {
    let row = &shown.software;
    (!shown.told.is_empty()).then(|| wire::ToldTitle {
        name: row.name.clone(),
        version: row.version.clone(),
        publisher: row.publisher.clone(),
        told: tellings(&shown.told),
    })
}

/// What is told of without a machine and some instrument speaks of.
pub(super) fn told_findings(asked: &Asked<'_>, exposure: &Exposure, told: &[ToldFinding]) -> Vec<wire::ToldFinding> {
    let line = |told: &ToldFinding| {
        let tellers = told.tellers();
        let same = exposure.findings.iter().filter(|finding| finding.subject == told.subject);
        wire::ToldFinding {
            id: told.subject_id().to_owned(),
            family: told.product.as_ref().map(|product| family_of_product(&product.id)),
            title: told.title(),
            vendor: vendor_ref(asked.catalogue(), &told.vendor.id),
            tier: told.tier().into(),
            tools: tellers.iter().map(|known| teller(&known.origin)).collect(),
            at: tellers.first().map(|known| known.at.clone()).unwrap_or_default(),
            titles: count(told.titles.len()),
            machines: count(machines_with(same).len()),
        }
    };
    told.iter().map(line).collect()
}

/// The page of all versions of a product or title.
pub(crate) fn family(
    asked: &Asked<'_>,
    fleet: &Fleet,
    titles: &Titles,
    tiers: &TitleTiers,
    (id, family): (&str, &Family),
) -> Option<wire::FamilyPage> {
    let shown = software_row(asked, titles, tiers, family.titles.first()?)?;
    let rows = || family.titles.iter().map(|shown| &shown.software);
    let names: BTreeSet<&String> = rows().map(|row| &row.name).collect();
    let publishers: BTreeSet<&String> = rows().filter_map(|row| row.publisher.as_ref()).collect();
    let sources: BTreeSet<ObservationSource> = rows().flat_map(|row| row.sources.iter().copied()).collect();
    let version = |held: &interdict_app::VersionHeld| wire::VersionCount {
        version: held.version.clone(),
        machines: count(held.machines.len()),
    };
    Some(wire::FamilyPage {
        id: id.to_owned(),
        name: shown.product.unwrap_or(shown.name),
        vendor: shown.vendor,
        tier: shown.tier,
        names: names.into_iter().cloned().collect(),
        publishers: publishers.into_iter().cloned().collect(),
        sources: sources.into_iter().map(source_in_words).collect(),
        versions: family.versions.iter().map(version).collect(),
        told: family.titles.iter().filter_map(told_title).collect(),
        machines_with: count(family.machines.len()),
        machines_without: count(fleet.len().saturating_sub(family.machines.len())),
    })
}

/// A part of those who have something, or have not.
pub(crate) fn holders(
    asked: &Asked<'_>,
    family: &Family,
    (fleet, tiers, chosen): &ChosenMachines,
    all: usize,
    part: (u32, u32),
) -> wire::HoldersPage {
    let row = |place: &usize| {
        let machine = machine_row(asked, fleet, tiers, *place)?;
        Some(wire::HolderRow { machine, versions: versions_on(family, fleet, *place) })
    };
    wire::HoldersPage {
        rows: page(&chosen.places, part).iter().filter_map(row).collect(),
        total: count(chosen.places.len()),
        all: count(all),
        facets: machine_facets(&chosen.facets),
    }
}

/// The versions that the machine at a place has.
pub(super) fn versions_on(family: &Family, fleet: &Fleet, place: usize) -> Vec<String> {
    let on = fleet.machine(place).and_then(|listed| family.on.get(&listed.number));
    let version = |at: &usize| family.versions.get(*at).map(|held| held.version.clone());
    on.into_iter().flatten().filter_map(version).collect()
}

/// The saved views.
pub(crate) fn views(list: ViewList) -> wire::SavedViews {
    let view = |view: View| wire::SavedView { list: view.list, name: view.name, search: view.search };
    wire::SavedViews { views: list.views.into_iter().map(view).collect() }
}
