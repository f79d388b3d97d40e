//! `memoranda doctor` on broken installations: it names each problem with its remedy. No problem
//! hides another.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod program;

use chrono::TimeDelta;
use program::{Folder, SECRET};
use service::{
    Services,
    clock::{Clock, ManualClock, SystemClock, SystemRandomness},
    database::{DatabaseSettings, connect},
    observed_time::TimeObserver,
};
use std::{fs, net::TcpListener, sync::Arc};

impl Folder {
    /// Runs the doctor: whether all checks passed, and the line about that part.
    fn examine(&self, part: &str, settings: &[(&str, &str)]) -> (bool, String) {
        let output = self.run(&["doctor"], settings);
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text.lines().find(|line| line.split_whitespace().nth(1) == Some(part));
        let line = line.unwrap_or_else(|| panic!("nothing about {part}:\n{text}"));
        (output.status.success(), line.to_owned())
    }

    /// Asserts that the check of that part fails, with the problem and the remedy.
    fn fails(&self, part: &str, settings: &[(&str, &str)], problem: &str, remedy: &str) {
        let (ok, line) = self.examine(part, settings);
        assert!(!ok && line.starts_with("FAIL"), "{line}");
        assert!(line.contains(problem) && line.contains(remedy), "{line}");
    }
}

#[test]
fn a_good_installation_passes_every_check() {
    let folder = Folder::healthy();
    let output = folder.run(&["doctor"], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.lines().all(|line| line.starts_with("ok")), "{text}");
    assert!(!folder.0.join("memoranda-files").exists(), "what was tried is gone again");
    assert!(!text.contains(SECRET));
}

#[test]
fn a_settings_file_with_an_unknown_key() {
    let folder = Folder::healthy();
    fs::write(folder.0.join("memoranda.toml"), "lissten = \"127.0.0.1:80\"\n").unwrap();
    folder.fails("settings", &[], "there is no setting \"lissten\"", "listen");
}

#[test]
fn a_settings_file_that_is_not_there() {
    let folder = Folder::healthy();
    folder.fails(
        "settings",
        &[("MEMORANDA_CONFIG", "none.toml")],
        "cannot be read",
        "give the path of a TOML file",
    );
}

#[test]
fn a_value_that_is_none() {
    let folder = Folder::healthy();
    folder.fails(
        "settings",
        &[("MEMORANDA_MAX_DEPTH", "deep")],
        "max-depth is \"deep\"",
        "give a whole number",
    );
}

#[test]
fn no_secret() {
    let folder = Folder::healthy();
    folder.fails("keys", &[("MEMORANDA_JWT_SECRET", "")], "jwt-secret is not set", "openssl rand");
}

#[test]
fn a_short_secret() {
    let folder = Folder::healthy();
    folder.fails("keys", &[("MEMORANDA_JWT_SECRET", "short")], "it has 5 bytes", "openssl rand");
    let output = folder.run(&["doctor"], &[("MEMORANDA_JWT_SECRET", "sesame opens")]);
    assert!(!String::from_utf8(output.stdout).unwrap().contains("sesame"));
}

#[test]
fn no_database() {
    let folder = Folder::new();
    folder.fails("database", &[], "does not exist", "memoranda migrate");
    assert!(!folder.0.join("memoranda.db").exists(), "asking does not create it");
}

#[test]
fn a_database_that_does_not_answer() {
    let folder = Folder::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://memoranda:sesame@127.0.0.1:{port}/memoranda");
    let settings =
        [("MEMORANDA_DATABASE_URL", url.as_str()), ("MEMORANDA_ACQUIRE_TIMEOUT_SECONDS", "1")];
    folder.fails("database", &settings, "cannot be opened", "check that it is there");
    assert!(!folder.examine("database", &settings).1.contains("sesame"));
}

#[test]
fn a_database_that_lacks_migrations() {
    let folder = Folder::new();
    fs::write(folder.0.join("memoranda.db"), "").unwrap();
    folder.fails("database", &[], "lacks", "memoranda migrate");
}

