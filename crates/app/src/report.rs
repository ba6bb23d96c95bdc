//! The audit report: what the inventory says, as the views of `interdict-report`, written to a file.
//!
//! This module looks up what a reader needs beside the verdicts (titles, issuers, sources, what a collector reads) and
//! writes the text. It draws nothing. Findings are counted from sets, and of a large fleet only the machines and places are
//! read that the report tells one by one.

mod machines;

use std::collections::{BTreeSet, HashMap};
use std::io::Write as _;
use std::path::Path;

use interdict_assess::Circumstances;
use interdict_model::{
    Activity, Capacity, Day, Detection, Effect, Evidence, ObservationSource, Precision, Product, ProfileId, Reason,
    Restriction, RestrictionId, Standing, Tier,
};
use interdict_report::{
    AnswerView, AuditReport, EvidenceView, FindingView, InstrumentView, KnownFact, LineView, LogHeadView, MOST_PLACES,
    MatchedView, OtherView, PlaceView, ProfileView, RecognisedView, SeenView, SourceView, TellerView, ToldView,
    audit_html,
};
use interdict_store::{DetectionRow, LogHead, Store, ToldTitle};

use crate::advice::next_steps;
use crate::error::AppError;
use crate::exposure::{Exposure, FleetFinding};
use crate::findings::Judged;
use crate::told::{Teller, ToldFinding};
use crate::versions::each_version;
use crate::workbench::{Workbench, unknown};

impl Workbench {
    /// Writes the audit report as one HTML file: about every machine of the inventory, or about one of them.
    ///
    /// The file is there complete or not at all; nobody but its owner can read it. Missing folders are made.
    pub fn write_report(
        &self,
        store: &Store,
        circumstances: &Circumstances,
        profiles: &[String],
        machine: Option<&str>,
        made_at: &str,
        path: &Path,
    ) -> Result<(), AppError> {
        let report = self.audit_report(store, circumstances, profiles, machine, made_at)?;
        let failed = |source| AppError::File { doing: "write", path: path.to_owned(), source };
        write_private(path, &audit_html(&report)).map_err(failed)
    }

    /// What the audit report shows, about every machine of the inventory or about one of them, by its id; `profiles` are
    /// the ids of those that the circumstances were made of.
    pub fn audit_report(
        &self,
        store: &Store,
        circumstances: &Circumstances,
        profiles: &[String],
        machine: Option<&str>,
        made_at: &str,
    ) -> Result<AuditReport, AppError> {
        // First: what is recorded meanwhile may be shown and not vouched for, never the other way round.
        let log_head = store.log_head()?;
        let exposure = self.exposure_of(store, circumstances, machine)?;
        let looked = machines::look(store, &exposure, machine)?;
        let told = match machine {
            Some(_) => Vec::new(),
            None => self.told_findings(store, &self.read_told(store)?, circumstances)?,
        };
        let known = circumstances.known.iter().map(|(condition, holds)| known_fact(condition.question(), *holds));
        let finding = |finding| self.finding_view(store, finding, circumstances.as_of);
        let recognised = exposure.findings.iter().filter(|finding| !finding.is_spoken_of());
        let stamp = self.catalogue().stamp();
        Ok(AuditReport {
            made_at: made_at.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            as_of: circumstances.as_of,
            catalogue_version: stamp.version.clone(),
            catalogue_date: stamp.date,
            log_head: log_head.as_ref().map(log_head_view),
            profiles: self.profile_views(profiles)?,
            known: known.collect(),
            fleet: looked.fleet,
            machines: looked.machines,
            findings: exposure.spoken_of().map(finding).collect::<Result<_, AppError>>()?,
            told: told.iter().map(told_view).collect(),
            recognised: recognised.map(|one| recognised_view(store, one)).collect::<Result<_, AppError>>()?,
            coverage: looked.coverage,
        })
    }

    /// The fleet, or one machine of it by its id.
    fn exposure_of(
        &self,
        store: &Store,
        circumstances: &Circumstances,
        machine: Option<&str>,
    ) -> Result<Exposure, AppError> {
        let exposure = self.exposure(store, circumstances)?;
        let Some(wanted) = machine else { return Ok(exposure) };
        let all = store.named(&exposure.machines)?;
        let Some(machine) = all.iter().find(|machine| machine.machine_id == wanted) else {
            return Err(unknown("machine", wanted, all.iter().map(|machine| machine.machine_id.as_str())));
        };
        Ok(exposure.of_machines(u32::try_from(machine.number).into_iter().collect()))
    }

