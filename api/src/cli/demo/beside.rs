//! Commands that are run next to a demo find what it keeps.

use super::folder::{DemoFolder, STANDARD};
use crate::{
    cli::{Failure, output},
    settings::Values,
};
use std::path::PathBuf;

/// The demo next to which a command is run.
#[derive(clap::Args)]
pub(in crate::cli) struct BesideDemo {
    /// Folder of a demo: its database and its secret are taken where none are set; without it,
    /// memoranda-demo in the current folder, if it is there and needed
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl BesideDemo {
    /// Takes from the demo what is not set: from the one that was named, or, where something is
    /// `needed`, from the one in the current folder.
    pub(in crate::cli) fn fill_in(self, values: &mut Values, needed: bool) -> Result<(), Failure> {
        let named = self.folder.is_some();
        let folder = DemoFolder::new(self.folder.unwrap_or_else(|| STANDARD.into()));
        if !folder.has_demo() {
            return if named { Err(folder.has_none()) } else { Ok(()) };
        }
        if named || needed {
            folder.fill_in(values);
            folder.fill_in_kept_secret(values)?;
        }
        if needed && !named {
            output::note(&format!("note: this is for the demo in {folder}"));
        }
        Ok(())
    }
}
