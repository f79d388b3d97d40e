//! Who sees a memo.

use crate::Viewer;
use chrono::{DateTime, Utc};
use entity::{MemoRole, MemoStage, memo, memo_subscriber};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use uuid::Uuid;

/// How a person is related to a memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoAccess {
    /// They wrote it.
    pub is_author: bool,
    /// They are the recipient.
    pub is_recipient: bool,
    /// They subscribe to it.
    pub is_subscriber: bool,
    /// They may read every sent memo.
    pub is_chief: bool,
    /// Whether it has not been sent.
    pub draft: bool,
}

impl MemoAccess {
    /// Whether the memo exists for the person.
    pub fn is_visible(self) -> bool {
        self.is_author
            || (!self.draft && (self.is_recipient || self.is_subscriber || self.is_chief))
    }

    /// The roles in which the person sees the memo. Empty if it does not exist for them.
    pub fn roles(self) -> Vec<MemoRole> {
        let roles = [
            (self.is_author, MemoRole::Author),
            (self.is_recipient, MemoRole::Recipient),
            (self.is_subscriber && !self.draft, MemoRole::Subscriber),
            (self.is_chief && !self.draft, MemoRole::Chief),
        ];
        let roles = roles.into_iter().filter(|(has, _)| *has && self.is_visible());
        roles.map(|(_, role)| role).collect()
    }

    /// Whether the person may read the memo's conclusion and find the memo by its words.
    pub fn reads_conclusion(self) -> bool {
        self.is_visible() && (self.is_author || self.is_recipient)
    }
}

/// What the rules need to know about a viewer and a memo. It suffices for all that a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoState {
    /// The person who acts.
    pub viewer: Uuid,
    /// Whether that person may read every sent memo.
    pub viewer_is_chief: bool,
    /// Whether that person subscribes to this memo.
    pub viewer_is_subscriber: bool,
    /// The author.
    pub author: Uuid,
    /// The recipient.
    pub recipient: Uuid,
    /// Whether it has not been sent. It exists for its author alone then.
    pub draft: bool,
    /// The stage to which the recipient has moved it.
    pub stage: MemoStage,
    /// The recipient's first act: the stage to which it led, and its time.
    pub first_act: Option<(MemoStage, DateTime<Utc>)>,
    /// Whether a hold is active.
    pub on_hold: bool,
}

impl MemoState {
    /// The state of a memo's row.
    pub fn of(memo: &memo::Model, viewer: Viewer, viewer_is_subscriber: bool) -> Self {
        Self {
            viewer: viewer.id,
            viewer_is_chief: viewer.is_chief(),
            viewer_is_subscriber,
            author: memo.author_id,
            recipient: memo.recipient_id,
            draft: memo.draft,
            stage: memo.stage,
            first_act: memo.acted_stage.zip(memo.acted_at),
            on_hold: memo.on_hold,
        }
    }

    /// The viewer's relation to the memo, for the rules of visibility.
    pub fn access(&self) -> MemoAccess {
        MemoAccess {
            is_author: self.viewer == self.author,
            is_recipient: self.viewer == self.recipient,
            is_subscriber: self.viewer_is_subscriber,
            is_chief: self.viewer_is_chief,
            draft: self.draft,
        }
    }
}

/// [`MemoAccess::is_visible`] as a condition on `memos`.
pub fn visible_memos(viewer: Viewer) -> Condition {
    let mut sent_to = Condition::any()
        .add(memo::Column::RecipientId.eq(viewer.id))
        .add(memo::Column::Id.in_subquery(subscribed_ids(viewer)));
    if viewer.is_chief() {
        sent_to = Condition::all();
    }
    Condition::any()
        .add(memo::Column::AuthorId.eq(viewer.id))
        .add(Condition::all().add(memo::Column::Draft.eq(false)).add(sent_to))
}

/// A subquery for the ids of the memos that the viewer sees.
pub fn visible_memo_ids(viewer: Viewer) -> SelectStatement {
    memo::Entity::find()
        .select_only()
        .column(memo::Column::Id)
        .filter(visible_memos(viewer))
        .into_query()
}

fn subscribed_ids(viewer: Viewer) -> SelectStatement {
    memo_subscriber::Entity::find()
        .select_only()
        .column(memo_subscriber::Column::MemoId)
        .filter(memo_subscriber::Column::UserId.eq(viewer.id))
        .into_query()
}

/// [`MemoAccess::is_visible`] as SQL text, for any person in a statement. `memo` is the memo's row,
/// and `person` the person's id. `is_chief` is the condition that they are a chief.
pub fn sees_memo(memo: &str, person: &str, is_chief: &str) -> String {
    format!(
        "({memo}.author_id = {person} OR (NOT {memo}.draft AND ({memo}.recipient_id = {person} OR \
         {is_chief} \
         OR EXISTS (SELECT 1 FROM memo_subscribers s WHERE s.memo_id = {memo}.id AND s.user_id = \
         {person}))))"
    )
}

/// [`MemoAccess::reads_conclusion`] as SQL text, for a memo that the person sees.
pub fn reads_conclusion(memo: &str, person: &str) -> String {
    format!("({memo}.author_id = {person} OR {memo}.recipient_id = {person})")
}

#[cfg(test)]
impl MemoAccess {
    /// Every possible relation of a person to a memo.
    pub(super) fn every() -> impl Iterator<Item = Self> {
        (0..32_u8).map(|bits| {
            let is = |bit: u8| bits & (1 << bit) != 0;
            Self {
                is_author: is(0),
                is_recipient: is(1),
                is_subscriber: is(2),
                is_chief: is(3),
                draft: is(4),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::MemoAccess;

    #[test]
    fn a_memo_is_visible_to_whoever_has_a_role() {
        for access in MemoAccess::every() {
            assert_eq!(access.is_visible(), !access.roles().is_empty(), "{access:?}");
            assert!(!access.draft || access.is_visible() == access.is_author, "{access:?}");
            assert!(!access.reads_conclusion() || access.is_visible(), "{access:?}");
        }
    }
}
