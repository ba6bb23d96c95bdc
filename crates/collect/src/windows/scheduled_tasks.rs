//! Scheduled tasks: what the Task Scheduler starts, from its files and from its cache in the registry.
//!
//! The files say what a task starts; the cache knows tasks whose files cannot be read, by name and by the texts of their
//! actions. What a task starts through a program of Windows that runs others is taken from the arguments. Tasks that start
//! no program keep their name. The `.job` files of Windows before Vista are not read, nor are triggers and accounts.

use std::collections::BTreeMap;

use interdict_formats::registry::RegistryData;
use interdict_formats::scheduled_task::{ScheduledTask, TaskCommand, cached_commands, parse_task};
use interdict_formats::windows_command::{is_host, programs};
use interdict_model::{Observation, ObservationSource, Scope, raw_key};

use crate::any::expected::leads_to_file;
use crate::any::{MOST_ENTRIES, SMALL_FILE};
use crate::collector::{Cause, Collected, Collector, Gathering, Needs, Request};
use crate::host::{EntryKind, Host, HostError};
use crate::registry::Registry;
use crate::windows::environment::is_on_a_drive;
use crate::windows::existence::{Existence, Files};
use crate::windows::{Environment, WINDOWS_FILES, subkeys, values};

const CACHE: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache";
/// How deep folders of tasks may stand in one another, and how many tasks are read.
const DEEPEST: usize = 12;
const MOST_TASKS: usize = 10_000;

/// Reads scheduled tasks.
pub(crate) struct ScheduledTasks;

impl Collector for ScheduledTasks {
    fn name(&self) -> &'static str {
        "windows/scheduled-tasks"
    }

    fn looks_at(&self) -> &'static str {
        "scheduled tasks"
    }

    fn sources(&self) -> &'static [ObservationSource] {
        &[ObservationSource::ScheduledTasks]
    }

    fn needs(&self) -> Needs {
        WINDOWS_FILES
    }

    fn collect(&self, host: &dyn Host, request: &Request<'_>) -> Collected {
        let mut gathering = Gathering::default();
        let environment = Environment::of(host.registry());
        let mut tasks = Tasks::default();
        let folder = environment.file(r"System32\Tasks");
        tasks.read_folder(host, &folder, request, &mut gathering);
        if let Some(registry) = host.registry() {
            tasks.read_cache(registry, &mut gathering);
        }
        if tasks.left_out {
            gathering.shortfall(Cause::Broken, format!("more than the {MOST_TASKS} scheduled tasks that are read"));
        }
        let mut files = Files::of(host);
        for (name, task) in tasks.found.into_values() {
            observe(&name, &task, &environment, &mut files, &mut gathering);
        }
        files.account("scheduled tasks", &mut gathering);
        gathering.finish()
    }
}

/// The tasks by their paths in small letters: as written, and what they are.
#[derive(Default)]
struct Tasks {
    found: BTreeMap<String, (String, ScheduledTask)>,
    left_out: bool,
}

impl Tasks {
    fn add(&mut self, name: String, task: ScheduledTask) {
        if self.found.len() >= MOST_TASKS {
            self.left_out = true;
            return;
        }
        self.found.entry(name.to_lowercase()).or_insert((name, task));
    }

    /// The files of the Task Scheduler's folder, each a task named after its path.
    fn read_folder(&mut self, host: &dyn Host, root: &str, request: &Request<'_>, gathering: &mut Gathering) {
        let mut ahead = vec![(String::new(), 1)];
        while let Some((below, depth)) = ahead.pop() {
            if (request.cancelled)() {
                return;
            }
            let entries = match host.list(&format!("{root}{below}"), MOST_ENTRIES) {
                Ok(entries) => entries,
                Err(HostError::NotFound { .. }) => continue,
                Err(error) => {
                    gathering.failed(&error);
                    continue;
                }
            };
            gathering.has_read();
            for entry in entries {
                let name = format!(r"{below}\{}", entry.name);
                match entry.kind {
                    EntryKind::Folder if depth < DEEPEST => ahead.push((name, depth + 1)),
                    EntryKind::Folder => {
                        gathering.shortfall(Cause::Broken, format!("tasks below {name} lie too deep to be read"));
                    }
                    EntryKind::File if self.found.len() >= MOST_TASKS => self.left_out = true,
                    EntryKind::File | EntryKind::Link | EntryKind::Special => {
                        let file = format!("{root}{name}");
                        if !leads_to_file(host, &entry, &file, gathering) {
                            continue;
                        }
                        let Some(bytes) = gathering.ok(host.read(&file, SMALL_FILE)) else { continue };
                        let (task, diagnostics) = parse_task(&bytes, &file);
                        gathering.diagnostics.extend(diagnostics);
                        self.add(name, task);
                    }
                }
            }
        }
    }

