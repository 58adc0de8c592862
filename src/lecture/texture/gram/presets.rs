//! The slide's settings, and the authors'.

use super::GramTexture;
use super::check::MOST_LAYERS;
use crate::{Climb, Method};

impl Default for GramTexture {
    /// The first layer of each of VGG's five blocks.
    fn default() -> Self {
        GramTexture::slide(5)
    }
}

impl GramTexture {
    /// The lecture's row: `relu1_1` and the first layers of so many blocks of VGG in all, 1 to 5.
    ///
    /// The layers of Gatys et al. 2016; 128x128, coarse to fine, L-BFGS.
    pub fn slide(blocks: usize) -> Self {
        let layers = (1..=blocks.min(MOST_LAYERS + 1))
            .map(|block| (format!("relu{block}_1"), 1.0))
            .collect();
        let method = Method::Lbfgs { rate: 1.0, history: 20 };
        let climb = Climb { steps: 60, method, ..Climb::default() };
        GramTexture { layers, relative: true, size: [128, 128], scales: 3, noise: 0.2, climb }
    }

    /// The authors' own code (DeepTextures): `conv1_1` and four pools, L-BFGS that remembers 20 steps,
    /// 2000 of them, 256x256 from noise of deviation 1 on 0..255. Give it mean pools.
    ///
    /// Their `conv1_1` is read after its ReLU, which works in place in Caffe. Their network is VGG-19
    /// rescaled so that all layers count alike, with weights of 1e9; here `relative` does that, and
    /// weights are 1 (L-BFGS does not feel a factor). Theirs searches along each step's line and keeps
    /// to the source's range.
    pub fn deep_textures() -> Self {
        let names = ["relu1_1", "pool1", "pool2", "pool3", "pool4"];
        let layers = names.map(|name| (name.to_string(), 1.0)).to_vec();
        let mut texture = GramTexture { layers, ..GramTexture::slide(0) };
        (texture.size, texture.scales, texture.noise) = ([256, 256], 1, 1.0 / 255.0);
        texture.climb.steps = 2000;
        texture
    }
}
