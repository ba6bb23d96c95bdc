//! The state of a product in Windows Security Center: one number, `productState` in WMI and `STATE` in the registry.
//!
//! Microsoft does not document its bits. Read here are those on which public descriptions agree: bits 12 to 15 say whether
//! the product is on (0 off, 1 on, 2 snoozed, 3 expired) and bits 4 to 7 whether its definitions are current (0) or not
//! (<https://mcpforlife.com/2020/04/14/how-to-resolve-this-state-value-of-av-providers/>,
//! <http://neophob.com/2010/03/wmi-query-windows-securitycenter2/>); the four states are those of
//! <https://learn.microsoft.com/windows/win32/api/iwscapi/ne-iwscapi-wsc_security_product_state>. Bits 8 to 11, which tell
//! Microsoft's own products from others, are not used.

/// What Security Center says of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductState {
    /// Whether it is on: `on`, `off`, `snoozed` or `expired`; nothing for bits nobody has described.
    pub state: Option<&'static str>,
    /// Whether its definitions are current; nothing for bits nobody has described.
    pub up_to_date: Option<bool>,
}

/// What the number of a product says.
#[must_use]
pub const fn product_state(number: u32) -> ProductState {
    let state = match (number >> 12) & 0xf {
        0 => Some("off"),
        1 => Some("on"),
        2 => Some("snoozed"),
        3 => Some("expired"),
        _ => None,
    };
    let up_to_date = match (number >> 4) & 0xf {
        0 => Some(true),
        1 => Some(false),
        _ => None,
    };
    ProductState { state, up_to_date }
}

/// The number that says what Security Center's own interface says in two: the state (0 on, 1 off, 2 snoozed, 3 expired:
/// <https://learn.microsoft.com/windows/win32/api/iwscapi/ne-iwscapi-wsc_security_product_state>) and whether definitions
/// are current (1) or not (0: <https://learn.microsoft.com/windows/win32/api/iwscapi/ne-iwscapi-wsc_security_signature_status>).
/// Anything else becomes bits that nobody has described.
#[must_use]
pub const fn number_of(state: Option<i32>, signatures: Option<i32>) -> u32 {
    let state = match state {
        Some(0) => 1,
        Some(1) => 0,
        Some(2) => 2,
        Some(3) => 3,
        _ => 0xf,
    };
    let signatures = match signatures {
        Some(1) => 0,
        Some(0) => 1,
        _ => 0xf,
    };
    (state << 12) | (signatures << 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_saying_it_say_the_same() {
        for (state, signatures, says) in [
            (Some(0), Some(1), ProductState { state: Some("on"), up_to_date: Some(true) }),
            (Some(1), Some(0), ProductState { state: Some("off"), up_to_date: Some(false) }),
            (Some(2), Some(1), ProductState { state: Some("snoozed"), up_to_date: Some(true) }),
            (Some(3), None, ProductState { state: Some("expired"), up_to_date: None }),
            (None, Some(7), ProductState { state: None, up_to_date: None }),
            (Some(-1), Some(-1), ProductState { state: None, up_to_date: None }),
        ] {
            assert_eq!(product_state(number_of(state, signatures)), says, "{state:?} {signatures:?}");
        }
    }

    #[test]
    fn the_bits_are_told_apart() {
        for (number, state, up_to_date) in [
            (266_240, Some("on"), Some(true)),
            (266_256, Some("on"), Some(false)),
            (0x06_0100, Some("off"), Some(true)),
            (0x06_1110, Some("on"), Some(false)),
            (0x04_2000, Some("snoozed"), Some(true)),
            (0x04_3010, Some("expired"), Some(false)),
            (u32::MAX, None, None),
        ] {
            assert_eq!(product_state(number), ProductState { state, up_to_date }, "{number:x}");
        }
    }
}
