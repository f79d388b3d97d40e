//! A running server with six people.

use crate::{
    actor::Actor,
    archive,
    database::{DatabaseOptions, TestDatabase},
    mail::Post,
    memo::MemoDraft,
    metrics::Metrics,
    purger::Purger,
    reach::OutOfReach,
    rows::{RowCounts, count_rows},
};
use api::{
    auth::{SignInSettings, TokenKeys},
    backend::Backend,
    graphql::Kind,
    http::Limits,
    server::{Server, ServerConfig},
    settings::Schedule,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::UserRole;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    Statement,
};
use service::{
    Services, Viewer,
    blobs::{self, FileStore},
    clock::{ManualClock, SystemRandomness},
    database::Database,
    ledger::Ledger,
    memo_deletion::DeletionSettings,
    people::{self, NewPerson},
};
use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::{Notify, oneshot},
};
use uuid::Uuid;

/// The secret that the tests' server signs with.
pub const SECRET: &str = "a secret for tests alone, long enough for HS256";

/// When every test's office opens.
pub const OPENING: &str = "2026-03-02T09:00:00Z";

type Observer = Box<dyn Fn(&Statement) + Send>;

/// Differences from the usual office.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Limits of a request.
    pub limits: Limits,
    /// Whether the office has a mail server. Only [`Office::deliver_mail`] delivers due mails.
    pub sends_mail: bool,
    /// How people sign in, besides tokens of the office's own keys.
    pub sign_in: SignInSettings,
    /// Whether the server publishes metrics. [`Office::observe`] then sees nothing.
    pub has_metrics: bool,
    /// How the server connects to its database.
    pub database: DatabaseOptions,
    /// Whether people who may restore a deleted memo may also erase it.
    pub erase_by_owner: bool,
    /// Where the bytes of files are, if not in the office's own folder.
    pub file_store: Option<FileStore>,
    /// Where deletions are also noted.
    pub ledger: Option<Ledger>,
}

/// A server with its own database, file store and port, and the people who use it.
pub struct Office {
    /// The server's services, to prepare and to inspect data.
    pub services: Services,
    /// The same, with its file store.
    pub backend: Backend,
    /// Erases what is due.
    pub purger: Purger,
    /// The clock that the server reads.
    pub clock: Arc<ManualClock>,
    /// How tokens are created.
    pub keys: TokenKeys,
    /// The address on which the server listens.
    pub address: String,
    /// The address of its metrics.
    metrics_address: Option<String>,
    people: HashMap<&'static str, Actor>,
    client: reqwest::Client,
    statements: Arc<AtomicU64>,
    observer: Arc<Mutex<Option<Observer>>>,
    out_of_reach: OutOfReach,
    stop: Option<oneshot::Sender<()>>,
    force: Option<oneshot::Sender<()>>,
    running: Option<tokio::task::JoinHandle<()>>,
    pub(crate) post: Option<Post>,
    database: Option<TestDatabase>,
}

impl Office {
    /// Opens an office.
    pub async fn open() -> Self {
        Self::open_with(Options::default()).await
    }

    /// Opens an office with options.
    pub async fn open_with(options: Options) -> Self {
        Self::open_in(TestDatabase::create_migrated().await, at(OPENING), options).await
    }

