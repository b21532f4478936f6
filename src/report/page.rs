//! A screen of labelled rows: prose broken into lines, commands and Java's words as they are.

use std::io::{self, Write};

use super::doctor::remedy_parts;
use super::screen::{Paint, Screen};
use crate::certificates::printable;

/// The columns of the labels.
const LABEL: usize = 9;

/// Prose is not set wider than this, however wide the screen.
const WIDEST: usize = 100;

/// Where the report is written, and how wide it is.
pub(super) struct Page<'a> {
    pub(super) screen: Screen,
    pub(super) out: &'a mut dyn Write,
}

impl Page<'_> {
    fn width(&self) -> usize {
        self.screen.width.min(WIDEST)
    }

    pub(super) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    pub(super) fn headline(&mut self, mark: &str, paint: Paint, text: &str) -> io::Result<()> {
        let line = Screen::cut(&printable(text), self.width().saturating_sub(2));
        writeln!(self.out, "{}", self.screen.paint(paint, &format!("{mark} {line}")))
    }

    pub(super) fn label(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.screen.paint(Paint::Faint, text))
    }

    /// A label and what belongs to it, later lines under the first.
    pub(super) fn row(&mut self, label: &str, text: &str) -> io::Result<()> {
        self.painted_row(label, Paint::Faint, text)
    }

    pub(super) fn painted_row(&mut self, label: &str, paint: Paint, text: &str) -> io::Result<()> {
        let width = self.width().saturating_sub(LABEL + 1);
        let lines = text.lines().flat_map(|line| Screen::wrap(&printable(line), width));
        for (number, line) in lines.enumerate() {
            let label = if number == 0 { label } else { "" };
            let padded = format!("{label:<LABEL$}");
            writeln!(self.out, "{} {line}", self.screen.paint(paint, &padded))?;
        }
        Ok(())
    }

    /// What is to be done: prose, then the commands, which are never broken into lines.
    pub(super) fn remedy(&mut self, label: &str, remedy: &str) -> io::Result<()> {
        let (prose, commands) = remedy_parts(remedy);
        if !prose.is_empty() {
            self.row(label, &prose)?;
        }
        for (number, command) in commands.iter().enumerate() {
            let label = if number == 0 && prose.is_empty() { label } else { "" };
            let padded = format!("{label:<LABEL$}");
            let label = self.screen.paint(Paint::Faint, &padded);
            let command = self.screen.paint(Paint::Strong, &printable(command));
            writeln!(self.out, "{label} {command}")?;
        }
        Ok(())
    }

    pub(super) fn prose(&mut self, indent: usize, text: &str, paint: Paint) -> io::Result<()> {
        let width = self.width().saturating_sub(indent);
        for line in Screen::wrap(&printable(text), width) {
            writeln!(self.out, "{:indent$}{}", "", self.screen.paint(paint, &line))?;
        }
        Ok(())
    }

    /// A line as it is, so that it can be searched for.
    pub(super) fn plain(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let text = Screen::cut(&printable(text), LONGEST_LINE);
        writeln!(self.out, "{:indent$}{text}", "")
    }
}

/// A message with a name in it may be as long as the certificate.
const LONGEST_LINE: usize = 1000;
