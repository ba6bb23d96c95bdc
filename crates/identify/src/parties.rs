//! People and companies by exact name, after normalisation.
//!
//! "TIKHONOV, Andrey" and "Andrey Tikhonov" are one name; "Andrej Tichonow" is another (fuzzy names are screening's work).

use interdict_catalogue::Catalogue;
use interdict_model::{Party, PartyKind, Person, Vendor};

use crate::normalise::normalise_publisher;

/// Every party of the catalogue that bears a name; none, one, or several when the name is ambiguous.
///
/// `listed_by` is left empty: who lists a party on a day is the assessment's answer.
#[must_use]
pub fn find_parties(catalogue: &Catalogue, name: &str) -> Vec<Party> {
    let wanted = name_key(name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for vendor in catalogue.vendors() {
        let people = vendor.people.iter().filter(|person| person_names(person).any(|known| name_key(known) == wanted));
        found.extend(people.map(|person| person_party(vendor, person)));
        for entity in &vendor.entities {
            let mut names = std::iter::once(&entity.name).chain(&entity.aliases).chain(&entity.former_names);
            if names.any(|known| name_key(known) == wanted) {
                found.push(Party {
                    id: Some(entity.id.to_string()),
                    name: entity.name.clone(),
                    kind: PartyKind::Organisation,
                    roles: vec![format!("company of {}", vendor.name)],
                    vendor: Some(vendor.id.clone()),
                    listed_by: Vec::new(),
                });
            }
        }
    }
    found
}

fn person_names(person: &Person) -> impl Iterator<Item = &str> {
    let scripts = person.names.iter().map(|name| name.text.as_str());
    std::iter::once(person.name.as_str()).chain(scripts).chain(person.aliases.iter().map(String::as_str))
}

fn person_party(vendor: &Vendor, person: &Person) -> Party {
    Party {
        id: Some(person.id.to_string()),
        name: person.name.clone(),
        kind: PartyKind::Person,
        roles: vec![format!("{} of {}", person.role, vendor.name)],
        vendor: Some(vendor.id.clone()),
        listed_by: Vec::new(),
    }
}

/// The name in one form: family name last, no punctuation that spellings differ in.
fn name_key(name: &str) -> String {
    let turned = match name.split_once(',') {
        // A comma before a legal form ("Kaspersky Lab, Inc.") is no family name.
        Some((family, given)) if !is_legal_form(given) => format!("{} {}", given.trim(), family.trim()),
        _ => name.to_owned(),
    };
    let folded = normalise_publisher(&turned).replace(['.', ',', '"', '«', '»', '“', '”', '\''], " ");
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_legal_form(text: &str) -> bool {
    let form: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    matches!(
        form.as_str(),
        "inc"
            | "llc"
            | "ltd"
            | "limited"
            | "ao"
            | "ooo"
            | "zao"
            | "jsc"
            | "gmbh"
            | "ag"
            | "corp"
            | "co"
            | "coltd"
            | "sa"
            | "bv"
    )
}
