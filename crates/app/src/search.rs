//! Finding anything by a part of its name: vendors, products, people, companies, instruments, machines.
//!
//! This is for going somewhere in the app. Names are compared without case and accents and in every script the catalogue
//! knows; nothing is guessed (fuzzy names of parties are screening's work).

use interdict_identify::normalise;
use interdict_model::{Person, Product, Restriction, Vendor};
use interdict_store::{NamedMachine, Store};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::error::AppError;
use crate::told::{ToldCount, ToldCounts};
use crate::workbench::Workbench;

/// What kind of thing was found; in the order in which equally good finds are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundKind {
    /// A vendor.
    Vendor,
    /// A product.
    Product,
    /// A person.
    Person,
    /// A company in law.
    Entity,
    /// An instrument.
    Restriction,
    /// A machine.
    Machine,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What kind.
    pub kind: FoundKind,
    /// Its id.
    pub id: String,
    /// The vendor it belongs to; of an instrument, the first it speaks of.
    pub vendor: Option<String>,
    /// Its name.
    pub title: String,
    /// What it is.
    pub subtitle: String,
    /// What tools tell of it without saying on which machines: of a vendor and its companies all that is the vendor's. It is
    /// no word on whether it is on any machine.
    pub told: Option<ToldCount>,
}

/// How well a name fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Start,
    WordStart,
    Inside,
    Words,
}

impl Workbench {
    /// What bears a name that holds the query, best first, at most `limit`; nothing for an empty query.
    pub fn search(&self, store: &Store, told: &ToldCounts, query: &str, limit: usize) -> Result<Vec<Found>, AppError> {
        let wanted = folded(query);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut hits: Vec<(Fit, Found)> = Vec::new();
        for vendor in self.catalogue().vendors() {
            push(&mut hits, &wanted, vendor_names(vendor), || of_vendor(vendor));
            for product in &vendor.products {
                push(&mut hits, &wanted, product_names(product), || of_product(vendor, product));
            }
            for person in &vendor.people {
                push(&mut hits, &wanted, person_names(person), || of_person(vendor, person));
            }
            for entity in &vendor.entities {
                let names = std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.former_names);
                push(&mut hits, &wanted, names.map(String::as_str), || Found {
                    kind: FoundKind::Entity,
                    id: entity.id.to_string(),
                    vendor: Some(vendor.id.to_string()),
                    title: entity.name.clone(),
                    subtitle: format!("company of {}", vendor.name),
                    told: None,
                });
            }
        }
        for restriction in self.catalogue().restrictions() {
            push(&mut hits, &wanted, restriction_names(restriction), || self.of_restriction(restriction));
        }
        for machine in store.named(&store.all_machines()?)? {
            push(&mut hits, &wanted, std::iter::once(machine.hostname.as_str()), || of_machine(&machine));
        }
        hits.sort_by(|(left_fit, left), (right_fit, right)| {
            (left_fit, left.kind, left.title.len(), &left.title, &left.id).cmp(&(
                right_fit,
                right.kind,
                right.title.len(),
                &right.title,
                &right.id,
            ))
        });
        let shown = hits.into_iter().take(limit);
        shown.map(|(_, found)| with_system(store, Found { told: self.told_of(told, &found), ..found })).collect()
    }

    /// What is told without a machine of what was found.
    fn told_of(&self, told: &ToldCounts, found: &Found) -> Option<ToldCount> {
        match found.kind {
            FoundKind::Vendor | FoundKind::Entity => told.of_vendor(&found.vendor.as_deref()?.into()),
            FoundKind::Product => told.of_product(self.catalogue().product(&found.id.as_str().into())?).cloned(),
            FoundKind::Person | FoundKind::Restriction | FoundKind::Machine => None,
        }
    }

    fn of_restriction(&self, restriction: &Restriction) -> Found {
        let speaks_of =
            |vendor: &&Vendor| self.catalogue().restrictions_of(&vendor.id).any(|known| known.id == restriction.id);
        let vendor = self.catalogue().vendors().iter().find(speaks_of).map(|vendor| vendor.id.to_string());
        let issuer = self.catalogue().issuer(&restriction.issuer).map_or("", |issuer| issuer.short_name.as_str());
        Found {
            kind: FoundKind::Restriction,
            id: restriction.id.to_string(),
            vendor,
            title: restriction.short_title.clone(),
            subtitle: [issuer, restriction.title.as_str()].join(": "),
            told: None,
        }
    }
}

