//! The schema of the database: up, down and up again; keys; triggers.

use entity::memo;
use memoranda_tests::{Office, TestDatabase, TestMemo, count_rows, is_postgres};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use service::memo_deletion::{place_hold, release_hold};
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn up_down_and_up_again() {
    let test = TestDatabase::create().await;
    let database = test.connect().await;
    for _ in 0..2 {
        Migrator::up(database.connection(), None).await.unwrap();
        assert!(database.pending_migrations().await.unwrap().is_empty());
        assert!(count_rows(&database).await.contains_key("memo_deletion_items"));
        Migrator::down(database.connection(), None).await.unwrap();
        let left: Vec<String> = count_rows(&database).await.into_keys().collect();
        assert_eq!(left, ["seaql_migrations"], "a way down leaves tables");
        if is_postgres() {
            let query = "SELECT count(*) AS n FROM pg_proc WHERE proname LIKE 'memoranda%'";
            let row = database
                .connection()
                .query_one_raw(Statement::from_string(database.backend(), query))
                .await
                .unwrap();
            assert_eq!(row.unwrap().try_get::<i64>("", "n").unwrap(), 0, "a way down leaves functions");
        }
    }
    database.close().await.unwrap();
    test.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_migration_goes_down_by_itself_with_data_in_the_tables() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    office.recipient().delete_confirmed(&memo.id).await;
    office.memo().on_hold().create().await;
    let database = &office.services.database;
    let all = Migrator::migrations().len();
    for left in (0..all).rev() {
        Migrator::down(database.connection(), Some(1)).await.unwrap();
        assert_eq!(database.pending_migrations().await.unwrap().len(), all - left);
    }
    Migrator::up(database.connection(), None).await.unwrap();
    let rows: i64 = count_rows(database)
        .await
        .into_iter()
        .filter(|(table, _)| {
            !["seaql_migrations", "memo_event_counter", "sign_in_counter"].contains(&table.as_str())
        })
        .map(|(_, n)| n)
        .sum();
    assert_eq!(rows, 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_migrate_at_the_same_time_all_succeed() {
    if !is_postgres() {
        // SQLite serves one machine, whose operator starts one migration.
        return;
    }
    let test = TestDatabase::create().await;
    let (one, two) = (test.connect().await, test.connect().await);
    let (first, second) = tokio::join!(one.migrate(), two.migrate());
    first.unwrap();
    second.unwrap();
    one.close().await.unwrap();
    two.close().await.unwrap();
    test.drop().await;
}

/// Every cascading foreign key, as (table that loses rows, table whose deletion causes it).
async fn cascades(office: &Office) -> BTreeSet<(String, String)> {
    let connection = office.services.database.connection();
    let backend = office.services.database.backend();
    let mut cascades = BTreeSet::new();
    if is_postgres() {
        let query = "SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent, confdeltype::text AS action
             FROM pg_constraint WHERE contype = 'f'";
        for row in connection.query_all_raw(Statement::from_string(backend, query)).await.unwrap() {
            // Neither `set null` nor `set default`: a row that loses its link is changed by the deletion as well.
            let action: String = row.try_get("", "action").unwrap();
            assert!(["a", "r", "c"].contains(&action.as_str()), "an unknown action {action}");
            if action == "c" {
                cascades.insert((row.try_get("", "child").unwrap(), row.try_get("", "parent").unwrap()));
            }
        }
    } else {
        for table in office.row_counts().await.into_keys() {
            let query = format!("PRAGMA foreign_key_list({table})");
            for row in connection.query_all_raw(Statement::from_string(backend, query)).await.unwrap() {
                let action: String = row.try_get("", "on_delete").unwrap();
                assert!(
                    ["NO ACTION", "RESTRICT", "CASCADE"].contains(&action.as_str()),
                    "an unknown action {action}"
                );
                if action == "CASCADE" {
                    cascades.insert((table.clone(), row.try_get("", "table").unwrap()));
                }
            }
        }
    }
    cascades
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_9_no_key_carries_a_memos_deletion_beyond_what_belongs_to_it() {
    let office = Office::open().await;
    let cascades = cascades(&office).await;
    let from = |parent: &str| -> Vec<&str> {
        cascades.iter().filter(|(_, cause)| cause == parent).map(|(child, _)| child.as_str()).collect()
    };
    let own = from("memos");
    assert_eq!(own, ["comments", "memo_files", "memo_subscribers", "memo_tags", "reminders", "unread_marks"]);
    for table in own {
        assert_eq!(from(table), [""; 0], "{table} carries the deletion further");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_memo_points_to_is_deleted_out_from_under_it() {
    let office = Office::open().await;
    office.full_memo().await;
    let before = office.row_counts().await;
    let connection = office.services.database.connection();
    for table in ["users", "tasks", "projects", "deals", "resolutions", "tags", "files", "blobs"] {
        assert!(connection.execute_unprepared(&format!("DELETE FROM {table}")).await.is_err(), "{table}");
    }
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

async fn row(office: &Office, memo: &TestMemo) -> memo::Model {
    memo::Entity::find_by_id(memo.uuid).one(office.services.database.connection()).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_revision_rises_with_every_change_to_a_memo_or_what_is_tied_to_it() {
    let office = Office::open().await;
    let (memo, full) = office.full_memo().await;
    let other = office.memo().create().await;
    let untouched = row(&office, &other).await;
    let late = office.attach(&memo, "late.txt", "late").await;
    let mut revision = row(&office, &memo).await.revision;
    let mut rises = async |what: &str| {
        let now = row(&office, &memo).await.revision;
        assert!(now > revision, "{what} did not raise the revision");
        revision = now;
    };
    office.comment(&memo, office.author().id, "New").await;
    rises("a comment").await;
    let sql = [
        "UPDATE comments SET body = 'Changed' WHERE body = 'New'",
        "DELETE FROM comments WHERE body = 'Changed'",
        "UPDATE reminders SET due_at = due_at WHERE memo_id IN (SELECT id FROM memos WHERE name = 'Renovate the showroom')",
        "DELETE FROM reminders WHERE memo_id IN (SELECT id FROM memos WHERE name = 'Renovate the showroom')",
        "DELETE FROM memo_subscribers WHERE memo_id IN (SELECT id FROM memos WHERE name = 'Renovate the showroom')",
        "DELETE FROM memo_tags WHERE memo_id IN (SELECT id FROM memos WHERE name = 'Renovate the showroom')",
        "UPDATE files SET name = 'renamed.txt' WHERE name = 'late.txt'",
        "UPDATE memos SET description = 'Changed' WHERE name = 'Renovate the showroom'",
        "UPDATE memos SET stage = 'POSTPONED' WHERE name = 'Renovate the showroom'",
    ];
    for statement in sql {
        office.sql(statement).await;
        rises(statement).await;
    }
    office.remind(&memo, office.author().id, 1).await;
    rises("a reminder").await;
    office.mark_unread(&memo, office.stranger().id).await;
    rises("an unread mark").await;
    office.sql("DELETE FROM unread_marks").await;
    rises("its end").await;
    office.tag(&memo, "new").await;
    rises("a tag").await;
    let subscriber = entity::memo_subscriber::Model {
        memo_id: memo.uuid,
        user_id: office.stranger().id,
        created_at: office.services.now(),
    };
    office.insert(subscriber).await;
    rises("a subscriber").await;
    office.attach(&memo, "later.txt", "later").await;
    rises("an attachment").await;
    office
        .sql("DELETE FROM memo_files WHERE file_id IN (SELECT id FROM files WHERE name = 'later.txt')")
        .await;
    rises("the end of that").await;
    let admin = office.viewer("admin");
    let hold = place_hold(&office.services, admin, memo.uuid, "Audit").await.unwrap().unwrap();
    rises("a hold").await;
    assert!(row(&office, &memo).await.on_hold);
    release_hold(&office.services, admin, hold.id).await.unwrap();
    rises("its release").await;
    assert!(!row(&office, &memo).await.on_hold);
    office.transfer_to_task(late.id, full.task).await;
    rises("a transfer to a task").await;
    office.sql("DELETE FROM task_files").await;
    rises("the end of that").await;
    office.transfer_to_project(late.id, full.project).await;
    rises("a transfer to a project").await;
    let shared = office.memo().create().await;
    office.attach_file(&shared, late.id).await;
    rises("another memo's attachment of the same file").await;
    office.author().delete_confirmed(&shared.id).await;
    rises("the deletion of that other memo").await;
    assert_eq!(row(&office, &other).await, untouched, "a memo that nothing happened to");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_are_counted_whoever_writes_them_and_whoever_the_memo_passes_to() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let counts = async || {
        let row = row(&office, &memo).await;
        (row.comment_count, row.author_comment_count, row.recipient_comment_count)
    };
    for (person, times) in [("author", 1), ("recipient", 2), ("subscriber", 3), ("chief", 4)] {
        for _ in 0..times {
            office.comment(&memo, office.person(person).id, person).await;
        }
    }
    assert_eq!(counts().await, (10, 1, 2));
    office.link(&memo, memo::Column::RecipientId, office.chief().id).await;
    assert_eq!(counts().await, (10, 1, 4));
    office.link(&memo, memo::Column::RecipientId, office.author().id).await;
    assert_eq!(counts().await, (10, 1, 1));
    office.sql("DELETE FROM comments WHERE body IN ('author', 'subscriber')").await;
    assert_eq!(counts().await, (6, 0, 0));
    office.close().await;
}
