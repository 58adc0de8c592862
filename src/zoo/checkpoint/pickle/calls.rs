//! What the whitelisted names do when a pickle calls them.

use super::globals::Global;
use super::machine::Machine;
use super::value::{Id, Value};
use crate::zoo::checkpoint::fault::{Fault, Result};
use crate::zoo::checkpoint::view::View;

impl Machine {
    /// `callee(*arguments)`, for REDUCE and NEWOBJ.
    pub fn call(&mut self, callee: Id, arguments: Id) -> Result<Id> {
        let arguments = self.items(arguments)?;
        let Value::Global(global) = self.values[callee.0] else {
            return Err(Fault::damaged(format!("it calls {}", self.values[callee.0].what())));
        };
        match (global, arguments) {
            (Global::OrderedDict, []) => Ok(self.make(Value::Dict(Vec::new()))),
            (Global::OrderedDict, &[pairs]) => self.dict(pairs),
            (Global::RebuildTensor, &[storage, offset, size, stride])
            | (Global::RebuildTensorV2, &[storage, offset, size, stride, _, _, ..]) => {
                self.tensor(storage, [offset, size, stride])
            }
            (Global::Parameter, []) => Ok(self.make(Value::Blank)),
            (Global::RebuildParameter | Global::Parameter, &[tensor, ..]) => self.parameter(tensor),
            (global, arguments) => Err(Fault::damaged(format!(
                "it calls {global:?} with {} arguments",
                arguments.len()
            ))),
        }
    }

    /// `target.__setstate__(state)`: only a parameter of old takes anything from its state.
    pub fn build(&mut self, target: Id, state: Id) -> Result<Id> {
        match &self.values[target.0] {
            Value::Blank => {
                let data = self.items(state)?.first().copied().unwrap_or(target);
                self.values[target.0] = self.values[self.parameter(data)?.0].clone();
                Ok(target)
            }
            Value::Dict(_) | Value::Tensor { .. } => Ok(target),
            other => Err(Fault::damaged(format!("it gives {} a state", other.what()))),
        }
    }

    fn tensor(&mut self, storage: Id, [offset, size, stride]: [Id; 3]) -> Result<Id> {
        let Value::Storage { storage, start, len } = self.values[storage.0] else {
            return Err(Fault::damaged("a tensor has no storage"));
        };
        let offset = self.number(offset)?.saturating_add(start);
        let view = View::new(offset, self.numbers(size)?, self.numbers(stride)?)?;
        view.span(start + len)?;
        Ok(self.make(Value::Tensor { storage, view: Box::new(view) }))
    }

    fn parameter(&self, tensor: Id) -> Result<Id> {
        match &self.values[tensor.0] {
            Value::Tensor { .. } => Ok(tensor),
            other => Err(Fault::damaged(format!("a parameter is made of {}", other.what()))),
        }
    }

    fn dict(&mut self, pairs: Id) -> Result<Id> {
        self.spend(self.items(pairs)?.len())?;
        let entries = self.items(pairs)?.iter().map(|&pair| match *self.items(pair)? {
            [key, value] => Ok((key, value)),
            _ => Err(Fault::damaged("an entry of a dict is not a pair")),
        });
        let entries = entries.collect::<Result<_>>()?;
        Ok(self.make(Value::Dict(entries)))
    }

    pub fn items(&self, id: Id) -> Result<&[Id]> {
        match &self.values[id.0] {
            Value::Tuple(items) | Value::List(items) => Ok(items),
            other => Err(Fault::damaged(format!("it has {} for a tuple", other.what()))),
        }
    }

    pub fn number(&self, id: Id) -> Result<usize> {
        match self.values[id.0] {
            Value::Int(n) => usize::try_from(n)
                .map_err(|_| Fault::damaged(format!("it has {n} for a length or an offset"))),
            ref other => Err(Fault::damaged(format!("it has {} for a number", other.what()))),
        }
    }

    fn numbers(&self, id: Id) -> Result<Vec<usize>> {
        let items = self.items(id)?;
        items.iter().take(64).map(|&id| self.number(id)).collect()
    }
}
