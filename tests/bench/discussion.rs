//! The cost of a preview, a deletion and a restore with a short and with a long discussion. All run
//! in this process, one after the other. Each memo is deleted and restored many times.

use crate::{Result, fill::FilledMemo};
use api::backend::Backend;
use entity::UserRole;
use service::{
    Viewer,
    memo_deletion::{self, Deletion, Lists, Outcome},
};
use std::{
    fmt::Write,
    time::{Duration, Instant},
};

/// Rounds for each memo. The fastest counts, because the others were interrupted.
const ROUNDS: usize = 200;

const OPERATIONS: [&str; 3] = ["preview", "deletion", "restore"];

/// A table of microseconds per operation.
///
/// # Errors
/// The error of the database.
pub(crate) async fn measure(backend: &Backend, discussed: &[FilledMemo]) -> Result<String> {
    let mut table = String::from(
        "a memo's discussion, microseconds per operation in one thread without HTTP\n\n\
         operation    10 comments   100,000 comments   ratio\n",
    );
    let [short, long] = discussed else { return Err("two discussions are needed".into()) };
    let (short, long) = (fastest(backend, short).await?, fastest(backend, long).await?);
    for ((name, short), long) in OPERATIONS.into_iter().zip(short).zip(long) {
        let ratio = long.as_secs_f64() / short.as_secs_f64();
        let (short, long) = (short.as_micros(), long.as_micros());
        writeln!(table, "{name:<10} {short:>13} {long:>18} {ratio:>7.2}")?;
    }
    Ok(table)
}

async fn fastest(backend: &Backend, memo: &FilledMemo) -> Result<[Duration; 3]> {
    let Backend { services, deletion, .. } = backend;
    let viewer = Viewer { id: memo.author, role: UserRole::Member };
    let lists = Lists { removed: Some(20), kept: Some(20) };
    let mut fastest = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let preview = memo_deletion::preview(services, deletion, viewer, memo.id, lists).await?;
        let previewed = start.elapsed();
        let token =
            preview.as_ref().and_then(|preview| preview.confirmation_token()).map(str::to_owned);
        let asked = Deletion { memo_id: memo.id, confirmation_token: token, reason: None };
        let start = Instant::now();
        let outcome = memo_deletion::delete(services, deletion, viewer, &asked).await?;
        let deleted = start.elapsed();
        let Outcome::Deleted { record, .. } = outcome else {
            return Err(format!("the deletion was refused: {outcome:?}").into());
        };
        let start = Instant::now();
        memo_deletion::restore(services, viewer, record.id).await?;
        let restored = start.elapsed();
        for (fastest, now) in fastest.iter_mut().zip([previewed, deleted, restored]) {
            *fastest = now.min(*fastest);
        }
    }
    Ok(fastest)
}
