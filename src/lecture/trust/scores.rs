//! All methods on scenes whose masks are known, in one table.

use super::{InsertionDeletion, points_at};
use crate::attribution::Attribution;
use crate::net::Net;
use crate::pixels::Scene;
use crate::show::progress;
use crate::{Error, Objective, Result};
use std::fmt;
use tch::Tensor;

/// How maps are tried on scenes: insertion, deletion and the pointing game.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// How pixels go and come.
    pub insertion_deletion: InsertionDeletion,
    /// How far from the thing the largest value may lie, in pixels ([`points_at`]).
    pub tolerance: f64,
}

impl Default for Trial {
    /// Petsiuk's insertion and deletion, TorchRay's 15 pixels.
    fn default() -> Self {
        Trial { insertion_deletion: InsertionDeletion::default(), tolerance: 15.0 }
    }
}

/// A scene, and the class that the network sees in its thing.
#[derive(Debug)]
pub struct Recognised {
    /// The scene.
    pub scene: Scene,
    /// What the network says of the thing on plain grey, and of the scene.
    pub class: i64,
    /// The probability of that class in the scene.
    pub probability: f64,
}

/// The scenes that the network names as it names their things alone, on plain grey.
///
/// Elsewhere a map of the class has no reason to lie on the thing. Cost: two passes for each scene.
/// Errors: a network without classes.
pub fn recognised(net: &Net, scenes: Vec<Scene>) -> Result<Vec<Recognised>> {
    let mut kept = vec![];
    for scene in progress("recognising", scenes) {
        let grey = scene.mask.f_neg()?.f_add_scalar(1.0)?.f_mul_scalar(0.5)?;
        let alone = scene.image.f_mul(&scene.mask)?.f_add(&grey)?;
        let (alone, there) = (best(net, &alone)?, best(net, &scene.image)?);
        if alone.0 == there.0 {
            kept.push(Recognised { scene, class: there.0, probability: there.1 });
        }
    }
    Ok(kept)
}

/// The likeliest class of one picture, and its probability.
fn best(net: &Net, x: &Tensor) -> Result<(i64, f64)> {
    let (share, class) = net.logits(x)?.f_softmax(1, x.kind())?.f_max_dim(1, false)?;
    Ok((class.f_int64_value(&[0])?, share.f_double_value(&[0])?))
}

/// One method's means over all scenes.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The method's name.
    pub method: String,
    /// The area under the deletion curve of the class's probability: low is good.
    pub deletion: f64,
    /// The area under the insertion curve: high is good.
    pub insertion: f64,
    /// The share of scenes where the largest value lies on the thing: high is good.
    pub pointing: f64,
}

/// A row for each method; prints as a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// The rows, in the order of the methods.
    pub rows: Vec<Score>,
    /// How many scenes each was tried on; fewer than given after Stop.
    pub scenes: usize,
}

impl Trial {
    /// Tries each method's map of the class (before softmax) on each scene.
    ///
    /// Cost: for each scene and method the map and `2 (steps + 1)` passes, shown with [`progress`]; Stop
    /// keeps the scenes so far. Errors: no scenes, no methods, those of the methods.
    pub fn run(&self, net: &Net, scenes: &[Recognised], methods: &[Attribution]) -> Result<Scores> {
        if scenes.is_empty() || methods.is_empty() {
            let got = format!("{} scenes, {} methods", scenes.len(), methods.len());
            let advice = "take some of `recognised` and `Attribution::all`";
            return Err(Error::argument("trial", "at least one of each", got, advice));
        }
        let mut sums = vec![[0.0; 3]; methods.len()];
        let mut done = 0;
        for known in progress("scenes", scenes) {
            let each = progress("methods", methods).map(|method| self.one(net, known, method));
            let each = each.collect::<Result<Vec<_>>>()?;
            if each.len() == methods.len() {
                done += 1;
                sums.iter_mut()
                    .zip(each)
                    .for_each(|(sum, one)| *sum = [0, 1, 2].map(|k| sum[k] + one[k]));
            }
        }
        Scores::new(methods, &sums, done)
    }

    /// Deletion, insertion and pointing of one map.
    fn one(&self, net: &Net, known: &Recognised, method: &Attribution) -> Result<[f64; 3]> {
        let (image, mask) = (&known.scene.image, &known.scene.mask);
        let map = method.map(net, image, &Objective::class(known.class))?;
        let wish = Objective::probability(known.class);
        let curves = self.insertion_deletion.run(net, image, &wish, &map)?;
        let hit = points_at(&map, mask, self.tolerance)?[0];
        Ok([curves.deletion()?[0], curves.insertion()?[0], f64::from(u8::from(hit))])
    }
}

impl Scores {
    fn new(methods: &[Attribution], sums: &[[f64; 3]], scenes: usize) -> Result<Self> {
        if scenes == 0 {
            let advice = "let the loop run on before Stop";
            return Err(Error::argument("trial", "a scene by all methods", "none", advice));
        }
        let row = |(method, sum): (&Attribution, &[f64; 3])| {
            let [deletion, insertion, pointing] = sum.map(|v| v / scenes as f64);
            Score { method: method.to_string(), deletion, insertion, pointing }
        };
        Ok(Scores { rows: methods.iter().zip(sums).map(row).collect(), scenes })
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:20}  deletion ↓  insertion ↑  pointing ↑",
            format!("{} scenes", self.scenes)
        )?;
        for row in &self.rows {
            let [d, i, p] = [row.deletion, row.insertion, row.pointing];
            writeln!(f, "{:20}  {d:10.3}  {i:11.3}  {p:10.2}", row.method)?;
        }
        Ok(())
    }
}
