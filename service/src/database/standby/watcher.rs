//! Compares the standby with the primary, for all operations that wait for it.

use super::{
    Standby, Use, Watched,
    place::{self, OF_PRIMARY, Place, Server},
};
use crate::database::sql;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, QueryResult,
    sqlx::{self, ConnectOptions, PgConnection},
};
use std::{sync::atomic::Ordering, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// The longest wait for the standby to catch up. A standby nearby needs some milliseconds.
const PATIENCE: Duration = Duration::from_millis(100);
/// How often a late standby is asked how far it is.
const ASKED_AGAIN_AFTER: Duration = Duration::from_millis(1);
/// How often the standby is tested without an operation, and tried again after a failure.
const TESTED_EVERY: Duration = Duration::from_secs(1);
/// How long the standby may take for an answer about itself.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);
/// The log mentions only failures that last longer. Heavy writing delays a standby for moments.
const MENTIONED_AFTER: Duration = Duration::from_secs(5);

/// The operations that wait for the standby.
type Asked = mpsc::UnboundedReceiver<oneshot::Sender<()>>;

/// Why the standby cannot be used now.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("it does not answer within {} s", ANSWERS_WITHIN.as_secs())]
    Silent,
    #[error("{0}")]
    Failed(#[from] sqlx::Error),
    #[error("the primary's place in its log is unknown: {0}")]
    Primary(#[from] DbErr),
    #[error("the primary does not say within {} s how far its log goes", ANSWERS_WITHIN.as_secs())]
    PrimarySilent,
    #[error("its address leads to a server that accepts changes: give the address of a standby")]
    NoStandby,
    #[error("it follows another primary: give the address of a standby of database-url's server")]
    OtherCluster,
    #[error("it is more than {} ms late", PATIENCE.as_millis())]
    Late,
}

/// Watches the standby until `stopped` is cancelled.
pub(in crate::database) async fn run(
    standby: Standby,
    primary: impl ConnectionTrait,
    stopped: CancellationToken,
) {
    let watched = &standby.watched;
    // Only one job watches.
    let mut asked = watched.asked.lock().await;
    let mut failing = Failing::default();
    loop {
        let problem = tokio::select! {
            biased;
            () = stopped.cancelled() => {
                watched.is_of_use.send_replace(Use::None);
                return;
            }
            problem = watch(watched, &primary, &mut asked, &mut failing) => problem,
        };
        watched.is_of_use.send_replace(Use::None);
        watched.set_instance(None);
        // They have stopped waiting.
        while asked.try_recv().is_ok() {}
        failing.note(&problem);
        tokio::select! {
            () = stopped.cancelled() => return,
            () = sleep(TESTED_EVERY) => {}
        }
    }
}

/// Waits once until the standby has caught up.
///
/// # Errors
/// Why it cannot be used.
pub(in crate::database) async fn try_out(
    standby: &Standby,
    primary: &impl ConnectionTrait,
) -> Result<(), String> {
    let tried = async { Watcher::open(&standby.watched).await?.catch_up(primary).await };
    tried.await.map_err(|problem: Problem| problem.to_string())
}

/// Answers operations until there is a problem.
async fn watch(
    watched: &Watched,
    primary: &impl ConnectionTrait,
    asked: &mut Asked,
    failing: &mut Failing,
) -> Problem {
    let mut watcher = match Watcher::open(watched).await {
        Ok(watcher) => watcher,
        Err(problem) => return problem,
    };
    loop {
        let mut waiting = Vec::new();
        // It returns also if nobody asks, so that the standby is tested.
        if let Ok(Some(first)) = timeout(TESTED_EVERY, asked.recv()).await {
            waiting.push(first);
            while let Ok(next) = asked.try_recv() {
                waiting.push(next);
            }
        }
        match watcher.catch_up(primary).await {
            Ok(()) => {
                failing.end();
                watched.is_of_use.send_replace(Use::Good);
                for operation in waiting {
                    // It may have been cancelled.
                    let _ = operation.send(());
                }
            }
            // They stop waiting, and the next test is in a second.
            Err(Problem::Late) => {
                watched.is_of_use.send_replace(Use::Late);
                failing.note(&Problem::Late);
            }
            Err(problem) => return problem,
        }
    }
}

/// A connection to the standby, and what it has said.
struct Watcher<'a> {
    watched: &'a Watched,
    connection: PgConnection,
    server: Server,
    tested: Instant,
}

impl<'a> Watcher<'a> {
    async fn open(watched: &'a Watched) -> Result<Self, Problem> {
        let opening = async {
            let mut connection = watched.options.connect().await?;
            let server = place::server(&mut connection).await?;
            Ok((connection, server))
        };
        let (connection, server) = in_time(opening).await?;
        watched.set_instance(Some(server.instance.clone()));
        Ok(Self { watched, connection, server, tested: Instant::now() })
    }

    /// Waits until the standby has all that the primary has now.
    async fn catch_up(&mut self, primary: &impl ConnectionTrait) -> Result<(), Problem> {
        if self.tested.elapsed() >= TESTED_EVERY {
            self.server = in_time(place::server(&mut self.connection)).await?;
            self.tested = Instant::now();
        }
        if !self.server.is_standby {
            return Err(Problem::NoStandby);
        }
        let asked = sql::statement(DbBackend::Postgres, OF_PRIMARY, []);
        // From the pool: its connections are given up together if the primary was replaced.
        let row = timeout(ANSWERS_WITHIN, primary.query_one_raw(asked)).await;
        let row = row.map_err(|_| Problem::PrimarySilent)??;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("no place".to_owned()))?;
        let goal = place_of(&row)?;
        if row.try_get::<i64>("", "cluster")? != self.server.cluster {
            return Err(Problem::OtherCluster);
        }
        let began = Instant::now();
        while !self.has_reached(goal) {
            if began.elapsed() >= PATIENCE {
                return Err(Problem::Late);
            }
            self.server.place.bytes = in_time(place::repeated(&mut self.connection)).await?;
            if !self.has_reached(goal) {
                sleep(ASKED_AGAIN_AFTER).await;
            }
        }
        Ok(())
    }

    fn has_reached(&self, goal: Place) -> bool {
        let Place { timeline, bytes } = self.server.place;
        let lag = u64::try_from(goal.bytes - bytes).unwrap_or_default();
        self.watched.lag.store(lag, Ordering::Relaxed);
        timeline == goal.timeline && lag == 0
    }
}

