//! The audit report: what the inventory says, as the views of `interdict-report`, written to a file.
//!
//! This module looks up what a reader needs beside the verdicts (titles, issuers, sources, what a collector reads) and
//! writes the text. It draws nothing.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use interdict_assess::Circumstances;
use interdict_collect::sources_of;
use interdict_model::{
    Activity, Capacity, Day, Detection, Effect, Evidence, ObservationSource, OsFamily, Precision, Product, ProfileId,
    Reason, Restriction, RestrictionId, Standing, Tier,
};
use interdict_report::{
    AnswerView, AuditReport, CollectorView, EvidenceView, FindingView, InstrumentView, KnownFact, LineView,
    LogHeadView, MachineView, MatchedView, OtherView, PlaceView, ProfileView, RecognisedView, SourceView, TellerView,
    ToldView, audit_html,
};
use interdict_store::{DetectionRow, LogHead, MachineRow, ToldTitle};

use crate::advice::next_steps;
use crate::error::AppError;
use crate::findings::{Finding, Inventory, Judged};
use crate::told::{Teller, ToldFinding};
use crate::versions::each_version;
use crate::workbench::{Workbench, unknown};

impl Workbench {
    /// Writes the audit report as one HTML file: about every machine of the inventory, or about one of them.
    ///
    /// The file is there complete or not at all; nobody but its owner can read it. Missing folders are made.
    pub fn write_report(
        &self,
        inventory: &Inventory,
        circumstances: &Circumstances,
        profiles: &[String],
        machine: Option<&str>,
        made_at: &str,
        path: &Path,
    ) -> Result<(), AppError> {
        let report = self.audit_report(inventory, circumstances, profiles, machine, made_at)?;
        let failed = |source| AppError::File { doing: "write", path: path.to_owned(), source };
        write_private(path, &audit_html(&report)).map_err(failed)
    }

