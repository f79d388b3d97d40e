//! The schema of the database: up, down and up again; keys; triggers.

use entity::memo;
use memoranda_tests::{
    Office, Options, TestDatabase, TestMemo, at, codes, count_rows, dump_rows, is_postgres,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DbErr, EntityTrait, IdenStatic, Iterable, Statement, TransactionTrait,
};
use serde_json::{Value, json};
use service::database::Database;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

#[tokio::test(flavor = "multi_thread")]
async fn up_down_and_up_again() {
    let test = TestDatabase::create().await;
    let database = test.connect().await;
    for _ in 0..2 {
        Migrator::up(database.connection(), None).await.unwrap();
        assert!(database.pending_migrations().await.unwrap().is_empty());
        assert!(count_rows(&database).await.contains_key("deleted_memos"));
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
            assert_eq!(
                row.unwrap().try_get::<i64>("", "n").unwrap(),
                0,
                "a way down leaves functions"
            );
        }
    }
    database.close().await.unwrap();
    test.drop().await;
}

/// The columns that the server changes by itself when it gives events their positions.
const PLACES: [&str; 2] = ["position", "last_position"];

/// Goes down by one migration, as soon as the running server releases SQLite's lock.
async fn down_by_one(database: &Database) -> Result<(), DbErr> {
    loop {
        match Migrator::down(database.connection(), Some(1)).await {
            Err(error) if error.to_string().contains("database is locked") => {
                tokio::task::yield_now().await
            }
            other => return other,
        }
    }
}

/// Lets each connection of the pool read the tables as they are now. A connection of SQLite that
/// read them while migrations were missing would prepare its next statement for their old columns.
async fn notice_migrations(database: &Database) {
    let mut connections = Vec::new();
    for _ in 0..database.pool().most {
        let connection = database.connection().begin().await.unwrap();
        connection.execute_unprepared("SELECT 1 FROM users").await.unwrap();
        connections.push(connection);
    }
}

