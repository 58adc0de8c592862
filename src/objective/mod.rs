//! Tool 4: what to look for, as a value: one number per image.

mod algebra;
mod gram;
mod matching;
mod prior;
mod read;
#[cfg(test)]
mod tests;

use crate::check::finite;
use crate::net::{Net, Taps};
use crate::{Error, Result};
pub use gram::{gram_matrix, gram_matrix_within};
use matching::{apart, best_match, distance};
pub(crate) use read::pick;
use read::{neuron, per_image_mean, sum};
use std::collections::VecDeque;
use std::rc::Rc;
use tch::Tensor;

/// A score to read, differentiate or climb.
///
/// Objectives add, subtract, scale and negate, and print themselves.
///
/// ```
/// use convlens::Objective;
/// let wish = Objective::class(281) - 0.5 * Objective::channel("relu4_3", 7);
/// assert_eq!(wish.to_string(), "class 281 + -0.5 * channel 7 of relu4_3");
/// ```
#[derive(Clone)]
pub struct Objective(Term);

/// A score of the user's own making.
type Score = dyn Fn(&Taps) -> Result<Tensor>;

#[derive(Clone)]
enum Term {
    Class(i64),
    Probability(i64),
    Neuron {
        layer: String,
        channel: i64,
        at: [i64; 2],
    },
    Channel {
        layer: String,
        channel: i64,
    },
    Layer {
        layer: String,
    },
    AlphaNorm(f64),
    TotalVariation(f64),
    Features {
        layer: String,
        target: Rc<Tensor>,
        weight: Option<Rc<Tensor>>,
    },
    BestMatch {
        layer: String,
        guide: Rc<Tensor>,
    },
    Gram {
        layer: String,
        target: Rc<Tensor>,
    },
    GramWithin {
        layer: String,
        target: Rc<Tensor>,
        mask: Rc<Tensor>,
    },
    Diversity {
        layer: String,
    },
    /// One flat list, however it was added up, so that its length costs no stack.
    Sum {
        terms: VecDeque<Objective>,
        depth: usize,
    },
    Scaled {
        factor: f64,
        of: Box<Objective>,
        depth: usize,
    },
    Custom {
        name: String,
        layers: Vec<String>,
        score: Rc<Score>,
    },
}

impl Objective {
    /// The score of a class before softmax.
    pub fn class(class: i64) -> Self {
        Objective(Term::Class(class))
    }

    /// The probability of a class: its share after softmax.
    pub fn probability(class: i64) -> Self {
        Objective(Term::Probability(class))
    }

    /// One unit: `channel` of `layer` at row and column `at`; `[0, 0]` in a fully connected layer.
    pub fn neuron(layer: &str, channel: i64, at: [i64; 2]) -> Self {
        Objective(Term::Neuron { layer: layer.into(), channel, at })
    }

    /// The mean of a channel over all its positions.
    pub fn channel(layer: &str, channel: i64) -> Self {
        Objective(Term::Channel { layer: layer.into(), channel })
    }

    /// The energy of a whole layer: the mean of its squared activations (DeepDream).
    pub fn layer(layer: &str) -> Self {
        Objective(Term::Layer { layer: layer.into() })
    }

    /// Any function of the named layers that returns one number per image, `[n]`.
    pub fn custom(
        name: &str,
        layers: &[&str],
        score: impl Fn(&Taps) -> Result<Tensor> + 'static,
    ) -> Self {
        let layers = layers.iter().map(|l| l.to_string()).collect();
        Objective(Term::Custom { name: name.into(), layers, score: Rc::new(score) })
    }

    /// The score of each image in `x`, `[n]`; one pass as far as the objective's layers.
    ///
    /// Errors: an image with NaN, a score that is none: NaN, or of another shape than `[n]`.
    pub fn score(&self, net: &Net, x: &Tensor) -> Result<Tensor> {
        finite(x, "image")?;
        let score = self.score_of(net, x)?;
        finite(&score, "score")?;
        Ok(score)
    }

