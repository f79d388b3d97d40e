//! `memoranda export` and `memoranda import archive`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod program;

use program::{Folder, SECRET};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Command, Output, Stdio},
    sync::mpsc,
    thread,
};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_owned()).unwrap()
}

/// A folder with the demonstration office, whose settings are `office`, and an archive of it.
fn exported() -> (Folder, [(&'static str, &'static str); 2]) {
    let folder = Folder::new();
    let office =
        [("MEMORANDA_DATABASE_URL", "sqlite://office.db"), ("MEMORANDA_FILE_STORE", "files")];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(furnish(&folder));
    let output = folder.run(&["export", "--to", "archive"], &office);
    assert!(output.status.success(), "{}", text(&output.stderr));
    (folder, office)
}

/// Furnishes the demonstration office, with the program's own services.
async fn furnish(folder: &Folder) {
    use service::{
        Services,
        blobs::{self, FileStore},
        clock::{SystemClock, SystemRandomness},
        database::{DatabaseSettings, connect},
        demo_office,
    };
    let url = format!("sqlite://{}", folder.0.join("office.db").display());
    let database = connect(&DatabaseSettings::new(url)).await.unwrap();
    database.migrate().await.unwrap();
    let clock = std::sync::Arc::new(SystemClock);
    let services = Services::new(database, clock, std::sync::Arc::new(SystemRandomness));
    let store = FileStore::open(folder.0.join("files").to_str().unwrap()).unwrap();
    blobs::verify(&services, &store).await.unwrap();
    assert!(demo_office::furnish(&services, &store).await.unwrap());
    services.database.close().await.unwrap();
}

/// Settings of a new database with a file store of its own.
const NEW: [(&str, &str); 2] =
    [("MEMORANDA_DATABASE_URL", "sqlite://new.db"), ("MEMORANDA_FILE_STORE", "new-files")];

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    text(&output.stderr)
}

#[test]
fn an_operator_moves_an_office_with_four_commands() {
    let (folder, office) = exported();
    let unmigrated = refused(&folder.run(&["import", "archive", "--from", "archive"], &NEW));
    assert!(unmigrated.contains("memoranda migrate"), "{unmigrated}");
    assert!(folder.run(&["migrate"], &NEW).status.success());
    let trial = folder.run(&["import", "archive", "--from", "archive", "--dry-run"], &NEW);
    assert!(text(&trial.stdout).starts_with("would be imported: "), "{}", text(&trial.stderr));
    assert!(
        text(&folder.run(&["user", "list"], &NEW).stdout).lines().count() < 2,
        "nobody is added"
    );
    let output = folder.run(&["import", "archive", "--from", "archive"], &NEW);
    assert!(text(&output.stdout).starts_with("imported: "), "{}", text(&output.stderr));
    let doctor = folder.run(&["doctor"], &NEW);
    assert!(doctor.status.success(), "{}", text(&doctor.stdout));
    let people = |settings: &[_]| text(&folder.run(&["user", "list"], settings).stdout);
    assert_eq!(people(&NEW), people(&office));

    let again = refused(&folder.run(&["import", "archive", "--from", "archive"], &NEW));
    assert!(again.contains("the database is not empty"), "{again}");
    let full = refused(&folder.run(&["export", "--to", "archive"], &NEW));
    assert!(full.contains("is not empty: name another folder"), "{full}");
    // The same as one stream.
    let [one, other] =
        [office, NEW].map(|settings| folder.run(&["export", "--to", "-"], &settings));
    assert!(one.status.success() && one.stdout.len() > 10_000);
    assert_eq!(one.stdout, other.stdout, "the tars are the same, byte for byte");
}

#[test]
fn a_database_whose_server_runs_is_refused() {
    let (folder, _) = exported();
    assert!(folder.run(&["migrate"], &NEW).status.success());
    let lock = fs::File::create(folder.0.join("new.db-server")).unwrap();
    lock.lock().unwrap();
    let running = refused(&folder.run(&["import", "archive", "--from", "archive"], &NEW));
    assert!(running.contains("another server runs on this file: stop it first"), "{running}");
}

