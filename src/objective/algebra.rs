//! Objectives add up, and print what they are.

use super::{Objective, Term};
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

impl Add for Objective {
    type Output = Objective;
    fn add(self, other: Objective) -> Objective {
        Objective(Term::Sum(vec![self, other]))
    }
}

impl Sub for Objective {
    type Output = Objective;
    fn sub(self, other: Objective) -> Objective {
        self + -other
    }
}

impl Neg for Objective {
    type Output = Objective;
    fn neg(self) -> Objective {
        -1.0 * self
    }
}

impl Mul<Objective> for f64 {
    type Output = Objective;
    fn mul(self, objective: Objective) -> Objective {
        match objective.0 {
            Term::Scaled(factor, term) => Objective(Term::Scaled(self * factor, term)),
            _ => Objective(Term::Scaled(self, Box::new(objective))),
        }
    }
}

impl fmt::Display for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Term::Class(class) => write!(f, "class {class}"),
            Term::Probability(class) => write!(f, "probability of class {class}"),
            Term::Neuron { layer, channel, at: [y, x] } => {
                write!(f, "neuron {channel} of {layer} at row {y}, column {x}")
            }
            Term::Channel { layer, channel } => write!(f, "channel {channel} of {layer}"),
            Term::Layer { layer } => write!(f, "energy of {layer}"),
            Term::AlphaNorm(2.0) => write!(f, "l2"),
            Term::AlphaNorm(alpha) => write!(f, "alpha norm {alpha}"),
            Term::TotalVariation(2.0) => write!(f, "total variation"),
            Term::TotalVariation(beta) => write!(f, "total variation of power {beta}"),
            Term::Features { layer, weight: None, .. } => write!(f, "distance of {layer}"),
            Term::Features { layer, .. } => write!(f, "weighted distance of {layer}"),
            Term::BestMatch { layer, .. } => write!(f, "best matches of {layer}"),
            Term::Gram { layer, .. } => write!(f, "distance of {layer}'s Gram matrix"),
            Term::GramWithin { layer, .. } => {
                write!(f, "distance of {layer}'s Gram matrix in a part of the image")
            }
            Term::Diversity { layer } => write!(f, "diversity of {layer}"),
            Term::Sum(terms) => {
                let terms: Vec<String> = terms.iter().map(|t| t.to_string()).collect();
                write!(f, "{}", terms.join(" + "))
            }
            Term::Scaled(factor, term) if matches!(term.0, Term::Sum(_)) => {
                write!(f, "{factor} * ({term})")
            }
            Term::Scaled(factor, term) => write!(f, "{factor} * {term}"),
            Term::Custom { name, .. } => write!(f, "{name}"),
        }
    }
}

impl fmt::Debug for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Objective({self})")
    }
}
