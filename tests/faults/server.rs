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

/// Longest wait for a server that starts: it ends itself where there is no database, and a
/// supervisor starts it again.
const STARTING: Duration = Duration::from_secs(120);

/// An address on this machine that is free now.
///
/// # Errors
/// That there is none.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// How the program is run.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) settings: Vec<(&'static str, String)>,
    /// Its folder, for its logs.
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

    /// What a command of it prints.
    ///
    /// # Errors
    /// That it failed, with its words.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).output().await?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?.trim().to_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("memoranda {}: {said}", arguments.join(" ")).into())
    }
}

/// A server that can be killed and started again. Dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    program: Program,
    log: PathBuf,
    child: tokio::sync::Mutex<Option<Child>>,
}

impl Server {
    /// A server that does not run yet.
    ///
    /// # Errors
    /// That there is no port.
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
    /// That it does not start.
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

    /// What `/readyz` says.
    pub(crate) async fn is_ready(&self) -> bool {
        let asked = reqwest::get(format!("http://{}/readyz", self.address));
        let answered = tokio::time::timeout(Duration::from_secs(5), asked).await;
        matches!(answered, Ok(Ok(answer)) if answer.status() == 200)
    }

    /// Ends it as `kill -9` does.
    ///
    /// # Errors
    /// What the system answers.
    pub(crate) async fn kill(&self) -> Result<()> {
        if let Some(mut child) = self.child.lock().await.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// How it ended, if it has ended without being killed.
    ///
    /// # Errors
    /// What the system answers.
    pub(crate) async fn crashed(&self) -> Result<Option<String>> {
        match self.child.lock().await.as_mut() {
            Some(child) => Ok(child.try_wait()?.map(|status| status.to_string())),
            None => Ok(None),
        }
    }
}
