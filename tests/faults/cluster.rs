//! A primary with a synchronous standby, and the part of a proxy that finds the server that accepts
//! changes.

use crate::{Result, relay::Relay, rows};
use memoranda_tests::{Node, Programs};
use sea_orm::sqlx::{self, Connection, PgConnection};
use service::database::Database;
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::task::JoinHandle;

/// How often the proxy asks which server accepts changes.
const ASKING: Duration = Duration::from_millis(200);

/// The database of the servers.
pub(crate) const DATABASE: &str = "memoranda";

/// The PostgreSQL servers, and the relay that leads to the primary.
#[derive(Debug)]
pub(crate) struct Cluster {
    /// The address for the Memoranda servers.
    pub(crate) relay: Arc<Relay>,
    folder: PathBuf,
    nodes: tokio::sync::Mutex<Nodes>,
    addresses: Arc<Mutex<Vec<SocketAddr>>>,
    asking: JoinHandle<()>,
}

#[derive(Debug)]
struct Nodes {
    primary: Node,
    standby: Option<Node>,
    made: usize,
}

impl Cluster {
    /// Creates primary and standby.
    ///
    /// # Errors
    /// The error of PostgreSQL.
    pub(crate) async fn open(programs: &Programs, folder: PathBuf, relay: Relay) -> Result<Self> {
        let primary = Node::create(programs, folder.join("node-1")).await?;
        run(&primary, "CREATE DATABASE memoranda").await?;
        let relay = Arc::new(relay);
        let addresses = Arc::new(Mutex::new(vec![primary.address]));
        let asking = tokio::spawn(lead(relay.clone(), addresses.clone()));
        let nodes = tokio::sync::Mutex::new(Nodes { primary, standby: None, made: 1 });
        let cluster = Self { relay, folder, nodes, addresses, asking };
        cluster.follow().await?;
        Ok(cluster)
    }

    /// The primary's own address, without the relay.
    pub(crate) async fn url(&self) -> String {
        self.nodes.lock().await.primary.url(DATABASE)
    }

    /// Gives the primary a synchronous standby, if it has none.
    ///
    /// # Errors
    /// The error of PostgreSQL.
    pub(crate) async fn follow(&self) -> Result<()> {
        let mut nodes = self.nodes.lock().await;
        if nodes.standby.is_some() {
            return Ok(());
        }
        nodes.made += 1;
        let folder = self.folder.join(format!("node-{}", nodes.made));
        let standby = Node::follow(&nodes.primary, folder).await?;
        self.know(&[nodes.primary.address, standby.address]);
        nodes.standby = Some(standby);
        run(&nodes.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'").await?;
        run(&nodes.primary, "SELECT pg_reload_conf()").await?;
        until_synchronous(&nodes.primary).await
    }

    fn know(&self, addresses: &[SocketAddr]) {
        *self.addresses.lock().unwrap_or_else(PoisonError::into_inner) = addresses.to_vec();
    }

    /// Crashes the primary, and starts it again after that time.
    ///
    /// # Errors
    /// The error of PostgreSQL.
    pub(crate) async fn restart(&self, pause: Duration) -> Result<()> {
        let nodes = self.nodes.lock().await;
        nodes.primary.crash().await?;
        tokio::time::sleep(pause).await;
        nodes.primary.start().await
    }

    /// Ends the primary for good, and promotes the standby.
    ///
    /// # Errors
    /// The error of PostgreSQL.
    pub(crate) async fn fail_over(&self, pause: Duration) -> Result<()> {
        let mut nodes = self.nodes.lock().await;
        until_synchronous(&nodes.primary).await?;
        let standby = nodes.standby.take().ok_or("there is no standby")?;
        nodes.primary.crash().await?;
        tokio::time::sleep(pause).await;
        standby.promote().await?;
        self.know(&[standby.address]);
        nodes.primary = standby;
        Ok(())
    }

    /// How many statements and transactions of the servers are still running.
    ///
    /// # Errors
    /// The error of PostgreSQL.
    pub(crate) async fn at_work(&self, database: &Database) -> Result<i64> {
        rows::number(
            database,
            "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'",
        )
        .await
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.asking.abort();
    }
}

async fn run(node: &Node, sql: &'static str) -> Result<()> {
    let mut connection = PgConnection::connect(&node.url("postgres")).await?;
    sqlx::raw_sql(sql).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Waits until the standby has everything that was acknowledged.
async fn until_synchronous(primary: &Node) -> Result<()> {
    let mut connection = PgConnection::connect(&primary.url("postgres")).await?;
    let asked = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
    for _ in 0..600 {
        if sqlx::query_scalar::<_, i64>(asked).fetch_one(&mut connection).await? > 0 {
            return Ok(connection.close().await?);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the standby does not catch up".into())
}

/// Leads the relay to the server that accepts changes, like a load balancer with health checks.
async fn lead(relay: Arc<Relay>, addresses: Arc<Mutex<Vec<SocketAddr>>>) {
    loop {
        let known = addresses.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut primary = None;
        for address in known {
            if matches!(
                tokio::time::timeout(Duration::from_secs(5), takes_changes(address)).await,
                Ok(Ok(true))
            ) {
                primary = Some(address);
                break;
            }
        }
        relay.lead_to(primary);
        tokio::time::sleep(ASKING).await;
    }
}

async fn takes_changes(address: SocketAddr) -> Result<bool> {
    let mut connection =
        PgConnection::connect(&format!("postgres://postgres@{address}/postgres")).await?;
    let asked = "SELECT NOT pg_is_in_recovery()";
    let answer = sqlx::query_scalar::<_, bool>(asked).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}
