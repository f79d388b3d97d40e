//! The contents of files that a database has.

use crate::{Result, format::Digest};
use entity::{blob, file};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Query,
};
use service::database::Database;

/// How many contents are read at a time.
const PAGE: u64 = 1_000;

/// The content of at least one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    /// Its hash.
    pub(crate) digest: Digest,
    /// Its length in bytes.
    pub(crate) size: u64,
    /// Where it is in the file store.
    pub(crate) location: String,
}

/// Contents that no file has are left out: an upload may not have placed their bytes yet.
fn used() -> Select<blob::Entity> {
    let of_files = Query::select().column(file::Column::BlobSha256).from(file::Entity).to_owned();
    blob::Entity::find().select_only().filter(blob::Column::Sha256.in_subquery(of_files))
}

/// How many bytes they have.
pub(crate) async fn bytes(database: &Database) -> Result<u64> {
    let sum = used().column_as(blob::Column::Size.sum(), "bytes").into_tuple::<Option<i64>>();
    let sum = sum.one(database.connection()).await?.flatten();
    Ok(sum.and_then(|sum| u64::try_from(sum).ok()).unwrap_or_default())
}

/// A page of them by hash, after this one.
pub(crate) async fn after(database: &Database, last: Option<Digest>) -> Result<Vec<Content>> {
    let mut page =
        used().columns([blob::Column::Sha256, blob::Column::Size, blob::Column::Location]);
    if let Some(last) = last {
        page = page.filter(blob::Column::Sha256.gt(last.to_string()));
    }
    let page = page.order_by_asc(blob::Column::Sha256).limit(PAGE);
    let rows: Vec<(String, i64, String)> = page.into_tuple().all(database.connection()).await?;
    rows.into_iter()
        .map(|(sha256, size, location)| {
            let digest = Digest::parse(&sha256).ok_or_else(|| {
                service::Error::Inconsistent(format!("{sha256:?} is no SHA-256 of a file"))
            })?;
            Ok(Content { digest, size: size.unsigned_abs(), location })
        })
        .collect()
}

/// The one with this hash.
pub(crate) async fn with(database: &Database, digest: Digest) -> Result<Option<Content>> {
    let query = used()
        .columns([blob::Column::Size, blob::Column::Location])
        .filter(blob::Column::Sha256.eq(digest.to_string()));
    let found: Option<(i64, String)> = query.into_tuple().one(database.connection()).await?;
    Ok(found.map(|(size, location)| Content { digest, size: size.unsigned_abs(), location }))
}
