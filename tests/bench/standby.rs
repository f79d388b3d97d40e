//! What a standby for reads takes from the primary, and what it adds to the time of a request. The
//! figures of `docs/scale.md`.

use crate::{
    Result,
    gauge::{self, Gauge, Reading},
    http::Client,
    load::{self, Measured},
    measure::{self, Site},
    operations::Operation,
    options::Standby,
    scratch::Scratch,
    server::Process,
    table::{aligned, two},
};
use service::database::{DatabaseSettings, with_standby};
use std::time::Duration;

/// What is read.
const READS: [Operation; 4] =
    [Operation::Inbox, Operation::Memo, Operation::Search, Operation::Preview];

/// Connections that create memos meanwhile.
const WRITERS: usize = 2;

/// A server tries the standby every second.
const UNTIL_USED: Duration = Duration::from_secs(3);

/// One load.
struct Taken {
    measured: Measured,
    /// Milliseconds of the standby per operation.
    standby: Option<f64>,
}

/// Measures, and prints.
///
/// # Errors
/// The first error.
pub(crate) async fn run(options: &Standby, scratch: &Scratch) -> Result<()> {
    let site = Site::fill(scratch, measure::size(&options.options)).await?;
    let url = scratch
        .url_at(&options.read_database_url)
        .ok_or("--read-database-url: give postgres://user@host/database")?;
    eprintln!("waiting for the standby …");
    let both = with_standby(site.database.clone(), &DatabaseSettings::new(&url)).await?;
    while let Err(error) = both.try_standby().await {
        eprintln!("{error}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let plain = sea_orm::Database::connect(&url).await?;
    let postmaster = gauge::postmaster(&plain).await;
    let mut rows = vec![
        [
            "operation",
            "server",
            "primary",
            "p50 ms",
            "server, with standby",
            "primary",
            "standby",
            "p50 ms",
            "primary, ratio",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    let [mut alone, mut helped] = [Vec::new(), Vec::new()];
    for (taken, standby) in [(&mut alone, None), (&mut helped, Some(&url))] {
        let server = Process::start_with(scratch, standby.map(String::as_str)).await?;
        tokio::time::sleep(UNTIL_USED).await;
        for operation in READS {
            eprintln!("{} …", operation.name());
            taken.push(load(options, &site, operation, &server, postmaster).await?);
        }
        eprintln!("{} while memos are sent …", Operation::Inbox.name());
        let creating = Operation::Create.requests(&site.plan, &site.tokens);
        let expected = Operation::Create.expected();
        let writers = Client::several(WRITERS, &server.address, &creating, expected).await?;
        let time = options.options.time() * 4;
        let gauge = site.gauge(&server);
        let writing = tokio::spawn(async move { load::run(writers, &gauge, time).await });
        taken.push(load(options, &site, Operation::Inbox, &server, postmaster).await?);
        writing.abort();
        server.stop()?;
    }
    for (number, (before, after)) in alone.iter().zip(&helped).enumerate() {
        let name = READS.get(number).map_or("inbox while memos are sent", |read| read.name());
        let of_primary = |taken: &Taken| taken.measured.cpu.and_then(|cpu| cpu.database);
        let of_server = |taken: &Taken| taken.measured.cpu.map(|cpu: Reading| cpu.server);
        let p50 = |taken: &Taken| Some(taken.measured.p50.as_secs_f64() * 1_000.0);
        let ratio = of_primary(after).zip(of_primary(before)).map(|(after, before)| after / before);
        let numbers = [
            of_server(before),
            of_primary(before),
            p50(before),
            of_server(after),
            of_primary(after),
            after.standby,
            p50(after),
            ratio,
        ];
        rows.push([vec![name.to_owned()], numbers.map(two).to_vec()].concat());
    }
    plain.close().await?;
    both.close().await?;
    println!(
        "{} memos, {} connections; processor time in milliseconds per operation\n\n{}",
        options.options.memos,
        options.options.connections,
        aligned(&rows)
    );
    Ok(())
}

async fn load(
    options: &Standby,
    site: &Site<'_>,
    operation: Operation,
    server: &Process,
    postmaster: Option<u32>,
) -> Result<Taken> {
    let gauge = Gauge { server: server.id(), postmaster };
    let before = gauge.read();
    let load = (options.options.connections, options.options.time());
    let measured = site.at_server(operation, server, load).await?;
    // The warm-up counts here as well: it takes a quarter of the time.
    let operations = measured.operations * 5 / 4;
    let of_standby =
        before.zip(gauge.read()).map(|(before, after)| after.since(before, operations));
    Ok(Taken { measured, standby: of_standby.and_then(|cpu| cpu.database) })
}
