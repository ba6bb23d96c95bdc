//! Who signed the programs that services, drivers, tasks, registrations and processes name, and what those programs say of
//! themselves.
//!
//! Completes what the other collectors brought back: signer, and publisher and version where a registration names none.
//! Each program is read once, and little of it; how many, how much and how long is bounded. While Windows runs it is asked
//! whether it finds the signature good, also in its catalogs; else a certificate in a file is taken as written, and
//! [`SIGNATURE`](raw_key::SIGNATURE) says so. Programs that run others are left out, since they say nothing of those.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use interdict_formats::windows_command::is_host;
use interdict_model::{Observation, ObservationSource, raw_key};

use crate::any::program_file::{ProgramFile, Signature, Signer, is_microsoft, read};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{Host, HostError};
use crate::windows::WINDOWS_FILES;

/// Digests are compared for files of at most this size.
const MOST_DIGESTED: u64 = 8 << 20;
/// Windows is asked about files of at most this size, since it reads all of them.
const MOST_VERIFIED: u64 = 64 << 20;

/// Completes observations by the programs they name, on one family of systems.
pub(crate) struct Signatures {
    name: &'static str,
    needs: Needs,
    budget: Budget,
}

/// How much is read.
#[derive(Clone, Copy)]
struct Budget {
    files: usize,
    bytes: u64,
    time: Duration,
    /// How long Windows is asked for its word.
    verifying: Duration,
}

impl Signatures {
    /// On Windows.
    pub(crate) const WINDOWS: Self = Self {
        name: "windows/signatures",
        needs: WINDOWS_FILES,
        budget: Budget {
            files: 20_000,
            bytes: 2 << 30,
            time: Duration::from_mins(2),
            verifying: Duration::from_secs(30),
        },
    };
}

impl Collector for Signatures {
    fn name(&self) -> &'static str {
        self.name
    }

    fn looks_at(&self) -> &'static str {
        "signatures of programs"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[]
    }

    fn needs(&self) -> Needs {
        self.needs
    }

    fn collect(&self, _: &dyn Host, _: &Request<'_>) -> Collected {
        Gathering::default().finish()
    }

    fn complete(
        &self,
        host: &dyn Host,
        request: &Request<'_>,
        observations: &mut [Observation],
    ) -> Option<(Collected, usize)> {
        let mut gathering = Gathering::default();
        let mut programs = Programs::of(host, self.budget);
        let mut completed = 0;
        for observation in observations.iter_mut().filter(|observation| observation.signer.is_none()) {
            if (request.cancelled)() {
                break;
            }
            let Some(path) = program_of(observation) else { continue };
            if let Some(program) = programs.about(&path) {
                completed += usize::from(complete(observation, program));
            }
        }
        programs.account(&mut gathering);
        Some((gathering.finish(), completed))
    }
}

/// The program an observation names, if it exists as far as is known and is its own.
fn program_of(observation: &Observation) -> Option<String> {
    let raw = |key| observation.raw(key).map(str::to_owned);
    let path = match observation.source {
        ObservationSource::Services
        | ObservationSource::Drivers
        | ObservationSource::Minifilters
        | ObservationSource::ScheduledTasks
        | ObservationSource::Wsc => {
            observation.path.clone().filter(|_| observation.raw(raw_key::EXECUTABLE_EXISTS) == Some("true"))
        }
        ObservationSource::Processes => observation.path.clone(),
        ObservationSource::Programs => raw(raw_key::EXECUTABLE),
        ObservationSource::Files => match raw(raw_key::KIND).as_deref() {
            Some("executable") => observation.path.clone(),
            _ => raw(raw_key::EXECUTABLE_BELOW),
        },
        ObservationSource::BrowserExtensions
        | ObservationSource::DebPackages
        | ObservationSource::RpmPackages
        | ObservationSource::ApkPackages
        | ObservationSource::PacmanPackages
        | ObservationSource::Flatpak
        | ObservationSource::Snap
        | ObservationSource::Homebrew
        | ObservationSource::Msix
        | ObservationSource::Apps
        | ObservationSource::PkgReceipts
        | ObservationSource::SystemExtensions
        | ObservationSource::ConfigurationProfiles
        | ObservationSource::Launchd
        | ObservationSource::KernelModules
        | ObservationSource::Certificates
        | ObservationSource::WfpProviders
        | ObservationSource::Registry
        | ObservationSource::Import => None,
    };
    path.filter(|path| !is_host(path))
}

/// Puts in what is known of its program; whether anything was.
fn complete(observation: &mut Observation, program: &ProgramFile) -> bool {
    let version = &program.version;
    if let Some(signer) = &program.signer {
        observation.signer = Some(signer.subject.clone());
        observation.raw.insert(raw_key::SIGNATURE.to_owned(), signer.how.words().to_owned());
    }
    let fill = |field: &mut Option<String>, values: [&Option<String>; 2]| {
        if field.is_none() {
            *field = values.into_iter().find_map(Clone::clone);
        }
    };
    fill(&mut observation.publisher, [&version.company, &None]);
    fill(&mut observation.version, [&version.product_version, &version.file_version]);
    program.signer.is_some() || version.company.is_some() || version.product_version.is_some()
}

