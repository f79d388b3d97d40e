//! The text of a mail: one sentence, a link, and how to unsubscribe. It never contains a memo's
//! content.

use super::mailer::{LinkTarget, Mailer};
use crate::notifications::sentence;
use chrono::{DateTime, Utc};
use email_encoding::headers::{rfc2047, writer::EmailWriter};
use entity::NotificationKind;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use sea_orm::FromQueryResult;
use std::time::SystemTime;
use uuid::Uuid;

/// A mail to send, with all that its text needs.
#[derive(Debug, Clone, FromQueryResult)]
pub(super) struct Letter {
    pub(super) id: Uuid,
    pub(super) attempts: i64,
    pub(super) created_at: DateTime<Utc>,
    pub(super) kind: NotificationKind,
    pub(super) user_id: Uuid,
    /// Whether the person is still active.
    pub(super) active: bool,
    /// Whether the person has opted out in the meantime.
    pub(super) unwanted: bool,
    /// Whether the person still sees the subject of the mail.
    pub(super) sees: bool,
    subject_name: Option<String>,
    memo_id: Option<Uuid>,
    task_id: Option<Uuid>,
    project_id: Option<Uuid>,
    email: String,
    full_name: String,
    actor_name: String,
}

/// The header that prevents automatic replies ([RFC
/// 3834](https://www.rfc-editor.org/rfc/rfc3834#section-5)).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");

impl Letter {
    /// The message. An error if the person's address cannot receive mail.
    pub(super) fn message(&self, mailer: &Mailer) -> Result<Message, String> {
        let address: Address = self
            .email
            .parse()
            .map_err(|error| format!("the person's address cannot be used: {error}"))?;
        let sentence = sentence(
            self.kind,
            &one_line(&self.actor_name),
            self.subject_name.as_deref().map(one_line).as_deref(),
        );
        let link =
            mailer.links.as_ref().zip(self.link_target()).map(|(links, target)| links.to(target));
        let footer = format!(
            "You get mails of this kind ({}) because your mail preferences say so. Change them in \
             the program in which you read your memos: it calls updateMailPreferences.",
            self.kind.as_str()
        );
        Message::builder()
            .from(mailer.from.mailbox())
            .to(Mailbox::new(Some(one_line(&self.full_name)), address))
            .date(SystemTime::from(self.created_at))
            .message_id(Some(format!("<{}@{}>", self.id, mailer.from.domain())))
            .raw_header(subject(sentence.trim_end_matches('.')))
            .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(
                plain(&sentence, link.as_deref(), &footer),
                html(&sentence, link.as_deref(), &footer),
            ))
            .map_err(|error| format!("the mail cannot be put together: {error}"))
    }

    /// The target of the link. A mail about a deleted memo has none.
    fn link_target(&self) -> Option<LinkTarget> {
        match self.kind {
            NotificationKind::TaskAssigned => self.task_id.map(LinkTarget::Task),
            NotificationKind::ProjectAssigned => self.project_id.map(LinkTarget::Project),
            NotificationKind::MemoDeletedByRecipient | NotificationKind::MemoErased => None,
            _ => self.memo_id.map(LinkTarget::Memo),
        }
    }
}

/// The header with the subject. The library encodes only text that is not ASCII. If a name looks
/// like an encoded word, it is encoded here, so that mail programs show it unchanged.
fn subject(text: &str) -> HeaderValue {
    const SUBJECT: HeaderName = HeaderName::new_from_ascii_str("Subject");
    if !text.contains("=?") {
        return HeaderValue::new(SUBJECT, text.to_owned());
    }
    let mut encoded = String::new();
    let written =
        rfc2047::encode(text, &mut EmailWriter::new(&mut encoded, "Subject: ".len(), 0, false));
    assert_eq!(written, Ok(()), "a string takes everything that is written to it");
    HeaderValue::dangerous_new_pre_encoded(SUBJECT, text.to_owned(), encoded)
}

fn plain(sentence: &str, link: Option<&str>, footer: &str) -> String {
    let link = link.map(|link| format!("{link}\n\n")).unwrap_or_default();
    format!("{sentence}\n\n{link}-- \n{footer}\n")
}

fn html(sentence: &str, link: Option<&str>, footer: &str) -> String {
    let link = link
        .map(|link| {
            let link = escaped(link);
            format!("<p><a href=\"{link}\">{link}</a></p>\n")
        })
        .unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta \
         charset=\"utf-8\"><title>Memoranda</title></head>\n\
         <body>\n<p>{}</p>\n{link}<hr>\n<p><small>{}</small></p>\n</body>\n</html>\n",
        escaped(sentence),
        escaped(footer)
    )
}

/// The text in one line. A line break in a name must not start another header or paragraph.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
