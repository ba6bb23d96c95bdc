//! Wine, and a prefix (a made-up Windows) that tests copy or change.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use super::{emptied, folder};
use crate::{program::Program, workspace::Workspace};

/// Where Wine's starter lies when it is not in `PATH`.
const ELSEWHERE: &str = "/usr/lib/wine/wine64";
/// The library that Wine may lack.
const STAND_IN: &str = "bcryptprimitives.dll";

/// Wine with a prefix.
pub(crate) struct Wine {
    /// What starts a program of Windows.
    pub(crate) program: String,
    /// The prefix.
    pub(crate) prefix: PathBuf,
}

impl Wine {
    /// The prefix, made unless it is there.
    pub(crate) fn prepare(workspace: &Workspace) -> anyhow::Result<Self> {
        let program = program().context("Wine is not installed")?;
        let wine = Self { program, prefix: folder(workspace, "wine") };
        let stamp = wine.prefix.join("complete");
        if !stamp.is_file() {
            emptied(&wine.prefix)?;
            wine.make(workspace)?;
            // Written last, so that what was interrupted is done again.
            fs::write(&stamp, "").with_context(|| format!("cannot write {}", stamp.display()))?;
        }
        Ok(wine)
    }

    /// What programs under Wine are started with: this prefix, no display, no home but the prefix, no complaints of Wine's
    /// own, and no offers to fetch what it lacks.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&'static str, String)> {
        let prefix = self.prefix.to_string_lossy().into_owned();
        let settings = [
            ("WINEDEBUG", "-all"),
            ("WINEDLLOVERRIDES", "mscoree=;mshtml="),
            ("DISPLAY", ""),
            ("WAYLAND_DISPLAY", ""),
            ("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", self.program.as_str()),
        ];
        let settings = settings.map(|(name, value)| (name, value.to_owned()));
        settings.into_iter().chain([("WINEPREFIX", prefix)])
    }

    fn make(&self, workspace: &Workspace) -> anyhow::Result<()> {
        self.start(&["wineboot.exe", "--init"]).must_succeed()?;
        let system = self.prefix.join("drive_c/windows/system32");
        if !system.join(STAND_IN).is_file() {
            let source = workspace.path("xtask/src/windows/bcryptprimitives.c");
            compile(&source, &system.join(STAND_IN)).must_succeed()?;
        }
        // Ends what still runs in the prefix, which writes the registry down first.
        self.within(Program::new("wineserver").args(["--kill"])).answer();
        Ok(())
    }

    /// A program of Windows in this prefix.
    fn start(&self, line: &[&str]) -> Program {
        self.within(Program::new(self.program.as_str()).args(line.iter().copied()))
    }

    fn within(&self, program: Program) -> Program {
        self.environment().fold(program, |program, (name, value)| program.with_environment(name, value))
    }
}

/// What starts programs of Windows, if anything here does.
pub(super) fn program() -> Option<String> {
    let starts = |name: &&str| Program::new(*name).args(["--version"]).answer().is_some();
    ["wine", "wine64", ELSEWHERE].into_iter().find(starts).map(str::to_owned)
}

fn compile(source: &Path, library: &Path) -> Program {
    let [source, library] = [source, library].map(|path| path.to_string_lossy().into_owned());
    Program::new("x86_64-w64-mingw32-gcc").args(["-shared", "-O2", "-o"]).args([library, source]).args(["-ladvapi32"])
}