fn push<'n>(
    hits: &mut Vec<(Fit, Found)>,
    wanted: &str,
    names: impl Iterator<Item = &'n str>,
    found: impl FnOnce() -> Found,
) {
    if let Some(fit) = names.filter_map(|name| fit(&folded(name), wanted)).min() {
        hits.push((fit, found()));
    }
}

fn fit(name: &str, wanted: &str) -> Option<Fit> {
    if name == wanted {
        return Some(Fit::Whole);
    }
    let starts_word = |at: usize| name.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
    match name.find(wanted) {
        Some(0) => Some(Fit::Start),
        Some(_) if name.match_indices(wanted).any(|(at, _)| starts_word(at)) => Some(Fit::WordStart),
        Some(_) => Some(Fit::Inside),
        None if wanted.contains(' ') && wanted.split(' ').all(|word| name.contains(word)) => Some(Fit::Words),
        None => None,
    }
}

/// One form for all spellings, without accents.
pub(crate) fn folded(text: &str) -> String {
    let text = normalise(text);
    if text.is_ascii() {
        return text.into_owned();
    }
    text.nfd().filter(|letter| !is_combining_mark(*letter)).nfc().collect()
}

fn vendor_names(vendor: &Vendor) -> impl Iterator<Item = &str> {
    let others = vendor.names.iter().map(|name| name.text.as_str());
    std::iter::once(vendor.name.as_str()).chain(others).chain(vendor.aliases.iter().map(String::as_str))
}

fn product_names(product: &Product) -> impl Iterator<Item = &str> {
    std::iter::once(product.name.as_str()).chain(product.names.iter().map(|name| name.text.as_str()))
}

fn person_names(person: &Person) -> impl Iterator<Item = &str> {
    let others = person.names.iter().map(|name| name.text.as_str());
    std::iter::once(person.name.as_str()).chain(others).chain(person.aliases.iter().map(String::as_str))
}

fn restriction_names(restriction: &Restriction) -> impl Iterator<Item = &str> {
    let citations = restriction.citations.iter().map(String::as_str);
    [restriction.short_title.as_str(), restriction.title.as_str(), restriction.id.as_str()].into_iter().chain(citations)
}

fn of_vendor(vendor: &Vendor) -> Found {
    let scripts: Vec<&str> = vendor.names.iter().map(|name| name.text.as_str()).collect();
    let products = match vendor.products.len() {
        1 => "one product".to_owned(),
        count => format!("{count} products"),
    };
    Found {
        kind: FoundKind::Vendor,
        id: vendor.id.to_string(),
        vendor: Some(vendor.id.to_string()),
        title: vendor.name.clone(),
        subtitle: if scripts.is_empty() { products } else { scripts.join(", ") },
        told: None,
    }
}

fn of_product(vendor: &Vendor, product: &Product) -> Found {
    Found {
        kind: FoundKind::Product,
        id: product.id.to_string(),
        vendor: Some(vendor.id.to_string()),
        title: product.name.clone(),
        subtitle: vendor.name.clone(),
        told: None,
    }
}

fn of_person(vendor: &Vendor, person: &Person) -> Found {
    Found {
        kind: FoundKind::Person,
        id: person.id.to_string(),
        vendor: Some(vendor.id.to_string()),
        title: person.name.clone(),
        subtitle: format!("{} of {}", person.role, vendor.name),
        told: None,
    }
}

