//! The few colours there are.

use anstyle::{AnsiColor, Style};
use interdict_model::Tier;

/// Headings and names.
pub(crate) const STRONG: Style = Style::new().bold();
/// What stands beside.
pub(crate) const DIM: Style = Style::new().dimmed();

/// The colour of a tier's word.
pub(crate) const fn tier_style(tier: Tier) -> Style {
    match tier {
        Tier::Prohibited | Tier::Required => coloured(AnsiColor::Red).bold(),
        Tier::Restricted => coloured(AnsiColor::Yellow).bold(),
        Tier::Advisory => coloured(AnsiColor::Yellow),
        Tier::Watch => coloured(AnsiColor::Cyan),
        Tier::Undetermined => coloured(AnsiColor::Magenta),
        Tier::None => Style::new(),
    }
}

const fn coloured(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(color)))
}
