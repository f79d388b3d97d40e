//! Moments that a source does not have: guesses from what it has.

use crate::staging::LogRow;
use chrono::{DateTime, TimeDelta, Utc};

/// By how much an entry of the log may be later than the change that it is about.
const DELAY: TimeDelta = TimeDelta::minutes(1);

/// When a row was created and last changed. A missing moment is the other one, or that of the
/// import. A change is not before the creation.
pub(crate) fn created_and_updated(
    created: Option<DateTime<Utc>>,
    updated: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let created_at = created.or(updated).unwrap_or(now);
    (created_at, updated.unwrap_or(created_at).max(created_at))
}

/// A guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guess {
    /// The moment.
    pub(crate) at: DateTime<Utc>,
    /// The column from which it is.
    pub(crate) from: &'static str,
}

const FROM_LOG: &str = "django_admin_log.action_time";

/// When a memo was sent: when the log last says that it is no draft any more, or when it was
/// created.
pub(crate) fn sent(created_at: DateTime<Utc>, updated_at: DateTime<Utc>, log: &[&LogRow]) -> Guess {
    let changes = log.iter().filter(|entry| changed(entry, "draft"));
    let times = changes.filter_map(|entry| entry.action_time);
    match times.filter(|at| is_credible(*at, created_at, updated_at)).max() {
        Some(at) => Guess { at, from: FROM_LOG },
        None => Guess { at: created_at, from: "tasks_memo.creation_date" },
    }
}

/// When the recipient first acted: when the log first says that the stage was changed, or when the
/// memo was last changed.
pub(crate) fn acted(sent_at: DateTime<Utc>, updated_at: DateTime<Utc>, log: &[&LogRow]) -> Guess {
    let changes = log.iter().filter(|entry| changed(entry, "stage"));
    let times = changes.filter_map(|entry| entry.action_time);
    match times.filter(|at| is_credible(*at, sent_at, updated_at)).min() {
        Some(at) => Guess { at, from: FROM_LOG },
        None => Guess { at: updated_at.max(sent_at), from: "tasks_memo.update_date" },
    }
}

/// Whether an entry of the log can be about a change at that time. The log may have been written
/// later for many memos at once.
fn is_credible(at: DateTime<Utc>, after: DateTime<Utc>, before: DateTime<Utc>) -> bool {
    at >= after && at <= before + DELAY
}

/// Whether an entry says that a field was changed: `[{"changed": {"fields": ["Stage"]}}]`.
fn changed(entry: &LogRow, field: &str) -> bool {
    const CHANGED: i64 = 2;
    if entry.action_flag != Some(CHANGED) {
        return false;
    }
    let message = entry.change_message.as_deref().unwrap_or_default();
    let message: serde_json::Value = serde_json::from_str(message).unwrap_or_default();
    let parts = message.as_array().into_iter().flatten();
    let fields = parts.filter_map(|part| part.pointer("/changed/fields")?.as_array()).flatten();
    fields.filter_map(|name| name.as_str()).any(|name| name.eq_ignore_ascii_case(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn entry(minutes: i64, fields: &str) -> LogRow {
        LogRow {
            id: 1,
            object_id: Some(1),
            action_flag: Some(2),
            change_message: Some(format!("[{{\"changed\": {{\"fields\": {fields}}}}}]")),
            user_id: Some(1),
            action_time: Some(at(minutes)),
        }
    }

    #[test]
    fn the_log_tells_when_a_memo_was_sent_and_acted_on_if_it_can_be_true() {
        let (sent_late, acted_on, again, too_late) = (
            entry(20, "[\"Draft\"]"),
            entry(40, "[\"Note\", \"Stage\"]"),
            entry(60, "[\"Stage\"]"),
            entry(9_000, "[\"Stage\", \"Draft\"]"),
        );
        let log = [&sent_late, &acted_on, &again, &too_late];
        assert_eq!(sent(at(0), at(60), &log).at, at(20));
        assert_eq!(acted(at(20), at(60), &log).at, at(40));
        let guessed = sent(at(0), at(60), &[&too_late]);
        assert_eq!((guessed.at, guessed.from), (at(0), "tasks_memo.creation_date"));
        let guessed = acted(at(20), at(60), &[&too_late]);
        assert_eq!((guessed.at, guessed.from), (at(60), "tasks_memo.update_date"));
        let other = LogRow { change_message: Some("Changed stage.".to_owned()), ..entry(30, "[]") };
        assert_eq!(acted(at(0), at(60), &[&other]).at, at(60));
    }

    #[test]
    fn a_missing_moment_is_the_other_one() {
        let now = at(100);
        assert_eq!(created_and_updated(Some(at(1)), Some(at(2)), now), (at(1), at(2)));
        assert_eq!(created_and_updated(None, Some(at(2)), now), (at(2), at(2)));
        assert_eq!(created_and_updated(Some(at(5)), Some(at(2)), now), (at(5), at(5)));
        assert_eq!(created_and_updated(None, None, now), (now, now));
    }
}
