//! What is in the zoo, as a table for the reader.

use super::table::Origin;
use super::{Model, weights_folder};
use crate::Result;
use crate::clean;
use std::fmt;

/// A network of the zoo and what to know before loading it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The network.
    pub model: Model,
    /// How many learned numbers it has.
    pub parameters: i64,
    /// The side of the square crop it was tested on, and the shorter side of the photo that this was
    /// cropped from, in pixels; none for a network without classifier.
    pub input: Option<[i64; 2]>,
    /// Who made the weights in use: those in the cache, else those that would be fetched.
    pub weights: &'static str,
    /// The size of their file, in 2^20 bytes.
    pub megabytes: f64,
    /// Their licence, by its SPDX name; none where their publisher names none.
    pub licence: Option<&'static str>,
    /// Whether its weights are in the cache.
    pub in_cache: bool,
}

/// The networks of the zoo; printed, a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing(pub Vec<Listed>);

/// Every network of the zoo: name, parameters, input, size of its weights file and their licence, and
/// whether they are in the cache.
///
/// The last line of a notebook cell shows the table, `println!("{}", zoo::list()?)` prints it. A name is the
/// function that loads the network: `zoo::resnet18()?` fetches torchvision's file unless it is in the
/// cache; EfficientNet-Lite1 and 2 are not on torchvision's site, so put their files there yourself.
///
/// Input `224 from 256`: the weights were tested on the central 224 x 224 pixels of photos whose shorter
/// side was 256. Every network takes other sizes too. Reads no weights.
///
/// ```
/// use convlens::zoo::{self, Model};
/// let zoo = zoo::list()?;
/// let resnet18 = zoo.0.iter().find(|row| row.model == Model::ResNet18).unwrap();
/// assert_eq!((resnet18.parameters, resnet18.input), (11_689_512, Some([224, 256])));
/// assert_eq!(resnet18.megabytes, 44.661); // 11 689 512 x 4 / 2^20 = 44.592, BatchNorm's statistics, names
/// # Ok::<(), convlens::Error>(())
/// ```
///
/// # Errors
/// No folder for the cache, as [`weights_folder`] says.
pub fn list() -> Result<Listing> {
    let folder = weights_folder()?;
    let listed = |model: Model| {
        let source = model.source();
        Listed {
            model,
            parameters: model.row().parameters,
            input: source.origin.input(),
            weights: source.origin.maker(),
            megabytes: source.megabytes,
            licence: source.origin.licence(),
            in_cache: folder.join(source.file).is_file(),
        }
    };
    Ok(Listing(Model::all().into_iter().map(listed).collect()))
}

impl Origin {
    fn input(self) -> Option<[i64; 2]> {
        match self {
            Origin::Lite(side) => Some([side, side + 32]),
            Origin::Torchvision => Some([224, 256]),
            Origin::Converted => None,
            Origin::Caffe => Some([227, 256]),
        }
    }

    fn maker(self) -> &'static str {
        match self {
            Origin::Lite(_) => "Google",
            Origin::Torchvision | Origin::Converted => "torchvision",
            Origin::Caffe => "its authors",
        }
    }

    fn licence(self) -> Option<&'static str> {
        match self {
            Origin::Lite(_) => Some("Apache-2.0"),
            Origin::Torchvision | Origin::Converted => None,
            Origin::Caffe => Some("BSD-2-Clause"),
        }
    }
}

/// What torchvision's README says of its weights.
const NOTE: &str = "\
* torchvision's code is BSD-3-Clause. For its weights it names no licence: the data they
  were trained on (ImageNet) may set terms, and whether your use is allowed is yours to find out.";

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns =
            ["network", "parameters", "input", "weights of", "file", "licence", "in cache"];
        writeln!(f, "{}", line(columns.map(String::from)))?;
        self.0.iter().try_for_each(|row| writeln!(f, "{row}"))?;
        match self.0.iter().any(|row| row.licence.is_none()) {
            true => writeln!(f, "{NOTE}"),
            false => Ok(()),
        }
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let input = self.input.map_or("any".into(), |[crop, from]| format!("{crop} from {from}"));
        let row = [
            self.model.name().to_string(),
            self.parameters.to_string(),
            input,
            self.weights.to_string(),
            format!("{:.1} MB", self.megabytes),
            self.licence.unwrap_or("not named*").to_string(),
            if self.in_cache { "yes" } else { "no" }.to_string(),
        ];
        f.write_str(&line(row))
    }
}

impl Listing {
    /// Show the table at the end of a notebook cell.
    pub fn evcxr_display(&self) {
        println!("{}", clean::output("text/plain", &clean::lines(&self.to_string())));
    }
}

fn line([name, parameters, input, maker, size, licence, in_cache]: [String; 7]) -> String {
    format!(
        "{name:<18} {parameters:>11}  {input:<12} {maker:<11} {size:>9}  {licence:<12}  {in_cache}"
    )
}
