//! Appends to the ledger what has been committed.

use super::{
    Ledger, entries,
    line::{Entry, EntryKey},
    plan,
    state::{self, Appended, Mark, STALE},
    tail::{self, Head},
};
use crate::{
    Error, Result, Services,
    database::{Signal, Signals},
    events, feed,
};
use entity::{LedgerKind, ledger::Model};
use std::{collections::HashSet, time::Duration};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// How long to wait after a commit, so that several things are appended together.
const GATHERING: Duration = Duration::from_millis(200);
/// How often the database is read without a signal. This finds what other processes have noted.
const FALLBACK: Duration = Duration::from_millis(700);
/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How often a position without anything of interest is noted.
const PASSED_OVER_EVERY: Duration = Duration::from_secs(60);
/// How often an append is tried anew if another server was faster.
const ATTEMPTS: u32 = 3;

/// Appends until `stopped` is cancelled. A failure is logged and tried again.
pub async fn run(ledger: Ledger, services: Services, signals: Signals, stopped: CancellationToken) {
    let mut appender = Appender::new(ledger);
    let mut commits = services.database.commits();
    let mut signalled = signals.subscribe(Signal::Events);
    let mut pause = FALLBACK;
    loop {
        match appender.append(&services).await {
            Ok(_) => pause = FALLBACK,
            Err(error) => {
                pause = (pause * 2).min(LONGEST_PAUSE);
                tracing::error!(
                    %error,
                    "the ledger could not be appended to; it is tried again, and nothing is lost"
                );
                tokio::select! {
                    () = stopped.cancelled() => return,
                    () = sleep(pause) => continue,
                }
            }
        }
        tokio::select! {
            () = stopped.cancelled() => break,
            _ = commits.changed() => sleep(GATHERING).await,
            _ = signalled.changed() => {}
            () = sleep(pause) => {}
        }
    }
    let last = async {
        events::place(&services).await?;
        appender.append(&services).await
    };
    if let Err(error) = last.await {
        tracing::warn!(%error, "the next server appends the rest to the ledger");
    }
}

/// Appends to a ledger. Remembers its end.
#[derive(Debug)]
pub struct Appender {
    ledger: Ledger,
    known: Option<Known>,
    /// The claim of another server, and since when it is held.
    watched: Option<(i64, Instant)>,
    /// The claim after which events were passed over, and the position up to which they were.
    passed_over: (i64, i64),
    noted_at: Option<Instant>,
}

/// What an appender knows about the ledger after its last append.
#[derive(Debug, Clone)]
struct Known {
    /// The claim of that append.
    claim: i64,
    /// The line up to which the database knew everything after it.
    mark: Mark,
    head: Head,
    /// The entries after the line up to which the database knows everything.
    keys: HashSet<EntryKey>,
    /// How many of them the database lacks.
    missing: i64,
}

/// The result of an attempt to append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Everything is in the ledger. This is how many things the database lacks.
    Complete(i64),
    /// Another server is appending.
    Occupied,
}

impl Appender {
    /// An appender that has not read the ledger.
    pub fn new(ledger: Ledger) -> Self {
        Self { ledger, known: None, watched: None, passed_over: (0, 0), noted_at: None }
    }

