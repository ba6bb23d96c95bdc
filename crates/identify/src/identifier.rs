//! The automaton over all literals, and what its hits come to.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind as Overlap};
use interdict_catalogue::Catalogue;
use interdict_model::{
    Category, FingerprintField, MatchKind, Matched, Observation, ObservationSource, ProductId, VendorId,
};

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
///
/// Whole values are looked up in a table; what may stand at the beginning or within a value is found by one automaton.
pub struct Identifier {
    rules: Vec<Rule>,
    /// By normal value, the rules that want exactly that.
    exact: HashMap<String, Vec<usize>>,
    automaton: Option<AhoCorasick>,
    /// For each pattern of the automaton, the rules that have it as their literal.
    rules_of: Vec<Vec<usize>>,
    categories: BTreeMap<ProductId, Category>,
    /// What the organisation added, which is asked only for what the catalogue leaves open.
    added: Option<Box<Self>>,
}

impl Identifier {
    /// Compiles a catalogue.
    #[must_use]
    pub fn new(catalogue: &Catalogue) -> Self {
        match catalogue.parted() {
            None => Self::compiled(catalogue),
            Some((below, added)) => Self { added: Some(Box::new(Self::compiled(&added))), ..Self::compiled(&below) },
        }
    }

    fn compiled(catalogue: &Catalogue) -> Self {
        let rules = rules(catalogue);
        let mut exact: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_literal: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, rule) in rules.iter().enumerate() {
            match rule.kind {
                MatchKind::Exact => exact.entry(rule.value.clone()).or_default().push(at),
                MatchKind::Versioned | MatchKind::Prefix | MatchKind::Glob => {
                    by_literal.entry(rule.literal.as_str()).or_default().push(at);
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(Overlap::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(by_literal.keys())
            .ok();
        let rules_of = by_literal.into_values().collect();
        let categories = catalogue.products().map(|product| (product.id.clone(), product.category)).collect();
        Self { rules, exact, automaton, rules_of, categories, added: None }
    }

    /// How many rules there are.
    #[must_use]
    pub fn rule_count(&self) -> usize {
        self.rules.len() + self.added.as_ref().map_or(0, |added| added.rule_count())
    }

    /// What an observation is.
    #[must_use]
    pub fn identify(&self, observation: &Observation) -> Identification {
        let found = self.identify_alone(observation);
        match &self.added {
            Some(added) => completed(found, added.identify_alone(observation)),
            None => found,
        }
    }

    /// Whether any rule matches any value of an observation. Where none does it is nobody's; where one does it still may be.
    #[must_use]
    pub fn matches_any(&self, observation: &Observation) -> bool {
        let values = values(observation);
        !self.hits(&values).is_empty() || self.added.as_ref().is_some_and(|added| !added.hits(&values).is_empty())
    }

    fn identify_alone(&self, observation: &Observation) -> Identification {
        let values = values(observation);
        let hits = self.hits(&values);
        if hits.is_empty() {
            return Identification::default();
        }
        decide(self, hits, observation.source)
    }

    fn hits<'a>(&'a self, values: &'a [Value<'a>]) -> Vec<Hit<'a>> {
        let mut hits: Vec<Hit<'a>> = Vec::new();
        for value in values {
            for at in self.exact.get(value.normal.as_ref()).into_iter().flatten() {
                self.push_hit(*at, value, &mut hits);
            }
            let Some(automaton) = &self.automaton else { continue };
            for found in automaton.find_overlapping_iter(value.normal.as_ref()) {
                for at in self.rules_of.get(found.pattern().as_usize()).into_iter().flatten() {
                    self.push_hit(*at, value, &mut hits);
                }
            }
        }
        hits
    }

    /// Adds a hit when the rule speaks of such a value, matches it, and did not already.
    fn push_hit<'a>(&'a self, at: usize, value: &'a Value<'a>, hits: &mut Vec<Hit<'a>>) {
        let Some(rule) = self.rules.get(at).filter(|rule| value.kinds.contains(&rule.field)) else { return };
        let is_new = !hits.iter().any(|hit| std::ptr::eq(hit.rule, rule) && hit.value.field == value.field);
        if is_new && matches(rule, &value.normal) {
            hits.push(Hit { rule, value });
        }
    }
}

/// What the catalogue says, and where it says nothing what the organisation added: a vendor, or a product of its vendor.
fn completed(mut found: Identification, mut added: Identification) -> Identification {
    for matched in &mut added.matched {
        matched.rule.push_str(" (own)");
    }
    if found.vendor.is_none() {
        return added;
    }
    let is_open = found.product.is_none() && added.product.is_some();
    if found.vendor == added.vendor && (is_open || added.product.is_none() || found.product == added.product) {
        if is_open {
            found.product = added.product;
            found.category = added.category;
        }
        found.confidence = found.confidence.max(added.confidence);
        found.matched.extend(added.matched);
    }
    found
}

/// A rule that matched a value.
struct Hit<'a> {
    rule: &'a Rule,
    value: &'a Value<'a>,
}

/// The vendor with the strongest unambiguous support, and its best supported product.
fn decide(identifier: &Identifier, mut hits: Vec<Hit<'_>>, source: ObservationSource) -> Identification {
    leave_integrations_alone(&mut hits);
    heed_exceptions(&mut hits);
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

/// What is made for a vendor's product bears that vendor's name and is not its product: those hits go.
fn leave_integrations_alone(hits: &mut Vec<Hit<'_>>) {
    let made_for: Vec<VendorId> = hits.iter().filter_map(|hit| hit.rule.made_for.clone()).collect();
    hits.retain(|hit| !made_for.contains(&hit.rule.vendor));
}

/// A longer identifier that never decides alone is an exception to a shorter prefix of the same vendor: a library whose id
/// begins with the vendor's domain is no product of it.
fn heed_exceptions(hits: &mut Vec<Hit<'_>>) {
    let exceptions: Vec<(VendorId, FingerprintField, usize)> = hits
        .iter()
        .filter(|hit| hit.rule.ambiguous)
        .map(|hit| (hit.rule.vendor.clone(), hit.rule.field, hit.rule.value.len()))
        .collect();
    hits.retain(|hit| {
        let is_general = hit.rule.kind == MatchKind::Prefix && hit.rule.product.is_none() && !hit.rule.ambiguous;
        let is_excepted = |(vendor, field, length): &(VendorId, FingerprintField, usize)| {
            hit.rule.vendor == *vendor && hit.rule.field == *field && hit.rule.value.len() < *length
        };
        !(is_general && exceptions.iter().any(is_excepted))
    });
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
