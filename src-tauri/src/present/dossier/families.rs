//! Families of products, and which instruments cover them.

use std::collections::BTreeMap;

use interdict_app::assess::{ClassAnswer, class_answer, lanes};
use interdict_app::catalogue::Catalogue;
use interdict_model::{
    Activity, Category, Day, Product, ProductClass, ProductStatus, Restriction, RestrictionScope, Subject, Tier, Vendor,
};

use super::super::restrictions::vendor_ref;
use super::super::{Asked, count};
use crate::wire;

/// At most so many columns.
const MOST_COLUMNS: usize = 6;

/// The weightiest instruments in force that speak of the vendor's products: those that touch us first, then by what they
/// do, then the newest. Lists of people, and of what may be sent to a company, are about something else.
pub(super) fn columns<'a>(asked: &Asked<'a>, vendor: &Vendor, subject: &Subject) -> Vec<&'a Restriction> {
    let catalogue = asked.workbench.catalogue();
    let in_force =
        |from: Day, until: Option<Day>| from <= asked.as_of() && until.is_none_or(|until| until > asked.as_of());
    let about_products = |activity: &Activity| match activity {
        Activity::Use
        | Activity::Remove
        | Activity::Buy
        | Activity::Renew
        | Activity::Update
        | Activity::Resell
        | Activity::Embed => true,
        Activity::Report | Activity::ExportTo | Activity::DealWith => false,
    };
    let mut weighed: Vec<(bool, u8, Day, &Restriction)> = lanes(catalogue, subject, &asked.circumstances)
        .into_iter()
        .filter_map(|lane| {
            let restriction = catalogue.restrictions_of(&vendor.id).find(|known| known.id == lane.restriction)?;
            let spans = lane.spans.iter().filter(|span| in_force(span.from, span.until));
            let spans: Vec<_> = spans.filter(|span| span.activities.iter().any(about_products)).collect();
            let worst = spans.iter().map(|span| span.tier).fold(Tier::None, Tier::worst);
            let from = spans.iter().map(|span| span.from).max()?;
            (worst.rank() >= Tier::Advisory.rank()).then_some((lane.touches, worst.rank(), from, restriction))
        })
        .collect();
    weighed.sort_by(|left, right| (right.0, right.1, right.2, &left.3.id).cmp(&(left.0, left.1, left.2, &right.3.id)));
    weighed.into_iter().map(|(_, _, _, restriction)| restriction).take(MOST_COLUMNS).collect()
}

/// The vendor's products by family, with what each instrument says of the family.
pub(super) fn families(catalogue: &Catalogue, vendor: &Vendor, columns: &[&Restriction]) -> Vec<wire::FamilyRow> {
    let mut families: BTreeMap<Family, Vec<&Product>> = BTreeMap::new();
    for product in &vendor.products {
        families.entry(family(product)).or_default().push(product);
    }
    families
        .into_iter()
        .map(|(family, products)| wire::FamilyRow {
            title: family.title().to_owned(),
            coverage: columns.iter().map(|restriction| coverage(restriction, &products)).collect(),
            products: products.into_iter().map(|product| family_product(catalogue, product)).collect(),
        })
        .collect()
}

fn family_product(catalogue: &Catalogue, product: &Product) -> wire::FamilyProduct {
    wire::FamilyProduct {
        id: product.id.to_string(),
        name: product.name.clone(),
        discontinued: product.status == ProductStatus::Discontinued,
        made_for: product.made_for.as_ref().map(|id| vendor_ref(catalogue, id)),
    }
}

