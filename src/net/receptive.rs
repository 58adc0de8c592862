//! Receptive fields by arithmetic: which pixels a unit can see.

use super::{Net, Op};
use crate::Result;

/// The pixels that the units of a layer see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A window that moves with the unit; all values `[height, width]` in pixels.
    Window {
        /// Height and width of the window.
        size: [i64; 2],
        /// How far the window moves from one unit to the next.
        stride: [i64; 2],
        /// Top and left of the first unit's window; negative inside the padding.
        start: [i64; 2],
    },
    /// Every unit sees every pixel (after global pooling or a fully connected layer).
    WholeImage,
}

/// A rectangle of pixels, `top..bottom` by `left..right`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crop {
    /// First row.
    pub top: i64,
    /// First column.
    pub left: i64,
    /// Row after the last.
    pub bottom: i64,
    /// Column after the last.
    pub right: i64,
}

impl Net {
    /// The receptive field of the units of the named layer.
    ///
    /// Arithmetic on sizes, strides and paddings (Araujo et al., "Computing Receptive Fields of
    /// Convolutional Neural Networks", Distill 2019); where branches meet, the field covers them all. Fields
    /// beyond 2^63 pixels count as that.
    ///
    /// ```
    /// use convlens::net::{Conv2d, Field, Net, Op, Pool};
    /// use tch::{Kind, Tensor};
    /// let weight = Tensor::ones([1, 3, 3, 3], (Kind::Float, tch::Device::Cpu));
    /// let net = Net::new("tiny")
    ///     .then("conv1", Op::Conv2d(Conv2d::new(weight, None).padding(1)))?
    ///     .then("pool1", Op::MaxPool2d(Pool::square(2)))?;
    /// let field = Field::Window { size: [4, 4], stride: [2, 2], start: [-1, -1] };
    /// assert_eq!(net.receptive_field("pool1")?, field);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn receptive_field(&self, layer: &str) -> Result<Field> {
        let last = self.id(layer)?;
        Ok(self.fields()[last])
    }

    /// The receptive field of every layer.
    pub(crate) fn fields(&self) -> Vec<Field> {
        let pixel = Field::Window { size: [1; 2], stride: [1; 2], start: [0; 2] };
        let mut fields = vec![pixel];
        for layer in &self.layers[1..] {
            let inputs = layer.inputs.iter().map(|&id| fields[id]);
            let seen = inputs.reduce(Field::join).unwrap_or(Field::WholeImage);
            fields.push(seen.through(&layer.op));
        }
        fields
    }
}

impl Field {
    /// The pixels of an image of `[height, width]` that the unit at `[y, x]` sees.
    pub fn crop(&self, unit: [i64; 2], image: [i64; 2]) -> Crop {
        let Field::Window { size, stride, start } = *self else {
            return Crop { top: 0, left: 0, bottom: image[0], right: image[1] };
        };
        let first = [0, 1].map(|d| start[d].saturating_add(unit[d].saturating_mul(stride[d])));
        let edge = |at: i64, d: usize| at.min(image[d]).max(0);
        Crop {
            top: edge(first[0], 0),
            left: edge(first[1], 1),
            bottom: edge(first[0].saturating_add(size[0]), 0),
            right: edge(first[1].saturating_add(size[1]), 1),
        }
    }

    fn through(self, op: &Op) -> Field {
        let (extent, step, before) = match op {
            Op::Conv2d(conv) => (conv.extent(), conv.stride, conv.before),
            Op::MaxPool2d(pool) | Op::AvgPool2d(pool) => (pool.size, pool.stride, pool.padding),
            Op::AdaptiveAvgPool2d { .. } | Op::Flatten | Op::Linear { .. } => {
                return Field::WholeImage;
            }
            _ => return self,
        };
        let Field::Window { size, stride, start } = self else {
            return Field::WholeImage;
        };
        Field::Window {
            size: [0, 1].map(|d| size[d].saturating_add((extent[d] - 1).saturating_mul(stride[d]))),
            stride: [0, 1].map(|d| stride[d].saturating_mul(step[d])),
            start: [0, 1].map(|d| start[d].saturating_sub(before[d].saturating_mul(stride[d]))),
        }
    }

    fn join(self, other: Field) -> Field {
        let (
            Field::Window { size, stride, start },
            Field::Window { size: size2, stride: stride2, start: start2 },
        ) = (self, other)
        else {
            return Field::WholeImage;
        };
        if stride != stride2 {
            return Field::WholeImage;
        }
        let first = [0, 1].map(|d| start[d].min(start2[d]));
        let end =
            |d: usize| start[d].saturating_add(size[d]).max(start2[d].saturating_add(size2[d]));
        Field::Window {
            size: [0, 1].map(|d| end(d).saturating_sub(first[d])),
            stride,
            start: first,
        }
    }
}
