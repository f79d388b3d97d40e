//! `memoranda user role`

use super::{Role, Whom, denied, erased, gone};
use crate::cli::{Failure, help_with};
use service::{
    Viewer,
    people::{self, PersonChanges, UpdatePersonError},
};

const EXAMPLES: &str = "  memoranda user role ada chief";

/// Give a person another role
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct SetRole {
    #[command(flatten)]
    whom: Whom,
    /// member, chief (may read every sent memo) or admin (runs the system: holds, the deletion log)
    #[arg(value_enum, hide_possible_values = true)]
    role: Role,
}

impl SetRole {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (services, person) = self.whom.find().await?;
        let changes = PersonChanges { role: Some(self.role.into()), ..PersonChanges::default() };
        let changed = people::update(&services, Viewer::OPERATOR, person.id, &changes).await;
        services.database.close().await?;
        match changed {
            Ok(_) => Ok(()),
            Err(UpdatePersonError::NotFound) => Err(gone()),
            Err(UpdatePersonError::Erased) => Err(erased()),
            Err(UpdatePersonError::Denied(denial)) => Err(denied(denial)),
            Err(UpdatePersonError::Invalid(problem)) => Err(Failure::failed(problem)),
            Err(UpdatePersonError::Taken(taken)) => Err(Failure::failed(taken)),
            Err(UpdatePersonError::Failed(error)) => Err(error.into()),
        }
    }
}
