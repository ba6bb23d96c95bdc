//! The one list of commands between the window and Rust.
//!
//! From it come the TypeScript command map, the permissions that `build.rs` declares and the test that the handler
//! knows every command. The commands' bodies are in `handlers.rs`.

use ts_rs::TS;

use crate::wire::{
    AppStatus, AuditCancelRequest, AuditOutcome, AuditRequest, Context, FindingDetail, FindingRequest, FindingsReply,
    Nothing, Overview, ReportWritten, SearchReply, SearchRequest, SettingsPatch, SourceOpenRequest, VendorDossier,
    VendorRequest, VendorsReply,
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

commands! {
    app_status(Nothing) -> AppStatus;
    settings_save(SettingsPatch) -> AppStatus;
    sample_open(Nothing) -> AppStatus;
    sample_close(Nothing) -> AppStatus;
    audit_start(AuditRequest) -> AuditOutcome;
    audit_cancel(AuditCancelRequest) -> Nothing;
    scan_open(Nothing) -> Option<AuditOutcome>;
    overview_get(Context) -> Overview;
    findings_list(Context) -> FindingsReply;
    finding_get(FindingRequest) -> FindingDetail;
    vendors_list(Context) -> VendorsReply;
    vendor_get(VendorRequest) -> VendorDossier;
    search_find(SearchRequest) -> SearchReply;
    source_open(SourceOpenRequest) -> Nothing;
    report_write(Context) -> ReportWritten;
}
