//! Repeats on an older database the erasure of a person, as the ledger says.

use super::{
    effects::{self, Eraser},
    inventory,
};
use crate::{
    Result, Services,
    accounts::erased,
    ledger::{Entry, Obstacle},
    memo_deletion::StepResult,
    people,
};
use entity::user;
use sea_orm::{DatabaseTransaction, EntityTrait};
use uuid::Uuid;

/// Erases the person again. What the person would have to pass on first does not matter, because
/// the rules were asked the first time. A hold still hinders it. The purge removes the bytes.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn repeat(
    services: &Services,
    transaction: &DatabaseTransaction,
    person: Uuid,
    entry: &Entry,
) -> Result<StepResult> {
    erased::remember(transaction, &entry.identities, entry.time).await?;
    let person = people::lock(transaction, person).await?;
    let Some(person) = person.filter(|person| person.erased_at.is_none()) else {
        return Ok(StepResult::Repeated);
    };
    let facts = inventory::read(transaction, person.id).await?;
    if facts.held_memos > 0 {
        return Ok(StepResult::Hindered(Obstacle::OnHold));
    }
    let administrator = match entry.person {
        Some(id) => user::Entity::find_by_id(id).one(transaction).await?.map(|found| found.id),
        None => None,
    };
    let eraser = Eraser { administrator, reason: None };
    effects::erase(services, transaction, person, &facts.counts, entry.time, eraser).await?;
    Ok(StepResult::Repeated)
}
