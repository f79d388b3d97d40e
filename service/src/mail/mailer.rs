//! The mail server, and handing a message over to it.

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig},
};
use std::{fmt, time::Duration};
use uuid::Uuid;

/// Longest wait for a connection to the mail server.
const CONNECTING: Duration = Duration::from_secs(30);
/// Longest time that handing over one message may take. Shorter than the lease, or two processes
/// could send the same one.
pub(super) const SENDING: Duration = Duration::from_secs(120);
/// Most connections to the mail server; as many messages are handed over at the same time.
pub(super) const CONNECTIONS: u32 = 4;
/// How long a connection that nobody uses is kept.
const IDLE: Duration = Duration::from_secs(30);
/// Answers of the 5xx kind that are about the account rather than the message: an operator puts it
/// right, and the mail goes out.
const ABOUT_THE_ACCOUNT: [u16; 4] = [530, 534, 535, 538];

/// How mail is sent.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The mail server.
    pub server: SmtpServer,
    /// From whom mails are.
    pub from: Sender,
    /// Where people find what a mail tells of; without it, mails carry no links.
    pub links: Option<Links>,
}

/// The address of a mail server, with what it takes to sign in there. Printing it shows none of
/// that.
#[derive(Clone)]
pub struct SmtpServer(AsyncSmtpTransportBuilder);

impl SmtpServer {
    /// Reads `smtp://user:password@host:port?tls=required`, or `smtps://…`; `None` if it is none. A
    /// parameter that means nothing is refused: a misspelt one would send in the clear.
    pub fn parse(url: &str) -> Option<Self> {
        let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
        let known = matches!(parameters, "" | "tls=required" | "tls=opportunistic");
        let authority = address.split_once("://")?.1;
        // A user without a password would not be signed in.
        let complete = authority.rsplit_once('@').is_none_or(|(account, _)| account.contains(':'));
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).ok()?;
        (known && complete).then_some(Self(builder))
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpServer(***)")
    }
}

/// From whom mails are: an address, with a name or without.
#[derive(Debug, Clone)]
pub struct Sender(Mailbox);

impl Sender {
    /// Reads `memos@example.org` or `Memoranda <memos@example.org>`; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// The address with its name.
    pub(super) fn mailbox(&self) -> Mailbox {
        self.0.clone()
    }

    /// What stands behind the `@`.
    pub(super) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

/// What a mail may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A memo.
    Memo(Uuid),
    /// A task.
    Task(Uuid),
    /// A project.
    Project(Uuid),
}

/// Where people find what a mail tells of.
#[derive(Debug, Clone)]
pub struct Links {
    /// The address of the client that people use. `{id}` in it stands for the global id; without
    /// one, `/memos/`, `/tasks/` or `/projects/` and the id are appended.
    pub public_url: String,
    /// The global id of a thing.
    pub id: fn(Thing) -> String,
}

impl Links {
    /// The address of that thing.
    pub(super) fn to(&self, thing: Thing) -> String {
        let id = (self.id)(thing);
        if self.public_url.contains("{id}") {
            return self.public_url.replace("{id}", &id);
        }
        let folder = match thing {
            Thing::Memo(_) => "memos",
            Thing::Task(_) => "tasks",
            Thing::Project(_) => "projects",
        };
        format!("{}/{folder}/{id}", self.public_url.trim_end_matches('/'))
    }
}

/// The connections to the mail server. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    pub(super) from: Sender,
    pub(super) links: Option<Links>,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer")
            .field("from", &self.from)
            .field("links", &self.links)
            .finish_non_exhaustive()
    }
}

/// Why a message was not taken.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Whether it is of no use to try again.
    pub(super) permanent: bool,
    /// What may be logged: the code of the answer, or what hindered the connection.
    pub(super) code: String,
    /// The whole answer, which may quote the person's address.
    pub(super) answer: String,
}

impl Mailer {
    /// Connects at the first mail. Needs to be called within the runtime.
    pub fn new(settings: MailSettings) -> Self {
        let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE);
        let transport = settings.server.0.timeout(Some(CONNECTING)).pool_config(pool).build();
        Self { transport, from: settings.from, links: settings.links }
    }

    /// Hands the message over. `Ok` is the mail server's word that it has it.
    pub(super) async fn send(&self, message: Message) -> Result<(), Refusal> {
        match tokio::time::timeout(SENDING, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(refusal(&error)),
            Err(_) => {
                let code = "the mail server took too long".to_owned();
                Err(Refusal { permanent: false, answer: code.clone(), code })
            }
        }
    }

    /// Connects and, where there is an account, signs in; sends nothing.
    ///
    /// # Errors
    /// What the server or the network answers, in words for an operator.
    pub async fn try_out(&self) -> Result<(), String> {
        match tokio::time::timeout(SENDING, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("it answers, and refuses to go on".to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("it does not answer in time".to_owned()),
        }
    }

    /// Takes leave of the mail server.
    pub(super) async fn close(&self) {
        self.transport.shutdown().await;
    }
}

fn refusal(error: &Error) -> Refusal {
    let status = error.status().map(u16::from);
    let permanent =
        error.is_permanent() && !status.is_some_and(|code| ABOUT_THE_ACCOUNT.contains(&code));
    let answer = error.to_string();
    let code = status.map_or_else(|| answer.clone(), |code| code.to_string());
    Refusal { permanent, code, answer }
}
