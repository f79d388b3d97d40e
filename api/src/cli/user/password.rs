//! `memoranda user password`

use super::{Whom, erased, gone};
use crate::cli::{Failure, help_with, output};
use service::accounts::{self, SetPasswordError};

const PASSWORD_EXAMPLES: &str = "  memoranda user password ada
  printf '%s' \"$PASSWORD\" | memoranda user password ada --stdin";

/// Set a person's password and end their sessions. Prints a new password, unless one is given
#[derive(clap::Args)]
#[command(after_help = help_with(PASSWORD_EXAMPLES))]
pub(super) struct Password {
    #[command(flatten)]
    whom: Whom,
    /// Take the password from the first line of standard input: 12 to 256 characters
    #[arg(long)]
    stdin: bool,
}

impl Password {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (services, person) = self.whom.find().await?;
        let given = if self.stdin { Some(first_line()?) } else { None };
        let password = given.clone().unwrap_or_else(|| accounts::new_password(&services));
        let set = match accounts::set_password_of(&services, person.id, &password).await {
            Ok(_) => Ok(()),
            Err(SetPasswordError::Password(problem)) => {
                Err(Failure::failed(format_args!("the password {problem}")))
            }
            Err(SetPasswordError::Erased) => Err(erased()),
            Err(SetPasswordError::NotFound | SetPasswordError::Busy) => Err(gone()),
            Err(SetPasswordError::Failed(error)) => return Err(error.into()),
        };
        services.database.close().await?;
        set?;
        if given.is_some() { Ok(()) } else { output::print(&password) }
    }
}

/// The first line of standard input, without the line break.
fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.map_err(|error| Failure::failed(format_args!("standard input cannot be read: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
