//! A server as a separate process, for tests that kill one or need several.

use api::{
    auth::SignInSettings,
    http::{ClientLimits, Limits},
    server::{Server, ServerConfig},
    settings::Schedule,
};
use memoranda_tests::{OPENING, Office, TestLedger, at, backend, ledger_keys, open};
use service::{clock::ManualClock, ledger::Ledger};
use std::{io::Write, path::PathBuf, process::Stdio, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

const URL: &str = "MEMORANDA_PROCESS_URL";
const FOLDER: &str = "MEMORANDA_PROCESS_FOLDER";
const LEDGER: &str = "MEMORANDA_PROCESS_LEDGER";

/// A server on the database that the environment names.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by other tests, as a process of its own"]
async fn server_process() {
    let folder = PathBuf::from(std::env::var(FOLDER).unwrap());
    let clock = Arc::new(ManualClock::new(at(OPENING)));
    let (backend, keys) = backend(open(&std::env::var(URL).unwrap()).await, &folder, clock);
    let ledger = std::env::var(LEDGER)
        .ok()
        .map(|place| Ledger::open(&place, Duration::from_secs(60), ledger_keys()).unwrap());
    let listen = ([127, 0, 0, 1], 0).into();
    let config = ServerConfig {
        listen,
        backend,
        keys,
        sign_in: SignInSettings::default(),
        limits: Limits {
            // All of a test's connections come from one address.
            clients: ClientLimits {
                max_connections_per_address: 2_000,
                header_timeout: Duration::from_secs(2),
                ..ClientLimits::default()
            },
            ..Limits::default()
        },
        schedule: Schedule { purge_every: None, reminders_every: None, ..Schedule::defaults() },
        observes_time_every: None,
        indexes_every: None,
        mailer: None,
        ledger,
        demo_people: Vec::new(),
    };
    let server = Server::bind(config, None).await.unwrap();
    writeln!(std::io::stdout(), "\nlistening on {}", server.address()).unwrap();
    server.run(std::future::pending(), std::future::pending()).await.unwrap();
}

/// Starts the process, and returns the address on which it listens.
pub async fn start_server(office: &Office) -> (Child, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(URL, &office.database().url);
    start(office, command).await
}

/// The same with a ledger in a file.
pub async fn start_server_with(office: &Office, ledger: &TestLedger) -> (Child, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(URL, &office.database().url).env(LEDGER, ledger.address.as_ref().unwrap());
    start(office, command).await
}

/// Starts a process on a copy of the office's SQLite database, in its own file system of that many
/// kilobytes. Returns its address, and the folder of the copy as seen from here. `None` if the
/// operating system only lets administrators create a file system.
pub async fn start_server_on_disk_of(
    office: &Office,
    kilobytes: u32,
) -> Option<(Child, String, PathBuf)> {
    const NAMESPACE: [&str; 3] = ["--user", "--map-root-user", "--mount"];
    let allowed = Command::new("unshare").args(NAMESPACE).arg("true").status().await;
    if !allowed.is_ok_and(|status| status.success()) {
        return None;
    }
    office.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let (original, disk) =
        (office.database().folder.join("test.db"), office.database().folder.join("disk"));
    std::fs::create_dir_all(&disk).unwrap();
    let script =
        r#"mount -t tmpfs -o size="$1" tmpfs "$2" && cp "$3" "$2" && shift 3 && exec "$@""#;
    let mut command = Command::new("unshare");
    command
        .args(NAMESPACE)
        .args(["sh", "-c", script, "sh", &format!("{kilobytes}k")])
        .args([&disk, &original, &std::env::current_exe().unwrap()])
        .env(URL, format!("sqlite://{}/test.db", disk.display()));
    let (child, address) = start(office, command).await;
    let seen = PathBuf::from(format!("/proc/{}/root{}", child.id().unwrap(), disk.display()));
    Some((child, address, seen))
}

async fn start(office: &Office, mut command: Command) -> (Child, String) {
    let mut child = command
        .args(["process::server_process", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, &office.database().folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some(address) = line.strip_prefix("listening on ") {
            return (child, format!("http://{address}"));
        }
    }
    panic!("the process ended before it listened");
}
