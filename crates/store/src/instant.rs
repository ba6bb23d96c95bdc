//! Instants as texts: RFC 3339 in UTC. Only their form is checked and only seconds are compared; no calendar here.

use crate::error::StoreError;

/// Length of `2026-11-22T18:00:00`.
const SECONDS: usize = 19;

/// Refuses a text that is not `YYYY-MM-DDTHH:MM:SS`, perhaps a fraction, and `Z` or `+00:00`.
pub(crate) fn check(text: &str) -> Result<(), StoreError> {
    let fits = |(byte, form): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        _ => byte == form,
    };
    let (head, rest) = text.as_bytes().split_at_checked(SECONDS).unwrap_or_default();
    let is_head = head.len() == SECONDS && head.iter().copied().zip(*b"0000-00-00T00:00:00").all(fits);
    let zone = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            fraction.get(digits..).filter(|_| digits > 0).unwrap_or_default()
        }
        _ => rest,
    };
    if is_head && matches!(zone, b"Z" | b"+00:00") {
        Ok(())
    } else {
        Err(StoreError::Instant { text: text.to_owned() })
    }
}

/// The part of a checked instant by which instants are ordered.
pub(crate) fn second(text: &str) -> &str {
    text.get(..SECONDS).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_instants_in_utc_pass() {
        for good in ["2026-11-22T18:00:00Z", "2026-11-22T18:00:00.123456Z", "2026-11-22T18:00:00+00:00"] {
            assert!(check(good).is_ok(), "{good}");
            assert_eq!(second(good), "2026-11-22T18:00:00");
        }
        let wrong =
            ["", "now", "2026-11-22", "2026-11-22T18:00:00", "2026-11-22T18:00:00+01:00", "2026-11-22 18:00:00Z"];
        for text in wrong.into_iter().chain(["2026-11-22T18:00:00.Z", "2026-11-22T18:00:00Zé", "2026-11-2é 18:00:00Z"])
        {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
