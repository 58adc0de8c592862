//! What the crate says to bad input: every public function, called with what no one should pass.
//!
//! A row is a call, what is bad about it, and the sentence it must answer with; or, for input that only looks
//! bad, that every number it answers with is finite. The rows run in a process of their own with a limit on
//! memory and a limit on time, so that an abort or a hang is one failed row and not the end of the table.

mod outcome;
mod rows;
mod supervisor;
mod surface;
mod table;
mod worker;
mod world;

use outcome::Outcome;

#[test]
fn the_whole_table() {
    let table = rows::all();
    let outcomes = supervisor::run(table.rows.len());
    let failed: Vec<String> = (table.rows.iter().zip(&outcomes))
        .filter_map(|(row, outcome)| Some(format!("{row}\n    {}", row.wrong(outcome)?)))
        .collect();
    let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
    println!(
        "{} rows: {} panics, {} aborts, {} hangs, {} undocumented NaN",
        table.rows.len(),
        count(|o| matches!(o, Outcome::Panicked(_))),
        count(|o| matches!(o, Outcome::Aborted(_))),
        count(|o| matches!(o, Outcome::Hung)),
        count(|o| matches!(o, Outcome::NotFinite(_))),
    );
    assert!(failed.is_empty(), "{} rows fail:\n{}", failed.len(), failed.join("\n"));
    assert!(table.rows.len() >= 600, "the table has only {} rows", table.rows.len());
}

#[test]
fn every_public_function_has_a_row() {
    let table = rows::all();
    let called: std::collections::HashSet<&str> = table.rows.iter().map(|row| row.call).collect();
    let public = surface::functions();
    let needs_a_row = |(name, can_be_bad): (&String, &bool)| {
        (*can_be_bad && !called.contains(name.as_str())).then(|| name.clone())
    };
    let missing: Vec<String> = public.iter().filter_map(needs_a_row).collect();
    assert!(missing.is_empty(), "no row in tests/bad_input/rows for: {missing:#?}");
    let unknown: Vec<&&str> = called.iter().filter(|c| !public.contains_key(**c)).collect();
    assert!(unknown.is_empty(), "rows for what is not public: {unknown:#?}");
}

/// Not a test: the process in which the rows run (see `supervisor`).
#[test]
#[ignore = "the supervisor starts it"]
fn worker() {
    worker::run(&rows::all());
}
