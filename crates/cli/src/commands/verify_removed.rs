//! `interdict verify-removed`: every class of trace answered, and a certificate when all of them are absent.

use anstyle::Style;
use interdict_app::{ClassAnswer, ClassState, MachineRemoval, Removal, Workbench, now, source_in_words};
use interdict_model::{Machine, OsFamily};

use crate::Outcome;
use crate::arguments::{Format, VerifyRemovedArguments};
use crate::error::CliError;
use crate::output::{Answer, DIM, Page, STRONG, counted, plain, span, write_csv, write_json_lines};
use crate::session::Session;
use crate::wire::VerifyRemoved;

/// How many traces of a class are listed before the rest is only counted.
const MOST_LISTED: usize = 12;

pub(super) fn run(session: &Session, arguments: &VerifyRemovedArguments) -> Result<Outcome, CliError> {
    let workbench = session.workbench()?;
    let subject = match (&arguments.subject.vendor, &arguments.subject.product) {
        (Some(vendor), _) => workbench.vendor(vendor)?,
        (None, product) => workbench.product(product.as_deref().unwrap_or_default())?,
    };
    let mut store = session.existing_store()?;
    let removal = workbench.verify_removal(&mut store, &subject, &arguments.machines)?;
    let fingerprints = workbench.fingerprint_counts(&subject);
    let asked = now();
    let stamp = workbench.catalogue().stamp();
    let document = VerifyRemoved::new(&removal, asked.clone(), stamp, &fingerprints);
    if let Some(path) = &arguments.report {
        workbench.write_removal_report(&removal, &asked, path)?;
    }
    match session.format() {
        Format::Json => Answer::json(&document)?,
        Format::Jsonl => write_json_lines(Answer::raw(), document.rows().into_iter().map(Ok))?,
        Format::Csv => write_csv(Answer::raw(), document.rows().into_iter().map(Ok))?,
        Format::Text => {
            let mut page = Answer::page();
            Told { workbench: &workbench, removal: &removal, asked: &asked }.page(&mut page);
            if let Some(path) = &arguments.report {
                page.blank();
                page.line(&[plain(format!("Report written to {}", path.display()))]);
            }
            session.answer.text(page)?;
        }
    }
    Ok(if removal.is_certain() { Outcome::Done } else { Outcome::NotVerified })
}

/// A removal told to people.
struct Told<'a> {
    workbench: &'a Workbench,
    removal: &'a Removal,
    asked: &'a str,
}

