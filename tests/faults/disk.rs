//! A small disk for SQLite: a file system in a name space of its own, in which this program runs
//! again. No administrator is needed where the system lets people make such name spaces, and
//! whatever runs there ends with it.

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

/// How many megabytes it has.
const MEGABYTES: usize = 256;
const NAME_SPACE: [&str; 6] =
    ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--kill-child"];

/// The disk on which this program runs.
#[derive(Debug)]
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// The one that is mounted there.
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Fills it to the last byte.
    ///
    /// # Errors
    /// What the system answers, besides that it is full.
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

    /// Makes room again.
    ///
    /// # Errors
    /// What the system answers.
    pub(crate) fn free(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.0.join("filler"))?)
    }
}

/// Whether the system lets this user make a disk.
pub(crate) async fn is_possible() -> bool {
    let mut command = Command::new("unshare");
    command.args(NAME_SPACE).arg("true").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().await.is_ok_and(|status| status.success())
}

/// Runs the part on SQLite on a disk of its own.
///
/// # Errors
/// That it broke.
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
        Err(format!("the part on SQLite broke: {status}").into())
    }
}
