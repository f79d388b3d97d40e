//! A mail server for one test, and the mails that it accepted.

use crate::office::Office;
use api::graphql::link_id;
use mail_parser::MessageParser;
use mailin::{Action, Handler, Response, SessionBuilder, response};
use service::mail::{self, Links, MailSettings, Mailer, Sender, SmtpServer};
use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    thread::JoinHandle,
};

/// What the mail server does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMessage {
    /// Accepts it, and answers so.
    Take,
    /// Answers with that code.
    Refuse(u16),
    /// Accepts it, and breaks the connection before the answer.
    TakeAndBreak,
    /// Breaks the connection, and does not accept it.
    Break,
}

#[derive(Debug, Default)]
struct State {
    planned: VecDeque<OnMessage>,
    /// Ends when the next message may be answered.
    held: Option<Receiver<()>>,
    taken: Vec<Vec<u8>>,
    /// How many messages were received, in total.
    offered: usize,
}

/// An SMTP server on a free port of this machine. Dropping it ends it.
#[derive(Debug)]
pub struct MailServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl MailServer {
    /// Starts it.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (state, ended) = (Arc::<Mutex<State>>::default(), Arc::new(AtomicBool::new(false)));
        let accepting = {
            let (state, ended) = (state.clone(), ended.clone());
            std::thread::spawn(move || {
                for stream in listener.incoming() {
                    if ended.load(Ordering::SeqCst) {
                        return;
                    }
                    let state = state.clone();
                    // It ends with the connection, which the sender closes.
                    std::thread::spawn(move || serve(stream.expect("a connection"), &state));
                }
            })
        };
        Self { address, state, ended, accepting: Some(accepting) }
    }

    /// Its address, as a setting.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What it does with the next messages. It accepts all later ones.
    pub fn plan(&self, plan: impl IntoIterator<Item = OnMessage>) {
        lock(&self.state).planned.extend(plan);
    }

    /// The server answers the next message only after the returned guard is dropped. It accepts or
    /// refuses the message before that.
    pub fn hold(&self) -> mpsc::Sender<()> {
        let (held, dropped) = mpsc::channel();
        lock(&self.state).held = Some(dropped);
        held
    }

    /// How many messages were received, in total.
    pub fn offered(&self) -> usize {
        lock(&self.state).offered
    }

    /// The accepted mails, in order.
    pub fn taken(&self) -> Vec<TakenMail> {
        lock(&self.state).taken.iter().map(|raw| TakenMail::read(raw)).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the task that accepts connections.
        let woken = TcpStream::connect(self.address);
        if let (Ok(_), Some(accepting)) = (woken, self.accepting.take()) {
            accepting.join().expect("it ends");
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection.
struct Taking {
    state: Arc<Mutex<State>>,
    breaks: Arc<AtomicBool>,
    refused: Arc<AtomicBool>,
    raw: Vec<u8>,
}

impl Handler for Taking {
    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.raw.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let raw = std::mem::take(&mut self.raw);
        let mut state = lock(&self.state);
        state.offered += 1;
        let what = state.planned.pop_front().unwrap_or(OnMessage::Take);
        if matches!(what, OnMessage::Take | OnMessage::TakeAndBreak) {
            state.taken.push(raw);
        }
        let held = state.held.take();
        drop(state);
        // Nothing is sent, so it ends when the other end closes.
        let _ = held.map(|held| held.recv());
        self.breaks
            .store(matches!(what, OnMessage::Break | OnMessage::TakeAndBreak), Ordering::SeqCst);
        match what {
            OnMessage::Refuse(code) => {
                self.refused.store(true, Ordering::SeqCst);
                Response::custom(code, "Not this one".to_owned())
            }
            _ => response::OK,
        }
    }
}

fn serve(stream: TcpStream, state: &Arc<Mutex<State>>) {
    let breaks = Arc::new(AtomicBool::new(false));
    let refused = Arc::new(AtomicBool::new(false));
    let peer = stream.peer_addr().expect("a peer").ip();
    let begin = || {
        let state = Arc::clone(state);
        let (breaks, refused) = (breaks.clone(), refused.clone());
        SessionBuilder::new("mail.example.org")
            .build(peer, Taking { state, breaks, refused, raw: Vec::new() })
    };
    let mut session = begin();
    let mut writer = stream.try_clone().expect("the same connection");
    let mut lines = BufReader::new(stream);
    let mut answer = session.greeting();
    loop {
        if breaks.load(Ordering::SeqCst) {
            return;
        }
        let bytes = answer.buffer().expect("an answer");
        let closes = !matches!(answer.action, Action::Reply | Action::NoReply);
        if writer.write_all(&bytes).is_err() || closes {
            return;
        }
        let mut line = Vec::new();
        if !matches!(lines.read_until(b'\n', &mut line), Ok(1..)) {
            return;
        }
        answer = session.process(&line);
        if refused.swap(false, Ordering::SeqCst) {
            // After a refused message, the library would read the next lines as more of the
            // message. A mail server reads them as commands.
            session = begin();
            session.process(b"EHLO again.example.org\r\n");
        }
    }
}

/// A mail that the mail server accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenMail {
    /// Its headers, as they were received.
    pub headers: String,
    /// Its subject, decoded.
    pub subject: String,
    /// Its `Message-ID`.
    pub message_id: String,
    /// Its plain text.
    pub text: String,
    /// Its HTML.
    pub html: String,
}

