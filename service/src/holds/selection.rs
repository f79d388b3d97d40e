//! Which memos a hold is placed on, as a condition. Drafts are never among them.

use crate::database::{Conditions, Parameters};
use chrono::{DateTime, Utc};
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
        format!(
            "SELECT m.id FROM memos m WHERE NOT m.draft{conditions}
            UNION ALL
            SELECT m.id FROM deleted_memos m WHERE NOT m.draft{conditions}"
        )
    }

    fn conditions(&self, parameters: &mut Parameters) -> String {
        Conditions::new(parameters)
            .given("participant", self.participant_id, OF_PARTICIPANT)
            .given("author_id", self.author_id, "m.author_id = :author_id")
            .given("recipient_id", self.recipient_id, "m.recipient_id = :recipient_id")
            .given("deal_id", self.deal_id, "m.deal_id = :deal_id")
            .given("tag_id", self.tag_id, WITH_TAG)
            .given("sent_from", self.sent_from, "m.sent_at >= :sent_from")
            .given("sent_before", self.sent_before, "m.sent_at < :sent_before")
            .text()
    }
}

const OF_PARTICIPANT: &str = "(m.author_id = :participant OR m.recipient_id = :participant)";

const WITH_TAG: &str = "m.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = :tag_id)";
