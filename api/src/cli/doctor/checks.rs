//! The checks. Each runs on its own, so that one failure does not hide another.

use super::{finding::Finding, last_backup};
use crate::{
    auth,
    cli::{Failure, open, server::ServerSettings},
    graphql::link_id,
    settings::{
        Setting, Values,
        table::{
            database::{DATABASE_URL, READ_DATABASE_URL},
            files::FILE_STORE,
            ledger::LEDGER,
            mail::SMTP_URL,
            observability::{METRICS_LISTEN, OTLP_ENDPOINT},
            server::LISTEN,
            sign_in::OIDC_ISSUER,
        },
    },
    telemetry,
};
use chrono::TimeDelta;
use service::{
    blobs::{self, FileStore, StoreState},
    clock::{Clock, SystemClock},
    database::Database,
    health, ledger,
    mail::Mailer,
    observed_time,
};
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
};

/// Largest allowed difference between clocks. Tokens have no leeway: a larger difference breaks
/// tokens and reminders.
const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::seconds(5);

/// How long something may wait to be appended to the ledger. A server appends within a second.
const MAX_LEDGER_LAG: TimeDelta = TimeDelta::minutes(1);

/// Runs all of them.
pub(super) async fn all(values: &Values) -> Vec<Finding> {
    let (found, database) = database(values).await;
    let mut findings = vec![settings(values), keys(values, database.as_ref()).await, found];
    if let Some(database) = &database {
        findings.extend(inside(database).await);
        findings.extend(standby(values, database).await);
    }
    findings.push(files(values, database.as_ref()).await);
    findings.extend(ledger(values, database.as_ref()).await);
    findings.extend(last_backup::check(values, database.as_ref()).await);
    if let Some(database) = database {
        // An error does not matter: nothing was written.
        let _ = database.close().await;
    }
    findings.extend(provider(values).await);
    findings.extend(mail(values).await);
    findings.extend(collector(values).await);
    findings.push(port(values, "port", &LISTEN));
    if values.given(&METRICS_LISTEN).is_ok_and(|address| address.is_some()) {
        findings.push(port(values, "metrics", &METRICS_LISTEN));
    }
    findings
}

fn settings(values: &Values) -> Finding {
    let problem =
        ServerSettings::read(values).and_then(|settings| settings.with_mail(values)).err();
    let of_keys = values.keys().err().map(|error| error.to_string());
    match problem {
        // The secret is read last and has its own check.
        Some(failure) if of_keys.as_deref() != Some(failure.text()) => {
            Finding::fail("settings", failure.text())
        }
        _ => Finding::ok("settings", "all values can be used; `memoranda settings` prints them"),
    }
}

/// Checks that the secret is long enough and is the one that the database's servers use.
async fn keys(values: &Values, database: Option<&Database>) -> Finding {
    let keys = match values.keys() {
        Ok(keys) => keys,
        Err(error) => return Finding::fail("keys", error),
    };
    if let Some(database) = database
        && let Err(failure) = open::check_secret(values, database, &keys).await
    {
        return Finding::fail("keys", failure.text());
    }
    Finding::ok("keys", "the secret is long enough")
}

/// Opens the database and looks for pending migrations. Returns it only if it can be used.
async fn database(values: &Values) -> (Finding, Option<Database>) {
    let fail = |failure: Failure| (Finding::fail("database", failure.text()), None);
    let database = match open::connect_if_there(values).await {
        Ok(Some(database)) => database,
        Ok(None) => {
            let text = format!(
                "{} does not exist: create it with `memoranda migrate`",
                values.shown(&DATABASE_URL)
            );
            return (Finding::fail("database", text), None);
        }
        Err(failure) => return fail(failure),
    };
    match open::pending(Some(&database)).await {
        Ok(pending) if pending.is_empty() => {
            let text =
                format!("{} answers, and its schema is current", values.shown(&DATABASE_URL));
            (Finding::ok("database", text), Some(database))
        }
        Ok(pending) => {
            let pending = open::migrations(pending.len());
            let text = format!(
                "{} lacks {pending}: apply them with `memoranda migrate`",
                values.shown(&DATABASE_URL)
            );
            (Finding::fail("database", text), None)
        }
        Err(failure) => fail(failure),
    }
}

/// Compares the standby with the database.
async fn standby(values: &Values, database: &Database) -> Option<Finding> {
    let settings = match open::standby(values) {
        Ok(settings) => settings?,
        Err(failure) => return Some(Finding::fail("standby", failure.text())),
    };
    let tried = match open::with_standby(values, database.clone(), &settings).await {
        Ok(database) => database.try_standby().await.map_err(|error| error.to_string()),
        Err(failure) => Err(failure.text().to_owned()),
    };
    let address = values.shown(&READ_DATABASE_URL);
    Some(match tried {
        Ok(()) => Finding::ok("standby", format!("{address} has all that the database has")),
        // Servers work without it.
        Err(problem) => Finding::warning("standby", format!("{address} is not used: {problem}")),
    })
}