    /// The tasks of the registry's cache that no file told of.
    fn read_cache(&mut self, registry: &dyn Registry, gathering: &mut Gathering) {
        let tree = format!(r"{CACHE}\Tree");
        let mut ahead = vec![(String::new(), 1)];
        while let Some((below, depth)) = ahead.pop() {
            let key = format!("{tree}{below}");
            if depth <= DEEPEST {
                let names = subkeys(registry, &key, gathering);
                ahead.extend(names.into_iter().map(|name| (format!(r"{below}\{name}"), depth + 1)));
            }
            if below.is_empty() || self.found.contains_key(&below.to_lowercase()) {
                continue;
            }
            // Folders of tasks have no id.
            let Some(id) = values(registry, &key, gathering).and_then(|values| values.text("Id")) else { continue };
            let cached = values(registry, &format!(r"{CACHE}\Tasks\{id}"), gathering).unwrap_or_default();
            let actions = match cached.get("Actions") {
                Some(RegistryData::Binary { bytes, .. }) => cached_commands(bytes),
                _ => Vec::new(),
            };
            let task = ScheduledTask {
                author: cached.text("Author"),
                description: cached.text("Description"),
                enabled: None,
                commands: actions,
            };
            self.add(below, task);
        }
    }
}

/// One observation for each program a task starts, and one for a task that starts none.
fn observe(
    name: &str,
    task: &ScheduledTask,
    environment: &Environment,
    files: &mut Files<'_>,
    gathering: &mut Gathering,
) {
    let mut observation = Observation::new(ObservationSource::ScheduledTasks);
    observation.name = Some(name.to_owned());
    observation.publisher = task.author.clone().filter(|author| is_company(author));
    observation.scope = Some(Scope::Machine);
    if let Some(enabled) = task.enabled {
        observation.raw.insert(raw_key::ENABLED.to_owned(), enabled.to_string());
    }
    if task.commands.is_empty() {
        gathering.observations.push(observation);
        return;
    }
    for command in &task.commands {
        let (existence, path) = started(command, environment, files);
        let mut observation = Observation { path, ..observation.clone() };
        if let Some(exists) = existence.known() {
            observation.raw.insert(raw_key::EXECUTABLE_EXISTS.to_owned(), exists.to_string());
        }
        gathering.observations.push(observation);
    }
}

/// Whether an author may be a company: not an account (`DOMAIN\user`), nor a reference to a text in a file.
fn is_company(author: &str) -> bool {
    !author.contains('\\') && !author.contains('@') && !author.starts_with('$')
}

/// The program a command starts, and whether it exists; that of the arguments where they are handed to another program.
pub(super) fn started(
    command: &TaskCommand,
    environment: &Environment,
    files: &mut Files<'_>,
) -> (Existence, Option<String>) {
    let all = |text: &str| -> Vec<String> {
        programs(&environment.expand(text)).iter().map(|program| environment.file(program)).collect()
    };
    let candidates = all(&command.program);
    let Some(program) = candidates.first().cloned() else { return (Existence::Unknown, None) };
    if !is_host(&program) {
        return files.first_of(&candidates);
    }
    let handed = command.arguments.as_deref().and_then(|arguments| path_in(&environment.expand(arguments)));
    match handed {
        Some(path) => {
            let path = environment.file(&path);
            (files.look(&path), Some(path))
        }
        // That Windows' own program exists says nothing of the task.
        None => (Existence::Unknown, Some(program)),
    }
}

