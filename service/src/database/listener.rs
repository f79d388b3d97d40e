//! Hears PostgreSQL's notifications.

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

/// After how long without a notification the connection is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest wait for its answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hears notifications, on a connection of its own.
///
/// It is not one of the pool's: a connection that stays subscribed would break the statements of
/// whoever takes it next.
#[derive(Debug)]
pub struct Listener {
    inner: PgListener,
    /// Of this one connection.
    pool: PgPool,
    heard: Instant,
}

impl Listener {
    /// Opens a connection as those of that pool are, and subscribes to the channels.
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
            // What is lost is opened anew by whoever asked, where nobody cancels it half-way.
            inner.eager_reconnect(false);
            inner.listen_all(channels).await?;
            Ok::<_, sqlx::Error>(inner)
        };
        let inner = listening.await.map_err(from_driver)?;
        Ok(Self { inner, pool, heard: Instant::now() })
    }

    /// The channel of the next notification; `None` if the connection is lost. It may be cancelled.
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

    /// Whether the connection is still there. After a long silence it is asked: a host that is
    /// lost does not say so.
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
        // The end of the process does the same where the host is lost.
        let _ = timeout(PATIENCE, self.pool.close()).await;
    }
}

fn from_driver(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
