//! Bytes are removed from the file store without a client that waits. The store may hang, and the
//! same content may be stored again in the meantime.

use crate::{
    files::{objects, put, uploaded},
    files_read::get,
};
use chrono::TimeDelta;
use entity::blob;
use memoranda_tests::{Office, Options, Proxy, Purger, S3Server, TestDatabase, at, refusal};
use sea_orm::EntityTrait;
use service::blobs;
use std::{path::Path, time::Duration};

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_secs(3_600);

const DAY: TimeDelta = TimeDelta::days(1);

/// An office whose files are in a bucket behind a proxy.
async fn office_with_bucket(timeout: Duration) -> (Office, S3Server, Proxy) {
    let database = TestDatabase::create().await;
    let server = S3Server::open(&database.folder.join("s3")).await;
    let proxy = Proxy::open(server.address.to_string()).await;
    let store = server.store_at(proxy.address).with_timeout(timeout);
    let options = Options { file_store: Some(store), ..Options::default() };
    (Office::open_in(database, at(memoranda_tests::OPENING), options).await, server, proxy)
}

/// The number of objects in the folder, besides the marker.
fn count_objects(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| match path.file_name().unwrap().to_str().unwrap() {
            _ if path.is_dir() => count_objects(&path),
            name => usize::from(name != blobs::MARKER && !name.starts_with('.')),
        })
        .sum()
}

async fn purge(purger: Purger) -> service::Result<u64> {
    purger.uploads(DAY).await?;
    Ok(purger.deletions().await?.blobs)
}

async fn removals(office: &Office) -> i64 {
    office.row_counts().await["blob_removals"]
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_file_store_hangs_everybody_else_goes_on_writing() {
    let (office, server, proxy) = office_with_bucket(FOR_EVER).await;
    uploaded(office.author(), "plan.txt", "the plan").await;
    assert_eq!(count_objects(&server.bucket), 1);
    office.clock.advance(DAY * 2);
    // The purge reaches the store, which then becomes silent.
    let noted = office.told_of("INSERT INTO \"blob_removals\"");
    let purging = tokio::spawn(purge(office.purger.clone()));
    noted.notified().await;
    proxy.fall_silent();
    while removals(&office).await == 0 && !purging.is_finished() {
        tokio::task::yield_now().await;
    }
    office.observe(None);
    for _ in 0..20 {
        office.memo().create().await;
        let comment = office
            .author()
            .data(
                "mutation { markAllNotificationsRead(input: {}) { userErrors { message } } }",
                serde_json::json!({}),
            )
            .await;
        assert!(comment.is_object());
    }
    // In any case, the next purge finishes it, once the store answers.
    purging.abort();
    let _ = purging.await;
    proxy.pass();
    purge(office.purger.clone()).await.unwrap();
    assert_eq!((removals(&office).await, count_objects(&server.bucket)), (0, 0));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_a_silent_file_store_ends_within_its_limit_and_loses_nothing() {
    let (office, server, proxy) = office_with_bucket(Duration::from_secs(1)).await;
    let file = uploaded(office.author(), "plan.txt", "the plan").await;
    proxy.fall_silent();
    let (status, code, _) =
        refusal(put(office.author(), Some(office.author().token()), "new.txt", None, "new").await)
            .await;
    assert_eq!((status, code.as_str()), (503, "FILES_UNAVAILABLE"));
    office.clock.advance(DAY * 2);
    let failed = purge(office.purger.clone()).await.unwrap_err().to_string();
    assert!(failed.contains("has not answered for 1 s"), "{failed}");
    assert_eq!(count_objects(&server.bucket), 1);
    proxy.pass();
    assert_eq!(purge(office.purger.clone()).await.unwrap(), 1);
    assert_eq!((removals(&office).await, count_objects(&server.bucket)), (0, 0));
    assert_eq!(
        office.author().type_of(file["id"].as_str().unwrap()).await,
        serde_json::Value::Null
    );
    office.close().await;
}

async fn location(office: &Office) -> String {
    let blobs = blob::Entity::find().all(office.services.database.connection()).await.unwrap();
    let [blob] = &blobs[..] else { panic!("{blobs:?}") };
    blob.location.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_again_while_it_is_about_to_be_removed_stays() {
    let office = Office::open().await;
    uploaded(office.author(), "old.txt", "the same").await;
    let old = location(&office).await;
    office.clock.advance(DAY * 2);
    // The process ends after it has recorded what to remove.
    office.observe(Some(Box::new(|statement| {
        assert!(
            !statement.sql.starts_with("SELECT \"blob_removals\".\"location\""),
            "the crash that this test plays"
        )
    })));
    let crashed = tokio::spawn(purge(office.purger.clone())).await;
    assert!(crashed.is_err_and(|error| error.is_panic()));
    office.observe(None);
    assert_eq!(removals(&office).await, 1);
    let new = uploaded(office.recipient(), "new.txt", "the same").await;
    assert_ne!(location(&office).await, old);
    assert_eq!(purge(office.purger.clone()).await.unwrap(), 1);
    let read = get(office.recipient(), new["id"].as_str().unwrap(), &[]).await;
    assert_eq!(read.text().await.unwrap(), "the same");
    assert_eq!(objects(&office).len(), 1);
    // An older version of the program does not know what to remove, but the database does.
    office.sql("DELETE FROM files").await;
    office.sql("DELETE FROM blobs").await;
    office
        .sql(
            "INSERT INTO blob_removals (location, created_at) VALUES ('sha256/of/old', \
        '2026-03-02T09:00:00Z')",
        )
        .await;
    let row = format!(
        "INSERT INTO blobs (sha256, size, location, created_at) VALUES ('{:064}', 1, \
         'sha256/of/old', '2026-03-02T09:00:00Z')",
        1
    );
    let refused = sea_orm::ConnectionTrait::execute_unprepared(
        &**office.services.database.connection(),
        &row,
    )
    .await;
    assert!(refused.unwrap_err().to_string().contains("being removed"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_comes_late_misses_the_same_content_stored_again() {
    let office = Office::open().await;
    uploaded(office.author(), "old.txt", "the same").await;
    let old = location(&office).await;
    office.clock.advance(DAY * 2);
    assert_eq!(purge(office.purger.clone()).await.unwrap(), 1);
    let new = uploaded(office.recipient(), "new.txt", "the same").await;
    // Another process has listed the location before, and removes its bytes only now.
    office.backend.file_store.delete(&old).await.unwrap();
    let read = get(office.recipient(), new["id"].as_str().unwrap(), &[]).await;
    assert_eq!(read.text().await.unwrap(), "the same");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_that_somebody_has_begun_to_store_is_not_removed() {
    let office = Office::open().await;
    let author = office.author();
    office.observe(Some(Box::new(|statement| {
        assert!(!statement.sql.starts_with("SELECT \"blobs\""), "the crash that this test plays")
    })));
    put(author, Some(author.token()), "plan.txt", None, "the plan").await;
    office.observe(None);
    assert_eq!(office.purger.deletions().await.unwrap().blobs, 0);
    office.clock.advance(TimeDelta::minutes(61));
    assert_eq!(office.purger.deletions().await.unwrap().blobs, 1);
    assert_eq!(objects(&office), [""; 0]);
    office.close().await;
}
