//! A part of the campaign: the servers, the systems that they use, the people, and what people
//! remember.

use crate::{
    Result,
    chance::Chance,
    cluster::{Cluster, DATABASE},
    disk::Disk,
    ledger::Ledger,
    listener::Heard,
    options::Options,
    people::{Answer, CHIEF, Client, MEMBERS, Person, STRANGER},
    relay::Relay,
    server::{Program, Server},
    store::Store,
};
use api::graphql::Kind;
use futures_util::future::try_join_all;
use memoranda_tests::{MailServer, Programs, SECRET};
use serde_json::{Value, json};
use service::database::{Database, DatabaseSettings, connect};
use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// The database of the servers.
#[derive(Debug)]
pub(crate) enum Base {
    Postgres(Box<Cluster>),
    /// The file, and its disk if there is one.
    Sqlite(PathBuf, Option<Disk>),
}

/// A part. Dropping it ends all that it started, the servers first.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) name: &'static str,
    pub(crate) servers: Vec<Server>,
    pub(crate) base: Base,
    pub(crate) store: Store,
    pub(crate) mail: MailServer,
    pub(crate) mail_relay: Relay,
    pub(crate) people: Vec<Person>,
    pub(crate) client: Client,
    pub(crate) ledger: Ledger,
    /// The events that each person has received.
    pub(crate) heard: Vec<Mutex<Vec<Heard>>>,
    /// Whether people work.
    pub(crate) load: watch::Sender<bool>,
    busy: AtomicUsize,
}

impl Site {
    /// Two servers on PostgreSQL.
    ///
    /// # Errors
    /// The part cannot start.
    pub(crate) async fn on_postgres(options: &Options, folder: &Path) -> Result<Self> {
        let programs = Programs::find(options.postgres_bin.as_deref())?;
        let relay = Relay::open(None, Chance::new(options.seed, 11)).await?;
        let cluster = Cluster::open(&programs, folder.join("postgres"), relay).await?;
        let url = format!("postgres://postgres@{}/{DATABASE}", cluster.relay.address);
        let store = match &options.moto {
            Some(moto) => Store::bucket(moto, Chance::new(options.seed, 12)).await?,
            None => Store::folder(folder),
        };
        Self::open(
            "PostgreSQL",
            options,
            folder,
            (Base::Postgres(Box::new(cluster)), url, store),
            2,
        )
        .await
    }

    /// One server on SQLite, on its own disk if that is possible.
    ///
    /// # Errors
    /// The part cannot start.
    pub(crate) async fn on_sqlite(options: &Options, folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let place = options.disk.as_deref().unwrap_or(folder).join("memoranda.db");
        let url = format!("sqlite://{}", place.display());
        let base = Base::Sqlite(place, options.disk.as_deref().map(Disk::at));
        Self::open("SQLite", options, folder, (base, url, Store::folder(folder)), 1).await
    }

