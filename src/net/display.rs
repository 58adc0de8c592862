//! A network prints itself.

use super::{Field, Layer, Net, Op};
use crate::clean;
use std::fmt;
use tch::Tensor;

/// The size at which ImageNet networks are described.
const DESCRIBED_AT: [i64; 4] = [1, 3, 224, 224];

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shapes = self.shapes(&DESCRIBED_AT, self.layers.len() - 1).unwrap_or_default();
        let total: i64 = self.layers.iter().map(|l| l.parameters()).sum();
        writeln!(f, "{}: {total} parameters; shapes for one image of 224 x 224", self.name)?;
        let columns = ["layer", "operation", "output", "parameters", "receptive field"];
        writeln!(f, "{}", line(columns.map(String::from)))?;
        for (id, (layer, field)) in self.layers.iter().zip(self.fields()).enumerate() {
            let shape = shapes.get(id).map_or("?".into(), |s| sides(&s[1..]));
            let parameters = layer.parameters().to_string();
            let row =
                [layer.name.clone(), layer.op.to_string(), shape, parameters, field.to_string()];
            writeln!(f, "{}", line(row))?;
        }
        Ok(())
    }
}

impl Net {
    /// Show the table at the end of a notebook cell.
    pub fn evcxr_display(&self) {
        println!("{}", clean::output("text/plain", &clean::lines(&self.to_string())));
    }
}

fn line([name, op, shape, parameters, field]: [String; 5]) -> String {
    format!("{name:<24} {op:<32} {shape:>16} {parameters:>10}  {field}")
}

fn sides(shape: &[i64]) -> String {
    shape.iter().map(i64::to_string).collect::<Vec<_>>().join(" x ")
}

impl Layer {
    /// How many learned numbers the layer has.
    pub fn parameters(&self) -> i64 {
        let count = |t: &Tensor| t.numel() as i64;
        match &self.op {
            Op::Conv2d(conv) => count(&conv.weight) + conv.bias.as_ref().map_or(0, count),
            Op::BatchNorm { scale, shift, .. } => count(scale) + count(shift),
            Op::Linear { weight, bias } => count(weight) + count(bias),
            _ => 0,
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Input => write!(f, "image"),
            Op::Normalize { bgr: true, .. } => write!(f, "normalise, RGB to BGR"),
            Op::Normalize { .. } => write!(f, "normalise"),
            Op::Conv2d(conv) => {
                let size = sides(conv.weight.size().get(2..).unwrap_or_default());
                let depthwise = if conv.groups > 1 {
                    format!(" in {} groups", conv.groups)
                } else {
                    String::new()
                };
                write!(f, "conv {size}{}{depthwise}", step(conv.stride))
            }
            Op::BatchNorm { .. } => write!(f, "batch norm"),
            Op::Relu => write!(f, "ReLU"),
            Op::Relu6 => write!(f, "ReLU6"),
            Op::MaxPool2d(pool) => write!(f, "max pool {}{}", sides(&pool.size), step(pool.stride)),
            Op::AvgPool2d(pool) => {
                write!(f, "mean pool {}{}", sides(&pool.size), step(pool.stride))
            }
            Op::AdaptiveAvgPool2d { out } => write!(f, "mean pool to {}", sides(out)),
            Op::LocalResponseNorm { size, .. } => write!(f, "local response norm {size}"),
            Op::Linear { .. } => write!(f, "linear"),
            Op::Flatten => write!(f, "flatten"),
            Op::Add => write!(f, "add"),
            Op::Concat => write!(f, "concat"),
        }
    }
}

fn step(stride: [i64; 2]) -> String {
    match stride {
        [1, 1] => String::new(),
        [h, w] if h == w => format!(" / {h}"),
        [h, w] => format!(" / {h}, {w}"),
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Field::WholeImage => write!(f, "whole image"),
            Field::Window { size, stride, .. } => {
                write!(f, "{} every {}", sides(size), sides(stride))
            }
        }
    }
}
