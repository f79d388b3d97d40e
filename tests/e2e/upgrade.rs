//! A newer version has migrated the database while servers of this one run.

use memoranda_tests::Office;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_stays_ready_when_a_newer_version_migrates() {
    let office = Office::open().await;
    let name = "m29991231_000001_of_a_newer_version";
    office
        .sql(&format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{name}', 1)"))
        .await;
    let answer = reqwest::get(format!("{}/readyz", office.address)).await.unwrap();
    assert_eq!(
        (answer.status(), answer.text().await.unwrap().as_str()),
        (StatusCode::OK, "ready\n")
    );
    let memo = office.memo().create().await;
    assert_eq!(office.author().type_of(&memo.id).await, "Memo");
    let migrations = office.services.database.migrations().await.unwrap();
    assert_eq!((migrations.pending.len(), migrations.newer), (0, vec![name.to_owned()]));
    // A migration that the server knows and the database lacks is different: the server would read
    // missing columns.
    office.sql("DELETE FROM seaql_migrations WHERE version LIKE '%_create_users'").await;
    let answer = reqwest::get(format!("{}/readyz", office.address)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    office.close().await;
}
