//! Which tests failed, read from what cargo and the test programs print.

use std::fmt;

/// What one run of `cargo test` came to.
#[derive(Debug, Default, PartialEq)]
pub struct Report {
    /// How many tests passed.
    pub passed: usize,
    /// What failed, in the order it ran.
    pub failed: Vec<Failed>,
}

/// One failed test, or one program of tests that did not get that far.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    program: String,
    test: String,
}

impl Report {
    /// The last sentence of a run that failed.
    pub fn verdict(&self) -> String {
        match self.failed.len() {
            0 => "cargo test failed; its message is above".into(),
            1 => "1 failure; it is named above, and its message further up".into(),
            n => format!("{n} failures; the list above names all, their messages are further up"),
        }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.program, self.test)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.failed.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nfailed:")?;
        self.failed.iter().try_for_each(|failed| writeln!(f, "  {failed}"))
    }
}

/// Reads line by line.
#[derive(Default)]
pub struct Reader {
    report: Report,
    /// What runs now.
    program: String,
    /// Whether a test of it was named as failed.
    named: bool,
    /// Whether the names of failed tests follow.
    listing: bool,
}

impl Reader {
    pub fn report(self) -> Report {
        self.report
    }

    /// The next line, with or without colours.
    pub fn line(&mut self, line: &str) {
        let line = without_colours(line);
        let text = line.trim();
        if let Some(program) = started(text) {
            (self.program, self.named, self.listing) = (program, false, false);
        } else if text == "failures:" {
            self.listing = true;
        } else if self.listing && line.starts_with("    ") {
            self.failed(text);
        } else if text.starts_with("error: test failed,")
            || text.starts_with("error: doctest failed,")
        {
            if !self.named {
                self.failed("ended before its verdict; what it said last is above");
            }
        } else if let Some(what) = text.strip_prefix("error: could not compile ") {
            self.program = "cargo".into();
            self.failed(&format!("could not compile {what}"));
        } else if let Some(test) = python(text) {
            self.failed(&format!("the kernel's Python, {test}"));
        } else {
            self.listing = false;
            self.report.passed += passed(text).unwrap_or(0);
        }
    }

    fn failed(&mut self, test: &str) {
        let failed = Failed { program: self.program.clone(), test: test.into() };
        self.named = true;
        if !self.report.failed.contains(&failed) {
            self.report.failed.push(failed);
        }
    }
}

/// The program that cargo says it starts: its name, and where its source is.
fn started(text: &str) -> Option<String> {
    if let Some(package) = text.strip_prefix("Doc-tests ") {
        return Some(format!("{package} (documentation)"));
    }
    let (source, file) = text.strip_prefix("Running ")?.strip_suffix(')')?.rsplit_once(" (")?;
    let file = file.rsplit(['/', '\\']).next()?;
    let name = file.rsplit_once('-').map_or(file, |(name, _hash)| name);
    Some(format!("{name} ({source})"))
}

/// The number of tests that passed, from a program's last line.
fn passed(text: &str) -> Option<usize> {
    let counts = text.strip_prefix("test result: ")?.split_once(". ")?.1;
    counts.split_once(" passed")?.0.parse().ok()
}

/// A failed test of Python's unittest, which runs inside one of ours.
fn python(text: &str) -> Option<&str> {
    let test = text.strip_prefix("FAIL: ").or_else(|| text.strip_prefix("ERROR: "))?;
    (test.contains(" (") && test.ends_with(')')).then_some(test)
}

/// The line without a terminal's colours, `ESC [ ... m`.
fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Report {
        let mut reader = Reader::default();
        text.lines().for_each(|line| reader.line(line));
        reader.report()
    }

    fn names(text: &str) -> Vec<String> {
        read(text).failed.iter().map(Failed::to_string).collect()
    }

    const TWO_PROGRAMS: &str = r#"
   Compiling convlens v0.1.0 (/home/me/convlens)
    Finished `test` profile [unoptimized + debuginfo] target(s) in 21.04s
     Running unittests src/lib.rs (target/debug/deps/convlens-47fe0c)

