//! Scheduled tasks of Windows, as the Task Scheduler keeps them: XML files
//! (<https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema>), and the actions in the registry's cache.
//!
//! Triggers, conditions and accounts are not read. Of the cache only the texts are, since its layout is undocumented.

use interdict_model::{Diagnostic, Location};

use crate::wide_texts::measured_texts;
use crate::windows_command::programs;
use crate::xml::{Element, elements};

/// The diagnostic codes of this module.
pub(crate) mod code {
    /// A file is not, or not all, XML of a task.
    pub(crate) const MALFORMED: &str = "formats/scheduled-task";
}

/// How many actions a task may have: as many as the Task Scheduler lets it.
const MOST_ACTIONS: usize = 32;

/// A scheduled task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledTask {
    /// Who registered it, as written: a company, an account or a reference to a text.
    pub author: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it may be started, where that is said.
    pub enabled: Option<bool>,
    /// What it starts.
    pub commands: Vec<TaskCommand>,
}

/// A program that a task starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskCommand {
    /// The program, as written.
    pub program: String,
    /// Its arguments.
    pub arguments: Option<String>,
}

/// The task of a file.
#[must_use]
pub fn parse_task(bytes: &[u8], file: &str) -> (ScheduledTask, Vec<Diagnostic>) {
    let mut task = ScheduledTask { author: None, description: None, enabled: Some(true), commands: Vec::new() };
    let mut command = TaskCommand::default();
    let mut is_task = false;
    let whole = elements(bytes, &mut |element: &Element<'_>| {
        let text = Some(element.text.to_owned()).filter(|text| !text.is_empty());
        is_task |= element.path.first().is_some_and(|root| root == "Task");
        if element.is(&["Task", "RegistrationInfo", "Author"]) {
            task.author = text;
        } else if element.is(&["Task", "RegistrationInfo", "Description"]) {
            task.description = text;
        } else if element.is(&["Task", "Settings", "Enabled"]) {
            task.enabled = Some(!matches!(element.text, "false" | "0"));
        } else if element.is(&["Task", "Actions", "Exec", "Command"]) {
            command.program = text.unwrap_or_default();
        } else if element.is(&["Task", "Actions", "Exec", "Arguments"]) {
            command.arguments = text;
        } else if element.is(&["Task", "Actions", "Exec"]) {
            let done = std::mem::take(&mut command);
            if !done.program.is_empty() && task.commands.len() < MOST_ACTIONS {
                task.commands.push(done);
            }
        }
    });
    let what = match (is_task, whole) {
        (true, true) => return (task, Vec::new()),
        (true, false) => "the XML of a task breaks off; what stood before was kept",
        (false, _) => "not the XML of a task",
    };
    (task, vec![Diagnostic::warning(code::MALFORMED, what).at(Location::file(file))])
}

/// What the actions of a task start, as the registry's cache keeps them: its texts that begin with a program, each with the
/// text behind it.
#[must_use]
pub fn cached_commands(actions: &[u8]) -> Vec<TaskCommand> {
    let texts = measured_texts(actions);
    let is_program = |text: &str| {
        let starts = text.contains(['\\', '%']) || text.to_lowercase().ends_with(".exe");
        starts && programs(text).first().is_some_and(|program| program.contains('.'))
    };
    let mut commands = Vec::new();
    let mut at = 0;
    while let Some(text) = texts.get(at) {
        at += 1;
        if is_program(text) {
            commands.push(TaskCommand { program: text.clone(), arguments: texts.get(at).cloned() });
            at += 1;
        }
        if commands.len() == MOST_ACTIONS {
            break;
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: &str = r#"<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Author>Vendor</Author><Description>Keeps &amp; updates</Description></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>false</Enabled></LogonTrigger></Triggers>
  <Settings><Enabled>true</Enabled></Settings>
  <Actions Context="Author">
    <Exec><Command>"C:\Program Files\Vendor\update.exe"</Command><Arguments>/a</Arguments></Exec>
    <ComHandler><ClassId>{0}</ClassId></ComHandler>
    <Exec><Command>%windir%\system32\cmd.exe</Command></Exec>
    <Exec><Command></Command></Exec>
  </Actions>
</Task>"#;

    #[test]
    fn a_task_is_read_with_all_it_starts() {
        let (task, diagnostics) = parse_task(TASK.as_bytes(), "t");
        let command = |program: &str, arguments: Option<&str>| TaskCommand {
            program: program.to_owned(),
            arguments: arguments.map(str::to_owned),
        };
        assert_eq!(task.author.as_deref(), Some("Vendor"));
        assert_eq!(task.description.as_deref(), Some("Keeps & updates"));
        assert_eq!(task.enabled, Some(true), "a trigger's state is not the task's");
        assert_eq!(
            task.commands,
            [
                command(r#""C:\Program Files\Vendor\update.exe""#, Some("/a")),
                command(r"%windir%\system32\cmd.exe", None)
            ]
        );
        assert_eq!(diagnostics, []);
        let disabled = TASK.replace("<Settings><Enabled>true", "<Settings><Enabled>false");
        assert_eq!(parse_task(disabled.as_bytes(), "t").0.enabled, Some(false));
    }

    #[test]
    fn a_broken_task_gives_what_could_be_read() {
        let cut = &TASK[..TASK.find("<Arguments>").expect("it is there")];
        let (task, diagnostics) = parse_task(cut.as_bytes(), "t");
        assert_eq!(task.author.as_deref(), Some("Vendor"));
        assert_eq!(diagnostics.len(), 1);
        for bytes in [&b""[..], b"<Other/>", b"MZ\x90"] {
            assert_eq!(parse_task(bytes, "t").1.len(), 1, "{bytes:?}");
        }
    }

    #[test]
    fn actions_in_the_cache_are_read_by_their_texts() {
        let text = |text: &str| {
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            [u32::try_from(wide.len()).expect("short").to_le_bytes().to_vec(), wide].concat()
        };
        let bytes = [
            vec![3, 0],
            text("Author"),
            vec![0x66, 0x66, 0, 0, 0, 0],
            text(r"%ProgramFiles%\Vendor\update.exe"),
            text("/silent"),
            vec![0; 6],
        ]
        .concat();
        let expected = TaskCommand {
            program: r"%ProgramFiles%\Vendor\update.exe".to_owned(),
            arguments: Some("/silent".to_owned()),
        };
        assert_eq!(cached_commands(&bytes), [expected]);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = (parse_task(&bytes, "t"), cached_commands(&bytes));
        }
    }
}
