//! Whether an effect reaches a subject: scope, carve-outs, named companies, persons, embedded code (rules 4 to 6).

use interdict_catalogue::Catalogue;
use interdict_model::{
    Day, Effect, Embedded, Goods, Party, PartyKind, PersonId, Product, ProductClass, Restriction, Subject, Vendor,
};

use crate::scope::Scope;

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
    /// It names a company that owns the vendor, not the vendor; who owns it and who is named.
    OwnersOnly(String),
    /// It names a vendor whose business this one carries on; how.
    Predecessor(String),
    /// The subject was reported to hold the restricted vendor's engine.
    ReportedEmbedded(String),
}

/// How an effect stands to a subject on a day.
pub(crate) fn coverage(
    catalogue: &Catalogue,
    restriction: &Restriction,
    effect: &Effect,
    subject: &Subject,
    day: Day,
) -> Coverage {
    let scope = Scope::of(catalogue, restriction, effect, day);
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

fn of_vendor(scope: &Scope<'_>, vendor: &Vendor) -> Coverage {
    if scope.names_group_of(vendor) {
        return of_group(scope, vendor);
    }
    if scope.names_entity_of(vendor) {
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
    beside(scope, vendor, None)
}

/// What an instrument that names neither the vendor's group nor its companies says of it all the same.
fn beside(scope: &Scope<'_>, vendor: &Vendor, product: Option<&Product>) -> Coverage {
    if !scope.goods.is_empty()
        && let Some(answer) = of_goods(scope, vendor, product)
    {
        return answer;
    }
    if !scope.extends().is_empty()
        && let Some(answer) = of_affiliate(scope, vendor)
    {
        return answer;
    }
    if let Some((owner, named)) = scope.named_owner_of(vendor) {
        return Coverage::OwnersOnly(format!(
            "{} belongs to {}; {named} is named, {0} is not",
            vendor.name, owner.name
        ));
    }
    if let Some(answer) = of_predecessor(scope, vendor) {
        return answer;
    }
    let listed = scope.listed_people_of(vendor);
    if listed.is_empty() { Coverage::NotAbout } else { Coverage::PeopleOnly { listed } }
}

/// What a class of goods is to a vendor or product. Where a vendor belongs is stated in its file, never derived.
fn of_goods(scope: &Scope<'_>, vendor: &Vendor, product: Option<&Product>) -> Option<Coverage> {
    let is_equipment = !scope.goods.iter().any(|goods| goods.is_software());
    let reach = phrases(scope.goods);
    let claim = scope.goods_claim_of(vendor);
    if let Some(product) = product.filter(|_| is_equipment) {
        if product.goods.iter().any(|goods| scope.goods.contains(goods)) {
            return Some(Coverage::Covered { except: None });
        }
        claim.filter(|claim| claim.belongs)?;
        return Some(Coverage::NotCovered(format!("reaches {reach} only, and {} is software", product.name)));
    }
    match claim {
        Some(claim) if claim.belongs => {
            let except = Some(format!("reaches {reach} only. {}", claim.says));
            Some(match class_answer_for(scope, vendor, product) {
                Coverage::Covered { .. } => Coverage::Covered { except },
                other => other,
            })
        }
        Some(claim) => Some(Coverage::NotCovered(claim.says.clone())),
        None if is_equipment => None,
        None => Some(match class_answer_for(scope, vendor, product) {
            Coverage::Covered { .. } => Coverage::Unclear(format!(
                "it reaches {reach}; whether {} is one of them is not stated in the catalogue",
                vendor.name
            )),
            other => other,
        }),
    }
}

fn class_answer_for(scope: &Scope<'_>, vendor: &Vendor, product: Option<&Product>) -> Coverage {
    match product {
        None => of_group(scope, vendor),
        Some(product) => of_classes(scope, product, None),
    }
}

/// A rule that reaches the affiliates of listed companies.
fn of_affiliate(scope: &Scope<'_>, vendor: &Vendor) -> Option<Coverage> {
    if let Some(list) = scope.extended_list_naming(vendor) {
        let says = format!(
            "{} names companies of {}; it reaches those they own to half or more",
            list.short_title, vendor.name
        );
        return Some(Coverage::Covered { except: Some(says) });
    }
    let (owner, list) =
        scope.owners_of(vendor).into_iter().find_map(|owner| Some((owner, scope.extended_list_naming(owner)?)))?;
    let says = format!("{} belongs to {}, which {} names", vendor.name, owner.name, list.short_title);
    Some(Coverage::Covered { except: Some(says) })
}

/// A vendor that carries on what the instrument names.
fn of_predecessor(scope: &Scope<'_>, vendor: &Vendor) -> Option<Coverage> {
    vendor.predecessors().find_map(|(id, relation)| {
        let predecessor = scope.catalogue.vendor(id)?;
        let is_named = scope.names_group_of(predecessor) || scope.names_entity_of(predecessor);
        is_named.then(|| Coverage::Predecessor(relation.says.clone()))
    })
}

/// A vendor without a product: the worst over its product classes, each carve-out named (rule 5).
fn of_group(scope: &Scope<'_>, vendor: &Vendor) -> Coverage {
    if let Some(named) = scope.named_products_of(vendor) {
        return if named.is_empty() {
            Coverage::NotAbout
        } else {
            Coverage::Covered { except: Some(format!("of {} it names {named} only", vendor.name)) }
        };
    }
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
    if !is_group && !scope.names_entity_of(vendor) {
        return reported_embedded(scope, product).unwrap_or_else(|| beside(scope, vendor, Some(product)));
    }
    of_classes(scope, product, (!is_group).then(|| scope.named_companies(vendor)))
}

/// What the classes of a product that is otherwise reached come to.
fn of_classes(scope: &Scope<'_>, product: &Product, except: Option<String>) -> Coverage {
    if scope.leaves_out(product) {
        let vendor = scope.catalogue.vendor(&product.vendor);
        let named = vendor.and_then(|vendor| scope.named_products_of(vendor)).unwrap_or_default();
        let other = if named.is_empty() { "other products".to_owned() } else { named };
        return Coverage::NotCovered(format!("names {other} only"));
    }
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
            && engine.is_some_and(|engine| scope.names_group_of(engine) || scope.names_entity_of(engine))
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
            if scope.names_person(id) {
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
            if scope.names_group_of(vendor) || scope.names_entity(id) {
                return of_group(scope, vendor);
            }
            if scope.names_entity_of(vendor) {
                return Coverage::NotCovered(scope.named_companies(vendor));
            }
            of_unlisted_sibling(scope, vendor, &party.name, id).unwrap_or_else(|| beside(scope, vendor, None))
        }
    }
}

/// A company of a vendor whose other companies a list names: a rule on affiliates may reach it.
fn of_unlisted_sibling(scope: &Scope<'_>, vendor: &Vendor, name: &str, id: &str) -> Option<Coverage> {
    if scope.extends().is_empty() {
        return None;
    }
    let list = scope.extended_list_naming(vendor)?;
    let is_listed = list.scope.entities.iter().any(|entity| entity.as_str() == id);
    (!is_listed).then(|| {
        let doubt = format!("who owns {name}, and to what share, is not stated in the catalogue");
        Coverage::Unclear(format!("{} names other companies of {}; {doubt}", list.short_title, vendor.name))
    })
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

/// Classes of goods as words of a sentence.
fn phrases(goods: &[Goods]) -> String {
    goods.iter().map(|goods| goods.phrase()).collect::<Vec<_>>().join(", ")
}

/// Classes as words of a sentence.
fn words(classes: &[ProductClass]) -> String {
    classes.iter().map(|class| class.as_str().replace('-', " ")).collect::<Vec<_>>().join(", ")
}