/// The first path with a drive among some arguments.
fn path_in(arguments: &str) -> Option<String> {
    let starts = arguments.match_indices(r":\").filter_map(|(at, _)| at.checked_sub(1));
    let at = starts.filter(|at| arguments.is_char_boundary(*at)).find(|at| is_on_a_drive(&arguments[*at..]))?;
    let quoted = at > 0 && arguments.as_bytes()[at - 1] == b'"';
    let rest = &arguments[at..];
    if quoted { rest.split('"').next().map(str::to_owned) } else { programs(rest).into_iter().next() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{rows, windows_fixture};
    use crate::{FixtureHost, MapRegistry};
    use interdict_model::{CollectorStatus, Probes};

    fn collect(host: &FixtureHost) -> Collected {
        ScheduledTasks.collect(host, &Request::of(&Probes::default()))
    }

    fn found(collected: &Collected) -> Vec<String> {
        rows(collected, |one| {
            format!(
                "{} {} {} exists:{} enabled:{}",
                one.name.as_deref().unwrap_or("-"),
                one.publisher.as_deref().unwrap_or("-"),
                one.path.as_deref().unwrap_or("-"),
                one.raw(raw_key::EXECUTABLE_EXISTS).unwrap_or("-"),
                one.raw(raw_key::ENABLED).unwrap_or("-"),
            )
        })
    }

    fn task(author: &str, program: &str, arguments: &str) -> Vec<u8> {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<Task xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
             <RegistrationInfo><Author>{author}</Author></RegistrationInfo><Actions><Exec><Command>{program}</Command>\
             <Arguments>{arguments}</Arguments></Exec></Actions></Task>"
        );
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    const FOLDER: &str = r"C:\Windows\System32\Tasks";

    #[test]
    fn tasks_of_files_and_of_the_cache_are_read_once() {
        let agent = r"%ProgramFiles%\Vendor\agent.exe";
        let library = "\"C:\\Program Files\\Vendor\\gone.dll\",Run";
        let host = windows_fixture("windows/scheduled-tasks", "also-in-the-cache")
            .file(&format!(r"{FOLDER}\Vendor\Update"), task("Vendor", agent, "/u"))
            .file(&format!(r"{FOLDER}\By account"), task(r"PC-01\ada", r"C:\Windows\System32\rundll32.exe", library))
            .file(&format!(r"{FOLDER}\Nothing"), "no task at all");
        let collected = collect(&host);
        assert_eq!(
            found(&collected),
            [
                r"\By account - C:\Program Files\Vendor\gone.dll exists:false enabled:true",
                r"\Nothing - - exists:- enabled:true",
                r"\Vendor\Hidden Vendor C:\Program Files\Vendor\agent.exe exists:true enabled:-",
                r"\Vendor\Update Vendor C:\Program Files\Vendor\agent.exe exists:true enabled:true",
            ]
        );
        assert_eq!((collected.status, collected.diagnostics.len()), (CollectorStatus::Complete, 1));
    }

    #[test]
    fn a_folder_that_may_not_be_read_is_named_and_the_cache_stands_in() {
        let host = windows_fixture("windows/scheduled-tasks", "also-in-the-cache")
            .file(&format!(r"{FOLDER}\Vendor\Update"), task("Vendor", "x.exe", ""))
            .unreadable(FOLDER);
        let collected = collect(&host);
        assert_eq!(collected.observations.len(), 2);
        assert_eq!(collected.status, CollectorStatus::Partial);
        let reason = collected.reason.expect("partial");
        assert!(reason.contains(r"\System32\Tasks may not be read as uid 65534"), "{reason}");
        let nothing = FixtureHost::windows(MapRegistry::default().missing(r"HKLM\SOFTWARE"));
        assert_eq!(collect(&nothing).status, CollectorStatus::NotPossible);
    }

    #[test]
    fn what_is_handed_to_another_program_is_found() {
        for (arguments, expected) in [
            (r#"/c "C:\X Y\z.bat" /a"#, Some(r"C:\X Y\z.bat")),
            (r"/c start C:\X\y.exe /a", Some(r"C:\X\y.exe")),
            ("/nothing", None),
            ("é:\\x", None),
        ] {
            assert_eq!(path_in(arguments).as_deref(), expected, "{arguments}");
        }
    }
}
