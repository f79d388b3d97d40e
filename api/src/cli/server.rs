//! Shared by `serve` and `demo`: the settings of a server, and its port.

use super::{Failure, open, signals::Signals, supervisor};
use crate::{
    auth::{DemoPerson, SignInSettings, TokenKeys},
    backend::Backend,
    graphql::link_id,
    server::{Server, ServerConfig},
    settings::{
        LOCAL_PAGES, Limits, Schedule, Setting, Values,
        table::{
            database::READ_DATABASE_URL,
            files::{FILE_STORE, FILE_STORE_TIMEOUT},
            observability::{METRICS_LISTEN, OTLP_ENDPOINT, OTLP_SAMPLE_RATIO},
            server::LISTEN,
        },
    },
    telemetry::Telemetry,
};
use service::{
    Services,
    database::{Database, DatabaseSettings},
    ledger::Ledger,
    mail::{MailSettings, Mailer},
    memo_deletion::DeletionSettings,
};
use std::{
    io::{Error, ErrorKind},
    net::SocketAddr,
    time::Duration,
};
use tokio::net::TcpListener;

/// How often the server records the time that it has seen.
const OBSERVE_TIME_EVERY: Duration = Duration::from_secs(60);

/// How often memos that other programs wrote are indexed for search.
const INDEX_EVERY: Duration = Duration::from_secs(2);

/// The settings of a server. All of them are read before anything is opened.
pub(super) struct ServerSettings {
    pub(super) keys: TokenKeys,
    sign_in: SignInSettings,
    listen: SocketAddr,
    metrics_listen: Option<SocketAddr>,
    limits: Limits,
    schedule: Schedule,
    mail: Option<MailSettings>,
    ledger: Option<Ledger>,
    demo_people: Vec<DemoPerson>,
}

impl ServerSettings {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        // These are read again where they are used. A wrong one is refused before anything happens.
        values.read::<DatabaseSettings>()?;
        values.given(&READ_DATABASE_URL)?;
        values.get(&FILE_STORE)?;
        values.get(&FILE_STORE_TIMEOUT)?;
        values.given(&OTLP_ENDPOINT)?;
        values.get(&OTLP_SAMPLE_RATIO)?;
        Ok(Self {
            sign_in: values.read()?,
            listen: values.get(&LISTEN)?,
            metrics_listen: values.given(&METRICS_LISTEN)?,
            limits: values.read()?,
            schedule: values.read()?,
            mail: None,
            ledger: None,
            demo_people: Vec::new(),
            keys: values.keys()?,
        })
    }

    /// The same with mail, if the settings name a mail server. A demo sends none.
    pub(super) fn with_mail(self, values: &Values) -> Result<Self, Failure> {
        Ok(Self { mail: values.mail(link_id)?, ..self })
    }

    /// The same for a demonstration: with people as whom everybody at this machine may sign in, and
    /// for all pages of this machine unless the settings name others.
    pub(super) fn of_demo(mut self, people: Vec<DemoPerson>) -> Self {
        self.demo_people = people;
        if self.limits.allowed_origins.is_empty() {
            self.limits.allowed_origins = LOCAL_PAGES.map(str::to_owned).to_vec();
        }
        self
    }

    /// The same with a ledger, if the settings name one. A demo has none.
    pub(super) fn with_ledger(self, values: &Values) -> Result<Self, Failure> {
        Ok(Self { ledger: open::ledger(values, &self.keys)?, ..self })
    }

    /// The services of the server, its file store and its settings of deletion.
    pub(super) async fn backend(
        &self,
        values: &Values,
        database: Database,
    ) -> Result<Backend, Failure> {
        let confirmation_key = self.keys.confirmation_key();
        let deletion = DeletionSettings {
            restorable_for: self.schedule.restorable_for,
            erase_by_owner: self.schedule.erase_by_owner,
            confirmation_key,
        };
        let file_store = open::file_store(values, &database).await?;
        let services = Services { sends_mail: self.mail.is_some(), ..open::services(database) };
        open::verify_files(values, &services, &file_store).await?;
        open::verify_ledger(values, &services.database, self.ledger.as_ref()).await?;
        Ok(Backend { services, file_store, deletion })
    }

    /// Whether the server continues to answer for a while after it is asked to stop.
    pub(super) fn drains(&self) -> bool {
        !self.limits.drain.is_zero()
    }

    /// Whether the server has the page for people.
    pub(super) fn has_desk(&self) -> bool {
        self.limits.desk
    }

    /// Binds the port.
    pub(super) async fn bind(self, values: &Values, backend: Backend) -> Result<Server, Failure> {
        let Self {
            keys,
            sign_in,
            listen,
            metrics_listen,
            limits,
            schedule,
            mail,
            ledger,
            demo_people,
        } = self;
        let mailer = mail.map(Mailer::new);
        let config = ServerConfig {
            listen,
            backend,
            keys,
            sign_in,
            limits,
            schedule,
            observes_time_every: Some(OBSERVE_TIME_EVERY),
            indexes_every: Some(INDEX_EVERY),
            mailer,
            ledger,
            demo_people,
        };
        let metrics = match metrics_listen {
            Some(address) => Some(listen_for_metrics(values, address).await?),
            None => None,
        };
        let server = Server::bind(config, metrics).await;
        server.map_err(|error| cannot_listen(values, &LISTEN, &error))
    }
}

async fn listen_for_metrics(values: &Values, address: SocketAddr) -> Result<TcpListener, Failure> {
    let bound = TcpListener::bind(address)
        .await
        .and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (address, listener) =
        bound.map_err(|error| cannot_listen(values, &METRICS_LISTEN, &error))?;
    tracing::info!("metrics at http://{address}/metrics");
    Ok(listener)
}

/// Fails if the port cannot be bound. Called before anything is changed.
pub(super) fn try_port(values: &Values) -> Result<(), Failure> {
    let probe = std::net::TcpListener::bind(values.get(&LISTEN)?);
    probe.map(drop).map_err(|error| cannot_listen(values, &LISTEN, &error))
}

/// Serves until asked to stop, and exports the last traces.
pub(super) async fn run(
    server: Server,
    signals: Signals,
    telemetry: Option<Telemetry>,
) -> Result<(), Failure> {
    let Signals { stop, force } = signals;
    let stop = async move {
        stop.await;
        supervisor::stopping();
    };
    let force = async move { force.notified().await };
    let ended = server.run(stop, force).await;
    if let Some(telemetry) = telemetry {
        telemetry.finish().await;
    }
    ended.map_err(|error| Failure::failed(format_args!("the server failed: {error}")))
}

fn cannot_listen(values: &Values, setting: &Setting<SocketAddr>, error: &Error) -> Failure {
    let key = setting.row.key;
    let problem = match error.kind() {
        // An error of the system has a kind. Other errors are the server's own, and their text is
        // complete.
        ErrorKind::Other => return Failure::failed(error),
        ErrorKind::AddrInUse => format!(
            "the port is taken: stop the program that uses it, or choose another, such as --{key} \
             127.0.0.1:8081. --{key} 127.0.0.1:0 takes a free one"
        ),
        _ => format!(
            "the system refuses it ({error}): give an address of this machine and a port that this \
             user may use, such as --{key} 127.0.0.1:8080"
        ),
    };
    Failure::failed(values.refuse(setting, problem))
}
