//! The program as a running server.

use crate::program::{Folder, SECRET};
use reqwest::{Client, RequestBuilder, Response};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    process::Stdio,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinHandle,
};

/// A running server.
pub struct Server {
    process: Child,
    /// The lines of its log so far.
    log: Arc<Mutex<Vec<String>>>,
    reading: JoinHandle<()>,
    pub address: String,
    pub metrics: String,
}

impl Server {
    /// Starts it and waits until it listens.
    pub async fn start(folder: &Folder, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_memoranda"));
        command
            .current_dir(&folder.0)
            .args(["serve", "--migrate"])
            .env_clear()
            .env("MEMORANDA_JWT_SECRET", SECRET);
        command
            .env("MEMORANDA_LISTEN", "127.0.0.1:0")
            .env("MEMORANDA_METRICS_LISTEN", "127.0.0.1:0");
        command.envs(settings.iter().copied()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (mut seen, mut address, mut metrics) = (Vec::new(), None, None);
        while address.is_none() {
            let line = lines
                .next_line()
                .await
                .unwrap()
                .unwrap_or_else(|| panic!("it ended:\n{}", seen.join("\n")));
            let after = |words: &str| {
                let (_, rest) = line.split_once(words)?;
                Some(rest.split(['"', ' ']).next().unwrap().to_owned())
            };
            metrics = after("metrics at ").or(metrics);
            address = after("listening on ");
            seen.push(line);
        }
        let log = Arc::new(Mutex::new(seen));
        let rest = log.clone();
        let reading = tokio::spawn(async move {
            while let Some(line) = lines.next_line().await.unwrap() {
                rest.lock().unwrap().push(line);
            }
        });
        Self { process, log, reading, address: address.unwrap(), metrics: metrics.unwrap() }
    }

    pub fn signal(&self) {
        self.send(Signal::TERM);
    }

    fn send(&self, signal: Signal) {
        let id = Pid::from_raw(self.process.id().unwrap().try_into().unwrap()).unwrap();
        kill_process(id, signal).unwrap();
    }

    /// Asks it to stop; its whole log.
    pub async fn stop(self) -> Vec<String> {
        self.stop_by(Signal::TERM).await
    }

    /// Asks it to stop by that signal; its whole log.
    pub async fn stop_by(mut self, signal: Signal) -> Vec<String> {
        self.send(signal);
        assert!(self.process.wait().await.unwrap().success());
        self.reading.await.unwrap();
        let log = self.log.lock().unwrap();
        log.clone()
    }

    pub fn post(&self, body: &impl ToString) -> RequestBuilder {
        let request = Client::new().post(format!("{}/graphql", self.address));
        request.header("content-type", "application/json").body(body.to_string())
    }
}

/// The answer of a request.
pub async fn json_of(request: RequestBuilder) -> Value {
    let response: Response = request.send().await.unwrap();
    response.json().await.unwrap()
}
