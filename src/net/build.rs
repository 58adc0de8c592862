//! Putting a network together, layer after layer.

use super::plan::folded;
use super::{Layer, LayerId, Net, Op};
use crate::clean::line;
use crate::{Error, Result};
use std::rc::Rc;

impl Net {
    /// A network that is only its input.
    pub fn new(name: &str) -> Self {
        let input = Layer { name: "input".into(), op: Op::Input, inputs: vec![], folded: None };
        Net { name: name.into(), layers: vec![Rc::new(input)], classes: vec![] }
    }

    /// Append a layer that reads the previous one.
    ///
    /// Errors: a name that is taken, weights of another shape, a number out of range: strides, dilations,
    /// windows and parts are 1 to 4096, borders 0 to 4096 (of a pool, up to half its window), deviations
    /// 0.000001 and more.
    pub fn then(self, name: &str, op: Op) -> Result<Self> {
        let previous = self.layers.len() - 1;
        self.push(name, op, vec![previous])
    }

    /// Append a layer that reads the named ones, for skip connections and branches. Errors: as [`Net::then`],
    /// and an unknown name.
    pub fn join(self, name: &str, op: Op, from: &[&str]) -> Result<Self> {
        let inputs = from.iter().map(|n| self.id(n)).collect::<Result<Vec<_>>>()?;
        self.push(name, op, inputs)
    }

    fn push(mut self, name: &str, op: Op, inputs: Vec<LayerId>) -> Result<Self> {
        let wanted = match op {
            Op::Add | Op::Concat => inputs.len() >= 2,
            _ => inputs.len() == 1,
        };
        if !wanted {
            let got = format!("{} inputs", inputs.len());
            return Err(Error::argument(
                name,
                "1 input, or 2 or more to add or concat",
                got,
                "name its inputs",
            ));
        }
        if self.layers.iter().any(|l| l.name == name) {
            let advice = "give every layer a name of its own";
            return Err(Error::argument(
                "layer name",
                "an unused name",
                format!("`{name}`"),
                advice,
            ));
        }
        op.check(name)?;
        let folded = folded(&self.layers[inputs[0]].op, &op)?;
        self.layers.push(Rc::new(Layer { name: name.into(), op, inputs, folded }));
        Ok(self)
    }

    /// Give the outputs of the last layer their names, each as one line.
    pub fn with_classes(mut self, classes: Vec<String>) -> Self {
        self.classes = classes.iter().map(|name| line(name)).collect();
        self
    }
}
