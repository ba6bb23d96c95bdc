//! The host over shells of this machine: what is read through one must be what is read directly.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::time::Duration;

use super::*;
use crate::LiveHost;

const NEVER: &dyn Fn() -> bool = &|| false;

fn target() -> SshTarget {
    SshTarget::of("ada@web-01".parse().expect("a destination"))
}

/// The host that a shell of this machine makes.
fn over(program: &str, arguments: &[&str]) -> Result<SshHost<'static>, HostError> {
    with_script(script::SCRIPT, program, arguments)
}

fn with_script(script: &str, program: &str, arguments: &[&str]) -> Result<SshHost<'static>, HostError> {
    let mut command = Command::new(program);
    command.args(arguments);
    SshHost::start(command, script, &target(), &Probes::default(), NEVER)
}

/// Every way to describe files: that of the system's programs, that of busybox, and that of `ls` alone.
fn shells() -> Vec<(SshHost<'static>, Option<tempfile::TempDir>)> {
    let mut shells = vec![(over("/bin/sh", &[]).expect("a shell"), None)];
    let by_ls = script::SCRIPT.replace("if find / ", "if false ").replace("elif find /. ", "elif false ");
    shells.push((with_script(&by_ls, "/bin/sh", &[]).expect("a shell"), None));
    shells.extend(busybox());
    let styles: Vec<Style> = shells.iter().map(|(host, _)| host.shell.borrow().style).collect();
    assert_eq!(styles, [Style::Printf, Style::Ls, Style::Stat][..styles.len()]);
    shells
}

/// Busybox with nothing but its own programs; nothing where there is no busybox.
fn busybox() -> Option<(SshHost<'static>, Option<tempfile::TempDir>)> {
    let busybox = ["/usr/bin/busybox", "/bin/busybox"].into_iter().find(|path| Path::new(path).exists())?;
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["find", "stat", "head", "dd", "ls", "ps", "uname", "id", "sleep"] {
        symlink(busybox, folder.path().join(name)).expect("linked");
    }
    let own = format!("PATH={}", text(folder.path()));
    let script = script::SCRIPT.replace("PATH=/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin:$PATH", &own);
    Some((with_script(&script, busybox, &["sh"]).expect("a shell"), Some(folder)))
}

fn text(path: &Path) -> String {
    path.to_str().expect("text").to_owned()
}

/// Names that mean something to shells, listings or both.
const NAMES: &[&str] = &[
    "plain",
    "with blank",
    "$(touch owned)",
    "`touch owned`",
    "; touch owned;",
    "it's \"quoted\"",
    "back\\slash",
    "line\nend",
    "-rf",
    "--help",
    "*",
    "a -> b",
    "Касперский",
    ".hidden",
    "tab\tand \u{7f}",
    "' -> '",
];

fn folder_of_odd_names() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in NAMES {
        fs::write(folder.path().join(name), name.repeat(3)).expect("written");
    }
    fs::create_dir_all(folder.path().join("sub $x/deep")).expect("made");
    fs::write(folder.path().join("sub $x/deep/run"), "#!/bin/sh\n").expect("written");
    fs::set_permissions(folder.path().join("sub $x/deep/run"), fs::Permissions::from_mode(0o755)).expect("set");
    symlink("sub $x/deep", folder.path().join("link to")).expect("linked");
    symlink("nowhere -> else", folder.path().join("broken")).expect("linked");
    symlink("loop", folder.path().join("loop")).expect("linked");
    folder
}

/// What two hosts say of the same question, errors by their codes.
fn same<T: std::fmt::Debug>(what: &str, ours: Result<T, HostError>, lives: Result<T, HostError>) {
    use interdict_model::Fault as _;
    let shown = |result: Result<T, HostError>| match result {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.code().to_owned(),
    };
    assert_eq!(shown(ours), shown(lives), "{what}");
}

#[test]
fn odd_names_are_read_as_they_are_and_run_nothing() {
    let folder = folder_of_odd_names();
    let live = LiveHost::new();
    for (host, _folder) in shells() {
        let root = text(folder.path());
        same("the folder", host.list(&root, 100), live.list(&root, 100));
        let more =
            ["broken", "loop", "link to", "link to/run", "sub $x/deep/run", "sub $x", "none", "plain/x", "loop/x"];
        for name in NAMES.iter().chain(&more) {
            let path = format!("{root}/{name}");
            same(name, host.look(&path), live.look(&path));
            same(name, host.read(&path, 1000), live.read(&path, 1000));
            same(name, host.read(&path, 3), live.read(&path, 3));
            same(name, host.read_link(&path), live.read_link(&path));
            same(name, host.canonical(&path), live.canonical(&path));
            same(name, host.read_at(&path, 2, 3), live.read_at(&path, 2, 3));
        }
        assert!(!folder.path().join("owned").exists() && !Path::new("owned").exists());
    }
}

