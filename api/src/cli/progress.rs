//! How far a long command is: a bar on a terminal, lines elsewhere. Both go to standard error.

use super::output;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressFinish, ProgressStyle};
use service::progress::{Progress, Unit};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lines are printed after each of so many parts of a step, if its total is known.
const LINES: u64 = 4;

/// Shows the steps of a command.
#[derive(Default)]
pub(super) struct Terminal {
    step: Mutex<Option<Step>>,
}

struct Step {
    name: String,
    unit: Unit,
    bar: ProgressBar,
    /// Lines that were printed.
    lines: u64,
}

impl Terminal {
    fn step(&self) -> MutexGuard<'_, Option<Step>> {
        self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Terminal {
    fn begin(&self, step: &str, total: Option<u64>, unit: Unit) {
        let mut current = self.step();
        if let Some(former) = current.take() {
            former.end();
        }
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let bar = bar.with_finish(ProgressFinish::Abandon);
        let step = Step { name: step.to_owned(), unit, bar, lines: 0 };
        step.bar.set_style(step.style(total.is_some()));
        step.bar.set_message(step.name.clone());
        *current = Some(step);
    }

    fn advance(&self, count: u64) {
        if let Some(step) = self.step().as_mut() {
            step.bar.inc(count);
            step.print_parts();
        }
    }

    fn end(&self) {
        if let Some(step) = self.step().take() {
            step.end();
        }
    }
}

impl Step {
    /// How the bar looks, with its rate and the remaining time.
    fn style(&self, has_total: bool) -> ProgressStyle {
        let numbers = match (self.unit, has_total) {
            (Unit::Bytes, true) => "{bytes} of {total_bytes}, {bytes_per_sec}",
            (Unit::Bytes, false) => "{bytes}, {bytes_per_sec}",
            (_, true) => "{human_pos} of {human_len}, {per_sec}",
            (_, false) => "{human_pos}, {per_sec}",
        };
        let template = if has_total {
            format!("{{msg:24}} {{bar:24}} {numbers}, {{eta}} left")
        } else {
            format!("{{msg:24}} {{spinner}} {numbers}")
        };
        ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar())
    }

    /// Prints a line for each part of the step that is done, unless there is a bar.
    fn print_parts(&mut self) {
        if !self.bar.is_hidden() {
            return;
        }
        let Some(total) = self.bar.length() else { return };
        let parts = (self.bar.position() * LINES).checked_div(total).unwrap_or(LINES);
        // The end has a line of its own.
        if parts > self.lines && parts < LINES {
            self.lines = parts;
            self.print();
        }
    }

    fn end(self) {
        if self.bar.is_hidden() {
            self.print();
        } else {
            self.bar.abandon();
        }
    }

    fn print(&self) {
        let count = |count| match self.unit {
            Unit::Bytes => HumanBytes(count).to_string(),
            Unit::Files | Unit::Rows => HumanCount(count).to_string(),
        };
        let done = count(self.bar.position());
        output::note(&match self.bar.length() {
            Some(total) => format!("{}: {done} of {}", self.name, count(total)),
            None => format!("{}: {done}", self.name),
        });
    }
}
