//! Vendors, and one vendor's dossier.

mod families;
mod parties;
mod relations;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use interdict_app::catalogue::Catalogue;
use interdict_app::store::DetectionRow;
use interdict_app::{Exposure, FleetFinding, ToldCount, ToldCounts, ToldVendor, VendorStanding, restriction_standing};
use interdict_model::{Capacity, Day, Profile, Restriction, Side, Statement, Subject, Tier, Vendor, VendorId, Verdict};

use super::places::country;
use super::purchase::purchase_sentence;
use super::restrictions::state_word;
use super::software::{told_count, vendor_title};
use super::words::figure_label;
use super::{Asked, activity_tiers, answers, count, reference, timeline};
use crate::wire;

/// At most so many lines of "May we buy it?".
const MOST_PROFILES: usize = 14;
/// At most so many places where it is used are told.
pub(crate) const MOST_USED: usize = 100;
/// At most so many titles are told of which tools tell without a machine.
const MOST_TOLD: usize = 100;
/// Profiles that are told whether or not an instrument speaks to them, beside those asked with.
const USUAL: [&str; 4] = ["us-private", "de-private", "eu-private", "research"];

/// All vendors: worst for us first, then most used here.
pub(crate) fn vendors(asked: &Asked<'_>, exposure: &Exposure, told: &ToldCounts) -> wire::VendorsReply {
    let mut standings = asked.workbench.vendor_standings(exposure, &asked.circumstances);
    standings.sort_by(|left, right| {
        let weight = |standing: &VendorStanding| (standing.verdict.tier.rank(), standing.machines);
        weight(right).cmp(&weight(left)).then_with(|| left.vendor.cmp(&right.vendor))
    });
    let row = |standing: &VendorStanding| {
        let told = told.of_vendor(&standing.vendor);
        Some(row(asked, asked.catalogue().vendor(&standing.vendor)?, standing, told.as_ref()))
    };
    wire::VendorsReply { rows: standings.iter().filter_map(row).collect() }
}

/// Everything known of a vendor; nothing for one the catalogue does not hold.
pub(crate) fn dossier(
    asked: &Asked<'_>,
    exposure: &Exposure,
    (used, told): (&[(&FleetFinding, DetectionRow)], Option<&ToldVendor>),
    subject: &Subject,
    id: &str,
) -> Option<wire::VendorDossier> {
    let catalogue = asked.catalogue();
    let vendor = catalogue.vendor(&VendorId::new(id))?;
    let standing = asked.workbench.vendor_standing(exposure, &asked.circumstances, vendor);
    let parties = parties::parties(asked, vendor);
    let columns = families::columns(asked, vendor, subject);
    let timeline = timeline(asked, subject);
    let owners = relations::owners(asked, vendor);
    Some(wire::VendorDossier {
        row: row(asked, vendor, &standing, told.map(ToldVendor::count).as_ref()),
        website: vendor.website.clone(),
        headquarters: vendor.headquarters.as_ref().map(|seat| {
            let place = country(&seat.country);
            seat.city.as_ref().map_or(place.clone(), |city| format!("{city}, {place}"))
        }),
        note: vendor.note.clone(),
        relations: relations::relations(asked, vendor),
        related: relations::related(asked, vendor),
        goods: relations::goods(vendor),
        naming: count(relations::naming(catalogue, vendor)),
        checked: relations::checked(asked, vendor, &owners, &timeline),
        owners,
        purchase_sentence: purchase_sentence(asked, &standing.verdict),
        matrix: matrix(asked, subject, &standing.verdict),
        answers: answers(catalogue, &standing.verdict),
        timeline,
        families: families::families(catalogue, vendor, &columns),
        family_columns: columns.iter().map(|restriction| reference(catalogue, &restriction.id)).collect(),
        entities: parties.entities,
        people: parties.people,
        not_listed: parties.not_listed,
        footprint: vendor
            .footprint
            .iter()
            .map(|footprint| wire::FootprintRow {
                label: figure_label(footprint.figure).to_owned(),
                value: footprint.value.clone(),
                says: footprint.says.clone(),
                as_of: footprint.as_of.map(|day| day.to_string()),
                source: footprint.source.clone(),
            })
            .collect(),
        statements: vendor.statements.iter().map(|statement| statement_row(catalogue, statement)).collect(),
        sources: sources(asked, vendor),
        used_here: used.iter().map(|(finding, row)| used_here(finding, row)).collect(),
        used_total: count(exposure.of_vendor(&vendor.id).map(FleetFinding::machine_count).sum()),
        told: told.into_iter().flat_map(|told| &told.titles).take(MOST_TOLD).map(vendor_title).collect(),
    })
}

