//! The same network with means for its max pools.

use super::{Layer, Net, Op};
use std::rc::Rc;

impl Net {
    /// The network with every max pool a mean pool over the same windows; its weights are shared.
    ///
    /// A max pool sends a gradient to one pixel of its window, a mean to all: images made by gradients
    /// come out smoother (Gatys, Ecker and Bethge 2015, section 2). The weights were trained for max
    /// pools, whose values are larger, so a classifier's answers change.
    ///
    /// ```
    /// use convlens::net::{Net, Op, Pool};
    /// use tch::Tensor;
    /// let net = Net::new("tiny").then("pool1", Op::MaxPool2d(Pool::square(2)))?;
    /// let x = Tensor::from_slice(&[1f32, 2., 3., 6.]).view([1, 1, 2, 2]);
    /// assert_eq!(net.tap(&x, "pool1")?.double_value(&[0, 0, 0, 0]), 6.0);
    /// assert_eq!(net.with_average_pools().tap(&x, "pool1")?.double_value(&[0, 0, 0, 0]), 3.0);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn with_average_pools(&self) -> Net {
        let layers = self.layers.iter().map(|layer| match layer.op {
            Op::MaxPool2d(pool) => Rc::new(Layer {
                name: layer.name.clone(),
                op: Op::AvgPool2d(pool),
                inputs: layer.inputs.clone(),
                folded: None,
            }),
            _ => layer.clone(),
        });
        let name = format!("{} with average pools", self.name);
        Net { name, layers: layers.collect(), classes: self.classes.clone() }
    }
}
