//! How much time the servers have seen pass. Permanent erasure depends on this and not on a clock,
//! which somebody may have set wrong.
//!
//! Every server records the time of its clock every minute. The clock may be far ahead of the last
//! record although this process has not seen that time pass. Then either the clock was set, or no
//! server has run. The server cannot know which, so the gap does not count. Memos deleted before
//! the gap are kept longer, by the length of the gap. After the gap, the servers wait for the whole
//! time in which a deleted memo can be restored. Then everything deleted before the gap has had its
//! full time, and the gap is removed. An operator who knows that the clock is right can confirm it
//! earlier.

use crate::{
    Result, Services,
    database::{Database, in_transaction, lock::LockRows, sql::database_clock},
    installation,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{installation::Entity, memo};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QuerySelect,
};
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// The longest time without a record that still counts: a long weekend. It is at most a quarter of
/// the time in which a deleted memo can be restored.
const BELIEVED: TimeDelta = TimeDelta::days(3);

/// How much the clocks of machines that work together may differ. If they differ more, one was set.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(1);

/// The time that the servers have observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObservedTime {
    /// The time by which something must be due to be erased.
    pub now: DateTime<Utc>,
    /// How far the clock is ahead of it: the time that no server has seen pass.
    pub unseen: TimeDelta,
}

/// Observes how time passes, for one process.
#[derive(Debug)]
pub struct TimeObserver {
    /// How long a deleted memo can be restored.
    window: TimeDelta,
    /// The last observation of this process, by its steady clock.
    last_look: Mutex<Option<TimeDelta>>,
}

/// The recorded observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    /// The time that the clock showed.
    at: DateTime<Utc>,
    /// The gaps that do not count, the oldest first.
    gaps: Vec<Gap>,
}

/// Time that no server has seen pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Gap {
    /// The time that the clock showed at its end.
    until: DateTime<Utc>,
    /// Its length in milliseconds.
    milliseconds: i64,
}

impl Record {
    /// The record after the clock has shown `now`. This process has seen the time `seen` pass since
    /// its last observation. Deleted memos can be restored for the time `window`.
    fn at(&self, now: DateTime<Utc>, seen: TimeDelta, window: TimeDelta) -> Self {
        let mut gaps = self.gaps.clone();
        let passed = (now - self.at).num_milliseconds();
        let unseen = passed.saturating_sub(seen.num_milliseconds());
        if passed < -CLOCKS_DIFFER.num_milliseconds() {
            take_back(&mut gaps, -unseen, now);
        } else if unseen > BELIEVED.min(window / 4).num_milliseconds() {
            gaps.push(Gap { until: now, milliseconds: unseen });
        }
        let mut later = 0;
        let mut kept: Vec<Gap> = Vec::new();
        for gap in gaps.into_iter().rev() {
            let seen_since = (now - gap.until).num_milliseconds() - later;
            if seen_since < window.num_milliseconds() {
                later += gap.milliseconds;
                kept.push(gap);
            }
        }
        kept.reverse();
        Self { at: now, gaps: kept }
    }

    fn unseen(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.gaps.iter().map(|gap| gap.milliseconds).sum())
    }
}

/// The clock was set back. This shortens the gaps that arose when it was set forward.
fn take_back(gaps: &mut Vec<Gap>, mut milliseconds: i64, now: DateTime<Utc>) {
    while milliseconds > 0
        && let Some(gap) = gaps.last_mut()
    {
        let taken = gap.milliseconds.min(milliseconds);
        milliseconds -= taken;
        gap.milliseconds -= taken;
        if gap.milliseconds == 0 {
            gaps.pop();
        }
    }
    for gap in gaps {
        gap.until = gap.until.min(now);
    }
}

impl TimeObserver {
    /// An observer without an observation. Deleted memos can be restored for the time `window`.
    pub fn new(window: TimeDelta) -> Self {
        Self { window, last_look: Mutex::default() }
    }

    /// Records the time of the clock. Returns the time by which something must be due to be erased.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn observe(&self, services: &Services) -> Result<ObservedTime> {
        let steady = services.clock.steady();
        let seen = self.seen_until(steady);
        let (before, after) =
            in_transaction(&services.database, async |transaction| -> Result<_> {
                let now = earlier_of_clocks(services, transaction).await?;
                let before = last(transaction, now).await?;
                let after = before.at(now, seen, self.window);
                record(transaction, &after).await?;
                Ok((before, after))
            })
            .await?;
        self.looked_at(steady);
        let is_new = |gap: &&Gap| !before.gaps.contains(gap) && gap.until == after.at;
        if let Some(gap) = after.gaps.last().filter(is_new) {
            tracing::warn!(
                from = %before.at, until = %after.at,
                "the clock is {} ahead of what any server has seen: if the clock is wrong, correct \
                 it; if it is right, run `memoranda confirm clock`, or else what was deleted \
                 before is erased that much later",
                days(TimeDelta::milliseconds(gap.milliseconds))
            );
        }
        Ok(ObservedTime { now: after.at - after.unseen(), unseen: after.unseen() })
    }

    /// Confirms that the clock is right, on behalf of an operator. All gaps are removed. Returns
    /// their total length.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn confirm(&self, services: &Services) -> Result<TimeDelta> {
        let steady = services.clock.steady();
        let seen = self.seen_until(steady);
        let unseen = in_transaction(&services.database, async |transaction| -> Result<_> {
            let now = earlier_of_clocks(services, transaction).await?;
            let unseen = last(transaction, now).await?.at(now, seen, self.window).unseen();
            record(transaction, &Record { at: now, gaps: Vec::new() }).await?;
            Ok(unseen)
        })
        .await?;
        self.looked_at(steady);
        Ok(unseen)
    }

    /// How much time has passed since the last observation. Zero before the first one.
    fn seen_until(&self, steady: TimeDelta) -> TimeDelta {
        let last = *self.last_look.lock().unwrap_or_else(PoisonError::into_inner);
        last.map_or(TimeDelta::zero(), |last| steady - last)
    }

    fn looked_at(&self, steady: TimeDelta) {
        *self.last_look.lock().unwrap_or_else(PoisonError::into_inner) = Some(steady);
    }
}

