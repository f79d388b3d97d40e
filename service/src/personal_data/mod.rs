//! What is stored about a person and what the person wrote, as lines of JSON (NDJSON).
//!
//! `table` lists what belongs to it. Rows are read in small pages, so that an export
//! of any length takes little memory. It is not a snapshot: rows that change meanwhile may be as
//! before or as after the change.

mod line;
mod sections;
mod table;

use crate::{Error, Result, Services, Viewer};
use bytes::Bytes;
use entity::user;
use futures_util::{
    TryStreamExt,
    stream::{self, BoxStream},
};
use line::Line;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use sections::{Key, PAGE, Reader, Section};
use std::io::Write;
use table::SECTIONS;
use uuid::Uuid;

/// Whether a viewer may read a person's data. For all others, it does not exist.
pub fn may_read(viewer: Viewer, person: Uuid) -> bool {
    viewer.id == person || viewer.is_admin()
}

/// The person whose data the viewer may read. `None` if they do not exist for the viewer.
///
/// # Errors
/// Returns errors of the database.
pub async fn find(
    services: &Services,
    viewer: Viewer,
    person: Uuid,
) -> Result<Option<user::Model>> {
    if !may_read(viewer, person) {
        return Ok(None);
    }
    Ok(user::Entity::find_by_id(person).one(services.database.connection()).await?)
}

/// The place of an export.
struct Place {
    section: usize,
    /// The last row of the section that was read.
    after: Option<Key>,
    rows: u64,
}

/// All lines, in portions. The last line says how many rows came before, so that a reader knows
/// that nothing is missing. A draft exists for its author alone, so only the person's own export
/// has drafts.
///
/// # Errors
/// Returns errors of the database, as the last item. [`Error::SignInUnconfirmed`] if the viewer
/// loses access before the end.
pub fn read(
    services: &Services,
    viewer: Viewer,
    person: Uuid,
) -> BoxStream<'static, Result<Bytes>> {
    let services = services.clone();
    let begin = Place { section: 0, after: None, rows: 0 };
    let portions = stream::try_unfold(Some(begin), move |place| {
        let services = services.clone();
        async move {
            let Some(place) = place else { return Ok(None) };
            portion(&services, viewer, person, place).await.map(Some)
        }
    });
    Box::pin(portions.try_filter(|bytes| std::future::ready(!bytes.is_empty())))
}

/// The next portion, and the place after it.
async fn portion(
    services: &Services,
    viewer: Viewer,
    person: Uuid,
    place: Place,
) -> Result<(Bytes, Option<Place>)> {
    // A slow client reads for a long time.
    if !still_may_read(services, viewer, person).await? {
        return Err(Error::SignInUnconfirmed);
    }
    let Place { section, after, rows } = place;
    let mut bytes = Vec::new();
    let Some(current) = SECTIONS.get(section) else {
        writeln!(bytes, "{}", serde_json::json!({ "type": "end", "rows": rows }))?;
        return Ok((bytes.into(), None));
    };
    let reader = Reader { person, own: viewer.id == person };
    let lines = page(services, reader, current, after).await?;
    for line in &lines {
        serde_json::to_writer(&mut bytes, &line.object)?;
        bytes.push(b'\n');
    }
    let rows = rows + lines.len() as u64;
    let is_full = lines.len() == PAGE;
    let last = lines.into_iter().last().map(|line| line.key);
    let next = match last.filter(|_| is_full) {
        Some(key) => Place { section, after: Some(key), rows },
        None => Place { section: section + 1, after: None, rows },
    };
    Ok((bytes.into(), Some(next)))
}

/// Whether the viewer is still active and may read the person's data.
async fn still_may_read(services: &Services, viewer: Viewer, person: Uuid) -> Result<bool> {
    let active = user::Entity::find_by_id(viewer.id).filter(user::Column::Active.eq(true));
    let active = active.one(services.database.connection()).await?;
    Ok(active.is_some_and(|row| may_read(Viewer::from(&row), person)))
}

async fn page(
    services: &Services,
    reader: Reader,
    section: &Section,
    after: Option<Key>,
) -> Result<Vec<Line>> {
    let database = &services.database;
    let query = section.personal_rows_statement(database.backend(), reader, after);
    let rows = database.connection().query_all_raw(query).await?;
    rows.iter().map(|row| Line::of(section, row)).collect()
}
