//! The file store's marker: an object with an id that the database knows.
//!
//! A folder whose disk is not mounted is an empty folder, and a misspelt bucket is an empty bucket.
//! Without a marker, uploads would go to the wrong place. A purge would assume that bytes are
//! removed although they are only unreachable. The first use of a store by a database without an id
//! creates the marker. From then on the marker must exist.

use super::FileStore;
use crate::{Error, Result, Services, database::Database, installation};
use uuid::Uuid;

/// The location of the marker.
pub const MARKER: &str = "memoranda-store-id";

/// The result of inspecting a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreState {
    /// It is the store of this database's files.
    Known,
    /// The database knows no store yet. The first use makes this one its store.
    Unused,
    /// It is not the store of this database's files.
    Lost,
}

/// Makes sure that this is the store of the database's files. If the database knows no store yet,
/// this one is marked as its store.
///
/// # Errors
/// [`Error::FileStoreLost`] if it is another store or an empty one. Also returns errors of database
/// and store.
pub async fn verify(services: &Services, store: &FileStore) -> Result<()> {
    let expected = match store.expected.get() {
        Some(expected) => *expected,
        None => match known_id(&services.database).await? {
            Some(expected) => *store.expected.get_or_init(|| expected),
            None => return adopt(services, store).await,
        },
    };
    matches(expected, store).await
}

/// Inspects the store without changing it.
///
/// # Errors
/// Returns errors of database and store.
pub async fn inspect(database: &Database, store: &FileStore) -> Result<StoreState> {
    let Some(expected) = known_id(database).await? else { return Ok(StoreState::Unused) };
    match matches(expected, store).await {
        Ok(()) => Ok(StoreState::Known),
        Err(Error::FileStoreLost(_)) => Ok(StoreState::Lost),
        Err(error) => Err(error),
    }
}

/// Whether the folder of this address is missing although the database has files in a folder. The
/// folder must not be created again then.
///
/// # Errors
/// Returns errors of the database.
pub async fn is_missing(database: &Database, address: &str) -> Result<bool> {
    let Some(folder) = FileStore::folder_of(address).filter(|folder| !folder.exists()) else {
        return Ok(false);
    };
    tracing::debug!(folder = %folder.display(), "there is no such folder");
    Ok(known_id(database).await?.is_some())
}

/// Whether the store has the files of another database. An unused store has no marker.
///
/// # Errors
/// Returns errors of database and store.
pub async fn is_of_another(database: &Database, store: &FileStore) -> Result<bool> {
    let found = id_in(store).await?;
    Ok(found.is_some() && found != known_id(database).await?)
}

/// Makes this the store of the database's files without a check. An operator has confirmed that it
/// is the right one.
///
/// # Errors
/// Returns errors of database and store.
pub async fn confirm(services: &Services, store: &FileStore) -> Result<()> {
    match known_id(&services.database).await? {
        Some(id) => store.write_text(MARKER, text(id)).await,
        None => adopt(services, store).await,
    }
}

/// Makes this the store of the database. If another process does the same at the same time, the
/// first marker provides the id.
async fn adopt(services: &Services, store: &FileStore) -> Result<()> {
    let found = match id_in(store).await? {
        Some(found) => found,
        None => {
            let new = services.new_id();
            let written = store.write_new_text(MARKER, text(new)).await?;
            if written { new } else { id_in(store).await?.unwrap_or(new) }
        }
    };
    let connection = services.database.connection();
    let known =
        installation::get_or_set(connection, installation::FILE_STORE, found.to_string()).await?;
    let expected = parse(&known)?;
    store.expected.get_or_init(|| expected);
    matches(expected, store).await
}

async fn matches(expected: Uuid, store: &FileStore) -> Result<()> {
    let problem = match id_in(store).await? {
        Some(found) if found == expected => return Ok(()),
        Some(found) => format!("it says that it is {found}"),
        None => format!("it has no {MARKER}"),
    };
    Err(Error::FileStoreLost(format!(
        "the file store is not the one in which this database's files are ({expected}): {problem}. \
         Mount it, or correct file-store; if the files were moved here, say so by `memoranda \
         confirm file-store`"
    )))
}

async fn id_in(store: &FileStore) -> Result<Option<Uuid>> {
    store.read_text(MARKER).await?.map(|text| parse(&text)).transpose()
}

async fn known_id(database: &Database) -> Result<Option<Uuid>> {
    let known = installation::get(database.connection(), installation::FILE_STORE).await?;
    known.map(|text| parse(&text)).transpose()
}

fn text(id: Uuid) -> String {
    format!("{id}\n")
}

fn parse(text: &str) -> Result<Uuid> {
    let id = text.trim().parse();
    id.map_err(|_| Error::FileStoreLost(format!("{:?} is no id of a file store", text.trim())))
}
