//! A small disk for SQLite: a file system in its own namespace, in which this program runs again.
//! It needs no administrator if the system lets people create namespaces. Everything in the
//! namespace ends with it.

use crate::{Result, options::Options, report::Row};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
};

/// Its size in megabytes.
const MEGABYTES: usize = 256;
const NAME_SPACE: [&str; 6] =
    ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"];

/// The disk on which this program runs.
#[derive(Debug)]
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// The disk that is mounted in that folder.
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Fills the disk to the last byte.
    ///
    /// # Errors
    /// The error of the system, unless it says that the disk is full.
    pub(crate) fn fill(&self) -> Result<()> {
        let mut filler = std::fs::File::create(self.0.join("filler"))?;
        for size in [1 << 20, 1 << 12, 1] {
            let bytes = vec![0; size];
            loop {
                match filler.write_all(&bytes) {
                    Ok(()) => {}
                    Err(error) if error.kind() == std::io::ErrorKind::StorageFull => break,
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    /// Frees the space again.
    ///
    /// # Errors
    /// The error of the system.
    pub(crate) fn free(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.0.join("filler"))?)
    }
}

/// Whether the system lets this user create a disk.
pub(crate) async fn is_possible() -> bool {
    let mut command = Command::new("unshare");
    command.args(NAME_SPACE).arg("true").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().await.is_ok_and(|status| status.success())
}

/// Runs the part on SQLite on its own disk.
///
/// # Errors
/// The part failed.
pub(crate) async fn run_on_one(
    options: &Options,
    folder: &Path,
    tell: impl Fn(&Row),
) -> Result<()> {
    let disk = folder.join("disk");
    std::fs::create_dir_all(&disk)?;
    let script = r#"mount -t tmpfs -o size="$1"m tmpfs "$2" && shift 2 && exec "$@""#;
    let mut child = Command::new("unshare")
        .args(NAME_SPACE)
        .args(["sh", "-c", script, "sh", &MEGABYTES.to_string()])
        .arg(&disk)
        .arg(std::env::current_exe()?)
        .args(options.again_on(&disk)?)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = child.stdout.take().ok_or("no output")?;
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await? {
        tell(&serde_json::from_str(&line)?);
    }
    let status = child.wait().await?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("the part on SQLite failed: {status}").into())
    }
}
