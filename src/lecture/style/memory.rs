//! How much memory a size needs.

use super::Style;
use crate::check::size_within;
use crate::net::{Net, Op};
use crate::{Error, Method, Result};

/// Bytes of a float.
const FLOAT: u64 = 4;

impl Style {
    /// Bytes that a photo of `size`, height and width, needs while it is painted: the activations up to the
    /// deepest layer, a copy of the layers that are read, gradients, and the steps that L-BFGS remembers.
    ///
    /// ```
    /// use convlens::{net::Net, style::Style};
    /// let style = Style { content: vec![("input".into(), 1.0)], style: vec![], ..Style::default() };
    /// // 3 numbers a pixel: the image, its copy, two gradients, and 2 x 20 + 2 of the steps; 4 bytes each.
    /// assert_eq!(style.memory(&Net::new("pixels"), [10, 20])?, 200 * 3 * 4 * (4 + 42));
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn memory(&self, net: &Net, size: [i64; 2]) -> Result<u64> {
        size_within("size", size)?;
        let layers = self.content.iter().chain(&self.style).map(|(name, _)| net.id(name));
        let read = layers.collect::<Result<Vec<_>>>()?;
        let shapes =
            net.shapes(&[1, 3, size[0], size[1]], read.iter().copied().max().unwrap_or(0))?;
        let numbers: Vec<u64> =
            shapes.iter().map(|shape| shape.iter().product::<i64>() as u64).collect();
        let kept = |(numbers, layer): (&u64, &std::rc::Rc<crate::net::Layer>)| match layer.op {
            // A ReLU overwrites its input; a pool also remembers where its values came from.
            Op::Relu | Op::Relu6 => 0,
            Op::MaxPool2d(_) => 3 * numbers,
            _ => *numbers,
        };
        let activations: u64 = numbers.iter().zip(net.layers()).map(kept).sum();
        let copies: u64 = read.iter().map(|&id| numbers[id]).sum();
        let gradients = 2 * numbers.iter().max().unwrap_or(&0);
        let steps = match self.climb.method {
            Method::Lbfgs { history, .. } => 2 * history as u64 + 2,
            _ => 3,
        };
        Ok(FLOAT * (activations + copies + gradients + steps * numbers[0]))
    }

    pub(super) fn check_memory(&self, net: &Net, [h, w]: [i64; 2]) -> Result<()> {
        let needed = self.memory(net, [h, w])?;
        if needed <= self.memory {
            return Ok(());
        }
        let short = (h.min(w) as f64 * (self.memory as f64 / needed as f64).sqrt()).floor();
        let megabytes = |bytes: u64| format!("{} MB", bytes / 1_000_000);
        let got = format!("{} for {h}x{w}", megabytes(needed));
        let advice = format!("`resize_short(&photo, {short})` fits, or raise `Style::memory`");
        Err(Error::argument("memory", format!("at most {}", megabytes(self.memory)), got, advice))
    }
}
