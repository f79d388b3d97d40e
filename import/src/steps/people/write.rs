//! Writes people, their passwords, and what mails they get.

use super::{Context, Plan};
use crate::{
    Result, convert::person::has_no_address, known::remember, report::Report, steps::insert::insert,
};
use entity::{NotificationKind, credential, mail_opt_out, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, Iterable,
    QueryFilter,
};
use service::{
    accounts::{expect_iterations, iterations_of},
    database::in_transaction,
};

/// Writes a portion, unless nothing is to be written, and counts it.
pub(super) async fn write(context: &Context<'_>, report: &mut Report, plan: Plan) -> Result<()> {
    if !context.options.dry_run {
        in_transaction(&context.services.database, async |transaction| -> Result<_> {
            write_in(context, transaction, &plan).await
        })
        .await?;
    }
    report.add(plan.tally).await
}

async fn write_in(
    context: &Context<'_>,
    transaction: &DatabaseTransaction,
    plan: &Plan,
) -> Result<()> {
    insert(transaction, &plan.made).await?;
    for person in &plan.changed {
        let row = person.clone().into_active_model();
        let all_but_id = user::ActiveModel { id: sea_orm::NotSet, ..row.reset_all() };
        user::Entity::update_many()
            .set(all_but_id)
            .filter(user::Column::Id.eq(person.id))
            .exec(transaction)
            .await?;
    }
    let opt_outs: Vec<mail_opt_out::Model> = plan
        .made
        .iter()
        .filter(|person| has_no_address(person))
        .flat_map(|person| {
            NotificationKind::iter()
                .map(|kind| mail_opt_out::Model { user_id: person.id, kind })
                .collect::<Vec<_>>()
        })
        .collect();
    insert(transaction, &opt_outs).await?;
    let iterations = plan.passwords.iter().filter_map(|(_, hash)| iterations_of(hash)).max();
    if let Some(iterations) = iterations {
        expect_iterations(transaction, iterations).await?;
    }
    for (user_id, hash) in &plan.passwords {
        credential::Entity::delete_by_id(*user_id).exec(transaction).await?;
        let row = credential::Model {
            user_id: *user_id,
            password_hash: hash.clone(),
            changed_at: context.now,
        };
        insert(transaction, &[row]).await?;
    }
    remember(transaction, &plan.notes).await
}
