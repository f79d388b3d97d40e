//! The database schema of Memoranda for SQLite and PostgreSQL. Each migration has its own file.

mod dialect;
mod m20261123_000001_create_users;
mod m20261123_000002_create_catalogues;
mod m20261123_000003_create_work;
mod m20261123_000004_create_files;
mod m20261123_000005_create_memos;
mod m20261123_000006_track_memo_revisions;
mod m20261123_000007_create_deletion_records;
mod m20261123_000008_extend_memos;
mod m20261123_000009_extend_notifications;
mod m20261123_000010_create_memo_events;
mod m20261123_000014_find_people;
mod m20261123_000015_note_detached_files;
mod m20261123_000016_find_memos;
mod m20261123_000018_create_accounts;
mod m20261126_000019_move_deleted_memos;
mod m20261126_000020_reassign_memos;
mod m20261126_000021_hear_from_promotion;
mod m20261126_000024_index_event_viewers;
mod m20261126_000026_remove_bytes_outside_transactions;
mod m20261126_000027_create_installation;
mod m20261126_000028_index_folded_words;
mod m20261127_000022_create_ledger;
mod m20261127_000023_erase_and_attribute;
mod m20261127_000029_count_directory_changes;
mod m20261127_000030_create_idempotency_keys;
mod m20261127_000031_erase_people;
mod m20261127_000034_pass_on_work;
mod m20261127_000035_remember_imports;
mod m20261127_000036_add_memos_in_bulk;
mod m20261127_000037_sort_work;
mod m20261128_000038_order_notifications;
mod m20261128_000039_check_deletions_cheaply;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DatabaseConnection, Statement},
};

/// Names of the migrations that a database has, including those that this version does not know.
///
/// # Errors
/// Returns errors of the database.
pub async fn applied(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    const TABLE: &str = "seaql_migrations";
    if !SchemaManager::new(connection).has_table(TABLE).await? {
        return Ok(Vec::new());
    }
    let names = format!("SELECT version FROM {TABLE} ORDER BY version");
    let names = Statement::from_string(connection.get_database_backend(), names);
    let rows = connection.query_all_raw(names).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

/// What the way down of a migration loses, as a text for operators. `None` if it loses nothing that
/// matters, or refuses to lose it.
pub fn loses(migration: &str) -> Option<&'static str> {
    if migration.starts_with("m20261123_") {
        return Some("the tables and columns that it created, with their rows");
    }
    LOSSES.iter().find(|(name, _)| *name == migration).and_then(|(_, loss)| *loss)
}

/// The migrations after version 0.1 whose ways down drop something, and what is lost. `None`: the
/// way up creates it again.
pub const LOSSES: [(&str, Option<&str>); 17] = [
    ("m20261126_000020_reassign_memos", Some("the records of memos that were passed on")),
    (
        "m20261126_000021_hear_from_promotion",
        Some("since when people receive all events: company management also receives earlier ones"),
    ),
    ("m20261126_000024_index_event_viewers", None),
    (
        "m20261126_000026_remove_bytes_outside_transactions",
        Some("which bytes are still to be removed: they stay in the file store"),
    ),
    (
        "m20261126_000027_create_installation",
        Some("which secret, file store and clock the servers have agreed on"),
    ),
    ("m20261126_000028_index_folded_words", None),
    (
        "m20261127_000022_create_ledger",
        Some("how far the ledger is, and entries that are not in it yet"),
    ),
    (
        "m20261127_000023_erase_and_attribute",
        Some("who erased a memo before its time, and why; who attached a file"),
    ),
    ("m20261127_000029_count_directory_changes", None),
    (
        "m20261127_000030_create_idempotency_keys",
        Some("the keys of repeatable requests: repeating one creates a second thing"),
    ),
    (
        "m20261127_000031_erase_people",
        Some("who was erased, and what keeps erased people from coming back"),
    ),
    (
        "m20261127_000034_pass_on_work",
        Some("how many tasks and projects were passed on, and the records of those alone"),
    ),
    (
        "m20261127_000035_remember_imports",
        Some(
            "where imported rows come from: importing again doubles them; passwords of imported \
             people who have not signed in yet",
        ),
    ),
    ("m20261127_000036_add_memos_in_bulk", None),
    ("m20261127_000037_sort_work", None),
    ("m20261128_000038_order_notifications", None),
    ("m20261128_000039_check_deletions_cheaply", None),
];

/// All migrations, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_create_users::Migration),
            Box::new(m20261123_000002_create_catalogues::Migration),
            Box::new(m20261123_000003_create_work::Migration),
            Box::new(m20261123_000004_create_files::Migration),
            Box::new(m20261123_000005_create_memos::Migration),
            Box::new(m20261123_000006_track_memo_revisions::Migration),
            Box::new(m20261123_000007_create_deletion_records::Migration),
            Box::new(m20261123_000008_extend_memos::Migration),
            Box::new(m20261123_000009_extend_notifications::Migration),
            Box::new(m20261123_000010_create_memo_events::Migration),
            Box::new(m20261123_000014_find_people::Migration),
            Box::new(m20261123_000015_note_detached_files::Migration),
            Box::new(m20261123_000016_find_memos::Migration),
            Box::new(m20261123_000018_create_accounts::Migration),
            Box::new(m20261126_000019_move_deleted_memos::Migration),
            Box::new(m20261126_000020_reassign_memos::Migration),
            Box::new(m20261126_000021_hear_from_promotion::Migration),
            Box::new(m20261126_000024_index_event_viewers::Migration),
            Box::new(m20261126_000026_remove_bytes_outside_transactions::Migration),
            Box::new(m20261126_000027_create_installation::Migration),
            Box::new(m20261126_000028_index_folded_words::Migration),
            Box::new(m20261127_000022_create_ledger::Migration),
            Box::new(m20261127_000023_erase_and_attribute::Migration),
            Box::new(m20261127_000029_count_directory_changes::Migration),
            Box::new(m20261127_000030_create_idempotency_keys::Migration),
            Box::new(m20261127_000031_erase_people::Migration),
            Box::new(m20261127_000034_pass_on_work::Migration),
            Box::new(m20261127_000035_remember_imports::Migration),
            Box::new(m20261127_000036_add_memos_in_bulk::Migration),
            Box::new(m20261127_000037_sort_work::Migration),
            Box::new(m20261128_000038_order_notifications::Migration),
            Box::new(m20261128_000039_check_deletions_cheaply::Migration),
        ]
    }
}
