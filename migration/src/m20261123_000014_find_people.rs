//! Search for people by the beginning of any word of their names, and names that are unique
//! regardless of case.

use crate::dialect;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement, Value};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await?;
        let (connection, backend) = (manager.get_connection(), manager.get_database_backend());
        let people = Statement::from_string(backend, "SELECT full_name, username FROM users");
        for person in connection.query_all_raw(people).await? {
            let (full_name, username): (String, String) =
                (person.try_get("", "full_name")?, person.try_get("", "username")?);
            let search_name = search_name(&full_name, &username);
            let sql = "UPDATE users SET search_name = $1 WHERE username = $2";
            let values: [Value; 2] = [search_name.into(), username.into()];
            connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

/// The value that the program has written since then. SQLite's `lower` changes only the letters
/// A–Z.
fn search_name(full_name: &str, username: &str) -> String {
    format!("{}\n{}", words_on_lines(full_name), words_on_lines(username))
}

fn words_on_lines(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut lines = String::new();
    let mut within_a_word = false;
    for c in words.chars() {
        if !within_a_word && !c.is_whitespace() {
            lines.push('\n');
        }
        lines.push(c);
        within_a_word = c.is_alphanumeric();
    }
    lines
}

const UP: &str = "
ALTER TABLE users ADD COLUMN search_name text NOT NULL DEFAULT '';
CREATE INDEX users_full_name ON users (full_name, id);
CREATE INDEX users_lower_username ON users (lower(username));
CREATE INDEX users_lower_email ON users (lower(email));
CREATE INDEX tags_lower_name ON tags (lower(name));
CREATE INDEX resolutions_lower_name ON resolutions (lower(name));
";

const DOWN: &str = "
DROP INDEX resolutions_lower_name;
DROP INDEX tags_lower_name;
DROP INDEX users_lower_email;
DROP INDEX users_lower_username;
DROP INDEX users_full_name;
ALTER TABLE users DROP COLUMN search_name;
";
