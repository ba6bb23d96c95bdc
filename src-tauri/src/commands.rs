//! The one list of commands between the window and Rust, with their types.
//!
//! The list itself is `commands.list`. From it come the TypeScript command map, the permissions that `build.rs` declares
//! and the handler, so that none of them can lack a command. The commands' bodies are in `handlers.rs`.

use ts_rs::TS;

use crate::wire::{
    AppStatus, AuditCancelRequest, AuditOutcome, AuditRequest, CatalogueChanges, CatalogueCompareRequest,
    CompareRequest, Context, ExportCancelRequest, ExportRequest, Exported, FamilyPage, FamilyRequest, FindingDetail,
    FindingMachines, FindingMachinesRequest, FindingRequest, FindingsReply, FindingsRequest, FolderShowRequest,
    FormatInfo, HoldersPage, HoldersRequest, ImportCancelRequest, ImportDecideRequest, ImportDecided, ImportDetail,
    ImportPreview, ImportPreviewRequest, ImportRequest, ImportResult, ImportStartRequest, ImportUndone, ImportsReply,
    InstalledPage, InstalledRequest, MachineDetail, MachineRequest, MachinesPage, MachinesRequest, Nothing,
    OfferedFile, Overview, RecentLine, RemovalReply, RemovalRequest, ReportWritten, RestrictionDetail,
    RestrictionRequest, RestrictionsReply, RowsWritten, SavedView, SavedViews, SearchReply, SearchRequest,
    SettingsPatch, SoftwarePage, SoftwareRequest, SourceOpenRequest, VendorDossier, VendorRequest, VendorsReply,
    WatchStatus, WatchSwitch,
};

/// A command: its name, and the TypeScript names of what goes in and comes out.
pub struct CommandDeclaration {
    /// `area_verb`.
    pub name: &'static str,
    /// The request's type.
    pub request: String,
    /// The reply's type.
    pub reply: String,
}

macro_rules! commands {
    ($($name:ident($request:ty) -> $reply:ty;)+) => {
        /// Every command's name.
        pub const COMMAND_NAMES: &[&str] = &[$(stringify!($name),)+];

        /// Every command with its types.
        #[must_use]
        pub fn declarations(config: &ts_rs::Config) -> Vec<CommandDeclaration> {
            vec![$(CommandDeclaration {
                name: stringify!($name),
                request: <$request as TS>::name(config),
                reply: <$reply as TS>::name(config),
            },)+]
        }
    };
}

include!("commands.list");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_capability_grants_every_command_and_nothing_else() {
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/main.json")).expect("JSON");
        let granted: Vec<&str> =
            capability["permissions"].as_array().expect("a list").iter().filter_map(|one| one.as_str()).collect();
        let of_commands = COMMAND_NAMES.iter().map(|name| format!("allow-{}", name.replace('_', "-")));
        let of_core = ["core:event:allow-listen", "core:event:allow-unlisten"].map(str::to_owned);
        let expected: BTreeSet<String> = of_commands.chain(of_core).collect();
        assert_eq!(granted.iter().map(|one| (*one).to_owned()).collect::<BTreeSet<_>>(), expected);
        assert_eq!(granted.len(), expected.len(), "each once");
        assert_eq!(capability["windows"], serde_json::json!(["main"]));
    }

    #[test]
    fn the_window_may_load_nothing_from_outside() {
        let config: serde_json::Value = serde_json::from_str(include_str!("../tauri.conf.json")).expect("JSON");
        let policy = config["app"]["security"]["csp"].as_str().expect("a policy");
        for loose in ["unsafe-inline", "unsafe-eval", "*", "https:", "blob:", "strict-dynamic"] {
            assert!(!policy.contains(loose), "{loose}");
        }
        let directives: Vec<&str> = policy.split("; ").collect();
        for strict in ["default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'"] {
            assert!(directives.contains(&strict), "{strict}");
        }
        assert_ne!(config["app"]["withGlobalTauri"], serde_json::json!(true));
    }
}
