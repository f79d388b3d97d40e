//! `memoranda backup` and `memoranda restore`: as an operator runs them, killed at several moments,
//! and on a full disk.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use program::Folder;
use service::{
    Services,
    blobs::{self, FileStore},
    clock::{Randomness, SystemClock, SystemRandomness},
    database::{DatabaseSettings, connect, sqlite_url},
    files::{self, NewFile},
};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

const BACKUP: &str = "office.backup";

impl Folder {
    /// Runs a command that must succeed, and returns what it prints.
    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, &[]);
        let problem = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{arguments:?}: {problem}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail, and returns its message.
    fn refuses(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, &[]);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// A good installation with files of that many random bytes.
    fn with_files(count: u8, size: usize) -> Self {
        let folder = Self::healthy();
        let store = folder.0.join("memoranda-files");
        let url = sqlite_url(&folder.0.join("memoranda.db"));
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let database = connect(&DatabaseSettings::new(url)).await.unwrap();
            let services =
                Services::new(database, Arc::new(SystemClock), Arc::new(SystemRandomness));
            let store = FileStore::open(store.to_str().unwrap()).unwrap();
            blobs::verify(&services, &store).await.unwrap();
            let ada = service::people::by_username(&services, "ada").await.unwrap().unwrap();
            for number in 0..count {
                let bytes = std::iter::repeat_with(|| SystemRandomness.bytes()).flatten();
                let new = NewFile {
                    name: format!("{number}.bin"),
                    media_type: "application/octet-stream".to_owned(),
                    bytes: bytes.take(size).collect::<Vec<u8>>().into(),
                };
                files::store(&services, &store, ada.id, &new).await.unwrap();
            }
            services.database.close().await.unwrap();
        });
        folder
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Starts a command, and kills it after it has printed that many lines. Returns whether it was
    /// still running.
    fn killed_after(&self, lines: usize, arguments: &[&str]) -> bool {
        let mut child =
            self.command(arguments).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let printed = BufReader::new(child.stderr.take().unwrap()).lines().take(lines).count();
        if printed == lines {
            child.kill().unwrap();
        }
        let status = child.wait().unwrap();
        assert!(status.success() || printed == lines, "{arguments:?} failed by itself");
        !status.success()
    }
}

#[test]
fn an_operator_backs_up_and_restores() {
    let folder = Folder::with_files(3, 1_000);
    let doctor = folder.prints(&["doctor"]);
    assert!(doctor.contains("backup      there has been none"), "{doctor}");
    let told = folder.prints(&["backup", BACKUP]);
    assert!(
        told.starts_with("office.backup: the database and 3 files (2.93 KiB) as of "),
        "{told}"
    );
    let doctor = folder.prints(&["doctor"]);
    assert!(doctor.contains("backup      the last one began at "), "{doctor}");
    assert!(doctor.contains(", 0.0 days ago"), "{doctor}");
    let refused = folder.refuses(&["backup", BACKUP]);
    assert!(refused.contains("--overwrite"), "{refused}");
    folder.prints(&["backup", BACKUP, "--overwrite"]);

    let refused = folder.refuses(&["restore", BACKUP]);
    assert!(refused.contains("memoranda.db is there already"), "{refused}");
    let told = folder.prints(&["restore", BACKUP, "--replace"]);
    for expected in [
        "restored as of ",
        "with 3 files (2.93 KiB)",
        "the former database is now memoranda.db.before-restore-",
        "memoranda-files.before-restore-",
        "no session of that time was open",
        "memoranda doctor",
        "without a ledger, what was deleted or erased since is back",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let doctor = folder.prints(&["doctor"]);
    assert!(doctor.lines().all(|line| line.starts_with("ok")), "{doctor}");

    // A trial beside the running installation.
    let trial = ["--database-url", "sqlite:trial.db", "--file-store", "trial-files"];
    folder.prints(&[&["restore", BACKUP, "--ledger", "ledger.ndjson"], &trial[..]].concat());
    assert!(folder.0.join("trial.db").exists() && folder.0.join("trial-files").is_dir());
    assert_eq!(folder.prints(&[&["user", "list"], &trial[..2]].concat()).lines().count(), 2);
    let left = folder.names();
    let is_left = |name: &&String| name.contains("partial") || name.contains("restoring");
    assert_eq!(left.iter().find(is_left), None);
}

#[test]
fn a_ledger_is_named_after_a_restore() {
    let folder = Folder::healthy();
    folder.prints(&["backup", BACKUP]);
    let told = folder.prints(&["restore", BACKUP, "--replace", "--ledger", "ledger.ndjson"]);
    assert!(told.contains("memoranda ledger replay --dry-run"), "{told}");
}

#[test]
fn postgres_has_its_own_tools() {
    let folder = Folder::new();
    let url = ["--database-url", "postgres://nobody:secret@127.0.0.1:1/none"];
    for (command, tool) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let refused = folder.refuses(&[&[command, BACKUP], &url[..]].concat());
        assert!(refused.contains(tool) && refused.contains("docs/backup.md"), "{refused}");
        assert!(!refused.contains("secret"), "{refused}");
    }
}

