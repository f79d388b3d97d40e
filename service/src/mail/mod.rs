//! Mails of notifications. [`notify`](crate::notifications) writes them to an outbox, in the
//! transaction of the change that they are about. A worker of every server process sends them to
//! the mail server.
//!
//! A mail is sent at least once. It is sent exactly once if the mail server's reply arrives. A
//! worker holds a mail by a lease, so that no two processes try it at the same time. After the
//! reply it marks the mail as sent before anything else. After a crash between sending and marking,
//! the mail is sent again with the same `Message-ID`, by which receivers recognize it.

mod deliver;
mod letter;
mod mailer;
mod outbox;

pub use deliver::{GIVE_UP_AFTER, deliver_due, run};
pub use mailer::{LinkTarget, Links, MailSettings, Mailer, Sender, SmtpServer};
pub use outbox::LEASE;
pub use outbox::{Waiting, purge, waiting};