    /// What the audit report shows, about every machine of the inventory or about one of them, by its id.
    ///
    /// `circumstances` are those the inventory was asked with; `profiles` are the ids they were made of.
    pub fn audit_report<'i>(
        &self,
        inventory: &'i Inventory,
        circumstances: &Circumstances,
        profiles: &[String],
        machine: Option<&str>,
        made_at: &str,
    ) -> Result<AuditReport, AppError> {
        let of_interest = |id: &str| machine.is_none_or(|wanted| wanted == id);
        let machines: Vec<&MachineRow> = inventory.machines.iter().filter(|row| of_interest(&row.machine.id)).collect();
        if let (Some(wanted), true) = (machine, machines.is_empty()) {
            return Err(unknown("machine", wanted, inventory.machines.iter().map(|row| row.machine.id.as_str())));
        }
        let rows_of = |finding: &'i Finding| -> Vec<&'i DetectionRow> {
            finding.rows.iter().filter(|row| of_interest(&row.machine_id)).collect()
        };
        let here = inventory.findings.iter().map(|finding| (finding, rows_of(finding)));
        let here: Vec<(&Finding, Vec<&DetectionRow>)> = here.filter(|(_, rows)| !rows.is_empty()).collect();
        let stamp = self.catalogue().stamp();
        Ok(AuditReport {
            made_at: made_at.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            as_of: circumstances.as_of,
            catalogue_version: stamp.version.clone(),
            catalogue_date: stamp.date,
            log_head: inventory.log_head.as_ref().map(log_head_view),
            profiles: self.profile_views(profiles)?,
            known: circumstances
                .known
                .iter()
                .map(|(condition, holds)| known_fact(condition.question(), *holds))
                .collect(),
            machines: machines.into_iter().map(machine_view).collect(),
            findings: here
                .iter()
                .filter(|(one, _)| one.is_spoken_of())
                .map(|(one, rows)| self.finding_view(one, rows, circumstances.as_of))
                .collect(),
            told: inventory.told.iter().filter(|_| machine.is_none()).map(told_view).collect(),
            recognised: here
                .iter()
                .filter(|(one, _)| !one.is_spoken_of())
                .map(|(one, rows)| recognised_view(one, rows))
                .collect(),
        })
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

    fn finding_view(&self, finding: &Judged, rows: &[&DetectionRow], as_of: Day) -> FindingView {
        let product = finding.product.as_ref();
        let answers = Activity::ALL.iter().map(|activity| AnswerView {
            activity: *activity,
            tier: finding.verdict.activities.get(activity).map_or(Tier::None, |answer| answer.tier),
        });
        FindingView {
            id: finding.id.clone(),
            subject: product.map_or(finding.vendor.id.as_str(), |product| product.id.as_str()).to_owned(),
            title: finding.title(),
            versions: versions(rows),
            vendor: finding.vendor.name.clone(),
            what: what(finding),
            presence: finding.presence,
            installed: finding.tier(),
            purchase: finding.verdict.headline.purchase,
            answers: answers.collect(),
            instruments: self.instruments(finding),
            others: self.others(finding, as_of),
            next_steps: next_steps(finding),
            places: rows.iter().map(|row| place_view(row)).collect(),
        }
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

fn versions(rows: &[&DetectionRow]) -> Vec<String> {
    each_version(rows.iter().filter_map(|row| row.detection.version.as_deref()))
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

fn recognised_view(finding: &Judged, rows: &[&DetectionRow]) -> RecognisedView {
    RecognisedView {
        title: finding.title(),
        vendor: finding.vendor.name.clone(),
        versions: versions(rows),
        presence: finding.presence,
        machines: rows.iter().map(|row| row.machine_id.as_str()).collect::<BTreeSet<_>>().len(),
    }
}

fn place_view(row: &DetectionRow) -> PlaceView {
    let Detection { version, confidence, evidence, .. } = &row.detection;
    PlaceView {
        machine: row.machine_id.clone(),
        hostname: row.hostname.clone(),
        version: version.clone(),
        confidence: *confidence,
        first_seen: row.first_seen.clone(),
        last_seen: row.last_seen.clone(),
        evidence: evidence.iter().map(evidence_view).collect(),
    }
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

fn machine_view(row: &MachineRow) -> MachineView {
    let os = &row.machine.os;
    let read: BTreeSet<ObservationSource> =
        row.collectors.iter().flat_map(|collector| sources_of(&collector.name)).copied().collect();
    let has = |source: &&ObservationSource| is_kept_by(**source, os.family);
    let collectors = row.collectors.iter().map(|collector| CollectorView {
        name: collector.name.clone(),
        looks_at: sources_of(&collector.name).iter().map(|source| in_words(*source)).collect::<Vec<_>>().join(", "),
        status: collector.status,
        reason: collector.reason.clone(),
        count: collector.count,
    });
    MachineView {
        id: row.machine.id.clone(),
        hostname: row.machine.hostname.clone(),
        system: format!("{} {}", os.name, os.version).trim().to_owned(),
        arch: row.machine.arch.clone(),
        last_scan: row.last_seen.clone(),
        installations: row.installations,
        collectors: collectors.collect(),
        unread: ObservationSource::ALL
            .iter()
            .filter(has)
            .filter(|source| !read.contains(source))
            .map(|source| in_words(*source))
            .collect(),
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

/// Whether a family of systems keeps such traces at all.
fn is_kept_by(source: ObservationSource, family: OsFamily) -> bool {
    match source {
        ObservationSource::DebPackages
        | ObservationSource::RpmPackages
        | ObservationSource::ApkPackages
        | ObservationSource::PacmanPackages
        | ObservationSource::Flatpak
        | ObservationSource::Snap
        | ObservationSource::KernelModules => family == OsFamily::Linux,
        ObservationSource::Homebrew => family != OsFamily::Windows,
        ObservationSource::Programs
        | ObservationSource::Msix
        | ObservationSource::Wsc
        | ObservationSource::Drivers
        | ObservationSource::Minifilters
        | ObservationSource::WfpProviders
        | ObservationSource::Registry => family == OsFamily::Windows,
        ObservationSource::Apps
        | ObservationSource::PkgReceipts
        | ObservationSource::SystemExtensions
        | ObservationSource::Launchd
        | ObservationSource::ConfigurationProfiles => family == OsFamily::Macos,
        ObservationSource::Services => family != OsFamily::Macos,
        ObservationSource::BrowserExtensions
        | ObservationSource::Processes
        | ObservationSource::Certificates
        | ObservationSource::ScheduledTasks
        | ObservationSource::Files => true,
        ObservationSource::Import => false,
    }
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
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use interdict_model::{Day, Fault as _};
    use interdict_store::Store;

    use super::*;
    use crate::audit::{ScanOptions, Target};

    const MADE_AT: &str = "2026-11-22T09:30:00.000Z";

    /// A database with one audited machine, the folder it lies in, and the inventory.
    fn audited() -> (tempfile::TempDir, Workbench, Inventory, Circumstances) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        let status = "Package: kesl\nStatus: install ok installed\nMaintainer: AO Kaspersky Lab <support@kaspersky.com>\n\
             Architecture: amd64\nVersion: 12.1.0-1508\nDescription: x\n\n";
        let files = [
            ("etc/os-release", "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n"),
            ("etc/hostname", "ws-fin-014\n"),
            ("etc/machine-id", "6d0c9f6a7c3b4e59a1f2d3c4b5a69788\n"),
            ("var/lib/dpkg/status", status),
        ];
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let workbench = Workbench::builtin().unwrap();
        let mut store = Store::open_in_memory().unwrap();
        workbench.audit(&mut store, &Target::Root(root), &ScanOptions::default(), &mut |_| {}, &|| false).unwrap();
        let as_of = Day::new(2024, 10, 1).unwrap();
        let circumstances = workbench.circumstances(&["us-private".to_owned()], as_of).unwrap();
        let inventory = workbench.inventory(&store, &circumstances).unwrap();
        (folder, workbench, inventory, circumstances)
    }

    #[test]
    fn a_report_is_written_whole_private_and_over_an_older_one() {
        let (folder, workbench, inventory, circumstances) = audited();
        let path = folder.path().join("new/reports/audit.html");
        for _ in 0..2 {
            let profiles = ["us-private".to_owned()];
            workbench.write_report(&inventory, &circumstances, &profiles, None, MADE_AT, &path).unwrap();
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.ends_with("</html>\n"));
            let head = inventory.log_head.as_ref().unwrap();
            assert!(text.contains(&head.to_string()) && text.contains(&head.hash), "{head}");
            for words in
                ["ws-fin-014", "Kaspersky Endpoint Security for Linux", "us-private", "89 FR 52434", "29 Sep 2024"]
            {
                assert!(text.contains(words), "{words}");
            }
            let names: Vec<_> =
                fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(names, ["audit.html"]);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn an_unknown_machine_or_profile_and_a_place_that_cannot_be_written_are_errors() {
        let (folder, workbench, inventory, circumstances) = audited();
        let write = |profile: &str, machine: Option<&str>, path: PathBuf| {
            let profiles = [profile.to_owned()];
            let written = workbench.write_report(&inventory, &circumstances, &profiles, machine, MADE_AT, &path);
            (written.map_err(|error| error.code()), path.is_file())
        };
        let file = |name: &str| folder.path().join(name);
        fs::write(file("a-file"), "").unwrap();
        assert_eq!(write("us-private", Some("nobody"), file("a.html")), (Err("app/unknown-id"), false));
        assert_eq!(write("us-privat", None, file("b.html")), (Err("app/unknown-id"), false));
        assert_eq!(write("us-private", None, file("a-file/c.html")), (Err("app/file"), false));
        assert_eq!(write("us-private", None, folder.path().to_owned()), (Err("app/file"), false));
        let id = inventory.machines[0].machine.id.clone();
        assert_eq!(write("us-private", Some(&id), file("d.html")), (Ok(()), true));
    }

    #[test]
    fn the_headlines_of_the_report_are_those_of_the_inventory() {
        let (_folder, workbench, inventory, circumstances) = audited();
        let profiles = ["us-private".to_owned()];
        let report = workbench.audit_report(&inventory, &circumstances, &profiles, None, MADE_AT).unwrap();
        assert_eq!(report.findings.len(), inventory.spoken_of().count());
        for (view, finding) in report.findings.iter().zip(inventory.spoken_of()) {
            assert_eq!((&view.id, view.installed), (&finding.id, finding.tier()));
            assert_eq!(view.answers.len(), Activity::ALL.len());
            for answer in &view.answers {
                let reasons = view.instruments.iter().flat_map(|instrument| &instrument.lines);
                let worst = reasons
                    .filter(|line| line.activities.contains(&answer.activity))
                    .fold(Tier::None, |worst, line| worst.worst(line.tier));
                assert_eq!(worst, answer.tier, "{}", answer.activity);
            }
        }
        // What some collector reads, and what its system does not have, is not said to be unread.
        assert!(!report.machines[0].unread.iter().any(|kind| kind == "Debian package" || kind == "Uninstall entry"));
    }
}
