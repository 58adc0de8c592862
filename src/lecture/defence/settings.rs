//! What a defence is called, and what it may be set to.

use super::Defence;
use crate::{Error, Result};
use std::fmt;

impl fmt::Display for Defence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Defence::None => write!(f, "none"),
            Defence::Jpeg { quality } => write!(f, "JPEG {quality}"),
            Defence::BitDepth { bits: 1 } => write!(f, "1 bit"),
            Defence::BitDepth { bits } => write!(f, "{bits} bits"),
            Defence::Median { size } => write!(f, "median {size}x{size}"),
            Defence::TotalVariation { .. } => write!(f, "total variation"),
            Defence::ResizePad { .. } => write!(f, "resize, pad"),
            Defence::Noise { sigma } => write!(f, "noise {sigma}"),
        }
    }
}

impl Defence {
    pub(super) fn check(&self) -> Result<()> {
        let refused = |what: &str, expected: &str, got: String, advice: &str| {
            Err(Error::argument(what, expected, got, advice))
        };
        match *self {
            Defence::Jpeg { quality } if !(1..=100).contains(&quality) => {
                refused("quality", "1 to 100", quality.to_string(), "ART takes 50")
            }
            Defence::BitDepth { bits } if !(1..=8).contains(&bits) => {
                refused("bits", "1 to 8", bits.to_string(), "a PNG has 8, and 3 still show a photo")
            }
            Defence::Median { size } if !(1..=99).contains(&size) || size % 2 == 0 => refused(
                "size",
                "an odd window of 1 to 99 pixels",
                size.to_string(),
                "take 3: a pixel and those around it",
            ),
            Defence::TotalVariation { share, weight }
                if !(share > 0.0 && share <= 1.0 && (0.0..=1e6).contains(&weight)) =>
            {
                let got = format!("{share} and {weight}");
                refused(
                    "share and weight",
                    "a share in 0..1, a weight of 0 to 1000000",
                    got,
                    "ART has 0.3, 0.5",
                )
            }
            Defence::ResizePad { extra } if !(0..=4096).contains(&extra) => {
                refused("extra", "0 to 4096", extra.to_string(), "Xie et al. add 32 to 299")
            }
            Defence::Noise { sigma } if !(sigma > 0.0 && sigma <= 1e6) => refused(
                "sigma",
                "above 0, at most 1000000",
                sigma.to_string(),
                "or take `Defence::None`",
            ),
            _ => Ok(()),
        }
    }
}
