//! Compares statements with the committed ones under `tests/snapshots/sql/`, so that a reviewer can
//! read the SQL and sees every change of it.

use sea_orm::{DbBackend, Statement};
use sqlformat::{FormatOptions, QueryParams};
use std::path::PathBuf;

/// The databases, each with the folder of its statements.
pub const DATABASES: [(DbBackend, &str); 2] =
    [(DbBackend::Postgres, "postgres"), (DbBackend::Sqlite, "sqlite")];

/// The folder with the statements of a database.
pub fn folder(database: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "tests", "snapshots", "sql", database].iter().collect()
}

/// Asserts that the statement equals the committed one, for both databases. With
/// `INSTA_UPDATE=always`, as for the other snapshots, it writes the snapshot instead.
pub fn assert_statement(name: &str, statement: impl Fn(DbBackend) -> Statement) {
    for (backend, _) in DATABASES {
        assert_statement_of(backend, name, &statement(backend));
    }
}

/// The same for a statement of only one database.
pub fn assert_statement_of(backend: DbBackend, name: &str, statement: &Statement) {
    let (_, database) =
        DATABASES.into_iter().find(|(one, _)| *one == backend).expect("one of the two");
    let file = folder(database).join(format!("{name}.sql"));
    let options = FormatOptions {
        max_inline_block: 72,
        max_inline_arguments: Some(80),
        max_inline_top_level: Some(80),
        joins_as_top_level: true,
        ..FormatOptions::default()
    };
    let sql = sqlformat::format(&statement.sql, &QueryParams::None, &options) + "\n";
    assert!(!sql.contains(" :"), "a parameter without a value: {sql}");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::create_dir_all(folder(database)).expect("a folder");
        std::fs::write(&file, &sql).expect("a file");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        sql,
        committed,
        "{} is not what it was; CONTRIBUTING.md says how to accept it",
        file.display()
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    /// The folder where statements may use numbers instead of names, and need no snapshot. They are
    /// fixed statements about the database itself.
    const BY_NUMBER: &str = "database/";

    /// The sources, each with its path.
    fn sources() -> Vec<(String, String)> {
        fn walk(folder: &Path, root: &Path, found: &mut Vec<(String, String)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, root, found);
                } else {
                    let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                    found.push((name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
        let (root, mut found) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), Vec::new());
        walk(&root, &root, &mut found);
        found
    }

    /// The names of the committed statements, up to the first full stop.
    fn committed() -> BTreeSet<String> {
        let files = DATABASES.iter().flat_map(|(_, name)| fs::read_dir(folder(name)).unwrap());
        let names = files.map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
        names.map(|name| name.split('.').next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn every_statement_that_is_written_as_sql_is_committed() {
        let committed = committed();
        for (path, source) in sources() {
            let mut function = "";
            for line in source.lines() {
                if let Some((_, rest)) = line.split_once("fn ") {
                    function = rest.split(['(', '<']).next().unwrap_or_default();
                }
                if line.contains(".statement(") && !path.starts_with("database/") {
                    let name = function.strip_suffix("_statement");
                    let name = name.unwrap_or_else(|| panic!("{path}: name {function} _statement"));
                    assert!(committed.contains(name), "{path}: {function} has no snapshot");
                }
                let by_number = line.contains("Statement::from_") || line.contains(" statement(");
                let may = path.starts_with(BY_NUMBER);
                assert!(!by_number || may, "{path}: bind {line} by names");
            }
        }
    }

    #[test]
    fn every_committed_statement_is_one_of_a_function() {
        let sources: String = sources().into_iter().map(|(_, source)| source).collect();
        for name in committed() {
            let is_asserted = [format!("\"{name}\""), format!("\"{name}.")];
            assert!(
                is_asserted.iter().any(|text| sources.contains(text)),
                "{name}.sql is left over"
            );
        }
    }
}
