//! From storages, which arrive one after another, to the tensors that look into them.

use super::fault::{Fault, Result, quoted};
use super::view::View;
use std::collections::HashMap;
use tch::{Kind, Tensor};

/// All tensors together take at most this many times the file's length.
const MAX_GROWTH: u64 = 8;

/// A run of raw numbers in a file.
#[derive(Debug)]
pub(super) struct Storage {
    pub key: String,
    pub kind: Kind,
    pub len: usize,
}

impl Storage {
    /// Its length in bytes.
    pub fn bytes(&self) -> Result<u64> {
        let bytes = self.len.checked_mul(self.kind.elt_size_in_bytes());
        let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
        bytes.ok_or_else(|| Fault::damaged(format!("a storage of {} numbers", self.len)))
    }
}

/// One named tensor: a view of storage number `storage`.
#[derive(Debug)]
pub(super) struct Recipe {
    pub name: String,
    pub storage: usize,
    pub view: View,
}

/// Tensors to be, and those that are done.
pub(super) struct Assembly {
    pub storages: Vec<Storage>,
    recipes: Vec<Recipe>,
    users: Vec<Vec<usize>>,
    indices: HashMap<String, usize>,
    done: Vec<Option<Tensor>>,
}

impl Assembly {
    /// Refuses what does not fit a file of `length` bytes, before anything of it is allocated.
    pub fn new(storages: Vec<Storage>, recipes: Vec<Recipe>, length: u64) -> Result<Self> {
        check_storages(&storages, length)?;
        check_tensors(&storages, &recipes, length)?;
        let mut users = vec![Vec::new(); storages.len()];
        for (i, recipe) in recipes.iter().enumerate() {
            users[recipe.storage].push(i);
        }
        let indices = storages.iter().enumerate().map(|(i, s)| (s.key.clone(), i)).collect();
        let done = recipes.iter().map(|_| None).collect();
        Ok(Assembly { storages, recipes, users, indices, done })
    }

    /// Whether any tensor looks into this storage.
    pub fn needs(&self, storage: usize) -> bool {
        !self.users[storage].is_empty()
    }

    /// The number of the storage of this key.
    pub fn index_of(&self, key: &str) -> Option<usize> {
        self.indices.get(key).copied()
    }

    /// Builds every tensor that looks into this storage.
    pub fn feed(&mut self, storage: usize, bytes: &[u8]) -> Result<()> {
        for &i in &self.users[storage] {
            let tensor = self.recipes[i].view.tensor(bytes, self.storages[storage].kind)?;
            self.done[i] = Some(tensor);
        }
        Ok(())
    }

    /// All tensors, in the file's order.
    pub fn finish(self) -> Result<Vec<(String, Tensor)>> {
        let pairs = self.recipes.into_iter().zip(self.done);
        let named = pairs.map(|(recipe, tensor)| match tensor {
            Some(tensor) => Ok((recipe.name, tensor)),
            None => {
                let name = quoted(&recipe.name);
                Err(Fault::damaged(format!("the numbers of {name} are not in the file")))
            }
        });
        named.collect()
    }
}

fn check_storages(storages: &[Storage], length: u64) -> Result<()> {
    let mut total = 0_u64;
    for storage in storages {
        total = total.saturating_add(storage.bytes()?);
    }
    if total > length {
        let why = format!("it claims {total} bytes of numbers, the file has {length} bytes");
        return Err(Fault::damaged(why));
    }
    Ok(())
}

fn check_tensors(storages: &[Storage], recipes: &[Recipe], length: u64) -> Result<()> {
    let mut total = 0_u64;
    for recipe in recipes {
        let at = |fault: Fault| fault.in_tensor(&recipe.name);
        recipe.view.span(storages[recipe.storage].len).map_err(at)?;
        let bytes = u64::try_from(recipe.view.elements()?).unwrap_or(u64::MAX).saturating_mul(4);
        total = total.saturating_add(bytes);
    }
    if total > length.saturating_mul(MAX_GROWTH) {
        let why = format!("{length} bytes claim to be tensors of {total} bytes in all");
        return Err(Fault::damaged(why));
    }
    Ok(())
}
