//! The server as a separate process: this program again, with a hidden subcommand.

use crate::{Result, counted, scratch::Scratch};
use api::{
    auth::{SignInSettings, TokenKeys},
    backend::Backend,
    http::Limits,
    server::{Server, ServerConfig},
    settings::Schedule,
};
use chrono::TimeDelta;
use service::{
    Services,
    blobs::FileStore,
    clock::{Clock, SystemClock, SystemRandomness},
    database::{Database, DatabaseSettings, connect, with_standby},
    memo_deletion::DeletionSettings,
};
use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Arc,
};
use uuid::Uuid;

/// The hidden subcommand.
pub(crate) const SUBCOMMAND: &str = "serve";

const DATABASE_URL: &str = "MEMORANDA_DATABASE_URL";
const READ_DATABASE_URL: &str = "MEMORANDA_READ_DATABASE_URL";
const FILE_STORE: &str = "MEMORANDA_FILE_STORE";
const SECRET: &str = "a secret for benchmarks alone, long enough for HS256";

/// More connections than the benchmark opens, all from one address.
const CONNECTIONS: usize = 10_000;

fn keys() -> Result<TokenKeys> {
    Ok(TokenKeys::new(SECRET, "memoranda", "memoranda")?)
}

/// A token for that person that the server accepts.
///
/// # Errors
/// The error of the library.
pub(crate) fn token(person: Uuid) -> Result<String> {
    Ok(keys()?.issue(person, SystemClock.now(), TimeDelta::days(1))?)
}

/// The same, the same in every run.
///
/// # Errors
/// The error of the library.
pub(crate) fn counted_token(person: Uuid) -> Result<String> {
    Ok(keys()?.issue(person, counted::now(), TimeDelta::days(1))?)
}

/// The parts of a server.
///
/// # Errors
/// The file store cannot be used.
pub(crate) fn backend(database: Database, file_store: &str) -> Result<Backend> {
    with_services(
        Services::new(database, Arc::new(SystemClock), Arc::new(SystemRandomness)),
        file_store,
    )
}

fn with_services(services: Services, file_store: &str) -> Result<Backend> {
    let deletion = DeletionSettings {
        restorable_for: TimeDelta::days(30),
        erase_by_owner: false,
        confirmation_key: keys()?.confirmation_key(),
    };
    Ok(Backend { services, file_store: FileStore::open(file_store)?, deletion })
}

/// Serves with the usual settings until standard input ends, which happens when the parent process
/// ends. On each line there, a counted part begins.
///
/// # Errors
/// The server cannot start.
pub(crate) async fn serve(is_counted: bool) -> Result<()> {
    let keys = keys()?;
    let mut settings = DatabaseSettings::new(std::env::var(DATABASE_URL)?);
    if is_counted {
        settings.max_connections = counted::CONNECTIONS;
    }
    let mut database = connect(&settings).await?;
    if let Ok(url) = std::env::var(READ_DATABASE_URL) {
        database = with_standby(database, &DatabaseSettings::new(url)).await?;
    }
    let file_store = std::env::var(FILE_STORE)?;
    let backend = if is_counted {
        with_services(counted::services(counted::observed(database)), &file_store)?
    } else {
        backend(database, &file_store)?
    };
    let mut limits = Limits::default();
    limits.clients.max_connections = CONNECTIONS;
    limits.clients.max_connections_per_address = CONNECTIONS;
    let listen = ([127, 0, 0, 1], 0).into();
    let server = Server::bind(
        ServerConfig {
            listen,
            backend,
            keys,
            sign_in: SignInSettings::default(),
            limits,
            schedule: Schedule { purge_every: None, reminders_every: None, ..Schedule::defaults() },
            observes_time_every: None,
            indexes_every: None,
            mailer: None,
            ledger: None,
            demo_people: Vec::new(),
        },
        None,
    )
    .await?;
    println!("http://{}", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // An error also ends it.
        for _ in std::io::stdin().lines().map_while(std::result::Result::ok) {
            counted::a_counted_part_begins();
            println!("{}", counted::regular_statements());
        }
        stop.send(())
    });
    let stopped = async move {
        let _ = stopped.await;
    };
    Ok(server.run(stopped, std::future::pending()).await?)
}

/// The running process. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
    /// The address on which it listens.
    pub(crate) address: String,
}

impl Process {
    /// Starts it, and waits until it listens.
    ///
    /// # Errors
    /// The error of the system, or it ended at once.
    pub(crate) async fn start(scratch: &Scratch) -> Result<Self> {
        Self::start_with(scratch, None).await
    }

    /// The same with a standby.
    ///
    /// # Errors
    /// The error of the system, or it ended at once.
    pub(crate) async fn start_with(scratch: &Scratch, standby: Option<&str>) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(SUBCOMMAND);
        if let Some(url) = standby {
            command.env(READ_DATABASE_URL, url);
        }
        Self::run(scratch, command).await
    }

    /// Starts it with that command.
    ///
    /// # Errors
    /// The error of the system, or it ended at once.
    pub(crate) async fn run(scratch: &Scratch, mut command: Command) -> Result<Self> {
        let mut child = command
            .env(DATABASE_URL, &scratch.url)
            .env(FILE_STORE, scratch.file_store())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or("the server has no output")?;
        let mut process =
            Self { child, input, output: BufReader::new(output).lines(), address: String::new() };
        process.address = process.line().await?;
        Ok(process)
    }

    /// Begins a counted part. Returns how many statements the server has run regularly.
    ///
    /// # Errors
    /// The server has ended.
    pub(crate) async fn begin_part(&mut self) -> Result<u64> {
        self.input.as_mut().ok_or("the server has no input")?.write_all(b"\n")?;
        Ok(self.line().await?.parse()?)
    }

    async fn line(&mut self) -> Result<String> {
        let next = tokio::task::block_in_place(|| self.output.next());
        Ok(next.ok_or("the server ended early")??)
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets it finish.
    ///
    /// # Errors
    /// It failed.
    pub(crate) fn stop(mut self) -> Result<()> {
        drop(self.input.take());
        let status = self.child.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the server ended with {status}").into())
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // If it has already ended, that is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
