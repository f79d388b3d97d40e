//! Memos.

use super::{
    Converted,
    moments::{acted, created_and_updated, sent},
    text::{kept_whole, name_of, parts, some},
};
use crate::{
    oddity::Oddity,
    staging::{LogRow, MemoRow},
};
use chrono::{DateTime, Utc};
use entity::{MemoStage, memo};
use service::{
    memos::blank,
    text::{MAX_CONCLUSION, MAX_DESCRIPTION},
};
use uuid::Uuid;

/// The ids that a memo needs, and what it refers to.
pub(crate) struct MemoIds {
    pub(crate) author_id: Uuid,
    pub(crate) recipient_id: Uuid,
    pub(crate) deal_id: Option<Uuid>,
    pub(crate) task_id: Option<Uuid>,
    pub(crate) project_id: Option<Uuid>,
    pub(crate) resolution_id: Option<Uuid>,
}

/// A converted memo, and what is not in its row.
#[derive(Debug, Clone)]
pub(crate) struct ConvertedMemo {
    pub(crate) memo: memo::Model,
    /// What of its text is longer than a description: comments of its author.
    pub(crate) rest: Vec<String>,
    /// Which of its moments are guesses, and from what.
    pub(crate) inferred: Vec<String>,
}

/// Converts a memo.
pub(crate) fn convert(
    row: &MemoRow,
    ids: &MemoIds,
    log: &[&LogRow],
    id: impl FnOnce(DateTime<Utc>) -> Uuid,
    now: DateTime<Utc>,
) -> Converted<ConvertedMemo> {
    let name = name_of(row.name.as_deref(), row.description.as_deref());
    let mut oddities: Vec<_> = name.oddity.into_iter().map(|odd| (odd, None)).collect();
    if row.creation_date.is_none() || row.update_date.is_none() {
        oddities.push((Oddity::NoDate, None));
    }
    let (created_at, updated_at) = created_and_updated(row.creation_date, row.update_date, now);
    let stage = stage(row, &mut oddities);
    let draft = row.draft.unwrap_or_default() && stage == MemoStage::Pending;
    if row.draft.unwrap_or_default() && !draft {
        oddities.push((Oddity::DraftActedOn, None));
    }
    let (description, rest) = description(row, name.whole, &mut oddities);
    let (note, oddity) = kept_whole(some(row.note.as_deref()).unwrap_or_default(), MAX_CONCLUSION);
    oddities.extend(oddity.map(|odd| (odd, Some("note".to_owned()))));
    let mut inferred = Vec::new();
    let sent = (!draft).then(|| sent(created_at, updated_at, log));
    inferred.extend(sent.map(|guess| format!("sent_at: {}", guess.from)));
    let acted = match sent {
        Some(sent) if stage != MemoStage::Pending => Some(acted(sent.at, updated_at, log)),
        _ => None,
    };
    inferred.extend(acted.map(|guess| format!("acted_at: {}", guess.from)));
    let memo = memo::Model {
        name: name.name,
        description,
        conclusion: Some(note).filter(|note| !note.is_empty()),
        recipient_id: ids.recipient_id,
        stage,
        draft,
        review_date: row.review_date,
        deal_id: ids.deal_id,
        task_id: ids.task_id,
        project_id: ids.project_id,
        resolution_id: ids.resolution_id,
        sent_at: sent.map(|guess| guess.at),
        acted_at: acted.map(|guess| guess.at),
        acted_stage: acted.map(|_| stage),
        updated_at,
        ..blank(id(created_at), ids.author_id, created_at)
    };
    Converted { row: ConvertedMemo { memo, rest, inferred }, oddities }
}

fn stage(row: &MemoRow, oddities: &mut Vec<(Oddity, Option<String>)>) -> MemoStage {
    match row.stage.as_deref() {
        Some("pen") => MemoStage::Pending,
        Some("pos") => MemoStage::Postponed,
        Some("rev") => MemoStage::Reviewed,
        other => {
            oddities.push((Oddity::UnknownStage, other.map(ToOwned::to_owned)));
            MemoStage::Pending
        }
    }
}

