//! Checks mails: each mail that is recorded as sent was accepted, and each accepted mail is in the
//! outbox.

use crate::{
    Result, rows,
    site::{Base, Site},
};
use sea_orm::ConnectionTrait;
use service::database::Database;
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Longest time for all waiting mails.
const DELIVERY: Duration = Duration::from_secs(120);

/// Records what is lost or invented.
///
/// # Errors
/// The error of the database.
pub(super) async fn check(site: &Site, database: &Database) -> Result<()> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    for mail in site.mail.taken() {
        *taken.entry(mail.message_id).or_default() += 1;
    }
    let outbox = "SELECT id, sent_at IS NOT NULL AS sent, given_up_at IS NOT NULL AS given_up, \
        last_error FROM mails";
    let mut known = 0;
    for row in rows::all(database, outbox).await? {
        let (id, sent): (Uuid, bool) = (row.try_get("", "id")?, row.try_get("", "sent")?);
        let times = taken.get(&format!("{id}@example.org")).copied().unwrap_or_default();
        known += usize::from(times > 0);
        if sent && times == 0 {
            site.ledger.violated(format!(
                "mail {id} is recorded as sent, but the mail server does not have it"
            ));
        }
        let (given_up, reason): (bool, Option<String>) =
            (row.try_get("", "given_up")?, row.try_get("", "last_error")?);
        let reason = reason.unwrap_or_default();
        if given_up && !reason.contains("does not see") {
            site.ledger.violated(format!("mail {id} was given up: {reason}"));
        }
    }
    if known != taken.len() {
        site.ledger.violated(format!("{} mails were sent that nobody wrote", taken.len() - known));
    }
    let unwritten = "SELECT count(*) AS n FROM notifications n WHERE n.kind IN ('MEMO_SENT', \
        'MEMO_SHARED') \
        AND NOT EXISTS (SELECT 1 FROM mails l WHERE l.notification_id = n.id AND l.user_id = \
        n.user_id)";
    let unwritten = rows::number(database, unwritten).await?;
    if unwritten > 0 {
        site.ledger.violated(format!("{unwritten} notifications have no mail"));
    }
    Ok(())
}

/// Makes all mails due, and waits until none is left. After a failure, the next attempt would be
/// far away.
///
/// # Errors
/// The error of the database.
pub(crate) async fn force(site: &Site) -> Result<()> {
    const WAITING: &str = "mails WHERE sent_at IS NULL AND given_up_at IS NULL";
    let database = site.stored().await?;
    let begun = Instant::now();
    let mut waiting = i64::MAX;
    while waiting > 0 && begun.elapsed() < DELIVERY {
        let now = match &site.base {
            Base::Postgres(_) => "now()",
            Base::Sqlite(..) => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
        };
        // A mail that a server is sending now may then be sent twice, with the same id, as after a
        // crash.
        let due = format!(
            "UPDATE mails SET next_attempt_at = {now} WHERE sent_at IS NULL AND given_up_at IS \
             NULL AND next_attempt_at > {now}"
        );
        database.connection().execute_unprepared(&due).await?;
        for _ in 0..20 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            waiting =
                rows::number(&database, format!("SELECT count(*) AS n FROM {WAITING}")).await?;
            if waiting == 0 {
                break;
            }
        }
    }
    if waiting > 0 {
        site.ledger.violated(format!("{waiting} mails are not delivered"));
    }
    Ok(database.close().await?)
}
