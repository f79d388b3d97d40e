//! Checks files: every acknowledged file exists with its bytes, and there are no unused bytes.

use super::stored::Stored;
use crate::{
    Result, rows,
    site::{Site, uuid_of},
};
use api::graphql::Kind;
use service::database::Database;
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use uuid::Uuid;

/// How many files are downloaded like clients do, the latest first.
const READ: usize = 30;

/// Records what is lost or left over.
///
/// # Errors
/// The error of the database or the store.
pub(super) async fn check(site: &Site, database: &Database, stored: &Stored) -> Result<()> {
    let mut blobs = BTreeMap::new();
    for row in rows::all(database, "SELECT location, size FROM blobs").await? {
        let (location, size): (String, i64) =
            (row.try_get("", "location")?, row.try_get("", "size")?);
        blobs.insert(location, u64::try_from(size)?);
    }
    let mut files: HashMap<Uuid, String> = HashMap::new();
    let sql = "SELECT f.id, b.location FROM files f JOIN blobs b ON b.sha256 = f.blob_sha256";
    for row in rows::all(database, sql).await? {
        files.insert(row.try_get("", "id")?, row.try_get("", "location")?);
    }
    let contents = site.store.contents().await?;
    for (location, size) in &contents {
        // An interrupted upload leaves a row without bytes. In the other order, nobody would ever
        // remove its bytes.
        if blobs.get(location) != Some(size) {
            site.ledger.violated(format!(
                "the store has {size} bytes at {location} that no row refers to"
            ));
        }
    }
    for (file, location) in &files {
        if !contents.contains_key(location) {
            site.ledger.violated(format!("the bytes of file {file} are lost: {location}"));
        }
    }
    let uploads = site.ledger.uploads();
    for upload in &uploads {
        if !files.contains_key(&uuid_of(Kind::File, &upload.id)?) {
            site.ledger.violated(format!("{}, which was acknowledged, is lost", upload.id));
        }
    }
    // Files of deleted memos are read after the memo is restored.
    let (hidden, mut readable) = (stored.hidden_files(), Vec::new());
    for upload in uploads.iter().rev() {
        if !hidden.contains(&uuid_of(Kind::File, &upload.id)?) {
            readable.push(upload);
        }
    }
    for (server, upload) in site.servers.iter().cycle().zip(readable.into_iter().take(READ)) {
        let owner = site.people.get(upload.owner).ok_or("an upload of nobody")?;
        let mut read = Err("nobody was asked".into());
        for _ in 0..20 {
            read = site.client.download(server.address, &owner.token, &upload.id).await;
            if read.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        match read {
            Ok(content) if content == upload.content => {}
            other => {
                // One failure is enough: each of the others would take as long.
                site.ledger.violated(format!("{} reads as {other:?}", upload.id));
                return Ok(());
            }
        }
    }
    Ok(())
}
