//! Tags, resolutions and deals.

use super::{Context, PORTION, insert::insert};
use crate::{
    Result,
    convert::{Converted, hash_of, text::name_of, work::deal},
    known::{Fate, count, fate, note, remember},
    oddity::Oddity,
    report::{Report, Tally},
    source::schema::{CLOSING_REASONS, DEAL_STAGES, DEALS, RESOLUTIONS, TAGS},
    staging::{DealRow, NamedRow},
};
use chrono::DateTime;
use entity::{deal, imported_row, resolution, tag};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter,
    sea_query::Expr,
};
use service::{catalogue::NamedKind, database::in_transaction, progress::Unit};
use std::collections::HashMap;
use uuid::Uuid;

/// Imports the catalogue.
pub(crate) async fn run(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    context.progress.begin("import catalogue", None, Unit::Rows);
    let mut tags = Vec::new();
    let mut after = i64::MIN;
    loop {
        let page = context.staging.tags(after, PORTION).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        tags.extend(page);
    }
    context.ids.tags = named::<tag::Entity>(context, report, TAGS, &tags).await?;
    let mut resolutions = Vec::new();
    let mut after = i64::MIN;
    loop {
        let page = context.staging.resolutions(after, PORTION).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        resolutions.extend(page);
    }
    context.ids.resolutions =
        named::<resolution::Entity>(context, report, RESOLUTIONS, &resolutions).await?;
    let mut after = i64::MIN;
    loop {
        let page = context.staging.deals(after, PORTION).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        deals(context, report, &page).await?;
        context.progress.advance(u64::try_from(page.len()).unwrap_or_default());
    }
    // Stages of deals, tasks and projects become the stages that there are here.
    let mut tally = Tally::default();
    for table in [DEAL_STAGES, CLOSING_REASONS] {
        let count = context.staging.number(&format!("SELECT count(*) AS n FROM {table}")).await?;
        tally.of(table).merged += count;
    }
    report.add(tally).await
}

/// Imports tags or resolutions. Those with one name, regardless of case, become one.
async fn named<E>(
    context: &Context<'_>,
    report: &mut Report,
    table: &'static str,
    rows: &[NamedRow],
) -> Result<HashMap<i64, Uuid>>
where
    E: NamedKind<Model: ModelTrait<Entity = E> + Clone + IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    let connection = context.services.database.connection();
    let here: Vec<(Uuid, String)> = {
        use sea_orm::QuerySelect;
        let query = E::find().select_only().column(E::ID).column(E::NAME);
        query.into_tuple().all(connection).await?
    };
    let mut by_name: HashMap<String, Uuid> =
        here.iter().map(|(id, name)| (name.to_lowercase(), *id)).collect();
    let names: HashMap<Uuid, String> = here.into_iter().collect();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let known = context.known.rows(connection, context.source(), table, &ids).await?;
    let (mut found, mut tally) = (HashMap::new(), Tally::default());
    let (mut made, mut renamed, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        if !row.for_memos {
            tally.leave_out(Oddity::NotForMemos, table, row.id);
            continue;
        }
        let name = name_of(row.name.as_deref(), None);
        if let Some(oddity) = name.oddity {
            tally.note(oddity, table, row.id, name.whole.as_deref());
        }
        let (name, hash) = (name.name.clone(), hash_of(&name.name));
        let same = by_name.get(&name.to_lowercase()).copied();
        let new = |our_id| note(context.source(), table, row.id, our_id, hash.clone(), context.now);
        if let Some(known) = known.get(&row.id) {
            let ours = names.get(&known.our_id).map(hash_of);
            let mut fate = fate(known, &hash, ours.as_deref());
            if fate == Fate::Change && same.is_some_and(|same| same != known.our_id) {
                // Somebody has given the new name to another one.
                fate = Fate::ChangedHere;
            }
            count(&mut tally, table, row.id, known, fate);
            if fate == Fate::Change {
                by_name.insert(name.to_lowercase(), known.our_id);
                renamed.push((known.our_id, name));
                notes.push(imported_row::Model { row_hash: hash, ..known.clone() });
            }
            if fate != Fate::DeletedHere {
                found.insert(row.id, known.our_id);
            }
        } else if let Some(same) = same {
            tally.of(table).merged += 1;
            tally.note(Oddity::AlreadyHere, table, row.id, Some(&name));
            notes.push(imported_row::Model { merged: true, ..new(same) });
            found.insert(row.id, same);
        } else {
            // Tags and resolutions have no date.
            let id = context.id_of(table, row.id, DateTime::UNIX_EPOCH);
            by_name.insert(name.to_lowercase(), id);
            tally.of(table).made += 1;
            notes.push(new(id));
            made.push(E::row(id, name));
            found.insert(row.id, id);
        }
    }
    if !context.options.dry_run {
        in_transaction(&context.services.database, async |transaction| -> Result<_> {
            insert(transaction, &made).await?;
            for (id, name) in &renamed {
                E::update_many()
                    .col_expr(E::NAME, Expr::value(name.as_str()))
                    .filter(E::ID.eq(*id))
                    .exec(transaction)
                    .await?;
            }
            remember(transaction, &notes).await
        })
        .await?;
    }
    report.add(tally).await?;
    Ok(found)
}

async fn deals(context: &mut Context<'_>, report: &mut Report, rows: &[DealRow]) -> Result<()> {
    let connection = context.services.database.connection();
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let known = context.known.rows(connection, context.source(), DEALS, &ids).await?;
    let ours: Vec<Uuid> = known.values().map(|known| known.our_id).collect();
    let ours = match ours.as_slice() {
        [] => Vec::new(),
        ours => {
            let query = deal::Entity::find().filter(deal::Column::Id.is_in(ours.iter().copied()));
            query.all(connection).await?
        }
    };
    let ours: HashMap<Uuid, deal::Model> = ours.into_iter().map(|deal| (deal.id, deal)).collect();
    let (mut made, mut changed, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    let mut tally = Tally::default();
    for row in rows {
        let known = known.get(&row.id);
        let now = known.map_or(context.now, |known| known.imported_at);
        let id = |at| known.map_or_else(|| context.id_of(DEALS, row.id, at), |known| known.our_id);
        let Converted { row: converted, oddities } = deal(row, id, now);
        for (oddity, detail) in oddities {
            tally.note(oddity, DEALS, row.id, detail.as_deref());
        }
        let hash = hash_of(&converted);
        let Some(known) = known else {
            tally.of(DEALS).made += 1;
            context.ids.deals.insert(row.id, converted.id);
            let source = context.source();
            notes.push(note(source, DEALS, row.id, converted.id, hash, context.now));
            made.push(converted);
            continue;
        };
        let fate = fate(known, &hash, ours.get(&known.our_id).map(hash_of).as_deref());
        count(&mut tally, DEALS, row.id, known, fate);
        if fate != Fate::DeletedHere {
            context.ids.deals.insert(row.id, known.our_id);
        }
        if fate == Fate::Change {
            notes.push(imported_row::Model { row_hash: hash, ..known.clone() });
            changed.push(converted);
        }
    }
    if !context.options.dry_run {
        in_transaction(&context.services.database, async |transaction| -> Result<_> {
            insert(transaction, &made).await?;
            for deal in &changed {
                let row = deal.clone().into_active_model().reset_all();
                deal::Entity::update_many()
                    .set(deal::ActiveModel { id: sea_orm::NotSet, ..row })
                    .filter(deal::Column::Id.eq(deal.id))
                    .exec(transaction)
                    .await?;
            }
            remember(transaction, &notes).await
        })
        .await?;
    }
    report.add(tally).await
}