    /// Opens an office at that time, in a database that may already have its people and memos.
    pub async fn open_in(database: TestDatabase, now: DateTime<Utc>, options: Options) -> Self {
        let statements = Arc::new(AtomicU64::new(0));
        let observer: Arc<Mutex<Option<Observer>>> = Arc::default();
        let out_of_reach = OutOfReach::default();
        let pool = {
            let (statements, observer) = (statements.clone(), observer.clone());
            let out_of_reach = out_of_reach.clone();
            database.connect_with(options.database).await.observed(move |info| {
                out_of_reach.look_at(&info.statement.sql);
                if is_of_the_feed(&info.statement.sql) {
                    return;
                }
                statements.fetch_add(1, Ordering::SeqCst);
                let observer = observer
                    .lock()
                    .map(|observer| observer.as_ref().map(|observe| observe(info.statement)));
                drop(observer);
            })
        };
        pool.migrate().await.expect("migrated");
        let clock = Arc::new(ManualClock::new(now));
        let (mut backend, keys) = backend(pool, &database.folder, clock.clone());
        backend.services.sends_mail = options.sends_mail;
        backend.deletion.erase_by_owner = options.erase_by_owner;
        if let Some(file_store) = options.file_store {
            backend.file_store = file_store;
        }
        let (services, purger) = (backend.services.clone(), Purger::of(&backend));
        // The database may be older. The time of the test begins here.
        purger.confirm_clock().await.expect("the time is recorded");
        blobs::verify(&services, &backend.file_store).await.expect("the store is the office's own");
        let config = ServerConfig {
            listen: ([127, 0, 0, 1], 0).into(),
            backend: backend.clone(),
            keys: keys.clone(),
            sign_in: options.sign_in,
            limits: options.limits,
            schedule: Schedule { purge_every: None, reminders_every: None, ..Schedule::defaults() },
            observes_time_every: None,
            indexes_every: None,
            mailer: None,
            ledger: options.ledger,
            demo_people: Vec::new(),
        };
        let metrics = if options.has_metrics {
            Some(TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
        } else {
            None
        };
        let metrics_address = metrics.as_ref().map(|listener| {
            format!("http://{}/metrics", listener.local_addr().expect("an address"))
        });
        let server = Server::bind(config, metrics).await.expect("a free port");
        let address = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel();
        let (force, forced) = oneshot::channel();
        let running = tokio::spawn(async move {
            let stopped = async move {
                // If a test fails, it drops the sender, which also ends the server.
                let _ = stopped.await;
            };
            let forced = async move {
                let _ = forced.await;
            };
            server.run(stopped, forced).await.expect("the server runs");
        });
        if services.database.standby().is_some() {
            until_standby_is_used(&services.database, true).await;
        }
        let mut office = Self {
            services,
            backend,
            purger,
            clock,
            keys,
            address,
            metrics_address,
            people: HashMap::new(),
            client: client(),
            statements,
            observer,
            out_of_reach,
            stop: Some(stop),
            force: Some(force),
            running: Some(running),
            post: options.sends_mail.then(Post::open),
            database: Some(database),
        };
        for (username, role) in [
            ("author", UserRole::Member),
            ("recipient", UserRole::Member),
            ("subscriber", UserRole::Member),
            ("stranger", UserRole::Member),
            ("chief", UserRole::Chief),
            ("admin", UserRole::Admin),
        ] {
            let actor = match office.find_person(username).await {
                Some(id) => office.actor(id, username, role),
                None => office.hire(username, role).await,
            };
            office.people.insert(username, actor);
        }
        office
    }

    /// The office's database, and the folder of its files.
    pub fn database(&self) -> &TestDatabase {
        self.database.as_ref().expect("it is open until the office closes")
    }

    async fn find_person(&self, username: &str) -> Option<Uuid> {
        use entity::user::{Column, Entity};
        let query = Entity::find().filter(Column::Username.eq(username));
        let person =
            query.one(self.services.database.connection()).await.expect("the database answers");
        person.map(|person| person.id)
    }

    /// Adds a person.
    pub async fn hire(&self, username: &str, role: UserRole) -> Actor {
        let new = NewPerson {
            username: username.to_owned(),
            full_name: format!("The {username}"),
            email: format!("{username}@example.org"),
            role,
        };
        let person = people::add(&self.services, &new).await.expect("a good person");
        self.actor(person.id, username, role)
    }

    fn actor(&self, id: Uuid, name: &str, role: UserRole) -> Actor {
        let token =
            self.keys.issue(id, self.services.now(), TimeDelta::days(365)).expect("a token");
        Actor { role, ..self.actor_with_token(id, name, Some(token)) }
    }

    /// A person with that token.
    pub fn actor_with_token(&self, id: Uuid, name: &str, token: Option<String>) -> Actor {
        Actor {
            id,
            role: UserRole::Member,
            name: name.to_owned(),
            token,
            address: self.address.clone(),
            client: self.client.clone(),
        }
    }

    /// An anonymous client.
    pub fn anonymous(&self) -> Actor {
        self.actor_with_token(Uuid::nil(), "anonymous", None)
    }

    /// One of `author`, `recipient`, `subscriber`, `stranger`, `chief`, `admin`.
    pub fn person(&self, username: &str) -> &Actor {
        self.people.get(username).unwrap_or_else(|| panic!("nobody is called {username}"))
    }

    /// The memo's author.
    pub fn author(&self) -> &Actor {
        self.person("author")
    }

    /// The memo's recipient.
    pub fn recipient(&self) -> &Actor {
        self.person("recipient")
    }

    /// The memo's subscriber.
    pub fn subscriber(&self) -> &Actor {
        self.person("subscriber")
    }

    /// A person who has no part in the memo.
    pub fn stranger(&self) -> &Actor {
        self.person("stranger")
    }

    /// Company management.
    pub fn chief(&self) -> &Actor {
        self.person("chief")
    }

    /// The administrator.
    pub fn admin(&self) -> &Actor {
        self.person("admin")
    }

    /// The viewer of the services' functions for that person.
    pub fn viewer(&self, username: &str) -> Viewer {
        self.person(username).viewer()
    }

    /// A memo from the author to the recipient. The test can change it before it creates it.
    pub fn memo(&self) -> MemoDraft<'_> {
        MemoDraft::new(self)
    }

    /// Puts a row into the database.
    pub async fn insert<M, A>(&self, row: M) -> M
    where
        M: IntoActiveModel<A> + Clone,
        A: ActiveModelTrait + ActiveModelBehavior + Send,
    {
        A::Entity::insert(row.clone().into_active_model())
            .exec_without_returning(self.services.database.connection())
            .await
            .expect("a row that the database accepts");
        row
    }

    /// Runs SQL on the test's database.
    pub async fn sql(&self, sql: &str) {
        use sea_orm::ConnectionTrait;
        self.services
            .database
            .connection()
            .execute_unprepared(sql)
            .await
            .expect("SQL that the database accepts");
    }

