//! What one core and one memo hold: people by the mix of a working day, and bytes. The figures of
//! `docs/scale.md`.

use crate::{
    Result,
    gauge::Reading,
    measure::{self, Site},
    operations::Operation,
    options::Options,
    scratch::Scratch,
    server::Process,
    streams,
    table::{aligned, two},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use service::database::Database;

/// What one person does on a working day.
const DAY: [(Operation, f64); 9] = [
    (Operation::Inbox, 60.0),
    (Operation::Memo, 60.0),
    (Operation::Search, 10.0),
    (Operation::Page, 5.0),
    (Operation::Create, 8.0),
    (Operation::Comment, 15.0),
    (Operation::Review, 12.0),
    (Operation::Preview, 6.0),
    (Operation::Deletion, 3.0),
];

/// People who listen to each change: author, recipient and three subscribers.
const LISTENERS_A_CHANGE: f64 = 5.0;

/// The share of the day's work that falls into its busiest hour.
const BUSIEST_HOUR: f64 = 0.2;

/// The share of a core that requests may use in that hour. Above it, they begin to wait.
const USED: f64 = 0.6;

const MILLISECONDS_AN_HOUR: f64 = 3_600_000.0;

/// Measures, and prints.
///
/// # Errors
/// The first error.
pub(crate) async fn run(options: &Options, scratch: &Scratch) -> Result<()> {
    let mut site = Site::fill(scratch, measure::size(options)).await?;
    let bytes = bytes(&site.database, options.memos).await?;
    let server = Process::start(scratch).await?;
    let measured = site.operations(options, &server).await?;
    server.stop()?;
    let server = Process::start(scratch).await?;
    let gauge = site.gauge(&server);
    eprintln!("{} people who listen …", options.listeners);
    let heard = streams::listen(options, site.plan.size, &server, &gauge, &site.tokens).await?;
    server.stop()?;
    let grown = grown(&site.database).await?;
    site.database.close().await?;
    let mut work = Vec::new();
    for (operation, times) in DAY {
        let line = measured.iter().find(|(other, _)| *other == operation);
        let line = line.ok_or("capacity needs every operation: leave out --only")?;
        let cpu = line.1.server.cpu.ok_or("processor times are known on Linux only")?;
        work.push((operation.name(), times, cpu));
    }
    let changes: f64 =
        DAY.iter().filter(|(operation, _)| operation.writes()).map(|(_, times)| times).sum();
    let cpu = heard.cpu.ok_or("processor times are known on Linux only")?;
    work.push(("event that arrives", changes * LISTENERS_A_CHANGE, cpu));
    println!("{}\n", people(&work));
    println!("{bytes}");
    println!("{grown}");
    Ok(())
}

/// Processor time of a person's day, and how many people keep a core busy.
fn people(work: &[(&str, f64, Reading)]) -> String {
    let mut rows =
        vec![["of one person", "a day", "server ms", "database ms"].map(str::to_owned).to_vec()];
    let (mut server, mut database) = (0.0, 0.0);
    for (name, times, cpu) in work {
        let (of_server, of_database) =
            (cpu.server * times, cpu.database.unwrap_or_default() * times);
        server += of_server;
        database += of_database;
        let times = format!("{times:.0}");
        rows.push(vec![(*name).to_owned(), times, two(Some(of_server)), two(Some(of_database))]);
    }
    rows.push(vec!["together".to_owned(), String::new(), two(Some(server)), two(Some(database))]);
    let a_core = |milliseconds: f64| {
        format!("{:.0}", MILLISECONDS_AN_HOUR * USED / (milliseconds * BUSIEST_HOUR))
    };
    rows.push(vec![
        "people for each core".to_owned(),
        a_core(server + database),
        a_core(server),
        if database > 0.0 { a_core(database) } else { "–".to_owned() },
    ]);
    aligned(&rows)
}

/// Bytes for each memo, by table.
async fn bytes(database: &Database, memos: i64) -> Result<String> {
    if database.backend() != DbBackend::Postgres {
        let pages = "SELECT page_count * page_size AS bytes FROM pragma_page_count, \
                     pragma_page_size";
        let bytes = numbers(database, pages, &["bytes"]).await?;
        let bytes = bytes.iter().flat_map(|(_, bytes)| bytes).sum::<i64>() / memos;
        return Ok(format!("bytes for each memo, with everything that it carries: {bytes}"));
    }
    let sizes = "SELECT relname AS name, pg_table_size(oid)::bigint AS of_rows, \
        pg_indexes_size(oid)::bigint AS of_indexes FROM pg_class \
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
        ORDER BY pg_total_relation_size(oid) DESC";
    let (mut of_rows, mut of_indexes) = (0, 0);
    let mut rows = vec![["bytes for each memo", "table", "indexes"].map(str::to_owned).to_vec()];
    for (name, sizes) in numbers(database, sizes, &["of_rows", "of_indexes"]).await? {
        let [table, indexes] = sizes[..] else { continue };
        of_rows += table / memos;
        of_indexes += indexes / memos;
        if (table + indexes) / memos > 0 {
            rows.push(vec![name, (table / memos).to_string(), (indexes / memos).to_string()]);
        }
    }
    rows.push(vec!["together".to_owned(), of_rows.to_string(), of_indexes.to_string()]);
    let stored = "SELECT 'files' AS name, sum(size)::bigint AS bytes FROM blobs";
    let stored = numbers(database, stored, &["bytes"]).await?;
    let stored: i64 = stored.iter().flat_map(|(_, bytes)| bytes).sum();
    rows.push(vec!["in the file store".to_owned(), (stored / memos).to_string(), String::new()]);
    Ok(aligned(&rows))
}

/// Bytes for each row of what changes leave behind.
async fn grown(database: &Database) -> Result<String> {
    let mut rows = vec![["bytes for each row", "with indexes"].map(str::to_owned).to_vec()];
    if database.backend() != DbBackend::Postgres {
        return Ok(String::new());
    }
    for table in ["memo_events", "memo_event_viewers", "notifications", "memo_deletions"] {
        let size = format!(
            "SELECT '{table}' AS name, (pg_total_relation_size('{table}') / greatest((SELECT \
             count(*) FROM {table}), 1))::bigint AS bytes"
        );
        for (name, bytes) in numbers(database, &size, &["bytes"]).await? {
            rows.push(vec![name, bytes.iter().sum::<i64>().to_string()]);
        }
    }
    Ok(format!("\n{}", aligned(&rows)))
}

/// The column `name` if there is one, and numbers.
async fn numbers(
    database: &Database,
    sql: &str,
    columns: &[&str],
) -> Result<Vec<(String, Vec<i64>)>> {
    let statement = Statement::from_string(database.backend(), sql);
    let rows = database.connection().query_all_raw(statement).await?;
    let mut all = Vec::new();
    for row in rows {
        let name = row.try_get("", "name").unwrap_or_default();
        let numbers = columns.iter().map(|column| row.try_get("", column));
        all.push((name, numbers.collect::<std::result::Result<_, _>>()?));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::people;
    use crate::gauge::Reading;

    #[test]
    fn people_keep_a_core_busy_for_six_tenths_of_the_busiest_hour() {
        let cpu = Reading { server: 2.0, database: Some(1.0) };
        let table = people(&[("inbox", 1_000.0, cpu)]);
        let last: Vec<&str> = table.lines().last().unwrap_or_default().split_whitespace().collect();
        // 3,600,000 × 0.6 / (3,000 × 0.2), and the same of 2,000 and of 1,000.
        assert_eq!(last, ["people", "for", "each", "core", "3600", "5400", "10800"]);
    }
}