#[test]
fn a_file_that_is_no_database() {
    let folder = Folder::new();
    fs::write(
        folder.0.join("memoranda.db"),
        "Dear diary, today I was opened as a database. ".repeat(50),
    )
    .unwrap();
    folder.fails("database", &[], "not a database", "check that it is there");
}

#[test]
fn a_file_store_that_is_a_file() {
    let folder = Folder::healthy();
    fs::write(folder.0.join("files"), "").unwrap();
    folder.fails(
        "files",
        &[("MEMORANDA_FILE_STORE", "./files")],
        "cannot be opened",
        "the path of a folder",
    );
}

/// An address where nobody listens.
fn nobody() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn a_mail_server_that_does_not_answer() {
    let folder = Folder::healthy();
    let url = format!("smtp://memos:sesame@{}", nobody());
    let settings =
        [("MEMORANDA_SMTP_URL", url.as_str()), ("MEMORANDA_MAIL_FROM", "memos@example.org")];
    folder.fails("mail", &settings, "cannot be used", "check its name, port, account");
    assert!(!folder.examine("mail", &settings).1.contains("sesame"));
}

#[test]
fn a_mail_server_without_a_sender() {
    let folder = Folder::healthy();
    let url = format!("smtp://{}", nobody());
    folder.fails("settings", &[("MEMORANDA_SMTP_URL", &url)], "mail-from is not set", "give");
}

#[test]
fn a_provider_that_does_not_answer() {
    let folder = Folder::healthy();
    let issuer = format!("http://{}/realms/crm", nobody());
    let settings = [("MEMORANDA_OIDC_ISSUER", issuer.as_str()), ("MEMORANDA_OIDC_AUDIENCE", "crm")];
    folder.fails("provider", &settings, "openid-configuration", "check oidc-issuer");
}

#[test]
fn a_port_of_another_machine() {
    let folder = Folder::healthy();
    folder.fails(
        "port",
        &[("MEMORANDA_LISTEN", "192.0.2.1:80")],
        "cannot be taken",
        "an address of this machine",
    );
}

#[test]
fn a_port_that_is_taken() {
    let folder = Folder::healthy();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (ok, line) = folder.examine("port", &[("MEMORANDA_LISTEN", &address)]);
    assert!(ok && line.starts_with("warning") && line.contains("--listen"), "{line}");
}

#[test]
fn an_office_without_an_administrator() {
    let folder = Folder::new();
    assert!(folder.run(&["migrate"], &[]).status.success());
    let (ok, line) = folder.examine("people", &[]);
    assert!(ok && line.starts_with("warning") && line.contains("memoranda user add"), "{line}");
}

#[test]
fn settings_that_a_server_would_refuse_are_refused_in_the_same_words() {
    let folder = Folder::new();
    let refused = |command: &str| {
        let output = folder.run(&[command], &[("MEMORANDA_LISTEN", "x")]);
        assert_eq!(output.status.code(), Some(2), "{command}");
        String::from_utf8(output.stderr).unwrap()
    };
    let text = refused("settings");
    assert!(text.contains("listen is \"x\"") && text.contains("127.0.0.1:8080"), "{text}");
    assert_eq!(text, refused("serve"));
    // That there is no secret yet is no fault of the others.
    assert!(folder.run(&["settings"], &[("MEMORANDA_JWT_SECRET", "")]).status.success());
    let output = folder.run(&["settings"], &[("MEMORANDA_FILESTORE", "/srv")]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("MEMORANDA_FILESTORE is not a setting: did you mean MEMORANDA_FILE_STORE?"),
        "{text}"
    );
}

