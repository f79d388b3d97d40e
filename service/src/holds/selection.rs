//! Which memos a hold is placed on, as a condition. Drafts are never among them.

use crate::database::sql::Parameters;
use chrono::{DateTime, Utc};
use entity::deleted_memo;
use uuid::Uuid;

/// Which sent memos, live and deleted. Conditions add up; one that is `None` does not count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldSelection {
    /// Whose author or recipient is that person.
    pub participant_id: Option<Uuid>,
    /// Of that author.
    pub author_id: Option<Uuid>,
    /// To that recipient.
    pub recipient_id: Option<Uuid>,
    /// With that tag.
    pub tag_id: Option<Uuid>,
    /// About that deal.
    pub deal_id: Option<Uuid>,
    /// Sent at or after that moment.
    pub sent_from: Option<DateTime<Utc>>,
    /// Sent before that moment.
    pub sent_before: Option<DateTime<Utc>>,
}

impl HoldSelection {
    /// Whether it names no condition, and so means every memo there is.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// The ids of the selected memos, as a query. A memo has its row in one of the two tables.
    pub(super) fn ids(&self, parameters: &mut Parameters) -> String {
        let conditions = self.conditions(parameters);
        ["memos", deleted_memo::TABLE]
            .map(|table| format!("SELECT m.id FROM {table} m WHERE NOT m.draft{conditions}"))
            .join(" UNION ALL ")
    }

    fn conditions(&self, parameters: &mut Parameters) -> String {
        let mut all = String::new();
        if let Some(person) = self.participant_id {
            let person = parameters.bind(person);
            all.push_str(&format!(" AND (m.author_id = {person} OR m.recipient_id = {person})"));
        }
        for (column, id) in [
            ("author_id", self.author_id),
            ("recipient_id", self.recipient_id),
            ("deal_id", self.deal_id),
        ] {
            if let Some(id) = id {
                all.push_str(&format!(" AND m.{column} = {}", parameters.bind(id)));
            }
        }
        if let Some(tag) = self.tag_id {
            let tag = parameters.bind(tag);
            all.push_str(&format!(
                " AND m.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = {tag})"
            ));
        }
        for (condition, moment) in [("sent_at >=", self.sent_from), ("sent_at <", self.sent_before)]
        {
            if let Some(moment) = moment {
                all.push_str(&format!(" AND m.{condition} {}", parameters.bind(moment)));
            }
        }
        all
    }
}
