//! A provider's keys. They are kept for a while, and fetched again when a token names an unknown
//! key: the provider may change its keys at any time.
//!
//! However many tokens arrive with whatever key ids, only one fetch runs at a time, and only
//! [`AT_ONCE`] run in [`WITHIN`]. More than one is allowed, so that one made-up id does not hide a
//! real change of keys.

use super::{
    key_set::{Found, Key, KeySet},
    source::KeySource,
};
use crate::auth::SignInProblem;
use chrono::{DateTime, TimeDelta, Utc};
use opentelemetry::trace::FutureExt;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// How many fetches are allowed, and in which time.
const AT_ONCE: usize = 3;
const WITHIN: TimeDelta = TimeDelta::seconds(90);
/// The wait after a failed fetch.
const AFTER_FAILURE: TimeDelta = TimeDelta::seconds(5);
/// Age at which keys are fetched again even if none is missing: some may have been withdrawn.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// Age at which keys that could not be fetched again become invalid.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// The keys of one provider.
#[derive(Debug)]
pub(super) struct Keys {
    source: KeySource,
    kept: RwLock<Kept>,
    fetching: Arc<Mutex<()>>,
}

#[derive(Debug, Clone, Default)]
struct Kept {
    keys: Option<(Arc<KeySet>, DateTime<Utc>)>,
    /// The times of the latest fetches, the latest last.
    came: Vec<DateTime<Utc>>,
    /// The time of the last fetch, if it failed.
    failed: Option<DateTime<Utc>>,
}

impl Kept {
    fn at_most(&self, age: TimeDelta, now: DateTime<Utc>) -> Option<&KeySet> {
        let (keys, fetched_at) = self.keys.as_ref()?;
        (now - *fetched_at <= age).then_some(keys.as_ref())
    }

    fn may_ask(&self, now: DateTime<Utc>) -> bool {
        // If the clock was set back, the server does not wait for the old time.
        let is_within =
            |at: DateTime<Utc>, time: TimeDelta| (TimeDelta::zero()..time).contains(&(now - at));
        match self.failed {
            Some(at) => !is_within(at, AFTER_FAILURE),
            None => self.came.iter().filter(|at| is_within(**at, WITHIN)).count() < AT_ONCE,
        }
    }
}

impl Keys {
    pub(super) fn new(source: KeySource) -> Self {
        Self { source, kept: RwLock::default(), fetching: Arc::default() }
    }

    /// The key of a token with this key id and this algorithm.
    pub(super) async fn find(
        self: &Arc<Self>,
        id: Option<&str>,
        algorithm: &str,
        now: DateTime<Utc>,
    ) -> Result<Key, SignInProblem> {
        let find = |keys: &KeySet| keys.find(id, algorithm);
        let kept = self.kept();
        match kept.at_most(FRESH, now).map(find) {
            Some(Found::Key(key)) => return Ok(*key),
            Some(Found::OtherAlgorithm) => return Err(SignInProblem::ProviderAlgorithm),
            _ => {}
        }
        if kept.may_ask(now) {
            let is_old = |found: &Found| matches!(found, Found::Key(_));
            let old = kept.at_most(LONGEST, now).map(find).filter(is_old);
            match (self.fetching.clone().try_lock_owned(), old) {
                (Ok(turn), _) => self.fetch(turn, now).await,
                // Another request is about to fetch them. Until then, the old keys are used.
                (Err(_), Some(_)) => {}
                (Err(_), None) => drop(self.fetching.lock().await),
            }
        }
        match self.kept().at_most(LONGEST, now).map(find) {
            Some(Found::Key(key)) => Ok(*key),
            Some(Found::OtherAlgorithm) => Err(SignInProblem::ProviderAlgorithm),
            Some(Found::Nothing) => Err(SignInProblem::UnknownKey),
            None => Err(SignInProblem::ProviderDown),
        }
    }

    async fn fetch(self: &Arc<Self>, turn: tokio::sync::OwnedMutexGuard<()>, now: DateTime<Utc>) {
        if !self.kept().may_ask(now) {
            // Another request has just done this.
            return;
        }
        let keys = self.clone();
        // A task of its own: the client that caused the fetch may disconnect, and all clients need
        // the keys.
        let fetching = async move {
            let _turn = turn;
            let fetched = keys.source.fetch().await;
            let mut kept = keys.kept.write().unwrap_or_else(PoisonError::into_inner);
            match fetched {
                Ok(set) => {
                    kept.failed = None;
                    if kept.came.len() == AT_ONCE {
                        kept.came.remove(0);
                    }
                    kept.came.push(now);
                    tracing::info!(keys = set.len(), "keys of the OpenID Connect provider fetched");
                    kept.keys = Some((Arc::new(set), now));
                }
                Err(error) => {
                    kept.failed = Some(now);
                    tracing::warn!(
                        error,
                        "the keys of the OpenID Connect provider could not be fetched"
                    );
                }
            }
        };
        if let Err(error) = tokio::spawn(fetching.with_current_context()).await {
            tracing::error!(%error, "fetching the keys of the OpenID Connect provider panicked");
        }
    }

    fn kept(&self) -> Kept {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