/// How many migrations come after the one that moved the deleted memos.
fn after_moving_deleted_memos() -> u32 {
    let migrations = Migrator::migrations();
    let names = migrations.iter().map(|migration| migration.name());
    let later =
        names.rev().take_while(|name| *name != "m20261126_000019_move_deleted_memos").count();
    u32::try_from(later).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_to_be_removed_are_so_by_the_version_before_too() {
    let office = Office::open().await;
    let database = &office.services.database;
    for n in 0..2 {
        let sql =
            format!("INSERT INTO blob_removals VALUES ('sha256/old/{n}', '2026-03-02T09:00:00Z')");
        office.sql(&sql).await;
    }
    let back = Migrator::migrations().iter().rev().position(|migration| {
        migration.name() == "m20261126_000026_remove_bytes_outside_transactions"
    });
    let back = u32::try_from(back.unwrap() + 1).unwrap();
    Migrator::down(database.connection(), Some(back)).await.unwrap();
    // That version removes the contents in this table that no file has.
    assert_eq!(count_rows(database).await["blobs"], 2);
    Migrator::up(database.connection(), None).await.unwrap();
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_migration_goes_down_by_itself_with_data_in_the_tables() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let payload = office.recipient().delete_confirmed(&memo.id).await;
    office.memo().on_hold().create().await;
    let database = &office.services.database;
    // The server writes no more by itself. A migration on SQLite would not wait for it.
    while service::events::place(&office.services).await.unwrap() > 0 {}
    let refused = loop {
        let before = dump_rows(database, &PLACES).await;
        if let Err(refused) = down_by_one(database).await {
            assert_eq!(dump_rows(database, &PLACES).await, before, "a refusal changes nothing");
            break refused.to_string();
        }
    };
    assert!(refused.contains("1 deleted memos can still be restored"), "{refused}");
    Migrator::up(database.connection(), None).await.unwrap();
    notice_migrations(database).await;
    office.recipient().restore(payload["receipt"]["id"].as_str().unwrap()).await;
    let all = Migrator::migrations().len();
    for left in (0..all).rev() {
        down_by_one(database).await.unwrap();
        assert_eq!(database.pending_migrations().await.unwrap().len(), all - left);
    }
    Migrator::up(database.connection(), None).await.unwrap();
    let rows: i64 = count_rows(database)
        .await
        .into_iter()
        .filter(|(table, _)| {
            ![
                "seaql_migrations",
                "memo_event_counter",
                "notification_counter",
                "sign_in_counter",
                "directory_counter",
                // A migration creates the key of erased identities.
                "installation",
            ]
            .contains(&table.as_str())
        })
        .map(|(_, n)| n)
        .sum();
    assert_eq!(rows, 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_migrate_at_the_same_time_all_succeed() {
    if !is_postgres() {
        // SQLite serves one machine, whose operator starts one migration at a time.
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
        let query =
            "SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent, \
            confdeltype::text AS action
             FROM pg_constraint WHERE contype = 'f'";
        for row in connection.query_all_raw(Statement::from_string(backend, query)).await.unwrap() {
            // Neither `set null` nor `set default`: the deletion would change a row that loses its
            // link.
            let action: String = row.try_get("", "action").unwrap();
            assert!(["a", "r", "c"].contains(&action.as_str()), "an unknown action {action}");
            if action == "c" {
                cascades.insert((
                    row.try_get("", "child").unwrap(),
                    row.try_get("", "parent").unwrap(),
                ));
            }
        }
    } else {
        for table in office.row_counts().await.into_keys() {
            let query = format!("PRAGMA foreign_key_list({table})");
            for row in
                connection.query_all_raw(Statement::from_string(backend, query)).await.unwrap()
            {
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
        cascades
            .iter()
            .filter(|(_, cause)| cause == parent)
            .map(|(child, _)| child.as_str())
            .collect()
    };
    assert_eq!(from("memos"), [""; 0], "a deletion moves the row, and nothing follows it");
    let mut own = from("memo_ids");
    // The index of words, whose tables are ignored on SQLite.
    own.retain(|table| *table != "memo_search");
    let expected = [
        "comments",
        "deleted_memos",
        "memo_files",
        "memo_subscribers",
        "memo_tags",
        "reminders",
        "unread_marks",
    ];
    assert_eq!(own, expected);
    for table in own {
        assert_eq!(from(table), [""; 0], "{table} carries the deletion further");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_refuses_a_record_that_contradicts_itself() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.author().delete_confirmed(&memo.id).await;
    let before = dump_rows(&office.services.database, &[]).await;
    for change in [
        "stage = 'GONE'",
        "verdict = 'DENIED'",
        "reason = ''",
        "memo_name = NULL",
        "restored_at = deleted_at",
        "erased_by = author_id",
        "erasure_reason = ''",
        "deleted_by = (SELECT id FROM users WHERE username = 'stranger')",
    ] {
        let connection = office.services.database.connection();
        let refused =
            connection.execute_unprepared(&format!("UPDATE memo_deletions SET {change}")).await;
        let refused = refused.expect_err(change).to_string().to_lowercase();
        assert!(refused.contains("contradicts itself") || refused.contains("check"), "{refused}");
    }
    assert_eq!(dump_rows(&office.services.database, &[]).await, before);
    office.close().await;
}

/// The columns of a table, each with its type and whether it is nullable.
async fn columns(office: &Office, table: &str) -> Vec<(String, String, String)> {
    let query = if is_postgres() {
        format!(
            "SELECT column_name::text AS name, data_type::text AS type, is_nullable::text AS \
             nullable \
             FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position"
        )
    } else {
        format!(
            "SELECT name, type, CAST(\"notnull\" AS text) AS nullable FROM \
             pragma_table_info('{table}') \
             ORDER BY cid"
        )
    };
    let statement = Statement::from_string(office.services.database.backend(), query);
    let rows = office.services.database.connection().query_all_raw(statement).await.unwrap();
    let text =
        |row: &sea_orm::QueryResult, column: &str| row.try_get::<String>("", column).unwrap();
    rows.iter().map(|row| (text(row, "name"), text(row, "type"), text(row, "nullable"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn live_and_deleted_memos_have_the_same_columns() {
    let office = Office::open().await;
    let live = columns(&office, "memos").await;
    assert_eq!(live, columns(&office, "deleted_memos").await);
    let of_entity: BTreeSet<String> =
        memo::Column::iter().map(|column| column.as_str().to_owned()).collect();
    assert_eq!(live.into_iter().map(|(name, ..)| name).collect::<BTreeSet<_>>(), of_entity);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_of_a_filled_0_1_database_can_be_restored_after_the_upgrade() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("fixtures/0.1/{}.json", if is_postgres() { "postgres" } else { "sqlite" }));
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(fixture).unwrap()).unwrap();
    let database = TestDatabase::create_of_version_0_1().await;
    let office =
        Office::open_in(database, at(expected["now"].as_str().unwrap()), Options::default()).await;
    let records = expected["records"].as_array().unwrap();
    let of_record =
        "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { purgedAt restoredAt reason
        removed(first: 100) { totalCount nodes { kind label node { __typename id } } }
        kept(first: 100) { totalCount nodes { kind label reason node { __typename id } } } } } }";
    let mut missing = BTreeMap::new();
    for record in records {
        let case = record["case"].as_str().unwrap();
        let (by, id) =
            (office.person(record["by"].as_str().unwrap()), record["record"].as_str().unwrap());
        let shown = by.data(of_record, json!({ "id": id })).await["node"].take();
        for list in ["removed", "kept"] {
            assert_eq!(shown[list]["totalCount"], record[list]["totalCount"], "{case}");
        }
        match case {
            "purged" => {
                assert_eq!(shown["reason"], json!(null), "purged records keep no texts");
                assert_eq!(codes(&by.restore(id).await), ["NO_LONGER_RESTORABLE"]);
            }
            "restored" => assert!(shown["restoredAt"].is_string()),
            _ => {
                assert_eq!(shown["reason"], json!(format!("Reason of {case}")));
                // The removed file of "dead" can no longer be listed.
                if case != "dead" {
                    assert_eq!(
                        kinds_and_labels(&shown["kept"]),
                        kinds_and_labels(&record["kept"]),
                        "{case}"
                    );
                }
                assert_eq!(
                    kinds_and_labels(&shown["removed"]),
                    kinds_and_labels(&record["removed"]),
                    "{case}"
                );
                let restored = by.restore(id).await;
                assert_eq!(restored["memo"]["id"], record["memo"], "{case}: {restored:#}");
                missing.insert(case, restored["missing"].clone());
            }
        }
    }
    let nothing = json!([]);
    for case in ["full", "simple", "draft", "shares one", "shares two"] {
        assert_eq!(missing[case], nothing, "{case}");
    }
    let attachment = json!([{ "kind": "ATTACHMENT", "label": "dead.txt" }]);
    assert_eq!(missing["dead"], attachment);
    let ends = json!([
        { "kind": "SUBSCRIBER_LINK", "label": "The temp" },
        { "kind": "TAG_LINK", "label": "gone tag" },
        { "kind": "DEAL_LINK", "label": "A deal that is gone" },
        { "kind": "REMINDER", "label": null },
        { "kind": "UNREAD_MARK", "label": null },
    ]);
    assert_eq!(missing["ends"], ends);

    for record in records {
        let case = record["case"].as_str().unwrap();
        if ["purged", "ends", "dead"].contains(&case) {
            continue;
        }
        let by = office.person(record["by"].as_str().unwrap());
        let whole = "query ($id: ID!) { memo(id: $id) {
            id name description conclusion stage draft reviewDate sentAt createdAt updatedAt
            commentCount
            author { id } recipient { id } deal { id } task { id } project { id } resolution { id \
            } tags { id } subscribers { id }
            files { id name size sha256 } comments { nodes { id body author { id } createdAt } }
        } }";
        let whole = by.data(whole, json!({ "id": record["memo"] })).await["memo"].take();
        // Version 0.1 wrote moments in another form, and sizes with a decimal point. It called the
        // conclusion a note.
        let of_0_1 = record["whole"].to_string().replace("\"note\":", "\"conclusion\":");
        let of_0_1 = of_0_1.replace("+00:00\"", ".000Z\"").replace(".0}", "}");
        assert_eq!(whole, serde_json::from_str::<Value>(&of_0_1).unwrap(), "{case}");
        let preview = by.preview(record["memo"].as_str().unwrap()).await;
        if !case.starts_with("shares") {
            assert_eq!(preview["removed"], record["removed"], "{case}");
            assert_eq!(preview["kept"], record["kept"], "{case}");
        }
    }
    // Nothing is deleted any more, so the way down loses nothing, and the way up restores the same
    // state.
    let without = ["revision", "claimed_at"];
    // The way down loses the record that a restore's event names.
    office.sql("UPDATE memo_events SET deletion_id = NULL WHERE kind = 'RESTORED'").await;
    let rows = dump_rows(&office.services.database, &without).await;
    while service::events::place(&office.services).await.unwrap() > 0 {}
    let back = after_moving_deleted_memos() + 1;
    Migrator::down(office.services.database.connection(), Some(back)).await.unwrap();
    Migrator::up(office.services.database.connection(), None).await.unwrap();
    let again = dump_rows(&office.services.database, &without).await;
    for (table, rows) in rows {
        // Some columns differ: items that records note as missing belonged to deleted memos, the
        // table of migrations holds times, and servers find out their shared state anew.
        let others =
            ["memo_deletion_missing", "memo_deletions", "seaql_migrations", "installation"];
        if !others.contains(&table.as_str()) {
            assert_eq!(again[&table], rows, "{table}");
        }
    }
    office.close().await;
}

fn kinds_and_labels(list: &Value) -> Vec<(Value, Value, Value)> {
    let nodes = list["nodes"].as_array().unwrap();
    let mut items: Vec<_> = nodes
        .iter()
        .map(|item| (item["kind"].clone(), item["label"].clone(), item["reason"].clone()))
        .collect();
    // Items that were deleted later come after the rest of their kind.
    items.sort_by_key(|item| format!("{item:?}"));
    items
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_memo_points_to_is_deleted_out_from_under_it() {
    let office = Office::open().await;
    office.full_memo().await;
    let before = office.row_counts().await;
    let connection = office.services.database.connection();
    for table in ["users", "tasks", "projects", "deals", "resolutions", "tags", "files", "blobs"] {
        assert!(
            connection.execute_unprepared(&format!("DELETE FROM {table}")).await.is_err(),
            "{table}"
        );
    }
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

async fn row(office: &Office, memo: &TestMemo) -> memo::Model {
    memo::Entity::find_by_id(memo.uuid)
        .one(office.services.database.connection())
        .await
        .unwrap()
        .unwrap()
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
        "UPDATE reminders SET due_at = due_at WHERE memo_id IN (SELECT id FROM memos WHERE name = \
         'Renovate the showroom')",
        "DELETE FROM reminders WHERE memo_id IN (SELECT id FROM memos WHERE name = 'Renovate the \
         showroom')",
        "DELETE FROM memo_subscribers WHERE memo_id IN (SELECT id FROM memos WHERE name = \
         'Renovate the showroom')",
        "DELETE FROM memo_tags WHERE memo_id IN (SELECT id FROM memos WHERE name = 'Renovate the \
         showroom')",
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
        .sql(
            "DELETE FROM memo_files WHERE file_id IN (SELECT id FROM files WHERE name = \
            'later.txt')",
        )
        .await;
    rises("the end of that").await;
    let hold = office.hold(&memo, "").await.unwrap();
    rises("a hold").await;
    assert!(row(&office, &memo).await.on_hold);
    office.release(&hold).await;
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
