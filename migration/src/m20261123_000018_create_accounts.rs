//! How people sign in: passwords, sessions, and identities at an OpenID Connect provider.
//!
//! `sign_in_counter` rises with every change that may end a person's access or change their rights,
//! no matter who makes the change. Every server process reads it and ends the open connections that
//! are affected. Its only row is changed in the same transaction. So a process that sees the new
//! number also sees the change.

use crate::dialect;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await?;
        let triggers =
            if dialect::is_postgres(manager) { UP_POSTGRES.to_owned() } else { up_sqlite() };
        dialect::run(manager, &triggers).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = if dialect::is_postgres(manager) { DOWN_POSTGRES } else { DOWN_SQLITE };
        dialect::run(manager, sql).await?;
        dialect::drop_tables(manager, &["sign_in_counter", "identities", "sessions", "credentials"])
            .await
    }
}

const UP: &str = "
CREATE TABLE credentials (
    user_id {uuid} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    password_hash text NOT NULL,
    changed_at {timestamp} NOT NULL
) {strict};

CREATE TABLE sessions (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    seed text NOT NULL,
    generation {bigint} NOT NULL CHECK (generation > 0),
    refreshed_at {timestamp} NOT NULL,
    created_at {timestamp} NOT NULL,
    expires_at {timestamp} NOT NULL,
    revoked_at {timestamp},
    user_agent text
) {strict};
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE identities (
    issuer text NOT NULL,
    subject text NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at {timestamp} NOT NULL,
    role_as_of {timestamp},
    PRIMARY KEY (issuer, subject)
) {strict};
CREATE UNIQUE INDEX identities_user ON identities (user_id, issuer);

CREATE TABLE sign_in_counter (
    id {bigint} PRIMARY KEY CHECK (id = 1),
    changes {bigint} NOT NULL
) {strict};
INSERT INTO sign_in_counter (id, changes) VALUES (1, 0);
";

const UP_POSTGRES: &str = "
CREATE FUNCTION memoranda_count_sign_in_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sign_in_counter SET changes = changes + 1 WHERE id = 1;
    PERFORM pg_notify('memoranda_sign_ins', '');
    RETURN NULL;
END $$;
CREATE TRIGGER users_count_sign_in_change AFTER UPDATE OF active, role ON users
    FOR EACH STATEMENT EXECUTE FUNCTION memoranda_count_sign_in_change();
CREATE TRIGGER users_count_sign_in_end AFTER DELETE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION memoranda_count_sign_in_change();
CREATE TRIGGER sessions_count_sign_in_change AFTER UPDATE OF revoked_at, expires_at ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION memoranda_count_sign_in_change();
CREATE TRIGGER sessions_count_sign_in_end AFTER DELETE ON sessions
    FOR EACH STATEMENT EXECUTE FUNCTION memoranda_count_sign_in_change();
";

const DOWN_POSTGRES: &str = "
DROP TRIGGER sessions_count_sign_in_end ON sessions;
DROP TRIGGER sessions_count_sign_in_change ON sessions;
DROP TRIGGER users_count_sign_in_end ON users;
DROP TRIGGER users_count_sign_in_change ON users;
DROP FUNCTION memoranda_count_sign_in_change();
";

fn up_sqlite() -> String {
    [
        ("users_count_sign_in_change", "UPDATE OF active, role ON users"),
        ("users_count_sign_in_end", "DELETE ON users"),
        ("sessions_count_sign_in_change", "UPDATE OF revoked_at, expires_at ON sessions"),
        ("sessions_count_sign_in_end", "DELETE ON sessions"),
    ]
    .map(|(name, event)| {
        format!(
            "CREATE TRIGGER {name} AFTER {event} BEGIN UPDATE sign_in_counter SET changes = \
             changes + 1 WHERE id = 1; END;\n"
        )
    })
    .concat()
}

const DOWN_SQLITE: &str = "
DROP TRIGGER sessions_count_sign_in_end;
DROP TRIGGER sessions_count_sign_in_change;
DROP TRIGGER users_count_sign_in_end;
DROP TRIGGER users_count_sign_in_change;
";
