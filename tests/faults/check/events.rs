//! Checks events: each person receives the events for them, once and in order, and no others.

use super::stored::Stored;
use crate::{Result, listener::Heard, people::CHIEF, rows, site::Site};
use service::database::Database;
use std::{
    collections::{HashMap, HashSet},
    sync::PoisonError,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Longest time until everybody has caught up.
const CATCHING_UP: Duration = Duration::from_secs(60);

/// Records events that were missed, repeated, out of order, or received by the wrong person.
///
/// # Errors
/// The error of the database.
pub(super) async fn check(site: &Site, database: &Database, stored: &Stored) -> Result<()> {
    let parties: HashMap<Uuid, _> = site
        .ledger
        .memos()
        .into_iter()
        .filter_map(|memo| Some((memo.id?.1, memo.parties)))
        .collect();
    let begun = Instant::now();
    for (number, person) in site.people.iter().enumerate() {
        let mut sent = HashSet::new();
        let mut expected = Vec::new();
        for (memo, kind) in &stored.events {
            if kind == "SENT" {
                sent.insert(*memo);
            }
            let Some(parties) = parties.get(memo) else { continue };
            let reads = parties.include(number) || person.username == CHIEF;
            if parties.author == number || (sent.contains(memo) && reads) {
                expected.push((*memo, kind.as_str()));
            }
        }
        while heard(site, number).len() < expected.len() && begun.elapsed() < CATCHING_UP {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let heard = heard(site, number);
        let heard: Vec<(Uuid, &str)> =
            heard.iter().map(|event| (event.memo, event.kind.as_str())).collect();
        if heard == expected {
            continue;
        }
        let same =
            heard.iter().zip(&expected).take_while(|(heard, expected)| heard == expected).count();
        site.ledger.violated(format!(
            "{} received {} events instead of {}; from event {same} on: {:?} instead of {:?}",
            person.username,
            heard.len(),
            expected.len(),
            heard.iter().skip(same).take(3).collect::<Vec<_>>(),
            expected.iter().skip(same).take(3).collect::<Vec<_>>(),
        ));
    }
    notified(site, database).await
}

fn heard(site: &Site, person: usize) -> Vec<Heard> {
    let heard = site.heard.get(person);
    heard
        .map(|heard| heard.lock().unwrap_or_else(PoisonError::into_inner).clone())
        .unwrap_or_default()
}

/// Each sent memo has one notification for the recipient and one for the subscriber.
async fn notified(site: &Site, database: &Database) -> Result<()> {
    let mut notified: HashMap<(Uuid, Uuid), usize> = HashMap::new();
    let sql = "SELECT n.memo_id, n.user_id FROM memo_ids i JOIN notifications n ON n.memo_id = \
        i.id WHERE n.kind IN ('MEMO_SENT', 'MEMO_SHARED')";
    for row in rows::all(database, sql).await? {
        *notified.entry((row.try_get("", "memo_id")?, row.try_get("", "user_id")?)).or_default() +=
            1;
    }
    let mut expected = 0;
    for memo in site.ledger.memos() {
        let Some((_, id)) = memo.id else { continue };
        if !memo.steps.iter().any(|step| step.kind == "SENT") {
            continue;
        }
        for person in [memo.parties.recipient, memo.parties.subscriber] {
            let Some(person) = site.people.get(person) else { continue };
            let times = notified.get(&(id, person.uuid)).copied().unwrap_or_default();
            expected += times;
            if times != 1 {
                let (name, username) = (&memo.name, &person.username);
                site.ledger.violated(format!(
                    "{username} was notified {times} times that {name:?} was sent"
                ));
            }
        }
    }
    if notified.values().sum::<usize>() != expected {
        site.ledger.violated("people were notified of memos that were not sent to them");
    }
    Ok(())
}