/// What an instrument says of a family: where its products differ, the answer that reaches furthest, and of how many.
fn coverage(restriction: &Restriction, products: &[&Product]) -> wire::Coverage {
    let answers: Vec<ClassAnswer> =
        products.iter().map(|product| class_answer(restriction, &product.classes)).collect();
    let covered = answers.iter().filter(|answer| **answer == ClassAnswer::Covered).count();
    if covered > 0 && covered < answers.len() {
        let says = format!(
            "Reaches {} of {} products; the rest is carved out or not addressed.",
            count(covered),
            count(answers.len())
        );
        return wire::Coverage { answer: "covered".to_owned(), says };
    }
    let order = |answer: &ClassAnswer| match answer {
        ClassAnswer::Covered => 0,
        ClassAnswer::Unclear(_) => 1,
        ClassAnswer::CarvedOut(_) => 2,
        ClassAnswer::NotAddressed(_) => 3,
    };
    let (answer, says) = match answers.into_iter().min_by_key(order) {
        Some(ClassAnswer::Covered) => ("covered", reaches(restriction)),
        Some(ClassAnswer::CarvedOut(says)) => ("carved-out", says),
        Some(ClassAnswer::NotAddressed(says)) => ("not-addressed", says),
        Some(ClassAnswer::Unclear(says)) => ("unclear", says),
        None => ("unclear", "no product is known".to_owned()),
    };
    wire::Coverage { answer: answer.to_owned(), says: crate::error::sentence(&says) }
}

/// Why a family is covered.
fn reaches(restriction: &Restriction) -> String {
    let RestrictionScope { product_classes, except_classes, .. } = &restriction.scope;
    match (product_classes.as_slice(), except_classes.is_empty()) {
        ([], true) => "reaches every product of the vendor".to_owned(),
        ([], false) => "reaches every product that it does not carve out".to_owned(),
        (classes, _) => {
            let words: Vec<String> = classes.iter().map(|class| class_words(*class)).collect();
            format!("reaches {} products", words.join(" and "))
        }
    }
}

fn class_words(class: ProductClass) -> String {
    match class {
        ProductClass::AntiVirus => class.to_string(),
        _ => class.as_str().replace('-', " "),
    }
}

/// A family of products, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Endpoint,
    Management,
    Gateways,
    Privacy,
    Data,
    Industrial,
    Engine,
    ThreatIntelligence,
    Training,
    Other,
}

impl Family {
    fn title(self) -> &'static str {
        match self {
            Self::Endpoint => "Anti-virus, endpoint, EDR",
            Self::Management => "Management",
            Self::Gateways => "Mail, web and network",
            Self::Privacy => "Privacy and passwords",
            Self::Data => "Backup and data",
            Self::Industrial => "Industrial and embedded",
            Self::Engine => "Embedded engine and SDK",
            Self::ThreatIntelligence => "Threat intelligence",
            Self::Training => "Training and consulting",
            Self::Other => "Other",
        }
    }
}

fn family(product: &Product) -> Family {
    let teaches =
        |class: &ProductClass| matches!(class, ProductClass::SecurityTraining | ProductClass::InformationalConsulting);
    if product.classes.iter().any(teaches) {
        return Family::Training;
    }
    match product.category {
        Category::Antivirus
        | Category::EndpointProtection
        | Category::Edr
        | Category::WorkloadProtection
        | Category::ApplicationControl
        | Category::Forensics
        | Category::Sandbox
        | Category::Deception
        | Category::RemovalTool => Family::Endpoint,
        Category::ManagementAgent
        | Category::ManagementServer
        | Category::DeviceManagement
        | Category::RemoteAccess
        | Category::LogAgent
        | Category::AssetInventory
        | Category::PrivilegedAccess
        | Category::VulnerabilityManagement => Family::Management,
        Category::Firewall
        | Category::WebFilter
        | Category::MailSecurity
        | Category::NetworkDetection
        | Category::WebApplicationFirewall
        | Category::NetworkAccessControl
        | Category::ZeroTrustAccess => Family::Gateways,
        Category::Vpn
        | Category::PasswordManager
        | Category::Identity
        | Category::ParentalControl
        | Category::EmployeeMonitoring
        | Category::BrowserExtension => Family::Privacy,
        Category::DataLossPrevention | Category::Encryption | Category::Backup => Family::Data,
        Category::IndustrialSecurity | Category::OperatingSystem => Family::Industrial,
        Category::EngineSdk => Family::Engine,
        Category::ThreatIntelligence => Family::ThreatIntelligence,
        Category::Utility
        | Category::Browser
        | Category::Messaging
        | Category::SocialMedia
        | Category::AiAssistant
        | Category::Office
        | Category::VideoSurveillance
        | Category::DroneSoftware
        | Category::Integration
        | Category::Other => Family::Other,
    }
}
