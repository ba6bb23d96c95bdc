//! The tables in `tests/scenarios/`: subject, profile, day and activity, and the tier that the sources give.

use std::collections::BTreeMap;
use std::path::Path;

use interdict_assess::{Circumstances, assess};
use interdict_catalogue::Catalogue;
use interdict_identify::find_parties;
use interdict_model::{Activity, Condition, Day, Party, PartyKind, ProfileId, Reason, Subject, Tier, Verdict};
use serde::Deserialize;

/// One row: one question, or one for each day and activity it lists.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Row {
    /// The file it stands in.
    #[serde(skip)]
    pub file: String,
    vendor: Option<String>,
    product: Option<String>,
    party: Option<String>,
    profile: Option<String>,
    #[serde(default)]
    profiles: Vec<String>,
    as_of: OneOrMany<toml::value::Datetime>,
    activity: OneOrMany<Activity>,
    tier: Option<Tier>,
    restriction: Option<String>,
    restriction_tier: Option<Tier>,
    says: Option<String>,
    other: Option<String>,
    #[serde(default)]
    knowing: BTreeMap<String, bool>,
    /// Where the answer comes from.
    pub why: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn all(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    row: Vec<Row>,
}

/// Every row of every file in a folder.
///
/// # Errors
/// When a file cannot be read or is no such table.
pub fn rows(folder: &Path) -> Result<Vec<Row>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    let mut rows = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let table: Table = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        rows.extend(table.row.into_iter().map(|row| Row { file: file.clone(), ..row }));
    }
    Ok(rows)
}

/// What a row asked and how the engine's answers differ from it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many questions it stood for.
    pub questions: usize,
    /// Each difference, in words.
    pub differences: Vec<String>,
}

/// Asks the engine every question of a row.
#[must_use]
pub fn ask(catalogue: &Catalogue, row: &Row) -> Outcome {
    let mut outcome = Outcome::default();
    let subject = match subject(catalogue, row) {
        Ok(subject) => subject,
        Err(message) => {
            outcome.differences.push(format!("{}: {message}", row.file));
            return outcome;
        }
    };
    for as_of in row.as_of.all() {
        match circumstances(catalogue, row, as_of) {
            Ok(circumstances) => {
                let verdict = assess(catalogue, &subject, &circumstances);
                for activity in row.activity.all() {
                    outcome.questions += 1;
                    let found = compare(row, &verdict, *activity);
                    let question = || format!("{}: {} on {as_of}, {activity} ({})", row.file, named(row), row.why);
                    outcome.differences.extend(found.map(|difference| format!("{}: {difference}", question())));
                }
            }
            Err(message) => outcome.differences.push(format!("{}: {}: {message}", row.file, named(row))),
        }
    }
    outcome
}

fn named(row: &Row) -> String {
    let subject = [&row.vendor, &row.product, &row.party].into_iter().flatten().next().cloned().unwrap_or_default();
    format!("{subject} for {}", profiles(row).join(" + "))
}

fn profiles(row: &Row) -> Vec<&str> {
    row.profile.iter().chain(&row.profiles).map(String::as_str).collect()
}

fn subject(catalogue: &Catalogue, row: &Row) -> Result<Subject, String> {
    if let Some(vendor) = &row.vendor {
        let found = catalogue.vendor(&vendor.as_str().into()).ok_or(format!("there is no vendor \"{vendor}\""))?;
        return Ok(Subject::Vendor { vendor: found.id.clone() });
    }
    if let Some(product) = &row.product {
        let found = catalogue.product(&product.as_str().into()).ok_or(format!("there is no product \"{product}\""))?;
        return Ok(Subject::Product { vendor: found.vendor.clone(), product: found.id.clone() });
    }
    let name = row.party.as_deref().ok_or("the row names no vendor, product or party")?;
    let party = find_parties(catalogue, name).into_iter().next();
    let nobody = Party {
        id: None,
        name: name.to_owned(),
        kind: PartyKind::Unknown,
        vendor: None,
        roles: Vec::new(),
        listed_by: Vec::new(),
    };
    Ok(Subject::Party { party: party.unwrap_or(nobody) })
}

fn circumstances(catalogue: &Catalogue, row: &Row, as_of: &toml::value::Datetime) -> Result<Circumstances, String> {
    let day: Day = as_of.to_string().parse().map_err(|error| format!("{as_of}: {error}"))?;
    let ids: Vec<ProfileId> = profiles(row).into_iter().map(ProfileId::from).collect();
    if let Some(unknown) = ids.iter().find(|id| catalogue.profile(id).is_none()) {
        return Err(format!("there is no profile \"{unknown}\""));
    }
    let mut circumstances = Circumstances::of_profiles(catalogue, &ids, day);
    for (condition, holds) in &row.knowing {
        let condition: Condition = condition.parse().map_err(|error| format!("{error}"))?;
        circumstances = circumstances.knowing(condition, *holds);
    }
    Ok(circumstances)
}

/// How the engine's answer for one activity differs from the row.
fn compare(row: &Row, verdict: &Verdict, activity: Activity) -> impl Iterator<Item = String> {
    let mut found = Vec::new();
    let Some(answer) = verdict.activities.get(&activity) else { return vec!["no answer".to_owned()].into_iter() };
    let told = |reasons: &[Reason]| {
        reasons.iter().map(|reason| format!("{} {}", reason.restriction, reason.tier)).collect::<Vec<_>>().join(", ")
    };
    if let Some(tier) = row.tier.filter(|tier| *tier != answer.tier) {
        found.push(format!(
            "{tier} by the sources, {} by the engine (reasons: {})",
            answer.tier,
            told(&answer.reasons)
        ));
    }
    if let Some(id) = &row.restriction {
        let mut reasons = answer.reasons.iter().filter(|reason| reason.restriction.as_str() == id).peekable();
        if reasons.peek().is_none() {
            found.push(format!("{id} is not among the reasons ({})", told(&answer.reasons)));
        } else {
            let reasons: Vec<&Reason> = reasons.collect();
            let tier = reasons.iter().map(|reason| reason.tier).fold(Tier::None, Tier::worst);
            if let Some(expected) = row.restriction_tier.filter(|expected| *expected != tier) {
                found.push(format!("{id}: {expected} by the sources, {tier} by the engine"));
            }
            if let Some(words) = row.says.as_ref().filter(|words| !reasons.iter().any(|reason| says(reason, words))) {
                found.push(format!("{id} does not say \"{words}\": {}", reasons[0].because));
            }
        }
    }
    if let Some(id) =
        row.other.as_ref().filter(|id| !answer.others.iter().any(|other| other.restriction.as_str() == *id))
    {
        found.push(format!("{id} is not among what binds others ({})", told(&answer.others)));
    }
    found.into_iter()
}

fn says(reason: &Reason, words: &str) -> bool {
    let words = words.to_lowercase();
    let texts = [Some(&reason.because), reason.not_covered.as_ref(), reason.reading.as_ref()];
    texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&words))
}
