//! Machines elsewhere, over a real sshd of this machine: what is read is what is here, and every trouble is told apart.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use interdict_tests::prepared_root;
use serde_json::Value;

use crate::schemas::holds;
use crate::sshd::{Sshd, free_port};
use crate::support::{Home, Ran, is_root, skipped};

fn over(home: &Home, sshd: &Sshd, command: &str, more: &[&str]) -> Ran {
    let destination = sshd.destination();
    let settings = sshd.settings();
    let arguments = [command, "--ssh", &destination].into_iter().chain(settings.iter().map(String::as_str));
    home.run(arguments.chain(more.iter().copied()))
}

/// A port that takes connections and never says anything.
fn silent() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

fn lines(path: &Path) -> (Value, Vec<Value>) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.next().unwrap(), lines.collect())
}

/// The observations that do not change from one moment to the next.
fn lasting(observations: &[Value]) -> BTreeSet<String> {
    let lasting = observations.iter().filter(|one| one["source"] != "processes");
    lasting.map(ToString::to_string).collect()
}

#[test]
fn a_scan_over_ssh_is_the_scan_of_the_machine_itself_and_leaves_nothing() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let home = Home::new();
    home.line("scan --out local.jsonl").ended_with(0);
    let ran = over(&home, &sshd, "scan", &["--out", "remote.jsonl"]).ended_with(0);
    let first = ran.stderr.lines().next().unwrap();
    assert!(first.starts_with("Reading ") && first.ends_with("--show-commands"), "{first}");
    let (local, here) = lines(&home.path("local.jsonl"));
    let (remote, there) = lines(&home.path("remote.jsonl"));
    assert_eq!(local["machine"], remote["machine"]);
    let statuses = |header: &Value| {
        let collectors = header["collectors"].as_array().unwrap().clone();
        collectors.into_iter().map(|one| (one["name"].clone(), one["status"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(statuses(&local), statuses(&remote));
    let (here, there) = (lasting(&here), lasting(&there));
    let differing: Vec<_> = here.symmetric_difference(&there).take(5).collect();
    assert!(differing.is_empty(), "{differing:#?}");
    assert_eq!(sshd.left_behind(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn what_would_be_run_is_shown_without_connecting() {
    let home = Home::new();
    home.file("hosts", "ada@web-01\nweb-02 # the other\n");
    let port = free_port();
    for (call, expected) in [
        (format!("scan --ssh ada@127.0.0.1:{port} --show-commands"), vec![format!("-o Port={port} ")]),
        (format!("audit --ssh 127.0.0.1:{port} --show-commands"), vec![format!("-o Port={port} ")]),
        (
            "scan --ssh-hosts hosts --show-commands".to_owned(),
            vec![" -- ada@web-01 ".to_owned(), " -- web-02 ".to_owned()],
        ),
    ] {
        let shown = home.line(&call).ended_with(0).stdout;
        let always = ["BatchMode=yes", "StrictHostKeyChecking=yes", "'exec /bin/sh'", "find \"$1/.\"", "LC_ALL=C"];
        for word in always.into_iter().map(str::to_owned).chain(expected) {
            assert!(shown.contains(&word), "{call} does not show {word}:\n{shown}");
        }
    }
    assert!(!home.has_data());
}

#[test]
fn what_is_no_host_or_no_harmless_setting_is_wrong_usage() {
    let home = Home::new();
    for (call, word) in [
        (&["scan", "--ssh=-oProxyCommand=touch owned"][..], "is an option of ssh"),
        (&["scan", "--ssh", "web;touch owned"], "character"),
        (&["scan", "--ssh", "web", "--ssh-option", "ProxyCommand=touch owned"], "may not be set here"),
        (&["scan", "--ssh", "web", "--ssh-option", "StrictHostKeyChecking=no"], "accept-new"),
        (&["scan", "--ssh", "web", "--root", "/"], "cannot be used with"),
        (&["scan", "--ssh-option", "Port=1"], "required"),
        (&["scan", "--ssh-hosts", "hosts"], "cli/no-folder"),
        (&["scan", "--ssh-hosts", "wrong", "--out", "x"], "line 2 of"),
    ] {
        home.file("hosts", "web-01\n");
        home.file("wrong", "web-01\n-oProxyCommand=touch owned\n");
        home.run(call).complains_of(2, &[word]);
    }
    assert!(!home.path("owned").exists());
}

#[test]
fn each_trouble_is_told_apart_and_nothing_is_kept() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let home = Home::new();
    sshd.knows("another_key", &sshd.public("stranger"));
    fs::write(sshd.path("nobody"), "").unwrap();
    let (_silent, silent_port) = silent();
    let destination = sshd.destination();
    let closed = format!("127.0.0.1:{}", free_port());
    let quiet = format!("127.0.0.1:{silent_port}");
    for (destination, settings, words) in [
        (
            &destination,
            sshd.settings_with("client", "another_key"),
            ["host key is not the one that is known", "ask who"],
        ),
        (&destination, sshd.settings_with("client", "nobody"), ["host key is not known", "accept-new"]),
        (&destination, sshd.settings_with("stranger", "known_hosts"), ["does not let this user in", "ssh-add"]),
        (&closed, sshd.settings(), ["Connection refused", "collect/unreachable"]),
        (&quiet, sshd.settings(), ["collect/unreachable", "cannot be read over ssh"]),
    ] {
        let begun = Instant::now();
        let arguments = ["scan", "--ssh", destination, "--out", "none.jsonl", "--timeout", "4"];
        let ran = home.run(arguments.into_iter().map(str::to_owned).chain(settings));
        let ran = ran.complains_of(1, &words);
        assert!(begun.elapsed() < Duration::from_secs(15), "{}", ran.shown());
        assert!(!home.path("none.jsonl").exists());
    }
    // A key that is not known yet is taken when that is asked for, and kept.
    let new = [
        sshd.settings_with("client", "nobody"),
        vec!["--ssh-option".to_owned(), "StrictHostKeyChecking=accept-new".to_owned()],
    ];
    home.run(["scan", "--ssh", &destination, "--out", "new.jsonl"].into_iter().map(str::to_owned).chain(new.concat()))
        .ended_with(0);
    assert!(fs::read_to_string(sshd.path("nobody")).unwrap().contains(&sshd.public("host")));
}

#[test]
fn a_machine_that_breaks_off_is_not_half_kept() {
    let scripts = tempfile::tempdir().unwrap();
    // Enough for the script and some questions.
    let broken = Sshd::script(scripts.path(), "broken", "dd bs=1 count=12000 2>/dev/null | /bin/sh");
    let Some(sshd) = Sshd::start(&[&broken]) else { return };
    let home = Home::new();
    let ran = over(&home, &sshd, "scan", &["--out", "half.jsonl"]);
    ran.complains_of(1, &["error[collect/connection-lost]", "nothing of this scan was kept"]);
    let left: Vec<_> = fs::read_dir(home.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
    over(&home, &sshd, "audit", &["--db", "own.db"]).complains_of(1, &["error[collect/connection-lost]"]);
    assert!(home.line("machines --db own.db --format json").json()["machines"].as_array().unwrap().is_empty());
}

#[test]
fn noise_at_login_is_passed_over_and_windows_is_refused() {
    let scripts = tempfile::tempdir().unwrap();
    let noise = "echo 'Welcome to web-01!'; echo '*** last login: today'; echo 'tput: no terminal' >&2\n\
                 printf 'no line end'\nexec /bin/sh -c \"$SSH_ORIGINAL_COMMAND\"";
    let noisy = Sshd::script(scripts.path(), "noisy", noise);
    let Some(sshd) = Sshd::start(&[&noisy, "PrintMotd yes"]) else { return };
    let home = Home::new();
    over(&home, &sshd, "scan", &["--out", "noisy.jsonl"]).ended_with(0);
    assert!(lines(&home.path("noisy.jsonl")).1.len() > 10);
    let cmd = "printf \"'exec' is not recognized as an internal or external command,\\r\\noperable program or batch file.\\r\\n\" >&2; exit 1";
    let windows = Sshd::script(scripts.path(), "windows", cmd);
    let Some(sshd) = Sshd::start(&[&windows]) else { return };
    over(&home, &sshd, "scan", &[]).complains_of(1, &["seems to be a Windows system", "portable collector"]);
}

/// A product of one's own that is known by a file with a name that means something to a shell.
const HOSTILE: &str = "$(touch owned); `touch owned` 'x\" & touch owned";

#[test]
fn a_name_that_means_something_to_a_shell_is_only_a_name() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let home = Home::new();
    let place = home.path("opt").join(HOSTILE);
    fs::create_dir_all(place.join("bin")).unwrap();
    fs::write(place.join("bin/run;id"), "#!/bin/sh\n").unwrap();
    fs::set_permissions(place.join("bin/run;id"), fs::Permissions::from_mode(0o755)).unwrap();
    let own = format!(
        "id = \"own-tools\"\nname = \"Tools\"\n\n[[product]]\nid = \"own-tools.odd\"\nname = \"Odd\"\n\
         classes = [\"anti-virus\"]\ncategory = \"antivirus\"\nplatforms = [\"linux\"]\nfingerprints = [\n  \
         {{ field = \"path\", match = \"exact\", value = '''{}''', confidence = \"known\" }},\n]\n",
        place.display()
    );
    home.file("data/interdict/catalogue.d/vendors/own-tools.toml", own);
    let ran = over(&home, &sshd, "scan", &[]).ended_with(0);
    let found =
        ran.lines().into_iter().find(|line| line["source"] == "files" && line["path"] == *place.to_str().unwrap());
    let found = found.unwrap_or_else(|| panic!("not found:\n{}", ran.stderr));
    assert!(found["raw"]["executable_below"].as_str().unwrap().ends_with("/bin/run;id"), "{found}");
    assert_eq!(sshd.left_behind(), Vec::<std::path::PathBuf>::new());
    assert!(!home.path("owned").exists());
}

#[test]
fn an_audit_keeps_the_machine_as_it_keeps_this_one() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let home = Home::new();
    let audit = over(&home, &sshd, "audit", &["--db", "own.db", "--format", "json"]).ended_with(0).json();
    holds("audit", &audit);
    home.line("audit --db own.db").ended_with(0);
    let machines = home.line("machines --db own.db --format json").ended_with(0).json();
    assert_eq!(machines["machines"].as_array().unwrap().len(), 1, "{machines}");
}

#[test]
fn many_machines_are_read_whatever_becomes_of_some() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let Some(stranger) = Sshd::start(&[]) else { return };
    let home = Home::new();
    let (_silent, silent_port) = silent();
    let good = sshd.destination();
    let also_good = format!("{}@localhost:{}", sshd.user, sshd.port);
    let (closed, quiet) = (format!("127.0.0.1:{}", free_port()), format!("127.0.0.1:{silent_port}"));
    // Its key is not among the known ones.
    let unknown = stranger.destination();
    let list = format!("# all of them\n{good}\n{quiet}\n\n{closed} # off\n{unknown}\n{also_good}\n{good}\n");
    home.file("hosts", list);
    let run = |more: &[&str]| {
        let settings = sshd.settings();
        let arguments =
            ["scan", "--ssh-hosts", "hosts", "--out", "scans", "--timeout", "60", "--ssh-option", "ConnectTimeout=3"];
        let arguments = arguments.into_iter().chain(settings.iter().map(String::as_str));
        home.run(arguments.chain(more.iter().copied()))
    };
    let ran = run(&["--format", "json"]).complains_of(1, &["3 of 5 machines were not read"]);
    let summary = ran.json();
    holds("scan-hosts", &summary);
    let results = |summary: &Value| {
        let hosts = summary["hosts"].as_array().unwrap().clone();
        hosts.into_iter().map(|host| host["result"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(results(&summary), ["scanned", "failed", "failed", "failed", "scanned"]);
    let written: Value = serde_json::from_str(&fs::read_to_string(home.path("scans/summary.json")).unwrap()).unwrap();
    assert_eq!(written["hosts"], summary["hosts"]);
    let names: BTreeSet<String> = fs::read_dir(home.path("scans"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let file = |destination: &str| format!("{}.jsonl", destination.replace(':', "_"));
    assert_eq!(names, BTreeSet::from([file(&good), file(&also_good), "summary.json".to_owned()]));
    let before = fs::metadata(home.path("scans").join(file(&good))).unwrap().modified().unwrap();

    let again = run(&[]);
    let table = again.complains_of(1, &["error[cli/bad-hosts]"]).stdout;
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(table.contains("0 read, 2 passed over, 3 failed, 0 cancelled"), "{table}");
    assert!(table.contains("Connection refused") && table.contains("its host key is not known"), "{table}");
    assert_eq!(fs::metadata(home.path("scans").join(file(&good))).unwrap().modified().unwrap(), before);

    home.file("hosts", format!("{good}\n{also_good}\n"));
    let table = run(&["--again", "--parallel", "2"]).ended_with(0).stdout;
    assert!(table.contains("2 read, 0 passed over, 0 failed, 0 cancelled"), "{table}");
    assert_ne!(fs::metadata(home.path("scans").join(file(&good))).unwrap().modified().unwrap(), before);
    let import = ["import", "--db", "own.db", "--format", "json"].into_iter().map(str::to_owned);
    // Both are the same machine, read at once: whichever began first is to be imported first.
    let began = |path: &String| {
        let text = fs::read_to_string(home.path(path)).unwrap();
        let header: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        header["started"].as_str().unwrap().to_owned()
    };
    let mut files = [&good, &also_good].map(|host| format!("scans/{}", file(host)));
    files.sort_by_key(began);
    assert_eq!(home.run(import.chain(files)).ended_with(0).json()["import"].as_array().unwrap().len(), 2);
}

#[test]
fn an_interrupted_run_keeps_what_is_finished_and_ends_its_children() {
    let Some(sshd) = Sshd::start(&[]) else { return };
    let home = Home::new();
    let (_silent, silent_port) = silent();
    let good = sshd.destination();
    home.file("hosts", format!("127.0.0.1:{silent_port}\n{good}\nada@127.0.0.1:{silent_port}\n"));
    let mut child = home
        .command()
        .args([
            "scan",
            "--ssh-hosts",
            "hosts",
            "--out",
            "scans",
            "--parallel",
            "2",
            "--ssh-option",
            "ConnectTimeout=300",
        ])
        .args(sshd.settings())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let file = home.path("scans").join(format!("{}.jsonl", good.replace(':', "_")));
    let begun = Instant::now();
    while !file.exists() && begun.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(file.exists());
    let id = child.id().to_string();
    let children = children_of(&id);
    assert!(!children.is_empty());
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let begun = Instant::now();
    let ended = child.wait().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(10));
    let mut table = String::new();
    child.stdout.take().unwrap().read_to_string(&mut table).unwrap();
    assert_eq!(ended.code(), Some(1), "{table}");
    assert!(table.contains("1 read, 0 passed over, 0 failed, 2 cancelled"), "{table}");
    for child in children {
        assert!(!Path::new("/proc").join(&child).join("exe").exists(), "{child} still runs");
    }
    lines(&file);
}

/// The processes that a process started and that still run.
fn children_of(id: &str) -> Vec<String> {
    let output = Command::new("ps").args(["-o", "pid=", "--ppid", id]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_user_without_rights_says_how_much_was_hidden() {
    if !is_root() {
        return skipped("only root can become somebody else");
    }
    let scripts = tempfile::tempdir().unwrap();
    let nobody =
        Sshd::script(scripts.path(), "nobody", "exec setpriv --reuid 65534 --regid 65534 --clear-groups /bin/sh");
    fs::set_permissions(scripts.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let Some(sshd) = Sshd::start(&[&nobody]) else { return };
    let home = Home::new();
    let place = home.path("locked/agent/bin");
    fs::create_dir_all(&place).unwrap();
    fs::set_permissions(home.path("locked"), fs::Permissions::from_mode(0o700)).unwrap();
    fs::set_permissions(home.path(""), fs::Permissions::from_mode(0o755)).unwrap();
    let own = format!(
        "id = \"own-tools\"\nname = \"Tools\"\n\n[[product]]\nid = \"own-tools.odd\"\nname = \"Odd\"\n\
         classes = [\"anti-virus\"]\ncategory = \"antivirus\"\nplatforms = [\"linux\"]\nfingerprints = [\n  \
         {{ field = \"path\", match = \"exact\", value = '{}', confidence = \"known\" }},\n]\n",
        place.display()
    );
    home.file("data/interdict/catalogue.d/vendors/own-tools.toml", own);
    home.file("hosts", format!("{}\n", sshd.destination()));
    let settings = sshd.settings();
    let arguments =
        ["scan", "--ssh-hosts", "hosts", "--out", "scans"].into_iter().chain(settings.iter().map(String::as_str));
    let ran = home.run(arguments).ended_with(0);
    assert!(
        ran.stderr.contains("warning[collect/hidden]: read as nobody (uid 65534), not as root: "),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("not as root"), "{}", ran.stdout);
    let summary = fs::read_to_string(home.path("scans/summary.json")).unwrap();
    assert!(summary.contains("things were hidden") || summary.contains("1 thing was hidden"), "{summary}");
}

/// The programs of busybox that stand in for those of another system.
const APPLETS: &[&str] = &["sh", "find", "head", "dd", "ls", "ps", "id", "sleep", "cat"];

/// A root with busybox alone, whose `uname` says what it is told.
fn other_system(root: &Path, system: &str, applets: &[&str]) -> bool {
    let Some(busybox) = ["/usr/bin/busybox", "/bin/busybox"].into_iter().find(|path| Path::new(path).exists()) else {
        skipped("no busybox is installed");
        return false;
    };
    let bin = root.join("bin");
    fs::create_dir_all(&bin).unwrap();
    fs::copy(busybox, bin.join("busybox")).unwrap();
    for applet in applets {
        symlink("busybox", bin.join(applet)).unwrap();
    }
    if !Command::new("chroot").arg(root).args(["/bin/busybox", "true"]).status().is_ok_and(|status| status.success()) {
        skipped("busybox needs libraries here (busybox-static)");
        return false;
    }
    // The shell of busybox takes its own programs before all others; with another one `uname` can be a script.
    if !applets.contains(&"sh") && !with_shell(root) {
        skipped("the system's shell cannot be copied with its libraries");
        return false;
    }
    let uname = format!("#!/bin/sh\ncase $1 in -s) echo {system};; -n) echo mac-07.local;; -m) echo arm64;; esac\n");
    fs::write(bin.join("uname"), uname).unwrap();
    fs::set_permissions(bin.join("uname"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir_all(root.join("dev")).unwrap();
    // The shell sends what nobody wants there; a file does as well as the device.
    fs::write(root.join("dev/null"), "").unwrap();
    true
}

/// Copies the shell of this system with its libraries.
fn with_shell(root: &Path) -> bool {
    let Ok(output) = Command::new("ldd").arg("/bin/sh").output() else { return false };
    let libraries = String::from_utf8_lossy(&output.stdout).into_owned();
    let files = libraries.split_whitespace().filter(|word| word.starts_with('/')).chain(["/bin/sh"]);
    files.into_iter().all(|file| {
        let place = root.join(&file[1..]);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(file, place).is_ok()
    })
}

#[test]
fn a_system_with_nothing_but_busybox_is_read_like_any_other() {
    if !is_root() {
        return skipped("only root can change the root of a session");
    }
    let root = tempfile::tempdir().unwrap();
    prepared_root::write(root.path()).unwrap();
    if !other_system(root.path(), "Linux", &[APPLETS, &["stat"]].concat()) {
        return;
    }
    let scripts = tempfile::tempdir().unwrap();
    let inside = Sshd::script(scripts.path(), "inside", &format!("exec chroot {} /bin/sh", root.path().display()));
    let Some(sshd) = Sshd::start(&[&inside]) else { return };
    let home = Home::new();
    let before = tree(root.path());
    over(&home, &sshd, "scan", &["--out", "remote.jsonl"]).ended_with(0);
    let after = tree(root.path());
    let changed: Vec<_> = after.symmetric_difference(&before).filter(|line| !line.contains("/dev/null ")).collect();
    assert!(changed.is_empty(), "{changed:#?}");
    home.run(["scan", "--root", root.path().to_str().unwrap(), "--out", "local.jsonl"]).ended_with(0);
    let (here, there) = (lines(&home.path("local.jsonl")), lines(&home.path("remote.jsonl")));
    assert_eq!(here.0["machine"]["id"], there.0["machine"]["id"]);
    let (here, there) = (lasting(&here.1), lasting(&there.1));
    let differing: Vec<_> = here.symmetric_difference(&there).take(5).collect();
    assert!(differing.is_empty() && here.len() > 20, "{differing:#?}");
}

/// Every path below a folder with its size and the time it was changed.
fn tree(folder: &Path) -> BTreeSet<String> {
    let output = Command::new("find").arg(folder).args(["-printf", "%p %s %T@ %l\\n"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_mac_is_known_by_what_it_says_and_read_as_one() {
    if !is_root() {
        return skipped("only root can change the root of a session");
    }
    let root = tempfile::tempdir().unwrap();
    // Its find and stat know none of what GNU's and busybox's do.
    if !other_system(root.path(), "Darwin", &["head", "dd", "ls", "ps", "id", "sleep", "cat"]) {
        return;
    }
    for folder in ["Library/Application Support/Kaspersky Lab/KAV", "System/Library/CoreServices", "Users/ada/Library"]
    {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    let scripts = tempfile::tempdir().unwrap();
    let inside = Sshd::script(scripts.path(), "inside", &format!("exec chroot {} /bin/sh", root.path().display()));
    let Some(sshd) = Sshd::start(&[&inside]) else { return };
    let home = Home::new();
    over(&home, &sshd, "scan", &["--out", "mac.jsonl"]).ended_with(0);
    let (header, _) = lines(&home.path("mac.jsonl"));
    assert_eq!(header["machine"]["os"]["family"], "macos");
    assert_eq!(header["machine"]["arch"], "aarch64");
    assert!(header["machine"]["hostname"].as_str().unwrap().starts_with("mac-07"), "{header}");
    let collectors = header["collectors"].as_array().unwrap();
    assert!(collectors.iter().all(|one| one["name"].as_str().unwrap().starts_with("macos/")), "{header}");
}