impl TakenMail {
    fn read(raw: &[u8]) -> Self {
        let message = MessageParser::default().parse(raw).expect("a mail");
        let raw = String::from_utf8(raw.to_vec()).expect("mails are text");
        let (headers, _) = raw.split_once("\r\n\r\n").expect("headers and a body");
        Self {
            headers: headers.to_owned(),
            subject: message.subject().expect("a subject").to_owned(),
            message_id: message.message_id().expect("a message id").to_owned(),
            text: message.body_text(0).expect("plain text").into_owned(),
            html: message.body_html(0).expect("HTML").into_owned(),
        }
    }

    /// Whether it is addressed to the person with that username.
    pub fn is_to(&self, username: &str) -> bool {
        self.headers.lines().any(|line| {
            line.starts_with("To: ") && line.contains(&format!("<{username}@example.org>"))
        })
    }
}

/// An office's mail server, and the office's connections to it.
pub(crate) struct Post {
    server: MailServer,
    mailer: Mailer,
}

impl Post {
    pub(crate) fn open() -> Self {
        let server = MailServer::start();
        let mailer = mailer(&server);
        Self { server, mailer }
    }
}

/// Connections to that mail server.
fn mailer(server: &MailServer) -> Mailer {
    Mailer::new(MailSettings {
        server: SmtpServer::parse(&server.url()).expect("a mail server's address"),
        from: Sender::parse("Memoranda <memos@example.org>").expect("a sender"),
        links: Some(Links { public_url: "https://crm.example.org".to_owned(), id: link_id }),
    })
}

impl Office {
    fn post(&self) -> &Post {
        self.post.as_ref().expect("an office that sends mail: Options { sends_mail: true, .. }")
    }

    /// The office's mail server.
    pub fn mail_server(&self) -> &MailServer {
        &self.post().server
    }

    /// More connections to the office's mail server, as another process would have.
    pub fn another_mailer(&self) -> Mailer {
        mailer(&self.post().server)
    }

    /// Delivers the mails that are due.
    pub async fn deliver_mail(&self) {
        mail::deliver_due(&self.services, &self.post().mailer).await.expect("the database answers");
    }

    /// The mails that the mail server accepted. Each has its headers as received, then subject,
    /// plain text and HTML, decoded.
    pub fn mails(&self) -> Vec<String> {
        let text = |mail: TakenMail| {
            let TakenMail { headers, subject, text, html, .. } = mail;
            format!("{headers}\n\n{subject}\n\n{text}\n\n{html}")
        };
        self.mail_server().taken().into_iter().map(text).collect()
    }
}