/// The description, and the rest of a text that is too long for one.
fn description(
    row: &MemoRow,
    whole_name: Option<String>,
    oddities: &mut Vec<(Oddity, Option<String>)>,
) -> (String, Vec<String>) {
    let description = row.description.clone().unwrap_or_default();
    let texts = whole_name.into_iter().chain(Some(description));
    let text = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n");
    let mut parts = parts(&text, MAX_DESCRIPTION).into_iter().map(ToOwned::to_owned);
    let first = parts.next().unwrap_or_default();
    let rest: Vec<String> = parts.filter(|part| !part.trim().is_empty()).collect();
    if !rest.is_empty() {
        oddities.push((Oddity::TextTooLong, None));
    }
    (first, rest)
}

/// The row as it is hashed: without what triggers and edits here count.
pub(crate) fn without_counters(memo: &memo::Model) -> memo::Model {
    memo::Model {
        revision: 0,
        version: 0,
        on_hold: false,
        comment_count: 0,
        author_comment_count: 0,
        recipient_comment_count: 0,
        ..memo.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn row() -> MemoRow {
        MemoRow {
            id: 1,
            creation_date: Some(DateTime::UNIX_EPOCH),
            update_date: Some(DateTime::UNIX_EPOCH + TimeDelta::hours(1)),
            name: Some("Memo".to_owned()),
            description: Some("Text".to_owned()),
            note: Some(String::new()),
            draft: Some(false),
            review_date: None,
            stage: Some("pen".to_owned()),
            owner_id: Some(1),
            to_id: Some(2),
            deal_id: None,
            task_id: None,
            project_id: None,
            resolution_id: None,
        }
    }

    fn converted(row: &MemoRow) -> (ConvertedMemo, Vec<Oddity>) {
        let [author_id, recipient_id] = [1, 2].map(Uuid::from_u128);
        let ids = MemoIds {
            author_id,
            recipient_id,
            deal_id: None,
            task_id: None,
            project_id: None,
            resolution_id: None,
        };
        let Converted { row, oddities } =
            convert(row, &ids, &[], |_| Uuid::nil(), DateTime::UNIX_EPOCH);
        (row, oddities.into_iter().map(|(oddity, _)| oddity).collect())
    }

    #[test]
    fn every_stage_and_draft_is_one_that_can_be() {
        for (stage, draft, expected) in [
            ("pen", false, (MemoStage::Pending, false)),
            ("pen", true, (MemoStage::Pending, true)),
            ("pos", false, (MemoStage::Postponed, false)),
            ("rev", true, (MemoStage::Reviewed, false)),
            ("odd", false, (MemoStage::Pending, false)),
        ] {
            let row = MemoRow { stage: Some(stage.to_owned()), draft: Some(draft), ..row() };
            let (ConvertedMemo { memo, .. }, oddities) = converted(&row);
            assert_eq!((memo.stage, memo.draft), expected, "{stage} {draft}");
            assert_eq!(memo.sent_at.is_none(), memo.draft);
            assert_eq!(memo.acted_at.is_some(), memo.stage != MemoStage::Pending);
            assert_eq!(memo.acted_at.is_some(), memo.acted_stage.is_some());
            let acted_on_a_draft = draft && stage == "rev";
            assert_eq!(oddities.contains(&Oddity::DraftActedOn), acted_on_a_draft);
        }
    }

    #[test]
    fn a_long_text_is_whole_in_description_and_comments() {
        let text = "ж".repeat(MAX_DESCRIPTION + 5);
        let row = MemoRow { description: Some(text.clone()), ..row() };
        let (ConvertedMemo { memo, rest, .. }, oddities) = converted(&row);
        assert_eq!(memo.description.chars().count(), MAX_DESCRIPTION);
        assert_eq!(memo.description + &rest.concat(), text);
        assert_eq!(oddities, [Oddity::TextTooLong]);
    }
}
