//! Passes the open tasks and projects of a person who has left on to somebody else.

use super::{kinds::WorkKind, locked::lock, people::replace};
use crate::{
    Result, Services, Viewer,
    database::{Parameters, sql::ids_in},
};
use entity::{UserRole, WorkRole};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use uuid::Uuid;

/// The maximum number of tasks, and of projects, that one call passes on.
const PORTION: u32 = 500;

/// Makes `to` responsible in place of `from` for open tasks or projects, and notifies them of each.
/// Returns how many there were: at most 500 at a time.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn pass_on<W: WorkKind>(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    (from, to): (Uuid, Uuid),
) -> Result<i64> {
    let open = open_work_statement(transaction.get_database_backend(), W::KIND, from);
    let rows = transaction.query_all_raw(open).await?;
    // Whoever is responsible sees it.
    let responsible = Viewer { id: from, role: UserRole::Member };
    let mut count = 0;
    for id in ids_in(&rows, "id")? {
        let Some(work) = lock::<W>(transaction, responsible, id).await? else { continue };
        // Somebody else may have replaced them during the wait for the lock.
        if work.parts.get(&from) != Some(&WorkRole::Responsible) {
            continue;
        }
        let mut after = work.parts.clone();
        after.remove(&from);
        after.insert(to, WorkRole::Responsible);
        replace::<W>(services, transaction, viewer, &work.row, (&work.parts, &after)).await?;
        count += 1;
    }
    Ok(count)
}

/// The open tasks or projects `t` for which the person `:person` is responsible, as the rest of a
/// statement after its columns.
pub(crate) fn open_of_person(work: &str) -> String {
    format!(
        "FROM {work}_members own
        JOIN {work}s t ON t.id = own.{work}_id AND t.stage IN ('OPEN', 'IN_PROGRESS')
        WHERE own.user_id = :person AND own.part = 'RESPONSIBLE'"
    )
}

fn open_work_statement(backend: DbBackend, work: &str, person: Uuid) -> Statement {
    Parameters::new(backend).bind("person", person).statement(&format!(
        "SELECT t.id {}
        ORDER BY t.id
        LIMIT {PORTION}",
        open_of_person(work)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        for work in ["task", "project"] {
            assert_statement(&format!("open_work.{work}"), |backend| {
                open_work_statement(backend, work, Uuid::nil())
            });
        }
    }
}