running 3 tests
test net::tests::same ... ok
test chance::tests::normal ... FAILED
test pixels::tests::sizes ... FAILED

failures:

---- chance::tests::normal stdout ----
thread 'chance::tests::normal' panicked at src/chance.rs:46:9:
assertion failed: a < b

---- pixels::tests::sizes stdout ----
    four spaces, and no name of a test


failures:
    chance::tests::normal
    pixels::tests::sizes

test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s

error: test failed, to rerun pass `-p convlens --lib`
     Running tests/parity/main.rs (target/debug/deps/two-words-8c1d)

running 2 tests
test occlusion::densenet ... ok

test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 9.21s

   Doc-tests convlens

running 1 test
test src/net/mod.rs - net::Net (line 60) ... FAILED

failures:

failures:
    src/net/mod.rs - net::Net (line 60)

test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.04s

error: doctest failed, to rerun pass `-p convlens --doc`
error: 2 targets failed:
    `-p convlens --lib`
    `-p convlens --doc`
"#;

    #[test]
    fn every_program_s_failures_are_named() {
        let expected = [
            "convlens (unittests src/lib.rs): chance::tests::normal",
            "convlens (unittests src/lib.rs): pixels::tests::sizes",
            "convlens (documentation): src/net/mod.rs - net::Net (line 60)",
        ];
        assert_eq!(names(TWO_PROGRAMS), expected);
        let report = read(TWO_PROGRAMS);
        assert_eq!(report.passed, 3);
        assert!(report.verdict().starts_with("3 failures;"));
        assert!(report.to_string().starts_with("\nfailed:\n  convlens (unittests src/lib.rs): ch"));
    }

    #[test]
    fn colours_change_nothing() {
        let coloured = TWO_PROGRAMS
            .replace("     Running", "\u{1b}[1m\u{1b}[92m     Running\u{1b}[0m")
            .replace("FAILED", "\u{1b}[31mFAILED\u{1b}[m")
            .replace("error", "\u{1b}[1m\u{1b}[91merror\u{1b}[0m");
        assert_eq!(names(&coloured), names(TWO_PROGRAMS));
    }

    #[test]
    fn a_program_that_dies_is_named_too() {
        let text = "     Running tests/hand.rs (target/debug/deps/hand-12ab)\n\nrunning 4 tests\n\
                    error: test failed, to rerun pass `--test hand`\n\nCaused by:\n  process didn't exit \
                    successfully: `target/debug/deps/hand-12ab` (signal: 11, SIGSEGV)\n";
        let said = "hand (tests/hand.rs): ended before its verdict; what it said last is above";
        assert_eq!(names(text), [said]);
    }

    #[test]
    fn what_does_not_compile_is_named() {
        let text = "error: could not compile `convlens` (test \"hand\") due to 1 previous error\n\
                    warning: build failed, waiting for other jobs to finish...\n";
        let said = "cargo: could not compile `convlens` (test \"hand\") due to 1 previous error";
        assert_eq!(names(text), [said]);
    }

    #[test]
    fn failed_tests_of_the_kernel_s_python_are_named() {
        let text = "     Running tests/runner.rs (target/debug/deps/runner-77)\n\
                    FAIL: test_stop (test_stop.Stop.test_stop)\n\
                    ERROR: the cell ended\n\nfailures:\n    the_python\n\n";
        let expected = [
            "runner (tests/runner.rs): the kernel's Python, test_stop (test_stop.Stop.test_stop)",
            "runner (tests/runner.rs): the_python",
        ];
        assert_eq!(names(text), expected);
    }

    #[test]
    fn all_is_well() {
        let report = read("test result: ok. 40 passed; 0 failed; 0 ignored\n");
        assert_eq!((report.passed, report.to_string()), (40, String::new()));
        assert_eq!(report.verdict(), "cargo test failed; its message is above");
    }
}
