//! The event after which a person receives all events, as company management.
//!
//! A person who gets this role receives no earlier events, because they may not see memos that were
//! deleted before. A trigger stores the position of the last event. So it does not matter who
//! assigns the role and in which way.

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
        dialect::run(
            manager,
            "ALTER TABLE users ADD COLUMN chief_after {bigint} NOT NULL DEFAULT 0;",
        )
        .await?;
        let triggers = if dialect::is_postgres(manager) { UP_POSTGRES } else { UP_SQLITE };
        dialect::run(manager, &triggers.replace("{last_event}", LAST_EVENT)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let triggers = if dialect::is_postgres(manager) { DOWN_POSTGRES } else { DOWN_SQLITE };
        dialect::run(manager, triggers).await?;
        dialect::run(manager, "ALTER TABLE users DROP COLUMN chief_after;").await
    }
}

/// The position of the last event. It counts events that are written but have no position yet.
const LAST_EVENT: &str = "(SELECT c.last_position FROM memo_event_counter c WHERE c.id = 1) \
    + (SELECT count(*) FROM memo_events e WHERE e.position IS NULL)";

const UP_POSTGRES: &str = "
CREATE FUNCTION memoranda_hear_from_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.chief_after = {last_event};
    RETURN NEW;
END $$;
CREATE TRIGGER users_hear_from_hiring BEFORE INSERT ON users
    FOR EACH ROW WHEN (NEW.role = 'CHIEF') EXECUTE FUNCTION memoranda_hear_from_now();
CREATE TRIGGER users_hear_from_promotion BEFORE UPDATE OF role ON users
    FOR EACH ROW WHEN (NEW.role = 'CHIEF' AND OLD.role <> 'CHIEF')
    EXECUTE FUNCTION memoranda_hear_from_now();
";

const DOWN_POSTGRES: &str = "
DROP TRIGGER users_hear_from_promotion ON users;
DROP TRIGGER users_hear_from_hiring ON users;
DROP FUNCTION memoranda_hear_from_now();
";

const UP_SQLITE: &str = "
CREATE TRIGGER users_hear_from_hiring AFTER INSERT ON users WHEN NEW.role = 'CHIEF' BEGIN
    UPDATE users SET chief_after = {last_event} WHERE id = NEW.id;
END;
CREATE TRIGGER users_hear_from_promotion AFTER UPDATE OF role ON users
    WHEN NEW.role = 'CHIEF' AND OLD.role <> 'CHIEF' BEGIN
    UPDATE users SET chief_after = {last_event} WHERE id = NEW.id;
END;
";

const DOWN_SQLITE: &str = "
DROP TRIGGER users_hear_from_promotion;
DROP TRIGGER users_hear_from_hiring;
";
