//! The server as a separate process: this program again, with a hidden subcommand.

use crate::{Result, scratch::Scratch};
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
    database::{Database, DatabaseSettings, connect},
    memo_deletion::DeletionSettings,
};
use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    sync::Arc,
};
use uuid::Uuid;

/// The hidden subcommand.
pub(crate) const SUBCOMMAND: &str = "serve";

const DATABASE_URL: &str = "MEMORANDA_DATABASE_URL";
const FILE_STORE: &str = "MEMORANDA_FILE_STORE";
const SECRET: &str = "a secret for benchmarks alone, long enough for HS256";

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

/// The parts of a server.
///
/// # Errors
/// The file store cannot be used.
pub(crate) fn backend(database: Database, file_store: &str) -> Result<Backend> {
    let deletion = DeletionSettings {
        restorable_for: TimeDelta::days(30),
        erase_by_owner: false,
        confirmation_key: keys()?.confirmation_key(),
    };
    let services = Services::new(database, Arc::new(SystemClock), Arc::new(SystemRandomness));
    Ok(Backend { services, file_store: FileStore::open(file_store)?, deletion })
}

/// Serves with the usual settings until standard input ends, which happens when the parent process
/// ends.
///
/// # Errors
/// The server cannot start.
pub(crate) async fn serve() -> Result<()> {
    let keys = keys()?;
    let database = connect(&DatabaseSettings::new(std::env::var(DATABASE_URL)?)).await?;
    let backend = backend(database, &std::env::var(FILE_STORE)?)?;
    let listen = ([127, 0, 0, 1], 0).into();
    let server = Server::bind(
        ServerConfig {
            listen,
            backend,
            keys,
            sign_in: SignInSettings::default(),
            limits: Limits::default(),
            schedule: Schedule { purge_every: None, reminders_every: None, ..Schedule::defaults() },
            observes_time_every: None,
            indexes_every: None,
            mailer: None,
            ledger: None,
        },
        None,
    )
    .await?;
    println!("http://{}", server.address());
    let (stop, stopped) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        // An error also ends it.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
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
    /// The address on which it listens.
    pub(crate) address: String,
}

impl Process {
    /// Starts it, and waits until it listens.
    ///
    /// # Errors
    /// The error of the system, or it ended at once.
    pub(crate) async fn start(scratch: &Scratch) -> Result<Self> {
        let child = Command::new(std::env::current_exe()?)
            .arg(SUBCOMMAND)
            .env(DATABASE_URL, &scratch.url)
            .env(FILE_STORE, scratch.file_store())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut process = Self { child, address: String::new() };
        let output = process.child.stdout.take().ok_or("the server has no output")?;
        let line = tokio::task::spawn_blocking(|| BufReader::new(output).lines().next()).await?;
        process.address = line.ok_or("the server ended before it listened")??;
        Ok(process)
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
        drop(self.child.stdin.take());
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
