//! Repeats on an older database what the ledger knows and the database lacks.
//!
//! Each thing is one transaction, and none is done twice. So a repetition that is interrupted is
//! continued by the next one. It notifies nobody, because people were notified the first time. It
//! writes no events, because the ledger has them already.

pub use crate::memo_deletion::StepResult;

use crate::{
    Error, Result, Services,
    database::in_transaction,
    ledger::{Appender, Attempt, Ledger, Step, Subject},
    memo_deletion::{self, RepeatedDeletion},
    person_erasure,
};
use std::time::Duration;

/// The pause before another server is asked again whether it has finished appending.
const PAUSE: Duration = Duration::from_millis(500);

/// The result of a repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeated {
    /// How many things the database still lacks.
    pub missing: i64,
}

/// Repeats what the database lacks, in the order of the ledger. `report` is called after each step.
/// In the end, the database knows all lines of the ledger, unless a hold hinders something.
///
/// # Errors
/// [`Error::Ledger`] if it is not the ledger that the database knows, if a line is not what was
/// written, or if a line cannot be checked because its secret is unknown. Also returns errors of
/// the database and the store. What was repeated before stays so.
pub async fn repeat(
    services: &Services,
    ledger: &Ledger,
    mut report: impl FnMut(&Step, StepResult),
) -> Result<Repeated> {
    let comparison = ledger.compare(&services.database).await?;
    if !comparison.all_verified {
        return Err(Error::Ledger(
            "some of these lines were hashed with another secret, so nobody knows whether they are \
             right: give it with --former-secrets"
                .to_owned(),
        ));
    }
    for step in &comparison.steps {
        let result = match step.obstacle {
            Some(obstacle) => StepResult::Hindered(obstacle),
            None => repeat_step(services, step).await?,
        };
        report(step, result);
    }
    let mut appender = Appender::new(ledger.clone());
    loop {
        if let Attempt::Complete(missing) = appender.append(services).await? {
            return Ok(Repeated { missing });
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn repeat_step(services: &Services, step: &Step) -> Result<StepResult> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let entry = &step.line.entry;
        match step.subject {
            Subject::Deletion { record, memo } => {
                let deletion = RepeatedDeletion { record, memo };
                memo_deletion::repeat(services, transaction, deletion, entry).await
            }
            Subject::Person(person) => {
                person_erasure::repeat(services, transaction, person, entry).await
            }
        }
    })
    .await
}