    /// Row counts of every table.
    pub async fn row_counts(&self) -> RowCounts {
        count_rows(&self.services.database).await
    }

    /// How many statements the server has run so far.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::SeqCst)
    }

    /// Calls `observe` after every statement, in the task that ran it; `None` ends this.
    pub fn observe(&self, observe: Option<Observer>) {
        // An observer that panics, to simulate a crash, poisons the lock.
        *self.observer.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = observe;
        self.observer.clear_poison();
    }

    /// Notifies when a statement with that text has run, until [`Self::observe`] is called again.
    pub fn told_of(&self, name: &'static str) -> Arc<Notify> {
        let ran = Arc::new(Notify::new());
        let notify = ran.clone();
        self.observe(Some(Box::new(move |statement| {
            if statement.sql.contains(name) {
                notify.notify_one();
            }
        })));
        ran
    }

    /// The server's metrics.
    pub async fn metrics(&self) -> Metrics {
        let address = self.metrics_address.as_deref().expect("an office that has metrics");
        let response = self.client.get(address).send().await.expect("metrics");
        Metrics(response.text().await.expect("a text"))
    }

    /// Waits until that series has that number. The end of a connection is counted shortly after
    /// it.
    pub async fn counts(&self, series: &str, number: f64) {
        while self.metrics().await.get(series) != Some(number) {
            tokio::task::yield_now().await;
        }
    }

    /// Stops the server, like SIGTERM.
    pub fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).expect("the server runs until now");
        }
    }

    /// Ends the server's draining, like a second SIGTERM.
    pub fn force(&mut self) {
        // Dropping it has the same effect.
        self.force = None;
    }

    /// Closes the office, and removes its database and files. Before that, what is in them is
    /// exported and imported, and must be the same.
    pub async fn close(mut self) {
        self.end().await;
        let database = self.database.take().expect("it is open until now");
        archive::assert_round_trip(&self.unobserved(&database).await).await;
        database.drop().await;
    }

    /// Closes the office, and removes its database and files. For tests that have done with them
    /// what makes a comparison impossible, or have filled them with what would take minutes.
    pub async fn close_unusable(mut self) {
        self.end().await;
        self.database.take().expect("it is open until now").drop().await;
    }

    /// What commands of an operator use: the same, with connections of their own, which read what
    /// no server would.
    pub async fn commands(&self) -> Backend {
        self.unobserved(self.database()).await
    }

    async fn unobserved(&self, database: &TestDatabase) -> Backend {
        let services =
            Services::new(database.connect().await, self.clock.clone(), Arc::new(SystemRandomness));
        Backend { services, ..self.backend.clone() }
    }

    /// Closes the office, but keeps its database. Nothing is connected to it any more.
    pub async fn leave(mut self) -> TestDatabase {
        self.end().await;
        let database = self.database.take().expect("it is open until now");
        self.services.database.clone().close().await.expect("closed");
        database
    }

    async fn end(&mut self) {
        self.stop();
        self.force();
        if let Some(running) = self.running.take() {
            running.await.expect("the server ends");
        }
        self.out_of_reach.assert_none();
    }
}

/// Waits until the standby is used, or until it is not.
pub async fn until_standby_is_used(database: &Database, is_used: bool) {
    while database.standby().is_none_or(|standby| standby.is_used != is_used) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Whether servers run this statement independently of requests.
fn is_of_the_feed(sql: &str) -> bool {
    sql.contains("memo_event_counter")
        || sql.contains("notification_counter")
        || sql.contains("notifications WHERE position")
        || sql.contains("\"notifications\".\"position\" >")
        || sql.starts_with("SELECT changes FROM sign_in_counter")
        || sql.contains("installation")
        || sql.contains("memo_events WHERE position")
        || sql.starts_with("SELECT \"memo_events\"")
        || sql.contains("pg_current_wal_flush_lsn")
}

/// The backend of a server with that database, the files in that folder, and these ways to sign in.
pub fn backend(database: Database, folder: &Path, clock: Arc<ManualClock>) -> (Backend, TokenKeys) {
    let keys = TokenKeys::new(SECRET, "memoranda", "memoranda").expect("a good secret");
    let services = Services::new(database, clock, Arc::new(SystemRandomness));
    let folder = folder.join("files");
    let file_store = FileStore::open(folder.to_str().expect("a path")).expect("a store");
    let deletion = DeletionSettings {
        restorable_for: TimeDelta::days(30),
        erase_by_owner: false,
        confirmation_key: keys.confirmation_key(),
    };
    (Backend { services, file_store, deletion }, keys)
}

/// The time that an RFC 3339 text names.
pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// The UUID in a global id of that kind.
pub fn uuid_of(kind: Kind, id: &str) -> Uuid {
    kind.parse("id", &id.into()).unwrap_or_else(|error| panic!("{id}: {error:?}"))
}

/// A client that speaks to the office's server, without TLS. Reading the certificates of this
/// machine takes as long as a short test.
fn client() -> reqwest::Client {
    reqwest::Client::builder().tls_certs_only([]).build().expect("a client")
}
