//! Decides what becomes of people.

use super::{Context, Here, Plan};
use crate::{
    Result,
    convert::{
        Converted, hash_of,
        person::{convert, password},
    },
    known::{Fate, count, fate, note},
    oddity::Oddity,
    source::schema::USERS,
    staging::{PersonRow, Range},
};
use entity::{credential, imported_row, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use service::accounts::{is_erased_address, iterations_of};
use std::collections::HashMap;
use uuid::Uuid;

/// Decides about a portion. Notes those who were erased here.
pub(super) async fn plan(
    context: &mut Context<'_>,
    here: &mut Here,
    rows: &[PersonRow],
    nobody: &mut Vec<i64>,
) -> Result<Plan> {
    let connection = context.services.database.connection();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let known = context.known.rows(connection, context.source(), USERS, &ids).await?;
    let credentials = credentials(context, known.values().map(|row| row.our_id)).await?;
    let (first, last) = (ids.first().copied(), ids.last().copied());
    let range = Range { first: first.unwrap_or_default(), last: last.unwrap_or_default() };
    let groups = context.staging.groups_of(range).await?;
    let mut plan = Plan::default();
    for row in rows {
        let groups: Vec<&str> = groups
            .iter()
            .filter(|group| group.user_id == row.id)
            .filter_map(|group| group.name.as_deref())
            .collect();
        let known = known.get(&row.id);
        let ours = known.and_then(|known| here.people.get(&known.our_id)).cloned();
        if let Some(ours) = &ours {
            here.taken.free(ours);
        }
        let now = known.map_or(context.now, |known| known.imported_at);
        let id = |at| known.map_or_else(|| context.id_of(USERS, row.id, at), |known| known.our_id);
        let converted = convert(row, &groups, context.options, &here.taken, id, now);
        let person = match (known, ours) {
            (Some(known), ours) => plan_known(&mut plan, row, known, ours, converted, &credentials),
            (None, _) => plan_new(context, &mut plan, here, row, converted).await?,
        };
        let Some(person) = person else {
            nobody.push(row.id);
            continue;
        };
        here.taken.take(&person);
        here.mapped.insert(person.id);
        context.ids.people.insert(row.id, person.id);
        context.ids.names.insert(row.id, person.full_name.clone());
        here.people.insert(person.id, person);
    }
    Ok(plan)
}

/// Somebody who was imported before. `None` if they were deleted here.
fn plan_known(
    plan: &mut Plan,
    row: &PersonRow,
    known: &imported_row::Model,
    ours: Option<user::Model>,
    converted: Converted<user::Model>,
    credentials: &HashMap<Uuid, String>,
) -> Option<user::Model> {
    let Converted { row: person, oddities } = converted;
    let new = hash_of(&person);
    let ours_hash = ours.as_ref().map(hash_of);
    let mut fate = fate(known, &new, ours_hash.as_deref());
    let ours = ours?;
    if ours.erased_at.is_some() {
        // Erased people stay erased.
        fate = Fate::ChangedHere;
    }
    let is_here_as_there = matches!(fate, Fate::Change | Fate::Unchanged) && !known.merged;
    if is_here_as_there && let (Some(hash), _) = password(row) {
        let stored = credentials.get(&ours.id);
        // Whoever has signed in here has a hash of ours.
        let is_older =
            stored.is_some_and(|stored| stored != hash && iterations_of(stored).is_some());
        if is_older {
            plan.passwords.push((ours.id, hash.to_owned()));
            fate = Fate::Change;
        }
    }
    count(&mut plan.tally, USERS, row.id, known, fate);
    for (oddity, detail) in oddities {
        plan.tally.note(oddity, USERS, row.id, detail.as_deref());
    }
    if fate != Fate::Change {
        return Some(ours);
    }
    plan.changed.push(person.clone());
    plan.notes.push(imported_row::Model { row_hash: new, ..known.clone() });
    Some(person)
}

/// Somebody new. `None` if somebody with this address was erased here.
async fn plan_new(
    context: &Context<'_>,
    plan: &mut Plan,
    here: &Here,
    row: &PersonRow,
    converted: Converted<user::Model>,
) -> Result<Option<user::Model>> {
    let Converted { row: person, oddities } = converted;
    let hash = hash_of(&person);
    let note = |our_id| note(context.source(), USERS, row.id, our_id, hash.clone(), context.now);
    if let Some(same) = same_person(here, row) {
        plan.tally.of(USERS).merged += 1;
        plan.tally.note(Oddity::AlreadyHere, USERS, row.id, Some(&same.username));
        plan.notes.push(imported_row::Model { merged: true, ..note(same.id) });
        return Ok(Some(same.clone()));
    }
    let connection = context.services.database.connection();
    let email = row.email.as_deref().unwrap_or_default();
    if !email.is_empty() && is_erased_address(connection, email).await? {
        plan.tally.leave_out(Oddity::PersonErased, USERS, row.id);
        return Ok(None);
    }
    plan.tally.of(USERS).made += 1;
    for (oddity, detail) in oddities {
        plan.tally.note(oddity, USERS, row.id, detail.as_deref());
    }
    let (hash, oddity) = password(row);
    if let Some(oddity) = oddity {
        plan.tally.note(oddity, USERS, row.id, None);
    }
    if let Some(hash) = hash {
        plan.passwords.push((person.id, hash.to_owned()));
    }
    plan.notes.push(note(person.id));
    plan.made.push(person.clone());
    Ok(Some(person))
}

/// Somebody who is here already and whom this source has not made: by username or address. A dump
/// without ids names people by their usernames, so it also finds those whom the source has made.
fn same_person<'a>(here: &'a Here, row: &PersonRow) -> Option<&'a user::Model> {
    let email = row.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
    let is_same = |person: &&user::Model| {
        let by_name = person.username.eq_ignore_ascii_case(&row.username);
        let by_email = email.is_some_and(|email| person.email.eq_ignore_ascii_case(email));
        let is_mapped = here.mapped.contains(&person.id);
        let same = if is_mapped { row.id < 0 && by_name } else { by_name || by_email };
        same && person.erased_at.is_none()
    };
    here.people.values().filter(is_same).min_by_key(|person| person.id)
}

async fn credentials(
    context: &Context<'_>,
    people: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let people: Vec<Uuid> = people.collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = credential::Entity::find()
        .filter(credential::Column::UserId.is_in(people))
        .all(context.services.database.connection())
        .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.password_hash)).collect())
}
