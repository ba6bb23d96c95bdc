//! The desktop shell: one window over `interdict-app`.
//!
//! One Tauri command per use case, each a line or two into `app`; the wire's own types; nothing is judged here.

pub mod bindings;
pub mod commands;
pub mod wire;
