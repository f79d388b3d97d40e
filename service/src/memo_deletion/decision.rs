//! Turns facts into a decision and its confirmation token.

use super::{
    DeletionSettings,
    facts::Facts,
    inventory::{Item, ItemCount},
    policy::{self, Decision},
};
use crate::page::Page;
use entity::memo;

/// What would happen if the viewer deleted the memo now.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The memo.
    pub memo: memo::Model,
    /// The decision of the rules.
    pub decision: Decision,
    /// The name of the recipient, if they are not active any more.
    pub inactive_recipient: Option<String>,
    /// How many things of each kind go and stay.
    pub counts: Vec<ItemCount>,
    /// Size of the files that go, in bytes.
    pub bytes_freed: i64,
    /// The first page of what goes, if requested.
    pub removed: Option<Page<Item>>,
    /// The first page of what stays, if requested.
    pub kept: Option<Page<Item>>,
    /// The files that stay and why, in the form in which the record stores it.
    pub(super) kept_files: serde_json::Value,
    /// The token that confirms this preview. It exists even if the deletion is denied, but is not
    /// shown then.
    pub(super) token: String,
}

impl Preview {
    /// The token that confirms this preview. `None` if the deletion is denied.
    pub fn confirmation_token(&self) -> Option<&str> {
        self.decision.blockers.is_empty().then_some(self.token.as_str())
    }
}

/// Decides on the facts. `None` if the memo does not exist for the viewer.
pub(super) fn assess(settings: &DeletionSettings, facts: Facts) -> Option<Preview> {
    let decision = policy::decide(&facts.state, &facts.impact)?;
    let token = confirmation_token(settings, &facts, &decision);
    let Facts { memo, inactive_recipient, counts, bytes_freed, kept_files, removed, kept, .. } =
        facts;
    Some(Preview {
        memo,
        decision,
        inactive_recipient,
        counts,
        bytes_freed,
        removed,
        kept,
        kept_files,
        token,
    })
}

/// A keyed hash over everything that the preview lists. The memo's revision covers the memo and all
/// that is tied to it. The names of what stays can change without the memo, so they are hashed too.
/// So is what depends on the time or the viewer.
fn confirmation_token(settings: &DeletionSettings, facts: &Facts, decision: &Decision) -> String {
    let Facts { memo, state, counts, bytes_freed, kept_names, .. } = facts;
    let bound = format!(
        "memo deletion 1\n{}\n{}\n{}\n{:?}\n{:?}\n{counts:?}\n{bytes_freed}\n{kept_names}",
        memo.id, state.viewer, memo.revision, decision.blockers, decision.warnings
    );
    settings.token(&bound)
}
