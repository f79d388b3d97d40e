//! An import that runs again brings what is new or has changed, and nothing twice.

use crate::{
    here::Here,
    there::{Copy, media},
};
use import::{Counts, Options, Report};

fn options(crm: &Copy) -> Options {
    Options { media: Some(media()), ..Options::new(crm.address()) }
}

fn counts(report: &Report, table: &str) -> Counts {
    report.tables().into_iter().find(|counts| counts.table == table).unwrap().counts
}

fn oddity(report: &Report, code: &str) -> Vec<String> {
    let oddities = report.oddities();
    let found = oddities.into_iter().find(|oddity| oddity.code == code);
    found.map(|oddity| oddity.examples).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn run_twice_it_makes_nothing() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    here.import(&options(&crm)).await;
    let before = here.rows().await;
    let again = here.import(&options(&crm)).await;
    assert_eq!(here.rows().await, before);
    for counts in again.tables() {
        assert_eq!((counts.counts.made, counts.counts.changed), (0, 0), "{counts:#?}");
    }
    assert_eq!(counts(&again, "tasks_memo").unchanged, 34);
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_or_changed_there_comes_and_what_was_changed_here_stays() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    here.import(&options(&crm)).await;
    crm.run(
        "UPDATE tasks_memo SET name = 'Renamed there', update_date = '2026-11-25 08:00:00'
            WHERE id IN (1, 7);
         UPDATE tasks_memo SET name = 'Renamed there', update_date = '2026-11-25 08:00:00'
            WHERE id = 13;
         INSERT INTO tasks_memo SELECT 9001, creation_date, update_date, 'New there', description,
            note, draft, notified, review_date, stage, deal_id, modified_by_id, owner_id, to_id,
            project_id, resolution_id, task_id FROM tasks_memo WHERE id = 7;
         INSERT INTO chat_chatmessage SELECT 9001, 1, 'New comment', creation_date, NULL,
            content_type_id, owner_id, NULL FROM chat_chatmessage WHERE id = 14;
         UPDATE chat_chatmessage SET content = 'Changed there' WHERE id = 30;
         INSERT INTO tasks_memo_subscribers (memo_id, user_id) VALUES (25, 10);
         DELETE FROM tasks_memo WHERE id = 211;
         UPDATE auth_user SET first_name = 'Renamed' WHERE id = 10;
         UPDATE auth_user SET first_name = 'Renamed' WHERE id = 11;
         UPDATE tasks_task SET name = 'Renamed task' WHERE id = 4;",
    )
    .await;
    // Meanwhile here: memo 13 was renamed, memo 19 was deleted, and person 11 too was renamed.
    here.run("UPDATE memos SET name = 'Renamed here' WHERE name = 'Request for staff training'")
        .await;
    here.run("UPDATE users SET full_name = 'Renamed here' WHERE username = 'masha.manager'").await;
    let nineteen = "id IN (SELECT id FROM memos WHERE name = 'Business trip to courier services')";
    here.run(&format!("INSERT INTO deleted_memos SELECT * FROM memos WHERE {nineteen}")).await;
    here.run(&format!("DELETE FROM memos WHERE {nineteen}")).await;

    let again = here.import(&options(&crm)).await;
    let memos = counts(&again, "tasks_memo");
    assert_eq!((memos.read, memos.made, memos.changed, memos.stayed), (34, 1, 2, 2), "{memos:#?}");
    assert_eq!(oddity(&again, "changed-here"), ["auth_user 11", "tasks_memo 13"]);
    assert_eq!(oddity(&again, "deleted-here"), ["tasks_memo 19"]);
    assert_eq!(oddity(&again, "gone-there"), ["tasks_memo 211"]);
    let renamed = "SELECT count(*) FROM memos WHERE name";
    assert_eq!(here.number(&format!("{renamed} = 'Renamed there'")).await, 2);
    assert_eq!(here.number(&format!("{renamed} = 'Renamed here'")).await, 1);
    assert_eq!(here.number(&format!("{renamed} = 'New there'")).await, 1);
    assert_eq!(here.number("SELECT min(version) FROM memos WHERE name = 'Renamed there'").await, 2);
    assert_eq!(here.number("SELECT count(*) FROM deleted_memos").await, 1);
    let messages = counts(&again, "chat_chatmessage");
    // Seven others name somebody who was renamed, or quote the changed one.
    assert_eq!((messages.made, messages.changed), (1, 8), "{messages:#?}");
    let body = "SELECT count(*) FROM comments WHERE body LIKE '%\nChanged there'";
    assert_eq!(here.number(body).await, 1);
    assert_eq!(counts(&again, "tasks_memo_subscribers").made, 1);
    assert_eq!(counts(&again, "auth_user").changed, 1);
    assert_eq!(counts(&again, "tasks_task").changed, 1);
    let third = here.import(&options(&crm)).await;
    for counts in third.tables() {
        assert_eq!((counts.counts.made, counts.counts.changed), (0, 0), "{counts:#?}");
    }
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_when_their_bytes_are_given_later() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    let without = here.import(&Options::new(crm.address())).await;
    let files = counts(&without, "common_thefile");
    assert_eq!((files.made, files.left_out["no-media"]), (0, 65), "{files:#?}");
    let with = here.import(&options(&crm)).await;
    assert_eq!(counts(&with, "common_thefile").made, 65);
    assert_eq!(here.number("SELECT count(*) FROM files").await, 55);
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_are_here_already_are_used_and_not_changed() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    let new = service::people::NewPerson {
        username: "Adam.Admin".to_owned(),
        full_name: "The first administrator".to_owned(),
        email: "root@example.org".to_owned(),
        role: entity::UserRole::Admin,
    };
    service::people::add(&here.services, &new).await.unwrap();
    let report = here.import(&options(&crm)).await;
    assert_eq!(counts(&report, "auth_user").merged, 1);
    assert_eq!(oddity(&report, "already-here")[0], "auth_user 1");
    let name = "SELECT full_name AS t FROM users WHERE username = 'Adam.Admin'";
    assert_eq!(here.texts(name).await, ["The first administrator"]);
    assert_eq!(here.number("SELECT count(*) FROM users").await, 31);
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_crms_do_not_mix_if_each_has_its_name() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    here.import(&options(&crm)).await;
    let other = Options { name: "other-crm".to_owned(), ..options(&crm) };
    let report = here.import(&other).await;
    assert_eq!(counts(&report, "tasks_memo").made, 34);
    // People with the same names are the same people.
    assert_eq!(counts(&report, "auth_user").merged, 31);
    assert_eq!(here.number("SELECT count(*) FROM memos").await, 68);
    here.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memo_that_comes_later_with_a_known_path_shares_no_file_with_another_memo() {
    let here = Here::open().await;
    let crm = Copy::in_folder(&here.folder()).await;
    here.import(&options(&crm)).await;
    // The path of file 40 is on memo 19 and its task; that of file 1 is on a task alone.
    crm.run(
        "INSERT INTO tasks_memo SELECT 9001, creation_date, update_date, 'New there', description,
            note, draft, notified, review_date, stage, deal_id, modified_by_id, owner_id, to_id,
            project_id, resolution_id, 34 FROM tasks_memo WHERE id = 7;
         INSERT INTO common_thefile (id, file, attached_to_deal, object_id, content_type_id)
            SELECT 9000 + id, file, 0, 9001, 46 FROM common_thefile WHERE id IN (1, 40);",
    )
    .await;
    let again = here.import(&options(&crm)).await;
    assert_eq!(counts(&again, "common_thefile").made, 2);
    let shared = "SELECT count(*) FROM (SELECT file_id FROM memo_files GROUP BY file_id
        HAVING count(*) > 1) AS shared";
    assert_eq!(here.number(shared).await, 0);
    let with_task = "SELECT count(*) FROM memo_files f JOIN memos m ON m.id = f.memo_id
        JOIN task_files t ON t.file_id = f.file_id WHERE m.name = 'New there'";
    assert_eq!(here.number(with_task).await, 1);
    here.close().await;
}
