//! The epsilon attacks by name.

use super::{Norm, Pgd, Step};

impl Pgd {
    /// Fast gradient sign method: one step to the edge of the ball (Goodfellow et al. 2015).
    pub fn fgsm(epsilon: f64) -> Self {
        let step = Step::OfEpsilon(1.0);
        Pgd { epsilon, steps: 1, step, random_start: false, ..Pgd::default() }
    }

    /// Basic iterative method: 10 steps of 0.2 epsilon from the image itself (Kurakin et al. 2017;
    /// the number and size of steps as in foolbox).
    pub fn bim(epsilon: f64) -> Self {
        let step = Step::OfEpsilon(0.2);
        Pgd { epsilon, steps: 10, step, random_start: false, ..Pgd::default() }
    }

    /// Momentum iterative method: the same with momentum 1 (Dong et al. 2018).
    pub fn mi_fgsm(epsilon: f64) -> Self {
        Pgd { momentum: 1.0, ..Pgd::bim(epsilon) }
    }

    /// 40 steps of 1/30 of epsilon from a random start (Madry et al. 2018; foolbox's `LinfPGD`).
    pub fn linf(epsilon: f64) -> Self {
        Pgd { epsilon, ..Pgd::default() }
    }

    /// 50 steps of 1/40 of epsilon from a random start, in the Euclidean norm (foolbox's `L2PGD`).
    pub fn l2(epsilon: f64) -> Self {
        let (norm, step) = (Norm::L2, Step::OfEpsilon(0.025));
        Pgd { epsilon, norm, steps: 50, step, ..Pgd::default() }
    }
}
