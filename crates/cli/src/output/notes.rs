//! Standard error: notes, warnings, errors.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use interdict_model::{Diagnostic, Fault, Severity};

use super::clean::clean;

/// More diagnostics than this are counted instead of shown.
const MOST_SHOWN: usize = 40;

/// Standard error. Nothing that goes wrong here can be told anybody, so failures to write are passed over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notes {
    colours: ColorChoice,
    quiet: bool,
}

impl Notes {
    pub(crate) const fn new(no_color: bool, quiet: bool) -> Self {
        Self { colours: if no_color { ColorChoice::Never } else { ColorChoice::Auto }, quiet }
    }

    /// Whether only errors are wanted.
    pub(crate) const fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Something worth knowing beside the answer.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            self.write(&clean(text));
        }
    }

    /// Something that belongs to an error, also when only errors are wanted.
    pub(crate) fn say(self, text: &str) {
        self.write(&clean(text));
    }

    /// What looked wrong in what was read: at most some dozens, then how many more.
    pub(crate) fn diagnostics(self, diagnostics: &[Diagnostic]) {
        if self.quiet {
            return;
        }
        for diagnostic in diagnostics.iter().take(MOST_SHOWN) {
            self.problem(diagnostic);
        }
        if let Some(more) = diagnostics.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            self.write(&format!("... and {more} more of these"));
        }
    }

    /// One diagnostic, also when only errors are wanted.
    pub(crate) fn problem(self, diagnostic: &Diagnostic) {
        let place = diagnostic.location.as_ref().map(|place| format!("{}: ", clean(&place.to_string())));
        let (word, style) = match diagnostic.severity {
            Severity::Error => ("error", ERROR),
            Severity::Warning => ("warning", WARNING),
        };
        let mut text = format!(
            "{}{style}{word}[{}]{style:#}: {}",
            place.unwrap_or_default(),
            diagnostic.code,
            clean(&diagnostic.message)
        );
        if let Some(hint) = &diagnostic.hint {
            push(&mut text, "hint", &hint);
        }
        self.write(&text);
    }

    /// An error: what failed, every cause, what to try.
    pub(crate) fn fault(self, fault: &dyn Fault) {
        let message = fault.to_string();
        let mut text = format!("{ERROR}error[{}]{ERROR:#}: {}", fault.code(), clean(&message));
        let mut said = message;
        let mut cause = fault.source();
        while let Some(error) = cause {
            let message = error.to_string();
            // A wrapper says what it wraps a second time, with or without a number before it.
            if !message.ends_with(&said) {
                push(&mut text, "cause", &message);
                said = message;
            }
            cause = Error::source(error);
        }
        if let Some(hint) = fault.hint() {
            push(&mut text, "hint", &hint);
        }
        self.write(&text);
    }

    fn write(self, text: &str) {
        let mut out = AutoStream::new(io::stderr().lock(), self.colours);
        let _ = writeln!(out, "{text}");
    }
}

const ERROR: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));
const WARNING: Style = Style::new().bold().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow)));

/// Adds a line such as `  hint: ...`.
fn push(text: &mut String, what: &str, said: &dyn Display) {
    text.push_str("\n  ");
    text.push_str(what);
    text.push_str(": ");
    text.push_str(&clean(&said.to_string()));
}
