//! Copies of SQLite's file while others write to it, and checks of such copies.

use super::Database;
use crate::{Error, Result};
use sea_orm::{
    DbBackend, DbErr, RuntimeErr,
    sqlx::{self, Row},
};
use std::{path::Path, sync::Arc};

impl Database {
    /// Writes the database as it is now to a new SQLite file. The copy is one snapshot, has no
    /// unused pages, in which erased texts could be left, and no log beside it. It blocks no
    /// writer, and no writer disturbs it. While it lasts, the write-ahead log grows.
    ///
    /// `VACUUM INTO` reads in one transaction. SQLite's interface for backups would begin again
    /// whenever another process writes, or hold the lock as long, and would also copy unused pages.
    ///
    /// # Errors
    /// [`Error::Setting`] on PostgreSQL, or if the path is not UTF-8. Also returns errors of the
    /// database. An incomplete file may be left then.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        if self.backend() != DbBackend::Sqlite {
            return Err(Error::Setting("only an SQLite database can be copied".to_owned()));
        }
        // A relative path could look like a URI to SQLite.
        let path = std::path::absolute(file)?;
        let path = path.to_str().ok_or_else(|| {
            Error::Setting(format!("{} is not UTF-8: choose another path", file.display()))
        })?;
        let copying = async {
            let mut connection = self.connection().get_sqlite_connection_pool().acquire().await?;
            sqlx::query("VACUUM INTO ?")
                .bind(path)
                .persistent(false)
                .execute(&mut *connection)
                .await
        };
        copying.await.map(drop).map_err(failed)
    }

    /// What SQLite finds wrong in its file: damage, and rows that refer to nothing. Reads all of
    /// it.
    ///
    /// # Errors
    /// [`Error::Setting`] on PostgreSQL. Also returns errors of the database, which may mean that
    /// the file is none of SQLite.
    pub async fn problems(&self) -> Result<Vec<String>> {
        if self.backend() != DbBackend::Sqlite {
            return Err(Error::Setting("only an SQLite database can be checked".to_owned()));
        }
        let pool = self.connection().get_sqlite_connection_pool();
        let checking = async {
            let mut problems: Vec<String> =
                sqlx::query_scalar("PRAGMA integrity_check").fetch_all(pool).await?;
            problems.retain(|problem| problem != "ok");
            for row in sqlx::query("PRAGMA foreign_key_check").fetch_all(pool).await? {
                let (table, parent): (String, String) = (row.try_get(0)?, row.try_get(2)?);
                problems.push(format!("a row of {table} refers to a row of {parent} that is none"));
            }
            Ok::<_, sqlx::Error>(problems)
        };
        checking.await.map_err(failed)
    }
}

fn failed(error: sqlx::Error) -> Error {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error))).into()
}
