//! The modules of a crate and the paths that each of them names.

use proc_macro2::{TokenStream, TokenTree};
use std::path::{Path, PathBuf};
use syn::{
    Attribute, Item, ItemMod, ItemUse, Macro, UseTree,
    visit::{self, Visit},
};

/// A module: a file, or a block within one.
#[derive(Debug)]
pub struct Module {
    /// Its names from the crate's root; empty for the root.
    pub path: Vec<String>,
    /// Its child modules.
    pub children: Vec<Module>,
    /// The paths that it names: absolute ones (`crate`, …), ones from itself (`self`, `super`), and
    /// ones of crates.
    named: Vec<Vec<String>>,
    /// What it re-exports or imports: the name, and the path.
    pub uses: Vec<(String, Vec<String>)>,
}

/// A module's path in Rust's notation.
pub fn path_of(path: &[String]) -> String {
    format!("crate{}", path.iter().map(|name| format!("::{name}")).collect::<String>())
}

impl Module {
    /// Reads a crate from its root's file.
    pub fn read(file: &Path) -> Self {
        let folder = file.parent().expect("a file is in a folder").to_owned();
        Self::read_file(file, &folder, Vec::new())
    }

    fn read_file(file: &Path, folder: &Path, path: Vec<String>) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_else(|error| {
            panic!("{} cannot be read: {error}", file.display());
        });
        let parsed = syn::parse_file(&text)
            .unwrap_or_else(|error| panic!("{} is not Rust: {error}", file.display()));
        Self::of_items(&parsed.items, folder, path)
    }

    fn of_items(items: &[Item], folder: &Path, path: Vec<String>) -> Self {
        let mut module = Self { path, children: Vec::new(), named: Vec::new(), uses: Vec::new() };
        for item in items {
            match item {
                Item::Mod(child) if is_of_tests(&child.attrs) => {}
                Item::Mod(child) => module.children.push(module.child(child, folder)),
                Item::Use(item) if is_of_tests(&item.attrs) => {}
                Item::Use(item) => module.import(item),
                item => Names(&mut module.named).visit_item(item),
            }
        }
        module
    }

    fn child(&self, child: &ItemMod, folder: &Path) -> Self {
        let name = child.ident.to_string();
        let path: Vec<String> = self.path.iter().cloned().chain([name.clone()]).collect();
        let inner = folder.join(&name);
        match &child.content {
            Some((_, items)) => Self::of_items(items, &inner, path),
            None => Self::read_file(&file_of(folder, &name), &inner, path),
        }
    }

    fn import(&mut self, item: &ItemUse) {
        let mut found = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut found);
        for (name, path) in found {
            self.named.push(path.clone());
            self.uses.push((name, path));
        }
    }

    /// The paths that the module itself names, without its children.
    pub fn paths(&self) -> &[Vec<String>] {
        &self.named
    }

    /// The module and all its descendants.
    pub fn all(&self) -> Vec<&Self> {
        let below = self.children.iter().flat_map(Self::all);
        [self].into_iter().chain(below).collect()
    }

    /// The module and its descendants that have children.
    pub fn folders(&self) -> Vec<&Self> {
        self.all().into_iter().filter(|module| !module.children.is_empty()).collect()
    }

    /// The descendant with that path.
    pub fn find(&self, path: &[String]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        self.children.iter().find(|child| child.path.last() == Some(first))?.find(rest)
    }
}

fn file_of(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(format!("{name}.rs"));
    if file.exists() { file } else { folder.join(name).join("mod.rs") }
}

fn is_of_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

/// The names that a `use` imports, each with its path. `*` means all that a module re-exports.
fn flatten(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<(String, Vec<String>)>) {
    match tree {
        UseTree::Path(part) => {
            path.push(part.ident.to_string());
            flatten(&part.tree, path, found);
            path.pop();
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, path, found);
            }
        }
        UseTree::Name(name) if name.ident == "self" => {
            found.push((path.last().cloned().unwrap_or_default(), path.clone()));
        }
        UseTree::Name(name) => found.push((name.ident.to_string(), with(path, &name.ident))),
        UseTree::Rename(name) if name.ident == "self" => {
            found.push((name.rename.to_string(), path.clone()));
        }
        UseTree::Rename(name) => found.push((name.rename.to_string(), with(path, &name.ident))),
        UseTree::Glob(_) => found.push(("*".to_owned(), path.clone())),
    }
}

fn with(path: &[String], name: &syn::Ident) -> Vec<String> {
    path.iter().cloned().chain([name.to_string()]).collect()
}

/// Gathers the paths of an item, including those within macros.
struct Names<'a>(&'a mut Vec<Vec<String>>);

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Use(item) = item {
            let mut found = Vec::new();
            flatten(&item.tree, &mut Vec::new(), &mut found);
            self.0.extend(found.into_iter().map(|(_, path)| path));
        }
        visit::visit_item(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        self.visit_path(&called.path);
        self.tokens(called.tokens.clone());
    }
}

impl Names<'_> {
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.end(&mut path);
                    colons = 0;
                    self.tokens(group.stream());
                }
                _ => {
                    self.end(&mut path);
                    colons = 0;
                }
            }
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.0.push(std::mem::take(path));
        }
        path.clear();
    }
}
