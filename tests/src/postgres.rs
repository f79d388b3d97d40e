//! PostgreSQL's processes: one server in its own folder.

use std::{
    net::{SocketAddr, TcpListener},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command as BlockingCommand, Stdio},
};
use tokio::process::Command;

/// A result of PostgreSQL's programs.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The settings of every server. A killed process loses nothing that the system has received, so
/// nothing here waits for the disk.
const SETTINGS: &str = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c \
    max_connections=200 \
    -c fsync=off -c wal_level=replica -c hot_standby=on -c wal_retrieve_retry_interval=200ms";

/// Where PostgreSQL's programs are, and which user runs them: they refuse to run as root.
#[derive(Debug, Clone)]
pub struct Programs {
    folder: PathBuf,
    /// The system's user `postgres`, if this program runs as root.
    user: Option<(u32, u32)>,
}

impl Programs {
    /// The programs in that folder, or the newest that are installed.
    ///
    /// # Errors
    /// There are none.
    pub fn find(given: Option<&Path>) -> Result<Self> {
        let folder = match given {
            Some(folder) => folder.to_owned(),
            None => installed().ok_or("no PostgreSQL is installed: give --postgres-bin")?,
        };
        let root = std::fs::metadata("/proc/self")?.uid() == 0;
        let user = if root { Some((id("-u")?, id("-g")?)) } else { None };
        Ok(Self { folder, user })
    }

    fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    async fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(self.path(program));
        // Processes that it starts inherit these files: a pipe would never end.
        command.args(arguments).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        let status = command.status().await?;
        if status.success() {
            return Ok(());
        }
        Err(format!("{program} {}: {status}", arguments.join(" ")).into())
    }
}

fn installed() -> Option<PathBuf> {
    let mut found = Vec::new();
    for parent in ["/usr/lib/postgresql", "/usr"] {
        for entry in std::fs::read_dir(parent).into_iter().flatten().flatten() {
            let folder = entry.path().join("bin");
            if folder.join("initdb").exists() {
                let name =
                    entry.file_name().to_string_lossy().trim_start_matches("pgsql-").to_owned();
                found.push((name.parse::<u32>().unwrap_or_default(), folder));
            }
        }
    }
    found.into_iter().max().map(|(_, folder)| folder)
}

fn id(of: &str) -> Result<u32> {
    let output = BlockingCommand::new("id").args([of, "postgres"]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// One server. Dropping it ends it.
#[derive(Debug)]
pub struct Node {
    programs: Programs,
    folder: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Node {
    /// A folder for a server that does not exist yet.
    fn new(programs: &Programs, folder: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&folder)?;
        if let Some((user, group)) = programs.user {
            std::os::unix::fs::chown(&folder, Some(user), Some(group))?;
        }
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        Ok(Self { programs: programs.clone(), folder, address })
    }

    /// A new, empty, running server.
    ///
    /// # Errors
    /// The error of PostgreSQL's programs.
    pub async fn create(programs: &Programs, folder: PathBuf) -> Result<Self> {
        let node = Self::new(programs, folder)?;
        let data = node.data();
        programs
            .run("initdb", &["-D", &data, "-A", "trust", "-U", "postgres", "--no-sync"])
            .await?;
        node.start().await?;
        Ok(node)
    }

    /// A running standby of that server.
    ///
    /// # Errors
    /// The error of PostgreSQL's programs.
    pub async fn follow(primary: &Self, folder: PathBuf) -> Result<Self> {
        let node = Self::new(&primary.programs, folder)?;
        let (data, port) = (node.data(), primary.address.port().to_string());
        let copy = ["-D", &data, "-h", "127.0.0.1", "-p", &port, "-U", "postgres"];
        let copy = [copy.as_slice(), &["-R", "-X", "stream", "-c", "fast", "--no-sync"]].concat();
        node.programs.run("pg_basebackup", &copy).await?;
        node.start().await?;
        Ok(node)
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    /// The address of a database on the server.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@{}/{database}", self.address)
    }

    /// Starts it, and waits until it answers.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn start(&self) -> Result<()> {
        let log = self.folder.join("log").display().to_string();
        let options = format!("-p {} {SETTINGS}", self.address.port());
        let start = ["-D", &self.data(), "-l", &log, "-w", "-t", "120", "-o", &options, "start"];
        self.programs.run("pg_ctl", &start).await
    }

    /// Ends it at once, like a crash.
    ///
    /// # Errors
    /// It does not run.
    pub async fn crash(&self) -> Result<()> {
        self.programs.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]).await
    }

    /// Promotes a standby to a primary.
    ///
    /// # Errors
    /// It is not a standby.
    pub async fn promote(&self) -> Result<()> {
        self.programs.run("pg_ctl", &["-D", &self.data(), "-w", "promote"]).await
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        use std::os::unix::process::CommandExt;
        let mut command = BlockingCommand::new(self.programs.path("pg_ctl"));
        command.args(["-D", &self.data(), "-m", "immediate", "-w", "stop"]).current_dir("/");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        if let Some((user, group)) = self.programs.user {
            command.uid(user).gid(group);
        }
        // If it has already ended, that is fine.
        let _ = command.status();
    }
}
