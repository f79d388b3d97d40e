//! Selects the memos to hold, as a SQL condition. It never includes drafts.

use crate::database::{Conditions, Parameters};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Which sent memos to hold, live and deleted. A memo must fulfil all conditions that are not
/// `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldSelection {
    /// This person is author or recipient.
    pub participant_id: Option<Uuid>,
    /// This person is the author.
    pub author_id: Option<Uuid>,
    /// This person is the recipient.
    pub recipient_id: Option<Uuid>,
    /// The memo has this tag.
    pub tag_id: Option<Uuid>,
    /// The memo is about this deal.
    pub deal_id: Option<Uuid>,
    /// The memo was sent at this time or later.
    pub sent_from: Option<DateTime<Utc>>,
    /// The memo was sent before this time.
    pub sent_before: Option<DateTime<Utc>>,
}

impl HoldSelection {
    /// Whether there is no condition. It would select all memos.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// A query for the ids of the selected memos. A memo's row is in one of the two tables.
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