    fn profile_views(&self, ids: &[String]) -> Result<Vec<ProfileView>, AppError> {
        let profile = |id: &String| {
            let known = || self.catalogue().profiles().iter().map(|profile| profile.id.as_str());
            let found = self.catalogue().profile(&ProfileId::new(id.as_str()));
            let found = found.ok_or_else(|| unknown("profile", id, known()))?;
            Ok(ProfileView { id: id.clone(), title: found.title.clone() })
        };
        ids.iter().map(profile).collect()
    }

    fn finding_view(&self, store: &Store, finding: &FleetFinding, as_of: Day) -> Result<FindingView, AppError> {
        let rows = finding.places(store, 0, MOST_PLACES)?;
        let product = finding.product.as_ref();
        let answers = Activity::ALL.iter().map(|activity| AnswerView {
            activity: *activity,
            tier: finding.verdict.activities.get(activity).map_or(Tier::None, |answer| answer.tier),
        });
        Ok(FindingView {
            id: finding.id.clone(),
            subject: product.map_or(finding.vendor.id.as_str(), |product| product.id.as_str()).to_owned(),
            title: finding.title(),
            versions: versions(store, finding, &rows)?,
            vendor: finding.vendor.name.clone(),
            what: what(finding),
            presence: finding.presence,
            installed: finding.tier(),
            purchase: finding.verdict.headline.purchase,
            answers: answers.collect(),
            instruments: self.instruments(finding),
            others: self.others(finding, as_of),
            next_steps: next_steps(finding),
            machines: finding.machine_count(),
            places: place_views(rows),
        })
    }

    /// The instruments that touch those who asked, with every effect of each in one line; worst first.
    fn instruments(&self, finding: &Judged) -> Vec<InstrumentView> {
        let mut views: Vec<InstrumentView> = Vec::new();
        for (activity, answer) in &finding.verdict.activities {
            for reason in &answer.reasons {
                let Some(restriction) = self.catalogue().restriction(&reason.restriction) else { continue };
                let position = views.iter().position(|view| view.id == restriction.id.as_str()).unwrap_or_else(|| {
                    views.push(self.instrument_view(restriction, reason));
                    views.len() - 1
                });
                let view = &mut views[position];
                view.tier = view.tier.worst(reason.tier);
                view.verification = view.verification.max(reason.verification);
                add_line(&mut view.lines, *activity, line_view(restriction, reason));
            }
        }
        for view in &mut views {
            view.lines.sort_by_key(|line| (std::cmp::Reverse(line.tier.rank()), line.from));
        }
        views.sort_by_key(|view| (std::cmp::Reverse(view.tier.rank()), view.lines.first().map(|line| line.from)));
        views
    }

    fn instrument_view(&self, restriction: &Restriction, reason: &Reason) -> InstrumentView {
        InstrumentView {
            id: restriction.id.as_str().to_owned(),
            title: restriction.title.clone(),
            short_title: restriction.short_title.clone(),
            issuer: self.issuer(restriction),
            tier: reason.tier,
            lines: Vec::new(),
            citations: reason.citation.clone(),
            sources: best_sources(restriction),
            verification: reason.verification,
            verification_note: restriction.verification_note.clone(),
        }
    }

    fn issuer(&self, restriction: &Restriction) -> String {
        let issuer = self.catalogue().issuer(&restriction.issuer);
        issuer.map_or_else(|| restriction.issuer.as_str().to_owned(), |issuer| issuer.name.clone())
    }

    /// The instruments that say nothing to those who asked, by the day of their first effect.
    fn others(&self, finding: &Judged, as_of: Day) -> Vec<OtherView> {
        let answers = || finding.verdict.activities.iter();
        let touching: BTreeSet<&RestrictionId> =
            answers().flat_map(|(_, answer)| &answer.reasons).map(|reason| &reason.restriction).collect();
        let mut views: Vec<(&RestrictionId, OtherView)> = Vec::new();
        let reasons = answers().flat_map(|(activity, answer)| answer.others.iter().map(move |one| (*activity, one)));
        for (activity, reason) in reasons.filter(|(_, reason)| !touching.contains(&reason.restriction)) {
            let Some(restriction) = self.catalogue().restriction(&reason.restriction) else { continue };
            let position = views.iter().position(|(id, _)| **id == restriction.id).unwrap_or_else(|| {
                views.push((&restriction.id, self.other_view(restriction, reason, as_of)));
                views.len() - 1
            });
            let view = &mut views[position].1;
            push_new(&mut view.activities, activity);
            push_new(&mut view.whom, whom(restriction, reason));
            view.verification = view.verification.max(reason.verification);
            if reason.effect_from < view.from {
                view.from = reason.effect_from;
                view.from_precision = precision(restriction, reason);
            }
        }
        views.sort_by_key(|(_, view)| view.from);
        views.into_iter().map(|(_, view)| view).collect()
    }

