//! Where the named tensors are in what a pickle made.

use super::assembly::{Assembly, Recipe};
use super::fault::{Fault, Result, quoted};
use super::pickle::{Id, Object, Value};
use super::view::View;
use std::collections::HashSet;

/// The tensors of the outermost dict, or of the one under its key `state_dict`.
pub(super) fn assembly(object: Object, length: u64) -> Result<Assembly> {
    let recipes = recipes(&object)?;
    Assembly::new(object.storages, recipes, length)
}

fn recipes(object: &Object) -> Result<Vec<Recipe>> {
    let mut seen = HashSet::new();
    let mut recipes = Vec::new();
    for &(key, value) in state_dict(object)? {
        let recipe = recipe(object, key, value)?;
        if !seen.insert(recipe.name.clone()) {
            return Err(Fault::damaged(format!("{} is there twice", quoted(&recipe.name))));
        }
        recipes.push(recipe);
    }
    Ok(recipes)
}

fn state_dict(object: &Object) -> Result<&[(Id, Id)]> {
    let Value::Dict(dict) = object.root() else {
        let what = object.root().what();
        return Err(Fault::refused(format!("expected a dict of tensors, the file has {what}")));
    };
    match object.entry(dict, "state_dict") {
        Some(Value::Dict(inner)) => Ok(inner),
        _ => Ok(dict),
    }
}

fn recipe(object: &Object, key: Id, value: Id) -> Result<Recipe> {
    let name = object.text(key)?.to_string();
    match object.get(value) {
        Value::Tensor { storage, view } => {
            Ok(Recipe { name, storage: *storage, view: View::clone(view) })
        }
        other => {
            let (name, what) = (quoted(&name), other.what());
            Err(Fault::refused(format!("expected a tensor as {name}, the file has {what}")))
        }
    }
}