#[test]
fn names_that_are_no_utf_8_are_not_taken_for_missing() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let below = |name: &[u8]| folder.path().join(OsStr::from_bytes(name));
    fs::write(below(b"caf\xe9.service"), "x").expect("written");
    fs::create_dir(below(b"\xff")).expect("made");
    symlink(OsStr::from_bytes(b"caf\xe9.service"), below(b"link")).expect("linked");
    for (host, _folder) in shells() {
        let root = text(folder.path());
        same("the folder", host.list(&root, 100), LiveHost::new().list(&root, 100));
        for name in ["caf\u{fffd}.service", "\u{fffd}/file", "link"] {
            let path = format!("{root}/{name}");
            let read = host.read(&path, 100);
            assert!(matches!(read, Err(HostError::NotAtHand { .. })), "{name}: {read:?}");
        }
        assert!(matches!(host.read(&format!("{root}/none"), 100), Err(HostError::NotFound { .. })));
    }
}

#[test]
fn a_walk_over_many_files_takes_few_questions() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |path: String, text: &str| {
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        fs::write(place, text).expect("written");
    };
    for number in 0..300 {
        file(format!("units/{number:03}.service"), "[Service]\nExecStart=/bin/true\n");
        file(format!("units/{number:03}.target.wants/own.service"), "");
        file(format!("local/package-{number:03}/desc"), "%NAME%\npackage\n");
        file(format!("profile/Extensions/{number:032}/1.{number}_0/manifest.json"), "{}");
        file(format!("unrelated/{number:03}"), "secret");
    }
    for (host, _folder) in shells() {
        let root = text(folder.path());
        let calls = || host.shell.borrow().connection.calls;
        let before = calls();
        let listed = |path: &str| host.list(path, 1000).expect("listed").into_iter().map(|entry| entry.name);
        for name in listed(&format!("{root}/units")) {
            let path = format!("{root}/units/{name}");
            if name.ends_with(".service") {
                assert!(!host.read(&path, 1000).expect("read").is_empty());
            } else {
                assert_eq!(listed(&path).collect::<Vec<_>>(), ["own.service"]);
            }
        }
        for name in listed(&format!("{root}/local")) {
            assert!(!host.read(&format!("{root}/local/{name}/desc"), 1000).expect("read").is_empty());
            assert!(host.look(&format!("{root}/local/{name}/files")).is_err());
        }
        let extensions = format!("{root}/profile/Extensions");
        for id in listed(&extensions) {
            for version in listed(&format!("{extensions}/{id}")) {
                host.read(&format!("{extensions}/{id}/{version}/manifest.json"), 1000).expect("read");
            }
        }
        let taken = calls() - before;
        assert!(taken < 60, "{taken} questions for 1,500 files and folders");
        assert!(!host.shell.borrow().remembers(&format!("{root}/unrelated/000")), "nobody asked for it");
    }
}

#[test]
fn large_files_are_read_whole_in_pieces_and_from_anywhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = text(&folder.path().join("large.bin"));
    let bytes: Vec<u8> =
        (0..3_000_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    fs::write(&path, &bytes).expect("written");
    for (host, _folder) in shells() {
        let mut pieces = 0;
        let mut read = Vec::new();
        host.read_pieces(&path, 20_000_000, &mut |piece| {
            pieces += 1;
            read.extend_from_slice(piece);
        })
        .expect("read");
        assert!(read == bytes && pieces > 10, "{pieces}");
        for (offset, length) in
            [(0, 16), (1, 10), (4095, 2), (4096, 4096), (5000, 100_000), (11_999_990, 100), (12_000_000, 5)]
        {
            let expected = part_of(&bytes, offset, length);
            assert_eq!(host.read_at(&path, offset, length).expect("read"), expected, "{offset} {length}");
        }
        assert!(matches!(host.read(&path, 11_999_999), Err(HostError::TooLarge { .. })));
        assert!(host.lost().is_none());
        let copy = host.local_file(&path, 20_000_000).expect("copied");
        assert!(fs::read(copy.path()).expect("there") == bytes);
    }
}

