//! Processor time and memory of server and database, from `/proc`.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// The unit of `/proc`: hundredths of a second, on every common architecture.
const MILLISECONDS_A_TICK: f64 = 10.0;

/// The processes whose time is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gauge {
    /// The server's process.
    pub(crate) server: u32,
    /// PostgreSQL's first process, the parent of all others.
    pub(crate) postmaster: Option<u32>,
}

/// Milliseconds so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) server: f64,
    /// `None` if the database is not a separate process on this machine.
    pub(crate) database: Option<f64>,
}

impl Gauge {
    /// Reads the times; `None` if the system has no `/proc`.
    pub(crate) fn read(&self) -> Option<Reading> {
        let server = Times::of(self.server)?.own;
        let database = match self.postmaster {
            Some(postmaster) => Some(milliseconds(family(postmaster)?)),
            None => None,
        };
        Some(Reading { server: milliseconds(server), database })
    }
}

impl Reading {
    /// Milliseconds per operation since an earlier reading.
    #[expect(clippy::cast_precision_loss, reason = "numbers of operations are small")]
    pub(crate) fn since(self, before: Self, operations: usize) -> Self {
        let database = before.database.zip(self.database);
        let all = Self {
            server: self.server - before.server,
            database: database.map(|(before, after)| after - before),
        };
        all.divided_by(operations.max(1) as f64)
    }

    /// The share of one of so many.
    pub(crate) fn divided_by(self, number: f64) -> Self {
        Self { server: self.server / number, database: self.database.map(|time| time / number) }
    }

    /// Of server and database together.
    pub(crate) fn total(self) -> f64 {
        self.server + self.database.unwrap_or_default()
    }
}

/// The memory of a process that is in RAM, in bytes; `None` if the system has no `/proc`.
pub(crate) fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}

fn milliseconds(ticks: u32) -> f64 {
    f64::from(ticks) * MILLISECONDS_A_TICK
}

/// The time of a process, of its running children, and of its children that have ended.
fn family(parent: u32) -> Option<u32> {
    let times = Times::of(parent)?;
    let ids = std::fs::read_dir("/proc")
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let children: u32 = ids
        .filter_map(Times::of)
        .filter(|child| child.parent == parent)
        .map(|child| child.own)
        .sum();
    Some(times.own + times.ended_children + children)
}

struct Times {
    parent: u32,
    own: u32,
    ended_children: u32,
}

impl Times {
    fn of(process: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // The second field is a name in parentheses, which may contain anything. The first of these
        // items is the third field.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u32>().ok();
        Some(Self {
            parent: field(4)?,
            own: field(14)? + field(15)?,
            ended_children: field(16)? + field(17)?,
        })
    }
}

/// The first process of this database's PostgreSQL server, if it runs on this machine.
pub(crate) async fn postmaster(database: &impl ConnectionTrait) -> Option<u32> {
    if database.get_database_backend() != DbBackend::Postgres {
        return None;
    }
    let statement = Statement::from_string(DbBackend::Postgres, "SELECT pg_backend_pid() AS pid");
    let row = database.query_one_raw(statement).await.ok()??;
    let backend: i32 = row.try_get("", "pid").ok()?;
    let backend = u32::try_from(backend).ok()?;
    let name = std::fs::read_to_string(format!("/proc/{backend}/comm")).ok()?;
    // If the server is on another machine, the number belongs to an unrelated process or to none.
    if name.trim() == "postgres" { Some(Times::of(backend)?.parent) } else { None }
}
