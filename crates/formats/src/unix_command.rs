//! Command lines and shell scripts of Unix systems: which program one starts.
//!
//! A shell is not run and not understood: commands are told apart, what only prepares or asks is passed over, what only
//! runs something else stands for that, and variables that the text itself sets to plain words are put in. Conditions are
//! not weighed, functions not followed, other files not read in. A line that does several things counts as the first of
//! them that is a program with a path.

use std::collections::BTreeMap;

/// How many words of one line are looked at.
const MOST_WORDS: usize = 512;
/// How many lines of a script are looked at.
const MOST_LINES: usize = 5_000;
/// How many variables of a script are remembered, and how long a value may be.
const MOST_VARIABLES: usize = 200;
const LONGEST_VALUE: usize = 4_096;
/// How deep `sh -c` within `sh -c` is followed.
const DEEPEST: usize = 3;

/// Words of the shell before a command.
const KEYWORDS: &[&str] =
    &["if", "then", "else", "elif", "do", "while", "until", "!", "time", "exec", "builtin", "coproc", "case", "in"];
/// Programs that only run another one, with its arguments behind their own.
const RUNNERS: &str = "sh bash dash ash ksh zsh busybox env nice ionice chrt taskset setsid nohup sudo doas su runuser \
    timeout flock stdbuf chronic cronic chpst softlimit setuidgid s6-setuidgid daemon start_daemon \
    start-stop-daemon startproc supervise-daemon perl python python2 python3 ruby php node";
/// Commands that prepare, ask or tell, and start nothing that stays.
const PASSED_OVER: &str = "test [ [[ : true false cd pushd popd echo printf sleep command type which export set unset local \
    readonly declare umask ulimit shopt trap source . eval shift return exit wait read mkdir install \
    touch chmod chown chgrp rm rmdir mv cp ln ls cat grep egrep sed awk cut head tail tr sort wc find \
    xargs date logger id uname hostname kill killall pkill pgrep pidof ps run-parts stat basename \
    dirname readlink mktemp expr seq tee mountpoint fi done esac function log_daemon_msg log_end_msg \
    log_progress_msg log_action_msg ebegin eend einfo checkpath";
/// Names of variables by which start scripts call their program, the surest first.
const PROGRAM_VARIABLES: &[&str] = &[
    "command",
    "COMMAND",
    "DAEMON",
    "daemon",
    "DAEMON_PATH",
    "DAEMON_BIN",
    "EXEC",
    "exec",
    "EXECUTABLE",
    "BINARY",
    "BIN",
    "PROGRAM",
    "PROG",
    "prog",
];

