//! The machine's memory: an arena of values, a stack, a memo, and the limit on all of them.

use super::value::{Id, Value};
use crate::zoo::checkpoint::assembly::Storage;
use crate::zoo::checkpoint::fault::{Fault, Result};
use std::collections::HashMap;

/// Opcodes of one pickle, and with them values, stack, marks and memo. A tensor takes about 45.
const MAX_STEPS: usize = 1 << 20;

#[derive(Default)]
pub(super) struct Machine {
    pub values: Vec<Value>,
    pub storages: Vec<Storage>,
    pub keys: HashMap<String, usize>,
    pub stack: Vec<Id>,
    pub marks: Vec<usize>,
    pub memo: HashMap<u64, Id>,
    steps: usize,
}

impl Machine {
    /// Counts work against the limit.
    pub fn spend(&mut self, steps: usize) -> Result<()> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS {
            return Err(Fault::damaged(format!("its pickle takes more than {MAX_STEPS} steps")));
        }
        Ok(())
    }

    /// A new value in the arena.
    pub fn make(&mut self, value: Value) -> Id {
        self.values.push(value);
        Id(self.values.len() - 1)
    }

    pub fn push(&mut self, value: Value) {
        let id = self.make(value);
        self.stack.push(id);
    }

    pub fn mark(&mut self) -> Result<()> {
        self.marks.push(self.stack.len());
        Ok(())
    }

    pub fn pop(&mut self) -> Result<Id> {
        let floor = self.marks.last().copied().unwrap_or(0);
        match self.stack.pop() {
            Some(id) if self.stack.len() >= floor => Ok(id),
            _ => Err(Fault::damaged("its pickle takes more than it put down")),
        }
    }

    pub fn pop_many<const N: usize>(&mut self) -> Result<[Id; N]> {
        let mut items = [Id(0); N];
        for item in items.iter_mut().rev() {
            *item = self.pop()?;
        }
        Ok(items)
    }

    pub fn pop_to_mark(&mut self) -> Result<Vec<Id>> {
        let mark = self.marks.pop().ok_or_else(|| Fault::damaged("its pickle lacks a mark"))?;
        Ok(self.stack.split_off(mark))
    }

    pub fn top(&self) -> Result<Id> {
        let top = self.stack.last().copied();
        top.ok_or_else(|| Fault::damaged("its pickle takes more than it put down"))
    }
}
