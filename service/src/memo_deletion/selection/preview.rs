//! The preview of deleting several memos as one.

use super::{
    facts::{self, SelectionFacts},
    policy,
};
use crate::{
    Result, Services, Viewer,
    memo_deletion::{
        DeletionSettings,
        decision::{Preview, assess},
        facts::{Facts, Lists},
        inventory::{Item, ItemCount, ItemKey},
        policy::{Blocker, Warning},
    },
    page::{Page, PageRequest},
};
use chrono::{DateTime, Utc};
use entity::{DeletionVerdict, Disposition};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// A memo of a selection.
#[derive(Debug, Clone)]
pub struct Member {
    /// The memo.
    pub memo_id: Uuid,
    /// What would happen to it, if the others of the selection go too. `None` if it does not exist
    /// for the viewer.
    pub preview: Option<Preview>,
}

/// What would happen if the viewer deleted all memos of a selection now that they can delete.
#[derive(Debug, Clone)]
pub struct SelectionPreview {
    /// The memos, each once, in the order of the request.
    pub members: Vec<Member>,
    /// What a confirmation must override.
    pub warnings: Vec<Warning>,
    /// How many things of each kind go and stay. What several memos share counts once.
    pub counts: Vec<ItemCount>,
    /// Size of the files that go, in bytes. Each content counts once.
    pub bytes_freed: i64,
    /// The first page of what goes, if requested.
    pub removed: Option<Page<Item>>,
    /// The first page of what stays, if requested.
    pub kept: Option<Page<Item>>,
    /// The token that confirms this preview. It exists even if no memo can be deleted, but is not
    /// shown then.
    pub(super) token: String,
}

impl Member {
    /// The verdict of the rules. `None` if the memo does not exist for the viewer.
    pub fn verdict(&self) -> Option<DeletionVerdict> {
        Some(self.preview.as_ref()?.decision.verdict())
    }
}

impl SelectionPreview {
    /// The verdict on deleting all of the memos.
    pub fn verdict(&self) -> DeletionVerdict {
        policy::verdict(self.members.iter().map(Member::verdict))
    }

    /// Whether the viewer sees any of the memos.
    pub fn shows_any(&self) -> bool {
        self.members.iter().any(|member| member.preview.is_some())
    }

    /// The memos, each once, in the order of the request.
    pub fn memo_ids(&self) -> Vec<Uuid> {
        self.members.iter().map(|member| member.memo_id).collect()
    }

    /// The memos that would go.
    pub fn going(&self) -> impl Iterator<Item = &Preview> {
        let seen = self.members.iter().filter_map(|member| member.preview.as_ref());
        seen.filter(|preview| preview.decision.blockers.is_empty())
    }

    /// The token that confirms this preview. `None` if no memo can be deleted.
    pub fn confirmation_token(&self) -> Option<&str> {
        self.going().next().map(|_| self.token.as_str())
    }
}

/// Shows what a deletion of these memos by the viewer would do now. Changes nothing. The caller has
/// checked the number of memos.
///
/// # Errors
/// Returns errors of the database.
pub async fn preview(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    memo_ids: &[Uuid],
    lists: Lists,
) -> Result<SelectionPreview> {
    let connection = services.database.connection();
    let memo_ids = without_repetitions(memo_ids);
    read(connection, services, settings, viewer, &memo_ids, services.now(), lists).await
}

/// A further page of what goes or stays.
///
/// # Errors
/// Returns errors of the database.
pub async fn preview_items(
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
    disposition: Disposition,
    page: &PageRequest<ItemKey>,
) -> Result<Page<Item>> {
    let (connection, now) = (services.database.connection(), services.now());
    facts::read_items(connection, services, viewer, memo_ids, now, disposition, page).await
}

/// Each id once, in the order of its first occurrence.
pub(super) fn without_repetitions(ids: &[Uuid]) -> Vec<Uuid> {
    let mut seen = std::collections::HashSet::new();
    ids.iter().copied().filter(|id| seen.insert(*id)).collect()
}

/// Reads and decides. The ids have no repetitions.
pub(super) async fn read<C: ConnectionTrait>(
    connection: &C,
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    memo_ids: &[Uuid],
    now: DateTime<Utc>,
    lists: Lists,
) -> Result<SelectionPreview> {
    let facts = facts::read(connection, services, viewer, memo_ids, now, lists).await?;
    Ok(decide(settings, viewer, memo_ids, facts))
}

/// What a confirmation is bound to, of a memo that the viewer sees.
#[derive(Debug)]
#[expect(dead_code, reason = "it is hashed in its debug form")]
struct Bound {
    revision: i64,
    blockers: Vec<Blocker>,
    warnings: Vec<Warning>,
    /// The names of what stays, if the memo can be deleted.
    kept_names: Option<String>,
}

fn decide(
    settings: &DeletionSettings,
    viewer: Viewer,
    memo_ids: &[Uuid],
    facts: SelectionFacts,
) -> SelectionPreview {
    let SelectionFacts { members, counts, files, bytes_freed, removed, kept } = facts;
    let mut seen: HashMap<Uuid, Facts> =
        members.into_iter().map(|facts| (facts.memo.id, facts)).collect();
    let mut bound: Vec<(Uuid, Option<Bound>)> = Vec::with_capacity(memo_ids.len());
    let mut members = Vec::with_capacity(memo_ids.len());
    for &memo_id in memo_ids {
        let facts = seen.remove(&memo_id);
        let kept_names = facts.as_ref().map(|facts| facts.kept_names.clone());
        let preview = facts.and_then(|facts| assess(settings, facts));
        let of_memo = preview.as_ref().map(|Preview { memo, decision, .. }| Bound {
            revision: memo.revision,
            blockers: decision.blockers.clone(),
            warnings: decision.warnings.clone(),
            kept_names: kept_names.filter(|_| decision.blockers.is_empty()),
        });
        bound.push((memo_id, of_memo));
        members.push(Member { memo_id, preview });
    }
    bound.sort_unstable_by_key(|(memo_id, _)| *memo_id);
    let decisions = members.iter().filter_map(|member| Some(&member.preview.as_ref()?.decision));
    let warnings = policy::warnings(decisions, files);
    let bound = format!(
        "selection deletion 1\n{}\n{bound:?}\n{warnings:?}\n{counts:?}\n{bytes_freed}",
        viewer.id
    );
    let token = settings.token(&bound);
    SelectionPreview { members, warnings, counts, bytes_freed, removed, kept, token }
}
