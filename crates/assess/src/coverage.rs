//! Whether an effect reaches a subject: scope, carve-outs, named companies, persons, embedded code (rules 4 to 6).

use interdict_catalogue::Catalogue;
use interdict_model::{
    Effect, Embedded, EntityId, Party, PartyKind, PersonId, Product, ProductClass, Restriction, Subject, Vendor,
    VendorId,
};

/// How an effect stands to a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// It does not speak of it at all.
    NotAbout,
    /// It reaches it; what it leaves alone, where there is something.
    Covered {
        /// Such as the carve-outs of a vendor asked for without a product.
        except: Option<String>,
    },
    /// It looks as if it did and does not; why.
    NotCovered(String),
    /// Whether it does depends on something not known; what.
    Unclear(String),
    /// It names people of the vendor, not the vendor.
    PeopleOnly {
        /// Who is listed.
        listed: Vec<PersonId>,
    },
    /// The subject was reported to hold the restricted vendor's engine.
    ReportedEmbedded(String),
}

/// How an effect stands to a subject.
pub(crate) fn coverage(
    catalogue: &Catalogue,
    restriction: &Restriction,
    effect: &Effect,
    subject: &Subject,
) -> Coverage {
    let scope = Scope::of(catalogue, restriction, effect);
    match subject {
        Subject::Vendor { vendor } => match catalogue.vendor(vendor) {
            Some(vendor) => of_vendor(&scope, vendor),
            None => Coverage::NotAbout,
        },
        Subject::Product { vendor, product } => match (catalogue.vendor(vendor), catalogue.product(product)) {
            (Some(vendor), Some(product)) => of_product(&scope, vendor, product),
            _ => Coverage::NotAbout,
        },
        Subject::Party { party } => of_party(&scope, party),
    }
}

/// The scope of one effect: the restriction's, narrowed.
struct Scope<'a> {
    catalogue: &'a Catalogue,
    restriction: &'a Restriction,
    vendors: &'a [VendorId],
    entities: &'a [EntityId],
    persons: Vec<&'a PersonId>,
    classes: &'a [ProductClass],
    embedded: Embedded,
}

impl<'a> Scope<'a> {
    fn of(catalogue: &'a Catalogue, restriction: &'a Restriction, effect: &'a Effect) -> Self {
        let scope = &restriction.scope;
        let is_narrowed = !(effect.entities.is_empty() && effect.persons.is_empty());
        let vendors: &[VendorId] = if is_narrowed { &[] } else { &scope.vendors };
        let entities: &[EntityId] = if is_narrowed { &effect.entities } else { &scope.entities };
        let persons = if is_narrowed {
            effect.persons.iter().collect()
        } else {
            scope.persons.iter().map(|listed| &listed.id).collect()
        };
        let classes = if effect.product_classes.is_empty() { &scope.product_classes } else { &effect.product_classes };
        let embedded = effect.embedded.or(scope.embedded).unwrap_or(Embedded::Silent);
        Self { catalogue, restriction, vendors, entities, persons, classes, embedded }
    }

    /// Whether the vendor or one of its owners is named as a group.
    fn names_group_of(&self, vendor: &Vendor) -> bool {
        let mut next = Some(vendor);
        // Owners are few; the bound keeps a circle in a broken catalogue from turning forever.
        for _ in 0..16 {
            let Some(current) = next else { return false };
            if self.vendors.contains(&current.id) {
                return true;
            }
            next = current.parent.as_ref().and_then(|parent| self.catalogue.vendor(parent));
        }
        false
    }

    fn named_entities_of(&self, vendor: &Vendor) -> bool {
        vendor.entities.iter().any(|entity| self.entities.contains(&entity.id))
    }

