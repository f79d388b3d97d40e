//! The measurement: an office, a server, all selected operations, and one table.

use crate::{
    Result, files,
    floor::{self, Direct},
    gauge::{self, Gauge},
    http::{Client, Connection, Request},
    load::{self, Measured},
    office::{self, Size},
    operations::{Operation, Tokens},
    options::{Options, Part},
    plan::Plan,
    scratch::Scratch,
    server::{self, Process},
    streams,
    table::{self, Line, two},
};
use api::backend::Backend;
use sea_orm::DbBackend;
use service::database::Database;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Deletions that are confirmed beforehand, for each second of the measurement.
const DELETIONS_A_SECOND: u64 = 5_000;

/// Requests before the memory is read.
const REQUESTS: usize = 10_000;

/// How often a server is started. The fastest counts.
const STARTS: usize = 3;

/// How much people more than listeners there are: author and recipient of what listeners receive.
const MORE_PEOPLE: i64 = 30;

/// An office with its plan, on a database that is removed at the end.
pub(crate) struct Site<'s> {
    pub(crate) scratch: &'s Scratch,
    pub(crate) plan: Arc<Plan>,
    pub(crate) tokens: Tokens,
    /// Connections of this program, for the work without a server.
    pub(crate) database: Database,
    postmaster: Option<u32>,
}

impl<'s> Site<'s> {
    /// Creates and fills the office.
    ///
    /// # Errors
    /// The error of the database.
    pub(crate) async fn fill(scratch: &'s Scratch, size: Size) -> Result<Self> {
        let database = scratch.connect().await?;
        database.migrate().await?;
        let begun = Instant::now();
        eprintln!("filling {} with {} memos …", scratch.kind(), size.memos);
        office::grow(&database, Size::NONE, size).await?;
        eprintln!("filled in {:.0} s", begun.elapsed().as_secs_f64());
        let postmaster = gauge::postmaster(database.connection()).await;
        Ok(Self {
            scratch,
            plan: Arc::new(Plan::new(size)),
            tokens: Tokens::sign(size.people)?,
            database,
            postmaster,
        })
    }

    /// Takes the size to which the office has grown.
    pub(crate) fn resize(&mut self, size: Size) {
        self.plan = Arc::new(Plan::new(size));
    }

    /// The processes of that server and of the database.
    pub(crate) fn gauge(&self, server: &Process) -> Gauge {
        Gauge { server: server.id(), postmaster: self.postmaster }
    }

    /// The same of this program and of the database.
    pub(crate) fn own_gauge(&self) -> Gauge {
        Gauge { server: std::process::id(), postmaster: self.postmaster }
    }

    /// Confirms deletions for a measurement of that time, of memos from a number on.
    ///
    /// # Errors
    /// The error of the database.
    pub(crate) async fn confirm(&mut self, time: Duration, first: usize) -> Result<()> {
        eprintln!("confirming deletions …");
        let most = usize::try_from(DELETIONS_A_SECOND * time.as_secs() * 5 / 4)?;
        let mut plan = Plan::new(self.plan.size);
        plan.confirm(&self.backend()?, first..first + most).await?;
        self.plan = Arc::new(plan);
        Ok(())
    }

    /// The services of this program, on the same database.
    ///
    /// # Errors
    /// The file store cannot be used.
    pub(crate) fn backend(&self) -> Result<Backend> {
        server::backend(self.database.clone(), &self.scratch.file_store())
    }

    /// Measures one operation at the server.
    ///
    /// # Errors
    /// The first unexpected answer.
    pub(crate) async fn at_server(
        &self,
        operation: Operation,
        server: &Process,
        (connections, time): (usize, Duration),
    ) -> Result<Measured> {
        let requests = operation.requests(&self.plan, &self.tokens);
        let clients =
            Client::several(connections, &server.address, &requests, operation.expected()).await?;
        let measured = load::run(clients, &self.gauge(server), time).await;
        measured.map_err(|error| format!("{}: {error}", operation.name()).into())
    }

    /// Measures the same work in PostgreSQL alone; `None` for SQLite.
    async fn alone(&self, operation: Operation, options: &Options) -> Result<Option<Measured>> {
        if self.database.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        // As many connections as PostgreSQL does most with.
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let most = if operation.writes() { 4 * cores } else { 2 * cores };
        let connections = u32::try_from(options.connections.min(most))?;
        let statements = floor::of(operation, &self.plan);
        let direct = Direct::several(connections, &self.database, &statements);
        let measured = load::run(direct, &self.own_gauge(), options.time()).await;
        let explained = |error| format!("{} in PostgreSQL alone: {error}", operation.name()).into();
        measured.map(Some).map_err(explained)
    }

    /// Measures the selected operations.
    ///
    /// # Errors
    /// The first unexpected answer.
    pub(crate) async fn operations(
        &mut self,
        options: &Options,
        server: &Process,
    ) -> Result<Vec<(Operation, Line)>> {
        let mut lines = Vec::new();
        for operation in Operation::ALL {
            if !options.wants(operation.part()) {
                continue;
            }
            if operation == Operation::Deletion {
                self.confirm(options.time(), 0).await?;
            }
            eprintln!("{} …", operation.name());
            let load = (options.connections, options.time());
            let measured = self.at_server(operation, server, load).await?;
            let resident = gauge::resident(server.id());
            let alone = self.alone(operation, options).await?;
            let name = operation.name().to_owned();
            lines.push((operation, Line { name, server: measured, alone, resident }));
        }
        Ok(lines)
    }
}

