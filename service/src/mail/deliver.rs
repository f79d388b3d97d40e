//! Delivering what lies in the outbox.

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

/// After the first failure; twice as long after each further one.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(1);
/// Longest wait between two attempts.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);
/// For how long a mail is tried. Older news is no news.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(3);
/// How long the outbox is left alone after a commit, so that many changes are one look.
const GATHERING: Duration = Duration::from_millis(500);
/// How often the outbox is looked at although nothing was committed here: for what is to be tried
/// again, and for what other processes left.
const POLL: Duration = Duration::from_secs(15);

/// Delivers until `stopped` is cancelled; the mails in hand are finished then. A
/// failure is logged, and the next round tries again.
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

/// Delivers what is due, until nothing is.
///
/// # Errors
/// What the database answers. What the mail server answers is noted in the outbox.
pub async fn deliver_due(services: &Services, mailer: &Mailer) -> Result<()> {
    deliver_while(services, mailer, || true).await
}

async fn deliver_while(
    services: &Services,
    mailer: &Mailer,
    goes_on: impl Fn() -> bool,
) -> Result<()> {
    // As many at a time as can be on their way: a transaction for each would keep SQLite busy.
    let most = usize::try_from(CONNECTIONS).unwrap_or(usize::MAX);
    let mut running = FuturesUnordered::new();
    let mut ended = Ok(());
    loop {
        if ended.is_ok() && running.len() < most && goes_on() {
            let mut taking = pin!(take_due(services, most));
            let taken = loop {
                // What is on its way goes on meanwhile: it may be its turn to write, and then
                // nobody else takes one.
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
        // A mail that takes its time keeps its own connection, and no other's. What is on its way
        // is finished even after an error: otherwise it would be sent again.
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
        "mail not taken; it will be tried again"
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

/// How long to wait after that many failed attempts.
fn wait_after(attempts: i64) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    (FIRST_WAIT * 2_i32.saturating_pow(doublings)).min(LONGEST_WAIT)
}
