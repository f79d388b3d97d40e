use memoranda_tests::{Office, Options, TestDatabase, execute, is_postgres, number};
use sea_orm::TransactionTrait;

const MEGABYTE: u64 = 1 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn sqlites_log_is_small_again_when_a_long_reader_has_gone() {
    if is_postgres() {
        return;
    }
    let test = TestDatabase::create().await;
    let (database, readers) = (test.connect().await, test.connect().await);
    let log = test.folder.join("test.db-wal");
    let length = || std::fs::metadata(&log).unwrap().len();
    let write = "INSERT INTO blobs VALUES (randomblob(1048576))";
    execute(&database, "CREATE TABLE blobs (bytes BLOB)").await;
    for begins_anew in [true, false] {
        let reader = readers.connection().begin().await.unwrap();
        let count = "SELECT count(*) AS n FROM blobs";
        let asked = sea_orm::Statement::from_string(readers.backend(), count);
        sea_orm::ConnectionTrait::query_one_raw(&reader, asked).await.unwrap();
        for _ in 0..40 {
            execute(&database, write).await;
        }
        assert!(length() > 40 * MEGABYTE, "it grows as long as somebody reads");
        database.checkpoint().await.unwrap();
        assert!(length() > 40 * MEGABYTE, "nobody is waited for");
        reader.commit().await.unwrap();
        if begins_anew {
            for _ in 0..3 {
                execute(&database, write).await;
            }
            assert!(length() <= 16 * MEGABYTE, "{} bytes", length());
        } else {
            database.checkpoint().await.unwrap();
            assert_eq!(length(), 0);
        }
    }
    assert_eq!(number(&database, "SELECT count(*) AS n FROM blobs").await, 83);
    readers.close().await.unwrap();
    database.close().await.unwrap();
    test.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_sqlite_looks_after_its_log() {
    let office = Office::open_with(Options { has_metrics: true, ..Options::default() }).await;
    let series = "memoranda_job_runs_total{job=\"checkpoint\",outcome=\"OK\"}";
    if is_postgres() {
        assert_eq!(office.metrics().await.get(series), None);
    } else {
        office.counts(series, 1.0).await;
    }
    office.close().await;
}
