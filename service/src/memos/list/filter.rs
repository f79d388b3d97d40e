//! Which memos of a box to list.

use super::search::SearchText;
use crate::database::{Conditions, Parameters};
use chrono::{DateTime, NaiveDate, Utc};
use entity::MemoStage;
use uuid::Uuid;

/// Which memos of a box to list. A memo must fulfil all conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoFilter {
    /// The memo's stage is one of these.
    pub stages: Option<Vec<MemoStage>>,
    /// This person is the author.
    pub author_id: Option<Uuid>,
    /// This person is the recipient.
    pub recipient_id: Option<Uuid>,
    /// This person is author, recipient or subscriber.
    pub person_id: Option<Uuid>,
    /// The memo has this tag.
    pub tag_id: Option<Uuid>,
    /// The memo is about this deal.
    pub deal_id: Option<Uuid>,
    /// The memo was written at this time or later.
    pub created_from: Option<DateTime<Utc>>,
    /// The memo was written before this time.
    pub created_before: Option<DateTime<Utc>>,
    /// The memo was sent at this time or later.
    pub sent_from: Option<DateTime<Utc>>,
    /// The memo was sent before this time.
    pub sent_before: Option<DateTime<Utc>>,
    /// The review date is this day or later.
    pub review_from: Option<NaiveDate>,
    /// The review date is this day or earlier.
    pub review_until: Option<NaiveDate>,
    /// Whether a task was created from the memo.
    pub has_task: Option<bool>,
    /// Whether a project was created from the memo.
    pub has_project: Option<bool>,
    /// Whether the memo has files.
    pub has_files: Option<bool>,
    /// Whether the review date has passed and the memo is not reviewed.
    pub overdue: Option<bool>,
    /// Whether there is something in the memo that the viewer has not read.
    pub unread: Option<bool>,
    /// Name, description or (for author and recipient) conclusion contain these words.
    pub text: Option<SearchText>,
}

impl MemoFilter {
    /// The conditions except the text. Each follows an `AND`. `:viewer` is the viewer's id.
    pub(super) fn conditions(&self, today: NaiveDate, parameters: &mut Parameters) -> String {
        let mut conditions = Conditions::new(parameters);
        if let Some(stages) = &self.stages {
            // Each stage has its own parameter, which is null if the stage is not wanted. So the
            // text does not depend on the number of stages.
            let wanted = |stage| stages.contains(&stage).then_some(stage);
            conditions
                .bind("pending", wanted(MemoStage::Pending))
                .bind("postponed", wanted(MemoStage::Postponed))
                .bind("reviewed", wanted(MemoStage::Reviewed))
                .and("memos.stage IN (:pending, :postponed, :reviewed)");
        }
        if self.overdue.is_some() {
            conditions.bind("today", today).bind("settled", MemoStage::Reviewed);
        }
        conditions
            .given("author_id", self.author_id, "memos.author_id = :author_id")
            .given("recipient_id", self.recipient_id, "memos.recipient_id = :recipient_id")
            .given("deal_id", self.deal_id, "memos.deal_id = :deal_id")
            .given("person", self.person_id, OF_PERSON)
            .given("tag_id", self.tag_id, WITH_TAG)
            .given("created_from", self.created_from, "memos.created_at >= :created_from")
            .given("created_before", self.created_before, "memos.created_at < :created_before")
            .given("sent_from", self.sent_from, "memos.sent_at >= :sent_from")
            .given("sent_before", self.sent_before, "memos.sent_at < :sent_before")
            .given("review_from", self.review_from, "memos.review_date >= :review_from")
            .given("review_until", self.review_until, "memos.review_date <= :review_until")
            .either(self.has_task, ["memos.task_id IS NOT NULL", "memos.task_id IS NULL"])
            .either(self.has_project, ["memos.project_id IS NOT NULL", "memos.project_id IS NULL"])
            .either(self.has_files, [HAS_FILES, HAS_NO_FILES])
            .either(self.overdue, [OVERDUE, NOT_OVERDUE])
            .either(self.unread, [UNREAD, READ])
            .text()
    }
}

const OF_PERSON: &str = "(
    memos.author_id = :person
    OR memos.recipient_id = :person
    OR EXISTS (SELECT 1 FROM memo_subscribers p WHERE p.memo_id = memos.id AND p.user_id = :person)
)";

const WITH_TAG: &str = "memos.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = :tag_id)";

const HAS_FILES: &str = "EXISTS (SELECT 1 FROM memo_files f WHERE f.memo_id = memos.id)";
const HAS_NO_FILES: &str = "NOT EXISTS (SELECT 1 FROM memo_files f WHERE f.memo_id = memos.id)";

const OVERDUE: &str = "(
    memos.review_date IS NOT NULL AND memos.review_date < :today AND memos.stage <> :settled
)";
const NOT_OVERDUE: &str = "NOT (
    memos.review_date IS NOT NULL AND memos.review_date < :today AND memos.stage <> :settled
)";

const UNREAD: &str = "memos.id IN (
    SELECT u.memo_id FROM unread_marks u WHERE u.user_id = :viewer
)";
const READ: &str = "memos.id NOT IN (
    SELECT u.memo_id FROM unread_marks u WHERE u.user_id = :viewer
)";