    fn other_view(&self, restriction: &Restriction, reason: &Reason, as_of: Day) -> OtherView {
        OtherView {
            short_title: restriction.short_title.clone(),
            issuer: self.issuer(restriction),
            whom: Vec::new(),
            activities: Vec::new(),
            from: reason.effect_from,
            from_precision: precision(restriction, reason),
            standing: restriction.standing_on(as_of).map_or(Standing::InForce, |span| span.is),
            verification: reason.verification,
            citations: reason.citation.clone(),
        }
    }
}

/// The effect that a reason speaks of.
fn effect_of<'r>(restriction: &'r Restriction, reason: &Reason) -> Option<&'r Effect> {
    restriction.effects.iter().find(|effect| {
        effect.from == reason.effect_from
            && effect.measure == reason.measure
            && effect.force == reason.force
            && effect.binds == reason.binds
    })
}

fn precision(restriction: &Restriction, reason: &Reason) -> Precision {
    effect_of(restriction, reason).map_or(Precision::Day, |effect| effect.from_precision)
}

/// Whom an effect is about: `binds a US federal body`, `is addressed to an organisation in Germany`.
fn whom(restriction: &Restriction, reason: &Reason) -> String {
    let phrases = |some: &[Capacity]| some.iter().map(|one| one.phrase()).collect::<Vec<_>>().join(" or ");
    match effect_of(restriction, reason) {
        Some(effect) if !effect.addressed.is_empty() => format!("is addressed to {}", phrases(&effect.addressed)),
        Some(effect) if !effect.counterparty.is_empty() => {
            format!("binds {} in dealing with {}", phrases(&effect.binds), phrases(&effect.counterparty))
        }
        Some(_) | None => format!("binds {}", phrases(&reason.binds)),
    }
}

fn push_new<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}

pub(crate) fn log_head_view(head: &LogHead) -> LogHeadView {
    LogHeadView { short: head.to_string(), hash: head.hash.clone() }
}

fn known_fact(question: &str, holds: bool) -> KnownFact {
    KnownFact { question: question.to_owned(), holds }
}

fn line_view(restriction: &Restriction, reason: &Reason) -> LineView {
    LineView {
        activities: Vec::new(),
        tier: reason.tier,
        from: reason.effect_from,
        from_precision: precision(restriction, reason),
        until: reason.effect_until,
        because: reason.because.clone(),
        condition: reason.condition.map(|condition| condition.question().to_owned()),
        reading: reason.reading.clone(),
        not_covered: reason.not_covered.clone(),
    }
}

/// Adds what is said about one activity, beside what is said in the same words about others.
fn add_line(lines: &mut Vec<LineView>, activity: Activity, line: LineView) {
    let alike = |known: &&mut LineView| LineView { activities: Vec::new(), ..(**known).clone() } == line;
    match lines.iter_mut().find(alike) {
        Some(known) => push_new(&mut known.activities, activity),
        None => lines.push(LineView { activities: vec![activity], ..line }),
    }
}

/// The sources of the best kind there is.
fn best_sources(restriction: &Restriction) -> Vec<SourceView> {
    let best = restriction.sources.iter().map(|source| source.kind).min();
    let sources = restriction.sources.iter().filter(|source| Some(source.kind) == best);
    sources.map(|source| SourceView { kind: source.kind, url: source.url.clone(), checked: source.checked }).collect()
}

/// What a finding is, a sentence each.
fn what(finding: &Judged) -> Vec<String> {
    let Some(product) = &finding.product else {
        let mut what = vec![format!("Something of {}; which of its products is not known.", finding.vendor.name)];
        what.extend(finding.vendor.note.clone());
        return what;
    };
    let mut what = vec![product.category.meaning().trim().to_owned()];
    what.extend(classes(product));
    what.extend(product.note.clone());
    what
}

/// The words by which instruments may reach a product.
fn classes(product: &Product) -> Option<String> {
    let words: Vec<&str> = product.classes.iter().map(|class| class.as_str()).collect();
    (!words.is_empty()).then(|| format!("Product classes: {}.", words.join(", ")))
}

/// Every version, the lowest first; `rows` are the first places, which are mostly all.
fn versions(store: &Store, finding: &FleetFinding, rows: &[DetectionRow]) -> Result<Vec<String>, AppError> {
    if finding.machine_count() > MOST_PLACES {
        return Ok(each_version(finding.versions(store)?.iter().map(String::as_str)));
    }
    Ok(each_version(rows.iter().filter_map(|row| row.detection.version.as_deref())))
}

