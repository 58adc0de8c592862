//! The public functions of the crate, read from its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::{FnArg, ImplItem, Item, Signature, Type, UseTree, Visibility};

/// A module of the crate: `["lecture", "saliency"]` and what its file holds.
type Modules = BTreeMap<Vec<String>, Vec<Item>>;

/// Every public function: `saliency`, `Pgd::run`; where two of one name are public, with their modules:
/// `cs231n::gram_matrix`. And whether it can be called badly.
pub fn functions() -> BTreeMap<String, bool> {
    let mut modules = Modules::new();
    read(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"), vec![], &mut modules);
    let public = public_items(&modules);
    let mut found: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for (module, items) in &modules {
        for (name, can_fail) in items.iter().flat_map(|item| named(item, module, &public)) {
            let place = module.last().cloned().unwrap_or_default();
            found.entry(name).or_default().push((place, can_fail));
        }
    }
    let unique = |(name, places): (String, Vec<(String, bool)>)| match &places[..] {
        [(_, can_fail)] => vec![(name, *can_fail)],
        // `gram_matrix` is also one of the assignment's functions, which keep its names.
        _ => places.into_iter().map(|(place, fails)| (format!("{place}::{name}"), fails)).collect(),
    };
    found.into_iter().flat_map(unique).collect()
}

/// Reads a file and the files of its modules, but for tests.
fn read(file: PathBuf, module: Vec<String>, modules: &mut Modules) {
    let text = std::fs::read_to_string(&file).unwrap();
    let items = syn::parse_file(&text).unwrap().items;
    let folder = match file.file_name().unwrap().to_str() {
        Some("lib.rs" | "mod.rs") => file.parent().unwrap().to_path_buf(),
        _ => file.with_extension(""),
    };
    for item in &items {
        if let Item::Mod(inner) = item
            && inner.content.is_none()
            && !is_test(&inner.attrs)
        {
            let name = inner.ident.to_string();
            let path = folder.join(&name).join("mod.rs");
            let path = if path.exists() { path } else { folder.join(format!("{name}.rs")) };
            read(path, [module.clone(), vec![name]].concat(), modules);
        }
    }
    modules.insert(module, items);
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    let of_tests = |a: &syn::Attribute| {
        a.parse_args::<syn::Ident>().is_ok_and(|i| i == "test" || i == "fuzzing")
    };
    attributes.iter().any(|a| a.path().is_ident("cfg") && of_tests(a))
}

/// What a user can name: the module that an item stands in, and the item.
fn public_items(modules: &Modules) -> BTreeSet<(Vec<String>, String)> {
    let mut public = BTreeSet::new();
    let mut open = vec![vec![]];
    while let Some(module) = open.pop() {
        for item in &modules[&module] {
            match item {
                Item::Mod(inner) if is_public(&inner.vis) => {
                    let inner = [module.clone(), vec![inner.ident.to_string()]].concat();
                    open.extend(modules.contains_key(&inner).then_some(inner));
                }
                Item::Use(found) if is_public(&found.vis) => {
                    exported(&found.tree, &module, modules, &mut public);
                }
                _ => {
                    let own = own_name(item).map(|name| (module.clone(), name));
                    public.extend(own);
                }
            }
        }
    }
    public
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The name of a public item of a module.
fn own_name(item: &Item) -> Option<String> {
    let (visibility, name) = match item {
        Item::Fn(f) => (&f.vis, &f.sig.ident),
        Item::Struct(s) => (&s.vis, &s.ident),
        Item::Enum(e) => (&e.vis, &e.ident),
        Item::Trait(t) => (&t.vis, &t.ident),
        _ => return None,
    };
    is_public(visibility).then(|| name.to_string())
}

/// `pub use inner::{A, b}` and `pub use inner::*`.
fn exported(
    tree: &UseTree,
    module: &[String],
    modules: &Modules,
    public: &mut BTreeSet<(Vec<String>, String)>,
) {
    match tree {
        UseTree::Path(path) => {
            let inner = [module, &[path.ident.to_string()]].concat();
            let inner = if path.ident == "self" { module.to_vec() } else { inner };
            if modules.contains_key(&inner) {
                exported(&path.tree, &inner, modules, public);
            }
        }
        UseTree::Name(name) => named_there(&name.ident.to_string(), module, modules, public),
        UseTree::Rename(name) => named_there(&name.ident.to_string(), module, modules, public),
        UseTree::Glob(_) => {
            let all = modules[module].iter().filter_map(own_name);
            public.extend(all.map(|name| (module.to_vec(), name)));
        }
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| exported(tree, module, modules, public));
        }
    }
}

/// An item of a module, or what that module itself takes from one further down.
fn named_there(
    name: &str,
    module: &[String],
    modules: &Modules,
    public: &mut BTreeSet<(Vec<String>, String)>,
) {
    public.insert((module.to_vec(), name.to_string()));
    for item in &modules[module] {
        if let Item::Use(found) = item
            && is_public(&found.vis)
        {
            let mut deeper = BTreeSet::new();
            exported(&found.tree, module, modules, &mut deeper);
            public.extend(deeper.into_iter().filter(|(_, other)| other == name));
        }
    }
}

/// The functions in an item that a user can call, and whether the call can be bad.
fn named(
    item: &Item,
    module: &[String],
    public: &BTreeSet<(Vec<String>, String)>,
) -> Vec<(String, bool)> {
    match item {
        Item::Fn(f) if is_public(&f.vis) => {
            let name = f.sig.ident.to_string();
            let known = public.contains(&(module.to_vec(), name.clone()));
            if known { vec![(name, can_be_bad(&f.sig))] } else { vec![] }
        }
        Item::Impl(block) if block.trait_.is_none() => {
            let owner = owner(&block.self_ty).filter(|owner| known(owner, module, public));
            owner.map_or(vec![], |owner| methods(&owner, block))
        }
        _ => vec![],
    }
}

fn methods(owner: &str, block: &syn::ItemImpl) -> Vec<(String, bool)> {
    let method = |item: &ImplItem| match item {
        ImplItem::Fn(f) if is_public(&f.vis) => {
            Some((format!("{owner}::{}", f.sig.ident), can_be_bad(&f.sig)))
        }
        _ => None,
    };
    block.items.iter().filter_map(method).collect()
}

/// Whether a call can be bad: one with arguments, or one on a value that says that it may fail. A constructor
/// without arguments and a plain getter cannot.
fn can_be_bad(signature: &Signature) -> bool {
    let fails = |of: &syn::ReturnType| type_name(of).contains("Result");
    signature.inputs.iter().any(|input| matches!(input, FnArg::Typed(_)))
        || (signature.receiver().is_some() && fails(&signature.output))
}

/// The name of the type that comes back.
fn type_name(of: &syn::ReturnType) -> String {
    let syn::ReturnType::Type(_, of) = of else { return String::new() };
    owner(of).unwrap_or_default()
}

fn owner(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// Whether the type of an `impl` is public: the one of that name in the same concept.
fn known(owner: &str, module: &[String], public: &BTreeSet<(Vec<String>, String)>) -> bool {
    let common = |other: &[String]| module.iter().zip(other).take_while(|(a, b)| a == b).count();
    public.iter().any(|(at, name)| {
        name == owner && (common(at) + 1 >= module.len().min(at.len()).max(1) || owner == "Net")
    })
}