impl Told<'_> {
    fn page(&self, page: &mut Page) {
        let stamp = self.workbench.catalogue().stamp();
        page.line(&[plain("Removal of "), span(self.workbench.removal_title(&self.removal.subject), STRONG)]);
        page.line(&[plain(format!("asked {}, with catalogue {} of {}", self.asked, stamp.version, stamp.date))]);
        page.paragraph(&[], &self.workbench.recognised_by(&self.removal.subject), DIM);
        if self.removal.machines.is_empty() {
            page.blank();
            page.paragraph(&[], "No machine was ever scanned, so nothing is verified.", STRONG);
        }
        if let Some(head) = &self.removal.log_head {
            page.line(&[span(format!("the head of the inventory's log is {head}"), DIM)]);
        }
        for machine in &self.removal.machines {
            page.blank();
            self.machine(page, machine);
        }
        if self.removal.machines.len() > 1 {
            page.blank();
            page.paragraph(&[], &self.sum(), STRONG);
        }
    }

    fn machine(&self, page: &mut Page, removal: &MachineRemoval) {
        let machine = &removal.machine;
        let scan = &removal.scan;
        page.line(&[
            span(name(machine), STRONG),
            plain(format!(", {} {}, {}", machine.os.name, machine.os.version, machine.id)),
        ]);
        let read_as = scan.read_as.as_ref().map(|user| format!(" as {user}")).unwrap_or_default();
        page.line(&[plain(format!("scanned {}{read_as} ({})", scan.started, scan.source_label))]);
        page.line(&[plain(removal.history())]);
        let of = |state| removal.classes.iter().filter(move |class| class.state == state);
        for class in of(ClassState::Present) {
            present(page, class);
        }
        for class in of(ClassState::NotLookedAt) {
            let lead = [plain("  "), span("not looked at", STRONG), plain(format!("  {}: ", words(class)))];
            page.paragraph(&lead, &class.because, Style::new());
        }
        for class in of(ClassState::Absent) {
            let lead = [plain("  "), span("absent", DIM), plain(format!("         {}: ", words(class)))];
            page.paragraph(&lead, &class.because, DIM);
        }
        self.verdict(page, removal);
    }

    fn verdict(&self, page: &mut Page, removal: &MachineRemoval) {
        page.blank();
        if removal.is_certain() {
            self.certificate(page, removal);
            return;
        }
        let count = |state| removal.classes.iter().filter(|class| class.state == state).count();
        let mut parts = Vec::new();
        match count(ClassState::Present) {
            0 => {}
            number => parts.push(format!("traces in {}", classes(number))),
        }
        match count(ClassState::NotLookedAt) {
            0 => {}
            number => parts.push(format!("{} not looked at", classes(number))),
        }
        let text =
            format!("Not certified: {}. Remove what is left or look at the rest, and scan again.", parts.join(", "));
        page.paragraph(&[], &text, STRONG);
    }

    fn certificate(&self, page: &mut Page, removal: &MachineRemoval) {
        let stamp = self.workbench.catalogue().stamp();
        page.line(&[span("CERTIFICATE OF REMOVAL", STRONG)]);
        let text = format!(
            "No trace of {} was found on {} by the scan of {}. All {} of trace that Interdict {} reads on {} were \
             looked at with the fingerprints of catalogue {} of {}, and in none of them is anything identified as it.",
            self.workbench.removal_title(&self.removal.subject),
            name(&removal.machine),
            removal.scan.started,
            classes(removal.classes.len()),
            env!("CARGO_PKG_VERSION"),
            family_name(removal.machine.os.family),
            stamp.version,
            stamp.date,
        );
        page.paragraph(&[plain("  ")], &text, Style::new());
        let limits = "It says nothing of files that nobody registered in places no fingerprint names, of other disks, of \
                      containers and virtual machines kept as files, or of what changed since the scan.";
        page.paragraph(&[plain("  ")], limits, DIM);
    }

    fn sum(&self) -> String {
        let certified = self.removal.machines.iter().filter(|machine| machine.is_certain()).count();
        format!("Certified for {certified} of {}.", counted(self.removal.machines.len(), "machine"))
    }
}

fn present(page: &mut Page, class: &ClassAnswer) {
    let lead = [plain("  "), span("present", STRONG), plain(format!("        {}: ", words(class)))];
    page.paragraph(&lead, &class.because, Style::new());
    for trace in class.traces.iter().take(MOST_LISTED) {
        let place = trace.path.as_deref().unwrap_or("no path is known");
        let scope = trace.scope.as_ref().map(|scope| format!(", {scope}")).unwrap_or_default();
        let title = if trace.title == place { String::new() } else { format!("{}: ", trace.title) };
        let text = format!("{title}{place}{scope} ({})", trace.says);
        page.paragraph(&[plain("      - ")], &text, Style::new());
    }
    if class.traces.len() > MOST_LISTED {
        page.line(&[plain(format!("      and {} more", class.traces.len() - MOST_LISTED))]);
    }
}

const fn family_name(family: OsFamily) -> &'static str {
    match family {
        OsFamily::Linux => "Linux",
        OsFamily::Windows => "Windows",
        OsFamily::Macos => "macOS",
        OsFamily::Unknown => "unknown",
    }
}

/// `1 class`, `2 classes`.
fn classes(count: usize) -> String {
    if count == 1 { "1 class".to_owned() } else { format!("{count} classes") }
}

fn words(class: &ClassAnswer) -> String {
    source_in_words(class.source)
}

fn name(machine: &Machine) -> &str {
    if machine.hostname.is_empty() { &machine.id } else { &machine.hostname }
}
