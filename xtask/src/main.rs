//! Set-up and chores of ConvLens: `cargo xtask help`.

mod browser;
mod cifar10;
mod command;
mod course;
mod download;
mod evcxr;
mod failure;
mod fuzz;
mod home;
mod index;
mod kernel;
mod lab;
mod libtorch;
mod local;
mod parity;
mod part;
mod prerequisites;
mod rust_source;
mod setup;
mod step;
mod summary;
mod test;
mod times;
mod torch_wheels;
mod unpack;
mod venv;
mod weights;

use std::process::ExitCode;

use anyhow::{Result, bail};

use home::Home;

const HELP: &str = "\
usage: cargo xtask <command>

  setup [--cuda] [--repair]  libtorch, kernel, Jupyter and weights, into one cache folder
                             (CONVLENS_HOME; --cuda: libtorch for an NVIDIA GPU; --repair: compare
                             the content of every file, and make what is damaged again)
  lab [JupyterLab options]   set up, then JupyterLab on notebooks/
  course [NN ...] [--update] set up, then run the notebooks (all, or those numbered NN) and write
                             target/course/index.html; --update refreshes the committed outputs
  test [cargo options]       set up, then run every test, whatever fails, and name the failed ones last
  test --processors [...]    set up, then run the crate's tests as other processors and numbers of
                             threads round; without set-up, kernel and doc tests, which do not hang on it
  cifar10                    set up, then fetch CIFAR-10's 50,000 training pictures too (154 MB)
  browser                    set up, then check in Chromium what a reader of a notebook sees
  parity                     save every network with torch's Python, load it here, compare the logits
  fuzz [--seconds N] [target ...]
                             strange bytes for every reader of files, N seconds each (60), two at a time
  times                      how long a kernel takes to start and a cell to answer
  help                       this text";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", failure::sentence(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (command, options) = arguments.split_first().map_or(("help", &[][..]), |(c, o)| (c, o));
    match command {
        "setup" => setup::run(&Home::find()?, &setup::Options::parse(options)?),
        "lab" => lab::run(&Home::find()?, options),
        "course" => course::run(&Home::find()?, &course::Options::parse(options)?),
        "test" => test::run(&Home::find()?, options),
        "cifar10" => setup::cifar10_train(&Home::find()?),
        "browser" => browser::run(&Home::find()?, options),
        "parity" => parity::run(&Home::find()?, options),
        "fuzz" => fuzz::run(&Home::find()?, options),
        "times" => times::run(&Home::find()?),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        _ => bail!("unknown command `{command}`; `cargo xtask help` lists the commands"),
    }
}