    async fn open(
        name: &'static str,
        options: &Options,
        folder: &Path,
        (base, url, store): (Base, String, Store),
        servers: usize,
    ) -> Result<Self> {
        let mail = MailServer::start();
        let mail_address = mail.url().trim_start_matches("smtp://").parse()?;
        let mail_relay = Relay::open(Some(mail_address), Chance::new(options.seed, 13)).await?;
        let mut settings = vec![
            ("HOME", folder.display().to_string()),
            ("MEMORANDA_DATABASE_URL", url),
            ("MEMORANDA_JWT_SECRET", SECRET.to_owned()),
            ("MEMORANDA_SMTP_URL", format!("smtp://{}", mail_relay.address)),
            ("MEMORANDA_MAIL_FROM", "memos@example.org".to_owned()),
            ("MEMORANDA_OPERATIONS_PER_MINUTE", "0".to_owned()),
            ("MEMORANDA_MUTATIONS_PER_MINUTE", "0".to_owned()),
            ("MEMORANDA_ADDRESS_OPERATIONS_PER_MINUTE", "0".to_owned()),
            // Shorter times than an operator would choose, so that a round does not take minutes.
            ("MEMORANDA_ACQUIRE_TIMEOUT_SECONDS", "3".to_owned()),
            ("MEMORANDA_STATEMENT_TIMEOUT_SECONDS", "4".to_owned()),
            ("MEMORANDA_LOCK_TIMEOUT_SECONDS", "3".to_owned()),
            ("MEMORANDA_REQUEST_TIMEOUT_SECONDS", "8".to_owned()),
        ];
        settings.extend(store.settings());
        let path = std::fs::canonicalize(&options.memoranda)?;
        let program = Program { path, settings, folder: folder.to_owned() };
        program.run(&["migrate"]).await?;
        let names = MEMBERS.iter().copied().chain([CHIEF, STRANGER]);
        let tokens = try_join_all(names.map(|name| hire(&program, name))).await?;
        let servers = (1..=servers)
            .map(|number| Server::new(&program, number))
            .collect::<Result<Vec<_>>>()?;
        try_join_all(servers.iter().map(Server::start)).await?;
        let client = Client::new()?;
        let server = servers.first().ok_or("no server")?.address;
        let people = try_join_all(tokens.into_iter().map(|(username, token)| {
            let client = client.clone();
            async move {
                let answer =
                    client.ask(server, &token, "{ viewer { id } }", json!({}), "viewer").await;
                let Answer::Done(viewer) = answer else {
                    return Err(format!("{username}: {answer:?}").into());
                };
                let id = viewer["id"].as_str().unwrap_or_default().to_owned();
                let uuid = uuid_of(Kind::User, &id)?;
                Ok::<_, crate::Problem>(Person { username, token, id, uuid })
            }
        }))
        .await?;
        Ok(Self {
            name,
            servers,
            base,
            store,
            mail,
            mail_relay,
            heard: people.iter().map(|_| Mutex::default()).collect(),
            people,
            client,
            ledger: Ledger::default(),
            load: watch::Sender::new(false),
            busy: AtomicUsize::new(0),
        })
    }

    /// Asks a server as a person. Counts errors, and records violations.
    pub(crate) async fn ask(
        &self,
        (person, server): (usize, usize),
        document: &str,
        variables: Value,
        field: &str,
    ) -> Answer {
        let (Some(person), Some(server)) = (self.people.get(person), self.servers.get(server))
        else {
            return Answer::Strange("there is no such person or server".to_owned());
        };
        let answer =
            self.client.ask(server.address, &person.token, document, variables, field).await;
        self.count(answer)
    }

    /// Counts an error.
    pub(crate) fn count(&self, answer: Answer) -> Answer {
        match &answer {
            Answer::NotDone(kind) | Answer::Unknown(kind) => self.ledger.saw(kind),
            Answer::Strange(text) => self.ledger.violated(format!("a client was answered {text}")),
            Answer::Done(_) | Answer::Refused(_) => {}
        }
        answer
    }

    /// Opens the database directly, without servers and relays.
    ///
    /// # Errors
    /// The error of the database.
    pub(crate) async fn stored(&self) -> Result<Database> {
        let url = match &self.base {
            Base::Postgres(cluster) => cluster.url().await,
            Base::Sqlite(path, _) => format!("sqlite://{}", path.display()),
        };
        let mut settings = DatabaseSettings::new(url);
        settings.max_connections = 2;
        Ok(connect(&settings).await?)
    }

    /// Counts a person who works, until the returned guard is dropped.
    pub(crate) fn works(&self) -> Busy<'_> {
        self.busy.fetch_add(1, Ordering::SeqCst);
        Busy(&self.busy)
    }

    /// Stops the people, and waits until no request is open.
    pub(crate) async fn pause(&self) {
        self.load.send_replace(false);
        while self.busy.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A person who works.
pub(crate) struct Busy<'a>(&'a AtomicUsize);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn hire(program: &Program, name: &str) -> Result<(String, String)> {
    let (full, email) = (format!("The {name}"), format!("{name}@example.org"));
    let role = if name == CHIEF { "chief" } else { "member" };
    program
        .run(&["user", "add", name, "--full-name", &full, "--email", &email, "--role", role])
        .await?;
    Ok((name.to_owned(), program.run(&["token", name]).await?))
}

/// The UUID in a global id.
///
/// # Errors
/// The id is not of that kind.
pub(crate) fn uuid_of(kind: Kind, id: &str) -> Result<uuid::Uuid> {
    Ok(kind.parse("id", &id.into()).map_err(|error| format!("{id}: {error:?}"))?)
}
