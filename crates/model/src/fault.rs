//! What every error of ours can say of itself.

/// An error with a stable code and, where there is one, advice.
///
/// The message (its `Display`) is lower case without a full stop; causes stand only in the source chain.
pub trait Fault: std::error::Error {
    /// Stable code, `area/what`, in kebab case; documented in `docs/errors.md`.
    fn code(&self) -> &'static str;

    /// What to try.
    fn hint(&self) -> Option<String> {
        None
    }
}