fn row(asked: &Asked<'_>, vendor: &Vendor, standing: &VendorStanding, told: Option<&ToldCount>) -> wire::VendorRow {
    wire::VendorRow {
        id: vendor.id.to_string(),
        name: vendor.name.clone(),
        names: vendor
            .names
            .iter()
            .map(|name| wire::ScriptName { text: name.text.clone(), script: name.script.to_string() })
            .collect(),
        country: vendor.headquarters.as_ref().map(|seat| seat.country.clone()),
        products: count(vendor.products.len()),
        machines: count(standing.machines),
        products_here: count(standing.products_here),
        told: told.map(told_count),
        tier: standing.verdict.tier.into(),
        purchase: standing.verdict.headline.purchase.into(),
        restrictions: count(asked.catalogue().restrictions_of(&vendor.id).count()),
    }
}

/// One line of "May we buy it?" before it is one.
struct Line<'a> {
    profile: &'a Profile,
    verdict: Verdict,
    /// Told whether or not an instrument speaks to it.
    stays: bool,
    /// The worst that an instrument says to it by a capacity of its own, not merely to anyone.
    spoken_to: Tier,
    /// How many instruments do.
    instruments: usize,
}

/// "May we buy it?": ours first, then each of ours and the usual ones alone, then those that instruments of the day
/// speak to, each jurisdiction once before any of them twice; nobody in particular last.
fn matrix(asked: &Asked<'_>, subject: &Subject, ours: &Verdict) -> Vec<wire::MatrixRow> {
    let mut lines = chosen(lines(asked, subject));
    let weight = |profile: &Profile| {
        let theirs = |restriction: &&Restriction| Some(&restriction.jurisdiction) == profile.jurisdiction.as_ref();
        asked.catalogue().restrictions().iter().filter(theirs).count()
    };
    lines.sort_by_key(|line| {
        let profile = line.profile;
        let is_public = !profile.id.as_str().ends_with("-private");
        let nobody = profile.capacities.is_empty();
        (nobody, Reverse(weight(profile)), profile.jurisdiction.clone(), is_public, profile.id.clone())
    });
    let first = wire::MatrixRow { profile: None, title: "Your profile".to_owned(), activities: activity_tiers(ours) };
    let rest = lines.into_iter().map(|line| wire::MatrixRow {
        profile: Some(line.profile.id.to_string()),
        title: line.profile.title.clone(),
        activities: activity_tiers(&line.verdict),
    });
    std::iter::once(first).chain(rest).collect()
}

fn lines<'a>(asked: &'a Asked<'_>, subject: &Subject) -> Vec<Line<'a>> {
    let line = |profile: &'a Profile| {
        let id = profile.id.as_str();
        let circumstances = asked.workbench.circumstances(&[id.to_owned()], asked.as_of()).ok()?;
        let verdict = asked.workbench.assess(subject, &circumstances);
        let reasons = verdict.activities.values().flat_map(|answer| &answer.reasons);
        let own: Vec<_> = reasons.filter(|reason| reason.via != Some(Capacity::ANYONE)).collect();
        let instruments: BTreeSet<_> = own.iter().map(|reason| &reason.restriction).collect();
        let spoken_to = own.iter().map(|reason| reason.tier).fold(Tier::None, Tier::worst);
        let instruments = instruments.len();
        let stays = USUAL.contains(&id) || asked.profiles.iter().any(|own| own == id);
        Some(Line { profile, verdict, stays, spoken_to, instruments })
    };
    let profiles = asked.catalogue().profiles().iter();
    profiles.filter(|profile| !profile.id.as_str().starts_with("us-state-")).filter_map(line).collect()
}

