//! Checks the structure of the crates: which module imports which, according to their sources.
//!
//! Modules of one folder form layers. A module imports only from lower layers, so there is no
//! cycle. `tests/snapshots/modules_*.snap` shows the layers; `cargo insta test` updates it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod circles;
mod imports;
mod modules;
mod refusals;

use circles::{circle, layers};
use imports::Imports;
use modules::{Module, path_of};
use std::path::{Path, PathBuf};

/// The workspace's crates that form the product.
const CRATES: [&str; 7] = ["entity", "migration", "service", "backup", "archive", "import", "api"];

/// The schema's objects refer to each other, as people and memos do.
const MAY_NAME_EACH_OTHER: [&str; 1] = ["crate::graphql::objects"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn module_tree(name: &str) -> Module {
    Module::read(&root().join(name).join("src/lib.rs"))
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    for name in CRATES {
        let tree = module_tree(name);
        let imports = Imports::of(&tree);
        let circles: Vec<String> = tree
            .folders()
            .iter()
            .filter(|folder| !MAY_NAME_EACH_OTHER.contains(&path_of(&folder.path).as_str()))
            .filter_map(|folder| {
                let circle = circle(&imports.between_children(folder))?;
                let arrows: Vec<String> = circle
                    .windows(2)
                    .flat_map(|pair| imports.named(folder, &pair[0], &pair[1]))
                    .collect();
                Some(format!("{}: {}", circle.join(" → "), arrows.join("; ")))
            })
            .collect();
        assert!(circles.is_empty(), "circles in `{name}`:\n{}", circles.join("\n"));
    }
}

#[test]
fn the_layers_of_each_crate_are_as_reviewed() {
    for name in ["service", "backup", "archive", "import", "api"] {
        let tree = module_tree(name);
        let imports = Imports::of(&tree);
        let picture = layers(&imports.between_children(&tree));
        insta::with_settings!({
            snapshot_path => "../snapshots", prepend_module_to_snapshot => false,
            omit_expression => true
        }, {
            insta::assert_snapshot!(format!("modules_{name}"), picture);
        });
    }
}

#[test]
fn the_services_know_neither_http_nor_graphql() {
    const FOREIGN: [&str; 4] = ["axum", "async_graphql", "hyper", "tower_http"];
    let tree = module_tree("service");
    let found: Vec<String> = tree
        .all()
        .iter()
        .flat_map(|module| {
            let paths = module.paths().iter();
            paths
                .filter(|path| FOREIGN.contains(&path[0].as_str()))
                .map(|path| format!("{} names {}", path_of(&module.path), path.join("::")))
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_conversions_of_an_import_know_no_database() {
    const FOREIGN: [&str; 4] = ["sea_orm", "crate::staging::Staging", "crate::steps", "tokio"];
    let tree = module_tree("import");
    let conversions: Vec<&Module> = tree
        .all()
        .into_iter()
        .filter(|module| path_of(&module.path).starts_with("crate::convert"))
        .collect();
    assert!(conversions.len() >= 6, "the conversions are not where they were");
    for module in conversions {
        for path in module.paths() {
            let path = path.join("::");
            assert!(
                !FOREIGN.iter().any(|foreign| path.starts_with(foreign)),
                "{} names {path}",
                path_of(&module.path)
            );
        }
    }
}

#[test]
fn the_rules_know_no_database() {
    const FOREIGN: [&str; 3] = ["sea_orm", "crate::database", "crate::Services"];
    let tree = module_tree("service");
    let rules: Vec<&Module> =
        tree.all().into_iter().filter(|module| module.path.ends_with(&["policy".into()])).collect();
    assert!(rules.len() >= 5, "the rules are not where they were");
    for module in rules {
        for path in module.paths() {
            let path = path.join("::");
            assert!(
                !FOREIGN.iter().any(|foreign| path.starts_with(foreign)),
                "{} names {path}",
                path_of(&module.path)
            );
        }
    }
}

#[test]
fn each_reason_of_a_refusal_has_a_code_of_its_own() {
    let mut folders = vec![root().join("api/src/graphql/mutations")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    assert!(files.len() > 20, "the mutations are not where they were");
    let found: Vec<String> = files.iter().flat_map(|file| refusals::with_wildcard(file)).collect();
    assert!(found.is_empty(), "matches with an arm for the rest:\n{}", found.join("\n"));
}