/// The words of a command line, without quotes. Backslashes protect what follows them.
#[must_use]
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut characters = line.chars().peekable();
    while words.len() < MOST_WORDS {
        while characters.next_if(char::is_ascii_whitespace).is_some() {}
        if characters.peek().is_none() {
            break;
        }
        let mut word = String::new();
        let mut quote = None;
        while let Some(character) = characters.next() {
            match (character, quote) {
                ('\\', _) => word.extend(characters.next()),
                ('"' | '\'', None) => quote = Some(character),
                (_, Some(open)) if character == open => quote = None,
                (_, None) if character.is_ascii_whitespace() => break,
                (_, None | Some(_)) => word.push(character),
            }
        }
        words.push(word);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a program only runs another one, by its name or path.
#[must_use]
pub fn is_runner(program: &str) -> bool {
    let name = file_name(program);
    is_one_of(name, RUNNERS) || name.strip_prefix("python").is_some_and(|rest| rest.starts_with(['2', '3']))
}

/// The program that a line for a shell starts; without a folder where the line names none. Nothing for a line that only
/// prepares, asks or tells.
#[must_use]
pub fn program_of_line(line: &str) -> Option<String> {
    program_at(line, &BTreeMap::new(), 0)
}

/// The program that a shell script starts, as far as the script names it by a path.
#[must_use]
pub fn program_of_script(bytes: &[u8]) -> Option<String> {
    program_in(&String::from_utf8_lossy(bytes), BTreeMap::new())
}

/// The same, with variables that are set before the script begins.
pub(crate) fn program_in(text: &str, mut variables: BTreeMap<String, String>) -> Option<String> {
    let mut last_exec = None;
    let mut first = None;
    for line in logical_lines(text) {
        if let Some((name, value)) = assignment(&line) {
            let value = expanded(&value, &variables);
            if variables.len() < MOST_VARIABLES && value.len() <= LONGEST_VALUE {
                variables.insert(name.to_owned(), value);
            }
            continue;
        }
        // What only runs something that has no path of its own says nothing of the script.
        let program = program_at(&line, &variables, 0).filter(|program| is_path(program) && !is_runner(program));
        let Some(program) = program else { continue };
        let starts =
            line.trim_start().starts_with("exec ") || line.contains("start-stop-daemon") || line.contains("daemon ");
        if starts && last_exec.is_none() {
            last_exec = Some(program.clone());
        }
        first.get_or_insert(program);
    }
    let named = PROGRAM_VARIABLES.iter().filter_map(|name| variables.get(*name));
    let named = named.filter_map(|value| words(value).into_iter().next()).find(|word| is_path(word));
    // What is started outright before what a variable is called, and both before what is merely run.
    last_exec.or(named).or(first)
}

/// A path that could be asked for: whole, and without anything that only the shell would know.
fn is_path(word: &str) -> bool {
    word.starts_with('/') && !word.contains(['$', '`', '*', '?', '\n']) && !word.starts_with("/dev/")
}

fn is_one_of(name: &str, names: &str) -> bool {
    names.split_ascii_whitespace().any(|one| one == name)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The lines of a script with continued ones joined; comments are left to whoever reads the line.
fn logical_lines(text: &str) -> Vec<String> {
    let mut whole = Vec::new();
    let mut begun = String::new();
    for line in text.lines().take(MOST_LINES) {
        if let Some(more) = line.strip_suffix('\\') {
            begun.push_str(more);
            begun.push(' ');
            begun.truncate(begun.floor_char_boundary(LONGEST_VALUE * 4));
            continue;
        }
        begun.push_str(line);
        whole.push(std::mem::take(&mut begun));
    }
    whole.extend(Some(begun).filter(|begun| !begun.is_empty()));
    whole
}

/// A line that only sets a variable.
fn assignment(line: &str) -> Option<(&str, String)> {
    let line = line.trim();
    let line =
        ["export ", "readonly ", "local "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line).trim_start();
    let (name, rest) = line.split_once('=')?;
    if !is_name(name) || rest.starts_with('(') {
        return None;
    }
    // Nothing behind the value but the end of the line or a comment.
    let mut words = words(rest).into_iter();
    let value = if rest.starts_with(char::is_whitespace) { String::new() } else { words.next().unwrap_or_default() };
    let is_alone = words.next().is_none_or(|next| next.starts_with(['#', ';'])) && !rest.contains("&&");
    is_alone.then(|| (name, value.trim_end_matches(';').to_owned()))
}

fn is_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|one| one.is_ascii_alphanumeric() || one == '_')
}

/// The text with variables put in that are known; others stay as written.
fn expanded(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        whole.push_str(before);
        let braced = after.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (inner, behind) = braced.unwrap_or_else(|| {
            after.split_at(after.find(|one: char| !one.is_ascii_alphanumeric() && one != '_').unwrap_or(after.len()))
        });
        // `${NAME:-value}`: the value, where the name is not known.
        let (name, default) = inner
            .split_once(":-")
            .or_else(|| inner.split_once('-'))
            .map_or((inner, None), |(name, value)| (name, Some(value)));
        match variables.get(name).map(String::as_str).or(default) {
            Some(value) if is_name(name) => {
                whole.push_str(value);
                rest = behind;
            }
            _ => {
                whole.push('$');
                rest = after;
            }
        }
        if whole.len() > LONGEST_VALUE {
            return whole;
        }
    }
    whole.push_str(rest);
    whole
}

fn program_at(line: &str, variables: &BTreeMap<String, String>, depth: usize) -> Option<String> {
    let mut fallback = None;
    for command in commands(line) {
        let words: Vec<String> = command.iter().map(|word| expanded(word, variables)).collect();
        let Some(program) = program_of_words(&words, variables, depth) else { continue };
        if is_path(&program) {
            return Some(program);
        }
        fallback.get_or_insert(program);
    }
    fallback.filter(|program| !program.contains(['$', '`', '*']))
}

