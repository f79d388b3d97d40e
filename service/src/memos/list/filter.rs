//! Which memos of a box.

use super::search::SearchText;
use crate::database::{Conditions, Parameters};
use chrono::{DateTime, NaiveDate, Utc};
use entity::MemoStage;
use uuid::Uuid;

/// Which memos of a box. Conditions add up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoFilter {
    /// In one of these stages.
    pub stages: Option<Vec<MemoStage>>,
    /// Of that author.
    pub author_id: Option<Uuid>,
    /// To that recipient.
    pub recipient_id: Option<Uuid>,
    /// Whose author, recipient or subscriber is that person.
    pub person_id: Option<Uuid>,
    /// With that tag.
    pub tag_id: Option<Uuid>,
    /// About that deal.
    pub deal_id: Option<Uuid>,
    /// Written at or after.
    pub created_from: Option<DateTime<Utc>>,
    /// Written before.
    pub created_before: Option<DateTime<Utc>>,
    /// Sent at or after.
    pub sent_from: Option<DateTime<Utc>>,
    /// Sent before.
    pub sent_before: Option<DateTime<Utc>>,
    /// To be looked at on that day or later.
    pub review_from: Option<NaiveDate>,
    /// To be looked at on that day or earlier.
    pub review_until: Option<NaiveDate>,
    /// Whether a task was made of it.
    pub has_task: Option<bool>,
    /// Whether a project was made of it.
    pub has_project: Option<bool>,
    /// Whether files are attached.
    pub has_files: Option<bool>,
    /// Whether the day to look at it has passed, and it is not reviewed.
    pub overdue: Option<bool>,
    /// Whether the viewer has not read it, or something new in it.
    pub unread: Option<bool>,
    /// Whose name, description or (for author and recipient) conclusion has these words.
    pub text: Option<SearchText>,
}

impl MemoFilter {
    /// What it demands besides the text, each condition after an `AND`. `:viewer` is who asks.
    pub(super) fn conditions(&self, today: NaiveDate, parameters: &mut Parameters) -> String {
        let mut conditions = Conditions::new(parameters);
        if let Some(stages) = &self.stages {
            // Each stage has its parameter, which is null where it is not wanted: so the text does
            // not depend on how many are.
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
