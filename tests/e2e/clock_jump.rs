//! A server's clock jumps ahead, and nothing is erased before its time. An office that was silent
//! for a month erases its data in the end, without any operator.

use crate::files::{objects, uploaded};
use chrono::{DateTime, TimeDelta, Utc};
use memoranda_tests::{Office, Options, TestDatabase, TestMemo, is_postgres};
use service::{
    clock::{Clock, SystemClock},
    memo_deletion::Purged,
    observed_time,
};

const MONTH: TimeDelta = TimeDelta::days(31);

async fn delete(office: &Office) -> (TestMemo, String) {
    let memo = office.memo().create().await;
    let payload = office.author().delete_confirmed(&memo.id).await;
    let record =
        payload["receipt"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned();
    (memo, record)
}

/// The work of the server's job.
async fn purge_all(office: &Office) -> Purged {
    office.purger.events(TimeDelta::days(7)).await.unwrap();
    office.purger.uploads(TimeDelta::days(1)).await.unwrap();
    office.purger.deletions().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_a_month_ahead_erases_nothing() {
    let office = Office::open().await;
    let (memo, record) = delete(&office).await;
    uploaded(office.author(), "draft.txt", "draft").await;
    let before = office.row_counts().await;
    office.clock.set(MONTH);
    for _ in 0..3 {
        assert_eq!(purge_all(&office).await, Purged::default());
        office.clock.advance(TimeDelta::hours(1));
    }
    assert_eq!(office.row_counts().await, before);
    assert_eq!(objects(&office).len(), 1);
    office.clock.set(-MONTH);
    assert_eq!(purge_all(&office).await, Purged::default());
    assert!(observed_time::unseen(&office.services.database).await.unwrap().is_zero());
    office.author().restore(&record).await;
    assert_eq!(office.author().type_of(&memo.id).await, "Memo");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_before_a_month_of_silence_is_erased_a_month_later_and_nothing_else_is_late() {
    let office = Office::open().await;
    delete(&office).await;
    office.clock.set(MONTH);
    assert_eq!(purge_all(&office).await, Purged::default());
    let (_, new) = delete(&office).await;
    office.clock.advance(TimeDelta::days(29));
    assert_eq!(purge_all(&office).await, Purged::default());
    office.clock.advance(TimeDelta::days(1));
    assert_eq!(purge_all(&office).await.records, 2, "{new} is due as well");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_who_says_that_the_clock_is_right_has_everything_erased_that_is_due() {
    let office = Office::open_with(Options { has_metrics: true, ..Options::default() }).await;
    delete(&office).await;
    office.clock.set(MONTH);
    assert_eq!(purge_all(&office).await, Purged::default());
    let unseen = office.metrics().await.get("memoranda_clock_unseen_seconds").unwrap();
    assert_eq!(unseen, MONTH.as_seconds_f64());
    assert_eq!(office.purger.confirm_clock().await.unwrap(), MONTH);
    assert_eq!(office.metrics().await.get("memoranda_clock_unseen_seconds"), Some(0.0));
    assert_eq!(purge_all(&office).await.records, 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_both_clocks_must_agree_that_something_is_due() {
    let now: DateTime<Utc> = SystemClock.now();
    let office =
        Office::open_in(TestDatabase::create_migrated().await, now, Options::default()).await;
    delete(&office).await;
    // This machine trusts its clock, but the database knows better.
    office.clock.advance(MONTH);
    assert_eq!(purge_all(&office).await.records, u64::from(!is_postgres()));
    office.close().await;
}