#[test]
fn a_database_in_a_folder_that_is_not_there() {
    let folder = Folder::new();
    let nowhere = folder.0.join("nowhere");
    let url = format!("sqlite://{}/x.db", nowhere.display());
    for command in [&["serve", "--migrate"][..], &["migrate"], &["doctor"]] {
        let output = folder.run(command, &[("MEMORANDA_DATABASE_URL", &url)]);
        assert!(!output.status.success(), "{command:?}");
        assert!(!nowhere.exists(), "{command:?} has made a folder");
        let text = String::from_utf8(output.stderr).unwrap();
        if command != ["doctor"] {
            assert!(text.contains("there is no folder") && text.contains("make it"), "{text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_ahead_of_what_any_server_has_seen() {
    let folder = Folder::healthy();
    assert!(folder.run(&["purge"], &[]).status.success());
    // A server whose clock is two months ahead looks at it.
    let settings =
        DatabaseSettings::new(format!("sqlite://{}", folder.0.join("memoranda.db").display()));
    let ahead = ManualClock::new(SystemClock.now() + TimeDelta::days(60));
    let database = connect(&settings).await.unwrap();
    let services = Services::new(database, Arc::new(ahead), Arc::new(SystemRandomness));
    let seen = TimeObserver::new(TimeDelta::days(30)).observe(&services).await.unwrap();
    assert_eq!(seen.unseen.num_days(), 60);
    services.database.close().await.unwrap();
    let (ok, line) = folder.examine("clock", &[]);
    assert!(
        ok && line.starts_with("warning") && line.contains("memoranda confirm clock"),
        "{line}"
    );
    let confirmed = folder.run(&["confirm", "clock"], &[]);
    assert!(confirmed.status.success());
    let (_, line) = folder.examine("clock", &[]);
    assert!(line.starts_with("ok"), "{line}");
}

#[test]
fn settings_are_printed_with_their_origin_and_without_secrets() {
    let folder = Folder::new();
    fs::write(folder.0.join("memoranda.toml"), "max-depth = 9\n").unwrap();
    let url = "postgres://memoranda:sesame@localhost/memoranda";
    let output =
        folder.run(&["settings", "--restorable-days", "7"], &[("MEMORANDA_DATABASE_URL", url)]);
    let text = String::from_utf8(output.stdout).unwrap();
    for line in [
        "max-depth = \"9\"  # file memoranda.toml, line 1",
        "restorable-days = \"7\"  # flag --restorable-days",
        "jwt-secret = \"***\"  # environment variable MEMORANDA_JWT_SECRET",
        "event-days = \"7\"  # default",
    ] {
        assert!(text.lines().any(|printed| printed == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("sesame") && !text.contains(SECRET), "{text}");
}

#[test]
fn a_settings_file_is_made_from_the_template() {
    let folder = Folder::new();
    // Variables are no arguments: the command prints the table, whatever is set.
    let output = folder.run(&["settings", "template"], &[("MEMORANDA_MAX_DEPTH", "deep")]);
    assert!(output.status.success(), "{output:?}");
    let template = String::from_utf8(output.stdout).unwrap();
    let file = template.replace("#max-depth = 16\n", "max-depth = 9\n");
    assert_ne!(file, template);
    fs::write(folder.0.join("memoranda.toml"), file).unwrap();
    let output = folder.run(&["settings"], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let line = text.lines().find(|line| line.starts_with("max-depth = \"9\"  # file"));
    assert!(line.is_some(), "{text}");
    assert_eq!(text.matches("# file memoranda.toml").count(), 1, "{text}");
}

#[test]
fn a_collector_of_traces_that_is_not_there() {
    let folder = Folder::healthy();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (ok, line) = folder
        .examine("traces", &[("MEMORANDA_OTLP_ENDPOINT", &format!("http://me:secret@{gone}"))]);
    assert!(ok && line.starts_with("warning"), "everything else works without it: {line}");
    assert!(line.contains("does not answer") && line.contains("start the collector"), "{line}");
    assert!(!line.contains("secret"), "{line}");
}

#[test]
fn a_port_for_metrics_that_is_taken() {
    let folder = Folder::healthy();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (ok, line) = folder.examine("metrics", &[("MEMORANDA_METRICS_LISTEN", &address)]);
    assert!(ok && line.contains("is taken") && line.contains("--metrics-listen"), "{line}");
}
