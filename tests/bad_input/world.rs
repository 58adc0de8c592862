//! What every row may use: a tiny network, an image that is not square, maps, photos, files.

use crate::table::Table;
use convlens::prelude::*;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Height and width of the image; at least 11 for structural similarity, and 16 for fast style transfer.
pub const SIZE: [i64; 2] = [20, 24];

pub struct World {
    /// Three classes; `conv1`, `relu1`, `pool1`, `conv2`, `relu2`, `mean`, `flatten`, `fc`.
    pub net: Net,
    /// `[1, 3, 20, 24]` in 0..1.
    pub image: Tensor,
    /// `[1, 1, 20, 24]`, 0 and more.
    pub map: Tensor,
    /// `[1, 1, 20, 24]`, 1 in the middle.
    pub mask: Tensor,
    /// Eight rows of three numbers.
    pub matrix: Tensor,
    /// Four pictures of two categories.
    pub photos: Photos,
    pub bank: Bank,
    pub style: FastStyle,
    /// The class that the network finds most likely in the image.
    pub label: i64,
    folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        let (net, folder) = (network(), tempfile::tempdir().unwrap());
        let image = scattered(&[1, 3, SIZE[0], SIZE[1]], 1.0) * 0.5 + 0.5;
        let photos = pictures(folder.path(), &image);
        World {
            label: net.top(&image, 1).unwrap().best().unwrap().class,
            map: image.narrow(1, 0, 1).contiguous(),
            mask: middle(),
            matrix: scattered(&[8, 3], 5.0),
            bank: feature_bank(&net, "relu1", &photos).unwrap(),
            style: FastStyle::load(data("styles/starry_night.safetensors")).unwrap(),
            net,
            image,
            photos,
            folder,
        }
    }

    /// An image (of 3 channels) or a map (of 1) that a function must refuse.
    pub fn bad(&self, what: &str, channels: i64) -> Tensor {
        let good = if channels == 3 { &self.image } else { &self.map };
        match what {
            "NaN" => spoilt(good, f64::NAN),
            "infinity" => spoilt(good, f64::INFINITY),
            "no images" => good.narrow(0, 0, 0),
            "no rows" => good.narrow(2, 0, 0),
            "rank 3" => good.squeeze_dim(0),
            "a number" => Tensor::from(0.5f32),
            "bytes" => (good * 255.0).to_kind(Kind::Uint8),
            _ => good.narrow(1, 0, 2),
        }
    }

    /// Rows that a function must refuse.
    pub fn bad_rows(&self, what: &str) -> Tensor {
        match what {
            "NaN" => spoilt(&self.matrix, f64::NAN),
            "infinity" => spoilt(&self.matrix, f64::NEG_INFINITY),
            "no rows" => self.matrix.narrow(0, 0, 0),
            "rank 3" => self.matrix.unsqueeze(0),
            _ => (&self.matrix * 100.0).to_kind(Kind::Int64),
        }
    }

    /// A file of this folder with these bytes.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn class(&self) -> Objective {
        Objective::class(self.label)
    }

    /// A class that the network does not find most likely.
    pub fn other(&self) -> i64 {
        (self.label + 1) % 3
    }

    pub fn away(&self) -> Goal {
        Goal::away(&[self.label])
    }
}

/// Numbers in -1..1 that look random.
pub fn scattered(shape: &[i64], seed: f64) -> Tensor {
    let n = shape.iter().product::<i64>();
    ((Tensor::arange(n, (Kind::Float, Device::Cpu)) + seed) * 12.9898).sin().reshape(shape)
}

/// A copy whose first value is another.
pub fn spoilt(x: &Tensor, value: f64) -> Tensor {
    let flat = x.reshape([-1]);
    let first = Tensor::from_slice(&[0i64]);
    flat.index_fill(0, &first, value).reshape(x.size())
}

fn network() -> Net {
    let conv = |shape: [i64; 4], seed| Op::Conv2d(Conv2d::new(scattered(&shape, seed), None));
    let fc = Op::Linear { weight: scattered(&[3, 5], 9.0), bias: scattered(&[3], 2.0) };
    let layers = [
        ("conv1", conv([4, 3, 3, 3], 3.0)),
        ("relu1", Op::Relu),
        ("pool1", Op::MaxPool2d(Pool::square(2))),
        ("conv2", conv([5, 4, 2, 2], 5.0)),
        ("relu2", Op::Relu),
        ("mean", Op::AdaptiveAvgPool2d { out: [1, 1] }),
        ("flatten", Op::Flatten),
        ("fc", fc),
    ];
    let net =
        layers.into_iter().fold(Net::new("tiny"), |net, (name, op)| net.then(name, op).unwrap());
    net.with_classes(["cat", "dog", "pot"].map(String::from).to_vec())
}

fn middle() -> Tensor {
    let mask = Tensor::zeros([1, 1, SIZE[0], SIZE[1]], (Kind::Float, Device::Cpu));
    let _ = mask.narrow(2, 5, 8).narrow(3, 6, 9).fill_(1.0);
    mask
}

fn pictures(folder: &Path, image: &Tensor) -> Photos {
    for (name, turn) in
        [("cat/1.png", 0.0), ("cat/2.png", 0.1), ("dog/1.png", 0.2), ("dog/2.png", 0.3)]
    {
        let path = folder.join("photos").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        convlens::pixels::save(&(image * (1.0 - turn)), path).unwrap();
    }
    Photos { size: 16, ..Photos::in_folder(folder.join("photos")).unwrap() }
}

/// A file of the repository.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// The table that a module of rows fills.
pub type Rows = fn(&mut Table);