/// The office that these options ask for.
pub(crate) fn size(options: &Options) -> Size {
    Size { people: options.listeners + MORE_PEOPLE, memos: options.memos }
}

/// Measures everything that is selected, and prints it.
///
/// # Errors
/// The first error.
pub(crate) async fn run(options: &Options, scratch: &Scratch) -> Result<()> {
    let mut site = Site::fill(scratch, size(options)).await?;
    let mut server = Process::start(scratch).await?;
    let gauge = site.gauge(&server);
    let mut lines: Vec<Line> =
        site.operations(options, &server).await?.into_iter().map(|(_, line)| line).collect();
    let mut notes = Vec::new();
    if options.wants(Part::Files) {
        for mebibytes in &options.file_sizes {
            eprintln!("files of {mebibytes} MiB …");
            let files = files::measure(options, *mebibytes, &server, &gauge, &site.tokens).await?;
            let resident = gauge::resident(server.id());
            for (name, (server, alone)) in [("upload", files.upload), ("download", files.download)]
            {
                let name = format!("{name} of {} MiB", files.mebibytes);
                lines.push(Line { name, server, alone: Some(alone), resident });
            }
        }
    }
    let heading = table::heading(options, scratch.kind(), &gauge);
    server.stop()?;
    if options.wants(Part::Listeners) {
        eprintln!("{} people who listen …", options.listeners);
        server = Process::start(scratch).await?;
        let gauge = site.gauge(&server);
        let heard = streams::listen(options, site.plan.size, &server, &gauge, &site.tokens).await?;
        server.stop()?;
        notes.push(vec![
            "events a second, all listeners together".to_owned(),
            format!("{:.0}", heard.rate),
        ]);
        notes.push(vec![
            "CPU ms for each event of each listener, server".to_owned(),
            three(heard.cpu.map(|cpu| cpu.server)),
        ]);
        notes.push(vec![
            "CPU ms for each event of each listener, database".to_owned(),
            three(heard.cpu.and_then(|cpu| cpu.database)),
        ]);
        notes.push(vec!["bytes for each listener".to_owned(), number(heard.bytes)]);
    }
    if options.wants(Part::Sockets) {
        eprintln!("{} idle WebSockets …", options.listeners);
        server = Process::start(scratch).await?;
        let bytes = streams::idle(options, &server, &site.tokens).await?;
        server.stop()?;
        notes.push(vec!["bytes for each idle WebSocket".to_owned(), number(bytes)]);
    }
    if options.wants(Part::Start) {
        let fastest = start(scratch).await?;
        notes.push(vec![
            "ms from the start to the first answer".to_owned(),
            two(Some(fastest.as_secs_f64() * 1000.0)),
        ]);
    }
    if options.wants(Part::Memory) {
        eprintln!("{REQUESTS} requests …");
        let resident = memory(&site, options).await?;
        notes.push(vec!["RSS MB at the start".to_owned(), megabytes(resident.0)]);
        notes.push(vec![format!("RSS MB after {REQUESTS} requests"), megabytes(resident.1)]);
    }
    site.database.close().await?;
    println!("{heading}");
    if !lines.is_empty() {
        println!("{}", table::of(&lines));
    }
    if !notes.is_empty() {
        println!("\n{}", table::aligned(&notes));
    }
    Ok(())
}

/// The time from the start of a server to its first answer.
async fn start(scratch: &Scratch) -> Result<Duration> {
    let mut fastest = Duration::MAX;
    for _ in 0..STARTS {
        let begun = Instant::now();
        let server = Process::start(scratch).await?;
        let request = Request {
            authorization: server::token(office::person(0))
                .map(|token| format!("Bearer {token}"))?
                .into(),
            body: "{\"query\":\"{ viewer { id } }\"}".to_owned(),
        };
        let mut connection = Connection::open(&server.address).await?;
        let answer = connection.ask(&request).await?;
        let elapsed = begun.elapsed();
        if !crate::http::contains(answer.body, b"\"viewer\":{") {
            return Err(String::from_utf8_lossy(answer.body).into());
        }
        server.stop()?;
        fastest = fastest.min(elapsed);
    }
    Ok(fastest)
}

/// The memory of a new server, before and after requests.
async fn memory(site: &Site<'_>, options: &Options) -> Result<(Option<u64>, Option<u64>)> {
    let server = Process::start(site.scratch).await?;
    let before = gauge::resident(server.id());
    for operation in [Operation::Inbox, Operation::Preview] {
        let all = operation.requests(&site.plan, &site.tokens);
        let half: crate::http::Requests =
            Arc::new(move |number| (number < REQUESTS / 2).then(|| all(number)).flatten());
        let expected = operation.expected();
        let clients =
            Client::several(options.connections, &server.address, &half, expected).await?;
        load::all(clients).await?;
    }
    let after = gauge::resident(server.id());
    server.stop()?;
    Ok((before, after))
}

fn three(number: Option<f64>) -> String {
    number.map_or("–".to_owned(), |number| format!("{number:.3}"))
}

fn number(number: Option<u64>) -> String {
    number.map_or("–".to_owned(), |number| number.to_string())
}

fn megabytes(bytes: Option<u64>) -> String {
    number(bytes.map(|bytes| bytes >> 20))
}
