//! People, their roles and passwords.

mod plan;
mod write;

use super::{Context, PORTION};
use crate::{
    Result,
    convert::{
        hash_of,
        person::{Taken, unknown},
    },
    known::note,
    report::{Report, Tally},
    source::schema::{GROUPS, USER_GROUPS, USERS},
};
use chrono::DateTime;
use entity::{imported_row, user};
use plan::plan;
use sea_orm::EntityTrait;
use service::progress::Unit;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;
use write::write;

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
