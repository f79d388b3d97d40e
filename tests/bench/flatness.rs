//! Compares what requests cost in a small office and in a large one, and with a short discussion
//! and a long one. What grows with the office must not make a request dearer.

use crate::{
    Result,
    gauge::Reading,
    http::{Client, Requests},
    load,
    measure::Site,
    office::{self, Memo, Size},
    operations::Operation,
    options::Flatness,
    scratch::Scratch,
    server::Process,
    table::{aligned, two},
};
use chrono::TimeDelta;
use entity::UserRole;
use service::{
    Viewer,
    memo_deletion::{self, Deletion, Lists, Outcome, Precondition},
    observed_time::ObservedTime,
};
use std::{sync::Arc, time::Duration};

/// The most that an operation may cost, as a multiple of its cost in the first office.
const MOST: f64 = 1.2;

/// Few, because only processor time counts.
const CONNECTIONS: usize = 4;

/// There are few memos to delete in a small office.
const DELETING: Duration = Duration::from_secs(1);

/// How often a memo with a discussion is deleted and restored.
const ROUNDS: usize = 300;

/// Rows of a memo that the purge erases: subscribers, tags, comments, a reminder and an attachment.
const ROWS_A_MEMO: i64 = 9;

/// Few enough that the first page of everybody's inbox is full in an office of 10,000 memos.
const PEOPLE: i64 = 200;