    /// Says which companies of the vendor are named and which are not.
    fn named_companies(&self, vendor: &Vendor) -> String {
        let (named, rest): (Vec<_>, Vec<_>) =
            vendor.entities.iter().partition(|entity| self.entities.contains(&entity.id));
        let names = |list: &[&interdict_model::LegalEntity]| {
            list.iter().map(|entity| entity.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        if rest.is_empty() {
            format!("names {} only", names(&named))
        } else {
            format!("names {} only; not named: {}", names(&named), names(&rest))
        }
    }

    fn listed_people_of(&self, vendor: &Vendor) -> Vec<PersonId> {
        let people = vendor.people.iter().filter(|person| self.persons.contains(&&person.id));
        people.map(|person| person.id.clone()).collect()
    }
}

fn of_vendor(scope: &Scope<'_>, vendor: &Vendor) -> Coverage {
    if scope.names_group_of(vendor) {
        return of_group(scope, vendor);
    }
    if scope.named_entities_of(vendor) {
        let classes = of_group(scope, vendor);
        let named = scope.named_companies(vendor);
        return match classes {
            Coverage::Covered { except } => {
                let except = except.map_or(named.clone(), |carved| format!("{named}; {carved}"));
                Coverage::Covered { except: Some(except) }
            }
            other => other,
        };
    }
    people_or_nothing(scope, vendor)
}

fn people_or_nothing(scope: &Scope<'_>, vendor: &Vendor) -> Coverage {
    let listed = scope.listed_people_of(vendor);
    if listed.is_empty() { Coverage::NotAbout } else { Coverage::PeopleOnly { listed } }
}

/// A vendor without a product: the worst over its product classes, each carve-out named (rule 5).
fn of_group(scope: &Scope<'_>, vendor: &Vendor) -> Coverage {
    let answers = || vendor.products.iter().map(|product| class_answer_of(scope, &product.classes));
    let has_products = vendor.products.iter().any(|product| !product.classes.is_empty());
    if has_products
        && answers().all(|answer| matches!(answer, ClassAnswer::CarvedOut(_) | ClassAnswer::NotAddressed(_)))
    {
        let list = words(scope.classes);
        return Coverage::NotCovered(format!("reaches {list} only, and no product of {} is that", vendor.name));
    }
    let carved = &scope.restriction.scope.except_classes;
    let except = (!carved.is_empty()).then(|| format!("carved out: {}", words(carved)));
    Coverage::Covered { except }
}

fn of_product(scope: &Scope<'_>, vendor: &Vendor, product: &Product) -> Coverage {
    let is_group = scope.names_group_of(vendor);
    if !is_group && !scope.named_entities_of(vendor) {
        return reported_embedded(scope, product).unwrap_or_else(|| people_or_nothing(scope, vendor));
    }
    let except = (!is_group).then(|| scope.named_companies(vendor));
    match class_answer_of(scope, &product.classes) {
        ClassAnswer::Covered => Coverage::Covered { except },
        ClassAnswer::CarvedOut(says) | ClassAnswer::NotAddressed(says) => Coverage::NotCovered(says),
        ClassAnswer::Unclear(says) => Coverage::Unclear(says),
    }
}

/// What an instrument that names another vendor says of a product that was reported to hold that vendor's engine.
fn reported_embedded(scope: &Scope<'_>, product: &Product) -> Option<Coverage> {
    let vendor = scope.catalogue.vendor(&product.vendor)?;
    let lead = vendor.embeds.iter().find(|embeds| {
        let engine = scope.catalogue.vendor(&embeds.engine_vendor);
        embeds.product == product.id
            && engine.is_some_and(|engine| scope.names_group_of(engine) || scope.named_entities_of(engine))
    })?;
    let ask = format!("{} Whether this build holds it is not known: ask the supplier.", lead.says);
    Some(match scope.embedded {
        Embedded::Covered => Coverage::ReportedEmbedded(ask),
        Embedded::NotCovered => {
            Coverage::NotCovered(format!("{} This instrument does not reach embedded code.", lead.says))
        }
        Embedded::Silent => Coverage::NotCovered(format!(
            "{} This instrument does not say whether it reaches embedded code.",
            lead.says
        )),
    })
}

fn of_party(scope: &Scope<'_>, party: &Party) -> Coverage {
    let (Some(id), Some(vendor)) = (&party.id, party.vendor.as_ref().and_then(|id| scope.catalogue.vendor(id))) else {
        return Coverage::NotAbout;
    };
    match party.kind {
        PartyKind::Unknown => Coverage::NotAbout,
        PartyKind::Person => {
            if scope.persons.iter().any(|person| person.as_str() == id) {
                return Coverage::Covered { except: None };
            }
            let listed = scope.listed_people_of(vendor);
            if listed.is_empty() {
                Coverage::NotAbout
            } else {
                Coverage::NotCovered(format!("{} is not among the {} it lists", party.name, people(listed.len())))
            }
        }
        PartyKind::Organisation => {
            if scope.names_group_of(vendor) || scope.entities.iter().any(|entity| entity.as_str() == id) {
                return of_group(scope, vendor);
            }
            if scope.named_entities_of(vendor) {
                return Coverage::NotCovered(scope.named_companies(vendor));
            }
            people_or_nothing(scope, vendor)
        }
    }
}

/// "person" or "twelve people" without pretending to spell every number.
pub(crate) fn people(count: usize) -> String {
    if count == 1 { "one person".to_owned() } else { format!("{count} people") }
}

/// What an instrument says of a product with certain classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassAnswer {
    /// It reaches it.
    Covered,
    /// It leaves it alone by a carve-out, named.
    CarvedOut(String),
    /// It reaches other classes only, named.
    NotAddressed(String),
    /// The product's class is not known and the instrument depends on it.
    Unclear(String),
}

/// What an instrument says of a product with certain classes, its group aside.
#[must_use]
pub fn class_answer(restriction: &Restriction, classes: &[ProductClass]) -> ClassAnswer {
    answer(&restriction.scope.product_classes, &restriction.scope.except_classes, classes)
}

fn class_answer_of(scope: &Scope<'_>, classes: &[ProductClass]) -> ClassAnswer {
    answer(scope.classes, &scope.restriction.scope.except_classes, classes)
}

fn answer(reached: &[ProductClass], carved: &[ProductClass], classes: &[ProductClass]) -> ClassAnswer {
    if reached.is_empty() && carved.is_empty() {
        return ClassAnswer::Covered;
    }
    if classes.is_empty() {
        return ClassAnswer::Unclear("the product's class is not known, and the instrument depends on it".to_owned());
    }
    let outside: Vec<ProductClass> = classes.iter().copied().filter(|class| !carved.contains(class)).collect();
    if outside.is_empty() {
        return ClassAnswer::CarvedOut(format!("{} is carved out", words(classes)));
    }
    if reached.is_empty() || outside.iter().any(|class| reached.contains(class)) {
        return ClassAnswer::Covered;
    }
    ClassAnswer::NotAddressed(format!("reaches {} only", words(reached)))
}

/// Classes as words of a sentence.
fn words(classes: &[ProductClass]) -> String {
    classes.iter().map(|class| class.as_str().replace('-', " ")).collect::<Vec<_>>().join(", ")
}
