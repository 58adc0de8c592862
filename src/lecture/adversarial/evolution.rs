//! Differential evolution of a few pixels.

use super::OnePixel;
use crate::Result;
use crate::chance::{normal, uniform};
use tch::{Kind, Tensor};

/// Candidates, each a few pixels.
pub(super) struct Evolution {
    /// Row, column, red, green and blue of each pixel, `[candidates, pixels, 5]`; rows and columns as
    /// shares of the height and width.
    genes: Tensor,
    size: [i64; 2],
}

impl Evolution {
    /// Places from everywhere, colours from a bell around mid-grey (128 and 127 of 255 in the paper).
    pub(super) fn begin(search: &OnePixel, size: [i64; 2]) -> Result<Self> {
        let shape = [search.candidates as i64, search.pixels];
        let places = uniform(&[search.seed, 0, 0], &[shape[0], shape[1], 2])?;
        let colours = normal(&[search.seed, 0, 1], &[shape[0], shape[1], 3])?;
        let colours = colours * (127.0 / 255.0) + 128.0 / 255.0;
        Evolution { genes: Tensor::f_cat(&[places, colours], 2)?, size }.tidied()
    }

    /// A child of each candidate: one other, plus half the difference of two more.
    pub(super) fn children(&self, seeds: [u64; 2]) -> Result<Self> {
        let n = self.genes.size()[0];
        let draws = Vec::<f64>::try_from(uniform(&seeds, &[n, 3])?.f_reshape([-1])?)?;
        let others: Vec<i64> =
            draws.chunks(3).flat_map(|u| distinct([u[0], u[1], u[2]], n)).collect();
        let others = Tensor::f_from_slice(&others)?.f_view([n, 3])?;
        let parent = |i| Ok(self.genes.f_index_select(0, &others.f_select(1, i)?)?);
        let [a, b, c] = [parent(0), parent(1), parent(2)].map(|p: Result<Tensor>| p);
        Evolution { genes: a?.f_add(&(b?.f_sub(&c?)? * 0.5))?, size: self.size }.tidied()
    }

    fn tidied(self) -> Result<Self> {
        Ok(Evolution { genes: self.genes.f_clamp(0.0, 1.0)?, ..self })
    }

    /// Its own where `better`, `[candidates]`; else those of `parents`.
    pub(super) fn or(&self, parents: &Evolution, better: &Tensor) -> Result<Self> {
        let better = better.f_to_device(tch::Device::Cpu)?.f_view([-1, 1, 1])?;
        Ok(Evolution { genes: self.genes.f_where_self(&better, &parents.genes)?, size: self.size })
    }

    pub(super) fn some(&self, candidates: &Tensor) -> Result<Self> {
        let at = candidates.f_to_device(tch::Device::Cpu)?;
        Ok(Evolution { genes: self.genes.f_index_select(0, &at)?, size: self.size })
    }

    /// The image, `[1, 3, h, w]`, with the pixels of each candidate.
    pub(super) fn painted(&self, image: &Tensor) -> Result<Tensor> {
        let [h, w] = self.size;
        let genes = self.genes.f_to_device(image.device())?;
        let side = |gene, side: i64| {
            let place = (genes.f_select(2, gene)? * side as f64).f_floor()?;
            Ok::<Tensor, crate::Error>(place.f_clamp(0.0, side as f64 - 1.0)?)
        };
        let at = (side(0, h)? * w as f64 + side(1, w)?).f_to_kind(Kind::Int64)?;
        let [n, pixels] = [0, 1].map(|dim| self.genes.size()[dim]);
        let at = at.f_unsqueeze(1)?.f_expand([n, 3, pixels], false)?;
        let colours =
            (genes.f_narrow(2, 2, 3)? * 255.0).f_round()?.f_to_kind(image.kind())? / 255.0;
        let flat = image.f_reshape([1, 3, h * w])?.f_repeat([n, 1, 1])?;
        Ok(flat.f_scatter(2, &at, &colours.f_transpose(1, 2)?)?.f_view([n, 3, h, w])?)
    }
}

/// Three different numbers in `0..n`, from three in 0..1.
fn distinct(u: [f64; 3], n: i64) -> [i64; 3] {
    let pick = |u: f64, n: i64| ((u * n as f64) as i64).min(n - 1);
    let first = pick(u[0], n);
    let mut second = pick(u[1], n - 1);
    second += i64::from(second >= first);
    let mut third = pick(u[2], n - 2);
    let (low, high) = (first.min(second), first.max(second));
    third += i64::from(third >= low);
    third += i64::from(third >= high);
    [first, second, third]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_are_different_and_take_every_value() {
        let mut seen = std::collections::BTreeSet::new();
        for i in 0..64 {
            let u = [i / 16, i / 4 % 4, i % 4].map(|v| (f64::from(v) + 0.5) / 4.0);
            let [a, b, c] = distinct(u, 4);
            assert!(a != b && b != c && a != c && [a, b, c].iter().all(|v| (0..4).contains(v)));
            seen.insert([a, b, c]);
        }
        assert_eq!(seen.len(), 24, "all arrangements of three out of four");
    }

    #[test]
    fn a_painted_pixel_is_where_its_genes_say() {
        let genes = Tensor::from_slice(&[0.5, 1.0, 1.0, 0.5, 0.0]).view([1, 1, 5]);
        let image = Tensor::full([1, 3, 2, 3], 0.25, (Kind::Float, tch::Device::Cpu));
        let painted = Evolution { genes, size: [2, 3] }.painted(&image).unwrap();
        let changed = (&painted - &image).abs().sum_dim_intlist([1i64].as_slice(), false, None);
        assert_eq!(changed.count_nonzero(None).int64_value(&[]), 1);
        let at = |c| painted.double_value(&[0, c, 1, 2]);
        assert_eq!(at(0), 1.0);
        assert!((at(1) - 128.0 / 255.0).abs() < 1e-7);
        assert_eq!(at(2), 0.0);
    }
}