    /// [`Objective::score`] of an image that was looked at before; the score may be NaN.
    pub(crate) fn score_of(&self, net: &Net, x: &Tensor) -> Result<Tensor> {
        let names = self.layers(net);
        let taps = net.taps_as_made(x, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
        let score = self.score_taps(net, &taps)?;
        one_for_each(&score, x)?;
        Ok(score)
    }

    /// The layers of `net` that the score reads, each once.
    pub fn layers(&self, net: &Net) -> Vec<String> {
        let mut names = match &self.0 {
            Term::Class(_) | Term::Probability(_) => vec![net.last().to_string()],
            Term::Neuron { layer, .. } | Term::Channel { layer, .. } | Term::Layer { layer } => {
                vec![layer.clone()]
            }
            Term::Features { layer, .. } | Term::Gram { layer, .. } => vec![layer.clone()],
            Term::BestMatch { layer, .. } | Term::Diversity { layer } => vec![layer.clone()],
            Term::GramWithin { layer, .. } => vec![layer.clone()],
            Term::AlphaNorm(_) | Term::TotalVariation(_) => vec![net.layers()[0].name.clone()],
            Term::Sum { terms, .. } => terms.iter().flat_map(|t| t.layers(net)).collect(),
            Term::Scaled { of, .. } => of.layers(net),
            Term::Custom { layers, .. } => layers.clone(),
        };
        names.sort();
        names.dedup();
        names
    }

    pub(crate) fn score_taps(&self, net: &Net, taps: &Taps) -> Result<Tensor> {
        match &self.0 {
            Term::Class(class) => {
                net.require_classes()?;
                pick(&taps.at(net.last())?, 1, *class, "class")
            }
            Term::Probability(class) => {
                net.require_classes()?;
                let logits = taps.at(net.last())?;
                let shares = logits.f_softmax(1, logits.kind())?;
                pick(&shares, 1, *class, "class")
            }
            Term::Neuron { layer, channel, at } => neuron(&taps.at(layer)?, *channel, *at),
            Term::Channel { layer, channel } => {
                per_image_mean(&pick(&taps.at(layer)?, 1, *channel, "channel")?)
            }
            Term::Layer { layer } => per_image_mean(&taps.at(layer)?.f_square()?),
            Term::AlphaNorm(alpha) => prior::alpha_norm(&taps.at(&net.layers()[0].name)?, *alpha),
            Term::TotalVariation(beta) => {
                prior::total_variation(&taps.at(&net.layers()[0].name)?, *beta)
            }
            Term::Features { layer, target, weight } => {
                apart(layer, &taps.at(layer)?, target, weight.as_deref())
            }
            Term::BestMatch { layer, guide } => best_match(layer, &taps.at(layer)?, guide),
            Term::Gram { layer, target } => {
                distance(layer, &gram::unchecked(&taps.at(layer)?)?, target)
            }
            Term::GramWithin { layer, target, mask } => {
                distance(layer, &gram::unchecked_within(&taps.at(layer)?, mask)?, target)
            }
            Term::Diversity { layer } => prior::diversity(&taps.at(layer)?),
            Term::Sum { terms, .. } => sum(terms.iter().map(|t| t.score_taps(net, taps))),
            Term::Scaled { factor, of, .. } => {
                Ok(of.score_taps(net, taps)?.f_mul_scalar(*factor)?)
            }
            Term::Custom { score, .. } => score(&taps.contiguous()?),
        }
    }
}

/// Fails where a score is not one number for each image.
fn one_for_each(score: &Tensor, x: &Tensor) -> Result<()> {
    if score.size() == x.size()[..1] {
        return Ok(());
    }
    let expected = format!("one number for each image, {:?}", &x.size()[..1]);
    let advice = "sum a custom objective over all axes but the first";
    Err(Error::argument("score", expected, format!("{:?}", score.size()), advice))
}
