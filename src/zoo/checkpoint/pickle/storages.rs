//! Storages, which a pickle names and does not contain.

use super::globals::Global;
use super::machine::Machine;
use super::value::{Id, Value};
use crate::zoo::checkpoint::assembly::Storage;
use crate::zoo::checkpoint::fault::{Fault, Result};

impl Machine {
    /// The storage that `("storage", kind, key, device, len, part)` names.
    pub fn storage(&mut self, id: Id) -> Result<Id> {
        let unknown = || Fault::damaged("it names a storage in an unknown way");
        let (tag, kind, key, len, part) = match *self.items(id)? {
            [tag, kind, key, _, len] => (tag, kind, key, len, None),
            [tag, kind, key, _, len, part] => (tag, kind, key, len, Some(part)),
            _ => return Err(unknown()),
        };
        let [tag, kind, key] = [tag, kind, key].map(|id| &self.values[id.0]);
        let (Value::Text(tag), Value::Global(Global::Storage(kind)), Value::Text(key)) =
            (tag, kind, key)
        else {
            return Err(unknown());
        };
        if tag != "storage" {
            return Err(unknown());
        }
        let storage = Storage { key: key.clone(), kind: *kind, len: self.number(len)? };
        let (start, len) = self.part(part, storage.len)?;
        let storage = self.register(storage)?;
        Ok(self.make(Value::Storage { storage, start, len }))
    }

    fn register(&mut self, storage: Storage) -> Result<usize> {
        let next = self.storages.len();
        let index = *self.keys.entry(storage.key.clone()).or_insert(next);
        match self.storages.get(index) {
            None => self.storages.push(storage),
            Some(known) if (known.kind, known.len) == (storage.kind, storage.len) => {}
            Some(_) => return Err(Fault::damaged("it gives one storage two lengths or kinds")),
        }
        Ok(index)
    }

    /// Old torch names a part of a storage by `(key, start, len)`.
    fn part(&self, part: Option<Id>, whole: usize) -> Result<(usize, usize)> {
        let Some(part) = part.filter(|part| !matches!(self.values[part.0], Value::None)) else {
            return Ok((0, whole));
        };
        if let &[_, start, len] = self.items(part)? {
            let (start, len) = (self.number(start)?, self.number(len)?);
            if start.checked_add(len).is_some_and(|end| end <= whole) {
                return Ok((start, len));
            }
        }
        Err(Fault::damaged("it names a part outside of a storage"))
    }
}
