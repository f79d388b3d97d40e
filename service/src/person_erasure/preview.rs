//! The preview of a person's erasure.

use super::{
    inventory::{self, ItemCount},
    policy::{self, Blocker, PersonErasureState},
};
use crate::{Result, Services, Viewer, memo_deletion::DeletionSettings, people};
use entity::{DeletionVerdict, user};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

/// What would happen if the viewer erased the person now.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The person.
    pub person: user::Model,
    /// What forbids the erasure.
    pub blockers: Vec<Blocker>,
    /// How many things of each kind go and stay, without kinds of which there are none.
    pub counts: Vec<ItemCount>,
    /// The token that confirms this preview. It exists even if the erasure is denied, but is not
    /// shown then.
    pub(super) token: String,
}

impl Preview {
    /// Whether the rules allow the erasure.
    pub fn verdict(&self) -> DeletionVerdict {
        policy::verdict(&self.blockers)
    }

    /// The token that confirms this preview. `None` if the erasure is denied.
    pub fn confirmation_token(&self) -> Option<&str> {
        self.blockers.is_empty().then_some(self.token.as_str())
    }

    /// What would go.
    pub fn removed(&self) -> impl Iterator<Item = ItemCount> {
        self.counts.iter().copied().filter(|item| item.kind.kept_because().is_none())
    }

    /// What would stay, under the pseudonym.
    pub fn kept(&self) -> impl Iterator<Item = ItemCount> {
        self.counts.iter().copied().filter(|item| item.kind.kept_because().is_some())
    }
}

/// Shows what an erasure by the viewer would do now. `None` if there is no such person. Changes
/// nothing. The caller has checked that the viewer is an administrator.
///
/// # Errors
/// Returns errors of the database.
pub async fn preview(
    services: &Services,
    settings: &DeletionSettings,
    viewer: Viewer,
    person: Uuid,
) -> Result<Option<Preview>> {
    let connection = services.database.connection();
    match user::Entity::find_by_id(person).one(connection).await? {
        Some(person) => assess(connection, settings, viewer, person).await.map(Some),
        None => Ok(None),
    }
}

/// Decides on a person as they are now.
pub(super) async fn assess<C: ConnectionTrait>(
    connection: &C,
    settings: &DeletionSettings,
    viewer: Viewer,
    person: user::Model,
) -> Result<Preview> {
    let facts = inventory::read(connection, person.id).await?;
    let blockers = policy::decide(&PersonErasureState {
        administrator: viewer.id,
        account: people::state(connection, &person).await?,
        is_erased: person.erased_at.is_some(),
        held_memos: facts.held_memos,
        open_memos: facts.open_memos,
        open_work: facts.open_work,
    });
    let mut preview = Preview { person, blockers, counts: facts.counts, token: String::new() };
    preview.token = confirmation_token(settings, viewer, &preview);
    Ok(preview)
}

/// A keyed hash over everything that the preview shows.
fn confirmation_token(settings: &DeletionSettings, viewer: Viewer, preview: &Preview) -> String {
    let Preview { person, blockers, counts, .. } = preview;
    let user::Model { id, username, full_name, email, role, active, .. } = person;
    let names = (username, full_name, email, role.as_str(), active);
    settings.token(&format!(
        "person erasure 1\n{}\n{id}\n{names:?}\n{blockers:?}\n{counts:?}",
        viewer.id
    ))
}
