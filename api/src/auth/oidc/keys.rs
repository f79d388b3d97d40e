//! A provider's keys, kept for a while, and fetched again when a token names one that is not among
//! them: the provider may change them at any time.
//!
//! However many tokens with whatever key names come, keys are fetched one at a time, and only
//! [`AT_ONCE`] times in [`WITHIN`]. More than once, so that one made-up name does not hide a real
//! change of keys that follows.

use super::{
    key_set::{Found, Key, KeySet},
    source::KeySource,
};
use crate::auth::SignInProblem;
use chrono::{DateTime, TimeDelta, Utc};
use opentelemetry::trace::FutureExt;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

/// How often keys are fetched.
const AT_ONCE: usize = 3;
const WITHIN: TimeDelta = TimeDelta::seconds(90);
/// How long after a failure they are asked for again.
const AFTER_FAILURE: TimeDelta = TimeDelta::seconds(5);
/// After how long keys are fetched again although nothing is missing: some may have been withdrawn.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// After how long keys that could not be fetched again are good no more.
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
    /// When they came lately, the latest last.
    came: Vec<DateTime<Utc>>,
    /// When they were asked for and did not come, if that was the last time.
    failed: Option<DateTime<Utc>>,
}

impl Kept {
    fn at_most(&self, age: TimeDelta, now: DateTime<Utc>) -> Option<&KeySet> {
        let (keys, fetched_at) = self.keys.as_ref()?;
        (now - *fetched_at <= age).then_some(keys.as_ref())
    }

    fn may_ask(&self, now: DateTime<Utc>) -> bool {
        // A clock that was set back is no reason to wait for it.
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

    /// The key of a token that names it so, and says that it is signed so.
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
                // Somebody else is about to fetch them; the old ones will do until then.
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
            // Somebody has just done it.
            return;
        }
        let keys = self.clone();
        // A task of its own: the client whose request caused it may go away, and the keys are for
        // all.
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
            tracing::error!(%error, "fetching the keys of the OpenID Connect provider broke");
        }
    }

    fn kept(&self) -> Kept {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
