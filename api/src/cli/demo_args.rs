//! The flag of commands that can use a demo's database and secret.

use super::{
    Failure,
    demo_folder::{DEFAULT, DemoFolder},
    output,
};
use crate::settings::Values;
use std::path::PathBuf;

/// The demo that a command uses.
#[derive(clap::Args)]
pub(super) struct DemoArgs {
    /// Folder of a demo. The command uses its database and its secret if none are set. Without this
    /// flag, it uses memoranda-demo in the current folder, if that exists and is needed
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl DemoArgs {
    /// Takes missing settings from the demo that was named, or, if they are `needed`, from the one
    /// in the current folder.
    pub(super) fn apply(self, values: &mut Values, needed: bool) -> Result<(), Failure> {
        let named = self.folder.is_some();
        let folder = DemoFolder::new(self.folder.unwrap_or_else(|| DEFAULT.into()));
        if !folder.has_demo() {
            return if named { Err(folder.no_demo()) } else { Ok(()) };
        }
        if named || needed {
            folder.set_missing_places(values);
            folder.set_saved_secret(values)?;
        }
        if needed && !named {
            output::note(&format!("note: this is for the demo in {folder}"));
        }
        Ok(())
    }
}