/// The checks that need a current database.
async fn inside(database: &Database) -> Vec<Finding> {
    let clock = match (health::times(database).await, observed_time::unseen(database).await) {
        (Ok(times), Ok(unseen)) => clock(&times, unseen),
        (Err(error), _) | (_, Err(error)) => Finding::fail(
            "clock",
            format!("the database does not report its time ({error}): try again"),
        ),
    };
    let people = match health::active_admins(database).await {
        Ok(0) => Finding::warning(
            "people",
            "there is no administrator yet: add one with `memoranda user add NAME --full-name … \
             --email … --role admin`",
        ),
        Ok(admins) => Finding::ok("people", format!("{admins} active with the role ADMIN")),
        Err(error) => {
            Finding::fail("people", format!("they cannot be counted ({error}): try again"))
        }
    };
    vec![clock, people]
}

fn clock(times: &health::Times, unseen: TimeDelta) -> Finding {
    let now = SystemClock.now();
    let remedy = "set the clocks by NTP (`timedatectl set-ntp true`)";
    if let Some(database) = times.clock
        && (database - now).abs() > MAX_CLOCK_SKEW
    {
        let seconds = (database - now).num_seconds();
        return Finding::fail(
            "clock",
            format!("the database's clock is {seconds} s ahead of this machine's: {remedy}"),
        );
    }
    match times.latest_write {
        Some(latest) if latest - now > MAX_CLOCK_SKEW => Finding::fail(
            "clock",
            format!(
                "this machine's clock says {}, but a memo was written at {}: {remedy}",
                now.format("%F %T UTC"),
                latest.format("%F %T UTC")
            ),
        ),
        _ if !unseen.is_zero() => Finding::warning(
            "clock",
            format!(
                "{}: that is {} ahead of the latest time that servers have seen. The purge waits \
                 that much longer. If the clock is wrong, {remedy}; if it is right, run `memoranda \
                 confirm clock`",
                now.format("%F %T UTC"),
                observed_time::days(unseen)
            ),
        ),
        _ => Finding::ok("clock", now.format("%F %T UTC")),
    }
}

/// Checks that the database knows the file store. Then writes, reads and removes a few bytes.
/// Creates a missing folder for this, if a server would create it, and removes it afterwards.
async fn files(values: &Values, database: Option<&Database>) -> Finding {
    let folder = values.get(&FILE_STORE).ok().filter(|place| !place.contains("://"));
    let is_new = folder.as_ref().is_some_and(|folder| !Path::new(folder).exists());
    let opened = match database {
        Some(database) => open::file_store(values, database).await,
        None => open::open_file_store(values),
    };
    let found = match opened {
        Ok(store) => match wrong_store(values, database, &store).await {
            Some(found) => found,
            None => try_store(values, &store).await,
        },
        Err(failure) => Finding::fail("files", failure.text()),
    };
    if let Some(folder) = folder.filter(|_| is_new) {
        // Both are empty. A folder that could not be made needs no removing.
        let _ = std::fs::remove_dir(Path::new(&folder).join("uploads"));
        let _ = std::fs::remove_dir(&folder);
    }
    found
}

/// The problem with a store that the database does not know.
async fn wrong_store(
    values: &Values,
    database: Option<&Database>,
    store: &FileStore,
) -> Option<Finding> {
    let problem = match blobs::inspect(database?, store).await {
        Ok(StoreState::Known | StoreState::Unused) => return None,
        Ok(StoreState::Lost) => {
            "this is not the place of this database's files: mount it, or correct file-store; if \
             the files were moved here, run `memoranda confirm file-store`"
                .to_owned()
        }
        Err(error) => {
            format!(
                "it cannot be read ({error}): allow the server's user to read it, or choose \
                 another place"
            )
        }
    };
    Some(Finding::fail("files", format!("file-store is {}: {problem}", values.shown(&FILE_STORE))))
}

async fn try_store(values: &Values, store: &FileStore) -> Finding {
    match store.try_out().await {
        Ok(()) => {
            Finding::ok("files", format!("{} can be written and read", values.shown(&FILE_STORE)))
        }
        Err(error) => Finding::fail(
            "files",
            format!(
                "file-store is {}, which cannot be written and read ({error}): allow this to the \
                 server's user, or choose another place",
                values.shown(&FILE_STORE)
            ),
        ),
    }
}