fn place_of(row: &QueryResult) -> Result<Place, DbErr> {
    Ok(Place { timeline: row.try_get("", "timeline")?, bytes: row.try_get("", "bytes")? })
}

async fn in_time<T>(answer: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Problem> {
    Ok(timeout(ANSWERS_WITHIN, answer).await.map_err(|_| Problem::Silent)??)
}

/// Since when the standby has failed, and what the log says of it.
#[derive(Debug, Default)]
struct Failing {
    since: Option<Instant>,
    /// The last line of the log: the problem, or nothing if the standby answers reads.
    mentioned: Option<String>,
    has_answered: bool,
}

impl Failing {
    fn note(&mut self, problem: &Problem) {
        let since = *self.since.get_or_insert_with(Instant::now);
        let text = problem.to_string();
        let is_known = self.mentioned.as_ref() == Some(&text);
        // What only an operator can mend does not end by itself.
        let lasts = matches!(problem, Problem::NoStandby | Problem::OtherCluster)
            || since.elapsed() >= MENTIONED_AFTER;
        if lasts && !is_known {
            tracing::warn!(
                problem = text,
                "the standby is not used: the primary answers all reads, and the standby is tried \
                 again every second"
            );
            self.mentioned = Some(text);
        }
    }

    fn end(&mut self) {
        if self.mentioned.take().is_some() || !self.has_answered {
            tracing::info!("the standby answers reads");
        }
        self.has_answered = true;
        self.since = None;
    }
}