async fn record(transaction: &DatabaseTransaction, record: &Record) -> Result<()> {
    let text = serde_json::to_string(record)?;
    installation::set(transaction, installation::OBSERVED_TIME, text).await
}

/// How much time no server has seen pass, as of the last record.
///
/// # Errors
/// Returns errors of the database.
pub async fn unseen(database: &Database) -> Result<TimeDelta> {
    let record = installation::get(database.connection(), installation::OBSERVED_TIME).await?;
    let record = record.map(|text| serde_json::from_str::<Record>(&text)).transpose()?;
    Ok(record.map_or(TimeDelta::zero(), |record| record.unseen()))
}

/// For example `31.0 days`.
pub fn days(time: TimeDelta) -> String {
    let tenths = time.num_minutes() * 10 / (24 * 60);
    format!("{}.{} days", tenths / 10, tenths % 10)
}

/// The record, locked.
async fn read(transaction: &DatabaseTransaction) -> Result<Option<Record>> {
    let known = Entity::find_by_id(installation::OBSERVED_TIME).lock_rows().one(transaction);
    Ok(known.await?.map(|row| serde_json::from_str(&row.value)).transpose()?)
}

/// The last record, or the first one.
async fn last(transaction: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Record> {
    match read(transaction).await? {
        Some(record) => Ok(record),
        None => first(transaction, now).await,
    }
}

/// The time at which a memo was last written.
pub(crate) async fn latest_write<C: ConnectionTrait>(
    connection: &C,
) -> Result<Option<DateTime<Utc>>> {
    let latest_write = memo::Entity::find()
        .select_only()
        .column_as(memo::Column::UpdatedAt.max(), "latest")
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(connection)
        .await?;
    Ok(latest_write.flatten())
}

/// The first record. The last write of a memo shows until when a server has run.
async fn first(transaction: &DatabaseTransaction, now: DateTime<Utc>) -> Result<Record> {
    let at = latest_write(transaction).await?.unwrap_or(now).min(now);
    Ok(Record { at, gaps: Vec::new() })
}

/// The earlier of the machine's and PostgreSQL's time. Something must be due by both of them.
async fn earlier_of_clocks(
    services: &Services,
    transaction: &DatabaseTransaction,
) -> Result<DateTime<Utc>> {
    let now = services.now();
    if transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(now);
    }
    let Some(database) = database_clock(transaction).await? else { return Ok(now) };
    if now - database > CLOCKS_DIFFER {
        tracing::warn!(
            %now, %database,
            "this machine's clock is ahead of the database's: set the clocks by NTP; nothing is \
             erased that is not due by both"
        );
    }
    Ok(now.min(database))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: TimeDelta = TimeDelta::days(30);

    fn day(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(n)
    }

    fn record() -> Record {
        Record { at: day(100), gaps: Vec::new() }
    }

    /// By how many days the clock is ahead of the observed time.
    fn unseen(record: &Record) -> i64 {
        record.unseen().num_days()
    }

    /// Makes an observation every day.
    fn through(mut record: Record, days: i64) -> Record {
        for _ in 0..days {
            let next = record.at + TimeDelta::days(1);
            record = record.at(next, TimeDelta::days(1), WINDOW);
        }
        record
    }

    #[test]
    fn time_that_a_process_has_seen_pass_is_no_gap_however_long() {
        let after = record().at(day(140), TimeDelta::days(40), WINDOW);
        assert_eq!(unseen(&after), 0);
    }

    #[test]
    fn a_weekend_without_servers_is_believed_and_a_month_is_not() {
        assert_eq!(unseen(&record().at(day(103), TimeDelta::zero(), WINDOW)), 0);
        assert_eq!(unseen(&record().at(day(131), TimeDelta::zero(), WINDOW)), 31);
        let day_window = TimeDelta::days(1);
        assert_eq!(
            unseen(&record().at(day(101), TimeDelta::zero(), day_window)),
            1,
            "a quarter of it"
        );
    }

    #[test]
    fn a_gap_counts_again_when_all_from_before_it_has_had_its_time() {
        let after = record().at(day(131), TimeDelta::zero(), WINDOW);
        assert_eq!(unseen(&through(after.clone(), 29)), 31);
        assert_eq!(unseen(&through(after, 30)), 0);
    }

    #[test]
    fn a_later_gap_does_not_shorten_the_time_after_an_earlier_one() {
        let first = through(record().at(day(110), TimeDelta::zero(), WINDOW), 10);
        let second = first.at(first.at + TimeDelta::days(31), TimeDelta::zero(), WINDOW);
        assert_eq!(unseen(&second), 10 + 31);
        assert_eq!(unseen(&through(second.clone(), 19)), 10 + 31);
        assert_eq!(unseen(&through(second.clone(), 20)), 31);
        assert_eq!(unseen(&through(second, 30)), 0);
    }

    #[test]
    fn a_clock_that_is_set_back_takes_its_gap_with_it() {
        let ahead = record().at(day(131), TimeDelta::zero(), WINDOW);
        let right = ahead.at(day(100), TimeDelta::zero(), WINDOW);
        assert_eq!(unseen(&right), 0);
        let half = ahead.at(day(121), TimeDelta::zero(), WINDOW);
        assert_eq!(unseen(&half), 21);
        assert_eq!(unseen(&through(half, 30)), 0);
    }
}
