//! What it costs to divide neighbours: little where the colours differ.

/// Rows and columns to the eight neighbours; `way ^ 1` is the way back.
pub(super) const WAYS: [[isize; 2]; 8] =
    [[0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, -1], [1, -1], [-1, 1]];

/// The pixels of a picture, and the links between neighbours.
pub(super) struct Grid {
    /// Height and width.
    pub size: [usize; 2],
    /// What it costs to divide each pixel from its right, lower, lower right and lower left neighbour.
    pub links: Vec<[f64; 4]>,
}

impl Grid {
    /// Links of `gamma / distance * exp(-beta * |difference of colours|²)`, with `beta` 1 over twice the
    /// mean of those squares (Rother et al. 2004, equations 4, 5 and 11).
    pub fn new(size: [usize; 2], colours: &[[f64; 3]], gamma: f64) -> Self {
        let mut grid = Grid { size, links: vec![[0.0; 4]; colours.len()] };
        let contrast = |a: usize, b: usize| -> f64 {
            colours[a].iter().zip(&colours[b]).map(|(a, b)| (a - b) * (a - b)).sum()
        };
        let (mut total, mut count) = (0.0, 0.0);
        grid.each(|a, b, _| {
            total += contrast(a, b);
            count += 1.0;
        });
        let beta = if total > 0.0 { count / (2.0 * total) } else { 0.0 };
        let mut links = vec![[0.0; 4]; colours.len()];
        grid.each(|a, b, pair| {
            let near = if pair < 2 { gamma } else { gamma / std::f64::consts::SQRT_2 };
            links[a][pair] = near * (-beta * contrast(a, b)).exp();
        });
        grid.links = links;
        grid
    }

    /// Each pair of neighbours once, with the place of their link.
    pub fn each(&self, mut see: impl FnMut(usize, usize, usize)) {
        let [h, w] = self.size;
        for i in 0..h * w {
            for pair in 0..4 {
                let [down, right] = WAYS[2 * pair];
                let column = (i % w) as isize + right;
                if i / w + (down as usize) < h && (0..w as isize).contains(&column) {
                    see(i, i.wrapping_add_signed(down * w as isize + right), pair);
                }
            }
        }
    }

    /// What the outline of a division costs.
    pub fn outline(&self, mask: &[bool]) -> f64 {
        let mut total = 0.0;
        self.each(|a, b, pair| total += f64::from(mask[a] != mask[b]) * self.links[a][pair]);
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_by_hand_on_a_corner() {
        // 2 x 2, one pixel brighter by 0.3 in one colour: of six links, three meet it.
        let mut colours = [[0.2; 3]; 4];
        colours[3][1] = 0.5;
        let grid = Grid::new([2, 2], &colours, 50.0);
        // The mean square is 0.09 / 2, so beta * 0.09 is 1.
        let (faint, root) = ((-1f64).exp(), std::f64::consts::SQRT_2);
        let expected = [
            [50.0, 50.0, 50.0 / root * faint, 0.0],
            [0.0, 50.0 * faint, 0.0, 50.0 / root],
            [50.0 * faint, 0.0, 0.0, 0.0],
            [0.0; 4],
        ];
        for (got, want) in grid.links.as_flattened().iter().zip(expected.as_flattened()) {
            assert!((got - want).abs() < 1e-9, "{got} {want}");
        }
        let alone = grid.outline(&[false, false, false, true]);
        assert!((alone - (100.0 + 50.0 / root) * faint).abs() < 1e-9, "{alone}");
    }

    #[test]
    fn one_colour_costs_gamma_everywhere() {
        let grid = Grid::new([1, 3], &[[0.4; 3]; 3], 7.0);
        assert_eq!(grid.links, [[7.0, 0.0, 0.0, 0.0], [7.0, 0.0, 0.0, 0.0], [0.0; 4]]);
    }
}
