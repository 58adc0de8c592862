//! `cargo xtask course`: runs the notebooks and writes the course as HTML.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::home::{Home, remove};
use crate::step::{Progress, step};
use crate::{index, setup};

/// Which notebooks, and whether their committed outputs are refreshed.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    only: Vec<String>,
    update: bool,
}

impl Options {
    /// Reads `[NN ...] [--update]`.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.parse::<u8>() {
                Ok(number) => options.only.push(format!("{number:02}")),
                _ if argument == "--update" => options.update = true,
                _ => bail!("`{argument}` is neither a notebook's number nor `--update`"),
            }
        }
        Ok(options)
    }

    fn chosen(&self, home: &Home) -> Result<Vec<PathBuf>> {
        let all = notebooks(home)?;
        let number = |path: &Path| index::stem(path).get(..2).unwrap_or_default().to_owned();
        for wanted in &self.only {
            ensure!(
                all.iter().any(|path| number(path) == *wanted),
                "there is no notebook {wanted} in {}",
                home.clone.join("notebooks").display()
            );
        }
        let chosen = |p: &PathBuf| self.only.is_empty() || self.only.contains(&number(p));
        Ok(all.into_iter().filter(chosen).collect())
    }
}

/// Every `NN_name.ipynb`, in lecture order.
fn notebooks(home: &Home) -> Result<Vec<PathBuf>> {
    let folder = home.clone.join("notebooks");
    let entries = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "ipynb"))
        .filter(|p| index::stem(p).starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    paths.sort();
    ensure!(!paths.is_empty(), "there are no notebooks in {}", folder.display());
    Ok(paths)
}

/// Sets up, runs the chosen notebooks and writes the index.
pub fn run(home: &Home, options: &Options) -> Result<()> {
    let chosen = options.chosen(home)?;
    let libtorch = setup::make(home, setup::Device::Cpu)?;
    let out = home.clone.join("target/course");
    if options.only.is_empty() {
        remove(&out)?;
    }
    fs::create_dir_all(&out)?;
    for notebook in &chosen {
        let mut python = setup::command(home, home.python(), &libtorch);
        python.arg(home.script("run_notebook.py")).arg(notebook).arg(&out);
        python.args(options.update.then_some("--update"));
        step(&index::stem(notebook), false, |progress| execute(python, progress))?;
    }
    let page = index::write(home, &out)?;
    println!("course written to {}", page.display());
    Ok(())
}

/// Shows the runner's `cell 3 of 14`; of what else it says, the last line is why it failed.
fn execute(mut python: Command, progress: &Progress) -> Result<()> {
    let (reader, writer) = std::io::pipe()?;
    python.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = python.spawn().context("cannot start the notebook runner")?;
    drop(python); // our end of the pipe
    let mut said = vec![];
    for line in BufReader::new(reader).lines() {
        let line = line?;
        if line.starts_with("cell ") {
            progress.message(line);
        } else {
            said.push(line);
        }
    }
    if child.wait()?.success() {
        return Ok(());
    }
    let why = said.pop().unwrap_or_else(|| "the notebook runner said nothing".into());
    said.iter().for_each(|line| println!("{line}"));
    bail!(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_numbers_and_update() {
        let parse = |text: &str| {
            Options::parse(&text.split_whitespace().map(String::from).collect::<Vec<_>>())
        };
        let expected = Options { only: vec!["07".into(), "12".into()], update: true };
        assert_eq!(parse("7 --update 12").unwrap(), expected);
        let message = parse("saliency").unwrap_err().to_string();
        assert!(message.contains("`saliency` is neither"), "{message}");
    }
}