/// Cost in milliseconds of processor time, one for each office or discussion.
type Costs = Vec<(&'static str, Vec<f64>)>;

/// Measures, and prints the tables.
///
/// # Errors
/// The first error, or something costs too much.
pub(crate) async fn run(options: &Flatness, scratch: &Scratch) -> Result<()> {
    let first = options.sizes.first().copied().ok_or("--sizes: give at least one number")?;
    let mut site = Site::fill(scratch, Size { people: PEOPLE, memos: first }).await?;
    let mut costs = Costs::new();
    let mut deleted = 0;
    for memos in options.sizes.iter().copied() {
        let size = Size { people: PEOPLE, memos };
        if memos > site.plan.size.memos {
            eprintln!("growing to {memos} memos …");
            office::grow(&site.database, site.plan.size, size).await?;
            site.resize(size);
        }
        let server = Process::start(scratch).await?;
        for operation in [Operation::Inbox, Operation::Search, Operation::Preview] {
            let load = (CONNECTIONS, Duration::from_secs(options.seconds));
            add(&mut costs, operation.name(), site.at_server(operation, &server, load).await?.cpu)?;
        }
        site.confirm(DELETING, deleted).await?;
        deleted += site.plan.confirmed.len();
        let measured =
            site.at_server(Operation::Deletion, &server, (CONNECTIONS, DELETING)).await?;
        add(&mut costs, Operation::Deletion.name(), measured.cpu)?;
        server.stop()?;
        let (cpu, records) = purge(&site).await?;
        #[expect(clippy::cast_precision_loss, reason = "numbers of records are small")]
        let cpu = cpu.map(|cpu| cpu.divided_by(records as f64));
        add(&mut costs, "purge of a memo", cpu)?;
    }
    let names: Vec<String> = options.sizes.iter().map(|memos| format!("{memos} memos")).collect();
    let (table, mut dear) = table(&names, &costs);
    println!("milliseconds of processor time, server and PostgreSQL together\n\n{table}\n");

    let mut costs = Costs::new();
    for (number, comments) in (0..).zip(options.comments.iter().copied()) {
        eprintln!("a memo with {comments} comments …");
        // Memos of their own: see `plan`.
        let memo = pending(site.plan.size, 6 + 800 * number);
        office::write_discussion(&site.database, memo.number, comments).await?;
        office::tidy(&site.database).await?;
        discussed(options, &site, &memo, comments, &mut costs).await?;
    }
    let names: Vec<String> =
        options.comments.iter().map(|comments| format!("{comments} comments")).collect();
    let (table, also_dear) = self::table(&names, &costs);
    println!("the same for a memo with a discussion\n\n{table}");
    dear.extend(also_dear);
    site.database.close().await?;
    if dear.is_empty() { Ok(()) } else { Err(dear.join("; ").into()) }
}

/// The first pending memo from that number on that its author may delete.
fn pending(size: Size, from: i64) -> Memo {
    let mut memos = (0..).map(|step| size.memo(from + 8 * step));
    memos
        .find(|memo| memo.pending && !memo.draft && memo.deleter() == memo.author)
        .unwrap_or_else(|| size.memo(from))
}

fn add(costs: &mut Costs, name: &'static str, cpu: Option<Reading>) -> Result<()> {
    let cpu = cpu.ok_or("processor times are known on Linux only")?;
    cpu.database.ok_or("PostgreSQL must run on this machine: its processor time is needed")?;
    match costs.iter_mut().find(|(other, _)| *other == name) {
        Some((_, all)) => all.push(cpu.total()),
        None => costs.push((name, vec![cpu.total()])),
    }
    Ok(())
}

/// Erases everything that was deleted. The cost, and the number of records.
async fn purge(site: &Site<'_>) -> Result<(Option<Reading>, u64)> {
    let backend = site.backend()?;
    let now = backend.services.now() + TimeDelta::days(60);
    let due = ObservedTime { now, unseen: TimeDelta::zero() };
    let gauge = site.own_gauge();
    let before = gauge.read();
    let purged = memo_deletion::purge(&backend.services, &backend.file_store, due).await?;
    let cpu = before.zip(gauge.read()).map(|(before, after)| after.since(before, 1));
    Ok((cpu, purged.records))
}

/// What a memo with a discussion costs.
async fn discussed(
    options: &Flatness,
    site: &Site<'_>,
    memo: &Memo,
    comments: i64,
    costs: &mut Costs,
) -> Result<()> {
    let server = Process::start(site.scratch).await?;
    for operation in [Operation::Inbox, Operation::Search, Operation::Preview] {
        let request = site.tokens.request(operation.question_about(memo));
        let requests: Requests = Arc::new(move |_| Some(request.clone()));
        let expected = operation.expected();
        let clients = Client::several(CONNECTIONS, &server.address, &requests, expected).await?;
        let time = Duration::from_secs(options.seconds);
        let measured = load::run(clients, &site.gauge(&server), time).await?;
        add(costs, operation.name(), measured.cpu)?;
    }
    server.stop()?;
    let gauge = site.own_gauge();
    delete_and_restore(site, memo, ROUNDS / 10).await?;
    let before = gauge.read();
    delete_and_restore(site, memo, ROUNDS).await?;
    let cpu = before.zip(gauge.read()).map(|(before, after)| after.since(before, ROUNDS));
    add(costs, "deletion and restore", cpu)?;
    // Ten comments are erased in less than the unit of processor times.
    if comments >= 10_000 {
        purge(site).await?;
        delete(site, memo).await?;
        let (cpu, _) = purge(site).await?;
        let cpu = cpu.ok_or("processor times are known on Linux only")?;
        #[expect(clippy::cast_precision_loss, reason = "numbers of rows are small")]
        let thousands = (comments + ROWS_A_MEMO) as f64 / 1_000.0;
        println!(
            "purge of a memo with {comments} comments: {} ms for each 1,000 rows\n",
            two(Some(cpu.divided_by(thousands).total()))
        );
    }
    Ok(())
}

async fn delete_and_restore(site: &Site<'_>, memo: &Memo, rounds: usize) -> Result<()> {
    let backend = site.backend()?;
    for _ in 0..rounds {
        let record = delete(site, memo).await?;
        memo_deletion::restore(&backend.services, author(memo), record).await?;
    }
    Ok(())
}

fn author(memo: &Memo) -> Viewer {
    Viewer { id: office::person(memo.author), role: UserRole::Member }
}

/// Deletes the memo as its author. Returns the record.
async fn delete(site: &Site<'_>, memo: &Memo) -> Result<uuid::Uuid> {
    let backend = site.backend()?;
    let (services, settings) = (&backend.services, &backend.deletion);
    let lists = Lists { removed: None, kept: None };
    let preview = memo_deletion::preview(services, settings, author(memo), memo.id, lists).await?;
    let token = preview.as_ref().and_then(|preview| preview.confirmation_token());
    let confirmation_token = token.map(str::to_owned);
    let precondition = confirmation_token.map_or(Precondition::None, Precondition::Preview);
    let deletion = Deletion { memo_id: memo.id, precondition, reason: None };
    match memo_deletion::delete(services, settings, author(memo), &deletion).await? {
        Outcome::Deleted { record, .. } => Ok(record.id),
        other => Err(format!("the deletion was refused: {other:?}").into()),
    }
}

/// A table, and what costs too much.
fn table(names: &[String], costs: &Costs) -> (String, Vec<String>) {
    let mut head = vec!["operation".to_owned()];
    head.extend(names.iter().cloned());
    head.push("ratio".to_owned());
    let (mut rows, mut dear) = (vec![head], Vec::new());
    for (name, costs) in costs {
        let first = costs.first().copied().unwrap_or_default();
        let ratio = costs.last().map(|last| last / first);
        let mut row = vec![(*name).to_owned()];
        row.extend(costs.iter().map(|cost| two(Some(*cost))));
        row.push(two(ratio));
        rows.push(row);
        if let Some(ratio) = ratio.filter(|ratio| *ratio > MOST) {
            dear.push(format!("{name} costs {ratio:.2} times as much; {MOST} is the limit"));
        }
    }
    (aligned(&rows), dear)
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn what_costs_more_than_a_fifth_more_is_named() {
        let names = ["10 memos".to_owned(), "20 memos".to_owned()];
        let costs = vec![("inbox", vec![1.0, 1.19]), ("search", vec![1.0, 1.21])];
        let (table, dear) = table(&names, &costs);
        assert_eq!(table.lines().count(), 3, "{table}");
        assert_eq!(dear, ["search costs 1.21 times as much; 1.2 is the limit"]);
    }
}