    /// Appends everything that is committed and has a position, unless another server is doing so.
    ///
    /// # Errors
    /// [`Error::Ledger`] if it is not the ledger that the database knows, or a line is not what was
    /// written. Also returns errors of the database and the store.
    pub async fn append(&mut self, services: &Services) -> Result<Attempt> {
        let mut attempt = 1;
        loop {
            match self.try_to_append(services).await {
                Err(Error::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    async fn try_to_append(&mut self, services: &Services) -> Result<Attempt> {
        let database = &services.database;
        let Some(state) = state::read(database).await? else {
            state::create(services).await?;
            return Err(Error::Conflict("the ledger begins".to_owned()));
        };
        if state.held && !self.is_stale(state.claim) {
            return Ok(Attempt::Occupied);
        }
        let is_current =
            |known: &Known| known.claim == state.claim && known.mark == Mark::from(&state);
        let known = self.known.take().filter(|known| !state.held && is_current(known));
        if let Some(known) = known {
            let missing = known.missing;
            self.known = Some(known);
            if !self.has_work(services, &state).await? {
                return Ok(Attempt::Complete(missing));
            }
        }
        let Some(claim) = state::claim(database, &state).await? else {
            return Ok(Attempt::Occupied);
        };
        match self.append_claimed(services, state, claim).await {
            Ok(missing) => Ok(Attempt::Complete(missing)),
            Err(error) => {
                self.known = None;
                if let Err(error) = state::release(database, claim).await {
                    tracing::warn!(%error, "the right to append could not be given back; it ends");
                }
                Err(error)
            }
        }
    }

    /// Whether another server has held this claim for too long.
    fn is_stale(&mut self, claim: i64) -> bool {
        match self.watched {
            Some((watched, since)) if watched == claim => since.elapsed() > STALE,
            _ => {
                self.watched = Some((claim, Instant::now()));
                false
            }
        }
    }

    /// Whether there is something to append. Otherwise, the position is noted from time to time.
    async fn has_work(&mut self, services: &Services, state: &Model) -> Result<bool> {
        let (claim, passed_over) = self.passed_over;
        let after = state.event_position.max(if claim == state.claim { passed_over } else { 0 });
        let (position, is_there) = entries::any(&services.database, after).await?;
        if is_there || position < after {
            return Ok(true);
        }
        self.passed_over = (state.claim, position);
        let is_due = self.noted_at.is_none_or(|noted_at| noted_at.elapsed() > PASSED_OVER_EVERY);
        if position > state.event_position && is_due {
            state::pass_over(&services.database, state.claim, position).await?;
            self.noted_at = Some(Instant::now());
        }
        Ok(false)
    }

    async fn append_claimed(
        &mut self,
        services: &Services,
        mut state: Model,
        claim: i64,
    ) -> Result<i64> {
        let connection = services.database.connection();
        let last_position = feed::last_position(connection, events::SEQUENCE).await?;
        if state.event_position > last_position
            || !events::is_kept(services, state.event_position).await?
        {
            // Some events are gone that no server has appended. The records tell what happened.
            tail::read(&self.ledger, &Mark::from(&state)).await?;
            let (line, hash, place) = (0, String::new(), 0);
            let complete = false;
            let event_position = last_position;
            state = Model { line, hash, place, complete, event_position, ..state };
            self.known = None;
        }
        let mut known = match self.known.take() {
            Some(known) => known,
            None => self.read(services, &state).await?,
        };
        if known.head.number == 0 {
            let started = Entry::at(LedgerKind::Started, services.now());
            self.write(&mut known, vec![started]).await?;
        }
        if !state.complete {
            let mut after = None;
            loop {
                let records = entries::records(&services.database, after).await?;
                let Some(last) = records.last() else { break };
                after = Some(last.id);
                let entries = records.iter().flat_map(Entry::of_record).collect();
                self.write(&mut known, entries).await?;
            }
            // Nobody knows whose the hashes are, so one line has all of them.
            let mut identities = entries::identities(&services.database).await?;
            let mut after = None;
            loop {
                let records = entries::erasures(&services.database, after).await?;
                let Some(last) = records.last() else { break };
                after = Some(last.id);
                let entries = records.into_iter().map(|record| {
                    let (time, person) = (record.erased_at, record.person_id);
                    let identities = std::mem::take(&mut identities);
                    Entry::of_person(time, person, record.erased_by, identities)
                });
                self.write(&mut known, entries.collect()).await?;
            }
            // The events of these records must be read now. Later they would be taken for new ones.
            events::place(services).await?;
        }
        let (mut noted, mut position) = (Vec::new(), state.event_position);
        loop {
            let batch = entries::next(services, position, &noted).await?;
            position = batch.position;
            noted.extend(batch.noted);
            self.write(&mut known, batch.entries).await?;
            if !batch.is_full {
                break;
            }
        }
        known.claim = claim;
        let appended = Appended {
            claim,
            mark: (known.missing == 0).then(|| known.head.mark()),
            event_position: position,
            missing: known.missing,
            noted,
        };
        state::commit(services, &appended).await?;
        if known.missing == 0 {
            known.mark = known.head.mark();
            known.keys.clear();
        }
        let missing = known.missing;
        self.known = Some(known);
        Ok(missing)
    }

    /// Reads the lines after those of which the database knows.
    async fn read(&self, services: &Services, state: &Model) -> Result<Known> {
        self.ledger.store.settle().await?;
        let tail = tail::read(&self.ledger, &Mark::from(state)).await?;
        let steps = plan::of(&services.database, &tail.lines).await?;
        let missing = steps.iter().filter(|step| step.is_missing()).count();
        let missing = i64::try_from(missing).unwrap_or(i64::MAX);
        if missing > 0 {
            tracing::warn!(
                missing,
                "the database is older than the ledger: look with `memoranda ledger replay \
                 --dry-run` at what it lacks"
            );
        }
        let keys = tail.lines.iter().filter_map(|line| line.entry.key()).collect();
        let mark = Mark::from(state);
        Ok(Known { claim: state.claim, mark, head: tail.head, keys, missing })
    }

    /// Appends those entries that the ledger does not have.
    async fn write(&self, known: &mut Known, entries: Vec<Entry>) -> Result<()> {
        let mut head = known.head.clone();
        let (mut text, mut keys) = (String::new(), HashSet::new());
        for entry in entries {
            let key = entry.key();
            if key.is_some_and(|key| known.keys.contains(&key) || !keys.insert(key)) {
                continue;
            }
            head.number += 1;
            let (line, hash) = self.ledger.keys.write(head.number, &head.hash, entry)?;
            text.push_str(&line);
            head.hash = hash;
        }
        if text.is_empty() {
            return Ok(());
        }
        let place = head.next;
        match self.ledger.store.append(place, text).await? {
            Some(next) => {
                (head.place, head.next) = (place, next);
                known.head = head;
                known.keys.extend(keys);
                Ok(())
            }
            None => Err(state::taken_over()),
        }
    }
}
