//! Delivers the mails in the outbox.

use super::{
    letter::Letter,
    mailer::{CONNECTIONS, Mailer, Refusal},
    outbox::{anything_due, failed, given_up, sent, take},
};
use crate::{Result, Services, ids};
use chrono::TimeDelta;
use futures_util::{StreamExt, stream::FuturesUnordered};
use std::{pin::pin, time::Duration};
use tokio_util::sync::CancellationToken;

/// The wait after the first failure. It doubles with each further failure.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// The longest wait between two attempts.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);
/// How long delivery of a mail is attempted. After that, its news is outdated.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(3);
/// How long to wait after a commit, so that several mails are handled together.
const GATHERING: Duration = Duration::from_millis(500);
/// How often the outbox is checked without a commit here. This finds mails to retry and mails of
/// other processes.
const POLL: Duration = Duration::from_secs(15);

/// Delivers until `stopped` is cancelled, then finishes the mails in progress. A failure is logged,
/// and the next round retries.
pub async fn run(services: Services, mailer: Mailer, stopped: CancellationToken) {
    let mut commits = services.database.commits();
    while !stopped.is_cancelled() {
        commits.mark_unchanged();
        let goes_on = || !stopped.is_cancelled();
        if let Err(error) = deliver_while(&services, &mailer, goes_on).await {
            tracing::error!(%error, "mails could not be delivered; it will be tried again");
        }
        tokio::select! {
            () = stopped.cancelled() => break,
            _ = commits.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
        tokio::select! {
            () = stopped.cancelled() => break,
            () = tokio::time::sleep(GATHERING) => {}
        }
    }
    mailer.close().await;
}

/// Delivers all mails that are due.
///
/// # Errors
/// Returns errors of the database. Errors of the mail server are noted in the outbox.
pub async fn deliver_due(services: &Services, mailer: &Mailer) -> Result<()> {
    deliver_while(services, mailer, || true).await
}

async fn deliver_while(
    services: &Services,
    mailer: &Mailer,
    goes_on: impl Fn() -> bool,
) -> Result<()> {
    // It takes as many mails as there are connections. One transaction per mail would keep SQLite
    // busy.
    let most = usize::try_from(CONNECTIONS).unwrap_or(usize::MAX);
    let mut running = FuturesUnordered::new();
    let mut ended = Ok(());
    loop {
        if ended.is_ok() && running.len() < most && goes_on() {
            let mut taking = pin!(take_due(services, most));
            let taken = loop {
                // Running deliveries must continue during this wait. One of them may hold the turn
                // to write, and then no mail can be taken.
                tokio::select! {
                    taken = &mut taking => break taken,
                    Some(one) = running.next() => ended = ended.and(one),
                }
            };
            match taken {
                Ok(letters) => {
                    running.extend(
                        letters.into_iter().map(|letter| deliver(services, mailer, letter)),
                    );
                }
                Err(error) => ended = ended.and(Err(error)),
            }
        }
        // A slow mail blocks only its own connection. Running deliveries finish even after an
        // error; otherwise their mails would be sent again.
        match running.next().await {
            Some(one) => ended = ended.and(one),
            None => return ended,
        }
    }
}

async fn take_due(services: &Services, most: usize) -> Result<Vec<Letter>> {
    if anything_due(services).await? { take(services, most).await } else { Ok(Vec::new()) }
}

async fn deliver(services: &Services, mailer: &Mailer, letter: Letter) -> Result<()> {
    let letter = &letter;
    let too_old = services.now() - letter.created_at > GIVE_UP_AFTER;
    if too_old || !letter.active || letter.unwanted || !letter.sees {
        let reason = match (letter.active, letter.unwanted, letter.sees) {
            (false, ..) => "the person does not work here any more",
            (_, true, _) => "the person wants no such mails any more",
            (.., false) => "the person does not see any more what it is about",
            _ => "the news is too old",
        };
        return give_up(services, letter, reason, reason).await;
    }
    let message = match letter.message(mailer) {
        Ok(message) => message,
        Err(problem) => {
            return give_up(services, letter, "it cannot be put together", &problem).await;
        }
    };
    match mailer.send(message).await {
        Ok(()) => {
            sent(services, letter).await?;
            tracing::info!(
                mail = %ids::mail(letter.id),
                person = %ids::user(letter.user_id),
                kind = letter.kind.as_str(),
                "mail sent"
            );
            Ok(())
        }
        Err(refusal) => refused(services, letter, &refusal).await,
    }
}

async fn refused(services: &Services, letter: &Letter, refusal: &Refusal) -> Result<()> {
    if refusal.permanent {
        return give_up(services, letter, &refusal.code, &refusal.answer).await;
    }
    let again = services.now() + wait_after(letter.attempts);
    if again - letter.created_at > GIVE_UP_AFTER {
        return give_up(services, letter, &refusal.code, &refusal.answer).await;
    }
    failed(services, letter, again, &refusal.answer).await?;
    let (code, attempts) = (&refusal.code, letter.attempts);
    tracing::warn!(
        mail = %ids::mail(letter.id),
        person = %ids::user(letter.user_id),
        code,
        attempts,
        %again,
        "mail not accepted; it will be tried again"
    );
    Ok(())
}

async fn give_up(services: &Services, letter: &Letter, code: &str, reason: &str) -> Result<()> {
    given_up(services, letter, reason).await?;
    tracing::warn!(
        mail = %ids::mail(letter.id),
        person = %ids::user(letter.user_id),
        code,
        attempts = letter.attempts,
        "mail given up"
    );
    Ok(())
}

/// How long to wait after this number of failed attempts.
fn wait_after(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    (FIRST_WAIT * 2_i32.saturating_pow(doublings)).min(LONGEST_WAIT)
}
