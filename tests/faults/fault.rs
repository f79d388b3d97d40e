//! The faults, each from its beginning to its end.

use crate::{
    Result,
    chance::Chance,
    cluster::Cluster,
    relay::{Relay, Rule},
    requests::CREATE,
    rows,
    site::{Base, Site},
    work::{intend, some_parties},
};
use clap::ValueEnum;
use serde_json::json;
use std::time::Duration;

/// Selects the backends that listen for notifications, by their last statement.
const LISTENS: &str = "(query LIKE 'LISTEN%' OR query = '-- still there?')";

/// What fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// A server is killed, sometimes all of them, and started again
    KillServer,
    /// PostgreSQL crashes and is started again
    RestartDatabase,
    /// Backends of PostgreSQL are ended
    EndBackends,
    /// The backend that listens for notifications is ended, again and again
    EndListener,
    /// The host of PostgreSQL disappears silently
    SilentDatabase,
    /// All connections to PostgreSQL are cut, again and again
    CutDatabase,
    /// The network to PostgreSQL is slow
    SlowDatabase,
    /// PostgreSQL's answers are lost, together with their connections
    LoseAnswers,
    /// The primary is lost and the synchronous standby takes its place
    FailOver,
    /// Clients disconnect during their requests
    ClientsLeave,
    /// The mail server is unreachable
    MailDown,
    /// The file store fails
    StoreFails,
    /// The disk of SQLite is full
    FullDisk,
}

impl Fault {
    /// The faults that a site can have.
    pub(crate) fn of(site: &Site) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|fault| match (fault, &site.base) {
            (Self::KillServer | Self::ClientsLeave | Self::MailDown | Self::StoreFails, _) => true,
            (Self::FullDisk, Base::Sqlite(_, disk)) => disk.is_some(),
            (Self::FullDisk, Base::Postgres(_)) | (_, Base::Sqlite(..)) => false,
            (_, Base::Postgres(_)) => true,
        })
        .collect()
    }

    /// Its name.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Causes the fault and ends it. Returns how many processes it killed.
    ///
    /// # Errors
    /// The fault could not be caused or ended.
    pub(crate) async fn happen(self, site: &Site, chance: &mut Chance) -> Result<usize> {
        let (short, long) = (chance.millis(200, 1_000), chance.millis(800, 2_500));
        match (self, &site.base) {
            (Self::KillServer, _) => return kill_servers(site, chance, short).await,
            (Self::ClientsLeave, _) => clients_leave(site, chance).await,
            (Self::MailDown, _) => {
                let rule =
                    *chance.pick(&[Rule::Refuse, Rule::LoseAnswers(3)]).unwrap_or(&Rule::Refuse);
                obey(&site.mail_relay, rule, long).await;
            }
            (Self::StoreFails, _) => {
                let rules = [Rule::Refuse, Rule::LoseAnswers(3), Rule::Silence];
                site.store.fail(*chance.pick(&rules).unwrap_or(&Rule::Silence))?;
                tokio::time::sleep(long).await;
                site.store.heal()?;
            }
            (Self::FullDisk, Base::Sqlite(_, Some(disk))) => {
                disk.fill()?;
                tokio::time::sleep(long).await;
                disk.free()?;
            }
            (_, Base::Postgres(cluster)) => {
                return self.happen_to(site, cluster, chance, long).await;
            }
            (_, Base::Sqlite(..)) => return Err("SQLite has no such fault".into()),
        }
        Ok(0)
    }

    async fn happen_to(
        self,
        site: &Site,
        cluster: &Cluster,
        chance: &mut Chance,
        long: Duration,
    ) -> Result<usize> {
        match self {
            Self::RestartDatabase => {
                cluster.restart(chance.millis(0, 1_000)).await?;
                return Ok(1);
            }
            Self::FailOver => {
                cluster.fail_over(chance.millis(0, 500)).await?;
                return Ok(1);
            }
            Self::EndBackends => return end(site, chance, "TRUE", 8).await,
            Self::EndListener => return end(site, chance, LISTENS, 8).await,
            Self::CutDatabase => {
                for _ in 0..5 {
                    cluster.relay.cut();
                    tokio::time::sleep(chance.millis(20, 400)).await;
                }
            }
            // Longer than a statement may run. A shorter one would be a delay.
            Self::SilentDatabase => {
                obey(&cluster.relay, Rule::Silence, chance.millis(2_000, 8_000)).await
            }
            Self::SlowDatabase => {
                obey(&cluster.relay, Rule::Delay(chance.millis(5, 60)), long).await
            }
            Self::LoseAnswers => obey(&cluster.relay, Rule::LoseAnswers(30), long).await,
            _ => return Err("PostgreSQL has no such fault".into()),
        }
        Ok(0)
    }
}

/// Makes the relay follow a rule for a while.
async fn obey(relay: &Relay, rule: Rule, time: Duration) {
    relay.set(rule);
    tokio::time::sleep(time).await;
    relay.set(Rule::Pass);
}

async fn kill_servers(site: &Site, chance: &mut Chance, pause: Duration) -> Result<usize> {
    let mut numbers: Vec<usize> = (0..site.servers.len()).collect();
    chance.shuffle(&mut numbers);
    if !chance.one_in(3) {
        numbers.truncate(1);
    }
    let killed: Vec<_> = numbers.iter().filter_map(|number| site.servers.get(*number)).collect();
    for server in &killed {
        server.kill().await?;
    }
    tokio::time::sleep(pause).await;
    for server in &killed {
        server.start().await?;
    }
    Ok(killed.len())
}

/// Ends some of the servers' backends, one after the other.
async fn end(site: &Site, chance: &mut Chance, which: &str, times: usize) -> Result<usize> {
    let database = site.stored().await?;
    let end = format!(
        "SELECT count(pg_terminate_backend(pid)) AS n FROM (SELECT pid FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client \
         backend' \
         AND {which} ORDER BY random() LIMIT 2) AS chosen"
    );
    let mut ended = 0;
    for _ in 0..times {
        ended += usize::try_from(rows::number(&database, end.clone()).await?)?;
        tokio::time::sleep(chance.millis(20, 300)).await;
    }
    database.close().await?;
    Ok(ended)
}

/// Many clients write memos and disconnect before the answer.
async fn clients_leave(site: &Site, chance: &mut Chance) {
    let name = chance.below(1 << 40);
    for n in 0..80 {
        let parties = some_parties(chance);
        let server = chance.below(site.servers.len());
        let written = intend(site, parties, &format!("Left behind {name}-{n}"), true, Vec::new());
        let (Some((_, input)), Some(server)) = (written, site.servers.get(server)) else { return };
        let Some(person) = site.people.get(parties.author) else { return };
        let (input, patience) = (json!({ "input": input }), chance.millis(0, 40));
        let asked = site.client.ask(server.address, &person.token, CREATE, input, "createMemo");
        // Nobody receives the answer, so the memo may exist or not.
        let _ = tokio::time::timeout(patience, asked).await;
    }
}
