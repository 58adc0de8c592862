//! The released wheels that libtorch is made from, and what is kept of them.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::download::Wheel;

/// What tch needs.
pub const VERSION: &str = "2.13.0";

/// Needed from the CUDA wheels even where there is no GPU: libtorch_cpu names them.
const CUDA_STUBS: [&str; 2] = ["libcudart.so.13", "libcupti.so.13"];

/// Only of use with a GPU or with Python; leaving them out saves 600 MB.
const NOT_NEEDED: [&str; 8] = [
    "libtorch_cuda",
    "libtorch_nvshmem",
    "libc10_cuda",
    "libcaffe2_nvrtc",
    "libshm",
    "libtorch_python",
    "libtorch_global_deps",
    "libtorch.so",
];

/// The wheels of this machine: torch first, then those that hold `CUDA_STUBS`.
pub fn wheels() -> Result<Vec<Wheel>> {
    let wheel = |requirement, platforms, sha256| Wheel { requirement, platforms, sha256 };
    let torch = "torch==2.13.0";
    let (runtime, cupti) = ("nvidia-cuda-runtime==13.0.96", "nvidia-cuda-cupti==13.0.85");
    let x86: &[&str] = &["manylinux_2_28_x86_64", "manylinux_2_25_x86_64", "manylinux_2_17_x86_64"];
    let arm: &[&str] =
        &["manylinux_2_28_aarch64", "manylinux_2_25_aarch64", "manylinux_2_17_aarch64"];
    Ok(match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => vec![
            wheel(torch, x86, "60fcdcb2f3876e21146cb4524ef06397d727ca9ad5f020818547e25075fe3cb7"),
            wheel(runtime, x86, "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548"),
            wheel(cupti, x86, "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8"),
        ],
        ("linux", "aarch64") => vec![
            wheel(torch, arm, "092790c696a760c729fd5722835f50b9d81fd7c8f141571f3f3cf4081a8f664c"),
            wheel(runtime, arm, "ef9bcbe90493a2b9d810e43d249adb3d02e98dd30200d86607d8d02687c43f55"),
            wheel(cupti, arm, "796bd679890ee55fb14a94629b698b6db54bcfd833d391d5e94017dd9d7d3151"),
        ],
        ("macos", "aarch64") => vec![wheel(
            torch,
            &["macosx_14_0_arm64"],
            "e76f9bcecc52b8ff711239a2f7547d5353df95878ab232f0773c1d95928b92f8",
        )],
        (os, machine) => bail!(
            "no libtorch can be fetched for {machine} {os}; install libtorch {VERSION} yourself \
             and set LIBTORCH to its folder"
        ),
    })
}

/// Where a file of a wheel goes, if it is needed at all.
pub fn needed(entry: &str) -> Option<PathBuf> {
    if let Some(header) = entry.strip_prefix("torch/include/") {
        return Some(Path::new("include").join(header));
    }
    let name = entry.rsplit('/').next()?;
    let library = entry.strip_prefix("torch/lib/") == Some(name)
        && !NOT_NEEDED.iter().any(|prefix| name.starts_with(prefix));
    (library || CUDA_STUBS.contains(&name)).then(|| Path::new("lib").join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_cpu_part_of_the_wheel_is_kept() {
        let kept = |name: &str| needed(name).map(|p| p.display().to_string());
        assert_eq!(kept("torch/include/ATen/ATen.h").unwrap(), "include/ATen/ATen.h");
        assert_eq!(kept("torch/lib/libtorch_cpu.so").unwrap(), "lib/libtorch_cpu.so");
        assert_eq!(kept("nvidia/cu13/lib/libcupti.so.13").unwrap(), "lib/libcupti.so.13");
        for name in ["torch/lib/libtorch_cuda.so", "torch/nn/functional.py", "torch/lib/x/y.h"] {
            assert_eq!(kept(name), None);
        }
    }
}
