//! `cargo xtask test --processors`: the tests that compute, as other processors round.
//!
//! libtorch and oneDNN choose their kernels by what the processor can do, and sum in an order that hangs on
//! that and on the number of threads. Their own switches ask for less than this processor can do.

use std::path::Path;

use anyhow::{Result, ensure};

use super::report::Report;
use super::{through, watch};
use crate::home::Home;
use crate::setup;

/// One switch of libtorch's or oneDNN's, and where it makes sense.
struct Setting {
    variable: &'static str,
    value: &'static str,
    here: bool,
}

impl Setting {
    fn name(&self) -> String {
        format!("{}={}", self.variable, self.value)
    }
}

/// All of them; those that need what this processor lacks are not for here.
fn settings() -> Vec<Setting> {
    let [x86, avx2, avx512] = able();
    let setting = |variable, value, here| Setting { variable, value, here };
    vec![
        setting("OMP_NUM_THREADS", "1", true),
        setting("OMP_NUM_THREADS", "2", true),
        setting("ATEN_CPU_CAPABILITY", "default", true),
        setting("ATEN_CPU_CAPABILITY", "avx2", avx2),
        setting("ATEN_CPU_CAPABILITY", "avx512", avx512),
        setting("DNNL_MAX_CPU_ISA", "SSE41", x86),
        setting("DNNL_MAX_CPU_ISA", "AVX2", avx2),
        setting("DNNL_MAX_CPU_ISA", "AVX512_CORE", avx512),
    ]
}

/// Whether this is an x86 processor, one with AVX2, one with the AVX-512 that libtorch uses.
fn able() -> [bool; 3] {
    #[cfg(target_arch = "x86_64")]
    return [
        true,
        is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
        is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl"),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    [false; 3]
}

/// Runs the crate's tests, or those that `options` choose, under each setting; nothing is built twice.
pub fn run(home: &Home, options: &[String]) -> Result<()> {
    let libtorch = setup::make(home, setup::Device::Cpu)?;
    under_all(home, &libtorch, options)
}

fn under_all(home: &Home, libtorch: &Path, options: &[String]) -> Result<()> {
    let (mut rows, mut bad) = (vec![], 0);
    let settings = settings();
    for setting in &settings {
        if !setting.here {
            rows.push(row(setting, None));
            continue;
        }
        println!("\n{}", setting.name());
        let mut cargo = setup::command(home, "cargo", libtorch);
        for other in &settings {
            cargo.env_remove(other.variable);
        }
        cargo.env(setting.variable, setting.value).current_dir(&home.clone);
        let tests = if options.is_empty() { vec!["--tests".into()] } else { options.to_vec() };
        cargo.args(["test", "--package", "convlens"]).args(through(&tests));
        let (report, success) = watch(cargo, std::io::stdout())?;
        bad += usize::from(!success);
        rows.push(row(setting, Some((&report, success))));
    }
    println!("\nsetting and what failed:\n{}", rows.concat());
    ensure!(bad == 0, "tests fail under {bad} settings; the list above names them");
    Ok(())
}

/// A line for the last list, and one for each failure.
fn row(setting: &Setting, ran: Option<(&Report, bool)>) -> String {
    let said = match ran {
        None => "not run: this processor cannot".into(),
        Some((report, true)) => format!("nothing; {} tests passed", report.passed),
        Some((report, false)) if report.failed.is_empty() => report.verdict(),
        Some((report, false)) => {
            let names = report.failed.iter().map(|failed| format!("\n      {failed}"));
            format!("{} of them{}", report.failed.len(), names.collect::<String>())
        }
    };
    format!("  {:<29} {said}\n", setting.name())
}

#[cfg(test)]
mod tests {
    use super::super::report::Reader;
    use super::*;

    fn report(text: &str) -> Report {
        let mut reader = Reader::default();
        text.lines().for_each(|line| reader.line(line));
        reader.report()
    }

    #[test]
    fn every_setting_has_its_line() {
        let setting = |here| Setting { variable: "DNNL_MAX_CPU_ISA", value: "AVX2", here };
        assert!(row(&setting(false), None).ends_with("not run: this processor cannot\n"));
        let good = report("test result: ok. 7 passed; 0 failed;\n");
        let line = "  DNNL_MAX_CPU_ISA=AVX2         nothing; 7 tests passed\n";
        assert_eq!(row(&setting(true), Some((&good, true))), line);
        let bad = report("     Running tests/a.rs (deps/a-0)\nfailures:\n    one\n    two\n\n");
        let lines = "  DNNL_MAX_CPU_ISA=AVX2         2 of them\n      a (tests/a.rs): one\n      a (tests/a.rs): two\n";
        assert_eq!(row(&setting(true), Some((&bad, false))), lines);
        let refused = report("error: unexpected argument\n");
        assert!(row(&setting(true), Some((&refused, false))).contains("its message is above"));
    }

    #[test]
    fn threads_are_for_every_processor() {
        let here: Vec<String> =
            settings().iter().filter(|s| s.here).map(Setting::name).take(3).collect();
        assert_eq!(here, ["OMP_NUM_THREADS=1", "OMP_NUM_THREADS=2", "ATEN_CPU_CAPABILITY=default"]);
        assert_eq!(settings().len(), 8);
    }
}
