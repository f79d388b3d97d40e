//! Receives PostgreSQL's notifications.

use crate::Result;
use sea_orm::{
    DatabaseConnection, DbErr, RuntimeErr,
    sqlx::{
        self, Executor, PgPool,
        postgres::{PgListener, PgPoolOptions},
    },
};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// A connection without notifications is tested after this time.
const SILENCE: Duration = Duration::from_secs(30);
/// The longest wait for the answer to that test.
const PATIENCE: Duration = Duration::from_secs(5);

/// Receives notifications on a separate connection.
///
/// The connection does not come from the pool. A connection that remains subscribed would break the
/// statements of its next user.
#[derive(Debug)]
pub struct Listener {
    inner: PgListener,
    /// A pool with this connection only.
    pool: PgPool,
    heard: Instant,
}

impl Listener {
    /// Opens a connection with the options of a pool, and subscribes to the channels.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub(super) async fn open(
        like: &DatabaseConnection,
        channels: impl IntoIterator<Item = &str>,
    ) -> Result<Self> {
        let like = like.get_postgres_connection_pool();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(like.options().get_acquire_timeout())
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(like.connect_options().as_ref().clone());
        let listening = async {
            let mut inner = PgListener::connect_with(&pool).await?;
            // The caller opens a lost connection again, at a place where nobody cancels that
            // half-way.
            inner.eager_reconnect(false);
            inner.listen_all(channels).await?;
            Ok::<_, sqlx::Error>(inner)
        };
        let inner = listening.await.map_err(from_driver)?;
        Ok(Self { inner, pool, heard: Instant::now() })
    }

    /// The channel of the next notification. `None` if the connection is lost. It may be cancelled.
    pub async fn next(&mut self) -> Option<String> {
        let heard = match self.inner.try_recv().await {
            Ok(heard) => heard,
            Err(error) => {
                tracing::debug!(%error, "the listening connection is broken");
                None
            }
        };
        self.heard = Instant::now();
        heard.map(|notification| notification.channel().to_owned())
    }

    /// Whether the connection still works. It is tested after a long silence, since a lost host
    /// does not close it.
    pub async fn is_there(&mut self) -> bool {
        if self.heard.elapsed() < SILENCE {
            return true;
        }
        let asked = timeout(PATIENCE, self.inner.execute("-- still there?")).await;
        self.heard = Instant::now();
        matches!(asked, Ok(Ok(_)))
    }

    /// Closes the connection.
    pub async fn close(self) {
        drop(self.inner);
        // If the host is lost, the end of the process closes the connection.
        let _ = timeout(PATIENCE, self.pool.close()).await;
    }
}

fn from_driver(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
