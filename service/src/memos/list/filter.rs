//! Which memos of a box.

use super::{Parameters, search::SearchText};
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
    /// What it demands beside the text, each condition after an `AND`. `me` is the viewer's
    /// placeholder.
    pub(super) fn conditions(
        &self,
        me: &str,
        today: NaiveDate,
        parameters: &mut Parameters,
    ) -> String {
        let mut all = String::new();
        let mut and = |condition: String| {
            all.push_str(" AND ");
            all.push_str(&condition);
        };
        if let Some(stages) = &self.stages {
            let stages: Vec<String> = stages.iter().map(|stage| parameters.bind(*stage)).collect();
            // An empty list allows none.
            and(if stages.is_empty() {
                "1 = 0".to_owned()
            } else {
                format!("memos.stage IN ({})", stages.join(", "))
            });
        }
        for (column, id) in [
            ("author_id", self.author_id),
            ("recipient_id", self.recipient_id),
            ("deal_id", self.deal_id),
        ] {
            if let Some(id) = id {
                and(format!("memos.{column} = {}", parameters.bind(id)));
            }
        }
        if let Some(person) = self.person_id {
            let person = parameters.bind(person);
            and(format!(
                "(memos.author_id = {person} OR memos.recipient_id = {person} OR EXISTS \
                 (SELECT 1 FROM memo_subscribers p WHERE p.memo_id = memos.id AND p.user_id = \
                 {person}))"
            ));
        }
        if let Some(tag) = self.tag_id {
            and(format!(
                "memos.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = {})",
                parameters.bind(tag)
            ));
        }
        for (condition, moment) in [
            ("created_at >=", self.created_from),
            ("created_at <", self.created_before),
            ("sent_at >=", self.sent_from),
            ("sent_at <", self.sent_before),
        ] {
            if let Some(moment) = moment {
                and(format!("memos.{condition} {}", parameters.bind(moment)));
            }
        }
        for (condition, day) in
            [("review_date >=", self.review_from), ("review_date <=", self.review_until)]
        {
            if let Some(day) = day {
                and(format!("memos.{condition} {}", parameters.bind(day)));
            }
        }
        for (column, wanted) in [("task_id", self.has_task), ("project_id", self.has_project)] {
            if let Some(wanted) = wanted {
                and(format!("memos.{column} IS {}NULL", not(wanted)));
            }
        }
        if let Some(wanted) = self.has_files {
            and(format!(
                "{}EXISTS (SELECT 1 FROM memo_files f WHERE f.memo_id = memos.id)",
                not(!wanted)
            ));
        }
        if let Some(wanted) = self.overdue {
            let today = parameters.bind(today);
            let overdue = format!(
                "(memos.review_date IS NOT NULL AND memos.review_date < {today} AND memos.stage <> \
                 {})",
                parameters.bind(MemoStage::Reviewed)
            );
            and(format!("{}{overdue}", not(!wanted)));
        }
        if let Some(wanted) = self.unread {
            and(format!(
                "memos.id {}IN (SELECT u.memo_id FROM unread_marks u WHERE u.user_id = {me})",
                not(!wanted)
            ));
        }
        all
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}
