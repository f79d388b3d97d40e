//! A relay between the servers and the systems that they use. It fails as networks do.

use crate::{Result, chance::Chance};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What the relay does with its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Everything passes.
    Pass,
    /// Connections are closed at once.
    Refuse,
    /// Nothing passes in either direction, and nobody is notified.
    Silence,
    /// Everything passes, but later.
    Delay(Duration),
    /// One of so many answers is lost, and its connection with it.
    LoseAnswers(usize),
}

#[derive(Debug, Clone, Copy)]
struct State {
    rule: Rule,
    target: Option<SocketAddr>,
    /// Connections end when this changes.
    epoch: u64,
}

/// A relay on its own port. Dropping it ends all its connections.
#[derive(Debug)]
pub(crate) struct Relay {
    /// The address on which it listens.
    pub(crate) address: SocketAddr,
    state: watch::Sender<State>,
    accepting: JoinHandle<()>,
}

impl Relay {
    /// Relays everything to that address, or to none as long as there is none.
    ///
    /// # Errors
    /// No port is free.
    pub(crate) async fn open(target: Option<SocketAddr>, mut chance: Chance) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = watch::Sender::new(State { rule: Rule::Pass, target, epoch: 0 });
        let states = state.subscribe();
        let accepting = tokio::spawn(async move {
            let mut number = 0;
            while let Ok((client, _)) = listener.accept().await {
                number += 1;
                let own =
                    Chance::new(u64::try_from(chance.below(1 << 30)).unwrap_or_default(), number);
                tokio::spawn(carry(client, states.clone(), own));
            }
        });
        Ok(Self { address, state, accepting })
    }

    /// From now on, this rule applies. Only a refusal ends the existing connections.
    pub(crate) fn set(&self, rule: Rule) {
        self.state.send_modify(|state| {
            state.epoch += u64::from(rule == Rule::Refuse);
            state.rule = rule;
        });
    }

    /// Ends all connections. It still accepts new ones.
    pub(crate) fn cut(&self) {
        self.state.send_modify(|state| state.epoch += 1);
    }

    /// Relays to another address, and ends the connections to the old one.
    pub(crate) fn lead_to(&self, target: Option<SocketAddr>) {
        self.state.send_if_modified(|state| {
            let changes = state.target != target;
            state.epoch += u64::from(changes);
            state.target = target;
            changes
        });
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Relays a connection until it ends.
async fn carry(mut client: TcpStream, mut states: watch::Receiver<State>, mut chance: Chance) {
    let mut state = *states.borrow_and_update();
    let epoch = state.epoch;
    match state.rule {
        Rule::Refuse => return,
        Rule::Silence => return stay_silent(client, None, states).await,
        Rule::Pass | Rule::Delay(_) | Rule::LoseAnswers(_) => {}
    }
    let Some(target) = state.target else { return };
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    let (mut asked, mut answered) = (vec![0; 1 << 14], vec![0; 1 << 14]);
    loop {
        tokio::select! {
            biased;
            changed = states.changed() => {
                if changed.is_err() {
                    return;
                }
                state = *states.borrow_and_update();
                if state.epoch != epoch {
                    return;
                }
                if state.rule == Rule::Silence {
                    return stay_silent(client, Some(server), states).await;
                }
            }
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                wait_for(state.rule).await;
                if server.write_all(asked.get(..length).unwrap_or_default()).await.is_err() {
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                wait_for(state.rule).await;
                if matches!(state.rule, Rule::LoseAnswers(times) if chance.one_in(times)) {
                    return;
                }
                if client.write_all(answered.get(..length).unwrap_or_default()).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn wait_for(rule: Rule) {
    if let Rule::Delay(time) = rule {
        tokio::time::sleep(time).await;
    }
}

/// When the silence ends, the far side closes the connection, as keepalives would make it do. The
/// near side is never notified.
async fn stay_silent(
    client: TcpStream,
    server: Option<TcpStream>,
    mut states: watch::Receiver<State>,
) {
    while states.borrow_and_update().rule == Rule::Silence {
        if states.changed().await.is_err() {
            return;
        }
    }
    drop(server);
    while states.changed().await.is_ok() {}
    drop(client);
}
