//! Mails of what people are told. [`tell`](crate::notifications) writes them to an outbox in the
//! transaction of what they tell of; a worker of every server process hands them to the mail
//! server.
//!
//! A mail is sent at least once, and once as long as the mail server's answer arrives: who tries
//! one holds it by a lease, so that no two processes try it at the same time, and marks it as sent
//! before anything else. After a crash between the two it is sent again under the same
//! `Message-ID`, by which receivers know it.

mod deliver;
mod letter;
mod mailer;
mod outbox;

pub use deliver::{GIVE_UP_AFTER, deliver_due, run};
pub use mailer::{Links, MailSettings, Mailer, Sender, SmtpServer, Thing};
pub use outbox::LEASE;
pub use outbox::{Waiting, purge, waiting};