fn told_view(told: &ToldFinding) -> ToldView {
    let named = |title: &ToldTitle| match &title.version {
        Some(version) => format!("{} {version}", title.name),
        None => title.name.clone(),
    };
    let teller = |teller: Teller| TellerView { name: teller.origin, at: teller.at };
    ToldView {
        title: told.title(),
        vendor: told.vendor.name.clone(),
        installed: told.tier(),
        told_as: told.titles.iter().map(named).collect(),
        tellers: told.tellers().into_iter().map(teller).collect(),
    }
}

fn recognised_view(store: &Store, finding: &FleetFinding) -> Result<RecognisedView, AppError> {
    let rows = match finding.machine_count() {
        ..=MOST_PLACES => finding.places(store, 0, MOST_PLACES)?,
        _ => Vec::new(),
    };
    Ok(RecognisedView {
        title: finding.title(),
        vendor: finding.vendor.name.clone(),
        versions: versions(store, finding, &rows)?,
        presence: finding.presence,
        machines: finding.machine_count(),
    })
}

/// The places of a finding, those alike in version and every trace together, in the order of the first of them.
fn place_views(rows: Vec<DetectionRow>) -> Vec<PlaceView> {
    let mut place_of: HashMap<(Option<String>, Vec<EvidenceView>), usize> = HashMap::new();
    let mut alike: Vec<(f64, Vec<SeenView>)> = Vec::new();
    for row in rows {
        let DetectionRow { machine_id: machine, hostname, first_seen, last_seen, detection, .. } = row;
        let Detection { version, confidence, evidence, .. } = detection;
        let traces = evidence.iter().map(evidence_view).collect();
        let place = *place_of.entry((version, traces)).or_insert(alike.len());
        let seen = SeenView { machine, hostname, first_seen, last_seen };
        match alike.get_mut(place) {
            Some((_, machines)) => machines.push(seen),
            None => alike.push((confidence, vec![seen])),
        }
    }
    let mut places: Vec<_> = place_of.into_iter().collect();
    places.sort_by_key(|(_, place)| *place);
    let view =
        |(((version, evidence), _), (confidence, machines))| PlaceView { version, confidence, evidence, machines };
    places.into_iter().zip(alike).map(view).collect()
}

fn evidence_view(evidence: &Evidence) -> EvidenceView {
    let matched = evidence.matched.iter().map(|matched| MatchedView {
        rule: matched.rule.clone(),
        field: matched.field.clone(),
        value: matched.value.clone(),
    });
    EvidenceView {
        kind: in_words(evidence.source),
        title: evidence.title.clone(),
        path: evidence.path.clone(),
        says: evidence.says.clone(),
        matched: matched.collect(),
    }
}

/// A source as a person says it: `Debian package`.
#[must_use]
pub fn in_words(source: ObservationSource) -> String {
    match source {
        ObservationSource::DebPackages => "Debian package",
        ObservationSource::RpmPackages => "RPM package",
        ObservationSource::ApkPackages => "Alpine package",
        ObservationSource::PacmanPackages => "Pacman package",
        ObservationSource::Flatpak => "Flatpak",
        ObservationSource::Snap => "Snap",
        ObservationSource::Homebrew => "Homebrew package",
        ObservationSource::Programs => "Uninstall entry",
        ObservationSource::Msix => "App package",
        ObservationSource::Wsc => "Windows Security Center entry",
        ObservationSource::Services => "Service",
        ObservationSource::Drivers => "Driver",
        ObservationSource::Minifilters => "File-system minifilter",
        ObservationSource::KernelModules => "Kernel module",
        ObservationSource::Apps => "Application",
        ObservationSource::PkgReceipts => "Installer receipt",
        ObservationSource::SystemExtensions => "System extension",
        ObservationSource::Launchd => "Launch daemon or agent",
        ObservationSource::BrowserExtensions => "Browser extension",
        ObservationSource::Processes => "Process",
        ObservationSource::Certificates => "Trusted certificate",
        ObservationSource::ScheduledTasks => "Scheduled task",
        ObservationSource::WfpProviders => "Firewall provider",
        ObservationSource::Registry => "Registry key",
        ObservationSource::ConfigurationProfiles => "Configuration profile",
        ObservationSource::Files => "File or folder",
        ObservationSource::Import => "Export of another tool",
    }
    .to_owned()
}

/// Writes a text to a file that is there complete or not at all, readable by its owner alone.
pub(crate) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // Files of this crate are made with mode 0600, in the same folder so that the rename stays within one file system.
    let mut file = tempfile::Builder::new().prefix(".interdict-report-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

#[cfg(test)]
mod tests;
