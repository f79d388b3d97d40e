//! The manifest: what an archive has, so that each missing or changed byte is noticed.

use crate::{
    Error, Result,
    layout::{self, is_sha256},
    tables::{LEFT_OUT, TABLES, Table},
};
use migration::{Migrator, MigratorTrait};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Says that a file is the manifest of an archive.
const FORMAT: &str = "memoranda archive";

/// The version of the format that this program writes, and the only one that it reads.
const VERSION: u32 = 1;

/// What an archive has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// Always `memoranda archive`.
    format: String,
    /// The version of the format.
    version: u32,
    /// The migrations of the database, in their order. They say which columns the rows have.
    pub migrations: Vec<String>,
    /// The tables, in the order in which an import writes them.
    pub tables: Vec<TableFile>,
    /// The last number that each table with numbered rows has given out.
    pub sequences: BTreeMap<String, i64>,
    /// The contents of files.
    pub contents: Contents,
    /// Contents that files have but the archive lacks.
    pub missing: Vec<MissingContent>,
    /// What an archive never has.
    pub left_out: Vec<LeftOut>,
}

/// The file of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableFile {
    /// The name of the table.
    pub table: String,
    /// Its place in the archive.
    pub file: String,
    /// The number of its rows, which is the number of its lines.
    pub rows: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// How many contents there are. The table `blobs` has the length and SHA-256 of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contents {
    /// Their number.
    pub count: u64,
    /// The sum of their lengths in bytes.
    pub bytes: u64,
}

/// A content that the file store did not have, or not with these bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MissingContent {
    /// Its SHA-256.
    pub sha256: String,
    /// Its length in bytes.
    pub size: i64,
    /// The ids of its files, as clients see them.
    pub files: Vec<String>,
}

/// A table, or a part of one, that no archive has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeftOut {
    /// The table, or which rows of it.
    pub what: String,
    /// The reason.
    pub reason: String,
}

/// The beginning of a manifest of any version.
#[derive(Deserialize)]
struct Kind {
    format: String,
    version: u64,
}

/// The migrations of this version, in their order.
pub(crate) fn known_migrations() -> Vec<String> {
    let migrations = Migrator::migrations();
    migrations.iter().map(|migration| migration.name().to_owned()).collect()
}

impl Manifest {
    /// The manifest of a database with the migrations of this version. It has nothing yet.
    pub(crate) fn new() -> Self {
        let left_out = LEFT_OUT.iter().map(|(what, reason)| LeftOut {
            what: (*what).to_owned(),
            reason: (*reason).to_owned(),
        });
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            migrations: known_migrations(),
            tables: Vec::new(),
            sequences: BTreeMap::new(),
            contents: Contents::default(),
            missing: Vec::new(),
            left_out: left_out.collect(),
        }
    }

    /// Its text: JSON for people to read as well.
    pub(crate) fn text(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self).map_err(service::Error::Json)?;
        Ok(text + "\n")
    }

    /// Reads a manifest, and checks that it describes an archive that this program can read.
    pub(crate) fn parse(text: &[u8]) -> Result<Self> {
        let broken = |error: &dyn std::fmt::Display| {
            Error::refused(format_args!(
                "{}: this is no manifest of an archive ({error}): take the archive from \
                 `memoranda export` as it is",
                layout::MANIFEST
            ))
        };
        let kind: Kind = serde_json::from_slice(text).map_err(|error| broken(&error))?;
        if kind.format != FORMAT {
            return Err(broken(&format_args!("its format is {:?}", kind.format)));
        }
        if kind.version != u64::from(VERSION) {
            return Err(Error::refused(format_args!(
                "{}: the archive has version {} of the format, and this program reads version \
                 {VERSION}: import it with the version of memoranda that wrote it",
                layout::MANIFEST,
                kind.version
            )));
        }
        let manifest: Self = serde_json::from_slice(text).map_err(|error| broken(&error))?;
        manifest.check().map_err(|problem| broken(&problem))?;
        Ok(manifest)
    }

    /// Whether each table is there once, at its place, and each content has a hash for a name.
    fn check(&self) -> Result<(), String> {
        for table in TABLES {
            let mut files = self.tables.iter().filter(|file| file.table == table.name);
            match (files.next(), files.next()) {
                (Some(file), None) if file.file == layout::of_table(table) => {}
                (Some(_), None) => return Err(format!("{} is not at its place", table.name)),
                (Some(_), Some(_)) => return Err(format!("{} is there twice", table.name)),
                (None, _) => return Err(format!("{} is missing", table.name)),
            }
        }
        if let Some(file) = self.tables.iter().find(|file| Table::named(&file.table).is_none()) {
            return Err(format!("there is no table {:?}", file.table));
        }
        if let Some(missing) = self.missing.iter().find(|missing| !is_sha256(&missing.sha256)) {
            return Err(format!("{:?} is no SHA-256", missing.sha256));
        }
        Ok(())
    }

    /// The file of a table. Every manifest has one for each table.
    pub(crate) fn file_of(&self, table: &Table) -> Result<&TableFile> {
        let file = self.tables.iter().find(|file| file.table == table.name);
        file.ok_or_else(|| Error::refused(format_args!("{} is missing", table.name)))
    }
}
