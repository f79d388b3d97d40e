use service::database::{DatabaseSettings, connect};
use tokio::net::TcpListener;

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_is_not_there_is_told_by_its_cause() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let settings = DatabaseSettings::new(format!("postgres://somebody@127.0.0.1:{port}/memoranda"));
    let error = connect(&settings).await.unwrap_err().to_string();
    assert!(error.contains("refused"), "{error}");
    assert!(!error.contains("timed out"), "{error}");
}
