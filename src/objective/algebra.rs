//! Objectives add up, and print what they are.

use super::{Objective, Term};
use std::collections::VecDeque;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

/// So deep may sums lie in scaled sums; deeper ones are multiplied out.
const DEEPEST: usize = 100;

impl Add for Objective {
    type Output = Objective;
    fn add(self, other: Objective) -> Objective {
        let depth = self.depth().max(other.depth());
        let terms = match (self.into_terms(), other.into_terms()) {
            (mut terms, mut more) if terms.len() >= more.len() => {
                terms.append(&mut more);
                terms
            }
            (mut terms, mut more) => {
                while let Some(term) = terms.pop_back() {
                    more.push_front(term);
                }
                more
            }
        };
        Objective(Term::Sum { terms, depth })
    }
}

impl Objective {
    /// The terms of a sum, or this objective alone.
    fn into_terms(self) -> VecDeque<Objective> {
        match self.0 {
            Term::Sum { terms, .. } => terms,
            _ => VecDeque::from([self]),
        }
    }

    /// How many scaled sums lie in one another.
    fn depth(&self) -> usize {
        match self.0 {
            Term::Sum { depth, .. } | Term::Scaled { depth, .. } => depth,
            _ => 0,
        }
    }

    fn is_sum(&self) -> bool {
        matches!(self.0, Term::Sum { .. })
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
        let depth = objective.depth() + usize::from(objective.is_sum());
        match objective.0 {
            Term::Scaled { factor, of, depth } => {
                Objective(Term::Scaled { factor: self * factor, of, depth })
            }
            Term::Sum { terms, depth } if depth >= DEEPEST => {
                let terms = terms.into_iter().map(|term| self * term).collect();
                Objective(Term::Sum { terms, depth })
            }
            _ => Objective(Term::Scaled { factor: self, of: Box::new(objective), depth }),
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
            Term::Sum { terms, .. } => {
                let terms: Vec<String> = terms.iter().map(|t| t.to_string()).collect();
                write!(f, "{}", terms.join(" + "))
            }
            Term::Scaled { factor, of, .. } if of.is_sum() => write!(f, "{factor} * ({of})"),
            Term::Scaled { factor, of, .. } => write!(f, "{factor} * {of}"),
            Term::Custom { name, .. } => write!(f, "{name}"),
        }
    }
}

impl fmt::Debug for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Objective({self})")
    }
}