#[test]
fn there_must_be_something_to_back_up_or_restore() {
    let folder = Folder::new();
    let refused = folder.refuses(&["backup", BACKUP]);
    assert!(refused.contains("there is no such file"), "{refused}");
    let refused = folder.refuses(&["restore", BACKUP]);
    assert!(refused.contains("office.backup"), "{refused}");
    fs::write(folder.0.join(BACKUP), "a text").unwrap();
    let refused = folder.refuses(&["restore", BACKUP]);
    assert!(refused.contains("is no backup of memoranda"), "{refused}");
    assert_eq!(folder.names(), ["memoranda.db-server", BACKUP]);
}

#[test]
fn a_running_server_keeps_a_restore_away() {
    let folder = Folder::healthy();
    folder.prints(&["backup", BACKUP]);
    let lock = fs::File::create(folder.0.join("memoranda.db-server")).unwrap();
    // As a server does.
    lock.try_lock().unwrap();
    let before = folder.names();
    let refused = folder.refuses(&["restore", BACKUP, "--replace"]);
    assert!(refused.contains("another server runs on this file"), "{refused}");
    assert_eq!(folder.names(), before);
    folder.prints(&["backup", BACKUP, "--overwrite"]);
}

#[test]
fn a_backup_that_is_killed_leaves_nothing_that_looks_whole() {
    let folder = Folder::with_files(12, 400_000);
    let mut killed = 0;
    for lines in 1.. {
        let was_running = folder.killed_after(lines, &["backup", BACKUP]);
        let backup = folder.0.join(BACKUP);
        if backup.exists() {
            let trial = ["--database-url", "sqlite:trial.db", "--file-store", "trial-files"];
            folder.prints(&[&["restore", BACKUP], &trial[..]].concat());
            break;
        }
        assert!(was_running, "it ended without a backup");
        killed += 1;
    }
    assert!(killed >= 5, "it was killed {killed} times");
    let left = folder.names();
    let partial = left.iter().filter(|name| name.ends_with(".partial")).count();
    assert!(partial <= 1, "the next one removes what is left: {left:?}");
    folder.prints(&["backup", BACKUP, "--overwrite"]);
    assert!(!folder.names().iter().any(|name| name.ends_with(".partial")));
}

#[test]
fn a_restore_that_is_killed_leaves_no_database_and_can_be_repeated() {
    let folder = Folder::with_files(12, 400_000);
    folder.prints(&["backup", BACKUP]);
    let trial = ["--database-url", "sqlite:trial.db", "--file-store", "trial-files"];
    let restore = [&["restore", BACKUP], &trial[..]].concat();
    let mut killed = 0;
    for lines in 1.. {
        let was_running = folder.killed_after(lines, &restore);
        let (database, files) = (folder.0.join("trial.db"), folder.0.join("trial-files"));
        if database.exists() {
            break;
        }
        assert!(was_running, "it ended without a database");
        assert!(!files.exists() || files.join(blobs::MARKER).exists(), "no half folder");
        if files.exists() {
            // It was killed between the two last moves.
            fs::remove_dir_all(&files).unwrap();
        }
        killed += 1;
    }
    assert!(killed >= 5, "it was killed {killed} times");
    for folder_or_file in ["trial.db.restoring", "trial-files.restoring"] {
        assert!(!folder.0.join(folder_or_file).exists(), "{folder_or_file}");
    }
    let doctor = folder.prints(&[&["doctor"], &trial[..]].concat());
    assert!(doctor.lines().all(|line| line.starts_with("ok")), "{doctor}");
}

/// Runs the program with a full disk at `disk`, and returns its exit code, its message, and what is
/// left on the disk. `None` if the operating system only lets administrators create a file system.
fn on_a_small_disk(folder: &Folder, arguments: &[&str]) -> Option<(bool, String, String)> {
    const NAMESPACE: [&str; 3] = ["--user", "--map-root-user", "--mount"];
    let allowed = Command::new("unshare").args(NAMESPACE).arg("true").status();
    if !allowed.is_ok_and(|status| status.success()) {
        return None;
    }
    fs::create_dir_all(folder.0.join("disk")).unwrap();
    let script = r#"mount -t tmpfs -o size=3m tmpfs disk && "$@"; code=$?; ls -A disk; exit $code"#;
    let program = folder.command(arguments);
    let mut command = Command::new("unshare");
    command.args(NAMESPACE).args(["sh", "-c", script, "sh"]).arg(program.get_program());
    command.args(program.get_args()).current_dir(&folder.0).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Some((output.status.success(), text(output.stderr), text(output.stdout)))
}

#[test]
fn a_full_disk_is_said_clearly_and_leaves_nothing() {
    let folder = Folder::with_files(12, 400_000);
    let on_disk = Path::new("disk").join(BACKUP);
    let Some((ok, message, left)) =
        on_a_small_disk(&folder, &["backup", on_disk.to_str().unwrap()])
    else {
        return;
    };
    assert!(!ok && left.is_empty(), "{message}\n{left}");
    assert!(message.contains("No space left on device"), "{message}");
    assert!(message.contains("make room"), "{message}");

    folder.prints(&["backup", BACKUP]);
    let trial = ["--database-url", "sqlite:disk/trial.db", "--file-store", "disk/trial-files"];
    let restore = [&["restore", BACKUP], &trial[..]].concat();
    let (ok, message, left) = on_a_small_disk(&folder, &restore).unwrap();
    assert!(!ok, "{message}");
    assert_eq!(left, "trial.db-server\n", "{message}");
    assert!(message.contains("No space left on device"), "{message}");
}
