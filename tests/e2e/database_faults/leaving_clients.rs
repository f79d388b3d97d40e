use api::backend::Backend;
use entity::UserRole;
use memoranda_tests::{
    OPENING, TestDatabase, at, backend, every_connection_writes, is_postgres, number, until_idle,
};
use service::{
    clock::ManualClock,
    people::{self, NewPerson},
};
use std::{future::Future, pin::pin, sync::Arc, task::Poll};

/// The result of the future, or `None` if it still waits after that many polls. Then it is dropped.
async fn within_polls<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let (mut future, mut left) = (pin!(future), polls);
    std::future::poll_fn(|context| {
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_at_any_moment_of_a_change_leaves_no_transaction_open() {
    let test = TestDatabase::create().await;
    let (database, witness) = (test.connect().await, test.connect().await);
    database.migrate().await.unwrap();
    let clock = Arc::new(ManualClock::new(at(OPENING)));
    let (Backend { services, .. }, _) = backend(database.clone(), &test.folder, clock);
    let mut polls = 1;
    loop {
        let person = NewPerson {
            username: format!("person{polls}"),
            full_name: "Somebody who leaves".to_owned(),
            email: format!("person{polls}@example.org"),
            role: UserRole::Member,
        };
        let added = within_polls(people::add(&services, &person), polls).await;
        until_idle(&database).await;
        if is_postgres() {
            let open = "SELECT count(*) AS n FROM pg_stat_activity
                WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
            assert_eq!(number(&witness, open).await, 0, "after {polls} polls");
        }
        every_connection_writes(&database, &witness).await;
        if let Some(added) = added {
            added.unwrap();
            break;
        }
        polls += 1;
    }
    assert!(polls > 1, "there is a moment at which to leave");
    database.close().await.unwrap();
    witness.close().await.unwrap();
    test.drop().await;
}
