//! What was found, judged for some profiles and a day.
//!
//! Verdicts are worked out once per distinct subject and joined to what is installed. Rows are those of one machine, or few:
//! a fleet is counted from sets ([`Exposure`](crate::Exposure)).

use std::collections::BTreeMap;
use std::ops::Deref;

use interdict_assess::Circumstances;
use interdict_model::{
    ActivityVerdict, Approval, Detection, Presence, Product, ProductId, Subject, Tier, Vendor, VendorId, Verdict,
};
use interdict_store::DetectionRow;

use crate::workbench::Workbench;

/// One distinct product, or vendor without a known product, in one presence, and every row of where it is.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What it is and what it means; read through the finding itself.
    pub judged: Judged,
    /// Where it is: one row per machine.
    pub rows: Vec<DetectionRow>,
}

/// A product, or a vendor without a known product, and what it means, whether on a machine or only told of.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedSubject {
    /// What it is about.
    pub subject: Subject,
    /// Its vendor.
    pub vendor: Vendor,
    /// The product, where it is known.
    pub product: Option<Product>,
    /// What it means.
    pub verdict: Verdict,
}

/// One distinct product, or vendor without a known product, in one presence, and what it means, wherever it is.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Stable within a database: product or vendor id, a colon, presence.
    pub id: String,
    /// What it is and what it means; read through this.
    pub about: JudgedSubject,
    /// Whether it is really there.
    pub presence: Presence,
    /// What the organisation itself has approved of it; it changes nothing of what it means.
    pub approvals: Vec<Approval>,
}

/// Each verdict that was worked out, by the id of its product or vendor.
pub(crate) type KnownVerdicts = BTreeMap<String, Verdict>;

/// A vendor and what of it is here.
#[derive(Debug, Clone)]
pub struct VendorStanding {
    /// The vendor's id.
    pub vendor: VendorId,
    /// The verdict on the vendor.
    pub verdict: Verdict,
    /// Distinct products of it found here.
    pub products_here: usize,
    /// Machines that have something of it.
    pub machines: usize,
    /// The worst installed headline of what is here.
    pub installed: Tier,
}

impl Deref for Finding {
    type Target = Judged;

    fn deref(&self) -> &Judged {
        &self.judged
    }
}

impl Deref for Judged {
    type Target = JudgedSubject;

    fn deref(&self) -> &JudgedSubject {
        &self.about
    }
}

impl JudgedSubject {
    /// The product's name, or the vendor's.
    #[must_use]
    pub fn title(&self) -> String {
        let of_vendor = || format!("{}, product not known", self.vendor.name);
        self.product.as_ref().map_or_else(of_vendor, |product| product.name.clone())
    }

    /// The id of the product, or of the vendor.
    #[must_use]
    pub fn subject_id(&self) -> &str {
        self.product.as_ref().map_or(self.vendor.id.as_str(), |product| product.id.as_str())
    }

    /// The installed headline.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.verdict.headline.installed
    }

    /// Whether any instrument in force or announced speaks of it: only then is it a finding.
    #[must_use]
    pub fn is_spoken_of(&self) -> bool {
        is_spoken_of(&self.verdict)
    }

    /// Whether it needs attention: its installed headline is advisory or worse.
    #[must_use]
    pub fn needs_attention(&self) -> bool {
        self.tier().rank() >= Tier::Advisory.rank()
    }
}

impl Finding {
    /// The installed headline.
    #[must_use]
    pub fn tier(&self) -> Tier {
        self.judged.about.tier()
    }

    /// Whether any instrument in force or announced speaks of it: only then is it a finding.
    #[must_use]
    pub fn is_spoken_of(&self) -> bool {
        self.judged.about.is_spoken_of()
    }
}

impl Workbench {
    /// Detections as findings. What the catalogue no longer knows is left out until detections are refreshed.
    #[must_use]
    pub fn findings_of(&self, rows: Vec<DetectionRow>, circumstances: &Circumstances) -> Vec<Finding> {
        let mut verdicts = KnownVerdicts::new();
        let mut groups: BTreeMap<String, Vec<DetectionRow>> = BTreeMap::new();
        for row in rows {
            groups.entry(finding_id(&row.detection)).or_default().push(row);
        }
        let mut findings: Vec<Finding> =
            groups.into_iter().filter_map(|(id, rows)| self.finding(id, rows, &mut verdicts, circumstances)).collect();
        findings.sort_by(|left, right| {
            let weight = |finding: &Finding| (finding.tier().rank(), finding.verdict.tier.rank(), finding.rows.len());
            weight(right).cmp(&weight(left)).then_with(|| left.title().cmp(&right.title()))
        });
        findings
    }

    fn finding(
        &self,
        id: String,
        mut rows: Vec<DetectionRow>,
        verdicts: &mut KnownVerdicts,
        circumstances: &Circumstances,
    ) -> Option<Finding> {
        rows.sort_by(|left, right| (&left.hostname, left.id).cmp(&(&right.hostname, right.id)));
        let first = &rows.first()?.detection;
        let found = (&first.vendor, first.product.as_ref(), first.presence);
        let judged = self.judge(id, found, verdicts, circumstances)?;
        Some(Finding { judged, rows })
    }

    /// What was found as one distinct finding; nothing where the catalogue no longer knows its vendor.
    pub(crate) fn judge(
        &self,
        id: String,
        (vendor, product, presence): (&VendorId, Option<&ProductId>, Presence),
        verdicts: &mut KnownVerdicts,
        circumstances: &Circumstances,
    ) -> Option<Judged> {
        let about = self.judge_subject((vendor, product), verdicts, circumstances)?;
        let approvals = self.catalogue().approvals_of(&about.subject, circumstances.as_of).cloned().collect();
        Some(Judged { id, about, presence, approvals })
    }

    /// A product, or a vendor without a known product, and what it means; nothing where the catalogue no longer knows the
    /// vendor.
    pub(crate) fn judge_subject(
        &self,
        (vendor, product): (&VendorId, Option<&ProductId>),
        verdicts: &mut KnownVerdicts,
        circumstances: &Circumstances,
    ) -> Option<JudgedSubject> {
        let vendor = self.catalogue().vendor(vendor)?.clone();
        let product = product.and_then(|product| self.catalogue().product(product)).cloned();
        let subject = match &product {
            Some(product) => Subject::Product { vendor: vendor.id.clone(), product: product.id.clone() },
            None => Subject::Vendor { vendor: vendor.id.clone() },
        };
        let key = product.as_ref().map_or(vendor.id.as_str(), |product| product.id.as_str()).to_owned();
        let verdict = verdicts.entry(key).or_insert_with(|| self.assess(&subject, circumstances)).clone();
        Some(JudgedSubject { subject, vendor, product, verdict })
    }
}

/// Whether any instrument in force or announced speaks of the subject. What an instrument says to others of a whole class
/// of software, such as all that is foreign to them, does not speak of it.
pub(crate) fn is_spoken_of(verdict: &Verdict) -> bool {
    let speaks =
        |answer: &ActivityVerdict| !answer.reasons.is_empty() || answer.others.iter().any(|other| !other.by_class);
    verdict.activities.values().any(speaks)
}

fn finding_id(detection: &Detection) -> String {
    id_of(&detection.vendor, detection.product.as_ref(), detection.presence)
}

/// The id of a finding about something.
pub(crate) fn id_of(vendor: &VendorId, product: Option<&ProductId>, presence: Presence) -> String {
    let subject = product.map_or(vendor.as_str(), |product| product.as_str());
    format!("{subject}:{presence}")
}
