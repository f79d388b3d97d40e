//! Memoranda's own processes.

use crate::Result;
use std::{
    fs::OpenOptions,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};

/// Longest wait until a server starts. Without a database it ends itself, and a supervisor starts
/// it again.
const STARTING: Duration = Duration::from_secs(120);

/// An address on this machine that is free now.
///
/// # Errors
/// There is none.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// How to run the program.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) settings: Vec<(&'static str, String)>,
    /// Its folder, which holds its logs.
    pub(crate) folder: PathBuf,
}

impl Program {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command.args(arguments).env_clear().current_dir(&self.folder).kill_on_drop(true);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())));
        command
    }

    /// The output of one of its commands.
    ///
    /// # Errors
    /// The command failed, with its message.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).output().await?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?.trim().to_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("memoranda {}: {said}", arguments.join(" ")).into())
    }
}

/// A server that can be killed and started again. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Server {
    /// The address on which it listens.
    pub(crate) address: SocketAddr,
    program: Program,
    log: PathBuf,
    child: tokio::sync::Mutex<Option<Child>>,
}

impl Server {
    /// A server that does not run yet.
    ///
    /// # Errors
    /// No port is free.
    pub(crate) fn new(program: &Program, number: usize) -> Result<Self> {
        let log = program.folder.join(format!("server-{number}.log"));
        Ok(Self {
            address: free_address()?,
            program: program.clone(),
            log,
            child: tokio::sync::Mutex::default(),
        })
    }

    /// Starts it, and waits until it is ready.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) async fn start(&self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < STARTING {
            let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
            let listen = self.address.to_string();
            let mut command = self.program.command(&["serve", "--listen", &listen]);
            let mut child =
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?;
            while child.try_wait()?.is_none() && begun.elapsed() < STARTING {
                if self.is_ready().await {
                    *self.child.lock().await = Some(child);
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Err(format!("a server does not start: see {}", self.log.display()).into())
    }

    /// The answer of `/readyz`.
    pub(crate) async fn is_ready(&self) -> bool {
        let asked = reqwest::get(format!("http://{}/readyz", self.address));
        let answered = tokio::time::timeout(Duration::from_secs(5), asked).await;
        matches!(answered, Ok(Ok(answer)) if answer.status() == 200)
    }

    /// Ends it like `kill -9`.
    ///
    /// # Errors
    /// The error of the system.
    pub(crate) async fn kill(&self) -> Result<()> {
        if let Some(mut child) = self.child.lock().await.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// How it ended, if it ended without being killed.
    ///
    /// # Errors
    /// The error of the system.
    pub(crate) async fn crashed(&self) -> Result<Option<String>> {
        match self.child.lock().await.as_mut() {
            Some(child) => Ok(child.try_wait()?.map(|status| status.to_string())),
            None => Ok(None),
        }
    }
}
