//! Prepares the window: a placeholder where the front end is not built yet, and one permission per command.

#![expect(clippy::disallowed_methods, reason = "a build script looks for the front end")]
#![expect(clippy::expect_used, reason = "a build script that cannot go on stops the build")]

macro_rules! commands {
    ($($name:ident($request:ty) -> $reply:ty;)+) => {
        /// Every command's name: each becomes a permission that the capability has to grant.
        const COMMAND_NAMES: &[&str] = &[$(stringify!($name),)+];
    };
}

include!("src/commands.list");

fn main() {
    println!("cargo::rerun-if-changed=src/commands.list");
    put_placeholder();
    let manifest = tauri_build::AppManifest::new().commands(COMMAND_NAMES);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).expect("the window's resources");
}

/// A fresh clone has no `ui/dist`, and `generate_context!` refuses to compile without it.
fn put_placeholder() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
    if dist.join("index.html").exists() {
        return;
    }
    std::fs::create_dir_all(&dist).expect("ui/dist can be made");
    let page = "<!doctype html><title>Interdict</title><p>The front end is not built: npm --prefix ui run build";
    std::fs::write(dist.join("index.html"), page).expect("ui/dist can be written to");
}
