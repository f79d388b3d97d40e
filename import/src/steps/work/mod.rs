//! Tasks and projects with their people.

mod plan;

use super::{Context, Links, PORTION, insert::insert_missing};
use crate::{
    Result,
    known::remember,
    pieces::pieces,
    report::{Report, Tally},
    source::schema::{
        PROJECT_RESPONSIBLE, PROJECT_STAGES, PROJECT_SUBSCRIBERS, PROJECTS, TASK_RESPONSIBLE,
        TASK_STAGES, TASK_SUBSCRIBERS, TASKS,
    },
    staging::{LinkRow, Range, WorkSourceRow},
};
use entity::{project, project_member, task, task_member};
use plan::{Plan, plan};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, DatabaseTransaction, IntoActiveModel,
    QueryFilter,
};
use service::{database::in_transaction, progress::Unit, work::WorkKind};
use uuid::Uuid;

/// The tables of a kind of work: its own, its people's.
struct Tables {
    own: &'static str,
    responsible: &'static str,
    subscribers: &'static str,
}

const OF_TASKS: Tables =
    Tables { own: TASKS, responsible: TASK_RESPONSIBLE, subscribers: TASK_SUBSCRIBERS };
const OF_PROJECTS: Tables =
    Tables { own: PROJECTS, responsible: PROJECT_RESPONSIBLE, subscribers: PROJECT_SUBSCRIBERS };

/// Rows of work with the links to their people.
struct Portion {
    rows: Vec<WorkSourceRow>,
    responsible: Vec<LinkRow>,
    subscribers: Vec<LinkRow>,
}

/// Imports all tasks and projects.
pub(crate) async fn run(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let total = "SELECT (SELECT count(*) FROM tasks_task)
        + (SELECT count(*) FROM tasks_project) AS n";
    let total = context.staging.number(total).await?;
    context.progress.begin("import tasks and projects", Some(total), Unit::Rows);
    let mut after = i64::MIN;
    loop {
        let rows = context.staging.tasks(after, PORTION).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { break };
        let range = Range { first: first.id, last: last.id };
        after = last.id;
        let portion = Portion {
            responsible: context.staging.task_responsible(range).await?,
            subscribers: context.staging.task_subscribers(range).await?,
            rows,
        };
        let here = import::<task::Entity, task_member::Model, _>(
            context,
            report,
            &OF_TASKS,
            &portion,
            |(task_id, user_id, part)| task_member::Model { task_id, user_id, part },
        );
        let here = here.await?;
        context.ids.tasks.extend(here);
    }
    let mut after = i64::MIN;
    loop {
        let rows = context.staging.projects(after, PORTION).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { break };
        let range = Range { first: first.id, last: last.id };
        after = last.id;
        let portion = Portion {
            responsible: context.staging.project_responsible(range).await?,
            subscribers: context.staging.project_subscribers(range).await?,
            rows,
        };
        let here = import::<project::Entity, project_member::Model, _>(
            context,
            report,
            &OF_PROJECTS,
            &portion,
            |(project_id, user_id, part)| project_member::Model { project_id, user_id, part },
        );
        let here = here.await?;
        context.ids.projects.extend(here);
    }
    let mut tally = Tally::default();
    for table in [TASK_STAGES, PROJECT_STAGES] {
        let count = context.staging.number(&format!("SELECT count(*) AS n FROM {table}")).await?;
        tally.of(table).merged += count;
    }
    report.add(tally).await
}

async fn import<E, M, A>(
    context: &Context<'_>,
    report: &mut Report,
    tables: &Tables,
    portion: &Portion,
    member: impl Fn((Uuid, Uuid, entity::WorkRole)) -> M,
) -> Result<Vec<(i64, Uuid)>>
where
    E: WorkKind,
    E::ActiveModel: Send,
    M: Clone + IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    let plan = plan::<E>(context, tables, portion).await?;
    let members: Vec<M> = plan.members.iter().copied().map(member).collect();
    if !context.options.dry_run {
        in_transaction(&context.services.database, async |transaction| -> Result<_> {
            write::<E>(transaction, &plan).await?;
            insert_missing(transaction, &members).await
        })
        .await?;
    }
    report.add(plan.tally).await?;
    context.progress.advance(u64::try_from(portion.rows.len()).unwrap_or_default());
    Ok(plan.here)
}

async fn write<E: WorkKind>(transaction: &DatabaseTransaction, plan: &Plan) -> Result<()>
where
    E::ActiveModel: Send,
{
    for piece in pieces(&plan.made) {
        let rows = piece.iter().cloned().map(E::new_row);
        E::insert_many(rows).exec_without_returning(transaction).await?;
    }
    for row in &plan.changed {
        E::update_many()
            .set(E::changed_row(row.clone()))
            .filter(E::COLUMNS.id.eq(row.id))
            .exec(transaction)
            .await?;
    }
    remember(transaction, &plan.notes).await
}
