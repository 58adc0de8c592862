//! Pictures with the right answers.

use super::scores::{logits, share_right};
use crate::adversarial::{Goal, Pgd};
use crate::chance::uniform;
use crate::check::within;
use crate::net::Net;
use crate::pixels::{finite_rgb, load, to_grey, to_rgb};
use crate::{Error, Result};
use std::path::Path;
use tch::{Kind, Tensor};

/// Pictures with the class of each.
#[derive(Debug)]
pub struct Labelled {
    /// `[n, 3, h, w]`, RGB in 0..1.
    pub images: Tensor,
    /// The class of each, `[n]`, whole numbers.
    pub labels: Tensor,
}

impl Labelled {
    /// The 5000 digits of 20x20 pixels on OpenCV's sheet, `data/digits/digits.png`: 500 of each.
    ///
    /// Errors: a file that is no picture, or of another size than 1000x2000.
    pub fn digits(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let sheet = to_grey(&load(path)?)?;
        if sheet.size() != [1, 1, 1000, 2000] {
            let why = format!("{:?} pixels where 1000x2000 were expected", &sheet.size()[2..]);
            return Err(Error::file(path, why, "name OpenCV's sheet of digits"));
        }
        let tiles = sheet.f_view([50, 20, 100, 20])?.f_permute([0, 2, 1, 3])?;
        let images = to_rgb(&tiles.f_reshape([5000, 1, 20, 20])?)?;
        let labels: Vec<i64> = (0..5000).map(|i| i / 500).collect();
        Ok(Labelled { images, labels: Tensor::f_from_slice(&labels)? })
    }

    /// How many there are.
    pub fn count(&self) -> i64 {
        self.images.size()[0]
    }

    /// The pictures of which `rows`, `[k]`, are the numbers, in that order.
    ///
    /// Errors: numbers of another kind or shape, or of no picture.
    pub fn pick(&self, rows: &Tensor) -> Result<Self> {
        let whole = rows.kind() == Kind::Int64 && rows.dim() == 1;
        let inside = |count: i64| rows.f_ge(0)?.f_logical_and(&rows.f_lt(count)?)?.f_all();
        if !whole || !inside(self.count())?.f_is_nonzero()? {
            let expected = format!("Int64 [k] of 0..{}", self.count());
            let got = format!("{:?} {:?}", rows.kind(), rows.size());
            return Err(Error::argument("rows", expected, got, "count the pictures from 0"));
        }
        let [images, labels] = [&self.images, &self.labels].map(|x| x.f_index_select(0, rows));
        Ok(Labelled { images: images?, labels: labels? })
    }

    /// The first `count` of them, all if there are fewer.
    pub fn first(&self, count: i64) -> Result<Self> {
        within("count", count, 1..=i64::MAX, "take 100, for example")?;
        let rows = (Kind::Int64, self.labels.device());
        self.pick(&Tensor::f_arange(count.min(self.count()), rows)?)
    }

    /// Shuffled by `seed` and parted: all but `test` to learn from, and `test` to be asked.
    ///
    /// Errors: a part without pictures.
    pub fn split(&self, test: i64, seed: u64) -> Result<(Self, Self)> {
        let n = self.count();
        if !(1..n).contains(&test) {
            let advice = "keep a fifth for the test";
            return Err(Error::argument("test", format!("1 to {}", n - 1), test, advice));
        }
        let order = shuffled(&[seed], n)?;
        Ok((
            self.pick(&order.f_narrow(0, test, n - test)?)?,
            self.pick(&order.f_narrow(0, 0, test)?)?,
        ))
    }

    /// The share of pictures whose likeliest class is the right one; one pass forward each.
    ///
    /// Errors: another number of labels than of pictures, a network without classes.
    pub fn accuracy(&self, net: &Net) -> Result<f64> {
        share_right(&logits(net, &self.images)?, &self.labels)
    }
}

impl Labelled {
    /// Other pictures of the same classes, one for each label.
    pub fn with_images(&self, images: &Tensor) -> Self {
        Labelled { images: images.shallow_clone(), labels: self.labels.shallow_clone() }
    }

    /// The labels as numbers of classes.
    pub(crate) fn classes(&self) -> Result<Vec<i64>> {
        let ([n, ..], labels) = (finite_rgb(&self.images, "images")?, &self.labels);
        if labels.size() == [n] && labels.kind() == Kind::Int64 {
            return Ok(Vec::try_from(labels)?);
        }
        let got = format!("{:?} of shape {:?}", labels.kind(), labels.size());
        let advice = "give the number of a class for each picture";
        Err(Error::argument("labels", format!("Int64 of shape [{n}]"), got, advice))
    }

    /// The share of pictures that are still right after an attack on `net` that knows all of it.
    ///
    /// Cost and errors: those of [`Pgd::run`].
    pub fn accuracy_under(&self, net: &Net, attack: &Pgd) -> Result<f64> {
        let goal = Goal::Away(self.classes()?);
        let attacked = attack.run(net, &self.images, &goal)?;
        self.with_images(&attacked.images).accuracy(net)
    }
}

/// The numbers below `n` in an order of chance.
pub(super) fn shuffled(seeds: &[u64], n: i64) -> Result<Tensor> {
    Ok(uniform(seeds, &[n])?.f_argsort(0, false)?)
}
