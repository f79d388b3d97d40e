//! Which module imports which.

use crate::modules::{Module, path_of};
use std::collections::{BTreeMap, BTreeSet};

/// The arrows between the modules of a folder: from each module to those that it imports.
pub type Arrows = BTreeMap<String, BTreeSet<String>>;

/// How many re-exports in a row are followed.
const MAX_HOPS: usize = 8;

/// The modules that each module of a crate imports, and the names used.
#[derive(Debug)]
pub struct Imports(Vec<Import>);

#[derive(Debug)]
struct Import {
    from: Vec<String>,
    to: Vec<String>,
    name: String,
}

impl Imports {
    /// Reads the imports of a crate.
    pub fn of(tree: &Module) -> Self {
        let mut imports = Vec::new();
        for module in tree.all() {
            for path in module.paths() {
                if let Some(to) = resolve(tree, module, path, MAX_HOPS) {
                    let (from, name) = (module.path.clone(), path.join("::"));
                    imports.push(Import { from, to, name });
                }
            }
        }
        Self(imports)
    }

    /// The arrows between the modules of a folder. Imports of a module's own children count as its
    /// own.
    pub fn between_children(&self, folder: &Module) -> Arrows {
        let mut arrows: Arrows = folder
            .children
            .iter()
            .filter_map(|child| Some((child.path.last()?.clone(), BTreeSet::new())))
            .collect();
        for import in &self.0 {
            if let Some((from, to)) = import.within(folder) {
                arrows.entry(from.clone()).or_default().insert(to.clone());
            }
        }
        arrows
    }

    /// The reasons for an arrow of [`between_children`](Self::between_children): files and names.
    pub fn named(&self, folder: &Module, from: &str, to: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .0
            .iter()
            .filter(|import| import.within(folder).is_some_and(|(a, b)| a == from && b == to))
            .map(|import| format!("{} names {}", path_of(&import.from), import.name))
            .collect();
        names.dedup();
        names
    }
}

impl Import {
    /// The folder's modules between which this import is an arrow.
    fn within(&self, folder: &Module) -> Option<(&String, &String)> {
        let below = |path: &'_ [String]| path.starts_with(&folder.path);
        if !below(&self.from) || !below(&self.to) {
            return None;
        }
        let depth = folder.path.len();
        let (from, to) = (self.from.get(depth)?, self.to.get(depth)?);
        (from != to).then_some((from, to))
    }
}

/// The module that contains what a path names; `None` if it belongs to another crate or is a local
/// name.
fn resolve(tree: &Module, module: &Module, path: &[String], hops: usize) -> Option<Vec<String>> {
    let (first, mut rest) = path.split_first()?;
    let mut start = module.path.clone();
    match first.as_str() {
        "crate" | "$crate" => start.clear(),
        "self" => {}
        "super" => {
            start.pop();
            while rest.first().is_some_and(|name| name == "super") {
                start.pop();
                rest = &rest[1..];
            }
        }
        // A child of this module. A name that a `use` imports is counted at the `use`.
        name if module.find(&[name.to_owned()]).is_some() => rest = path,
        _ => return None,
    }
    descend(tree, &start, rest, hops)
}

fn descend(tree: &Module, start: &[String], rest: &[String], hops: usize) -> Option<Vec<String>> {
    let mut module = tree.find(start)?;
    for (at, name) in rest.iter().enumerate() {
        if let Some(child) = module.find(std::slice::from_ref(name)) {
            module = child;
            continue;
        }
        // Not a module: an item of this module, or one that it re-exports.
        let handed_on = module.uses.iter().find(|(known, _)| known == name);
        if let Some((_, path)) = handed_on.filter(|_| hops > 0) {
            let path: Vec<String> = path.iter().chain(&rest[at + 1..]).cloned().collect();
            return resolve(tree, module, &path, hops - 1).or(Some(module.path.clone()));
        }
        break;
    }
    Some(module.path.clone())
}
