//! Keeps people, tags, deals and resolutions in memory. There are few of them, they seldom change,
//! and every list names them.
//!
//! Nobody sees an old row. A statement that refers to such rows also reads [`VERSION`], which rises
//! with every change of one of them, in the same transaction. Rows are kept for one version only,
//! and are used only for statements that saw the same version.

use crate::{
    Result,
    database::{Parameters, sql::column_names},
};
use entity::{deal, resolution, tag, user};
use foldhash::fast::RandomState;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, Statement};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// How many rows of a kind are kept. A person takes about 500 bytes.
const MAX_KEPT: usize = 10_000;

/// The number of changes that a statement sees, as an expression.
pub const VERSION: &str = "(SELECT d.changes FROM directory_counter d WHERE d.id = 1)";

/// The rows that are kept. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Directory(Arc<Mutex<Kept>>);

/// The rows as of one version.
#[derive(Debug, Default)]
pub struct Kept {
    version: i64,
    people: Rows<user::Model>,
    tags: Rows<tag::Model>,
    deals: Rows<deal::Model>,
    resolutions: Rows<resolution::Model>,
}

/// Rows by their ids.
pub type Rows<M> = HashMap<Uuid, Arc<M>, RandomState>;

/// A kind of rows that are kept.
pub trait Listed: EntityTrait {
    /// Its rows.
    fn rows(kept: &mut Kept) -> &mut Rows<Self::Model>;
    /// The id of a row.
    fn id(row: &Self::Model) -> Uuid;
}

macro_rules! listed {
    ($($entity:ident in $rows:ident),+) => {
        $(
            impl Listed for $entity::Entity {
                fn rows(kept: &mut Kept) -> &mut Rows<$entity::Model> {
                    &mut kept.$rows
                }

                fn id(row: &$entity::Model) -> Uuid {
                    row.id
                }
            }
        )+
    };
}

listed! { user in people, tag in tags, deal in deals, resolution in resolutions }

impl Directory {
    /// The rows with these ids, as a statement that saw this version would find them. Rows that do
    /// not exist any more are left out.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn find<E: Listed, C: ConnectionTrait>(
        &self,
        connection: &C,
        version: i64,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<Rows<E::Model>> {
        let (mut found, missing) = self.kept_of::<E>(version, ids);
        if missing.is_empty() {
            return Ok(found);
        }
        let asked = directory_statement::<E>(connection.get_database_backend(), &missing);
        for row in connection.query_all_raw(asked).await? {
            let model = Arc::new(E::Model::from_query_result(&row, "")?);
            self.keep::<E>(row.try_get("", "directory_version")?, &model);
            found.insert(E::id(&model), model);
        }
        Ok(found)
    }

    /// The kept rows among those with these ids, and the ids of the others.
    fn kept_of<E: Listed>(
        &self,
        version: i64,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> (Rows<E::Model>, Vec<Uuid>) {
        let mut kept = self.kept();
        if kept.version != version {
            // The number can also fall, when a backup is restored.
            *kept = Kept { version, ..Kept::default() };
        }
        let rows = E::rows(&mut kept);
        let (mut found, mut missing) = (Rows::default(), Vec::new());
        for id in ids {
            if found.contains_key(&id) {
                continue;
            }
            match rows.get(&id) {
                Some(row) => drop(found.insert(id, row.clone())),
                None if missing.contains(&id) => {}
                None => missing.push(id),
            }
        }
        (found, missing)
    }

    fn keep<E: Listed>(&self, version: i64, row: &Arc<E::Model>) {
        let mut kept = self.kept();
        if kept.version != version {
            return;
        }
        let rows = E::rows(&mut kept);
        if rows.len() >= MAX_KEPT {
            rows.clear();
        }
        rows.insert(E::id(row), row.clone());
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn directory_statement<E: Listed>(backend: DbBackend, ids: &[Uuid]) -> Statement {
    let columns = column_names::<E>("t.");
    let entity = E::default();
    let table = entity.table_name();
    Parameters::new(backend).bind_ids("ids", ids).statement(&format!(
        "SELECT {columns}, {VERSION} AS directory_version FROM {table} t WHERE t.id IN :ids"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("directory.people", |backend| {
            directory_statement::<user::Entity>(backend, &[Uuid::nil()])
        });
        assert_statement("directory.tags", |backend| {
            directory_statement::<tag::Entity>(backend, &[Uuid::nil()])
        });
    }

    fn tag(name: &str) -> Arc<tag::Model> {
        Arc::new(tag::Model { id: Uuid::nil(), name: name.to_owned() })
    }

    #[test]
    fn rows_are_used_for_their_own_version_only() {
        let directory = Directory::default();
        let known = |version| {
            let (found, missing) = directory.kept_of::<tag::Entity>(version, [Uuid::nil()]);
            assert_eq!(found.len() + missing.len(), 1);
            found.values().next().map(|tag| tag.name.clone())
        };
        assert_eq!(known(7), None);
        directory.keep::<tag::Entity>(7, &tag("Oak"));
        assert_eq!(known(7).as_deref(), Some("Oak"));
        // A change makes the row unknown, and what was read before it is not kept.
        assert_eq!(known(8), None);
        directory.keep::<tag::Entity>(7, &tag("Oak"));
        assert_eq!(known(8), None);
        directory.keep::<tag::Entity>(8, &tag("Elm"));
        assert_eq!(known(8).as_deref(), Some("Elm"));
        // So does a restored backup.
        assert_eq!(known(7), None);
        assert_eq!(known(8), None);
    }
}
