//! The storage space that is left, taking running uploads into account.

use super::errors::UploadError;
use crate::{Result, Services};
use entity::blob;
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, QuerySelect,
    sea_query::{Expr, Func},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many bytes an upload of unknown length reserves ahead at most. Each reservation costs a
/// statement.
const STEP: u64 = 1_048_576;

/// The storage space for all uploads of this process. Each process counts only its own running
/// uploads. With several processes, there may be too many bytes for a while, but never too many
/// stored files.
#[derive(Debug, Clone)]
pub struct Room(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The maximum number of bytes of all contents together. `None` for no limit.
    max: Option<u64>,
    reserved: Mutex<Reserved>,
}

#[derive(Debug, Default)]
struct Reserved {
    bytes: u64,
    /// How many reservations have ended. Their bytes may have been stored since.
    ended: u64,
}

/// The space that is reserved for one upload. It is released on drop, after the bytes are stored or
/// removed.
#[derive(Debug)]
pub struct Reservation {
    room: Room,
    bytes: u64,
}

impl Room {
    /// Space for at most this number of bytes of all contents together. `None` for no limit.
    pub fn new(max: Option<u64>) -> Self {
        Self(Arc::new(Shared { max, reserved: Mutex::default() }))
    }

    /// A reservation for an upload, with no space yet.
    pub fn reservation(&self) -> Reservation {
        Reservation { room: self.clone(), bytes: 0 }
    }

    fn reserved(&self) -> MutexGuard<'_, Reserved> {
        self.0.reserved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// Reserves space for a file of this length.
    ///
    /// # Errors
    /// [`UploadError::StorageFull`] if there is not enough space.
    pub async fn reserve(&mut self, services: &Services, length: u64) -> Result<(), UploadError> {
        self.grow(services, length, 0).await
    }

    /// Reserves space for the bytes that have arrived. The length of the upload is unknown.
    ///
    /// # Errors
    /// The same as for [`reserve`](Self::reserve).
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
                // A reservation has ended since. Its bytes may be stored now and not be part of the
                // sum.
                continue;
            }
            let left = max.saturating_sub(stored).saturating_sub(reserved.bytes);
            if left < missing {
                return Err(UploadError::StorageFull);
            }
            // The part reserved ahead leaves space for other uploads.
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
        // PostgreSQL returns the sum as a different type.
        .expr_as(Expr::from(sum).cast_as("bigint"), "used")
        .into_tuple()
        .one(connection)
        .await?;
    Ok(u64::try_from(used.unwrap_or_default()).unwrap_or_default())
}
