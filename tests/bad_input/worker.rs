//! The process that runs the rows.

use crate::outcome::Outcome;
use crate::table::Table;
use crate::world::World;
use std::env::var;
use std::fs::OpenOptions;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Names the file in which the worker says what it does.
pub const REPORT: &str = "BAD_INPUT_REPORT";
/// The first row to run.
pub const FIRST: &str = "BAD_INPUT_FIRST";

/// Runs the rows from `FIRST` on; a line before each row, and its outcome behind it.
pub fn run(table: &Table) {
    let (Ok(report), Ok(first)) = (var(REPORT), var(FIRST)) else { return };
    let mut report = OpenOptions::new().append(true).create(true).open(report).unwrap();
    let world = World::new();
    for (index, row) in table.rows.iter().enumerate().skip(first.parse().unwrap()) {
        writeln!(report, "row {index}").unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| row.outcome(&world)));
        let outcome = outcome.unwrap_or_else(|panic| Outcome::Panicked(said(&*panic)));
        writeln!(report, "{}", outcome.to_line()).unwrap();
    }
}

fn said(panic: &dyn std::any::Any) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("without a text").to_string()
}
