//! `collisions`: every fingerprint tried on public records, and what is taken for another vendor's.
//!
//! A record is shown to the fingerprints without its publisher. Who made it is known apart from them: from the publisher's
//! name, from the home page, or from a label made by hand. Where both are known vendors and not of one family, a
//! fingerprint is too short or too general, or a name is shared and nobody has said so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use interdict_catalogue::{Catalogue, SourceFile, parse};
use interdict_identify::Identifier;
use interdict_model::{Observation, ObservationSource, RelationKind, VendorId};

use crate::records::{self, Record};
use crate::table::table;

/// One record that a rule takes for another vendor's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Collision {
    /// The rule, with its holder.
    rule: String,
    record: String,
    taken_for: VendorId,
    is: VendorId,
    by: &'static str,
}

/// Runs over the data and says what collides; without the data it says so and is done.
pub(crate) fn run(files: &[SourceFile], data: &Path) -> anyhow::Result<ExitCode> {
    if !data.is_dir() {
        println!("skipped: there is no folder {} of public records; name it with INTERDICT_TEST_DATA", data.display());
        return Ok(ExitCode::SUCCESS);
    }
    let read = records::read(data)?;
    let labels: BTreeMap<String, String> = records::labels(data)?.into_iter().collect();
    read.missing.iter().for_each(|missing| println!("not looked at: {missing}"));
    let (catalogue, _) = parse(files);
    let known = Known::of(&catalogue, labels);
    let found: BTreeSet<Collision> = read.records.iter().flat_map(|record| known.collisions(record)).collect();
    let rows: Vec<[String; 5]> = found
        .iter()
        .map(|one| {
            [one.rule.clone(), one.record.clone(), one.taken_for.to_string(), one.is.to_string(), one.by.to_owned()]
        })
        .collect();
    if !rows.is_empty() {
        println!("{}", table(["rule", "record", "taken for", "is", "by"], &rows));
    }
    println!("{} records, {} rules, {} collisions", read.records.len(), known.identifier.rule_count(), rows.len());
    Ok(if rows.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is known of vendors apart from the rule under test.
struct Known<'c> {
    catalogue: &'c Catalogue,
    identifier: Identifier,
    by_domain: BTreeMap<&'c str, &'c VendorId>,
    /// The vendor of a record's title, by hand.
    labels: BTreeMap<String, VendorId>,
}

impl<'c> Known<'c> {
    fn of(catalogue: &'c Catalogue, labels: BTreeMap<String, String>) -> Self {
        let vendors = catalogue.vendors();
        let by_domain = vendors.iter().filter_map(|vendor| Some((vendor.website.as_deref()?, &vendor.id))).collect();
        let by_name = |name: &str| vendors.iter().find(|vendor| vendor.name.eq_ignore_ascii_case(name));
        let labels = labels
            .into_iter()
            .filter_map(|(id, group)| Some((format!("winget {id}"), by_name(&group)?.id.clone())))
            .collect();
        Self { catalogue, identifier: Identifier::new(catalogue), by_domain, labels }
    }

    fn collisions(&self, record: &Record) -> Vec<Collision> {
        let makers = self.makers(record);
        // Where the maker's own names disagree, one of them must be right.
        let is_right = |vendor: &VendorId| makers.iter().any(|(maker, _)| self.is_family(vendor, maker));
        let Some((is, by)) = makers.first() else { return Vec::new() };
        let mut found = Vec::new();
        for observation in &record.seen {
            let identified = self.identifier.identify(observation);
            let Some(vendor) = identified.vendor.filter(|vendor| !is_right(vendor)) else { continue };
            found.extend(identified.matched.into_iter().map(|matched| Collision {
                rule: matched.rule,
                record: format!("{} \"{}\"", record.title, observation.title()),
                taken_for: vendor.clone(),
                is: is.clone(),
                by,
            }));
        }
        found
    }

    /// Who made it, by hand, by publisher and by home page.
    fn makers(&self, record: &Record) -> Vec<(VendorId, &'static str)> {
        let mut makers: Vec<(VendorId, &'static str)> = Vec::new();
        makers.extend(self.labels.get(&record.title).map(|vendor| (vendor.clone(), "label")));
        for publisher in &record.publishers {
            let observation =
                Observation { publisher: Some(publisher.clone()), ..Observation::new(ObservationSource::Programs) };
            makers.extend(self.identifier.identify(&observation).vendor.map(|vendor| (vendor, "publisher")));
        }
        let domain = record.domain.as_deref().and_then(|domain| self.by_domain.get(domain));
        makers.extend(domain.map(|vendor| ((*vendor).clone(), "home page")));
        makers
    }

    /// Whether two vendors are one, own each other, or come from each other, by way of whomever.
    fn is_family(&self, left: &VendorId, right: &VendorId) -> bool {
        let (left, right) = (self.forebears(left), self.forebears(right));
        left.intersection(&right).next().is_some()
    }

    /// The vendor, its owners and predecessors of whatever time, and theirs; those without a file by their names.
    fn forebears(&self, vendor: &VendorId) -> BTreeSet<String> {
        let mut reached = BTreeSet::from([vendor.to_string()]);
        let mut next = vec![vendor.clone()];
        while let Some(vendor) = next.pop().and_then(|id| self.catalogue.vendor(&id)) {
            let related = || vendor.relations.iter().filter(|relation| relation.kind != RelationKind::MigratedFrom);
            // "Symantec Corporation (enterprise business)" came from Symantec Corporation.
            let names = related().filter_map(|relation| relation.name.as_deref()?.split(" (").next());
            reached.extend(names.map(str::to_lowercase));
            let ids = related().filter_map(|relation| relation.vendor.as_ref()).chain(&vendor.parent);
            next.extend(ids.filter(|id| reached.insert(id.to_string())).cloned().collect::<Vec<_>>());
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendors() -> Vec<SourceFile> {
        let vendor = |id: &str, more: &str| {
            SourceFile::new(format!("vendors/{id}.toml"), format!("id = \"{id}\"\nname = \"{id} inc\"\n{more}"))
        };
        let print = |field: &str, value: &str| {
            format!(
                "\n[[fingerprint]]\nfield = \"{field}\"\nmatch = \"glob\"\nvalue = \"{value}\"\nconfidence = \"known\"\n"
            )
        };
        let came_from = |name: &str| {
            format!(
                "\n[[relation]]\nkind = \"successor-of\"\nname = \"{name}\"\nsays = \"x\"\nconfidence = \"known\"\n"
            )
        };
        vec![
            vendor("greedy", &print("display-name", "Guard*")),
            vendor("honest", &format!("website = \"honest.example\"\n{}", print("driver", "hon*"))),
            vendor("daughter", "parent = \"greedy\"\n"),
            vendor("left", &format!("{}{}", came_from("Old Co (one half)"), print("display-name", "Half*"))),
            vendor("right", &came_from("Old Co")),
        ]
    }

    fn found(record: &Record) -> Vec<String> {
        let (catalogue, complaints) = parse(&vendors());
        assert!(complaints.iter().all(|found| found.code == "catalogue/no-stamp"), "{complaints:?}");
        let known = Known::of(&catalogue, BTreeMap::from([("Labelled".to_owned(), "honest inc".to_owned())]));
        let found = known.collisions(record).into_iter();
        found.map(|one| format!("{} taken for {}, is {} by {}", one.record, one.taken_for, one.is, one.by)).collect()
    }

    fn record(title: &str, name: &str, publisher: &str, domain: Option<&str>) -> Record {
        Record {
            title: title.to_owned(),
            seen: vec![Observation { name: Some(name.to_owned()), ..Observation::new(ObservationSource::Programs) }],
            publishers: vec![publisher.to_owned()],
            domain: domain.map(str::to_owned),
        }
    }

    #[test]
    fn a_rule_that_takes_anothers_record_is_named() {
        let expected = |title: &str, by: &str| vec![format!("{title} \"Guard X\" taken for greedy, is honest by {by}")];
        assert_eq!(found(&record("one", "Guard X", "Honest Inc", None)), expected("one", "publisher"));
        assert_eq!(found(&record("one", "Guard X", "Nobody", Some("honest.example"))), expected("one", "home page"));
        assert_eq!(found(&record("winget Labelled", "Guard X", "Nobody", None)), expected("winget Labelled", "label"));
    }

    #[test]
    fn families_strangers_and_own_records_do_not_collide() {
        for (name, publisher) in [
            ("Guard X", "Greedy Inc"),
            ("Guard X", "Daughter Inc"),
            ("Guard X", "Nobody we know"),
            ("Honest X", "Honest Inc"),
            ("Guardian", "Honest Inc"),
            ("Half A", "Right Inc"),
        ] {
            assert_eq!(found(&record("one", name, publisher, None)), Vec::<String>::new(), "{name} by {publisher}");
        }
    }
}
