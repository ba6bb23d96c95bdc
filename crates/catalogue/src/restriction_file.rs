//! Reads `restrictions/<jurisdiction>/<id>.md`: a fenced TOML head, a title, plain sentences.

use interdict_model::{
    Capacity, Day, Diagnostic, Effect, Embedded, EntityId, Force, Instrument, IssuerId, ListedPerson, Measure,
    NotBound, NotCovered, PersonId, Precision, ProductId, Restriction, RestrictionId, RestrictionScope, Source,
    SourceKind, Standing, StandingSpan, VendorId, Verification,
};

use crate::document::{Document, LONGEST_TEXT, TableReader};
use crate::source_file::SourceFile;

/// A restriction, as far as it could be read, and every complaint about its file.
pub(crate) fn read(file: &SourceFile) -> (Option<Restriction>, Vec<Diagnostic>) {
    let Some(parts) = Parts::of(&file.text) else {
        let message = "the file must begin with a TOML head between ```toml and ```";
        let document = Document::new(&file.path, &file.text, 0);
        document.error("catalogue/no-head", &(0..0), message);
        return (None, document.into_diagnostics());
    };
    let document = Document::new(&file.path, &file.text, parts.head_start);
    let table = document.parse(parts.head);
    if parts.title.is_empty() {
        document.error("catalogue/no-title", &(0..0), "a heading \"# title\" must follow the head");
    }
    if parts.text.chars().count() > LONGEST_TEXT || parts.title.chars().count() > LONGEST_TEXT {
        let at = parts.head.len();
        let message =
            format!("the text behind the head has more than {LONGEST_TEXT} letters: two or three sentences do");
        document.error("catalogue/too-long", &(at..at), message);
    }
    let restriction = restriction(table, &parts, file);
    (restriction, document.into_diagnostics())
}

/// Where the TOML head stands in a restriction's text; nothing when there is none.
pub(crate) fn head(text: &str) -> Option<std::ops::Range<usize>> {
    let parts = Parts::of(text)?;
    Some(parts.head_start..parts.head_start + parts.head.len())
}

/// The parts of the file.
struct Parts<'t> {
    head: &'t str,
    head_start: usize,
    title: &'t str,
    text: &'t str,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let fence = text.find("```toml")?;
        if !text.get(..fence)?.trim().is_empty() {
            return None;
        }
        let head_start = fence + text.get(fence..)?.find('\n')? + 1;
        let rest = text.get(head_start..)?;
        let head_length = if rest.starts_with("```") { 0 } else { rest.find("\n```")? + 1 };
        let body = rest.get(head_length + 3..)?.trim();
        let (title, prose) = match body.strip_prefix("# ") {
            Some(after) => after.split_once('\n').unwrap_or((after, "")),
            None => ("", body),
        };
        Some(Self { head: rest.get(..head_length)?, head_start, title: title.trim(), text: prose.trim() })
    }
}

fn restriction(mut table: TableReader<'_, '_>, parts: &Parts<'_>, file: &SourceFile) -> Option<Restriction> {
    let id = table.text("id");
    if !id.value.is_empty() && id.value != file.stem() {
        let message = format!("the id \"{}\" is not the file's name \"{}\"", id.value, file.stem());
        table.complain("catalogue/id-is-not-file-name", &id.span, message);
    }
    let announced = table.day("announced");
    // A missing day is already complained of; the rest is read all the same, so that every problem is reported at once.
    let is_dated = announced.is_some();
    let restriction = Restriction {
        id: RestrictionId::new(id.value),
        issuer: IssuerId::new(table.text("issuer").value),
        jurisdiction: jurisdiction(&file.path).to_owned(),
        title: parts.title.to_owned(),
        short_title: table.optional_string("short-title").unwrap_or_else(|| parts.title.to_owned()),
        text: parts.text.to_owned(),
        instrument: table.word("instrument", Instrument::Rule),
        authority: table.strings("authority"),
        citations: table.strings("citations"),
        announced: announced.map_or(Day::UNKNOWN, |day| day.value),
        announced_precision: table.optional_word("announced-precision").unwrap_or(Precision::Day),
        announced_note: table.optional_string("announced-note"),
        published: table.optional_plain_day("published"),
        verification: table.word("verification", Verification::Unverified),
        verification_note: table.optional_string("verification-note"),
        grounds: table.words("grounds"),
        superseded_by: table.optional_string("superseded-by").map(RestrictionId::new),
        withdrawn: table.optional_plain_day("withdrawn"),
        standing: standing(&mut table),
        scope: table.optional_table("scope").map(scope).unwrap_or_default(),
        effects: table.tables("effect").into_iter().filter_map(effect).collect(),
        not_bound: table.tables("not-bound").into_iter().filter_map(not_bound).collect(),
        not_covered: table.tables("not-covered").into_iter().map(not_covered).collect(),
        sources: table.tables("source").into_iter().filter_map(source).collect(),
    };
    table.finish();
    is_dated.then_some(restriction)
}

