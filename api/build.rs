//! Says from which commit a release is built. Other builds do not ask, since every commit would
//! then compile this crate anew.

use std::{env, path::Path, process::Command};

fn main() {
    println!("cargo::rerun-if-env-changed=MEMORANDA_COMMIT");
    let (version, target) = (variable("CARGO_PKG_VERSION"), variable("TARGET"));
    let origin = if variable("PROFILE") == "release" {
        commit().map_or("unknown commit".to_owned(), |commit| format!("commit {commit}"))
    } else {
        "development build".to_owned()
    };
    println!("cargo::rustc-env=MEMORANDA_VERSION={version} ({origin}, {target})");
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// The commit that the build was told, or that of the checkout; `-dirty` if files were changed.
fn commit() -> Option<String> {
    if let Ok(commit) = env::var("MEMORANDA_COMMIT")
        && !commit.is_empty()
    {
        return Some(commit);
    }
    for file in ["../.git/HEAD", "../.git/logs/HEAD"] {
        if Path::new(file).exists() {
            println!("cargo::rerun-if-changed={file}");
        }
    }
    let described = Command::new("git")
        .args(["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"])
        .output()
        .ok()?;
    let text = String::from_utf8(described.stdout).ok()?;
    let commit = text.trim();
    (described.status.success() && !commit.is_empty()).then(|| commit.to_owned())
}
