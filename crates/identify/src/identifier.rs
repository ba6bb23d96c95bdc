//! The automaton over all literals, and what its hits come to.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind as Overlap};
use interdict_catalogue::Catalogue;
use interdict_model::{Category, FingerprintField, Matched, Observation, ObservationSource, ProductId, VendorId};

use crate::fields::{Value, values};
use crate::matching::matches;
use crate::rules::{Rule, precedence, rules};

/// What an observation was identified as.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Identification {
    /// The product, where it is known.
    pub product: Option<ProductId>,
    /// The vendor; nothing when nothing matched.
    pub vendor: Option<VendorId>,
    /// What the product does.
    pub category: Option<Category>,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// Which rules matched which values, strongest first.
    pub matched: Vec<Matched>,
}

/// All fingerprints of a catalogue, compiled once. Building takes milliseconds, asking microseconds.
pub struct Identifier {
    automaton: Option<AhoCorasick>,
    rules: Vec<Rule>,
    /// For each pattern of the automaton, the rules that have it as their literal.
    rules_of: Vec<Vec<usize>>,
    categories: BTreeMap<ProductId, Category>,
}

impl Identifier {
    /// Compiles a catalogue.
    #[must_use]
    pub fn new(catalogue: &Catalogue) -> Self {
        let rules = rules(catalogue);
        let mut by_literal: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, rule) in rules.iter().enumerate() {
            by_literal.entry(rule.literal.as_str()).or_default().push(at);
        }
        let automaton = AhoCorasick::builder()
            .match_kind(Overlap::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(by_literal.keys())
            .ok();
        let rules_of = by_literal.into_values().collect();
        let categories = catalogue.products().map(|product| (product.id.clone(), product.category)).collect();
        Self { automaton, rules, rules_of, categories }
    }

    /// How many rules there are.
    #[must_use]
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// What an observation is.
    #[must_use]
    pub fn identify(&self, observation: &Observation) -> Identification {
        let values = values(observation);
        let hits = self.hits(&values);
        if hits.is_empty() {
            return Identification::default();
        }
        decide(self, hits, observation.source)
    }

    fn hits<'a>(&'a self, values: &'a [Value<'a>]) -> Vec<Hit<'a>> {
        let mut hits: Vec<Hit<'a>> = Vec::new();
        let Some(automaton) = &self.automaton else { return hits };
        for value in values {
            for found in automaton.find_overlapping_iter(value.normal.as_ref()) {
                let candidates = self.rules_of.get(found.pattern().as_usize()).into_iter().flatten();
                for at in candidates {
                    let Some(rule) = self.rules.get(*at) else { continue };
                    let is_new = !hits.iter().any(|hit| std::ptr::eq(hit.rule, rule) && hit.value.field == value.field);
                    if value.kinds.contains(&rule.field) && is_new && matches(rule, &value.normal) {
                        hits.push(Hit { rule, value });
                    }
                }
            }
        }
        hits
    }
}

/// A rule that matched a value.
struct Hit<'a> {
    rule: &'a Rule,
    value: &'a Value<'a>,
}

/// The vendor with the strongest unambiguous support, and its best supported product.
fn decide(identifier: &Identifier, hits: Vec<Hit<'_>>, source: ObservationSource) -> Identification {
    let mut vendors: Vec<(&VendorId, f64)> = Vec::new();
    for hit in hits.iter().filter(|hit| !hit.rule.ambiguous) {
        if !vendors.iter().any(|(vendor, _)| *vendor == &hit.rule.vendor) {
            vendors.push((&hit.rule.vendor, support(&hits, &hit.rule.vendor)));
        }
    }
    // Strongest first; of equals the one first by id, so that the answer never depends on the order of rules.
    vendors.sort_by(|left, right| right.1.total_cmp(&left.1).then_with(|| left.0.cmp(right.0)));
    let Some((vendor, confidence)) = vendors.first().map(|(vendor, support)| ((*vendor).clone(), *support)) else {
        return Identification::default();
    };
    let mut own: Vec<Hit<'_>> = hits.into_iter().filter(|hit| hit.rule.vendor == vendor).collect();
    let product = best_product(&own, source);
    own.retain(|hit| hit.rule.product.is_none() || hit.rule.product == product);
    own.sort_by(|left, right| {
        right.rule.weight.total_cmp(&left.rule.weight).then_with(|| left.rule.label.cmp(&right.rule.label))
    });
    let matched = own
        .iter()
        .map(|hit| Matched {
            field: hit.value.field.to_owned(),
            value: hit.value.written.to_owned(),
            rule: hit.rule.label.clone(),
        })
        .collect();
    let category = product.as_ref().and_then(|product| identifier.categories.get(product)).copied();
    Identification {
        product,
        vendor: Some(vendor),
        category,
        confidence: (confidence * 100.0).round() / 100.0,
        matched,
    }
}

/// How well a vendor is supported: one value counts once, with its strongest unambiguous rule.
fn support(hits: &[Hit<'_>], vendor: &VendorId) -> f64 {
    let mut strongest: BTreeMap<(&str, FingerprintField), f64> = BTreeMap::new();
    for hit in hits.iter().filter(|hit| hit.rule.vendor == *vendor && !hit.rule.ambiguous) {
        let weight = strongest.entry((hit.value.field, hit.rule.field)).or_insert(0.0);
        *weight = weight.max(hit.rule.weight);
    }
    1.0 - strongest.values().map(|weight| 1.0 - weight).product::<f64>()
}

/// How well a product is supported: by which kind of field, by how long a literal, with how much weight.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
struct Support {
    precedence: u8,
    literal: usize,
    weight: f64,
}

/// The best supported product; nothing when two are supported alike.
fn best_product(hits: &[Hit<'_>], source: ObservationSource) -> Option<ProductId> {
    let deciding = |hit: &&Hit<'_>| !hit.rule.ambiguous;
    let fields_of_vendor: Vec<&str> = hits.iter().filter(deciding).map(|hit| hit.value.field).collect();
    let mut products: BTreeMap<&ProductId, Support> = BTreeMap::new();
    for hit in hits {
        let Some(product) = &hit.rule.product else { continue };
        // An ambiguous identifier decides for a product only when another field names the vendor.
        if hit.rule.ambiguous && !fields_of_vendor.iter().any(|field| *field != hit.value.field) {
            continue;
        }
        let support = Support {
            precedence: precedence(hit.rule.field, source),
            literal: hit.rule.value.chars().filter(|letter| *letter != '*').count(),
            weight: hit.rule.weight,
        };
        let best = products.entry(product).or_insert(support);
        if support > *best {
            *best = support;
        }
    }
    let mut ranked: Vec<(&ProductId, Support)> = products.into_iter().collect();
    ranked.sort_by(|left, right| right.1.partial_cmp(&left.1).unwrap_or(std::cmp::Ordering::Equal));
    match ranked.as_slice() {
        [] => None,
        [(_, first), (_, second), ..] if first == second => None,
        [(product, _), ..] => Some((*product).clone()),
    }
}