/// Those that stay, and of the others as many as there is room for.
fn chosen(lines: Vec<Line<'_>>) -> Vec<Line<'_>> {
    let (mut chosen, mut others): (Vec<Line<'_>>, Vec<Line<'_>>) = lines.into_iter().partition(|line| line.stays);
    let is_told = |other: &Line<'_>| {
        let same = |line: &&Line<'_>| line.profile.jurisdiction == other.profile.jurisdiction;
        chosen.iter().filter(same).any(|line| activity_tiers(&line.verdict) == activity_tiers(&other.verdict))
    };
    others.retain(|other| other.spoken_to != Tier::None && !is_told(other));
    others.sort_by_key(|line| (Reverse(line.spoken_to.rank()), Reverse(line.instruments), line.profile.id.clone()));
    let mut times: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, Line<'_>)> = Vec::new();
    for line in others {
        let time = times.entry(line.profile.jurisdiction.clone()).or_default();
        ranked.push((*time, line));
        *time += 1;
    }
    ranked.sort_by_key(|(time, _)| *time);
    let room = (MOST_PROFILES - 1).saturating_sub(chosen.len());
    chosen.extend(ranked.into_iter().map(|(_, line)| line).take(room));
    chosen
}

fn statement_row(catalogue: &Catalogue, statement: &Statement) -> wire::StatementRow {
    let side = match statement.side {
        Side::Issuer => "issuer",
        Side::Vendor => "vendor",
        Side::Government => "government",
    };
    wire::StatementRow {
        side: side.to_owned(),
        by: statement.by.clone(),
        date: statement.date.map(|day| day.to_string()),
        quote: statement.quote.clone(),
        says: statement.says.clone(),
        about: statement.about.as_ref().map(|id| reference(catalogue, id)),
        source: statement.source.clone(),
    }
}

/// The instruments that speak of the vendor, newest first.
fn sources(asked: &Asked<'_>, vendor: &Vendor) -> Vec<wire::SourceRow> {
    let mut restrictions: Vec<&Restriction> = asked.catalogue().restrictions_of(&vendor.id).collect();
    restrictions.sort_by(|left, right| (published(right), &left.id).cmp(&(published(left), &right.id)));
    restrictions.into_iter().map(|restriction| source_row(asked, restriction)).collect()
}

fn source_row(asked: &Asked<'_>, restriction: &Restriction) -> wire::SourceRow {
    let mut documents: Vec<_> = restriction.sources.iter().collect();
    documents.sort_by_key(|source| source.kind);
    wire::SourceRow {
        restriction: reference(asked.catalogue(), &restriction.id),
        title: restriction.title.clone(),
        citations: restriction.citations.clone(),
        verification: restriction.verification.into(),
        verification_note: restriction.verification_note.clone(),
        published: published(restriction).to_string(),
        urls: documents.iter().map(|source| source.url.clone()).collect(),
        checked: documents.iter().map(|source| source.checked).max().map(|day| day.to_string()),
        standing: state_word(restriction_standing(restriction, &asked.circumstances).state).to_owned(),
    }
}

fn published(restriction: &Restriction) -> Day {
    restriction.published.unwrap_or(restriction.announced)
}

/// One place where it is used.
fn used_here(finding: &FleetFinding, row: &DetectionRow) -> wire::UsedHere {
    wire::UsedHere {
        finding: finding.id.clone(),
        hostname: row.hostname.clone(),
        title: finding.title(),
        version: row.detection.version.clone(),
        presence: row.detection.presence.into(),
        tier: finding.tier().into(),
    }
}

/// Every address that a source of the catalogue has: only these are opened in a browser.
pub(crate) fn source_addresses(catalogue: &Catalogue) -> BTreeSet<&str> {
    let of_restrictions = catalogue.restrictions().iter().flat_map(|restriction| &restriction.sources);
    let of_vendors = catalogue.vendors().iter().flat_map(|vendor| {
        let footprints = vendor.footprint.iter().map(|footprint| footprint.source.as_str());
        let statements = vendor.statements.iter().map(|statement| statement.source.as_str());
        let entities = vendor.entities.iter().filter_map(|entity| entity.source.as_deref());
        let people = vendor.people.iter().filter_map(|person| person.source.as_deref());
        let relations = vendor.relations.iter().filter_map(|relation| relation.source.as_deref());
        let goods = vendor.goods.iter().filter_map(|claim| claim.source.as_deref());
        footprints.chain(statements).chain(entities).chain(people).chain(relations).chain(goods)
    });
    let issuers = catalogue.issuers().filter_map(|issuer| issuer.website.as_deref());
    of_restrictions
        .map(|source| source.url.as_str())
        .chain(of_vendors)
        .chain(issuers)
        .filter(|address| address.starts_with("https://"))
        .collect()
}