/// The commands of a line, each as its words: told apart by the shell's operators, without redirections and comments.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands: Vec<Vec<String>> = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut redirected = false;
    let mut quote = None;
    let mut count = 0;
    let mut characters = line.chars().peekable();
    let mut end = |word: &mut Option<String>, redirected: &mut bool, commands: &mut Vec<Vec<String>>| {
        if let Some(word) = word.take().filter(|_| !std::mem::take(redirected)) {
            count += 1;
            if count <= MOST_WORDS
                && let Some(command) = commands.last_mut()
            {
                command.push(word);
            }
        }
    };
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('\\', None | Some('"')) => word.get_or_insert_default().extend(characters.next()),
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, Some(open)) if character == open => quote = None,
            // `${...}` is one word, and no group of commands.
            ('$', None) if characters.peek() == Some(&'{') => {
                let word = word.get_or_insert_default();
                word.push('$');
                for inner in characters.by_ref() {
                    word.push(inner);
                    if inner == '}' {
                        break;
                    }
                }
            }
            ('#', None) if word.is_none() => break,
            (';' | '&' | '|' | '(' | ')' | '{' | '}' | '`' | '\n', None) => {
                end(&mut word, &mut redirected, &mut commands);
                redirected = false;
                commands.push(Vec::new());
            }
            ('>' | '<', None) => {
                // The number of what is redirected is no word of the command.
                word = word.filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit()));
                end(&mut word, &mut redirected, &mut commands);
                while characters.next_if(|next| matches!(next, '>' | '<' | '&')).is_some() {}
                redirected = true;
            }
            (_, None) if character.is_whitespace() => end(&mut word, &mut redirected, &mut commands),
            (_, None | Some(_)) => word.get_or_insert_default().push(character),
        }
    }
    end(&mut word, &mut redirected, &mut commands);
    commands.retain(|command| !command.is_empty());
    commands
}

