//! Every network with random weights, saved by torch and loaded here: `cargo xtask parity`.

use convlens::Result;
use convlens::zoo::{Model, Weights};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use tch::Tensor;

/// How far the logits may differ, relative to the largest.
const TOLERANCE: f64 = 1e-4;

/// On disk there is one network at a time, at most 1.2 GB.
#[test]
#[ignore = "`cargo xtask parity` makes the Python with torch that this needs"]
fn checkpoints_saved_by_torch_give_its_logits() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parity");
    let mut peer = Peer::start(&folder);
    println!("\nlargest difference of the logits, relative to the largest logit");
    println!("{}  verdict", row(["network", "parameters", "zip", "legacy", "old names"]));
    let mut failed = vec![];
    for model in Model::all() {
        std::fs::create_dir_all(&folder).unwrap();
        let parameters = peer.save(model);
        if !agrees(model, &parameters, &folder) {
            failed.push(model);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
    assert!(failed.is_empty(), "not within {TOLERANCE}: {failed:?}");
}

fn row([network, parameters, zip, legacy, old]: [&str; 5]) -> String {
    format!("{network:<18} {parameters:>12} {zip:>9} {legacy:>9} {old:>10}")
}

/// Compares the files of a network and prints its row; what was refused is said below it.
fn agrees(model: Model, parameters: &str, folder: &Path) -> bool {
    let name = format!("{model:?}");
    let forms = if name.starts_with("DenseNet") { 3 } else { 2 };
    let errors: Vec<Result<f64>> =
        ["zip", "legacy", "old"][..forms].iter().map(|form| error(model, folder, form)).collect();
    let good = errors.iter().all(|error| error.as_ref().is_ok_and(|&e| e < TOLERANCE));
    let cell = |i| match errors.get(i) {
        None => "-".to_string(),
        Some(Ok(error)) => format!("{error:.1e}"),
        Some(Err(_)) => "refused".to_string(),
    };
    let verdict = if good { "same" } else { "DIFFERS" };
    println!("{}  {verdict}", row([&name, parameters, &cell(0), &cell(1), &cell(2)]));
    errors.iter().filter_map(|e| e.as_ref().err()).for_each(|why| println!("    {why}"));
    good
}

/// The largest difference of the logits, relative to the largest logit.
fn error(model: Model, folder: &Path, form: &str) -> Result<f64> {
    let mut expected = Weights::read(folder.join("expected.pth"))?;
    let [images, logits] = ["images", "logits"].map(|name| {
        let shape = expected.shape(name).unwrap();
        expected.take(name, &shape).unwrap()
    });
    let net = model.load_from(folder.join(format!("{form}.pth")))?;
    let ours = net.tap(&images, &net.names().pop().unwrap())?;
    assert_eq!(ours.size(), logits.size());
    let largest = |x: Tensor| x.abs().max().double_value(&[]);
    Ok(largest(ours - &logits) / largest(logits))
}

/// Python, which saves the networks.
struct Peer {
    process: Child,
    ask: ChildStdin,
    answer: BufReader<ChildStdout>,
}

impl Peer {
    fn start(folder: &Path) -> Peer {
        let python = std::env::var_os("CONVLENS_PEER_PYTHON").expect("run `cargo xtask parity`");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/parity/save_checkpoints.py");
        let mut command = Command::new(python);
        command.arg(script).arg(folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let (ask, answer) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Peer { process, ask, answer: BufReader::new(answer) }
    }

    /// Saves a network; the number of its parameters.
    fn save(&mut self, model: Model) -> String {
        writeln!(self.ask, "{model:?}").unwrap();
        let mut line = String::new();
        self.answer.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "Python could not save {model:?}; its message is above");
        line.trim().to_string()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
    }
}
