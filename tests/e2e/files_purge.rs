//! Unused uploads: they are removed after a while, with their bytes. Nothing else is removed.

use crate::{
    files::{objects, put, uploaded},
    files_attached::attach,
    work::{TWINS, file_id},
};
use chrono::TimeDelta;
use memoranda_tests::{Office, codes, difference, refusal};
use serde_json::{Value, json};
use service::files::PurgedUploads;

const DAY: TimeDelta = TimeDelta::days(1);

async fn purged(office: &Office) -> PurgedUploads {
    let purged = office.purger.uploads(DAY).await.unwrap();
    office.purger.deletions().await.unwrap();
    purged
}

const fn files(files: u64) -> PurgedUploads {
    PurgedUploads { files, interrupted: 0 }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_nothing_has_goes_after_its_time() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    let file = uploaded(office.author(), "forgotten.txt", "forgotten").await;
    office.clock.advance(DAY - TimeDelta::microseconds(1));
    let later = uploaded(office.author(), "later.txt", "later").await;
    assert_eq!(purged(&office).await, files(0));
    office.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(purged(&office).await, files(1));
    assert_eq!(office.author().type_of(file["id"].as_str().unwrap()).await, Value::Null);
    assert_eq!(objects(&office), [later["sha256"].as_str().unwrap()]);
    office.clock.advance(DAY);
    assert_eq!(purged(&office).await, files(1));
    assert_eq!(objects(&office), [""; 0]);
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_anything_has_stays_and_so_do_bytes_that_another_file_has() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.attach(&memo, "kept.txt", "the same").await;
    for (twin, name) in TWINS.into_iter().zip(["of the task", "of the project"]) {
        let work =
            twin.create(office.author(), json!({ "name": "Work" })).await["work"]["id"].take();
        let file = uploaded(office.author(), "kept.txt", name).await;
        assert_eq!(codes(&attach(office.author(), &work, &[&file["id"]]).await), [""; 0]);
    }
    let (before, stored) = (office.row_counts().await, objects(&office));
    uploaded(office.author(), "forgotten.txt", "the same").await;
    assert_eq!(objects(&office), stored);
    office.clock.advance(DAY);
    assert_eq!(purged(&office).await, files(1));
    assert_eq!((office.row_counts().await, objects(&office)), (before, stored));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_a_file_that_was_taken_off_or_whose_work_was_deleted_begins_then() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let file = json!(file_id(&office.attach(&memo, "plan.txt", "the plan").await));
    let task =
        TWINS[0].create(office.author(), json!({ "name": "Work" })).await["work"]["id"].take();
    let of_task = uploaded(office.author(), "task.txt", "of the task").await["id"].take();
    assert_eq!(codes(&attach(office.author(), &task, &[&of_task]).await), [""; 0]);
    office.clock.advance(DAY * 3);
    let detach = "mutation ($input: DetachFilesInput!) { detachFiles(input: $input) { userErrors { \
        code } } }";
    let input = json!({ "targetId": memo.id, "fileIds": [file] });
    office.author().data(detach, json!({ "input": input })).await;
    TWINS[0].delete(office.author(), &task).await;
    office.clock.advance(DAY - TimeDelta::microseconds(1));
    assert_eq!(purged(&office).await, files(0));
    assert_eq!(
        codes(&attach(office.author(), &json!(memo.id), &[&file]).await),
        [""; 0],
        "it is still there"
    );
    office.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(purged(&office).await, files(1));
    assert_eq!(office.author().type_of(file.as_str().unwrap()).await, "File");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_batch_goes_in_one_pass() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    for _ in 0..103 {
        office.upload(office.author(), "forgotten.txt", "the same").await;
    }
    office.clock.advance(DAY);
    assert_eq!(purged(&office).await, files(103));
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_attached_while_the_purge_runs_is_attached_or_gone() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    for round in 0..20 {
        let file =
            uploaded(office.author(), "plan.txt", &format!("plan {round}")).await["id"].take();
        office.clock.advance(DAY);
        let before = office.row_counts().await;
        let (ids, target) = ([&file], json!(memo.id));
        let (purged, attached) =
            tokio::join!(office.purger.uploads(DAY), attach(office.author(), &target, &ids));
        let changed = difference(&before, &office.row_counts().await);
        if purged.unwrap().files == 1 {
            assert_eq!(codes(&attached), ["NOT_FOUND"], "round {round}");
            assert_eq!(changed, [("files".to_owned(), -1)].into());
        } else {
            assert_eq!(codes(&attached), [""; 0], "round {round}");
            assert_eq!(office.recipient().type_of(file.as_str().unwrap()).await, "File");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_that_arrive_while_they_are_purged_are_there_in_the_end() {
    let office = Office::open().await;
    for round in 0..20 {
        let content = format!("the same {round}");
        uploaded(office.author(), "old.txt", &content).await;
        office.clock.advance(DAY);
        let (_, new) =
            tokio::join!(purged(&office), uploaded(office.recipient(), "new.txt", &content));
        let read =
            crate::files_read::get(office.recipient(), new["id"].as_str().unwrap(), &[]).await;
        assert_eq!(read.text().await.unwrap(), content, "round {round}");
    }
    office.clock.advance(DAY);
    purged(&office).await;
    assert_eq!(objects(&office), [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_at_its_end_leaves_nothing_that_the_purge_does_not_find() {
    let office = Office::open().await;
    let author = office.author();
    let before = office.row_counts().await;
    for statement in ["INSERT INTO blobs", "SELECT \"blobs\".\"sha256\"", "INSERT INTO \"files\""] {
        office.observe(Some(Box::new(move |seen| {
            assert!(!seen.sql.starts_with(statement), "the crash that this test plays")
        })));
        let broken = put(author, Some(author.token()), "plan.txt", None, "the plan").await;
        office.observe(None);
        let (status, code, _) = refusal(broken).await;
        assert_eq!((status, code.as_str()), (500, "INTERNAL"), "{statement}");
        assert_eq!(office.row_counts().await["files"], 0, "{statement}");
    }
    office.clock.advance(DAY + TimeDelta::seconds(1));
    assert_eq!(purged(&office).await.files, 0);
    assert_eq!(objects(&office), [""; 0]);
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_process_left_of_an_upload_goes_after_a_day() {
    let office = Office::open().await;
    let folder = office.database().folder.join("files/uploads");
    std::fs::create_dir_all(&folder).unwrap();
    let (whole, begun) = (office.services.new_id(), office.services.new_id());
    std::fs::write(folder.join(whole.to_string()), "whole, and not yet at its place").unwrap();
    std::fs::write(folder.join(format!("{begun}#1")), "begun").unwrap();
    std::fs::write(folder.join("notes.txt"), "of somebody else").unwrap();
    office.clock.advance(DAY);
    let running = office.services.new_id().to_string();
    std::fs::write(folder.join(&running), "still arriving").unwrap();
    assert_eq!(purged(&office).await, files(0));
    office.clock.advance(TimeDelta::seconds(1));
    assert_eq!(purged(&office).await, PurgedUploads { files: 0, interrupted: 2 });
    assert_eq!(objects(&office), [running, "notes.txt".to_owned()]);
    office.close().await;
}
