//! The classes a network finds most likely.

use crate::net::Net;
use crate::pixels::batch_size;
use crate::show::{Figure, bars};
use crate::{Error, Result};
use std::fmt;
use tch::{Kind, Tensor};

/// One class and how sure the network is of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Index among the network's classes.
    pub class: i64,
    /// Its name.
    pub name: String,
    /// Softmax probability in 0..1.
    pub probability: f64,
}

/// The most likely classes of one image, best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Top(pub Vec<Prediction>);

impl Net {
    /// The `k` most likely classes of one image, `[1, 3, h, w]`; all of them if there are fewer.
    ///
    /// Errors: several images, `k` of 0, as [`Net::logits`].
    pub fn top(&self, x: &Tensor, k: usize) -> Result<Top> {
        let [images, ..] = batch_size(x, "image")?;
        if images != 1 {
            let (got, advice) = (format!("{images} images"), "take one with `x.narrow(0, i, 1)`");
            return Err(Error::argument("image", "one image", got, advice));
        }
        if k == 0 {
            return Err(Error::argument("k", "1 or more", k, "ask for the best 5"));
        }
        let probabilities = self.logits(x)?.f_softmax(-1, Kind::Double)?.f_flatten(0, -1)?;
        let probabilities = Vec::<f64>::try_from(probabilities)?;
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
        order.truncate(k);
        let prediction = |class: usize| Prediction {
            class: class as i64,
            name: self.classes().get(class).cloned().unwrap_or_else(|| format!("class {class}")),
            probability: probabilities[class],
        };
        Ok(Top(order.into_iter().map(prediction).collect()))
    }
}

impl Top {
    /// The best class.
    pub fn best(&self) -> Result<Prediction> {
        let none = || Error::argument("top", "at least one class", "none", "ask for `top(x, 1)`");
        self.0.first().cloned().ok_or_else(none)
    }

    /// A bar for each class.
    pub fn figure(&self) -> Result<Figure> {
        let values: Vec<_> = self.0.iter().map(|p| (p.name.clone(), p.probability)).collect();
        bars(&values, "probability")
    }

    /// Show the bars at the end of a notebook cell.
    pub fn evcxr_display(&self) {
        match self.figure() {
            Ok(figure) => figure.evcxr_display(),
            Err(error) => println!("{error}"),
        }
    }
}

impl fmt::Display for Top {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for p in &self.0 {
            writeln!(f, "{:6.2} %  {} (class {})", 100.0 * p.probability, p.name, p.class)?;
        }
        Ok(())
    }
}
