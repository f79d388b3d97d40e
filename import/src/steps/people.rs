//! People, their roles and passwords.

use super::{Context, PORTION, insert::insert};
use crate::{
    Result,
    convert::{
        Converted, hash_of,
        person::{Taken, convert, has_no_address, password, unknown},
    },
    known::{Fate, count, fate, note, remember},
    oddity::Oddity,
    report::{Report, Tally},
    source::schema::{GROUPS, USER_GROUPS, USERS},
    staging::{PersonRow, Range},
};
use chrono::DateTime;
use entity::{NotificationKind, credential, imported_row, mail_opt_out, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter,
};
use service::{
    accounts::{expect_iterations, is_erased_address, iterations_of},
    database::in_transaction,
    progress::Unit,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The id, in the notes of an import, of who stands for people who are not there.
const UNKNOWN: i64 = 0;

/// The people who are here.
struct Here {
    people: HashMap<Uuid, user::Model>,
    taken: Taken,
    /// Those whom an import from this source has made or found.
    mapped: HashSet<Uuid>,
}

/// What a portion writes.
#[derive(Default)]
struct Plan {
    made: Vec<user::Model>,
    changed: Vec<user::Model>,
    passwords: Vec<(Uuid, String)>,
    notes: Vec<imported_row::Model>,
    tally: Tally,
}

/// Imports all people.
pub(crate) async fn run(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let total = context.staging.number("SELECT count(*) AS n FROM auth_user").await?;
    context.progress.begin("import people", Some(total), Unit::Rows);
    let mut here = here(context).await?;
    // Who stands for others is there before anybody needs them.
    let mut nobody = Vec::new();
    let mut after = i64::MIN;
    loop {
        let rows = context.staging.people(after, PORTION).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        let plan = plan(context, &mut here, &rows, &mut nobody).await?;
        write(context, report, plan).await?;
        context.progress.advance(u64::try_from(rows.len()).unwrap_or_default());
    }
    if !nobody.is_empty() || context.staging.needs_placeholder().await? {
        let person = placeholder(context, report, &mut here).await?;
        context.ids.unknown = Some(person);
        for id in nobody {
            context.ids.people.insert(id, person);
        }
    }
    count_groups(context, report).await
}

async fn here(context: &Context<'_>) -> Result<Here> {
    let connection = context.services.database.connection();
    let mut here = Here { people: HashMap::new(), taken: Taken::default(), mapped: HashSet::new() };
    for person in user::Entity::find().all(connection).await? {
        here.taken.take(&person);
        here.people.insert(person.id, person);
    }
    let mut after = None;
    loop {
        let page = context.known.page(connection, context.source(), USERS, after).await?;
        let Some(last) = page.last() else { return Ok(here) };
        after = Some(last.source_id);
        here.mapped.extend(page.iter().map(|row| row.our_id));
    }
}

async fn plan(
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

async fn write(context: &Context<'_>, report: &mut Report, plan: Plan) -> Result<()> {
    if !context.options.dry_run {
        in_transaction(&context.services.database, async |transaction| -> Result<_> {
            write_in(context, transaction, &plan).await
        })
        .await?;
    }
    report.add(plan.tally).await
}

async fn write_in(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    plan: &Plan,
) -> Result<()> {
    insert(transaction, &plan.made).await?;
    for person in &plan.changed {
        let row = person.clone().into_active_model();
        let all_but_id = user::ActiveModel { id: sea_orm::NotSet, ..row.reset_all() };
        user::Entity::update_many()
            .set(all_but_id)
            .filter(user::Column::Id.eq(person.id))
            .exec(transaction)
            .await?;
    }
    let opt_outs: Vec<mail_opt_out::Model> = plan
        .made
        .iter()
        .filter(|person| has_no_address(person))
        .flat_map(|person| {
            NotificationKind::iter()
                .map(|kind| mail_opt_out::Model { user_id: person.id, kind })
                .collect::<Vec<_>>()
        })
        .collect();
    insert(transaction, &opt_outs).await?;
    let iterations = plan.passwords.iter().filter_map(|(_, hash)| iterations_of(hash)).max();
    if let Some(iterations) = iterations {
        expect_iterations(transaction, iterations).await?;
    }
    for (user_id, hash) in &plan.passwords {
        credential::Entity::delete_by_id(*user_id).exec(transaction).await?;
        let row = credential::Model {
            user_id: *user_id,
            password_hash: hash.clone(),
            changed_at: context.now,
        };
        insert(transaction, &[row]).await?;
    }
    remember(transaction, &plan.notes).await
}

/// Who stands for people who are not there. They are made once.
async fn placeholder(context: &Context<'_>, report: &mut Report, here: &mut Here) -> Result<Uuid> {
    let connection = context.services.database.connection();
    let known = context.known.rows(connection, context.source(), USERS, &[UNKNOWN]).await?;
    if let Some(known) = known.get(&UNKNOWN)
        && here.people.contains_key(&known.our_id)
    {
        return Ok(known.our_id);
    }
    let id = context.id_of("unknown-person", UNKNOWN, DateTime::UNIX_EPOCH);
    let person = unknown(id, &here.taken, context.now);
    let row = note(context.source(), USERS, UNKNOWN, id, hash_of(&person), context.now);
    let plan = Plan { made: vec![person], notes: vec![row], ..Plan::default() };
    write(context, report, plan).await?;
    Ok(id)
}

/// Groups decide about roles, and have no other place here.
async fn count_groups(context: &Context<'_>, report: &mut Report) -> Result<()> {
    let mut tally = Tally::default();
    for table in [GROUPS, USER_GROUPS] {
        let count = context.staging.number(&format!("SELECT count(*) AS n FROM {table}")).await?;
        tally.of(table).merged += count;
    }
    report.add(tally).await
}