#[test]
fn the_system_is_read_as_it_is_directly() {
    let live = LiveHost::new();
    for (host, _folder) in shells() {
        assert_eq!(host.os_family(), live.os_family());
        assert_eq!((host.live_hostname(), host.live_arch()), (live.live_hostname(), live.live_arch()));
        for folder in ["/etc", "/usr/lib/systemd/system", "/lib", "/bin", "/", "/var/lib/dpkg", "/none", "/etc/passwd"]
        {
            same(folder, host.list(folder, 100_000), live.list(folder, 100_000));
            same(folder, host.canonical(folder), live.canonical(folder));
        }
        for file in
            ["/etc/os-release", "/etc/passwd", "/proc/sys/kernel/hostname", "/proc/modules", "/etc/mtab", "/proc/none"]
        {
            same(file, host.look(file).map(|found| found.kind), live.look(file).map(|found| found.kind));
            same(file, host.read(file, 1 << 20), live.read(file, 1 << 20));
        }
        same("a device", host.read("/dev/zero", 100).map(|_| ()), live.read("/dev/zero", 100).map(|_| ()));
        same("a device", host.look("/dev/null"), live.look("/dev/null"));
        let processes = host.processes().expect("read");
        let own = processes.iter().find(|process| process.pid == std::process::id()).expect("this test runs");
        let lives = live.processes().expect("read").into_iter().find(|process| process.pid == std::process::id());
        let lives = lives.expect("this test runs");
        assert_eq!((&own.cmdline, &own.executable), (&lives.cmdline, &lives.executable));
        assert_eq!(own.comm, lives.comm.trim_ascii_end());
    }
}

#[test]
fn programs_are_run_and_ended() {
    for (host, _folder) in shells() {
        let run = |path, arguments| host.output_of(&Program { path, arguments, tells: "a test" });
        assert_eq!(run("/bin/echo", &["it's", "$HOME", "*"]).expect("run"), b"it's $HOME *\n");
        assert!(matches!(run("/bin/none", &[]), Err(HostError::NotFound { .. })));
        assert!(matches!(run("/etc/passwd", &[]), Err(HostError::Denied { .. })));
        assert!(matches!(run("/bin/false", &[]), Err(HostError::Other { .. })));
        // It may not read what is meant for the shell.
        assert_eq!(run("/bin/cat", &[]).expect("run"), b"");
        assert_eq!(host.read("/proc/sys/kernel/ostype", 100).expect("still there"), b"Linux\n");
    }
}

#[test]
fn a_host_that_breaks_off_is_lost_for_good() {
    let host = over("/bin/sh", &["-c", "head -c 3000 | { cat; sleep 1; } >/dev/null; exit 3"]);
    assert!(matches!(host.map(|_| ()), Err(HostError::Unreachable { .. })));
    let host = over("/bin/sh", &[]).expect("a shell");
    let id = host.shell.borrow().connection.id().to_string();
    assert!(Command::new("kill").args(["-9", &id]).status().expect("kill").success());
    let error = host.list("/usr/share", 100).expect_err("it is gone");
    assert!(matches!(error, HostError::Lost { .. }), "{error}");
    assert!(matches!(host.lost(), Some(HostError::Lost { .. })));
}

#[test]
fn a_host_that_says_nothing_is_given_up() {
    let mut target = target();
    target.limits = SshLimits {
        connect: Duration::from_millis(100),
        idle: Duration::from_millis(200),
        whole: Duration::from_mins(1),
    };
    let mut command = Command::new("sleep");
    command.arg("100");
    let begun = Instant::now();
    let error = SshHost::start(command, script::SCRIPT, &target, &Probes::default(), NEVER)
        .map(|_| ())
        .expect_err("nothing is said");
    assert_eq!(error.to_string(), "ada@web-01 cannot be read over ssh: it said nothing for 0.2 s");
    let mut command = Command::new("yes");
    command.arg("noise");
    target.limits.whole = Duration::from_millis(300);
    let error = SshHost::start(command, script::SCRIPT, &target, &Probes::default(), NEVER)
        .map(|_| ())
        .expect_err("only noise");
    assert!(error.to_string().contains("it took longer than the 0.3 s"), "{error}");
    let error =
        SshHost::start(Command::new("cat"), script::SCRIPT, &self::target(), &Probes::default(), &|| true).map(|_| ());
    assert!(error.expect_err("cancelled").to_string().contains("cancelled"));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn what_a_login_prints_is_passed_over() {
    let noise = "echo welcome; printf 'no line end'; echo 'to stderr' >&2; exec /bin/sh";
    let host = over("/bin/sh", &["-c", noise]).expect("a shell");
    assert_eq!(host.read("/proc/sys/kernel/ostype", 100).expect("read"), b"Linux\n");
}

#[test]
fn windows_and_systems_that_are_not_known_are_refused() {
    let answered = "printf \"'exec' is not recognized as an internal or external command,\\r\\n\"; exit 1";
    let error = over("/bin/sh", &["-c", answered]).map(|_| ()).expect_err("refused").to_string();
    assert!(error.contains("it seems to be a Windows system"), "{error}");
    for (system, expected) in [
        ("MINGW64_NT-10.0", "it is a Windows system"),
        ("FreeBSD", "its system is \"FreeBSD\""),
        ("Linux", ""),
        ("Darwin", ""),
    ] {
        let facts = Facts {
            system: system.to_owned(),
            hostname: String::new(),
            arch: String::new(),
            user: String::new(),
            style: Style::Ls,
        };
        let error = facts.family(&target()).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(expected) && error.is_empty() == expected.is_empty(), "{error}");
    }
}