/// The folder the file stands in; a lone file has none.
fn jurisdiction(path: &str) -> &str {
    let mut parts = path.rsplit('/').skip(1);
    parts.next().unwrap_or("xx")
}

fn standing(table: &mut TableReader<'_, '_>) -> Vec<StandingSpan> {
    let mut spans: Vec<StandingSpan> = Vec::new();
    let entries = table.tables("standing");
    // One without a readable day is complained of as such; "at least one" is said only where none stands.
    let is_named = !entries.is_empty();
    for mut entry in entries {
        let from = entry.day("from");
        let is = entry.word("is", Standing::Unconfirmed);
        let note = entry.optional_string("note");
        if let Some(from) = from {
            if spans.last().is_some_and(|last| last.from >= from.value) {
                let message = format!("standing from {} must come after the one before it", from.value);
                entry.complain("catalogue/standing-order", &from.span, message);
            }
            spans.push(StandingSpan { from: from.value, is, note });
        }
        entry.finish();
    }
    if !is_named {
        let message = "there must be at least one [[standing]] that says where the instrument stands since when";
        table.complain("catalogue/missing-key", &table.span.clone(), message);
    }
    spans
}

fn scope(mut table: TableReader<'_, '_>) -> RestrictionScope {
    let scope = RestrictionScope {
        vendors: table.strings("vendors").into_iter().map(VendorId::new).collect(),
        entities: table.strings("entities").into_iter().map(EntityId::new).collect(),
        persons: table.tables("persons").into_iter().map(listed_person).collect(),
        goods: table.words("goods"),
        extends: table.words("extends"),
        products: table.strings("products").into_iter().map(ProductId::new).collect(),
        product_classes: table.words("product-classes"),
        except_classes: table.words("except-classes"),
        embedded: table.optional_word::<Embedded>("embedded"),
        embedded_note: table.optional_string("embedded-note"),
    };
    let names_nobody = scope.vendors.is_empty()
        && scope.entities.is_empty()
        && scope.persons.is_empty()
        && scope.goods.is_empty()
        && scope.extends.is_empty();
    if names_nobody {
        let message = "the scope names nobody: vendors, entities, persons, goods or extends";
        table.complain("catalogue/empty-scope", &table.span.clone(), message);
    }
    table.finish();
    scope
}

fn listed_person(mut table: TableReader<'_, '_>) -> ListedPerson {
    let person = ListedPerson {
        id: PersonId::new(table.text("id").value),
        role: table.optional_string("role"),
        list_id: table.optional_string("list-id"),
        note: table.optional_string("note"),
        verification: table.optional_word("verification"),
    };
    table.finish();
    person
}