/// What it runs on is read of those that are shown.
fn of_machine(machine: &NamedMachine) -> Found {
    Found {
        kind: FoundKind::Machine,
        id: machine.machine_id.clone(),
        vendor: None,
        title: machine.hostname.clone(),
        subtitle: String::new(),
        told: None,
    }
}

fn with_system(store: &Store, mut found: Found) -> Result<Found, AppError> {
    if found.kind == FoundKind::Machine {
        let called = store.machines_called(&found.id)?;
        if let Some(row) = called.iter().find(|row| row.machine.id == found.id) {
            let os = &row.machine.os;
            let words = [os.name.as_str(), os.version.as_str()].into_iter().filter(|word| !word.is_empty());
            found.subtitle = words.collect::<Vec<_>>().join(" ");
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(query: &str) -> Vec<String> {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let store = Store::open_in_memory().expect("opens");
        let found = workbench.search(&store, &ToldCounts::default(), query, 20).expect("searches");
        found.into_iter().map(|found| format!("{:?} {}", found.kind, found.title)).collect()
    }

    #[test]
    fn the_best_name_comes_first() {
        assert_eq!(titles("kaspersky").first().map(String::as_str), Some("Vendor Kaspersky"));
        assert_eq!(titles("wazuh").first().map(String::as_str), Some("Vendor Wazuh"));
        assert_eq!(titles("tikhonov").first().map(String::as_str), Some("Person Andrei Tikhonov"));
        assert_eq!(titles("52434").first().map(String::as_str), Some("Restriction ICTS determination"));
        assert!(titles("endpoint linux").contains(&"Product Kaspersky Endpoint Security for Linux".to_owned()));
    }

    #[test]
    fn a_hit_says_who_tells_of_it_without_a_machine() {
        let workbench = Workbench::builtin().expect("the built-in catalogue");
        let mut store = Store::open_in_memory().expect("opens");
        let name = "Kaspersky Endpoint Security for Windows";
        crate::told::tests::tell(&mut store, &[(name, "12.4.0.467", Some(17)), (name, "9.0.0.1", Some(3))]);
        let told = workbench.count_told(&store, &workbench.read_told(&store).expect("reads")).expect("reads");
        let said = |query: &str, kind: FoundKind| {
            let found = workbench.search(&store, &told, query, 40).expect("searches");
            let first = found.into_iter().find(|found| found.kind == kind).expect("is found");
            first.told.map(|told| (told.titles, told.tellers[0].counted))
        };
        for (query, kind) in [
            ("касперского", FoundKind::Vendor),
            ("AO Kaspersky Lab", FoundKind::Entity),
            ("Kaspersky Endpoint Security for Windows", FoundKind::Product),
        ] {
            assert_eq!(said(query, kind), Some((2, Some((3, 17)))), "{query}");
        }
        for (query, kind) in [
            ("tikhonov", FoundKind::Person),
            ("52434", FoundKind::Restriction),
            ("acronis", FoundKind::Vendor),
            ("Kaspersky Endpoint Security for Linux", FoundKind::Product),
        ] {
            assert_eq!(said(query, kind), None, "{query}");
        }
    }

    #[test]
    fn names_are_found_in_other_scripts_and_without_accents() {
        for query in ["Лаборатория", "КАСПЕРСКОГО", "卡巴", "ｋａｓｐｅｒｓｋｙ"] {
            assert!(titles(query).contains(&"Vendor Kaspersky".to_owned()), "{query}");
        }
        assert_eq!(folded("Société Générale"), "societe generale");
        assert_eq!(folded("Касперский"), folded("КАСПЕРСКИЙ"));
    }

    #[test]
    fn nothing_and_nonsense_find_nothing() {
        assert!(titles("  ").is_empty());
        assert!(titles("zzzz").is_empty());
        assert_eq!(titles("a").len(), 20);
    }
}
