//! What a pickle is made of, as plain values in an arena.

use super::globals::Global;
use crate::zoo::checkpoint::assembly::Storage;
use crate::zoo::checkpoint::fault::{Fault, Result};
use crate::zoo::checkpoint::view::View;

/// A value's place in the arena. Values refer to each other by place, so that a deep or shared
/// structure is never walked and never copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::zoo::checkpoint) struct Id(pub(super) usize);

/// A value that a checkpoint's pickle can make.
#[derive(Debug, Clone)]
pub(in crate::zoo::checkpoint) enum Value {
    None,
    Bool(bool),
    Int(i128),
    Float,
    Text(String),
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    Global(Global),
    /// `len` numbers from `start` of storage number `storage`.
    Storage {
        storage: usize,
        start: usize,
        len: usize,
    },
    /// A view of storage number `storage`.
    Tensor {
        storage: usize,
        view: Box<View>,
    },
    /// A `Parameter` before its state.
    Blank,
}

impl Value {
    /// The value's kind, for messages.
    pub fn what(&self) -> &'static str {
        match self {
            Value::None => "None",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float => "a number",
            Value::Text(_) => "a text",
            Value::Tuple(_) => "a tuple",
            Value::List(_) => "a list",
            Value::Dict(_) => "a dict",
            Value::Global(_) => "a class or function",
            Value::Storage { .. } => "a storage",
            Value::Tensor { .. } => "a tensor",
            Value::Blank => "a parameter without data",
        }
    }
}

/// Everything a pickle made.
pub(in crate::zoo::checkpoint) struct Object {
    pub(super) values: Vec<Value>,
    pub(super) root: Id,
    /// The storages that it names; their numbers lie elsewhere in the file.
    pub storages: Vec<Storage>,
}

impl Object {
    /// The outermost value.
    pub fn root(&self) -> &Value {
        self.get(self.root)
    }

    pub fn get(&self, id: Id) -> &Value {
        &self.values[id.0]
    }

    /// The text at `id`.
    pub fn text(&self, id: Id) -> Result<&str> {
        match self.get(id) {
            Value::Text(text) => Ok(text),
            other => Err(Fault::refused(format!("expected a name, the file has {}", other.what()))),
        }
    }

    /// The entry of a dict under a text key.
    pub fn entry(&self, dict: &[(Id, Id)], key: &str) -> Option<&Value> {
        let is_key = |id: Id| matches!(self.get(id), Value::Text(text) if text == key);
        dict.iter().rev().find(|(k, _)| is_key(*k)).map(|&(_, v)| self.get(v))
    }
}
