//! Where the bytes of files are: in a folder, or in S3 as moto simulates it.

use crate::{
    Result,
    chance::Chance,
    relay::{Relay, Rule},
    server::free_address,
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::process::{Child, Command};

const BUCKET: &str = "memoranda";

/// The bytes of files.
#[derive(Debug)]
pub(crate) enum Store {
    Folder(PathBuf),
    Bucket { relay: Relay, address: SocketAddr, _moto: Box<Child> },
}

impl Store {
    /// A folder.
    pub(crate) fn folder(parent: &Path) -> Self {
        Self::Folder(parent.join("files"))
    }

    /// An S3 bucket behind a relay.
    ///
    /// # Errors
    /// Moto does not start.
    pub(crate) async fn bucket(moto: &Path, chance: Chance) -> Result<Self> {
        let address = free_address()?;
        let port = address.port().to_string();
        let mut command = Command::new(moto);
        command.args(["-H", "127.0.0.1", "-p", &port]).kill_on_drop(true);
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let relay = Relay::open(Some(address), chance).await?;
        let make = reqwest::Client::new().put(format!("http://{address}/{BUCKET}"));
        for _ in 0..600 {
            let asked = make.try_clone().ok_or("a request without a stream")?;
            if asked.send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(Self::Bucket { relay, address, _moto: Box::new(child) });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("moto_server does not answer".into())
    }

    /// The kind of store.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Folder(_) => "a folder",
            Self::Bucket { .. } => "S3",
        }
    }

    /// The server's settings for it.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Folder(folder) => vec![("MEMORANDA_FILE_STORE", folder.display().to_string())],
            Self::Bucket { relay, .. } => vec![
                ("MEMORANDA_FILE_STORE", format!("s3://{BUCKET}/files")),
                ("AWS_ENDPOINT", format!("http://{}", relay.address)),
                ("AWS_ALLOW_HTTP", "true".to_owned()),
                ("AWS_REGION", "us-east-1".to_owned()),
                ("AWS_ACCESS_KEY_ID", "anybody".to_owned()),
                ("AWS_SECRET_ACCESS_KEY", "anything".to_owned()),
            ],
        }
    }

    /// Makes it fail. The folder disappears, and nothing can be created in its place.
    ///
    /// # Errors
    /// The error of the system.
    pub(crate) fn fail(&self, rule: Rule) -> Result<()> {
        match self {
            Self::Folder(folder) => {
                std::fs::rename(folder, away(folder))?;
                std::fs::write(folder, "no folder")?;
            }
            Self::Bucket { relay, .. } => relay.set(rule),
        }
        Ok(())
    }

    /// Repairs it.
    ///
    /// # Errors
    /// The error of the system.
    pub(crate) fn heal(&self) -> Result<()> {
        match self {
            Self::Folder(folder) => {
                std::fs::remove_file(folder)?;
                std::fs::rename(away(folder), folder)?;
            }
            Self::Bucket { relay, .. } => relay.set(Rule::Pass),
        }
        Ok(())
    }

    /// The stored contents and their lengths. Uploads in progress are elsewhere.
    ///
    /// # Errors
    /// The error of the store.
    pub(crate) async fn contents(&self) -> Result<BTreeMap<String, u64>> {
        let mut found = BTreeMap::new();
        match self {
            Self::Folder(folder) => walk(folder, &folder.join("sha256"), &mut found)?,
            Self::Bucket { address, .. } => {
                let mut after = String::new();
                loop {
                    let list = format!(
                        "http://{address}/{BUCKET}?list-type=2&prefix=files/sha256/\
                         &start-after={after}"
                    );
                    let page = reqwest::get(list).await?.error_for_status()?.text().await?;
                    let before = found.len();
                    for object in page.split("<Contents>").skip(1) {
                        let key =
                            between(object, "<Key>", "</Key>").ok_or("an object without a key")?;
                        let size = between(object, "<Size>", "</Size>")
                            .ok_or("an object without a size")?;
                        found.insert(key.trim_start_matches("files/").to_owned(), size.parse()?);
                        key.clone_into(&mut after);
                    }
                    if found.len() == before {
                        break;
                    }
                }
            }
        }
        Ok(found)
    }
}

fn away(folder: &Path) -> PathBuf {
    folder.with_extension("away")
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    text.split_once(begin)?.1.split_once(end).map(|(inner, _)| inner)
}

fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, u64>) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(root, &entry.path(), found)?;
        } else {
            let location = entry.path().strip_prefix(root)?.display().to_string();
            found.insert(location, entry.metadata()?.len());
        }
    }
    Ok(())
}
