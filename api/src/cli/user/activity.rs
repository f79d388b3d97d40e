//! `memoranda user deactivate` and `memoranda user activate`

use super::{Whom, denied, erased, gone};
use crate::cli::{Failure, help_with};
use service::{
    Viewer,
    accounts::{self, DeactivatePersonError, ReactivatePersonError},
};

const DEACTIVATE_EXAMPLES: &str = "  memoranda user deactivate ada";

/// End a person's access, at once and on every server. Their memos remain
#[derive(clap::Args)]
#[command(after_help = help_with(DEACTIVATE_EXAMPLES))]
pub(super) struct Deactivate {
    #[command(flatten)]
    whom: Whom,
}

impl Deactivate {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (services, person) = self.whom.find().await?;
        let changed = accounts::deactivate(&services, Viewer::OPERATOR, person.id).await;
        services.database.close().await?;
        match changed {
            Ok(_) => Ok(()),
            Err(DeactivatePersonError::NotFound) => Err(gone()),
            Err(DeactivatePersonError::Denied(denial)) => Err(denied(denial)),
            Err(DeactivatePersonError::Failed(error)) => Err(error.into()),
        }
    }
}

const ACTIVATE_EXAMPLES: &str = "  memoranda user activate ada";

/// Give a person their access back. They sign in anew
#[derive(clap::Args)]
#[command(after_help = help_with(ACTIVATE_EXAMPLES))]
pub(super) struct Activate {
    #[command(flatten)]
    whom: Whom,
}

impl Activate {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (services, person) = self.whom.find().await?;
        let changed = accounts::reactivate(&services, Viewer::OPERATOR, person.id).await;
        services.database.close().await?;
        match changed {
            Ok(_) => Ok(()),
            Err(ReactivatePersonError::NotFound) => Err(gone()),
            Err(ReactivatePersonError::Erased) => Err(erased()),
            Err(ReactivatePersonError::Failed(error)) => Err(error.into()),
        }
    }
}