/// Reads the ledger, and compares it with the database.
async fn ledger(values: &Values, database: Option<&Database>) -> Option<Finding> {
    // The check of the keys reports a secret that cannot be used.
    let keys = values.keys().ok()?;
    let status = match database {
        Some(database) => ledger::status(database).await.ok().flatten(),
        None => None,
    };
    let opened = match open::ledger(values, &keys) {
        Ok(Some(opened)) => opened,
        Ok(None) => {
            status?;
            return Some(Finding::warning(
                "ledger",
                "this database has a ledger, but ledger is not set: deletions are not appended to \
                 it. Set ledger to its place",
            ));
        }
        Err(failure) => return Some(Finding::fail("ledger", failure.text())),
    };
    let place = values.shown(&LEDGER);
    Some(match opened.compare(database?).await {
        Ok(found) if found.missing() > 0 => Finding::warning(
            "ledger",
            format!(
                "the database is older than the ledger, and lacks {} things of it: list them with \
                 `memoranda ledger replay --dry-run`, and repeat them with `memoranda ledger \
                 replay --apply`",
                found.missing()
            ),
        ),
        Ok(found) => {
            let waiting = status.map_or(0, |status| status.waiting);
            let text =
                format!("{place} has {} lines, and {waiting} wait to be appended", found.lines);
            let since = status.and_then(|status| status.waiting_since);
            if since.is_some_and(|since| SystemClock.now() - since > MAX_LEDGER_LAG) {
                let remedy = "start a server with ledger, or read its log";
                Finding::warning("ledger", format!("{text}: {remedy}"))
            } else {
                Finding::ok("ledger", text)
            }
        }
        Err(service::Error::Ledger(problem)) => {
            Finding::fail("ledger", format!("ledger is {place}: {problem}"))
        }
        Err(error) => Finding::fail(
            "ledger",
            format!(
                "ledger is {place}, which cannot be read ({error}): allow the server's user to \
                 read and write it, or choose another place"
            ),
        ),
    })
}

/// Asks the OpenID Connect provider for its keys, if one is configured.
async fn provider(values: &Values) -> Option<Finding> {
    let issuer = values.given(&OIDC_ISSUER).ok()??;
    Some(match auth::try_out(&issuer).await {
        Ok(0) => Finding::fail(
            "provider",
            format!(
                "{issuer} publishes no key that signs tokens: add one there (RS256, ES256 or EdDSA)"
            ),
        ),
        Ok(keys) => Finding::ok("provider", format!("{issuer} answers, with {keys} keys")),
        Err(problem) => Finding::fail(
            "provider",
            format!("{problem}: check oidc-issuer, and that this machine reaches the provider"),
        ),
    })
}

/// Connects to the mail server, if one is configured.
async fn mail(values: &Values) -> Option<Finding> {
    // The check of the settings reports a setting that cannot be used.
    let settings = values.mail(link_id).ok()??;
    let shown = values.shown(&SMTP_URL);
    Some(match Mailer::new(settings).try_out().await {
        Ok(()) => Finding::ok("mail", format!("{shown} answers")),
        Err(problem) => Finding::fail(
            "mail",
            format!("{shown} cannot be used ({problem}): check its name, port, account and TLS"),
        ),
    })
}

/// Sends an empty list of traces to the collector, if one is configured.
async fn collector(values: &Values) -> Option<Finding> {
    let endpoint = values.given(&OTLP_ENDPOINT).ok()??;
    Some(match telemetry::try_out(&endpoint).await {
        Ok(()) => Finding::ok("traces", format!("{} takes them", values.shown(&OTLP_ENDPOINT))),
        Err(problem) => Finding::warning(
            "traces",
            format!(
                "{}: {problem}: start the collector with OTLP over HTTP, or check otlp-endpoint; \
                 everything else works without it",
                values.shown(&OTLP_ENDPOINT)
            ),
        ),
    })
}

fn port(values: &Values, part: &'static str, setting: &Setting<SocketAddr>) -> Finding {
    let key = setting.row.key;
    let address = match values.get(setting) {
        Ok(address) => address,
        Err(error) => return Finding::fail(part, error),
    };
    match TcpListener::bind(address) {
        Ok(_) => Finding::ok(part, format!("{} is free", values.shown(setting))),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Finding::warning(
            part,
            format!(
                "{} is taken. If this server is already running, that is fine. Otherwise, choose \
                 another with --{key}",
                values.shown(setting)
            ),
        ),
        Err(error) => Finding::fail(
            part,
            format!(
                "{} cannot be taken ({error}): give an address of this machine and a port that \
                 this user may use",
                values.shown(setting)
            ),
        ),
    }
}