fn effect(mut table: TableReader<'_, '_>) -> Option<Effect> {
    let from = table.day("from");
    let until = table.optional_day("until");
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value <= from.value
    {
        let message = format!("until {} is not after from {}", until.value, from.value);
        table.complain("catalogue/span-order", &until.span, message);
    }
    let force = table.word("force", Force::Limits);
    let names_activities = table.has("activities");
    // A misspelt capacity is complained of as such; "nobody" is said only where nobody stands.
    let names_bound = table.has("binds");
    let activities = table.words("activities");
    if activities.is_empty() && !names_activities {
        table.complain("catalogue/missing-key", &table.span.clone(), "\"activities\" names none");
    }
    let is_dated = from.is_some();
    let effect = Effect {
        force,
        activities,
        from: from.map_or(Day::UNKNOWN, |from| from.value),
        from_precision: table.optional_word("from-precision").unwrap_or(Precision::Day),
        until: until.map(|until| until.value),
        until_precision: table.optional_word("until-precision").unwrap_or(Precision::Day),
        until_event: table.optional_string("until-event"),
        announced: table.optional_plain_day("announced"),
        binds: capacities(&mut table, "binds"),
        counterparty: capacities(&mut table, "counterparty"),
        addressed: capacities(&mut table, "addressed"),
        when: table.words("when"),
        trigger: table.optional_string("trigger"),
        measure: table.word("measure", Measure::Warning),
        says: table.optional_string("says"),
        reading: table.optional_string("reading"),
        embedded: table.optional_word("embedded"),
        products: table.strings("products").into_iter().map(ProductId::new).collect(),
        product_classes: table.words("product-classes"),
        vendors: table.strings("vendors").into_iter().map(VendorId::new).collect(),
        goods: table.words("goods"),
        entities: table.strings("entities").into_iter().map(EntityId::new).collect(),
        persons: table.strings("persons").into_iter().map(PersonId::new).collect(),
        verification: table.optional_word("verification"),
    };
    check_effect(&effect, names_bound, &table);
    table.finish();
    is_dated.then_some(effect)
}

/// Keys of an effect that contradict each other.
fn check_effect(effect: &Effect, names_bound: bool, table: &TableReader<'_, '_>) {
    let complain = |message: &str| table.complain("catalogue/effect", &table.span, message);
    match effect.force {
        Force::Warns if !effect.binds.is_empty() => complain("a warning binds nobody: leave \"binds\" out"),
        Force::Warns if effect.addressed.is_empty() => complain("a warning needs \"addressed\": whom it is meant for"),
        Force::Forbids | Force::Requires | Force::Limits if !names_bound => {
            complain("\"binds\" must name who has to obey");
        }
        Force::Forbids | Force::Requires | Force::Limits if !effect.addressed.is_empty() => {
            complain("only a warning has \"addressed\"");
        }
        Force::Requires if effect.activities.iter().any(|activity| !is_duty(*activity)) => {
            complain("only remove and report can be required");
        }
        Force::Forbids | Force::Requires | Force::Limits | Force::Warns => {}
    }
    if effect.trigger.is_some() && effect.force != Force::Requires {
        complain("only a duty (force = \"requires\") has a trigger");
    }
    if !effect.counterparty.is_empty() && effect.force == Force::Requires {
        complain("a duty is the bound party's own: leave \"counterparty\" out");
    }
}

fn is_duty(activity: interdict_model::Activity) -> bool {
    matches!(activity, interdict_model::Activity::Remove | interdict_model::Activity::Report)
}

fn capacities(table: &mut TableReader<'_, '_>, key: &'static str) -> Vec<Capacity> {
    table.words(key)
}

fn not_bound(mut table: TableReader<'_, '_>) -> Option<NotBound> {
    let activity = table.word("activity", interdict_model::Activity::Use);
    let who = table.words("who");
    let says = table.text("says").value;
    table.finish();
    (!says.is_empty()).then_some(NotBound { activity, who, says })
}

fn not_covered(mut table: TableReader<'_, '_>) -> NotCovered {
    let entry = NotCovered { says: table.text("says").value, verification: table.optional_word("verification") };
    table.finish();
    entry
}

fn source(mut table: TableReader<'_, '_>) -> Option<Source> {
    let kind = table.word("kind", SourceKind::Secondary);
    let url = table.text("url");
    if !url.value.is_empty() && !url.value.starts_with("https://") {
        table.complain("catalogue/not-https", &url.span, format!("\"{}\" is not an https address", url.value));
    }
    let supports = table.words("supports");
    let checked: Option<Day> = table.day("checked").map(|day| day.value);
    let note = table.optional_string("note");
    table.finish();
    checked.map(|checked| Source { kind, url: url.value, supports, checked, note })
}
