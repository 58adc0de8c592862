//! The lecture "Visualizing and Understanding" as code: what does a convolutional network see?
//!
//! Every technique is the same three things in a different order: a network whose layers have names
//! ([`net`], [`zoo`]), a score over those layers ([`Objective`]), and what we do with it:
//!
//! | lecture section | module | notebook | what we do with the score |
//! |---|---|---|---|
//! | first layer: visualize filters | [`filters`] | 01 | nothing: read the weights |
//! | the last layer: nearest neighbours | [`neighbours`] | 02 | nothing: read and compare |
//! | dimensionality reduction | [`embedding`] | 03 | nothing: read and flatten |
//! | visualizing activations | [`activations`](mod@activations) | 04 | nothing: look at the maps |
//! | maximally activating patches | [`patches`] | 05 | find where it is highest |
//! | saliency via occlusion | [`occlusion`](mod@occlusion) | 06 | cover part of the image and read it again |
//! | saliency via backprop | [`saliency`](mod@saliency) | 07 | differentiate it once |
//! | saliency maps: segmentation without supervision | [`segment`] | 07 | cut the photo where it points |
//! | intermediate features via (guided) backprop | [`guided`], [`cam`] | 08 | differentiate it by other rules |
//! | how far to trust a map | [`attribution`], [`trust`] | 08 | change the network or the pixels, and compare |
//! | gradient ascent: images a class or a neuron likes | [`ascent`](mod@ascent) | 09 | climb it |
//! | fooling images, adversarial examples | [`adversarial`](mod@adversarial), [`defence`] | 10 | climb it from a photo, not far |
//! | feature inversion | [`inversion`](mod@inversion) | 11 | climb to a layer's values from noise |
//! | DeepDream: amplify existing features | [`dream`](mod@dream) | 12 | climb a layer's energy from a photo |
//! | texture synthesis | [`texture`] | 13 | copy the nearest, or climb towards Gram matrices |
//! | neural style transfer | [`style`](mod@style) | 14 | climb towards the units of one image and the Gram matrices of another |
//! | fast neural style transfer | [`fast_style`] | 15 | train a network that needs one pass |
//!
//! Images are `[n, 3, h, w]` tensors, RGB in 0..1 ([`pixels`]); figures show themselves in a notebook
//! ([`show`]). Heights come before widths everywhere.
//!
//! ```no_run
//! use convlens::prelude::*;
//! let net = zoo::efficientnet_lite0()?;
//! let coffee = imagenet_crop(&load("data/photos/coffee.jpg")?)?;
//! let best = net.top(&coffee, 5)?.best()?; // espresso
//! let map = saliency(&net, &coffee, &Objective::class(best.class))?;
//! show::overlay(&coffee, &map)?.save("espresso.png")?;
//! # Ok::<(), convlens::Error>(())
//! ```
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod chance;
mod check;
mod clean;
mod digest;
mod error;
mod home;
pub mod lecture;
mod names;
pub mod net;
mod objective;
pub mod optimise;
pub mod pixels;
mod regular;
pub mod show;
pub mod train;
pub mod zoo;

pub use error::{Error, Result};
pub use lecture::*;
pub use objective::{Objective, gram_matrix, gram_matrix_within};
pub use optimise::{Climb, Climbed, Method, Space, Warp};

/// Everything a notebook cell needs: `use convlens::prelude::*;`.
///
/// Not [`Result`]: it would hide the standard one, which the notebook kernel's own code uses.
pub mod prelude {
    pub use crate::activations::{Activations, Strengths, activations};
    pub use crate::adversarial::{
        Attacked, CarliniWagner, DeepFool, Fooling, FoolingImage, Goal, Norm, OnePixel,
        Perturbation, Pgd, Step, Universal, predicted,
    };
    pub use crate::ascent::Ascent;
    pub use crate::attribution::Attribution;
    pub use crate::cam::{Cam, grad_cam, guided_grad_cam};
    pub use crate::defence::{
        Adaptive, Certificate, Defence, Smoothing, certified_accuracy, cooled,
    };
    pub use crate::dream::{Dream, Zoom, clouds};
    pub use crate::embedding::{
        Engine, Form, Init, Pca, Tsne, arrange, divergence, neighbours_kept, pca, seams,
        silhouette, trustworthiness,
    };
    pub use crate::fast_style::{FastStyle, Film, StyleTraining, adain, flicker};
    pub use crate::filters::{convolutions, first_layer_filters, slices, weights};
    pub use crate::guided::{as_picture, deconvnet, guided_backprop};
    pub use crate::inversion::{Inversion, Inverted, Part};
    pub use crate::neighbours::{
        Bank, Metric, Positions, feature_bank, feature_banks, feature_banks_cached, leave_one_out,
        nearest, nearest_others, neighbour_rows,
    };
    pub use crate::net::{Conv2d, Crop, Field, Net, Op, Pool, Precision, ReluRule};
    pub use crate::occlusion::{Baseline, Occluded, Occlusion, Shape, occlusion};
    pub use crate::patches::{Found, Patches, random_channel};
    pub use crate::pixels::{
        Photos, Scene, Scenes, centre_crop, crop, imagenet_crop, load, load_alpha, psnr, resize,
        resize_short, save,
    };
    pub use crate::saliency::{
        Integrated, IntegratedGradients, Quadrature, SmoothGrad, Smoothed, gradient_x_input,
        magnitude, saliency, share_inside, signed_saliency,
    };
    pub use crate::segment::{GrabCut, Segmented, cut_out, iou, largest_part, outlined, strongest};
    pub use crate::show::{Animation, Figure, HeatMap, Lines, Live, Scale, Shown, progress};
    pub use crate::style::{
        Colour, Measure, Painting, Start, Style, Stylised, Transport, keep_colour, match_colours,
    };
    pub use crate::texture::{
        Collage, EfrosLeung, GramTexture, Quilting, Seams, Shuffle, boundary_cut, gram_distances,
    };
    pub use crate::train::{Labelled, Lesson, Trained, Training, soft_labels};
    pub use crate::trust::{
        Curves, InsertionDeletion, Likeness, Order, Sanity, Trial, normalised, points_at,
        rank_correlation, recognised, structural_similarity,
    };
    pub use crate::zoo::{Model, Prediction, Top, class_index};
    pub use crate::{
        Climb, Error, Method, Objective, Space, Warp, adversarial, embedding, filters, gram_matrix,
        neighbours, net, pixels, show, zoo,
    };
    pub use tch::{self, Device, Kind, Tensor};
}
