//! Writes the bytes of files.

use super::{
    Target,
    target::{Draft, Drafts},
};
use crate::{
    Result, layout,
    line::Cell,
    manifest::{Manifest, MissingContent},
    snapshot::Snapshot,
    tables::Table,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, Order, Query},
};
use service::{
    blobs::FileStore,
    ids,
    progress::{Progress, Unit},
};
use sha2::{Digest, Sha256};
use std::io::Write;
use uuid::Uuid;

/// How many contents are read at a time. A bucket answers each call after a while.
const AT_A_TIME: usize = 8;

/// A row of `blobs`.
struct Content {
    sha256: String,
    size: i64,
    location: String,
}

impl Content {
    fn of_row(row: &[Cell]) -> Option<Self> {
        match row {
            [Cell::Text(sha256), Cell::Integer(size), Cell::Text(location), ..] => {
                Some(Self { sha256: sha256.clone(), size: *size, location: location.clone() })
            }
            _ => None,
        }
    }
}

/// Writes the contents that files have. Those that the store lacks are noted in the manifest.
pub(super) async fn write(
    snapshot: &Snapshot,
    store: &FileStore,
    target: &mut Target,
    manifest: &mut Manifest,
    progress: &dyn Progress,
) -> Result<()> {
    let Some(table) = Table::named("blobs") else { return Ok(()) };
    progress.begin("exporting files", Some(snapshot.count(table).await?), Unit::Files);
    let mut pages = snapshot.rows(table).await?;
    while let Some(page) = pages.next().await? {
        let contents: Vec<Content> = page.iter().filter_map(|row| Content::of_row(row)).collect();
        let drafts = target.drafts();
        let read = contents.into_iter().map(|content| async {
            let draft = fetch(store, &content, &drafts).await?;
            Ok::<_, crate::Error>((content, draft))
        });
        let mut read = stream::iter(read).buffered(AT_A_TIME);
        while let Some((content, draft)) = read.try_next().await? {
            match draft {
                Some(draft) => {
                    target.keep(draft, &layout::of_content(&content.sha256))?;
                    manifest.contents.count += 1;
                    manifest.contents.bytes += u64::try_from(content.size).unwrap_or_default();
                }
                None => manifest.missing.push(missing(snapshot, content).await?),
            }
            progress.advance(1);
        }
    }
    progress.end();
    Ok(())
}

/// The bytes of a content. `None` if the store lacks them, or has others.
async fn fetch(store: &FileStore, content: &Content, drafts: &Drafts) -> Result<Option<Draft>> {
    let size = u64::try_from(content.size).unwrap_or_default();
    let mut pieces = match store.read(&content.location, size, 0..size).await {
        Ok(pieces) => pieces,
        Err(error) if error.is_of_unavailable_files() => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    let (mut draft, mut hash) = (drafts.begin()?, Sha256::new());
    loop {
        match pieces.try_next().await {
            Ok(Some(piece)) => {
                hash.update(&piece);
                draft.write_all(&piece).map_err(|error| draft.failure(error))?;
            }
            Ok(None) => break,
            Err(error) if error.is_of_unavailable_files() => return Err(error.into()),
            Err(_) => return Ok(None),
        }
    }
    Ok((hex::encode(hash.finalize()) == content.sha256).then_some(draft))
}

/// Which files have a content that is missing.
async fn missing(snapshot: &Snapshot, content: Content) -> Result<MissingContent> {
    let files = Query::select()
        .column(Alias::new("id"))
        .from(Alias::new("files"))
        .and_where(Expr::col(Alias::new("blob_sha256")).eq(&content.sha256))
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    let rows = snapshot.transaction().query_all(&files).await?;
    let ids = rows.iter().map(|row| row.try_get::<Uuid>("", "id"));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    let files = ids.into_iter().map(|id| ids::file(id).to_string()).collect();
    Ok(MissingContent { sha256: content.sha256, size: content.size, files })
}
