//! Who sees what: every case through the rules' functions, through their SQL conditions, and
//! through every door of the API. The result is one table for both databases, with a row per case
//! and a column per door. If a door shows more or less than another, its own rule says so.

mod cases;
mod doors;
mod office;
mod schema;

use crate::snapshots;
use cases::Case;
use doors::DOORS;
use office::VisibilityOffice;
use std::{collections::HashMap, fmt::Write};

const LEGEND: &str = "\
.         there is no such thing in this case
-         not there for this person, as if it had never been
boxes     i inbox, s sent, u subscribed, d drafts, a all visible
search    found by n the name, c the conclusion
record    bare: without the memo's words
node      memo, or the rest that remains of it
task      yes, and the memo that it came from, or the rest of that
holds     i the memo's id, m the memo
told      m the memo, i its id, n the name, w the work, d the deletion
live      U updated, S sent, C commented, D deleted, R restored
caught up the same; then m the memo, d the deletion
attached  m the memo, t the task, p the project that has the file
data      the memo's text in the download of o the person, a the memo's author
restore   may, or no: refused to somebody who sees the record
erase     the same
again     who deleted it gets the same receipt
401       nobody signs in as this person

";

/// A row for every case, a column for every door.
fn table(mut answer: impl FnMut(Case, &'static str) -> String) -> String {
    let rows: Vec<Vec<String>> = cases::all()
        .into_iter()
        .map(|case| {
            let mut row = vec![
                case.state.name().to_owned(),
                case.what.name().to_owned(),
                case.role.as_str().to_lowercase(),
            ];
            row.extend(DOORS.iter().map(|door| answer(case, door.name)));
            row
        })
        .collect();
    let mut head = vec!["memo".to_owned(), "person".to_owned(), "role".to_owned()];
    head.extend(DOORS.iter().map(|door| door.name.to_owned()));
    let width = |column: usize| {
        rows.iter().chain([&head]).map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut text = LEGEND.to_owned();
    for row in [&head].into_iter().chain(&rows) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(text, "{}", cells.collect::<Vec<_>>().join(" | ").trim_end()).unwrap();
    }
    text
}

#[test]
fn the_rules_decide_as_the_visibility_table_says() {
    let rules: HashMap<&str, fn(Case) -> String> =
        DOORS.iter().map(|door| (door.name, door.rule)).collect();
    snapshots::assert_table(
        "visibility_table",
        &table(|case, door| match rules[door] {
            _ if !case.is_active() && door != "mail" => "401".to_owned(),
            _ if !case.is_active() => "-".to_owned(),
            rule => rule(case),
        }),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_conditions_and_the_api_decide_as_the_visibility_table_says() {
    let office = VisibilityOffice::open().await;
    let mut answers = HashMap::new();
    for case in cases::all() {
        office.assert_conditions(case).await;
        answers.insert(case, office.ask(case).await);
    }
    // Changes come last, and are only tried on invisible memos.
    let before = office.row_counts().await;
    for case in cases::all() {
        let change = office.try_to_change(case).await;
        answers.entry(case).or_default().insert("change", change);
    }
    assert_eq!(before, office.row_counts().await, "nothing changes");
    snapshots::assert_table(
        "visibility_table",
        &table(|case, door| {
            answers[&case]
                .get(door)
                .cloned()
                .unwrap_or_else(|| panic!("nobody asked at the door `{door}`"))
        }),
    );
    office.close().await;
}
