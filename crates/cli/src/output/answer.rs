//! Standard output: where the one answer goes.

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use serde::Serialize;

use super::page::Page;
use crate::error::CliError;

/// The width of a page that goes to a file or pipe.
const FILE_WIDTH: usize = 100;
/// Lines longer than this are hard to read.
const WIDEST: usize = 140;

/// Standard output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer {
    colours: ColorChoice,
}

impl Answer {
    /// With colours where the terminal and the environment want them.
    pub(crate) const fn new(no_color: bool) -> Self {
        Self { colours: if no_color { ColorChoice::Never } else { ColorChoice::Auto } }
    }

    /// An empty page as wide as the terminal.
    pub(crate) fn page() -> Page {
        let terminal = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        Page::new(terminal.map_or(FILE_WIDTH, |(width, _)| usize::from(width.0).min(WIDEST)))
    }

    /// Writes a page.
    pub(crate) fn text(self, page: Page) -> Result<(), CliError> {
        let mut out = AutoStream::new(io::stdout().lock(), self.colours);
        out.write_all(page.into_text().as_bytes()).and_then(|()| out.flush()).map_err(CliError::Output)
    }

    /// Writes text as it is: what another program is to read.
    pub(crate) fn plain(text: &str) -> Result<(), CliError> {
        let mut out = Self::raw();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(CliError::Output)
    }

    /// Writes one JSON document.
    pub(crate) fn json(document: &impl Serialize) -> Result<(), CliError> {
        let mut out = Self::raw();
        serde_json::to_writer_pretty(&mut out, document).map_err(|error| CliError::Output(error.into()))?;
        out.write_all(b"\n").and_then(|()| out.flush()).map_err(CliError::Output)
    }

    /// Standard output as it is, for rows.
    pub(crate) fn raw() -> BufWriter<StdoutLock<'static>> {
        BufWriter::with_capacity(1 << 16, io::stdout().lock())
    }
}
