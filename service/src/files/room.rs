//! How much room uploads have, those under way included.

use super::errors::UploadError;
use crate::{Result, Services};
use entity::blob;
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, QuerySelect,
    sea_query::{Expr, Func},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How much an upload of unknown length reserves ahead, at most, in bytes: each time costs a
/// statement.
const STEP: u64 = 1_048_576;

/// The room of all uploads of this process. Each process counts its own uploads under way: with
/// several, there may be more bytes for a while, and never more stored files.
#[derive(Debug, Clone)]
pub struct Room(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Most bytes of all contents together; `None` for no limit.
    max: Option<u64>,
    reserved: Mutex<Reserved>,
}

#[derive(Debug, Default)]
struct Reserved {
    bytes: u64,
    /// How many reservations were given back: what they were for may be stored since.
    ended: u64,
}

/// The room of one upload, given back when it is dropped: after its bytes are stored or removed.
#[derive(Debug)]
pub struct Reservation {
    room: Room,
    bytes: u64,
}

impl Room {
    /// Room for so many bytes of all contents together; `None` for no limit.
    pub fn new(max: Option<u64>) -> Self {
        Self(Arc::new(Shared { max, reserved: Mutex::default() }))
    }

    /// An upload that has no room yet.
    pub fn reservation(&self) -> Reservation {
        Reservation { room: self.clone(), bytes: 0 }
    }

    fn reserved(&self) -> MutexGuard<'_, Reserved> {
        self.0.reserved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// Has room for a file of that length.
    ///
    /// # Errors
    /// [`UploadError::StorageFull`] if there is no room for it.
    pub async fn reserve(&mut self, services: &Services, length: u64) -> Result<(), UploadError> {
        self.grow(services, length, 0).await
    }

    /// Has room for so many bytes that have arrived, of which nobody knows how many there will be.
    ///
    /// # Errors
    /// As for [`reserve`](Self::reserve).
    pub async fn cover(&mut self, services: &Services, arrived: u64) -> Result<(), UploadError> {
        self.grow(services, arrived, STEP).await
    }

    async fn grow(
        &mut self,
        services: &Services,
        length: u64,
        ahead: u64,
    ) -> Result<(), UploadError> {
        let Some(max) = self.room.0.max else { return Ok(()) };
        let Some(missing) = length.checked_sub(self.bytes).filter(|missing| *missing > 0) else {
            return Ok(());
        };
        loop {
            let ended = self.room.reserved().ended;
            let stored = stored(services).await?;
            let mut reserved = self.room.reserved();
            if reserved.ended != ended {
                // It may be stored now and may not have been when the database was asked.
                continue;
            }
            let left = max.saturating_sub(stored).saturating_sub(reserved.bytes);
            if left < missing {
                return Err(UploadError::StorageFull);
            }
            // What is reserved ahead leaves room for others.
            let more = missing + Ord::min(ahead, (left - missing) / 8);
            reserved.bytes += more;
            self.bytes += more;
            return Ok(());
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut reserved = self.room.reserved();
        reserved.bytes = reserved.bytes.saturating_sub(self.bytes);
        reserved.ended += 1;
    }
}

async fn stored(services: &Services) -> Result<u64> {
    stored_in(services.database.connection()).await
}

/// How many bytes all contents have together.
pub(super) async fn stored_in<C: ConnectionTrait>(connection: &C) -> Result<u64> {
    let sum = Func::coalesce([Expr::col(blob::Column::Size).sum(), Expr::val(0)]);
    let used: Option<i64> = blob::Entity::find()
        .select_only()
        // PostgreSQL's sum has a type of its own.
        .expr_as(Expr::from(sum).cast_as("bigint"), "used")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(u64::try_from(used.unwrap_or_default()).unwrap_or_default())
}