/// The programs looked at so far.
struct Programs<'h> {
    host: &'h dyn Host,
    budget: Budget,
    begun: Instant,
    verifying: Duration,
    bytes: u64,
    /// By path in small letters.
    known: BTreeMap<String, Option<ProgramFile>>,
    /// How many could not be read, and why the first could not.
    unread: usize,
    example: Option<HostError>,
    left_out: usize,
}

impl<'h> Programs<'h> {
    fn of(host: &'h dyn Host, budget: Budget) -> Self {
        Self {
            host,
            budget,
            begun: Instant::now(),
            verifying: Duration::ZERO,
            bytes: 0,
            known: BTreeMap::new(),
            unread: 0,
            example: None,
            left_out: 0,
        }
    }

    /// What is known of a program; nothing where it is gone, none, or not to be read.
    fn about(&mut self, path: &str) -> Option<&ProgramFile> {
        let key = path.to_lowercase();
        if !self.known.contains_key(&key) {
            let is_spent = self.known.len() >= self.budget.files
                || self.bytes >= self.budget.bytes
                || self.begun.elapsed() >= self.budget.time;
            if is_spent {
                self.left_out += 1;
                return None;
            }
            let program = self.look(path);
            self.known.insert(key.clone(), program);
        }
        self.known.get(&key)?.as_ref()
    }

    fn look(&mut self, path: &str) -> Option<ProgramFile> {
        let looked = match read(self.host, path, MOST_DIGESTED) {
            Ok(looked) => looked,
            Err(HostError::NotFound { .. }) => return None,
            Err(error) => {
                self.unread += 1;
                self.example.get_or_insert(error);
                return None;
            }
        };
        self.bytes += looked.bytes;
        let mut program = looked.program?;
        if program.signer.as_ref().is_none_or(|signer| !is_microsoft(&signer.subject)) {
            program.signer = self.verified(path, program.signer);
        }
        Some(program)
    }

    /// The signer with Windows' word on it, where that can be had.
    fn verified(&mut self, path: &str, embedded: Option<Signer>) -> Option<Signer> {
        let Some(windows) = self.host.running_windows() else { return embedded };
        let is_small = self.host.look(path).is_ok_and(|found| found.size <= MOST_VERIFIED);
        if !is_small || self.verifying >= self.budget.verifying {
            return embedded;
        }
        let begun = Instant::now();
        let answer = windows.verified_signer(path);
        self.verifying += begun.elapsed();
        match (answer, embedded) {
            // The file's own certificate says more than the name Windows gives.
            (Ok(Some(name)), Some(own)) if own.subject.contains(&name) => {
                Some(Signer { how: Signature::Verified, ..own })
            }
            (Ok(Some(subject)), _) => Some(Signer { subject, how: Signature::Verified }),
            (Ok(None), Some(own)) => Some(Signer { how: Signature::NotTrusted, ..own }),
            (Ok(None), None) => None,
            (Err(_), embedded) => embedded,
        }
    }