#[test]
fn a_database_with_people_is_refused() {
    let (folder, used) = (exported().0, Folder::healthy());
    let archive = folder.0.join("archive").display().to_string();
    let refused = refused(&used.run(&["import", "archive", "--from", &archive], &[]));
    assert!(refused.contains("its table users has rows"), "{refused}");
}

#[test]
fn missing_bytes_are_named_and_the_rest_is_exported() {
    let (folder, office) = exported();
    let stored = folder.0.join("files/sha256");
    fs::rename(&stored, folder.0.join("elsewhere")).unwrap();
    let output = folder.run(&["export", "--to", "second"], &office);
    let problem = refused(&output);
    assert!(problem.contains("missing: ") && problem.contains("file_"), "{problem}");
    assert!(problem.contains("Everything else is in it"), "{problem}");
    assert!(folder.run(&["migrate"], &NEW).status.success());
    let output = folder.run(&["import", "archive", "--from", "second"], &NEW);
    assert!(output.status.success());
    assert!(text(&output.stderr).contains("these files cannot be downloaded"));
}

#[test]
fn sent_memos_go_to_a_new_file() {
    let (folder, office) = exported();
    let output = folder.run(&["export", "--csv", "memos.csv"], &office);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let file = fs::read(folder.0.join("memos.csv")).unwrap();
    assert_eq!(file, folder.run(&["export", "--csv", "-"], &office).stdout);
    let again = refused(&folder.run(&["export", "--csv", "memos.csv"], &office));
    assert!(again.contains("memos.csv exists: name another file"), "{again}");
    let nothing = folder.run(&["export"], &office);
    assert_eq!(nothing.status.code(), Some(2));
}

/// A bucket that has nothing, and never answers a request to store something. Returns its address,
/// and what tells of such a request.
fn silent_bucket() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (mut connection, tell) = (connection.unwrap(), tell.clone());
            thread::spawn(move || {
                let mut lines = BufReader::new(connection.try_clone().unwrap());
                loop {
                    let mut head = String::new();
                    while !head.ends_with("\r\n\r\n") {
                        if lines.read_line(&mut head).unwrap_or(0) == 0 {
                            return;
                        }
                    }
                    if head.starts_with("GET") || head.starts_with("HEAD") {
                        let nothing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
                        connection.write_all(nothing).unwrap();
                    } else {
                        tell.send(head).unwrap();
                        // It stays open until the client is gone.
                        let _ = lines.read_to_end(&mut Vec::new());
                        return;
                    }
                }
            });
        }
    });
    (address, told)
}

#[test]
fn an_import_that_is_killed_leaves_an_empty_database_and_a_second_one_works() {
    let (folder, _) = exported();
    assert!(folder.run(&["migrate"], &NEW).status.success());
    let before = fs::read(folder.0.join("archive/manifest.json")).unwrap();
    let (address, told) = silent_bucket();
    let mut killed = Command::new(env!("CARGO_BIN_EXE_memoranda"))
        .current_dir(&folder.0)
        .args(["import", "archive", "--from", "archive"])
        .env_clear()
        .envs(NEW)
        .env("MEMORANDA_JWT_SECRET", SECRET)
        .env("MEMORANDA_FILE_STORE", "s3://bucket/new")
        .envs([("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")])
        .envs([("AWS_REGION", "c"), ("AWS_ALLOW_HTTP", "true"), ("AWS_ENDPOINT", &address)])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // All rows are written, and their transaction waits for the bytes.
    let request = told.recv().unwrap();
    assert!(request.contains("sha256/"), "{request}");
    killed.kill().unwrap();
    killed.wait().unwrap();

    assert!(
        text(&folder.run(&["user", "list"], &NEW).stdout).lines().count() < 2,
        "nobody is added"
    );
    let output = folder.run(&["import", "archive", "--from", "archive"], &NEW);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(folder.run(&["export", "--to", "second"], &NEW).status.success());
    assert_eq!(fs::read(folder.0.join("second/manifest.json")).unwrap(), before);
}
