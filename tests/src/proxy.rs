//! A proxy in front of PostgreSQL or S3. It fails as networks do.

use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What the proxy does with its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Everything passes.
    Pass,
    /// The connection breaks when the database answers a COMMIT.
    CutCommits,
    /// Nothing passes any more, in either direction, but connections stay open.
    Silence,
}

/// A proxy on its own port, until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    /// The address on which it listens.
    pub address: SocketAddr,
    rule: watch::Sender<Rule>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Relays everything to that address.
    pub async fn open(upstream: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let rule = watch::Sender::new(Rule::Pass);
        let rules = rule.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (upstream, rules) = (upstream.clone(), rules.subscribe());
                tokio::spawn(carry(client, upstream, rules));
            }
        });
        Self { address, rule, accepting }
    }

    /// From now on, the database's answers to COMMIT are lost, and their connections with them.
    pub fn cut_commits(&self) {
        self.rule.send_replace(Rule::CutCommits);
    }

    /// Becomes silent. The existing connections stay silent for ever.
    pub fn fall_silent(&self) {
        self.rule.send_replace(Rule::Silence);
    }

    /// Lets everything pass, on new connections.
    pub fn pass(&self) {
        self.rule.send_replace(Rule::Pass);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Relays a connection until it ends.
async fn carry(mut client: TcpStream, upstream: String, mut rules: watch::Receiver<Rule>) {
    let (mut asked, mut answered) = (vec![0; 1 << 14], vec![0; 1 << 14]);
    let mut loses_commit = false;
    if *rules.borrow_and_update() == Rule::Silence {
        std::future::pending::<()>().await;
    }
    let Ok(mut server) = TcpStream::connect(upstream).await else { return };
    loop {
        tokio::select! {
            biased;
            changed = rules.changed() => {
                // Without the proxy's rules, nothing is left after a test ends.
                if changed.is_err() {
                    return;
                }
                if *rules.borrow_and_update() == Rule::Silence {
                    std::future::pending::<()>().await;
                }
            }
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                let bytes = &asked[..length];
                let commits = bytes.windows(7).any(|window| window == b"COMMIT\0");
                loses_commit |= commits && *rules.borrow() == Rule::CutCommits;
                if server.write_all(bytes).await.is_err() {
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if loses_commit || client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}