    fn account(self, gathering: &mut Gathering) {
        if self.known.len() > self.unread {
            gathering.has_read();
        }
        if let Some(error) = self.example {
            let cause = match error {
                HostError::TooLarge { .. }
                | HostError::NoHives { .. }
                | HostError::Unreachable { .. }
                | HostError::Lost { .. }
                | HostError::Other { .. } => Cause::Broken,
                HostError::NotFound { .. } | HostError::Denied { .. } | HostError::NotAtHand { .. } => {
                    Cause::NotAllowed
                }
            };
            let what = match self.unread {
                1 => format!("a program could not be read: {}", error.with_cause()),
                count => format!("{count} programs could not be read, the first because {}", error.with_cause()),
            };
            gathering.shortfall(cause, what);
        }
        if self.left_out > 0 {
            let what = format!("after {} programs, {} were left out", self.known.len(), self.left_out);
            gathering.shortfall(Cause::Broken, what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::executable_encoder::{Program, portable_executable, version_resource};
    use crate::signature_encoder::{Certificate, Signed};
    use crate::{FixtureHost, MapRegistry, RecordedWindows};
    use interdict_model::{CollectorStatus, Probes};

    const AGENT: &str = r"C:\Program Files\Vendor\agent.exe";
    const SUBJECT: &str = "CN=Test Signing, O=Test Signing, C=RU";

    fn agent(is_pasted: bool) -> Vec<u8> {
        let strings: &[(&str, &str)] = &[("CompanyName", "Test Company"), ("ProductName", "Guard")];
        let versions = vec![version_resource([1, 2, 3, 4], &[("040904b0", strings)])];
        let certificate = Certificate::of("Test Signing", "Test Signing");
        portable_executable(
            &Program { machine: 0x8664, wide: true, versions },
            Some(&|digest| Signed::over(&certificate, if is_pasted { &[0; 32] } else { digest }).encode()),
        )
    }

    fn service(path: &str) -> Observation {
        let mut observation = Observation::new(ObservationSource::Services);
        observation.path = Some(path.to_owned());
        observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), "true".to_owned());
        observation
    }

    fn completed(host: &FixtureHost, observations: &mut [Observation]) -> (Collected, usize) {
        completed_within(host, observations, Signatures::WINDOWS.budget)
    }

    fn completed_within(host: &FixtureHost, all: &mut [Observation], budget: Budget) -> (Collected, usize) {
        let probes = Probes::default();
        let signatures = Signatures { budget, ..Signatures::WINDOWS };
        signatures.complete(host, &Request::of(&probes), all).expect("it completes")
    }

    #[test]
    fn what_a_program_says_completes_what_names_it() {
        let host =
            FixtureHost::windows(MapRegistry::default()).file(AGENT, agent(false)).file(r"C:\x.exe", agent(true));
        let mut program = Observation::new(ObservationSource::Programs);
        program.publisher = Some("As registered".to_owned());
        program.raw.insert(raw_key::EXECUTABLE.to_owned(), AGENT.to_uppercase());
        let mut gone = service(r"C:\gone.exe");
        gone.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), "false".to_owned());
        let host_program = service(r"C:\Windows\System32\svchost.exe");
        let task = Observation { source: ObservationSource::ScheduledTasks, ..service(AGENT) };
        let mut all = [service(AGENT), program, service(r"C:\x.exe"), gone, host_program, task];
        let (collected, count) = completed(&host, &mut all);
        assert_eq!((collected.status, count), (CollectorStatus::Complete, 4));
        assert_eq!(all[0].signer.as_deref(), Some(SUBJECT));
        assert_eq!(all[0].publisher.as_deref(), Some("Test Company"));
        assert_eq!(all[0].version.as_deref(), Some("1.2.3.4"));
        assert_eq!(all[0].raw(raw_key::SIGNATURE), Some("embedded, digest matches"));
        assert_eq!(all[1].publisher.as_deref(), Some("As registered"));
        assert_eq!(all[2].raw(raw_key::SIGNATURE), Some("embedded, digest differs"));
        assert!(all[3].signer.is_none() && all[4].signer.is_none());
    }

    #[test]
    fn windows_is_asked_while_it_runs() {
        let signers = [(AGENT, "Test Signing"), (r"C:\catalog.exe", "Somebody Else")];
        let signers = signers.map(|(path, name)| (path.to_owned(), name.to_owned())).into();
        let host = FixtureHost::windows(MapRegistry::default())
            .file(AGENT, agent(false))
            .file(
                r"C:\catalog.exe",
                portable_executable(&Program { machine: 1, wide: false, versions: Vec::new() }, None),
            )
            .file(r"C:\pasted.exe", agent(true))
            .running_windows(RecordedWindows { signers, ..RecordedWindows::default() });
        let mut all = [AGENT, r"C:\catalog.exe", r"C:\pasted.exe"].map(service);
        completed(&host, &mut all);
        let rows: Vec<_> = all.iter().map(|one| (one.signer.as_deref(), one.raw(raw_key::SIGNATURE))).collect();
        assert_eq!(
            rows,
            [
                (Some(SUBJECT), Some("verified by Windows")),
                (Some("Somebody Else"), Some("verified by Windows")),
                (Some(SUBJECT), Some("embedded, not trusted by Windows")),
            ]
        );
    }

    #[test]
    fn what_could_not_be_read_is_accounted_for() {
        let host = FixtureHost::windows(MapRegistry::default())
            .file(AGENT, agent(false))
            .file(r"C:\Hidden\a.exe", agent(false))
            .unreadable(r"C:\Hidden");
        let mut all = [AGENT, r"C:\Hidden\a.exe", r"C:\Hidden\b.exe"].map(service);
        let (collected, _) = completed(&host, &mut all);
        assert_eq!(collected.status, CollectorStatus::Partial);
        let reason = collected.reason.expect("partial");
        assert!(reason.starts_with(r"2 programs could not be read, the first because C:\Hidden\a.exe"), "{reason}");
        let mut hidden = [r"C:\Hidden\a.exe"].map(service);
        assert_eq!(completed(&host, &mut hidden).0.status, CollectorStatus::NotPossible);
    }

    #[test]
    fn a_budget_that_is_spent_is_said() {
        let host =
            FixtureHost::windows(MapRegistry::default()).file(AGENT, agent(false)).file(r"C:\x.exe", agent(false));
        let mut all = [AGENT, AGENT, r"C:\x.exe"].map(service);
        let budget = Budget { files: 1, ..Signatures::WINDOWS.budget };
        let (collected, count) = completed_within(&host, &mut all, budget);
        assert_eq!((collected.status, count), (CollectorStatus::Partial, 2));
        assert_eq!(collected.reason.as_deref(), Some("after 1 programs, 1 were left out"));
    }
}