/// The program of one command.
fn program_of_words(words: &[String], variables: &BTreeMap<String, String>, depth: usize) -> Option<String> {
    let is_setting = |word: &str| word.split_once('=').is_some_and(|(name, _)| is_name(name));
    let at = words.iter().position(|word| !KEYWORDS.contains(&word.as_str()) && !is_setting(word))?;
    let (program, arguments) = (&words[at], &words[at + 1..]);
    let name = file_name(program);
    if is_one_of(name, PASSED_OVER) || program.is_empty() || program.starts_with('-') {
        return None;
    }
    if !is_runner(program) {
        // A label of `case`, a function and the like are no programs.
        return Some(program.clone()).filter(|program| !program.ends_with(['(', ')', '+']));
    }
    if let Some(at) = arguments.iter().position(|word| matches!(word.as_str(), "-c" | "-lc" | "-ec" | "--command"))
        && let Some(inner) = arguments.get(at + 1).filter(|_| depth < DEEPEST)
        && let Some(inner) = program_at(inner, variables, depth + 1)
    {
        return Some(inner);
    }
    let told = ["--exec", "-x", "--startas", "-a"].iter().find_map(|option| {
        let at = arguments.iter().position(|word| word == option);
        let behind = at.and_then(|at| arguments.get(at + 1));
        behind
            .map(String::as_str)
            .or_else(|| arguments.iter().find_map(|word| word.strip_prefix(option)?.strip_prefix('=')))
    });
    if let Some(told) = told.filter(|told| name.contains("daemon") && is_path(told)) {
        return Some(told.to_owned());
    }
    // What flock locks, and what daemon notes its number in, stands before the program.
    let mut paths = arguments.iter().enumerate().filter(|(_, word)| is_path(word));
    let mut is_own = |(at, _): &(usize, &String)| {
        let before = at.checked_sub(1).and_then(|before| arguments.get(before)).map_or("", String::as_str);
        !matches!(before, "--pidfile" | "-p" | "--chdir" | "-d" | "--make-pidfile" | "--chroot" | "-r")
    };
    let found = if name == "flock" { paths.nth(1) } else { paths.find(&mut is_own) };
    let asks = |word: &String| word.len() > 1 && is_one_of(word, PASSED_OVER);
    match found {
        // `nice run-parts /etc/cron.daily`
        Some((at, _)) if arguments[..at].iter().any(asks) => None,
        Some((_, path)) if is_runner(path) || is_one_of(file_name(path), PASSED_OVER) => {
            program_of_words(&arguments[arguments.iter().position(|word| word == path)?..], variables, depth)
        }
        Some((_, path)) => Some(path.clone()),
        None => Some(program.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_first_program_with_a_path() {
        let table = [
            ("/opt/a/run --x", Some("/opt/a/run")),
            ("test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )", None),
            ("[ -x /opt/a/run ] && /opt/a/run update >/dev/null 2>&1", Some("/opt/a/run")),
            ("test -e /run/systemd/system || SERVICE_MODE=1 /sbin/e2scrub_all -A -r", Some("/sbin/e2scrub_all")),
            ("command -v debian-sa1 > /dev/null && debian-sa1 1 1", Some("debian-sa1")),
            ("cd /opt/a; LANG=C nice -n 19 /opt/a/run", Some("/opt/a/run")),
            ("flock -n /tmp/lock /opt/a/run", Some("/opt/a/run")),
            ("sh -c 'sleep 5; exec /opt/a/run'", Some("/opt/a/run")),
            ("/usr/bin/env bash -c \"/opt/a/run\"", Some("/opt/a/run")),
            ("/usr/bin/env /usr/bin/python3 /opt/a/run.py", Some("/opt/a/run.py")),
            ("sudo -u ada /opt/a/run", Some("/opt/a/run")),
            ("start-stop-daemon --start --pidfile /run/a.pid --exec /opt/a/run -- -d", Some("/opt/a/run")),
            ("start-stop-daemon --start --exec=/opt/a/run", Some("/opt/a/run")),
            ("daemon --pidfile /run/a.pid /opt/a/run -d", Some("/opt/a/run")),
            ("'/opt/a b/run' x", Some("/opt/a b/run")),
            ("agent --x # /opt/no", Some("agent")),
            ("echo \"/opt/no\" | mail root", Some("mail")),
            ("$AGENT run", None),
            ("echo `/opt/a/run`", Some("/opt/a/run")),
            ("sh -c 'sh -c \"sh -c \\\"sh -c x\\\"\"'", Some("sh")),
            ("", None),
            ("'", None),
        ];
        for (line, expected) in table {
            assert_eq!(program_of_line(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_script_is_what_it_starts() {
        let table = [
            ("#!/bin/sh\nDAEMON=/usr/bin/agent\ntest -x $DAEMON || exit 0\n/bin/other\n", Some("/usr/bin/agent")),
            (
                "DIR=/opt/a\nBIN=\"${DIR}/bin/agent\"\nstart() {\n  start-stop-daemon --start --exec $BIN\n}\n",
                Some("/opt/a/bin/agent"),
            ),
            ("exec 2>&1\nexec chpst -u a \\\n  /opt/a/run\n", Some("/opt/a/run")),
            (
                "#!/bin/sh\n. /etc/rc.d/init.d/functions\nprog=agent\nexec=\"/opt/a/$prog\"\ndaemon $exec\n",
                Some("/opt/a/agent"),
            ),
            ("A=${ROOT:-/opt/a}/run\n$A --x\n", Some("/opt/a/run")),
            ("#!/bin/sh\n/opt/a/first && /opt/a/second\n", Some("/opt/a/first")),
            ("#!/bin/sh\necho nothing\n", None),
            ("start-stop-daemon --start --startas /bin/sh -- -c 'mandb --quiet'\n", None),
            ("DAEMON=$UNKNOWN/x\n", None),
        ];
        for (script, expected) in table {
            assert_eq!(program_of_script(script.as_bytes()).as_deref(), expected, "{script}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(bytes: Vec<u8>, text in "(sh -c|exec|flock|\\$|\\{|\\}|:-|=|A|/a|'|\"|\\\\|;|#|>|&| |\n){0,40}") {
            let _ = (program_of_line(&text), program_of_script(&bytes), program_of_script(text.as_bytes()), words(&text));
        }
    }
}
