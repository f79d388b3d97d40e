//! The mail server, and sending messages to it.

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{AsyncSmtpTransportBuilder, Error, PoolConfig},
};
use std::{fmt, time::Duration};
use uuid::Uuid;

/// The longest wait for a connection to the mail server.
const CONNECTING: Duration = Duration::from_secs(30);
/// The longest time for sending one message. It is shorter than the lease. Otherwise two processes
/// could send the same message.
pub(super) const SENDING: Duration = Duration::from_secs(120);
/// The maximum number of connections to the mail server, and of messages sent at the same time.
pub(super) const CONNECTIONS: u32 = 4;
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);
/// 5xx replies about the account rather than the message. The mail can be sent after an operator
/// has corrected the account.
const ABOUT_THE_ACCOUNT: [u16; 4] = [530, 534, 535, 538];

/// How mail is sent.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// The mail server.
    pub server: SmtpServer,
    /// The sender of mails.
    pub from: Sender,
    /// The links in mails. Without it, mails contain no links.
    pub links: Option<Links>,
}

/// The address of a mail server, with the credentials. Printing it does not show them.
#[derive(Clone)]
pub struct SmtpServer(AsyncSmtpTransportBuilder);

impl SmtpServer {
    /// Parses `smtp://user:password@host:port?tls=required`, or `smtps://…`. `None` if it is
    /// invalid. An unknown parameter is refused: with a misspelt one, mails would be sent
    /// unencrypted.
    pub fn parse(url: &str) -> Option<Self> {
        let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
        let known = matches!(parameters, "" | "tls=required" | "tls=opportunistic");
        let authority = address.split_once("://")?.1;
        // The library would not sign in a user without a password.
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

/// The sender of mails: an address, with or without a name.
#[derive(Debug, Clone)]
pub struct Sender(Mailbox);

impl Sender {
    /// Parses `memos@example.org` or `Memoranda <memos@example.org>`. `None` if it is invalid.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// The address with its name.
    pub(super) fn mailbox(&self) -> Mailbox {
        self.0.clone()
    }

    /// The part after the `@`.
    pub(super) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

/// The target of a link in a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkTarget {
    /// A memo.
    Memo(Uuid),
    /// A task.
    Task(Uuid),
    /// A project.
    Project(Uuid),
}

/// How links in mails are made.
#[derive(Debug, Clone)]
pub struct Links {
    /// The address of the client that people use. `{id}` in it is replaced by the global id.
    /// Without `{id}`, `/memos/`, `/tasks/` or `/projects/` and the id are appended.
    pub public_url: String,
    /// The global id of a target.
    pub id: fn(LinkTarget) -> String,
}

impl Links {
    /// The address of this target.
    pub(super) fn to(&self, target: LinkTarget) -> String {
        let id = (self.id)(target);
        if self.public_url.contains("{id}") {
            return self.public_url.replace("{id}", &id);
        }
        let folder = match target {
            LinkTarget::Memo(_) => "memos",
            LinkTarget::Task(_) => "tasks",
            LinkTarget::Project(_) => "projects",
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

/// Why a message was not accepted.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Whether a retry is useless.
    pub(super) permanent: bool,
    /// The part that may be logged: the reply code, or the connection error.
    pub(super) code: String,
    /// The whole reply. It may contain the person's address.
    pub(super) answer: String,
}

impl Mailer {
    /// Connects when the first mail is sent. Must be called within the runtime.
    pub fn new(settings: MailSettings) -> Self {
        let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE);
        let transport = settings.server.0.timeout(Some(CONNECTING)).pool_config(pool).build();
        Self { transport, from: settings.from, links: settings.links }
    }

    /// Sends the message. `Ok` means that the mail server has accepted it.
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

    /// Connects and, if there is an account, signs in. Sends nothing.
    ///
    /// # Errors
    /// Returns errors of the server or the network, in words for an operator.
    pub async fn try_out(&self) -> Result<(), String> {
        match tokio::time::timeout(SENDING, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err("it answers, and refuses to go on".to_owned()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("it does not answer in time".to_owned()),
        }
    }

    /// Closes the connections to the mail server.
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
